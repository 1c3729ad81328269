package auth_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
)

func TestLogoutEndsTheSessionHereAndAtTheIssuer(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("gge-rep")
	token := b.cookies()["concordat"]

	there := b.do(http.MethodPost, auth.LogoutPath, nil).location(t)
	assert.Equal(t, "/demo-idp/logout", there.Path)
	assert.Equal(t, "concordat", there.Query().Get("client_id"))
	assert.Empty(t, b.cookies())
	assert.Empty(t, in.browser(t).who("Cookie", "concordat="+token).Person, "the session is gone, not only the cookie")

	back := b.get(there.String())
	assert.Equal(t, in.URL+"/", back.location(t).String())
}

func TestLogoutWithoutASessionGoesHome(t *testing.T) {
	in := install(t)
	assert.Equal(t, "/", in.browser(t).do(http.MethodPost, auth.LogoutPath, nil).location(t).Path)
	assert.Equal(t, http.StatusMethodNotAllowed, in.browser(t).get(auth.LogoutPath).StatusCode, "a link cannot sign anybody out")
}

func TestLogoutAtTheIssuerEndsTheSessionOverTheBackChannel(t *testing.T) {
	in := install(t)
	stay, leave := in.browser(t), in.browser(t)
	stay.signIn("gge-rep")
	leave.signIn("gge-rep")
	hint, err := in.auth.IDToken(t.Context(), leave.cookies()["concordat"])
	require.NoError(t, err)
	require.NotEmpty(t, leave.who().Person)

	elsewhere := in.browser(t).get("/demo-idp/logout?" + url.Values{"id_token_hint": {hint}}.Encode())
	require.Equal(t, http.StatusFound, elsewhere.StatusCode, elsewhere.body)
	assert.Empty(t, leave.who().Person, in.log)
	assert.NotEmpty(t, stay.who().Person, "another session of the same person")
}

func TestLogoutTokensThatDoNotHoldEndNothing(t *testing.T) {
	issuer, other := newTestIssuer(t), newTestIssuer(t)
	in := installWith(t, issuer)
	now := time.Now().Unix()
	const event = "http://schemas.openid.net/event/backchannel-logout"
	good := map[string]any{
		"iss": issuer.URL, "aud": "app", "sub": "jana", "sid": "s1", "jti": "j1", "iat": now, "exp": now + 60,
		"events": map[string]any{event: map[string]any{}},
	}
	with := func(name string, value any) map[string]any {
		changed := maps.Clone(good)
		changed["jti"] = name
		if value == nil {
			delete(changed, name)
		} else {
			changed[name] = value
		}
		return changed
	}
	rs256 := func(claims map[string]any) string {
		return sign(t, jose.RS256, issuer.rsa, "rsa", "logout+jwt", claims)
	}
	post := func(token string) answer {
		return in.browser(t).do(http.MethodPost, auth.BackChannelPath("test"), url.Values{"logout_token": {token}})
	}
	nobody := with("sub", nil)
	delete(nobody, "sid")
	for name, token := range map[string]string{
		"forged":                          sign(t, jose.RS256, other.rsa, "rsa", "logout+jwt", good),
		"alg none":                        unsigned(t, good),
		"HS256 with the public key":       sign(t, jose.HS256, publicPEM(t, issuer.rsa), "rsa", "logout+jwt", good),
		"of another issuer":               rs256(with("iss", other.URL)),
		"for another client":              rs256(with("aud", "another")),
		"expired":                         rs256(with("exp", now-60)),
		"issued an hour ago":              rs256(with("iat", now-3600)),
		"issued tomorrow":                 rs256(with("iat", now+86400)),
		"no time of issue":                rs256(with("iat", nil)),
		"with a nonce":                    rs256(with("nonce", "n")),
		"without jti":                     rs256(with("jti", nil)),
		"without events":                  rs256(with("events", nil)),
		"with another event":              rs256(with("events", map[string]any{"https://other.example": map[string]any{}})),
		"with an event that is no object": rs256(with("events", map[string]any{event: "yes"})),
		"that names nobody":               rs256(nobody),
		"with a jti that cannot be seen":  rs256(with("jti", "j\x00")),
		"an access token":                 sign(t, jose.RS256, issuer.rsa, "rsa", "at+jwt", good),
		"nothing":                         "",
	} {
		got := post(token)
		assert.Equal(t, http.StatusBadRequest, got.StatusCode, name)
		assert.Contains(t, got.body, `"error":"invalid_request"`, name)
		assert.Equal(t, "no-store", got.Header.Get("Cache-Control"), name)
	}
	assert.Equal(t, http.StatusOK, post(rs256(good)).StatusCode)
	replayed := post(rs256(good))
	assert.Equal(t, http.StatusBadRequest, replayed.StatusCode)
	assert.Contains(t, replayed.body, "used before")
	assert.Equal(t, http.StatusOK, post(sign(t, jose.RS256, issuer.rsa, "rsa", "JWT", with("sid", "s2"))).StatusCode, "an older issuer's type")
}

func TestOnlyTheBackChannelTakesPostsFromElsewhere(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("gge-rep")
	for name, header := range map[string][]string{
		"a form on another site":    {"Sec-Fetch-Site", "cross-site"},
		"a form on a sister site":   {"Sec-Fetch-Site", "same-site"},
		"an older browser's origin": {"Origin", "https://evil.example"},
	} {
		for _, path := range []string{auth.LogoutPath, "/graphql", "/auth/demo/backchannel-logout/", "/auth/a/b/backchannel-logout"} {
			got := b.do(http.MethodPost, path, url.Values{}, header...)
			assert.Equal(t, http.StatusForbidden, got.StatusCode, "%s: %s", name, path)
			assert.Contains(t, got.body, `"code":"FORBIDDEN"`)
		}
		got := b.do(http.MethodPost, auth.BackChannelPath("demo"), url.Values{}, header...)
		assert.Equal(t, http.StatusBadRequest, got.StatusCode, "%s: the token decides", name)
	}
	assert.NotEmpty(t, b.who().Person)
	assert.Equal(t, http.StatusOK, b.do(http.MethodPost, "/graphql", url.Values{}, "Sec-Fetch-Site", "same-origin").StatusCode)
	assert.Equal(t, http.StatusOK, b.do(http.MethodPost, "/graphql", url.Values{}, "Origin", in.URL).StatusCode)
	assert.Equal(t, http.StatusOK, b.do(http.MethodPost, "/graphql", url.Values{}).StatusCode, "a program, not a browser")
}
