package auth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/sync/singleflight"
	"gopkg.in/yaml.v3"

	"concordat/governance"
	"concordat/store"
)

// Config says who may sign in and what is known of them.
type Config struct {
	PublicURL string    // of the installation: https://concordat.example
	Audience  string    // of bearer tokens; empty: the public URL
	Issuers   []Issuer  // none: nobody can sign in
	Mapping   *Mapping  // of claims to mandates; nil: no claim gives a mandate
	Store     *store.DB // persons, mandates, sessions

	SessionLifetime time.Duration    // of a sign-in; zero: 12 hours
	RefreshAfter    time.Duration    // how old claims may get where the issuer gave a refresh token; zero: 15 minutes
	Client          *http.Client     // to the issuers; nil: one with a limit of 10 s
	Now             func() time.Time // nil: the machine's clock. Tokens are judged by it: it must be the issuers' time
	Log             *slog.Logger     // nil: nobody is told
	// Fail shows a refusal to somebody whose sign-in went wrong; nil: as plain text.
	Fail func(w http.ResponseWriter, r *http.Request, status int, refusal *governance.Error)
}

// Auth finds out who is asking. Mount Handler under PathPrefix, and wrap everything in Protect and Middleware.
type Auth struct {
	public   *url.URL
	audience string
	mapping  *Mapping
	store    *store.DB
	client   *http.Client
	now      func() time.Time
	log      *slog.Logger
	fail     func(w http.ResponseWriter, r *http.Request, status int, refusal *governance.Error)

	providers    []*provider
	sessions     *scs.SessionManager
	lifetime     time.Duration
	refreshAfter time.Duration
	refreshes    singleflight.Group // by session: one refresh at a time
	bearers      bearerCache
}

// New checks the configuration. It asks no issuer anything yet.
func New(c Config) (*Auth, error) {
	public, err := url.Parse(c.PublicURL)
	if err != nil || public.Host == "" || strings.Trim(public.Path, "/") != "" {
		return nil, fmt.Errorf("setting up sign-in: the public URL %q is not that of a host", c.PublicURL)
	}
	if public.Scheme != "https" && !IsLoopback(public.Hostname()) {
		return nil, fmt.Errorf("setting up sign-in: %s is not https, and sessions would travel in the clear", c.PublicURL)
	}
	if c.Store == nil {
		return nil, errors.New("setting up sign-in: no store")
	}
	a := &Auth{
		public: &url.URL{Scheme: public.Scheme, Host: public.Host}, audience: c.Audience, mapping: c.Mapping,
		store: c.Store, client: c.Client, now: c.Now, log: c.Log, fail: c.Fail,
		lifetime: c.SessionLifetime, refreshAfter: c.RefreshAfter,
	}
	a.setDefaults()
	for _, issuer := range c.Issuers {
		if err := a.addIssuer(issuer); err != nil {
			return nil, fmt.Errorf("setting up sign-in: %w", err)
		}
	}
	a.sessions = a.newSessions()
	return a, nil
}

func (a *Auth) setDefaults() {
	if a.audience == "" {
		a.audience = a.public.String()
	}
	if a.client == nil {
		a.client = &http.Client{Timeout: 10 * time.Second}
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.fail == nil {
		a.fail = func(w http.ResponseWriter, _ *http.Request, status int, refusal *governance.Error) {
			http.Error(w, refusal.Message, status)
		}
	}
	if a.lifetime == 0 {
		a.lifetime = 12 * time.Hour
	}
	if a.refreshAfter == 0 {
		a.refreshAfter = 15 * time.Minute
	}
}

func (a *Auth) addIssuer(issuer Issuer) error {
	if err := issuer.check(); err != nil {
		return err
	}
	for _, other := range a.providers {
		if other.Name == issuer.Name || other.URL == issuer.URL {
			return fmt.Errorf("issuer %q: its name or URL is another's already", issuer.Name)
		}
	}
	if issuer.Title == "" {
		issuer.Title = issuer.Name
	}
	a.providers = append(a.providers, &provider{
		Issuer: issuer, client: a.client, now: a.now, redirect: a.public.String() + CallbackPath(issuer.Name),
	})
	return nil
}

// Audience is what bearer tokens must be for.
func (a *Auth) Audience() string { return a.audience }

// Issuers lists where people can sign in, for a page of links to LoginPath(Name).
func (a *Auth) Issuers() []Issuer {
	issuers := make([]Issuer, len(a.providers))
	for i, p := range a.providers {
		issuers[i] = p.Issuer
		issuers[i].ClientSecret = ""
	}
	return issuers
}

func (a *Auth) providerOf(issuer string) *provider {
	return a.find(func(p *provider) bool { return p.URL == issuer })
}

func (a *Auth) providerNamed(name string) *provider {
	return a.find(func(p *provider) bool { return p.Name == name })
}

func (a *Auth) find(fits func(*provider) bool) *provider {
	if i := slices.IndexFunc(a.providers, fits); i >= 0 {
		return a.providers[i]
	}
	return nil
}

// Handler serves sign-in, callback and logout under PathPrefix.
func (a *Auth) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+PathPrefix+"{issuer}/login", a.login)
	mux.HandleFunc("GET "+PathPrefix+"{issuer}/callback", a.callback)
	mux.HandleFunc("POST "+LogoutPath, a.logout)
	mux.HandleFunc("POST "+backChannelPattern, a.backChannelLogout)
	return mux
}

const backChannelPattern = PathPrefix + "{issuer}/backchannel-logout"

// Protect refuses requests that another site makes a browser send. The one exception is back-channel logout, which an
// issuer's server sends and a signed token proves.
func (a *Auth) Protect(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(a.public.String()); err != nil {
		panic(fmt.Sprintf("the public URL was checked: %v", err))
	}
	protection.AddInsecureBypassPattern("POST " + backChannelPattern)
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeRefusal(w, http.StatusForbidden, governance.Refuse(governance.CodeForbidden, "cross-origin",
			"This request came from another site."))
	}))
	return protection.Handler(next)
}

// ParseIssuers reads a file of YAML or JSON with the list of issuers under "issuers". Unknown keys are refused.
func ParseIssuers(file []byte) ([]Issuer, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	var list struct {
		Issuers []Issuer `yaml:"issuers"`
	}
	if err := decoder.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading issuers: %w", err)
	}
	for _, issuer := range list.Issuers {
		if err := issuer.check(); err != nil {
			return nil, fmt.Errorf("reading issuers: %w", err)
		}
	}
	return list.Issuers, nil
}
