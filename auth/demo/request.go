package demo

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// request is a sign-in under way, and after it what its tokens are made from.
type request struct {
	asked     oidc.AuthRequest
	id        string
	session   string // sid
	persona   string // chosen; empty: not yet
	scopes    []string
	startedAt time.Time
	chosenAt  time.Time
}

func (r *request) GetID() string                      { return r.id }
func (r *request) GetACR() string                     { return "urn:concordat:demo:one-click" }
func (r *request) GetAMR() []string                   { return nil }
func (r *request) GetAudience() []string              { return []string{r.asked.ClientID} }
func (r *request) GetAuthTime() time.Time             { return r.chosenAt }
func (r *request) GetClientID() string                { return r.asked.ClientID }
func (r *request) GetNonce() string                   { return r.asked.Nonce }
func (r *request) GetRedirectURI() string             { return r.asked.RedirectURI }
func (r *request) GetResponseType() oidc.ResponseType { return r.asked.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode { return r.asked.ResponseMode }
func (r *request) GetScopes() []string                { return r.scopes }
func (r *request) GetState() string                   { return r.asked.State }
func (r *request) GetSubject() string                 { return r.persona }
func (r *request) Done() bool                         { return r.persona != "" }

// GetCodeChallenge answers the challenge; S256 alone is taken (storage.CreateAuthRequest).
func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.asked.CodeChallenge, Method: r.asked.CodeChallengeMethod}
}

// refreshRequest is a request whose tokens are made anew. It is a type of its own because op tells the two apart by
// their methods: a refreshed ID token has no nonce.
type refreshRequest struct{ from *request }

func (r *refreshRequest) GetAMR() []string       { return r.from.GetAMR() }
func (r *refreshRequest) GetAudience() []string  { return r.from.GetAudience() }
func (r *refreshRequest) GetAuthTime() time.Time { return r.from.GetAuthTime() }
func (r *refreshRequest) GetClientID() string    { return r.from.GetClientID() }
func (r *refreshRequest) GetScopes() []string    { return r.from.scopes }
func (r *refreshRequest) GetSubject() string     { return r.from.GetSubject() }
func (r *refreshRequest) SetCurrentScopes(scopes []string) {
	narrowed := *r.from
	narrowed.scopes = scopes
	r.from = &narrowed
}

// requestOf answers the request behind what op hands to a storage method, or nil.
func requestOf(any any) *request {
	switch r := any.(type) {
	case *request:
		return r
	case *refreshRequest:
		return r.from
	default:
		return nil
	}
}
