import type { Viewer } from './viewer';

type Props = {
  /** undefined while it is being asked. */
  viewer: Viewer | null | undefined;
  /** Why it could not be asked, or ''. */
  problem: string;
  /** The organization's id, or '' for none. */
  actingFor: string;
  onChoose(organization: string): void;
};

/** The line above GraphiQL: who is signed in, and for which organization requests are sent. */
export function Identity({ viewer, problem, actingFor, onChoose }: Props) {
  return (
    <header className="identity">
      <a href="/">Concordat</a>
      <span role="status">{sentence(viewer, problem)}</span>
      {viewer && (
        <>
          <label>
            Acting for{' '}
            <select value={actingFor} onChange={(event) => onChoose(event.target.value)}>
              <option value="">nobody but yourself</option>
              {viewer.organizations.map(({ id, legalName, roles }) => (
                <option key={id} value={id}>
                  {legalName} ({roles.join(', ').toLowerCase()})
                </option>
              ))}
            </select>
          </label>
          <form method="post" action="/auth/logout">
            <button type="submit">Sign out</button>
          </form>
        </>
      )}
      {!viewer && <a href="/">Sign in</a>}
    </header>
  );
}

function sentence(viewer: Viewer | null | undefined, problem: string): string {
  if (problem !== '') {
    return `Who is signed in is not known: ${problem}`;
  }
  if (viewer === undefined) {
    return 'Asking who is signed in …';
  }
  return viewer === null ? 'Nobody is signed in: you read what everybody may read.' : `Signed in as ${viewer.name}`;
}
