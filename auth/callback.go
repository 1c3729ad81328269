package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"concordat/governance"
)

// errorWord is an OAuth error code; nothing else that came in an address is shown.
var errorWord = regexp.MustCompile(`\A[a-z_]{1,40}\z`)

// callback ends a sign-in: it checks that the answer belongs to a sign-in that this browser began with this issuer,
// redeems the code, verifies the tokens, notes the person and begins a session.
func (a *Auth) callback(w http.ResponseWriter, r *http.Request) {
	p := a.providerNamed(r.PathValue("issuer"))
	if p == nil {
		a.fail(w, r, http.StatusNotFound, governance.NotFound("issuer", r.PathValue("issuer")))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // the address holds the code
	metadata, err := p.discover(r.Context())
	if err != nil {
		a.unavailable(w, r, p, err)
		return
	}
	begun, ok := a.takeAttempt(w, r, p)
	if !ok {
		a.fail(w, r, http.StatusBadRequest, governance.Refuse(governance.CodeUnauthenticated, "sign-in-unknown",
			"This sign-in has expired, was finished before or was begun in another browser. Start again."))
		return
	}
	if refusal := p.checkAnswer(r, metadata); refusal != nil {
		a.fail(w, r, http.StatusBadRequest, refusal)
		return
	}
	if err := a.finish(w, r, p, begun); err != nil {
		a.signInFailed(w, r, p, err)
		return
	}
	http.Redirect(w, r, begun.Return, http.StatusSeeOther)
}

// checkAnswer checks what an issuer answered before any of it is used: that it is this issuer's (RFC 9207), and that it
// is not an error.
func (p *provider) checkAnswer(r *http.Request, m *metadata) *governance.Error {
	query := r.URL.Query()
	issuer, told := query.Get("iss"), query.Has("iss")
	if told && issuer != p.URL || !told && m.returnsISS {
		return governance.Refuse(governance.CodeUnauthenticated, "issuer-mismatch",
			"The answer is not from {issuer}. Start again.", "issuer", p.Title)
	}
	if !query.Has("error") {
		return nil
	}
	word := query.Get("error")
	if !errorWord.MatchString(word) {
		word = "error"
	}
	return governance.Refuse(governance.CodeUnauthenticated, "sign-in-refused",
		"{issuer} did not sign you in ({error}).", "issuer", p.Title, "error", word)
}

// signInFailed tells the person that it went wrong and the log why: what an issuer or a token said is not shown.
func (a *Auth) signInFailed(w http.ResponseWriter, r *http.Request, p *provider, err error) {
	if refusal, ok := errors.AsType[*governance.Error](err); ok {
		a.fail(w, r, http.StatusForbidden, refusal)
		return
	}
	a.log.WarnContext(r.Context(), "sign-in failed", "issuer", p.URL, "error", err)
	a.fail(w, r, http.StatusBadRequest, governance.Refuse(governance.CodeUnauthenticated, "sign-in-failed",
		"Signing in with {issuer} did not work. Start again.", "issuer", p.Title))
}

// finish redeems the code and begins the session.
func (a *Auth) finish(w http.ResponseWriter, r *http.Request, p *provider, begun attempt) error {
	ctx := r.Context()
	metadata, err := p.discover(ctx)
	if err != nil {
		return err
	}
	tokens, err := metadata.oauth.Exchange(oidc.ClientContext(ctx, p.client), r.URL.Query().Get("code"),
		oauth2.VerifierOption(begun.Verifier))
	if err != nil {
		return fmt.Errorf("redeeming the code: %w", err)
	}
	who, err := p.identify(ctx, metadata, tokens)
	if err != nil {
		return err
	}
	if who.Nonce != begun.Nonce {
		return errors.New("the ID token's nonce is not that of this sign-in")
	}
	signedIn, err := a.signIn(ctx, p, who, tokens)
	if err != nil {
		return err
	}
	return a.beginSession(w, r, session{
		Person: signedIn.Person, Issuer: p.URL, Subject: who.Subject, Key: a.mapping.Issuer(p.URL).subject(who.claims),
		SessionID: who.SessionID, ACR: who.ACR,
		AuthenticatedAt: who.AuthenticatedAt, IDToken: rawIDToken(tokens), RefreshToken: tokens.RefreshToken,
		ClaimsReadAt: a.now().UTC(), ExpiresAt: a.now().UTC().Add(a.lifetime),
	})
}

func rawIDToken(tokens *oauth2.Token) string {
	raw, _ := tokens.Extra("id_token").(string)
	return raw
}

// identify verifies the ID token among the tokens, and the access token's hash in it.
func (p *provider) identify(ctx context.Context, m *metadata, tokens *oauth2.Token) (*identity, error) {
	raw := rawIDToken(tokens)
	if raw == "" {
		return nil, errors.New("the issuer answered no ID token")
	}
	who, err := m.verifyIDToken(ctx, raw, p.ClientID)
	if err != nil {
		return nil, err
	}
	if who.token.AccessTokenHash != "" {
		if err := who.token.VerifyAccessToken(tokens.AccessToken); err != nil {
			return nil, fmt.Errorf("checking the access token: %w", err)
		}
	}
	return who, nil
}
