package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/governance"
)

// testIssuer is an issuer whose keys the test holds: discovery and keys, nothing more.
type testIssuer struct {
	*httptest.Server
	rsa   *rsa.PrivateKey
	ecdsa *ecdsa.PrivateKey
	asked atomic.Int64                       // for keys
	more  atomic.Pointer[jose.JSONWebKeySet] // keys that it publishes besides
}

func newTestIssuer(t *testing.T) *testIssuer {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	issuer := &testIssuer{rsa: rsaKey, ecdsa: ecKey}
	issuer.more.Store(new(jose.JSONWebKeySet))
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{
			"issuer": issuer.URL, "authorization_endpoint": issuer.URL + "/authorize", "token_endpoint": issuer.URL + "/token",
			"jwks_uri": issuer.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256", "none", "HS256"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		issuer.asked.Add(1)
		keys := append([]jose.JSONWebKey{
			{Key: &rsaKey.PublicKey, KeyID: "rsa", Use: "sig"},
			{Key: &ecKey.PublicKey, KeyID: "ec", Use: "sig", Algorithm: "ES256"},
		}, issuer.more.Load().Keys...)
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: keys})
	})
	issuer.Server = httptest.NewServer(mux)
	t.Cleanup(issuer.Close)
	return issuer
}

// claims are those of a good access token.
func (i *testIssuer) claims(audience string) map[string]any {
	now := time.Now().Unix()
	return map[string]any{
		"iss": i.URL, "sub": "jana", "aud": audience, "client_id": "app", "jti": "1", "scope": "openid read write",
		"iat": now, "nbf": now, "exp": now + 300,
	}
}

// sign signs claims with a key under an algorithm and a type.
func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key any, id, typ string, claims map[string]any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithHeader("kid", id)
	if typ != "" {
		options = options.WithType(jose.ContentType(typ))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	require.NoError(t, err)
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	signed, err := signer.Sign(payload)
	require.NoError(t, err)
	token, err := signed.CompactSerialize()
	require.NoError(t, err)
	return token
}

func installWith(t *testing.T, issuer *testIssuer) *installation {
	t.Helper()
	return install(t, func(c *auth.Config) {
		c.Issuers = append(c.Issuers, auth.Issuer{Name: "test", URL: issuer.URL, ClientID: "app"})
	})
}

func TestAnAccessTokenOfTheDemoWorksAsItsPersona(t *testing.T) {
	in := install(t)
	token, err := demo.Token(t.Context(), in.URL, "secretary")
	require.NoError(t, err)
	got := in.browser(t).who("Authorization", "Bearer "+token)
	assert.Equal(t, []string{"heat-skills-council SECRETARY"}, got.Mandates)
	assert.Equal(t, organizationID(demo.HeatCouncil), got.Organization)
	assert.Equal(t, []governance.Scope{"read", "write", "act"}, got.Scopes)
	assert.Equal(t, "urn:concordat:demo:one-click", got.ACR)

	b := in.browser(t)
	b.signIn("secretary")
	assert.Equal(t, got.Person, b.who().Person, "and it is the same person as in the browser")
}

func TestGoodAccessTokensOfEveryAllowedAlgorithmAndForm(t *testing.T) {
	issuer := newTestIssuer(t)
	in := installWith(t, issuer)
	several := issuer.claims("")
	several["aud"] = []string{"https://elsewhere.example", in.URL}
	for name, token := range map[string]string{
		"RS256":                 sign(t, jose.RS256, issuer.rsa, "rsa", "at+jwt", issuer.claims(in.URL)),
		"PS256":                 sign(t, jose.PS256, issuer.rsa, "rsa", "at+jwt", issuer.claims(in.URL)),
		"ES256":                 sign(t, jose.ES256, issuer.ecdsa, "ec", "at+jwt", issuer.claims(in.URL)),
		"the type in full":      sign(t, jose.RS256, issuer.rsa, "rsa", "application/at+jwt", issuer.claims(in.URL)),
		"the type in capitals":  sign(t, jose.RS256, issuer.rsa, "rsa", "AT+JWT", issuer.claims(in.URL)),
		"for several audiences": sign(t, jose.RS256, issuer.rsa, "rsa", "at+jwt", several),
		"that names no key":     sign(t, jose.RS256, issuer.rsa, "", "at+jwt", issuer.claims(in.URL)),
	} {
		got := in.browser(t).get("/", "Authorization", "bearer "+token)
		assert.Equal(t, http.StatusOK, got.StatusCode, "%s: %s", name, got.body)
		assert.Contains(t, got.body, `"Scopes":["read","write"]`, name)
	}
}

func TestTokensThatDoNotHoldAreRefusedAndNotEchoed(t *testing.T) {
	issuer := newTestIssuer(t)
	in := installWith(t, issuer)
	good := issuer.claims(in.URL)
	with := func(name string, value any) map[string]any {
		changed := maps.Clone(good)
		if value == nil {
			delete(changed, name)
		} else {
			changed[name] = value
		}
		return changed
	}
	rs256 := func(claims map[string]any) string { return sign(t, jose.RS256, issuer.rsa, "rsa", "at+jwt", claims) }
	other := newTestIssuer(t)
	now := time.Now().Unix()
	for name, test := range map[string]struct{ token, want string }{
		"forged with another key":             {sign(t, jose.RS256, other.rsa, "rsa", "at+jwt", good), "signature"},
		"claims changed after signing":        {tamper(t, rs256(good), `"sub":"jana"`, `"sub":"admin"`), "signature"},
		"signature cut off":                   {rs256(good)[:strings.LastIndex(rs256(good), ".")+1], "signature"},
		"expired":                             {rs256(with("exp", now-60)), "expired"},
		"no end":                              {rs256(with("exp", nil)), "lacks"},
		"not valid yet":                       {rs256(with("nbf", now+120)), "not valid yet"},
		"issued tomorrow":                     {rs256(with("iat", now+86400)), "not valid yet"},
		"for another audience":                {rs256(with("aud", "https://elsewhere.example")), "audience"},
		"for nobody":                          {rs256(with("aud", nil)), "audience"},
		"of an issuer that is not configured": {sign(t, jose.RS256, other.rsa, "rsa", "at+jwt", other.claims(in.URL)), "issuer"},
		"of another configured issuer":        {rs256(with("iss", in.provider.Issuer())), "signature"},
		"of an issuer with a slash more":      {rs256(with("iss", issuer.URL+"/")), "issuer"},
		"an ID token":                         {sign(t, jose.RS256, issuer.rsa, "rsa", "JWT", good), "at+jwt"},
		"a logout token":                      {sign(t, jose.RS256, issuer.rsa, "rsa", "logout+jwt", good), "at+jwt"},
		"of no type":                          {sign(t, jose.RS256, issuer.rsa, "rsa", "", good), "at+jwt"},
		"alg none":                            {unsigned(t, good), "signed"},
		"HS256 with the public key as secret": {sign(t, jose.HS256, publicPEM(t, issuer.rsa), "rsa", "at+jwt", good), "signed"},
		"HS256 with the modulus as secret":    {sign(t, jose.HS256, issuer.rsa.N.Bytes(), "rsa", "at+jwt", good), "signed"},
		"RS512, which is not on the list":     {sign(t, jose.RS512, issuer.rsa, "rsa", "at+jwt", good), "signed"},
		"with a key of its own in the header": {selfKeyed(t, other, good), "signature"},
		"without subject":                     {rs256(with("sub", nil)), "lacks"},
		"without client":                      {rs256(with("client_id", nil)), "lacks"},
		"without jti":                         {rs256(with("jti", nil)), "lacks"},
		"with none of our scopes":             {rs256(with("scope", "openid profile")), "scopes"},
		"with a list where a text is wanted":  {rs256(with("sub", []string{"jana"})), "read"},
		"with a subject that cannot be seen":  {rs256(with("sub", "jana\x00")), "name a person"},
		"with an endless subject":             {rs256(with("sub", strings.Repeat("j", 513))), "name a person"},
		"not a JWT":                           {"hunter2", "signed"},
		"nothing":                             {"", "signed"},
		"very long":                           {rs256(with("pad", strings.Repeat("x", 20_000))), "too long"},
	} {
		t.Run(name, func(t *testing.T) {
			got := in.browser(t).get("/", "Authorization", "Bearer "+test.token)
			assert.Equal(t, http.StatusUnauthorized, got.StatusCode, got.body)
			assert.Contains(t, got.body, `"code":"UNAUTHENTICATED"`)
			assert.Contains(t, got.body, test.want)
			assert.Contains(t, got.Header.Get("WWW-Authenticate"), `error="invalid_token"`)
			for _, part := range strings.Split(test.token, ".") {
				if part != "" {
					assert.NotContains(t, got.body+fmt.Sprint(got.Header), part, "the token is not echoed")
				}
			}
			assert.NotContains(t, in.log.String(), "no such")
		})
	}
}

func TestTheDemosIDTokenIsNoAccessToken(t *testing.T) {
	in := install(t)
	b := in.browser(t)
	b.signIn("secretary")
	hint := b.do(http.MethodPost, auth.LogoutPath, nil).location(t).Query().Get("id_token_hint")
	require.NotEmpty(t, hint)
	got := in.browser(t).get("/", "Authorization", "Bearer "+hint)
	assert.Equal(t, http.StatusUnauthorized, got.StatusCode)
	assert.Contains(t, got.body, "at+jwt")
}

func TestForgedTokensCauseNoTrafficToTheIssuer(t *testing.T) {
	issuer, other := newTestIssuer(t), newTestIssuer(t)
	in := installWith(t, issuer)
	for i := range 20 {
		token := sign(t, jose.ES256, other.ecdsa, fmt.Sprintf("unknown-%d", i), "at+jwt", issuer.claims(in.URL))
		assert.Equal(t, http.StatusUnauthorized, in.browser(t).get("/", "Authorization", "Bearer "+token).StatusCode)
	}
	assert.LessOrEqual(t, issuer.asked.Load(), int64(2))
}

func TestANewKeyOfTheIssuerIsFetchedAndAWithdrawnOneForgotten(t *testing.T) {
	issuer, second := newTestIssuer(t), newTestIssuer(t)
	in := installWith(t, issuer)
	status := func(key *ecdsa.PrivateKey, id string) int {
		claims := issuer.claims(in.URL)
		for _, name := range []string{"iat", "nbf", "exp"} {
			claims[name] = claims[name].(int64) + int64(in.clock.moved().Seconds())
		}
		return in.browser(t).get("/", "Authorization", "Bearer "+sign(t, jose.ES256, key, id, "at+jwt", claims)).StatusCode
	}
	require.Equal(t, http.StatusOK, status(issuer.ecdsa, "ec"))
	issuer.more.Store(&jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &second.ecdsa.PublicKey, KeyID: "new", Algorithm: "ES256", Use: "sig"}}})
	in.clock.move(11 * time.Second)
	assert.Equal(t, http.StatusOK, status(second.ecdsa, "new"))

	issuer.more.Store(new(jose.JSONWebKeySet))
	assert.Equal(t, http.StatusOK, status(second.ecdsa, "new"), "as long as the keys are fresh")
	in.clock.move(61 * time.Minute)
	assert.Equal(t, http.StatusUnauthorized, status(second.ecdsa, "new"))
}

func TestATokenThatIsKeptIsJudgedAtEachUse(t *testing.T) {
	issuer, second := newTestIssuer(t), newTestIssuer(t)
	in := installWith(t, issuer)
	status := func(token string) int {
		return in.browser(t).get("/", "Authorization", "Bearer "+token).StatusCode
	}
	lasting := issuer.claims(in.URL)
	lasting["exp"] = time.Now().Add(24 * time.Hour).Unix()
	t.Run("it is refused once it has expired", func(t *testing.T) {
		token := sign(t, jose.RS256, issuer.rsa, "rsa", "at+jwt", issuer.claims(in.URL))
		require.Equal(t, http.StatusOK, status(token))
		asked := issuer.asked.Load()
		require.Equal(t, http.StatusOK, status(token))
		in.clock.move(330*time.Second + time.Second)
		assert.Equal(t, http.StatusUnauthorized, status(token))
		assert.Equal(t, asked, issuer.asked.Load())
	})
	t.Run("it is refused as soon as its key is known to be withdrawn", func(t *testing.T) {
		issuer.more.Store(&jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &second.ecdsa.PublicKey, KeyID: "new", Algorithm: "ES256", Use: "sig"}}})
		token := sign(t, jose.ES256, second.ecdsa, "new", "at+jwt", lasting)
		other := sign(t, jose.RS256, issuer.rsa, "rsa", "at+jwt", lasting)
		require.Equal(t, http.StatusOK, status(token))
		require.Equal(t, http.StatusOK, status(other))
		issuer.more.Store(new(jose.JSONWebKeySet))
		in.clock.move(11 * time.Second)
		require.Equal(t, http.StatusUnauthorized, status(sign(t, jose.ES256, second.ecdsa, "unknown", "at+jwt", lasting)), "the keys are fetched")
		assert.Equal(t, http.StatusUnauthorized, status(token))
		assert.Equal(t, http.StatusOK, status(other))
	})
	t.Run("it is refused an hour after its key was withdrawn", func(t *testing.T) {
		issuer.more.Store(&jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &second.ecdsa.PublicKey, KeyID: "hour", Algorithm: "ES256", Use: "sig"}}})
		in.clock.move(11 * time.Second)
		token := sign(t, jose.ES256, second.ecdsa, "hour", "at+jwt", lasting)
		require.Equal(t, http.StatusOK, status(token))
		issuer.more.Store(new(jose.JSONWebKeySet))
		require.Equal(t, http.StatusOK, status(token), "as long as the keys are fresh")
		in.clock.move(61 * time.Minute)
		assert.Equal(t, http.StatusUnauthorized, status(token))
	})
}

func TestAnIssuerThatIsAwayIsNotTheTokensFault(t *testing.T) {
	issuer := newTestIssuer(t)
	in := installWith(t, issuer)
	token := sign(t, jose.RS256, issuer.rsa, "rsa", "at+jwt", issuer.claims(in.URL))
	issuer.Close()
	got := in.browser(t).get("/", "Authorization", "Bearer "+token)
	assert.Equal(t, http.StatusServiceUnavailable, got.StatusCode)
	assert.Contains(t, got.body, "Internal error.")
	assert.NotContains(t, got.body, "127.0.0.1")
}

func TestATokenReadsItsScopesAndNoMore(t *testing.T) {
	issuer := newTestIssuer(t)
	in := installWith(t, issuer)
	claims := issuer.claims(in.URL)
	claims["scope"] = "write"
	got := in.browser(t).who("Authorization", "Bearer "+sign(t, jose.RS256, issuer.rsa, "rsa", "at+jwt", claims))
	require.NotNil(t, got.Reading)
	assert.Equal(t, governance.CodeForbidden, got.Reading.Code)
	assert.Equal(t, "scope-needed", got.Reading.Reason)
	assert.Nil(t, got.Writing)
}

func TestOldClaimsDoNotUndoNewOnes(t *testing.T) {
	in := install(t)
	old, err := demo.Token(t.Context(), in.URL, "nordwaerme-author")
	require.NoError(t, err)
	wait := time.Now().Truncate(time.Second).Add(time.Second)
	require.Eventually(t, func() bool { return time.Now().After(wait) }, 3*time.Second, 10*time.Millisecond)
	in.change("nordwaerme-author", func(p *demo.Persona) { p.Mandates = nil })
	b := in.browser(t)
	b.signIn("nordwaerme-author")
	assert.Empty(t, in.browser(t).who("Authorization", "Bearer "+old).Mandates)
}

// tamper changes the payload of a token and keeps its signature.
func tamper(t *testing.T, token, from, to string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	changed := strings.Replace(string(payload), from, to, 1)
	require.NotEqual(t, string(payload), changed)
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(changed))
	return strings.Join(parts, ".")
}

func unsigned(t *testing.T, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"none","typ":"at+jwt"}`)) + "." + part(payload) + "."
}

func publicPEM(t *testing.T, key *rsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// selfKeyed signs with a stranger's key and puts its public half into the header.
func selfKeyed(t *testing.T, stranger *testIssuer, claims map[string]any) string {
	t.Helper()
	options := (&jose.SignerOptions{EmbedJWK: true}).WithType("at+jwt")
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: stranger.rsa}, options)
	require.NoError(t, err)
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	signed, err := signer.Sign(payload)
	require.NoError(t, err)
	token, err := signed.CompactSerialize()
	require.NoError(t, err)
	return token
}
