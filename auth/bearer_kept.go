package auth

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"concordat/governance"
	"concordat/store"
)

// bearerActor answers the person of a bearer token, and when the token ends. A token's signature is checked once for each set of its issuer's
// keys, and whose it is is found out once; its time and its audience are looked at each time.
func (a *Auth) bearerActor(ctx context.Context, raw string) (governance.Actor, time.Time, error) {
	name := sha256.Sum256([]byte(raw))
	kept, known := a.bearers.look(name)
	if !known || !kept.token.keys.current(kept.token.against) {
		fresh, err := a.readBearer(ctx, raw, kept.person)
		if err != nil {
			return governance.Actor{}, time.Time{}, err
		}
		kept = fresh
		a.bearers.keep(name, kept)
	} else if err := kept.token.check(a.audience, a.now()); err != nil {
		return governance.Actor{}, time.Time{}, err
	}
	token := kept.token
	return governance.Actor{
		Person: kept.person, Scopes: token.scopes(), Issuer: token.Issuer, ACR: token.ACR, AuthenticatedAt: token.authenticatedAt(),
	}, token.Expiry.time().Add(clockSkew), nil
}

// readBearer verifies a token and finds out whose it is, where person is empty.
func (a *Auth) readBearer(ctx context.Context, raw string, person governance.PersonID) (keptBearer, error) {
	token, err := a.verifyAccessToken(ctx, raw)
	if err != nil {
		return keptBearer{}, err
	}
	if person == "" {
		if person, err = a.bearerPerson(ctx, token); err != nil {
			return keptBearer{}, err
		}
	}
	token.claims = nil // read, and of no more use
	return keptBearer{token, person}, nil
}

// bearerPerson notes the person that a token names and, where the mapping reads access tokens, its mandates.
func (a *Auth) bearerPerson(ctx context.Context, token *accessToken) (governance.PersonID, error) {
	mapping := a.mapping.Issuer(token.Issuer)
	in := store.SignIn{
		Issuer: token.Issuer, Subject: mapping.subject(token.claims), ACR: token.ACR,
		AuthenticatedAt: token.authenticatedAt(), IssuedAt: token.IssuedAt.time(),
		ReadsMandates: mapping.Reads(SourceAccessToken),
	}
	if !isName(in.Subject) {
		return "", refuseToken("The token lacks the claims that name a person.", nil)
	}
	signedIn, err := a.note(ctx, mapping, in, []sourced{{SourceAccessToken, token.claims}})
	return signedIn.Person, err
}

const mostBearers = 10_000 // tokens kept

// bearerCache keeps the tokens that held, by their SHA-256.
type bearerCache struct {
	mu   sync.Mutex // guards kept; held for no longer than a look
	kept map[[sha256.Size]byte]keptBearer
}

// keptBearer is a token that held, and whose it is. It never changes.
type keptBearer struct {
	token  *accessToken
	person governance.PersonID
}

func (c *bearerCache) look(name [sha256.Size]byte) (keptBearer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, known := c.kept[name]
	return kept, known
}

// keep keeps a token, in the place of all others where there are too many.
func (c *bearerCache) keep(name [sha256.Size]byte, b keptBearer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= mostBearers {
		c.kept = map[[sha256.Size]byte]keptBearer{}
	}
	c.kept[name] = b
}
