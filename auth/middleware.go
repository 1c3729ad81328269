package auth

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"concordat/governance"
	"concordat/store"
)

// ActingForHeader names the organization for which a person acts: its id. It may be absent with mandates in exactly
// one organization.
const ActingForHeader = "Concordat-Acting-For"

// visitor is what the middleware found out about a request.
type visitor struct {
	actor    governance.Actor
	mandates []store.StandingMandate
	bearer   bool
	refusal  *governance.Error // the header is wrong: nothing may be done in the name of anybody
	choice   *governance.Error // several organizations and no header: reading is all that may be done
}

type visitorKey struct{}

func visitorFrom(ctx context.Context) *visitor {
	if v, ok := ctx.Value(visitorKey{}).(*visitor); ok {
		return v
	}
	return &visitor{}
}

// ActorFrom answers who is asking; the zero Actor where nobody is signed in.
func ActorFrom(ctx context.Context) governance.Actor { return visitorFrom(ctx).actor }

// MandatesFrom answers the mandates that the person held when the request came, for showing. What a step may rest on is
// read again in the step's own transaction.
func MandatesFrom(ctx context.Context) []store.StandingMandate { return visitorFrom(ctx).mandates }

// Refusal answers why a request may not go on as it is, or nil: an organization named in Concordat-Acting-For that the
// person has no mandate in, a bearer token without the scope to read, or, where something is to be changed, several
// organizations of which none is named. Whoever executes requests asks it once, before anything else.
func Refusal(ctx context.Context, changes bool) *governance.Error {
	v := visitorFrom(ctx)
	switch {
	case v.refusal != nil:
		return v.refusal
	case changes:
		return v.choice
	case v.bearer && !v.actor.MayUse(governance.ScopeRead):
		return governance.Refuse(governance.CodeForbidden, "scope-needed", "This token lacks the scope {scope}.",
			"scope", string(governance.ScopeRead))
	}
	return nil
}

// WithActor puts an actor into a context, as Middleware does for one that it found.
func WithActor(ctx context.Context, actor governance.Actor) context.Context {
	return context.WithValue(ctx, visitorKey{}, &visitor{actor: actor})
}

// Middleware finds out who is asking, by bearer token or session, and for which organization, and puts it into the
// request's context. A bearer token that does not hold is answered with 401 at once; everything else goes on, and
// Refusal says what may not.
func (a *Auth) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie, Authorization, "+ActingForHeader)
		v, err := a.visit(w, r)
		if refused, ok := errors.AsType[*tokenError](err); ok {
			a.log.InfoContext(r.Context(), "bearer token refused", "error", refused)
			refuseBearer(w, refused.say)
			return
		}
		if refusal, ok := errors.AsType[*governance.Error](err); ok {
			writeRefusal(w, http.StatusForbidden, refusal)
			return
		}
		if err != nil {
			if r.Context().Err() == nil {
				a.log.ErrorContext(r.Context(), "finding out who is asking failed", "error", err)
			}
			writeRefusal(w, http.StatusServiceUnavailable, &governance.Error{Code: "INTERNAL", Message: "Internal error."})
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
	})
}

// visit answers who is asking. A bearer token goes before a cookie.
func (a *Auth) visit(w http.ResponseWriter, r *http.Request) (*visitor, error) {
	v := &visitor{}
	var err error
	if scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		v.bearer = true
		v.actor, err = a.bearerActor(r.Context(), strings.TrimSpace(token))
	} else {
		v.actor, err = a.sessionActor(w, r)
	}
	if err != nil {
		return nil, err
	}
	if !v.actor.Anonymous() {
		v.mandates, err = a.store.StandingMandates(r.Context(), v.actor.Person)
		if err != nil {
			return nil, err
		}
	}
	v.chooseOrganization(r.Header.Values(ActingForHeader))
	return v, nil
}

// chooseOrganization decides for whom the person acts.
func (v *visitor) chooseOrganization(header []string) {
	if len(header) > 1 {
		v.refusal = governance.Invalid(ActingForHeader, "acting-for-doubled", "{header} is given twice.", "header", ActingForHeader)
		return
	}
	organizations := v.organizations()
	if len(header) == 0 || header[0] == "" {
		switch len(organizations) {
		case 0:
		case 1:
			v.actor.Organization = organizations[0].Organization
		default:
			v.choice = governance.Invalid(ActingForHeader, "acting-for-needed",
				"You have mandates in several organizations; name the one you act for in {header}: {organizations}.",
				"header", ActingForHeader, "organizations", listOrganizations(organizations))
		}
		return
	}
	if v.actor.Anonymous() {
		v.refusal = governance.Refuse(governance.CodeUnauthenticated, "sign-in-needed", "Sign in first.")
		return
	}
	for _, m := range organizations {
		if string(m.Organization) == header[0] {
			v.actor.Organization = m.Organization
			return
		}
	}
	v.refusal = governance.Refuse(governance.CodeForbidden, "no-mandate",
		"You have no mandate in the organization named in {header}. Yours: {organizations}.",
		"header", ActingForHeader, "organizations", listOrganizations(organizations))
}

// organizations answers one mandate for each organization that the person has any in.
func (v *visitor) organizations() []store.StandingMandate {
	var distinct []store.StandingMandate
	seen := map[governance.OrganizationID]bool{}
	for _, m := range v.mandates {
		if !seen[m.Organization] {
			seen[m.Organization] = true
			distinct = append(distinct, m)
		}
	}
	return distinct
}

func listOrganizations(mandates []store.StandingMandate) string {
	names := make([]string, len(mandates))
	for i, m := range mandates {
		names[i] = string(m.Organization) + " (" + m.LegalName + ")"
	}
	return strings.Join(names, ", ")
}

// sessionScopes are what a browser session may be used for: everything.
func sessionScopes() []governance.Scope {
	return []governance.Scope{governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct}
}

// sessionActor answers the person of the browser's session, or nobody.
func (a *Auth) sessionActor(w http.ResponseWriter, r *http.Request) (governance.Actor, error) {
	token := a.sessionToken(r)
	if token == "" {
		return governance.Actor{}, nil
	}
	ctx, err := a.loadSession(r)
	if err != nil {
		return governance.Actor{}, err
	}
	s, ok := a.sessions.Get(ctx, sessionKey).(session)
	if !ok {
		return governance.Actor{}, nil
	}
	s, err = a.refresh(r.Context(), token, s)
	if errors.Is(err, errSignedOut) {
		a.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
		return governance.Actor{}, nil
	}
	if err != nil {
		return governance.Actor{}, err
	}
	return governance.Actor{
		Person: s.Person, Scopes: sessionScopes(), Issuer: s.Issuer, ACR: s.ACR, AuthenticatedAt: s.AuthenticatedAt,
	}, nil
}

// bearerActor answers the person of a bearer token.
func (a *Auth) bearerActor(ctx context.Context, raw string) (governance.Actor, error) {
	token, err := a.verifyAccessToken(ctx, raw)
	if err != nil {
		return governance.Actor{}, err
	}
	person, err := a.bearers.person(raw, a.now(), token.Expiry.time().Add(clockSkew), func() (governance.PersonID, error) {
		return a.bearerPerson(ctx, token)
	})
	if err != nil {
		return governance.Actor{}, err
	}
	return governance.Actor{
		Person: person, Scopes: token.scopes(), Issuer: token.Issuer, ACR: token.ACR, AuthenticatedAt: token.authenticatedAt(),
	}, nil
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

const mostBearers = 10_000 // tokens remembered

// bearerCache remembers whose tokens are, so that a token's claims are read once and not at each request. It decides
// nothing: the token is verified each time.
type bearerCache struct {
	mu      sync.Mutex // guards persons; held for no longer than a look
	persons map[[32]byte]cachedBearer
}

type cachedBearer struct {
	person governance.PersonID
	until  time.Time
}

// person answers whose a token is, asking read the first time.
func (c *bearerCache) person(raw string, now, until time.Time, read func() (governance.PersonID, error)) (governance.PersonID, error) {
	key := sha256.Sum256([]byte(raw))
	c.mu.Lock()
	known, ok := c.persons[key]
	c.mu.Unlock()
	if ok && known.until.After(now) {
		return known.person, nil
	}
	person, err := read()
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.persons == nil || len(c.persons) >= mostBearers {
		c.persons = map[[32]byte]cachedBearer{}
	}
	c.persons[key] = cachedBearer{person, until}
	return person, nil
}

// refuseBearer answers 401 with what is wrong (RFC 6750, 3). The text is ours; the token is not in it.
func refuseBearer(w http.ResponseWriter, say string) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="concordat", error="invalid_token", error_description="`+say+`"`)
	writeRefusal(w, http.StatusUnauthorized, governance.Refuse(governance.CodeUnauthenticated, "token-refused", say))
}

// writeRefusal answers in the form of the API, whose clients are the ones that come here.
func writeRefusal(w http.ResponseWriter, status int, refusal *governance.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	extensions := map[string]any{"code": refusal.Code}
	if refusal.Reason != "" {
		extensions["reason"] = refusal.Reason
	}
	json.NewEncoder(w).Encode(map[string]any{"errors": []any{
		map[string]any{"message": refusal.Message, "extensions": extensions},
	}})
}
