// Package demo is an OpenID Provider with one-click personas, served by the same process as the server that people
// sign in to. It is a provider like any other: what a persona may do comes from the claims in its tokens and the
// ordinary claim mapping, over the ordinary authorization code flow. It asks for no password, so it is refused wherever
// the installation can be reached from another machine.
package demo

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"

	"concordat/auth"
)

// Path is where the provider is mounted under the public URL.
const Path = "/demo-idp"

// The clients registered with the provider: the server's own pages, and concordat demo-token.
const (
	webClientID = "concordat"
	CLIClientID = "concordat-cli"
	CLIRedirect = "http://127.0.0.1/demo-token" // nothing listens there: the command reads the code off the redirect
)

// Config says where the demo is served.
type Config struct {
	PublicURL string           // of the installation, on this machine: http://localhost:8080
	Audience  string           // of access tokens: the installation's API
	Personas  func() []Persona // asked at every sign-in; nil: Personas
	Client    *http.Client     // for back-channel logout; nil: one with a time limit
	Now       func() time.Time // the clock that tokens are dated by; nil: the machine's
	Style     string           // path of the style sheet of the login page; empty: none
}

// Provider is the demo's OpenID Provider. Mount it at Path with the path kept.
type Provider struct {
	issuer  string
	storage *storage
	handler http.Handler
}

// New makes a provider with a signing key of its own, which lives as long as the process. It refuses a public URL
// that is not on this machine.
func New(config Config) (*Provider, error) {
	public, err := url.Parse(config.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("starting the demo's provider: %w", err)
	}
	if !auth.IsLoopback(public.Hostname()) {
		return nil, fmt.Errorf("starting the demo's provider: %s can be reached from elsewhere, and everybody there could sign in as anybody", config.PublicURL)
	}
	if config.Audience == "" {
		return nil, errors.New("starting the demo's provider: no audience for access tokens")
	}
	if config.Personas == nil {
		config.Personas = Personas
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Client == nil {
		config.Client = &http.Client{Timeout: 5 * time.Second}
	}
	key, err := newKey()
	if err != nil {
		return nil, fmt.Errorf("starting the demo's provider: %w", err)
	}
	base := strings.TrimRight(config.PublicURL, "/")
	p := &Provider{issuer: base + Path}
	p.storage = newStorage(config, p.issuer, key, clients(base))
	return p, p.build()
}

// Issuer is the provider's iss.
func (p *Provider) Issuer() string { return p.issuer }

// Registration is how the server's own pages are registered here.
func (p *Provider) Registration() auth.Issuer {
	return auth.Issuer{
		Name: registrationName, Title: "Demo", URL: p.issuer, ClientID: webClientID,
		Scopes: []string{"profile", "email", "offline_access"},
	}
}

const registrationName = "demo"

// ServeHTTP serves everything under Path.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

func (p *Provider) build() error {
	var cryptoKey [32]byte
	rand.Read(cryptoKey[:])
	provider, err := op.NewProvider(&op.Config{
		CryptoKey:                         cryptoKey,
		CodeMethodS256:                    true,
		GrantTypeRefreshToken:             true,
		SupportedScopes:                   []string{"openid", "profile", "email", "offline_access", "read", "write", "act"},
		BackChannelLogoutSupported:        true,
		BackChannelLogoutSessionSupported: true,
	}, p.storage, op.StaticIssuer(p.issuer), op.WithAllowInsecure())
	if err != nil {
		return fmt.Errorf("starting the demo's provider: %w", err)
	}
	endpoints := op.Endpoints{
		Authorization: op.NewEndpoint("authorize"),
		Token:         op.NewEndpoint("token"),
		Userinfo:      op.NewEndpoint("userinfo"),
		EndSession:    op.NewEndpoint("logout"),
		JwksURI:       op.NewEndpoint("keys"),
	}
	server := &server{LegacyServer: op.NewLegacyServer(provider, endpoints), storage: p.storage}
	protocol := op.RegisterLegacyServer(server, http.NotFound, op.WithServerCORSOptions(nil))
	login := &loginPage{provider: provider, storage: p.storage, issuer: p.issuer, style: p.storage.config.Style}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"/login", login.show)
	mux.HandleFunc("POST "+Path+"/login", login.choose)
	mux.Handle(Path+"/", http.StripPrefix(Path, protocol))
	p.handler = withIssuer(p.issuer, mux)
	return nil
}

func newKey() (*signingKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return &signingKey{private: private, id: randomText()}, nil
}

// signingKey is the provider's key: as op.SigningKey it signs, as op.Key its public half is published.
type signingKey struct {
	private *ecdsa.PrivateKey
	id      string
}

func (k *signingKey) ID() string                                  { return k.id }
func (k *signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (k *signingKey) Key() any                                    { return k.private }

// publicKey is the published half of a signingKey.
type publicKey struct{ *signingKey }

func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return &k.private.PublicKey }

// randomText answers 128 bits that nobody can guess, in base32.
func randomText() string { return rand.Text() }
