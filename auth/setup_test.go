package auth_test

import (
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// installation is a whole server on a loopback port: sign-in, the demo's provider in the same process, and a page that
// answers who is asking.
type installation struct {
	*httptest.Server
	auth     *auth.Auth
	db       *store.DB
	url      string // of the database
	provider *demo.Provider
	log      *lines
	clock    *clock

	mu       sync.Mutex // guards what follows
	personas []demo.Persona
	told     []url.Values // forms that came over the back channel
}

// clock is real time plus what a test adds: the provider in the process signs by the machine's clock.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) moved() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

func (c *clock) move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += by
}

// lines is a log that a test reads.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// install starts an installation; change may alter its configuration first.
func install(t *testing.T, change ...func(*auth.Config)) *installation {
	t.Helper()
	in := &installation{log: &lines{}, clock: &clock{}, personas: demo.Personas(), url: storetest.URL(t, storetest.SQLite)}
	in.db = storetest.OpenWith(t, store.Config{URL: in.url, Clock: in.clock.now})
	in.seed(t)
	mux := http.NewServeMux()
	in.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in.overhear(r)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(in.Close)

	var err error
	in.provider, err = demo.New(demo.Config{PublicURL: in.URL, Audience: in.URL, Personas: in.people, Now: in.clock.now, Style: "/style.css"})
	require.NoError(t, err)
	mapping, err := auth.ParseMapping(demo.MappingFile(in.provider.Issuer()))
	require.NoError(t, err)
	config := auth.Config{
		PublicURL: in.URL, Issuers: []auth.Issuer{in.provider.Registration()}, Mapping: mapping, Store: in.db,
		Now: in.clock.now, Log: slog.New(slog.NewTextHandler(in.log, nil)),
	}
	for _, f := range change {
		f(&config)
	}
	in.auth, err = auth.New(config)
	require.NoError(t, err)
	mux.Handle(demo.Path+"/", in.provider)
	mux.Handle("/", in.auth.Protect(in.auth.Middleware(in.pages())))
	return in
}

// overhear keeps what comes over the back channel, so that a test can send it again.
func (in *installation) overhear(r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/backchannel-logout") && r.ParseForm() == nil {
		in.mu.Lock()
		defer in.mu.Unlock()
		in.told = append(in.told, r.PostForm)
	}
}

func (in *installation) pages() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(auth.PathPrefix, in.auth.Handler())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		actor := auth.ActorFrom(r.Context())
		shown := seen{Person: string(actor.Person), Organization: string(actor.Organization), Issuer: actor.Issuer, ACR: actor.ACR, Scopes: actor.Scopes}
		mandates, err := in.db.StandingMandates(r.Context(), actor.Person)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		for _, m := range mandates {
			shown.Mandates = append(shown.Mandates, m.Slug+" "+string(m.Role))
		}
		shown.Reading, shown.Writing = auth.Refusal(r.Context(), false), auth.Refusal(r.Context(), true)
		json.NewEncoder(w).Encode(shown)
	})
	return mux
}

// seen is what the page says about who is asking.
type seen struct {
	Person, Organization, Issuer, ACR string
	Scopes                            []governance.Scope
	Mandates                          []string
	Reading, Writing                  *governance.Error
}

func (in *installation) people() []demo.Persona {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.personas
}

// change alters a persona at the provider.
func (in *installation) change(id string, f func(*demo.Persona)) {
	in.mu.Lock()
	defer in.mu.Unlock()
	changed := make([]demo.Persona, len(in.personas))
	copy(changed, in.personas)
	for i := range changed {
		if changed[i].ID == id {
			f(&changed[i])
		}
	}
	in.personas = changed
}

// organizationID makes the id under which seed registers a slug.
func organizationID(slug string) string {
	for i, o := range demo.Organizations() {
		if o.Slug == slug {
			return "0195e3a0-0000-7000-8000-0000000000" + string("0123456789abcdef"[i/16]) + string("0123456789abcdef"[i%16])
		}
	}
	return ""
}

// seed registers the demo's organizations by SQL of its own: how organizations are registered is not what is tested.
func (in *installation) seed(t *testing.T) {
	t.Helper()
	db, err := sql.Open("sqlite", in.url+"?_busy_timeout=10000")
	require.NoError(t, err)
	defer db.Close()
	const now = "2026-01-01T00:00:00.000000Z"
	for _, o := range demo.Organizations() {
		platform := 0
		if o.Platform {
			platform = 1
		}
		_, err := db.Exec(`INSERT INTO organizations (id, slug, legal_name, country, is_platform, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			organizationID(o.Slug), o.Slug, o.Name, o.Country, platform, now)
		require.NoError(t, err)
		if o.Council {
			_, err = db.Exec(`INSERT INTO councils (id, zone, created_at) VALUES ($1, 'Europe/Riga', $2)`, organizationID(o.Slug), now)
			require.NoError(t, err)
		}
	}
}

// sessionRows answers everything that is stored of sessions, as text.
func (in *installation) sessionRows(t *testing.T) string {
	t.Helper()
	db, err := sql.Open("sqlite", in.url+"?_busy_timeout=10000")
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.Query(`SELECT token_hash, data, issuer, subject, sid FROM sessions`)
	require.NoError(t, err)
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		var hash, data, issuer, subject, sid string
		require.NoError(t, rows.Scan(&hash, &data, &issuer, &subject, &sid))
		all.WriteString(hash + data + issuer + subject + sid + "\n")
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, all.String())
	return all.String()
}

func (in *installation) nameOf(t *testing.T, person string) string {
	t.Helper()
	db, err := sql.Open("sqlite", in.url+"?_busy_timeout=10000")
	require.NoError(t, err)
	defer db.Close()
	var name string
	require.NoError(t, db.QueryRow(`SELECT name FROM persons WHERE id = $1`, person).Scan(&name))
	return name
}

// browser is somebody with a cookie jar who follows redirects only when told.
type browser struct {
	t  *testing.T
	in *installation
	*http.Client
}

func (in *installation) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{t, in, &http.Client{
		Jar:           jar,
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a response that has been read.
type answer struct {
	*http.Response
	body string
}

func (a answer) location(t *testing.T) *url.URL {
	t.Helper()
	u, err := a.Location()
	require.NoError(t, err, "status %d: %s", a.StatusCode, a.body)
	return u
}

func (b *browser) do(method, address string, form url.Values, header ...string) answer {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.in.URL + address
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, address, body)
	require.NoError(b.t, err)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := b.Do(request)
	require.NoError(b.t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	return answer{response, string(content)}
}

func (b *browser) get(address string, header ...string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, address, nil, header...)
}

// choose goes to sign in, clicks a persona and answers the address of the callback, not visited yet.
func (b *browser) choose(persona, returnTo string) *url.URL {
	b.t.Helper()
	begun := b.get(auth.LoginPath("demo") + "?return=" + url.QueryEscape(returnTo))
	require.Equal(b.t, http.StatusSeeOther, begun.StatusCode, begun.body)
	return b.click(begun.location(b.t), persona)
}

// click follows an authorization request to the login page and chooses a persona there.
func (b *browser) click(authorize *url.URL, persona string) *url.URL {
	b.t.Helper()
	page := b.get(authorize.String()).location(b.t)
	shown := b.get(page.String())
	require.Equal(b.t, http.StatusOK, shown.StatusCode, shown.body)
	require.Contains(b.t, shown.body, `value="`+persona+`"`)
	return b.do(http.MethodPost, demo.Path+"/login", url.Values{
		"request": {page.Query().Get("request")}, "persona": {persona},
	}).location(b.t)
}

// signIn signs in as a persona.
func (b *browser) signIn(persona string) {
	b.t.Helper()
	done := b.get(b.choose(persona, "/after").String())
	require.Equal(b.t, http.StatusSeeOther, done.StatusCode, "%s\n%s", done.body, b.in.log)
	require.Equal(b.t, "/after", done.location(b.t).Path)
}

// who asks the server who is asking.
func (b *browser) who(header ...string) seen {
	b.t.Helper()
	got := b.get("/", header...)
	require.Equal(b.t, http.StatusOK, got.StatusCode, got.body)
	var s seen
	require.NoError(b.t, json.Unmarshal([]byte(got.body), &s))
	return s
}

func (b *browser) cookies() map[string]string {
	b.t.Helper()
	base, err := url.Parse(b.in.URL)
	require.NoError(b.t, err)
	held := map[string]string{}
	for _, c := range b.Jar.Cookies(base) {
		held[c.Name] = c.Value
	}
	return held
}

// record serves one GET without a network.
func record(handler http.Handler, address string) *http.Response {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	return w.Result()
}
