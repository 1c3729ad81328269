package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"concordat/governance"
)

// attempt is a sign-in under way. It is kept in a cookie of the browser that began it and nowhere else, so that
// somebody who begins a million sign-ins costs us nothing, and so that no other browser can end this one.
type attempt struct {
	Issuer   string    `json:"issuer"` // name
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // PKCE
	Return   string    `json:"return"`   // local path
	BegunAt  time.Time `json:"begunAt"`
}

const (
	attemptLifetime = 10 * time.Minute
	mostAttempts    = 4 // at once in one browser: several tabs, not a cookie jar that no proxy takes
)

// login sends the browser to an issuer.
func (a *Auth) login(w http.ResponseWriter, r *http.Request) {
	p := a.providerNamed(r.PathValue("issuer"))
	if p == nil {
		a.fail(w, r, http.StatusNotFound, governance.NotFound("issuer", r.PathValue("issuer")))
		return
	}
	metadata, err := p.discover(r.Context())
	if err != nil {
		a.unavailable(w, r, p, err)
		return
	}
	begun := attempt{
		Issuer: p.Name, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(),
		Return: localPath(r.URL.Query().Get("return")), BegunAt: a.now().UTC(),
	}
	a.dropAttempts(w, r, mostAttempts-1)
	a.keepAttempt(w, begun)
	address := metadata.oauth.AuthCodeURL(begun.State, oidc.Nonce(begun.Nonce), oauth2.S256ChallengeOption(begun.Verifier))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// attemptCookie names the cookie of a sign-in. The state is in the name, so that several can be under way.
func (a *Auth) attemptCookie(state string) string {
	return a.cookiePrefix() + "concordat-login-" + state
}

// cookiePrefix makes browsers refuse cookies that another host or an unencrypted page set. On http they would refuse
// ours too, and http is for loopback alone.
func (a *Auth) cookiePrefix() string {
	if a.public.Scheme == "https" {
		return "__Host-"
	}
	return ""
}

func (a *Auth) cookie(name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age / time.Second),
		Secure: a.public.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

func (a *Auth) keepAttempt(w http.ResponseWriter, begun attempt) {
	value, err := json.Marshal(begun)
	if err != nil {
		panic(err) // strings and a time encode
	}
	encoded := base64.RawURLEncoding.EncodeToString(value)
	http.SetCookie(w, a.cookie(a.attemptCookie(begun.State), encoded, attemptLifetime))
}

// dropAttempts forgets sign-ins begun before, but for as many as may stay.
func (a *Auth) dropAttempts(w http.ResponseWriter, r *http.Request, stay int) {
	prefix := a.attemptCookie("")
	cookies := slices.DeleteFunc(r.Cookies(), func(c *http.Cookie) bool { return !strings.HasPrefix(c.Name, prefix) })
	for _, c := range cookies[min(stay, len(cookies)):] {
		http.SetCookie(w, a.cookie(c.Name, "", -time.Second))
	}
}

// takeAttempt finds the sign-in that a callback's state names and forgets it: a callback that comes twice ends nothing.
func (a *Auth) takeAttempt(w http.ResponseWriter, r *http.Request, p *provider) (attempt, bool) {
	state := r.URL.Query().Get("state")
	if state == "" || len(state) > 100 {
		return attempt{}, false
	}
	c, err := r.Cookie(a.attemptCookie(state))
	if err != nil {
		return attempt{}, false
	}
	http.SetCookie(w, a.cookie(c.Name, "", -time.Second))
	value, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return attempt{}, false
	}
	var begun attempt
	if err := json.Unmarshal(value, &begun); err != nil {
		return attempt{}, false
	}
	age := a.now().Sub(begun.BegunAt)
	same := subtle.ConstantTimeCompare([]byte(begun.State), []byte(state)) == 1
	return begun, same && begun.Issuer == p.Name && age >= -clockSkew && age <= attemptLifetime
}

// unavailable says that an issuer cannot be reached; why goes to the log.
func (a *Auth) unavailable(w http.ResponseWriter, r *http.Request, p *provider, err error) {
	a.log.WarnContext(r.Context(), "identity provider cannot be reached", "issuer", p.URL, "error", err)
	a.fail(w, r, http.StatusBadGateway, governance.Refuse(governance.CodeUnauthenticated, "issuer-unavailable",
		"{issuer} cannot be reached at the moment. Try again in a minute.", "issuer", p.Title))
}
