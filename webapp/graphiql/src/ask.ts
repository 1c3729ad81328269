/** The header that names the organization for which a person acts. */
export const ACTING_FOR = 'Concordat-Acting-For';

/** What a GraphQL request holds. */
export type Request = {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
};

/** What the API answers, to a refused request too. */
export type Answer<Data> = {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string; reason?: string } }[];
};

/** Asks the API in the session of this browser, for an organization unless it is ''. Headers given go before ours. */
export async function ask<Data>(
  request: Request,
  actingFor: string,
  headers: Record<string, string> = {},
): Promise<Answer<Data>> {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      Accept: 'application/graphql-response+json, application/json;q=0.9',
      'Content-Type': 'application/json',
      ...(actingFor === '' ? {} : { [ACTING_FOR]: actingFor }),
      ...headers,
    },
    body: JSON.stringify(request),
  });
  return (await response.json()) as Answer<Data>;
}
