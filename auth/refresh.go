package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"concordat/governance"
	"concordat/store"
)

const refreshRetry = time.Minute // until an issuer that did not answer is asked again

// errSignedOut is a session that its issuer does not stand by any more.
var errSignedOut = errors.New("the issuer has ended the session")

// refresh asks the issuer for new claims where those of the session have become old, so that a role taken away there
// is gone here within minutes, and an account closed there is signed out. It answers the session to go on with, or
// errSignedOut. An issuer that does not answer is asked again later; the session goes on.
func (a *Auth) refresh(ctx context.Context, token string, s session) (session, error) {
	if s.RefreshToken == "" || a.now().Sub(s.ClaimsReadAt) < a.refreshAfter {
		return s, nil
	}
	result := a.refreshes.DoChan(hashToken(token), func() (any, error) {
		return a.refreshNow(context.WithoutCancel(ctx), token)
	})
	select {
	case <-ctx.Done():
		return s, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return s, r.Err
		}
		return r.Val.(session), nil
	}
}

// refreshNow refreshes a session as it is stored now: another request, or another node, may have done it already.
func (a *Auth) refreshNow(ctx context.Context, token string) (session, error) {
	s, err := a.storedSession(ctx, token)
	if err != nil {
		return s, err
	}
	if a.now().Sub(s.ClaimsReadAt) < a.refreshAfter {
		return s, nil
	}
	used := s.RefreshToken
	err = a.renew(ctx, &s)
	switch {
	case err == nil:
		s.ClaimsReadAt = a.now().UTC()
	case isRefused(err):
		again, err := a.storedSession(ctx, token)
		if err == nil && again.RefreshToken != used {
			return again, nil // another node was faster, and the refresh token is good once
		}
		if err := a.store.EndSession(ctx, hashToken(token)); err != nil {
			return s, err
		}
		return s, errSignedOut
	default:
		a.log.WarnContext(ctx, "refreshing claims failed", "issuer", s.Issuer, "error", err)
		s.ClaimsReadAt = a.now().UTC().Add(refreshRetry - a.refreshAfter)
	}
	err = a.sessionStore().replace(ctx, token, s)
	if governance.CodeOf(err) == governance.CodeNotFound {
		return s, errSignedOut
	}
	return s, err
}

// storedSession reads a session past the one that a request's context holds.
func (a *Auth) storedSession(ctx context.Context, token string) (session, error) {
	data, found, err := a.sessionStore().FindCtx(ctx, token)
	if err != nil {
		return session{}, err
	}
	if !found {
		return session{}, errSignedOut
	}
	_, values, err := jsonCodec{}.Decode(data)
	if err != nil {
		return session{}, err
	}
	return values[sessionKey].(session), nil
}

func (a *Auth) sessionStore() *sessionStore { return a.sessions.Store.(*sessionStore) }

// isRefused says whether an issuer has refused a refresh token, as against not having answered.
func isRefused(err error) bool {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	return ok && refused.ErrorCode == "invalid_grant" || errors.Is(err, errSignedOut)
}

// renew uses the refresh token and reads the claims anew.
func (a *Auth) renew(ctx context.Context, s *session) error {
	p := a.providerOf(s.Issuer)
	if p == nil {
		return errSignedOut // the issuer is configured no more
	}
	m, err := p.discover(ctx)
	if err != nil {
		return err
	}
	tokens, err := m.oauth.TokenSource(oidc.ClientContext(ctx, p.client), &oauth2.Token{RefreshToken: s.RefreshToken}).Token()
	if err != nil {
		return fmt.Errorf("using the refresh token: %w", err)
	}
	s.RefreshToken = tokens.RefreshToken
	mapping := a.mapping.Issuer(p.URL)
	in := store.SignIn{
		Issuer: p.URL, Subject: s.Key, ACR: s.ACR, AuthenticatedAt: s.AuthenticatedAt, IssuedAt: a.now().UTC(), ReadsMandates: true,
	}
	var sources []sourced
	if raw := rawIDToken(tokens); raw != "" {
		who, err := p.identify(ctx, m, tokens)
		if err != nil {
			return err
		}
		if who.Subject != s.Subject {
			return errSignedOut // a refreshed ID token names the same person, or it is not one (Core, 12.2)
		}
		s.IDToken, in.IssuedAt = raw, who.token.IssuedAt.UTC()
		sources = append(sources, sourced{SourceIDToken, who.claims})
	}
	more, err := p.readMore(ctx, mapping, s.Subject, tokens)
	if err != nil {
		return err
	}
	in.ReadsMandates = len(sources)+len(more) > 0
	_, err = a.note(ctx, mapping, in, append(sources, more...))
	return err
}
