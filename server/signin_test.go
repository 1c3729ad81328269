package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth/demo"
	"concordat/store/storetest"
)

// browser is somebody with cookies at a running server.
type browser struct {
	t      *testing.T
	client *http.Client
	base   string
}

// served runs a server until the test ends.
func served(t *testing.T, c Config) *Server {
	t.Helper()
	s := opened(t, c)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-ended)
	})
	return s
}

func newBrowser(t *testing.T, s *Server) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{t: t, client: &http.Client{Jar: jar}, base: s.URL()}
}

// open answers a page; with values it is posted to.
func (b *browser) open(path string, values ...url.Values) (status int, page string) {
	b.t.Helper()
	var response *http.Response
	var err error
	if len(values) > 0 {
		response, err = b.client.PostForm(b.base+path, values[0])
	} else {
		response, err = b.client.Get(b.base + path)
	}
	require.NoError(b.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	return response.StatusCode, string(body)
}

// signIn chooses a persona and answers the page that it leads to.
func (b *browser) signIn(persona string) string {
	b.t.Helper()
	_, page := b.open("/auth/demo/login?return=/")
	found := regexp.MustCompile(`name="request" value="([^"]+)"`).FindStringSubmatch(page)
	require.NotNil(b.t, found, "the page of personas:\n%s", page)
	status, page := b.open("/demo-idp/login", url.Values{"request": {found[1]}, "persona": {persona}})
	require.Equal(b.t, http.StatusOK, status, page)
	return page
}

func TestAPersonaSignsInAndOutByOneClickEach(t *testing.T) {
	for _, kind := range []string{storetest.SQLite, storetest.Postgres} {
		t.Run(kind, func(t *testing.T) {
			s := served(t, Config{Demo: true, Database: storetest.URL(t, kind)})
			b := newBrowser(t, s)
			_, page := b.open("/")
			assert.Contains(t, page, "Choose who you are")

			page = b.signIn("secretary")
			assert.Contains(t, page, "Signed in as <strong>Kadri Tamm</strong>")
			assert.Contains(t, page, "secretary of Heat Transition Skills Council")
			assert.Contains(t, page, "review need for Heat Transition Skills Council", "what waits for her")
			_, page = b.open("/")
			assert.Contains(t, page, "Kadri Tamm", "the session lasts")

			_, page = newBrowser(t, s).open("/")
			assert.NotContains(t, page, "Kadri Tamm", "it is this browser's alone")

			b.open("/auth/logout", url.Values{})
			_, page = b.open("/")
			assert.NotContains(t, page, "Kadri Tamm")
		})
	}
}

// TestTheExampleInTheReadmeWorks asks what the README asks with curl, as the persona that it names.
func TestTheExampleInTheReadmeWorks(t *testing.T) {
	s := served(t, Config{Demo: true})
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	persona := regexp.MustCompile(`concordat demo-token ([a-z-]+)\)`).FindSubmatch(readme)
	query := regexp.MustCompile(`-d '([^']+)'`).FindSubmatch(readme)
	require.NotNil(t, persona)
	require.NotNil(t, query)
	token, err := demo.Token(t.Context(), s.URL(), string(persona[1]))
	require.NoError(t, err)

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/graphql", bytes.NewReader(query[1]))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.JSONEq(t, `{"data": {"viewer": {"person": {"name": "Kadri Tamm"}, "mandates": [
		{"role": "SECRETARY", "organization": {"legalName": "Heat Transition Skills Council"}}]}}}`, string(body))
}

func TestAPageFromAnotherSiteChangesNothing(t *testing.T) {
	s := served(t, Config{Demo: true})
	b := newBrowser(t, s)
	b.signIn("secretary")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/auth/logout", nil)
	require.NoError(t, err)
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := b.client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusForbidden, response.StatusCode)
	_, page := b.open("/")
	assert.Contains(t, page, "Kadri Tamm")
}

func TestOutsideOfTheDemoThereIsNoDemo(t *testing.T) {
	b := newBrowser(t, served(t, Config{}))
	status, page := b.open("/")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, page, "no identity provider is configured")
	status, _ = b.open("/demo-idp/login")
	assert.Equal(t, http.StatusNotFound, status)
	status, page = b.open("/nowhere")
	assert.Equal(t, http.StatusNotFound, status)
	assert.Contains(t, page, "Not found")
	status, _ = b.open("/auth/demo/login")
	assert.Equal(t, http.StatusNotFound, status)
}

func TestFilesThatCannotBeUsedStopTheStart(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	require.NoError(t, os.WriteFile(bad, []byte("issuers: [{name: a, url: 'http://example.org', clientId: x}]\n"), 0o600))
	for name, c := range map[string]Config{
		"issuers that are not https": {Issuers: bad},
		"a mapping that is none":     {ClaimMapping: bad},
		"a file that is not there":   {Issuers: bad + "x"},
	} {
		t.Run(name, func(t *testing.T) {
			c.Listen, c.Data = "127.0.0.1:0", t.TempDir()
			_, err := Open(t.Context(), c, quiet)
			require.Error(t, err)
		})
	}
}
