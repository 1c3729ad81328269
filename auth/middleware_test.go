package auth_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/governance"
)

func TestOneWithMandatesInTwoOrganizationsSaysForWhichItActs(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("two-hats")

	got := b.who()
	assert.Empty(t, got.Organization)
	assert.Nil(t, got.Reading, "reading is for everybody")
	require.NotNil(t, got.Writing)
	assert.Equal(t, governance.CodeInvalid, got.Writing.Code)
	assert.Contains(t, got.Writing.Message, organizationID("siltumtehnika")+" (SIA Siltumtehnika Daugava)")
	assert.Contains(t, got.Writing.Message, organizationID("baltherm"))

	for _, slug := range []string{"siltumtehnika", "baltherm"} {
		got = b.who(auth.ActingForHeader, organizationID(slug))
		assert.Equal(t, organizationID(slug), got.Organization)
		assert.Nil(t, got.Writing)
	}
}

func TestNobodyActsForAnOrganizationWithoutAMandateInIt(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("gge-rep")
	for name, id := range map[string]string{
		"another organization": organizationID("nordwaerme"), "one that there is not": "0195e3a0-0000-7000-8000-0000000000ff",
		"a slug": "gewerkschaft-gebaeude", "capitals": "0195E3A0-0000-7000-8000-000000000006",
	} {
		got := b.who(auth.ActingForHeader, id)
		assert.Empty(t, got.Organization, name)
		for _, refusal := range []*governance.Error{got.Reading, got.Writing} {
			require.NotNil(t, refusal, name)
			assert.Equal(t, governance.CodeForbidden, refusal.Code, name)
			assert.NotContains(t, refusal.Message, "Nordwärme", name)
		}
	}
	got := b.who(auth.ActingForHeader, organizationID("gewerkschaft-gebaeude"))
	assert.Nil(t, got.Writing)
	assert.Equal(t, organizationID("gewerkschaft-gebaeude"), got.Organization)
}

func TestWhoIsNotSignedInActsForNobody(t *testing.T) {
	in := install(t)
	got := in.browser(t).who()
	assert.Nil(t, got.Reading)
	assert.Nil(t, got.Writing, "what an anonymous actor may do is not decided here")
	got = in.browser(t).who(auth.ActingForHeader, organizationID("nordwaerme"))
	require.NotNil(t, got.Reading)
	assert.Equal(t, governance.CodeUnauthenticated, got.Reading.Code)
}

func TestAPersonWithoutMandatesSpeaksForItself(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("visitor")
	got := b.who()
	assert.NotEmpty(t, got.Person)
	assert.Empty(t, got.Organization)
	assert.Nil(t, got.Writing)
}

func TestABearerTokenGoesBeforeACookie(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("gge-rep")
	token, err := demo.Token(t.Context(), in.URL, "secretary")
	require.NoError(t, err)
	assert.Equal(t, []string{"heat-skills-council SECRETARY"}, b.who("Authorization", "Bearer "+token).Mandates)
	assert.Equal(t, http.StatusUnauthorized, b.get("/", "Authorization", "Bearer expired").StatusCode, "and no falling back to it")
	assert.Equal(t, []string{"gewerkschaft-gebaeude REPRESENTATIVE"}, b.who("Authorization", "Basic eDp5").Mandates, "a proxy's own")
}

func TestCachesKeepPeopleApart(t *testing.T) {
	in := install(t)
	vary := in.browser(t).get("/").Header.Get("Vary")
	for _, header := range []string{"Cookie", "Authorization", auth.ActingForHeader} {
		assert.Contains(t, vary, header)
	}
}

func TestAGarbledCookieIsNobody(t *testing.T) {
	in := install(t)
	for _, value := range []string{"x", "", "eyJhbGciOiJub25lIn0", "' OR 1=1 --"} {
		assert.Empty(t, in.browser(t).who("Cookie", "concordat="+value).Person)
	}
}

func TestConfigurationThatWouldBeUnsafeIsRefused(t *testing.T) {
	in := install(t)
	issuer := auth.Issuer{Name: "one", URL: "https://id.example", ClientID: "x"}
	for name, c := range map[string]auth.Config{
		"sessions in the clear":      {PublicURL: "http://concordat.example", Store: in.db},
		"a path in the public URL":   {PublicURL: "https://concordat.example/app", Store: in.db},
		"no public URL":              {Store: in.db},
		"no store":                   {PublicURL: "https://concordat.example"},
		"an issuer in the clear":     {PublicURL: "https://concordat.example", Store: in.db, Issuers: []auth.Issuer{{Name: "a", URL: "http://id.example", ClientID: "x"}}},
		"an issuer without a client": {PublicURL: "https://concordat.example", Store: in.db, Issuers: []auth.Issuer{{Name: "a", URL: "https://id.example"}}},
		"a name that is a path":      {PublicURL: "https://concordat.example", Store: in.db, Issuers: []auth.Issuer{{Name: "a/b", URL: "https://id.example", ClientID: "x"}}},
		"one issuer twice":           {PublicURL: "https://concordat.example", Store: in.db, Issuers: []auth.Issuer{issuer, {Name: "two", URL: issuer.URL, ClientID: "x"}}},
		"one name twice":             {PublicURL: "https://concordat.example", Store: in.db, Issuers: []auth.Issuer{issuer, {Name: "one", URL: "https://other.example", ClientID: "x"}}},
	} {
		_, err := auth.New(c)
		assert.Error(t, err, name)
	}
}

func TestOnHTTPSCookiesBelongToTheHostAlone(t *testing.T) {
	issuer := newTestIssuer(t)
	in := install(t)
	a, err := auth.New(auth.Config{
		PublicURL: "https://concordat.example", Store: in.db,
		Issuers: []auth.Issuer{{Name: "test", URL: issuer.URL, ClientID: "app"}},
	})
	require.NoError(t, err)
	w := record(a.Handler(), "https://concordat.example"+auth.LoginPath("test"))
	require.Equal(t, http.StatusSeeOther, w.StatusCode)
	require.Len(t, w.Cookies(), 1)
	c := w.Cookies()[0]
	assert.Regexp(t, `^__Host-concordat-login-`, c.Name)
	assert.True(t, c.Secure && c.HttpOnly)
	assert.Equal(t, "/", c.Path)
	assert.Equal(t, int(10*time.Minute/time.Second), c.MaxAge)
	to, err := w.Location()
	require.NoError(t, err)
	query := to.Query()
	assert.Equal(t, "S256", query.Get("code_challenge_method"))
	assert.Equal(t, "https://concordat.example/auth/test/callback", query.Get("redirect_uri"))
	assert.NotEmpty(t, query.Get("nonce"))
	assert.Equal(t, "openid profile email", query.Get("scope"))
}

func TestIssuersAreReadFromAFile(t *testing.T) {
	issuers, err := auth.ParseIssuers([]byte("issuers:\n  - {name: sso, title: Our login, url: https://id.example, clientId: concordat, scopes: [openid, profile]}\n"))
	require.NoError(t, err)
	assert.Equal(t, []auth.Issuer{{Name: "sso", Title: "Our login", URL: "https://id.example", ClientID: "concordat", Scopes: []string{"openid", "profile"}}}, issuers)
	for _, file := range []string{"issuers: [{name: sso}]", "issuers: [{nom: x}]", "- x"} {
		_, err := auth.ParseIssuers([]byte(file))
		assert.Error(t, err, file)
	}
}
