package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"concordat/governance"
)

// ActingForHeader names the organization for which a person acts: its id. It may be absent with mandates in exactly
// one organization.
const ActingForHeader = "Concordat-Acting-For"

// visitor is what the middleware found out about a request.
type visitor struct {
	actor   governance.Actor
	bearer  bool
	refusal *governance.Error // the header is wrong: nothing may be done in the name of anybody
	choice  *governance.Error // several organizations and no header: reading is all that may be done
	proof   proof
	until   time.Time // when the proof ends; zero: there is none
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
	v := &visitor{proof: proof{actingFor: r.Header.Values(ActingForHeader)}}
	if scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		v.bearer, v.proof.token = true, strings.TrimSpace(token)
	} else {
		v.proof.token = a.sessionToken(r)
	}
	err := a.recognize(r.Context(), v)
	if errors.Is(err, errSignedOut) {
		a.sessions.WriteSessionCookie(r.Context(), w, "", time.Time{})
		v.proof.token = ""
		err = a.recognize(r.Context(), v)
	}
	return v, err
}

// chooseOrganization decides for whom the person acts. What a step may rest on is read again in the step's own
// transaction.
func (a *Auth) chooseOrganization(ctx context.Context, v *visitor, header []string) error {
	var named governance.OrganizationID
	switch {
	case len(header) > 1:
		v.refusal = governance.Invalid(ActingForHeader, "acting-for-doubled", "{header} is given twice.", "header", ActingForHeader)
		return nil
	case len(header) == 1:
		named = governance.OrganizationID(header[0])
	}
	if v.actor.Anonymous() {
		if named != "" {
			v.refusal = governance.Refuse(governance.CodeUnauthenticated, "sign-in-needed", "Sign in first.")
		}
		return nil
	}
	held, err := a.store.StandingOrganizations(ctx, v.actor.Person)
	if err != nil {
		return err
	}
	switch {
	case named != "" && slices.Contains(held, named):
		v.actor.Organization = named
	case named != "":
		v.refusal, err = a.refuseNamed(ctx, v.actor.Person)
	case len(held) == 1:
		v.actor.Organization = held[0]
	case len(held) > 1:
		v.choice, err = a.refuseUnnamed(ctx, v.actor.Person)
	}
	return err
}

func (a *Auth) refuseNamed(ctx context.Context, person governance.PersonID) (*governance.Error, error) {
	list, err := a.listOrganizations(ctx, person)
	return governance.Refuse(governance.CodeForbidden, "no-mandate",
		"You have no mandate in the organization named in {header}. Yours: {organizations}.",
		"header", ActingForHeader, "organizations", list), err
}

func (a *Auth) refuseUnnamed(ctx context.Context, person governance.PersonID) (*governance.Error, error) {
	list, err := a.listOrganizations(ctx, person)
	return governance.Invalid(ActingForHeader, "acting-for-needed",
		"You have mandates in several organizations; name the one you act for in {header}: {organizations}.",
		"header", ActingForHeader, "organizations", list), err
}

// listOrganizations names, for people, the organizations that the person has mandates in.
func (a *Auth) listOrganizations(ctx context.Context, person governance.PersonID) (string, error) {
	mandates, err := a.store.StandingMandates(ctx, person)
	if err != nil {
		return "", err
	}
	var names []string
	for _, m := range mandates {
		name := string(m.Organization) + " (" + m.LegalName + ")"
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", "), nil
}

// sessionScopes are what a browser session may be used for: everything.
func sessionScopes() []governance.Scope {
	return []governance.Scope{governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct}
}

// sessionActor answers the person of the browser's session, or nobody, and when the session ends. errSignedOut: the issuer
// has ended it.
func (a *Auth) sessionActor(ctx context.Context, token string) (governance.Actor, time.Time, error) {
	loaded, err := a.sessions.Load(ctx, token)
	if err != nil {
		return governance.Actor{}, time.Time{}, fmt.Errorf("reading the session: %w", err)
	}
	s, ok := a.sessions.Get(loaded, sessionKey).(session)
	if !ok {
		return governance.Actor{}, time.Time{}, nil
	}
	s, err = a.refresh(ctx, token, s)
	if err != nil {
		return governance.Actor{}, time.Time{}, err
	}
	return governance.Actor{
		Person: s.Person, Scopes: sessionScopes(), Issuer: s.Issuer, ACR: s.ACR, AuthenticatedAt: s.AuthenticatedAt,
	}, s.ExpiresAt, nil
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
