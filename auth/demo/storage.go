package demo

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	requestLifetime = 10 * time.Minute
	tokenLifetime   = time.Hour // of access tokens; long enough to try things out with curl
	refreshLifetime = 12 * time.Hour
	most            = 1000 // of each kind kept: a demo that is left running stays small
)

var errUnsupported = errors.New("the demo's provider does not do this")

// storage keeps the provider's state in memory. It implements op.Storage.
type storage struct {
	config  Config
	issuer  string
	key     *signingKey
	clients map[string]*client
	http    *http.Client

	mu       sync.Mutex          // guards the maps
	requests map[string]*request // by id, while a persona is being chosen
	codes    map[string]*request // by code, until it is redeemed, once
	refresh  map[string]*request // by refresh token, until it is used, once
	sessions map[string]*request // by sid, until logout
}

func newStorage(config Config, issuer string, key *signingKey, clients map[string]*client) *storage {
	return &storage{
		config: config, issuer: issuer, key: key, clients: clients, http: config.Client,
		requests: map[string]*request{}, codes: map[string]*request{},
		refresh: map[string]*request{}, sessions: map[string]*request{},
	}
}

// keep puts a request into one of the maps, first dropping what is too old and, where that is not enough, the oldest.
// The caller holds the lock.
func keep(kept map[string]*request, key string, r *request, lifetime time.Duration) {
	now := time.Now()
	var oldest string
	for k, other := range kept {
		if now.Sub(other.startedAt) > lifetime {
			delete(kept, k)
		} else if oldest == "" || other.startedAt.Before(kept[oldest].startedAt) {
			oldest = k
		}
	}
	if len(kept) >= most {
		delete(kept, oldest)
	}
	kept[key] = r
}

// take removes and answers what is kept under a key; a second taker finds nothing.
func (s *storage) take(kept map[string]*request, key string) (*request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := kept[key]
	if !ok {
		return nil, errors.New("unknown, expired or used before")
	}
	delete(kept, key)
	return r, nil
}

func (s *storage) persona(id string) (Persona, bool) {
	all := s.config.Personas()
	i := slices.IndexFunc(all, func(p Persona) bool { return p.ID == id })
	if i < 0 {
		return Persona{}, false
	}
	return all[i], true
}

// CreateAuthRequest notes a sign-in. It takes no request without PKCE by S256, and none that wants no page shown:
// the demo remembers nobody between sign-ins.
func (s *storage) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if slices.Contains(asked.Prompt, oidc.PromptNone) {
		return nil, oidc.ErrLoginRequired()
	}
	if asked.CodeChallenge == "" || asked.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with S256 is required.")
	}
	r := &request{asked: *asked, id: randomText(), session: randomText(), scopes: asked.Scopes, startedAt: time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	keep(s.requests, r.id, r, requestLifetime)
	return r, nil
}

// AuthRequestByID answers a sign-in under way.
func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.requests[id]; ok && time.Since(r.startedAt) < requestLifetime {
		return r, nil
	}
	return nil, oidc.ErrInvalidRequest().WithDescription("The sign-in is unknown or has expired.")
}

// choose ends the choosing of a persona: the request leaves the pending ones and cannot be answered twice.
func (s *storage) choose(id string, persona Persona) (*request, error) {
	r, err := s.take(s.requests, id)
	if err != nil {
		return nil, err
	}
	r.persona, r.chosenAt = persona.ID, time.Now().UTC()
	s.mu.Lock()
	defer s.mu.Unlock()
	keep(s.sessions, r.session, r, refreshLifetime)
	return r, nil
}

// SaveAuthCode notes the code of a chosen request. op hands over the request's id; the request itself has left the
// pending ones, and is found by its session.
func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.sessions {
		if r.id == id {
			keep(s.codes, code, r, requestLifetime)
			return nil
		}
	}
	return errors.New("the sign-in is unknown")
}

// AuthRequestByCode redeems a code. A code that was redeemed before, rightly or not, is unknown.
func (s *storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	r, err := s.take(s.codes, code)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// DeleteAuthRequest has nothing left to do: choosing and redeeming have removed it.
func (s *storage) DeleteAuthRequest(context.Context, string) error { return nil }

// CreateAccessToken names a new access token and its end.
func (s *storage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return randomText(), time.Now().UTC().Add(tokenLifetime), nil
}

// CreateAccessAndRefreshTokens does so with a refresh token, good once.
func (s *storage) CreateAccessAndRefreshTokens(_ context.Context, from op.TokenRequest, _ string) (string, string, time.Time, error) {
	r := requestOf(from)
	if r == nil {
		return "", "", time.Time{}, errUnsupported
	}
	token := randomText()
	s.mu.Lock()
	defer s.mu.Unlock()
	keep(s.refresh, token, r, refreshLifetime)
	return randomText(), token, time.Now().UTC().Add(tokenLifetime), nil
}

// TokenRequestByRefreshToken uses up a refresh token. One of a session that was logged out is not taken, nor one of a
// persona that there is no more.
func (s *storage) TokenRequestByRefreshToken(_ context.Context, token string) (op.RefreshTokenRequest, error) {
	r, err := s.take(s.refresh, token)
	if err != nil {
		return nil, op.ErrInvalidRefreshToken
	}
	s.mu.Lock()
	_, alive := s.sessions[r.session]
	s.mu.Unlock()
	if _, known := s.persona(r.persona); !alive || !known {
		return nil, op.ErrInvalidRefreshToken
	}
	return &refreshRequest{r}, nil
}

// TerminateSession ends nothing: op calls TerminateSessionFromRequest.
func (s *storage) TerminateSession(context.Context, string, string) error { return nil }

// RevokeToken is not offered.
func (s *storage) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrInvalidRequest().WithParent(errUnsupported)
}

// GetRefreshTokenInfo is not offered.
func (s *storage) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

// SigningKey answers the key that signs.
func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }

// SignatureAlgorithms answers what it signs with.
func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{s.key.SignatureAlgorithm()}, nil
}

// KeySet answers what is published.
func (s *storage) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{publicKey{s.key}}, nil
}

// GetClientByClientID answers a registered client.
func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if c, ok := s.clients[id]; ok {
		return c, nil
	}
	return nil, errors.New("no such client is registered")
}

// AuthorizeClientIDSecret lets nobody in: there are public clients only.
func (s *storage) AuthorizeClientIDSecret(context.Context, string, string) error {
	return errUnsupported
}

// SetUserinfoFromScopes is not used: SetUserinfoFromRequest fills ID tokens.
func (s *storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest puts the persona's claims and the session's id into an ID token.
func (s *storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, from op.IDTokenRequest, _ []string) error {
	r := requestOf(from)
	if r == nil {
		return errUnsupported
	}
	info.AppendClaims("sid", r.session)
	return s.describe(info, r.persona)
}

// SetUserinfoFromToken is not used: the server answers the userinfo endpoint.
func (s *storage) SetUserinfoFromToken(context.Context, *oidc.UserInfo, string, string, string) error {
	return errUnsupported
}

func (s *storage) describe(info *oidc.UserInfo, id string) error {
	p, ok := s.persona(id)
	if !ok {
		return errors.New("no such persona")
	}
	info.Subject = p.ID
	info.Name, info.PreferredUsername = p.Name, p.ID
	info.Email, info.EmailVerified = p.email(), true
	info.AppendClaims("groups", p.groups())
	info.AppendClaims("realm_access", map[string]any{"roles": p.realmRoles()})
	return nil
}

// GetPrivateClaimsFromScopes is not used: GetPrivateClaimsFromRequest fills access tokens.
func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, errUnsupported
}

// GetPrivateClaimsFromRequest puts the persona's claims into an access token, as Keycloak does.
func (s *storage) GetPrivateClaimsFromRequest(_ context.Context, from op.TokenRequest, _ []string) (map[string]any, error) {
	r := requestOf(from)
	if r == nil {
		return nil, errUnsupported
	}
	p, ok := s.persona(r.persona)
	if !ok {
		return nil, errors.New("no such persona")
	}
	return map[string]any{
		"aud": []string{s.config.Audience}, "sid": r.session, "acr": r.GetACR(), "auth_time": r.chosenAt.Unix(),
		"name": p.Name, "preferred_username": p.ID,
		"groups": p.groups(), "realm_access": map[string]any{"roles": p.realmRoles()},
	}, nil
}

// SetIntrospectionFromToken is not offered.
func (s *storage) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errUnsupported
}

// GetKeyByIDAndClientID is not offered: no client signs anything.
func (s *storage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errUnsupported
}

// ValidateJWTProfileScopes is not offered.
func (s *storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errUnsupported
}

// Health has nothing that could be ill.
func (s *storage) Health(context.Context) error { return nil }
