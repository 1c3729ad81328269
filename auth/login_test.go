package auth_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/governance"
)

func TestSigningInGivesASessionAndTheMandatesOfTheClaims(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	assert.Empty(t, b.who().Person)

	b.signIn("baltherm-rep")
	got := b.who()
	assert.NotEmpty(t, got.Person)
	assert.Equal(t, organizationID("baltherm"), got.Organization)
	assert.Equal(t, []string{"baltherm AUTHOR", "baltherm REPRESENTATIVE"}, got.Mandates)
	assert.Equal(t, in.provider.Issuer(), got.Issuer)
	assert.Equal(t, "urn:concordat:demo:one-click", got.ACR)
	assert.Equal(t, []governance.Scope{"read", "write", "act"}, got.Scopes)
	assert.Len(t, b.cookies(), 1, "the cookie of the sign-in is gone and the session's is left")
}

func TestEveryPersonaSignsInAndGetsWhatItsDescriptionSays(t *testing.T) {
	in := install(t)
	for _, p := range demo.Personas() {
		b := in.browser(t)
		b.signIn(p.ID)
		var want []string
		for _, m := range p.Mandates {
			want = append(want, m.Organization+" "+string(m.Role))
		}
		if p.Admin {
			want = append(want, "concordat-office ADMIN")
		}
		assert.ElementsMatch(t, want, b.who().Mandates, p.ID)
	}
}

func TestASignInGetsANewSessionAndEndsTheOldOne(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("gge-rep")
	first, token := b.who().Person, b.cookies()["concordat"]
	b.signIn("gge-author")
	assert.NotEqual(t, first, b.who().Person)
	assert.NotEqual(t, token, b.cookies()["concordat"])

	thief := in.browser(t)
	assert.Empty(t, thief.who("Cookie", "concordat="+token).Person, "the token of the session before")
}

func TestASessionCookieIsReadByNobodyElse(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	done := b.get(b.choose("gge-rep", "/").String())
	var session *http.Cookie
	for _, c := range done.Cookies() {
		if c.Name == "concordat" {
			session = c
		}
	}
	require.NotNil(t, session)
	assert.True(t, session.HttpOnly)
	assert.Equal(t, http.SameSiteLaxMode, session.SameSite)
	assert.Equal(t, "/", session.Path)
	assert.Empty(t, session.Domain)
	assert.Contains(t, done.Header.Get("Cache-Control"), "no-store")

	dump := in.sessionRows(t)
	assert.NotContains(t, dump, session.Value, "the token itself is stored nowhere")
	assert.NotContains(t, dump, "eyJ", "nor are the issuer's tokens in the clear")
}

func TestACallbackThatBelongsToNoSignInOfThisBrowserIsRefused(t *testing.T) {
	in := install(t)
	for name, forge := range map[string]func(b *browser, callback *url.URL){
		"another state": func(_ *browser, callback *url.URL) { set(callback, "state", "somebody-elses") },
		"no state":      func(_ *browser, callback *url.URL) { set(callback, "state", "") },
		"another browser's sign-in": func(_ *browser, callback *url.URL) {
			*callback = *in.browser(t).choose("admin", "/")
		},
		"an expired sign-in": func(*browser, *url.URL) { in.clock.move(11 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			b := in.browser(t)
			callback := b.choose("gge-rep", "/")
			forge(b, callback)
			got := b.get(callback.String())
			assert.Equal(t, http.StatusBadRequest, got.StatusCode)
			assert.Contains(t, got.body, "begun in another browser")
			assert.Empty(t, b.who().Person)
		})
	}
}

func TestACallbackWorksOnce(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	callback := b.choose("gge-rep", "/")
	cookies := b.cookies()
	require.Equal(t, http.StatusSeeOther, b.get(callback.String()).StatusCode)
	again := b.get(callback.String())
	assert.Equal(t, http.StatusBadRequest, again.StatusCode)

	thief := in.browser(t)
	var stolen []string
	for name, value := range cookies {
		stolen = append(stolen, name+"="+value)
	}
	got := thief.get(callback.String(), "Cookie", strings.Join(stolen, "; "))
	assert.Equal(t, http.StatusBadRequest, got.StatusCode, "the code was redeemed, even for one who has the cookie too")
	assert.Contains(t, in.log.String(), "redeeming the code")
}

func TestAnAnswerOfAnotherIssuerIsRefused(t *testing.T) {
	in := install(t)
	for name, iss := range map[string]string{"another iss": "https://evil.example", "an iss with a slash more": "SLASH", "no iss where it is promised": ""} {
		t.Run(name, func(t *testing.T) {
			b := in.browser(t)
			callback := b.choose("gge-rep", "/")
			set(callback, "iss", strings.Replace(iss, "SLASH", in.provider.Issuer()+"/", 1))
			got := b.get(callback.String())
			assert.Equal(t, http.StatusBadRequest, got.StatusCode)
			assert.Contains(t, got.body, "not from Demo")
			assert.Empty(t, b.who().Person)
		})
	}
}

func TestANonceOfAnotherSignInIsRefused(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	begun := b.get(auth.LoginPath("demo"))
	authorize := begun.location(t)
	set(authorize, "nonce", "of-another-sign-in")
	got := b.get(b.click(authorize, "gge-rep").String())
	assert.Equal(t, http.StatusBadRequest, got.StatusCode)
	assert.Contains(t, in.log.String(), "nonce is not that of this sign-in")
	assert.Empty(t, b.who().Person)
}

func TestACodeIsWorthNothingWithoutTheVerifier(t *testing.T) {
	in := install(t)
	attacker, victim := in.browser(t), in.browser(t)
	stolen := victim.choose("admin", "/").Query().Get("code")
	callback := attacker.choose("visitor", "/")
	set(callback, "code", stolen)
	got := attacker.get(callback.String())
	assert.Equal(t, http.StatusBadRequest, got.StatusCode)
	assert.Empty(t, attacker.who().Person)
}

func TestAnErrorOfTheIssuerIsSaidWithoutItsWords(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	callback := b.choose("gge-rep", "/")
	callback.RawQuery = url.Values{
		"error": {"access_denied"}, "error_description": {"<b>call this number</b>"}, "iss": {in.provider.Issuer()},
		"state": {callback.Query().Get("state")},
	}.Encode()
	got := b.get(callback.String())
	assert.Equal(t, http.StatusBadRequest, got.StatusCode)
	assert.Contains(t, got.body, "access_denied")
	assert.NotContains(t, got.body, "call this number")
}

func TestSeveralSignInsMayBeUnderWay(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	first := b.choose("gge-rep", "/first")
	second := b.choose("gge-author", "/second")
	assert.Equal(t, "/second", b.get(second.String()).location(t).Path)
	assert.Equal(t, "/first", b.get(first.String()).location(t).Path)
	for range 20 {
		b.get(auth.LoginPath("demo"))
	}
	assert.LessOrEqual(t, len(b.cookies()), 5, "and they do not pile up")
}

func TestASignInEndsOnAPageOfOursOnly(t *testing.T) {
	for asked, want := range map[string]string{
		"/specifications/heat-pumps?tab=history#c1": "/specifications/heat-pumps?tab=history#c1",
		"/":                             "/",
		"":                              "/",
		"https://evil.example":          "/",
		"//evil.example":                "/",
		"/\\evil.example":               "/",
		"/%5cevil.example":              "/",
		"/\t/evil.example":              "/",
		"/%2f/evil.example":             "/",
		"\\\\evil.example":              "/",
		"javascript:alert(1)":           "/",
		"evil":                          "/",
		"/auth/demo/login":              "/",
		"/a\r\nSet-Cookie: x=y":         "/",
		"/" + strings.Repeat("a", 3000): "/",
	} {
		assert.Equal(t, want, auth.LocalPath(asked), asked)
	}
}

func TestAnUnknownIssuerAndOneThatIsAwayAreSaid(t *testing.T) {
	in := install(t, func(c *auth.Config) {
		c.Issuers = append(c.Issuers, auth.Issuer{Name: "away", Title: "The Other One", URL: "http://127.0.0.1:1", ClientID: "x"})
	})
	b := in.browser(t)
	assert.Equal(t, http.StatusNotFound, b.get(auth.LoginPath("nobody")).StatusCode)
	got := b.get(auth.LoginPath("away"))
	assert.Equal(t, http.StatusBadGateway, got.StatusCode)
	assert.Contains(t, got.body, "The Other One cannot be reached")
	assert.NotContains(t, got.body, "127.0.0.1")
}

func TestTheMandatesFollowTheClaimsAtTheNextSignIn(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("nordwaerme-author")
	in.change("nordwaerme-author", func(p *demo.Persona) {
		p.Mandates = []demo.Mandate{{Organization: "nordwaerme", Role: governance.RoleRepresentative}, {Organization: "unregistered", Role: governance.RoleAuthor}}
	})
	assert.Equal(t, []string{"nordwaerme AUTHOR"}, b.who().Mandates)
	b.signIn("nordwaerme-author")
	assert.Equal(t, []string{"nordwaerme REPRESENTATIVE"}, b.who().Mandates)
	assert.Contains(t, in.log.String(), "AUTHOR of unregistered")
}

func TestTheMandatesFollowTheClaimsWhileSignedIn(t *testing.T) {
	in := install(t, func(c *auth.Config) { c.RefreshAfter = 5 * time.Minute })
	b := in.browser(t)
	b.signIn("nordwaerme-author")
	in.change("nordwaerme-author", func(p *demo.Persona) { p.Mandates = nil })
	in.clock.move(4 * time.Minute)
	assert.Equal(t, []string{"nordwaerme AUTHOR"}, b.who().Mandates)
	in.clock.move(2 * time.Minute)
	assert.Empty(t, b.who().Mandates, in.log)
	assert.NotEmpty(t, b.who().Person)
}

func TestAnAccountThatTheIssuerClosedIsSignedOut(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("nordwaerme-author")
	in.change("nordwaerme-author", func(p *demo.Persona) { p.ID = "somebody-else" })
	in.clock.move(16 * time.Minute)
	assert.Empty(t, b.who().Person)
	assert.Empty(t, b.cookies())
}

func TestASessionEndsAfterItsLifetime(t *testing.T) {
	in := install(t, func(c *auth.Config) { c.SessionLifetime = time.Hour; c.RefreshAfter = 24 * time.Hour })
	b := in.browser(t)
	b.signIn("gge-rep")
	in.clock.move(59 * time.Minute)
	assert.NotEmpty(t, b.who().Person)
	in.clock.move(2 * time.Minute)
	assert.Empty(t, b.who().Person)
}

func set(u *url.URL, name, value string) {
	query := u.Query()
	if value == "" {
		query.Del(name)
	} else {
		query.Set(name, value)
	}
	u.RawQuery = query.Encode()
}

func TestWhatClaimsSayIsMadeFitOrRefused(t *testing.T) {
	in := install(t)
	in.change("visitor", func(p *demo.Persona) { p.Name = " Elza\x00\r\n " + strings.Repeat("ū", 300) })
	b := in.browser(t)
	b.signIn("visitor")
	assert.Equal(t, "Elza "+strings.Repeat("ū", 195), in.nameOf(t, b.who().Person))

	in.change("observer", func(p *demo.Persona) {
		for i := range 201 {
			p.Mandates = append(p.Mandates, demo.Mandate{Organization: fmt.Sprintf("o%d", i), Role: governance.RoleAuthor})
		}
	})
	b = in.browser(t)
	assert.Equal(t, http.StatusBadRequest, b.get(b.choose("observer", "/").String()).StatusCode)
	assert.Contains(t, in.log.String(), "more than 200")
}

func TestTheDemoGoesByTheInstallationsClock(t *testing.T) {
	in := install(t)
	for _, by := range []time.Duration{-200 * 24 * time.Hour, 500 * 24 * time.Hour} {
		in.clock.move(by)
		b := in.browser(t)
		b.signIn("secretary")
		assert.NotEmpty(t, b.who().Person)
		in.clock.move(20 * time.Minute)
		assert.NotEmpty(t, b.who().Person, "the claims were refreshed: %s", in.log)
		token, err := demo.Token(t.Context(), in.URL, "secretary")
		require.NoError(t, err)
		assert.Equal(t, b.who().Person, in.browser(t).who("Authorization", "Bearer "+token).Person)
		b.do(http.MethodPost, auth.LogoutPath, nil)
		assert.Empty(t, b.who().Person)
	}
	assert.NotContains(t, in.log.String(), "refreshing claims failed")
}
