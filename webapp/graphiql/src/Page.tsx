import { GraphiQL } from 'graphiql';
import { getOperationAST } from 'graphql';
import { useEffect, useRef, useState } from 'react';

import { type Request, ask } from './ask';
import { follow } from './follow';
import { Identity } from './Identity';
import { type Viewer, readViewer } from './viewer';

const CHOICE = 'concordat:acting-for';

const FIRST_QUERY = `# Reading needs no sign-in; what you may not see
# is NOT_FOUND. The book at the left documents
# every type and field. An object's viewerMay says
# which steps you may take on it, and why not.
{
  viewer {
    person { name }
    actingFor { legalName }
    waiting { step title dueAt path }
  }
}
`;

/** The whole page: who asks, and GraphiQL. */
export function Page() {
  const [viewer, setViewer] = useState<Viewer | null | undefined>();
  const [problem, setProblem] = useState('');
  const [actingFor, setActingFor] = useState('');
  const chosen = useRef('');

  function choose(organization: string) {
    chosen.current = organization;
    setActingFor(organization);
    sessionStorage.setItem(CHOICE, organization);
  }

  useEffect(() => {
    readViewer().then(
      (found) => {
        setViewer(found);
        const possible = found?.organizations ?? [];
        const kept = sessionStorage.getItem(CHOICE) ?? '';
        const known = possible.some((organization) => organization.id === kept);
        choose(known ? kept : possible.length === 1 ? possible[0].id : '');
      },
      (error: Error) => setProblem(error.message),
    );
  }, []);

  return (
    <div className="page">
      <Identity viewer={viewer} problem={problem} actingFor={actingFor} onChoose={choose} />
      <main>
        <GraphiQL
          defaultQuery={FIRST_QUERY}
          fetcher={(request, options) => {
            const headers = options?.headers as Record<string, string> | undefined;
            const operation = options?.documentAST && getOperationAST(options.documentAST, request.operationName);
            return operation?.operation === 'subscription'
              ? follow(request as Request, chosen.current, headers)
              : ask(request as Request, chosen.current, headers);
          }}
        >
          <GraphiQL.Logo>Concordat API</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </div>
  );
}
