package auth_test

import (
	"bufio"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/governance"
)

// startIndependent starts npm's oidc-provider for an installation and answers its issuer. The test is skipped where it
// is not installed.
func startIndependent(t *testing.T, publicURL string) string {
	t.Helper()
	folder := filepath.Join("testdata", "oidc-provider")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "oidc-provider")); err != nil {
		if os.Getenv("CONCORDAT_TEST_COMPLETE") != "" {
			require.NoError(t, err, "npm ci in auth/%s", folder)
		}
		t.Skipf("oidc-provider is not installed: run npm ci in auth/%s", folder)
	}
	command := exec.Command("node", "provider.js", publicURL)
	command.Dir, command.Stderr = folder, os.Stderr
	stdin, err := command.StdinPipe()
	require.NoError(t, err)
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		stdin.Close() // ends it
		command.Wait()
	})
	issuer, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err, "the provider did not start")
	return strings.TrimSpace(issuer)
}

// installIndependent is an installation whose people sign in at a provider that is not ours.
func installIndependent(t *testing.T) (in *installation, issuer string) {
	t.Helper()
	in = install(t, func(c *auth.Config) {
		issuer = startIndependent(t, c.PublicURL)
		mapping, err := auth.ParseMapping(demo.MappingFile(issuer))
		require.NoError(t, err)
		c.Mapping = mapping
		c.Issuers = []auth.Issuer{{
			Name: "independent", URL: issuer, ClientID: "concordat", ClientSecret: "a secret that only this test knows",
			Scopes: []string{"profile", "email", "offline_access"},
		}}
	})
	return in, issuer
}

// chooseThere goes to sign in at the independent provider and answers the address of the callback, not visited yet.
func (b *browser) chooseThere(authorize *url.URL, person string) *url.URL {
	b.t.Helper()
	at := authorize
	for range 6 {
		got := b.get(at.String())
		require.Less(b.t, got.StatusCode, 400, "%s: %s", at, got.body)
		next := got.location(b.t)
		if next.Query().Has("code") || next.Query().Has("error") {
			return next
		}
		if strings.HasPrefix(next.Path, "/choose/") {
			set(next, "as", person)
		}
		at = next
	}
	require.FailNow(b.t, "the provider redirects for ever")
	return nil
}

func (b *browser) signInThere(person string) {
	b.t.Helper()
	begun := b.get(auth.LoginPath("independent"))
	done := b.get(b.chooseThere(begun.location(b.t), person).String())
	require.Equal(b.t, http.StatusSeeOther, done.StatusCode, "%s\n%s", done.body, b.in.log)
}

func TestSignInAtAnIndependentProvider(t *testing.T) {
	in, issuer := installIndependent(t)
	t.Run("claims as Keycloak shapes them become mandates", func(t *testing.T) {
		b := in.browser(t)
		b.signInThere("ilze")
		got := b.who()
		assert.ElementsMatch(t, []string{"siltumtehnika AUTHOR", "concordat-office ADMIN"}, got.Mandates)
		assert.Equal(t, issuer, got.Issuer)
	})
	t.Run("a callback works once", func(t *testing.T) {
		b := in.browser(t)
		callback := b.chooseThere(b.get(auth.LoginPath("independent")).location(t), "kadri")
		var cookies []string
		for name, value := range b.cookies() {
			cookies = append(cookies, name+"="+value)
		}
		require.Equal(t, http.StatusSeeOther, b.get(callback.String()).StatusCode, in.log)
		assert.Equal(t, http.StatusBadRequest, in.browser(t).get(callback.String(), "Cookie", strings.Join(cookies, "; ")).StatusCode)
	})
	t.Run("another iss, state or nonce is refused", func(t *testing.T) {
		for name, value := range map[string]string{"iss": "https://evil.example", "state": "x"} {
			b := in.browser(t)
			callback := b.chooseThere(b.get(auth.LoginPath("independent")).location(t), "kadri")
			set(callback, name, value)
			assert.Equal(t, http.StatusBadRequest, b.get(callback.String()).StatusCode, name)
		}
		b := in.browser(t)
		authorize := b.get(auth.LoginPath("independent")).location(t)
		set(authorize, "nonce", "x")
		assert.Equal(t, http.StatusBadRequest, b.get(b.chooseThere(authorize, "kadri").String()).StatusCode)
		assert.Empty(t, b.who().Person)
	})
}

func TestLogoutAtAnIndependentProvider(t *testing.T) {
	in, _ := installIndependent(t)
	b, other := in.browser(t), in.browser(t)
	b.signInThere("kadri")
	other.signInThere("kadri")

	hint, err := in.auth.IDToken(t.Context(), b.cookies()["concordat"])
	require.NoError(t, err)
	there := b.do(http.MethodPost, auth.LogoutPath, nil).location(t)
	require.Equal(t, hint, there.Query().Get("id_token_hint"))
	assert.Equal(t, in.URL+"/", confirmLogout(b, there).String(), "RP-initiated logout comes back to us")

	b.signInThere("kadri")
	hint, err = in.auth.IDToken(t.Context(), b.cookies()["concordat"])
	require.NoError(t, err)
	require.NotEmpty(t, b.who().Person)
	set(there, "id_token_hint", hint)
	confirmLogout(b, there)
	assert.Empty(t, b.who().Person, "back-channel logout ended the session here: %s", in.log)
	assert.NotEmpty(t, other.who().Person, "and no other one")

	token := in.told[len(in.told)-1].Get("logout_token")
	post := func(token string) answer {
		return in.browser(t).do(http.MethodPost, auth.BackChannelPath("independent"), url.Values{"logout_token": {token}})
	}
	again := post(token)
	assert.Equal(t, http.StatusBadRequest, again.StatusCode)
	assert.Contains(t, again.body, "used before")
	forged := post(tamper(t, token, `"sub":"kadri"`, `"sub":"ilze"`))
	assert.Equal(t, http.StatusBadRequest, forged.StatusCode)
	assert.Contains(t, forged.body, "does not hold")
}

var xsrf = regexp.MustCompile(`name="xsrf" value="([^"]+)"`)

// confirmLogout goes to the provider's logout page, confirms, and answers where it leads.
func confirmLogout(b *browser, there *url.URL) *url.URL {
	b.t.Helper()
	page := b.get(there.String())
	found := xsrf.FindStringSubmatch(page.body)
	require.NotNil(b.t, found, page.body)
	confirm := *there
	confirm.Path, confirm.RawQuery = "/session/end/confirm", ""
	return b.do(http.MethodPost, confirm.String(), url.Values{"xsrf": {found[1]}, "logout": {"yes"}}).location(b.t)
}

func TestBearerTokensOfAnIndependentProvider(t *testing.T) {
	in, issuer := installIndependent(t)
	b := in.browser(t)
	ctx := oidc.ClientContext(t.Context(), b.Client)
	provider, err := oidc.NewProvider(ctx, issuer)
	require.NoError(t, err)
	config := oauth2.Config{ClientID: "script", Endpoint: provider.Endpoint(), RedirectURL: "http://127.0.0.1/callback", Scopes: []string{"openid", "read", "act"}}
	config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	verifier := oauth2.GenerateVerifier()
	authorize, err := url.Parse(config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("resource", in.URL)))
	require.NoError(t, err)
	code := b.chooseThere(authorize, "kadri").Query().Get("code")
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier), oauth2.SetAuthURLParam("resource", in.URL))
	require.NoError(t, err)

	got := in.browser(t).who("Authorization", "Bearer "+tokens.AccessToken)
	assert.Equal(t, []string{"heat-skills-council SECRETARY"}, got.Mandates)
	assert.Equal(t, []governance.Scope{"read", "act"}, got.Scopes)

	idToken, _ := tokens.Extra("id_token").(string)
	for name, token := range map[string]string{
		"an ID token":    idToken,
		"a forged token": tamper(t, tokens.AccessToken, `"sub":"kadri"`, `"sub":"ilze"`),
		"alg none":       unsigned(t, map[string]any{"iss": issuer, "sub": "kadri", "aud": in.URL}),
	} {
		require.NotEmpty(t, token, name)
		assert.Equal(t, http.StatusUnauthorized, in.browser(t).get("/", "Authorization", "Bearer "+token).StatusCode, name)
	}
}
