package demo_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth/demo"
	"concordat/governance"
)

// serve serves the provider on a loopback port and answers its address.
func serve(t *testing.T) string {
	t.Helper()
	var provider http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	var err error
	provider, err = demo.New(demo.Config{PublicURL: server.URL, Audience: server.URL, Style: "/style.css"})
	require.NoError(t, err)
	return server.URL
}

// fetch answers a page without following it anywhere.
func fetch(t *testing.T, method, address string, form url.Values, header ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

// authorize is a good authorization request of the command-line client, changed.
func authorize(address string, change url.Values) string {
	query := url.Values{
		"client_id": {demo.CLIClientID}, "redirect_uri": {demo.CLIRedirect}, "response_type": {"code"}, "scope": {"openid read"},
		"state": {"s"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	for name, value := range change {
		query[name] = value
	}
	return address + demo.Path + "/authorize?" + query.Encode()
}

func TestThePeopleOfTheDemoCoverEveryRoleAndChamber(t *testing.T) {
	organizations := map[string]demo.Organization{}
	for _, o := range demo.Organizations() {
		assert.NotContains(t, organizations, o.Slug)
		organizations[o.Slug] = o
	}
	ids, roles, perChamber, several := map[string]bool{}, map[governance.Role]bool{}, map[governance.Chamber]map[string]bool{}, 0
	for _, p := range demo.Personas() {
		assert.False(t, ids[p.ID], p.ID)
		ids[p.ID] = true
		held := map[string]bool{}
		for _, m := range p.Mandates {
			o, ok := organizations[m.Organization]
			require.True(t, ok, "%s: %s", p.ID, m.Organization)
			roles[m.Role] = true
			held[o.Slug] = true
			if perChamber[o.Chamber] == nil {
				perChamber[o.Chamber] = map[string]bool{}
			}
			perChamber[o.Chamber][o.Slug] = true
		}
		if len(held) > 1 {
			several++
		}
		if p.Admin {
			roles[governance.RoleAdmin] = true
		}
	}
	for _, role := range governance.Roles {
		assert.True(t, roles[role], role)
	}
	for chamber, least := range map[governance.Chamber]int{
		governance.ChamberEmployer: 3, governance.ChamberUnion: 2, governance.ChamberProvider: 2, governance.ChamberSkillsCouncil: 1,
		governance.ChamberQualityAgency: 1, governance.ChamberLearnerBody: 1, governance.ChamberPublicAuthority: 1,
	} {
		assert.GreaterOrEqual(t, len(perChamber[chamber]), least, chamber)
	}
	assert.Positive(t, several, "somebody has mandates in two organizations")
}

func TestTheDemoIsRefusedWhereOthersReachIt(t *testing.T) {
	for _, address := range []string{
		"https://concordat.example", "http://192.168.1.5:8080", "http://localhost.example.org", "http://0.0.0.0:8080", "http://127.0.0.1.evil.example", "",
	} {
		_, err := demo.New(demo.Config{PublicURL: address, Audience: "x"})
		assert.ErrorContains(t, err, "demo's provider", address)
	}
	for _, address := range []string{"http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:8080", "http://concordat.localhost:8080"} {
		_, err := demo.New(demo.Config{PublicURL: address, Audience: "x"})
		assert.NoError(t, err, address)
	}
}

func TestDiscoverySaysWhatTheProviderDoesAndNoMore(t *testing.T) {
	address := serve(t)
	_, body := fetch(t, http.MethodGet, address+demo.Path+"/.well-known/openid-configuration", nil)
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	assert.Equal(t, address+demo.Path, got["issuer"])
	assert.Equal(t, true, got["authorization_response_iss_parameter_supported"])
	assert.Equal(t, true, got["backchannel_logout_session_supported"])
	assert.Equal(t, []any{"code"}, got["response_types_supported"])
	assert.Equal(t, []any{"authorization_code", "refresh_token"}, got["grant_types_supported"])
	assert.Equal(t, []any{"S256"}, got["code_challenge_methods_supported"])
	for _, absent := range []string{"introspection_endpoint", "revocation_endpoint", "device_authorization_endpoint"} {
		assert.NotContains(t, got, absent)
	}
	response, _ := fetch(t, http.MethodGet, address+demo.Path+"/keys", nil, "Origin", "https://evil.example")
	assert.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
}

func TestTheLoginPageIsPlainAndSaysWhoEachPersonaIs(t *testing.T) {
	address := serve(t)
	response, _ := fetch(t, http.MethodGet, authorize(address, nil), nil)
	page, err := response.Location()
	require.NoError(t, err)
	response, body := fetch(t, http.MethodGet, page.String(), nil)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	for _, p := range demo.Personas() {
		assert.Contains(t, body, `value="`+p.ID+`" aria-describedby="about-`+p.ID+`"`)
	}
	assert.NotContains(t, body, "<script")
	assert.NotContains(t, body, "style=")
	assert.Contains(t, body, `<html lang="en">`)
}

func TestRequestsThatTheProviderDoesNotTake(t *testing.T) {
	address := serve(t)
	for name, change := range map[string]url.Values{
		"without PKCE":           {"code_challenge": nil, "code_challenge_method": nil},
		"PKCE in the clear":      {"code_challenge_method": {"plain"}},
		"no page may be shown":   {"prompt": {"none"}},
		"a token in the address": {"response_type": {"id_token token"}},
	} {
		response, body := fetch(t, http.MethodGet, authorize(address, change), nil)
		to, err := response.Location()
		require.NoError(t, err, "%s: %s", name, body)
		assert.Equal(t, demo.CLIRedirect, to.Scheme+"://"+to.Host+to.Path, name)
		assert.Contains(t, to.String(), "error=", name)
		assert.NotContains(t, to.Path, "login", name)
	}
	for name, change := range map[string]url.Values{
		"another redirect": {"redirect_uri": {"https://evil.example/"}},
		"unknown client":   {"client_id": {"evil"}},
	} {
		response, _ := fetch(t, http.MethodGet, authorize(address, change), nil)
		assert.Empty(t, response.Header.Get("Location"), name)
		assert.GreaterOrEqual(t, response.StatusCode, 400, name)
	}
}

func TestASignInIsChosenOnce(t *testing.T) {
	address := serve(t)
	response, _ := fetch(t, http.MethodGet, authorize(address, nil), nil)
	page, err := response.Location()
	require.NoError(t, err)
	login := address + demo.Path + "/login"
	form := url.Values{"request": {page.Query().Get("request")}, "persona": {"secretary"}}

	response, body := fetch(t, http.MethodPost, login, url.Values{"request": form["request"], "persona": {"napoleon"}})
	assert.Equal(t, http.StatusBadRequest, response.StatusCode, body)
	response, _ = fetch(t, http.MethodPost, login, form)
	to, err := response.Location()
	require.NoError(t, err)
	assert.NotEmpty(t, to.Query().Get("code"))
	assert.Equal(t, address+demo.Path, to.Query().Get("iss"))
	response, body = fetch(t, http.MethodPost, login, form)
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	assert.Contains(t, body, "Nothing to sign in to")
}

func TestUserinfoTakesAccessTokensOnly(t *testing.T) {
	address := serve(t)
	token, err := demo.Token(t.Context(), address, "secretary")
	require.NoError(t, err)
	userinfo := address + demo.Path + "/userinfo"
	response, body := fetch(t, http.MethodGet, userinfo, nil, "Authorization", "Bearer "+token)
	assert.Equal(t, http.StatusOK, response.StatusCode, body)
	assert.Contains(t, body, `"/council/heat-skills-council/SECRETARY"`)
	for _, bad := range []string{token[:len(token)-4] + "AAAA", "x", ""} {
		response, _ = fetch(t, http.MethodGet, userinfo, nil, "Authorization", "Bearer "+bad)
		assert.GreaterOrEqual(t, response.StatusCode, 400)
	}
}
