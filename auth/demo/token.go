package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"concordat/auth"
)

// Token signs in to a running demo as a persona and answers an access token with the scopes read, write and act. It is
// the authorization code flow with PKCE of a registered client, as a browser would go through it: nothing at the
// provider is made for it.
func Token(ctx context.Context, publicURL, persona string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{
		Jar: jar, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	ctx = oidc.ClientContext(ctx, client)
	issuer, err := findIssuer(ctx, client, publicURL)
	if err != nil {
		return "", fmt.Errorf("looking for the demo at %s: %w", publicURL, err)
	}
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return "", fmt.Errorf("looking for the demo at %s: %w", publicURL, err)
	}
	config := oauth2.Config{
		ClientID: CLIClientID, Endpoint: provider.Endpoint(), RedirectURL: CLIRedirect,
		Scopes: []string{oidc.ScopeOpenID, "read", "write", "act"},
	}
	config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	answer, err := clickPersona(ctx, client, config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)), persona)
	if err != nil {
		return "", err
	}
	if answer.Get("state") != state || answer.Get("iss") != issuer {
		return "", errors.New("the answer belongs to another sign-in")
	}
	tokens, err := config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return "", fmt.Errorf("redeeming the code: %w", err)
	}
	return tokens.AccessToken, nil
}

// findIssuer asks the demo at an address what it calls itself: localhost and 127.0.0.1 are one machine and two names.
func findIssuer(ctx context.Context, client *http.Client, publicURL string) (string, error) {
	address := strings.TrimRight(publicURL, "/") + Path + "/.well-known/openid-configuration"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var found struct {
		Issuer string `json:"issuer"`
	}
	if response.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&found) != nil {
		return "", fmt.Errorf("there is none (%s)", response.Status)
	}
	issuer, err := url.Parse(found.Issuer)
	if err != nil || !auth.IsLoopback(issuer.Hostname()) {
		return "", errors.New("it is not on this machine")
	}
	return found.Issuer, nil
}

// clickPersona goes to the login page, chooses the persona and answers what the provider sends to the redirect.
func clickPersona(ctx context.Context, client *http.Client, authorize, persona string) (url.Values, error) {
	page, _, err := visit(ctx, client, authorize, nil)
	if err != nil {
		return nil, err
	}
	if page == nil || !page.Query().Has("request") {
		return nil, errors.New("the demo's provider did not show its login page")
	}
	form := url.Values{"request": {page.Query().Get("request")}, "persona": {persona}}
	page.RawQuery = ""
	redirect, text, err := visit(ctx, client, page.String(), form)
	if err != nil {
		return nil, err
	}
	if redirect == nil {
		return nil, fmt.Errorf("choosing %s: %s", persona, text)
	}
	if redirect.Query().Has("error") {
		return nil, fmt.Errorf("choosing %s: %s", persona, redirect.Query().Get("error"))
	}
	return redirect.Query(), nil
}

// visit answers where a page redirects to, or nil and its text where it does not. With a form it is sent by POST.
func visit(ctx context.Context, client *http.Client, address string, form url.Values) (*url.URL, string, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	redirect, err := response.Location()
	if err == nil {
		return redirect, "", nil
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 1000))
	return nil, strings.TrimSpace(string(text)), err
}
