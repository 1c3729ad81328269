package auth

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"

	"concordat/governance"
	"concordat/store"
)

// logout ends the session here and then, where the issuer offers it, there (RP-initiated logout).
func (a *Auth) logout(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	ended, err := a.endSession(w, r)
	if err != nil {
		a.log.ErrorContext(r.Context(), "logout failed", "error", err)
		a.fail(w, r, http.StatusInternalServerError, governance.Refuse(governance.CodeUnauthenticated, "logout-failed",
			"Signing out did not work. Try again."))
		return
	}
	http.Redirect(w, r, a.afterLogout(r, ended), http.StatusSeeOther)
}

// afterLogout is where the browser goes: to the issuer to end its session too, or to our start page. An issuer that
// does not answer keeps nobody signed in here.
func (a *Auth) afterLogout(r *http.Request, ended *session) string {
	if ended == nil {
		return LoggedOutPath
	}
	p := a.providerOf(ended.Issuer)
	if p == nil {
		return LoggedOutPath
	}
	metadata, err := p.discover(r.Context())
	if err != nil || metadata.endSession == "" {
		return LoggedOutPath
	}
	address, err := url.Parse(metadata.endSession)
	if err != nil {
		return LoggedOutPath
	}
	query := address.Query()
	query.Set("id_token_hint", ended.IDToken)
	query.Set("client_id", p.ClientID)
	query.Set("post_logout_redirect_uri", a.public.String()+LoggedOutPath)
	address.RawQuery = query.Encode()
	return address.String()
}

const (
	logoutTokenMaxBytes = 64 << 10
	logoutTokenMaxAge   = 10 * time.Minute
)

// backChannelLogout takes a logout token from an issuer's server (OpenID Connect Back-Channel Logout 1.0) and ends the
// sessions that it names. It answers 200, or 400 for a token that does not hold or was used before.
func (a *Auth) backChannelLogout(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	p := a.providerNamed(r.PathValue("issuer"))
	if p == nil {
		refuseLogout(w, http.StatusNotFound, "There is no such issuer.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, logoutTokenMaxBytes)
	token, err := a.verifyLogoutToken(r, p)
	if err != nil {
		a.log.WarnContext(r.Context(), "logout token refused", "issuer", p.URL, "error", err)
		refuseLogout(w, http.StatusBadRequest, "The logout token does not hold.")
		return
	}
	ended, err := a.store.Logout(r.Context(), token)
	if governance.CodeOf(err) == governance.CodeConflict {
		refuseLogout(w, http.StatusBadRequest, "The logout token was used before.")
		return
	}
	if err != nil {
		a.log.ErrorContext(r.Context(), "back-channel logout failed", "issuer", p.URL, "error", err)
		refuseLogout(w, http.StatusInternalServerError, "Internal error.")
		return
	}
	a.log.InfoContext(r.Context(), "back-channel logout", "issuer", p.URL, "sessions", ended)
	w.WriteHeader(http.StatusOK)
}

// verifyLogoutToken checks the token in the form: what go-oidc's VerifyLogout checks (signature, issuer, audience,
// expiry, jti, sub or sid, no nonce), and besides the type, the time of issue and that the event is an object.
func (a *Auth) verifyLogoutToken(r *http.Request, p *provider) (store.Logout, error) {
	raw := r.PostFormValue("logout_token")
	metadata, err := p.discover(r.Context())
	if err != nil {
		return store.Logout{}, err
	}
	token, err := metadata.verifier.VerifyLogout(r.Context(), raw)
	if err != nil {
		return store.Logout{}, err
	}
	signed, err := jose.ParseSignedCompact(raw, signingAlgorithms)
	if err != nil {
		return store.Logout{}, err
	}
	if !isType(signed, "", "jwt", "logout+jwt") {
		return store.Logout{}, refuseToken("its typ says that it is another kind of token", nil)
	}
	var claims struct {
		IssuedAt seconds                               `json:"iat"`
		Events   map[string]map[string]json.RawMessage `json:"events"`
	}
	if err := token.Claims(&claims); err != nil {
		return store.Logout{}, err
	}
	for _, name := range []string{token.TokenID, token.Subject, token.SessionID} {
		if name != "" && !isName(name) {
			return store.Logout{}, refuseToken("its jti, sub or sid is none", nil)
		}
	}
	now, issuedAt := a.now(), claims.IssuedAt.time()
	if issuedAt.After(now.Add(clockSkew)) || issuedAt.Before(now.Add(-logoutTokenMaxAge)) {
		return store.Logout{}, refuseToken("it was not issued just now", nil)
	}
	if claims.Events["http://schemas.openid.net/event/backchannel-logout"] == nil {
		return store.Logout{}, refuseToken("its event is not an object", nil)
	}
	return store.Logout{
		Issuer: p.URL, TokenID: token.TokenID, Subject: token.Subject, SessionID: token.SessionID,
		ExpiresAt: issuedAt.Add(logoutTokenMaxAge + clockSkew),
	}, nil
}

func refuseLogout(w http.ResponseWriter, status int, description string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"error": "invalid_request", "error_description": description})
}
