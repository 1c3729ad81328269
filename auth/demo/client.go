package demo

import (
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"concordat/auth"
)

// client is a registered client. Both are public: what would be a secret here is in the source.
type client struct {
	id          string
	kind        op.ApplicationType
	redirects   []string
	loggedOut   []string // post_logout_redirect_uris
	scopes      []string
	grants      []oidc.GrantType
	backChannel string // address for logout tokens; empty: none wanted
}

func clients(base string) map[string]*client {
	web := &client{
		id: webClientID, kind: op.ApplicationTypeNative, // public, and on loopback http
		redirects:   []string{base + auth.CallbackPath(registrationName)},
		loggedOut:   []string{base + auth.LoggedOutPath},
		grants:      []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken},
		backChannel: base + auth.BackChannelPath(registrationName),
	}
	cli := &client{
		id: CLIClientID, kind: op.ApplicationTypeNative, redirects: []string{CLIRedirect},
		scopes: []string{"read", "write", "act"}, grants: []oidc.GrantType{oidc.GrantTypeCode},
	}
	return map[string]*client{web.id: web, cli.id: cli}
}

func (c *client) GetID() string                       { return c.id }
func (c *client) RedirectURIs() []string              { return c.redirects }
func (c *client) PostLogoutRedirectURIs() []string    { return c.loggedOut }
func (c *client) ApplicationType() op.ApplicationType { return c.kind }
func (c *client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodNone }
func (c *client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c *client) GrantTypes() []oidc.GrantType         { return c.grants }
func (c *client) LoginURL(request string) string       { return Path + "/login?request=" + request }
func (c *client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeJWT }
func (c *client) IDTokenLifetime() time.Duration       { return 10 * time.Minute }
func (c *client) DevMode() bool                        { return false }
func (c *client) IsScopeAllowed(scope string) bool     { return slices.Contains(c.scopes, scope) }
func (c *client) IDTokenUserinfoClaimsAssertion() bool { return false }
func (c *client) ClockSkew() time.Duration             { return 0 }

func (c *client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

func (c *client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}
