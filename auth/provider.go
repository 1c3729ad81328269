package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

// Issuer is an OpenID provider at which people sign in.
type Issuer struct {
	Name         string   `yaml:"name"`         // in addresses: /auth/NAME/login; a-z, 0-9 and -
	Title        string   `yaml:"title"`        // on the sign-in page; absent: the name
	URL          string   `yaml:"url"`          // exactly as in the iss claim
	ClientID     string   `yaml:"clientId"`     //
	ClientSecret string   `yaml:"clientSecret"` // empty: a public client, which PKCE protects
	Scopes       []string `yaml:"scopes"`       // asked for besides openid; absent: profile and email
}

var providerName = regexp.MustCompile(`\A[a-z0-9]+(-[a-z0-9]+)*\z`)

func (i Issuer) check() error {
	u, err := url.Parse(i.URL)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("issuer %q: its URL %q is none", i.Name, i.URL)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !IsLoopback(u.Hostname())) {
		return fmt.Errorf("issuer %q: %s is neither https nor on this machine", i.Name, i.URL)
	}
	if !providerName.MatchString(i.Name) {
		return fmt.Errorf("issuer %q: its name must be of a-z, 0-9 and -", i.Name)
	}
	if i.ClientID == "" {
		return fmt.Errorf("issuer %q: needs a client id", i.Name)
	}
	return nil
}

// provider is an issuer with what it told about itself. It is asked when first needed, so that it may be served by
// this same process, or be away while we start.
type provider struct {
	Issuer
	client   *http.Client
	now      func() time.Time
	redirect string // our callback for this issuer; one of its own each, against mix-ups
	group    singleflight.Group

	mu       sync.Mutex // guards what follows
	metadata *metadata  // nil until discovered
	failedAt time.Time  // of the last attempt
	failure  error
}

// metadata is what discovery answered.
type metadata struct {
	oidc       *oidc.Provider
	oauth      oauth2.Config
	keys       *remoteKeys
	verifier   *oidc.IDTokenVerifier
	endSession string // empty: the issuer has no logout of its own
	userinfo   bool
	returnsISS bool // RFC 9207: the callback always carries iss
}

const (
	discoveryRetry    = 5 * time.Second // between attempts at an issuer that does not answer
	discoveryMaxBytes = 1 << 20
)

// discover answers the issuer's metadata, asking for it where it is not known yet.
func (p *provider) discover(ctx context.Context) (*metadata, error) {
	p.mu.Lock()
	known, failure := p.metadata, p.failure
	recent := p.now().Sub(p.failedAt) < discoveryRetry
	p.mu.Unlock()
	if known != nil {
		return known, nil
	}
	if failure != nil && recent {
		return nil, failure
	}
	result := p.group.DoChan("discover", func() (any, error) {
		found, err := p.ask(context.WithoutCancel(ctx))
		p.mu.Lock()
		defer p.mu.Unlock()
		p.metadata, p.failure, p.failedAt = found, err, p.now()
		return found, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*metadata), nil
	}
}

func (p *provider) ask(ctx context.Context) (*metadata, error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.URL)
	if err != nil {
		return nil, fmt.Errorf("discovering issuer %s: %w", p.URL, err)
	}
	var more struct {
		KeysURL    string   `json:"jwks_uri"`
		EndSession string   `json:"end_session_endpoint"`
		Userinfo   string   `json:"userinfo_endpoint"`
		ReturnsISS bool     `json:"authorization_response_iss_parameter_supported"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, fmt.Errorf("discovering issuer %s: %w", p.URL, err)
	}
	algorithms := slices.DeleteFunc(more.Algorithms, func(name string) bool {
		return !slices.Contains(signingAlgorithms, jose.SignatureAlgorithm(name))
	})
	if len(algorithms) == 0 {
		return nil, fmt.Errorf("discovering issuer %s: it signs ID tokens with no algorithm that is accepted here", p.URL)
	}
	keys := &remoteKeys{url: more.KeysURL, client: p.client, now: p.now}
	return &metadata{
		oidc:       found,
		oauth:      p.oauthConfig(found.Endpoint()),
		keys:       keys,
		verifier:   oidc.NewVerifier(p.URL, keys, &oidc.Config{ClientID: p.ClientID, SupportedSigningAlgs: algorithms, Now: p.now}),
		endSession: more.EndSession,
		userinfo:   more.Userinfo != "",
		returnsISS: more.ReturnsISS,
	}, nil
}

func (p *provider) oauthConfig(endpoint oauth2.Endpoint) oauth2.Config {
	scopes := p.Scopes
	if len(scopes) == 0 {
		scopes = []string{"profile", "email"}
	}
	if p.ClientSecret == "" {
		endpoint.AuthStyle = oauth2.AuthStyleInParams // a public client names itself in the form, with no second try
	}
	return oauth2.Config{
		ClientID:     p.ClientID,
		ClientSecret: p.ClientSecret,
		Endpoint:     endpoint,
		RedirectURL:  p.redirect,
		Scopes:       append([]string{oidc.ScopeOpenID}, slices.DeleteFunc(slices.Clone(scopes), isOpenID)...),
	}
}

func isOpenID(scope string) bool { return scope == oidc.ScopeOpenID }

// identity is who an ID token names, and how it had proved that.
type identity struct {
	Subject         string // as the issuer names it; logout tokens name it so too
	Nonce           string
	SessionID       string
	ACR             string
	AuthenticatedAt time.Time
	claims          Claims
	token           *oidc.IDToken
}

// verifyIDToken checks an ID token: signature, issuer, audience, time, and that it is neither an access token nor meant
// for another client of ours. The nonce is the caller's to compare.
func (m *metadata) verifyIDToken(ctx context.Context, raw, clientID string) (*identity, error) {
	token, err := m.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("verifying ID token: %w", err)
	}
	signed, err := jose.ParseSignedCompact(raw, signingAlgorithms)
	if err != nil {
		return nil, fmt.Errorf("verifying ID token: %w", err)
	}
	if !isType(signed, "", "jwt") {
		return nil, errors.New("verifying ID token: its typ says that it is another kind of token")
	}
	var more struct {
		Party     string  `json:"azp"`
		SessionID string  `json:"sid"`
		ACR       string  `json:"acr"`
		AuthTime  seconds `json:"auth_time"`
	}
	payload := signed.UnsafePayloadWithoutVerification() // verified above
	if err := token.Claims(&more); err != nil {
		return nil, fmt.Errorf("verifying ID token: %w", err)
	}
	if !isName(token.Subject) || more.SessionID != "" && !isName(more.SessionID) {
		return nil, errors.New("verifying ID token: its sub or sid is none")
	}
	if more.Party != "" && more.Party != clientID {
		return nil, errors.New("verifying ID token: it was issued to another client")
	}
	claims, err := ParseClaims(payload)
	if err != nil {
		return nil, fmt.Errorf("verifying ID token: %w", err)
	}
	authenticatedAt := token.IssuedAt.UTC()
	if more.AuthTime != 0 {
		authenticatedAt = more.AuthTime.time()
	}
	return &identity{
		Subject: token.Subject, Nonce: token.Nonce, SessionID: more.SessionID, ACR: more.ACR,
		AuthenticatedAt: authenticatedAt, claims: claims, token: token,
	}, nil
}
