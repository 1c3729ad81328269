import { ask } from './ask';

/** An organization that the viewer can act for, with the roles held in it. */
export type Organization = { id: string; legalName: string; roles: string[] };

/** Who is signed in in this browser; null is nobody. */
export type Viewer = { name: string; organizations: Organization[] };

const QUERY = `query GraphiqlViewer {
  viewer {
    person { id name }
    mandates { role organization { id legalName } }
  }
}`;

type Data = {
  viewer: {
    person: { id: string; name: string | null };
    mandates: { role: string; organization: { id: string; legalName: string } }[];
  } | null;
};

/** Asks who is signed in. Throws where the API cannot say. */
export async function readViewer(): Promise<Viewer | null> {
  const { data, errors } = await ask<Data>({ query: QUERY }, '');
  if (errors) {
    throw new Error(errors[0].message);
  }
  if (!data?.viewer) {
    return null;
  }
  const { person, mandates } = data.viewer;
  const organizations = new Map<string, Organization>();
  for (const { role, organization } of mandates) {
    const known = organizations.get(organization.id) ?? { ...organization, roles: [] };
    known.roles.push(role);
    organizations.set(organization.id, known);
  }
  return { name: person.name ?? person.id, organizations: [...organizations.values()] };
}
