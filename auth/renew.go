package auth

import (
	"context"
	"errors"
	"time"

	"concordat/governance"
)

// proof is by what a visitor was known, to ask again later.
type proof struct {
	token     string // of the session, or the bearer token itself; empty: nobody is signed in
	actingFor []string
}

// recognize finds out whom the proof shows, and for whom it acts. errSignedOut: the issuer has ended the session.
func (a *Auth) recognize(ctx context.Context, v *visitor) error {
	var err error
	if v.bearer {
		v.actor, v.until, err = a.bearerActor(ctx, v.proof.token)
	} else if v.proof.token != "" {
		v.actor, v.until, err = a.sessionActor(ctx, v.proof.token)
	}
	if err != nil {
		return err
	}
	return a.chooseOrganization(ctx, v, v.proof.actingFor)
}

// Renew answers a context in which who was asking is known as it stands now, for what outlives a request. Errors:
// UNAUTHENTICATED where the session or token has ended since, or is another's.
func (a *Auth) Renew(ctx context.Context) (context.Context, error) {
	before := visitorFrom(ctx)
	if before.actor.Anonymous() {
		return ctx, nil
	}
	v := &visitor{bearer: before.bearer, proof: before.proof}
	err := a.recognize(ctx, v)
	_, refused := errors.AsType[*tokenError](err)
	if refused || errors.Is(err, errSignedOut) || err == nil && v.actor.Person != before.actor.Person {
		return nil, governance.Refuse(governance.CodeUnauthenticated, "signed-out", "The session or token has ended. Sign in again.")
	}
	if err != nil {
		return nil, err
	}
	return context.WithValue(ctx, visitorKey{}, v), nil
}

// Until answers when the session or token ends by which somebody is known; the zero time for nobody.
func Until(ctx context.Context) time.Time { return visitorFrom(ctx).until }
