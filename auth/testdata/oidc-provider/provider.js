// An OpenID Provider that is not ours, for the tests of package auth: npm's oidc-provider with claims as Keycloak
// shapes them. It listens on 127.0.0.1 at a free port, prints its issuer on one line and ends when its standard input
// does.
//
//   node provider.js PUBLIC_URL    the public URL of the installation that people sign in to
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

const installation = process.argv[2];

const people = {
  ilze: { name: 'Ilze Ozola', realm_access: { roles: ['offline_access', 'concordat-admin'] }, groups: ['/org/siltumtehnika/AUTHOR', '/staff'] },
  kadri: { name: 'Kadri Tamm', realm_access: { roles: ['offline_access'] }, groups: ['/council/heat-skills-council/SECRETARY'] },
};

const configuration = {
  clients: [
    {
      client_id: 'concordat',
      client_secret: 'a secret that only this test knows',
      redirect_uris: [`${installation}/auth/independent/callback`],
      post_logout_redirect_uris: [`${installation}/`],
      backchannel_logout_uri: `${installation}/auth/independent/backchannel-logout`,
      backchannel_logout_session_required: true,
      grant_types: ['authorization_code', 'refresh_token'],
    },
    {
      client_id: 'script',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
    },
  ],
  async findAccount(ctx, id) {
    const person = people[id];
    return person && { accountId: id, claims: async () => ({ sub: id, email: `${id}@id.example`, ...person }) };
  },
  claims: { openid: ['sub', 'realm_access', 'groups'], profile: ['name'], email: ['email'] },
  conformIdTokenClaims: false, // claims in the ID token too, as Keycloak's mappers do
  scopes: ['openid', 'offline_access', 'read', 'write', 'act'],
  cookies: { keys: ['only for this test'] },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: async () => undefined,
      getResourceServerInfo: async () => ({
        scope: 'read write act', audience: installation, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  extraTokenClaims: async (ctx, token) => {
    const { groups, realm_access } = people[token.accountId] ?? {};
    return { groups, realm_access };
  },
  // Whoever signs in has agreed to everything.
  async loadExistingGrant(ctx) {
    const { client, session, params, provider } = ctx.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(params.scope);
    if (params.resource) grant.addResourceScope(params.resource, params.scope);
    await grant.save();
    return grant;
  },
  interactions: { url: (ctx, interaction) => `/choose/${interaction.uid}` },
  // Addresses of this machine are refused by default; the installation is on this machine.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600, RefreshToken: 3600 },
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  provider.on('backchannel.error', (ctx, error) => console.error('back channel:', error.message));
  provider.on('server_error', (ctx, error) => console.error('server error:', error));
  const serve = provider.callback();
  server.on('request', async (request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith('/choose/')) {
      serve(request, response);
      return;
    }
    try {
      const result = { login: { accountId: url.searchParams.get('as') } };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch (error) {
      response.writeHead(400).end(error.message);
    }
  });
  console.log(issuer);
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
