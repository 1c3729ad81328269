package auth

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"concordat/governance"
	"concordat/store"
)

// session is what is kept of a sign-in.
type session struct {
	Person          governance.PersonID `json:"person"`
	Issuer          string              `json:"issuer"`
	Subject         string              `json:"subject"` // as in the issuer's tokens
	Key             string              `json:"key"`     // that with the issuer names the person; mostly the subject
	SessionID       string              `json:"sid,omitempty"`
	ACR             string              `json:"acr,omitempty"`
	AuthenticatedAt time.Time           `json:"authenticatedAt"`
	IDToken         string              `json:"idToken"` // to show at logout
	RefreshToken    string              `json:"refreshToken,omitempty"`
	ClaimsReadAt    time.Time           `json:"claimsReadAt"`
	ExpiresAt       time.Time           `json:"expiresAt"`
}

const (
	sessionKey   = "session"        // the one value that a session holds
	lastSeenStep = 10 * time.Minute // how exactly it is known when a session was last used
)

// newSessions makes the session manager. No idle timeout: it would write at every request.
func (a *Auth) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Lifetime = a.lifetime
	m.IdleTimeout = 0
	m.Store = &sessionStore{store: a.store, now: a.now}
	m.Codec = jsonCodec{}
	m.Cookie.Name = a.cookiePrefix() + "concordat"
	m.Cookie.Path = "/"
	m.Cookie.HttpOnly = true
	m.Cookie.Secure = a.public.Scheme == "https"
	m.Cookie.SameSite = http.SameSiteLaxMode
	return m
}

// beginSession stores the session under a new token, ending the one that the browser came with.
func (a *Auth) beginSession(w http.ResponseWriter, r *http.Request, s session) error {
	ctx, err := a.loadSession(r)
	if err != nil {
		return err
	}
	if err := a.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("beginning a session: %w", err)
	}
	a.sessions.Put(ctx, sessionKey, s)
	token, expiry, err := a.sessions.Commit(ctx)
	if err != nil {
		return fmt.Errorf("beginning a session: %w", err)
	}
	a.sessions.WriteSessionCookie(ctx, w, token, expiry)
	return nil
}

// endSession ends the browser's session and takes its cookie away. It answers what the session was, or nil.
func (a *Auth) endSession(w http.ResponseWriter, r *http.Request) (*session, error) {
	ctx, err := a.loadSession(r)
	if err != nil {
		return nil, err
	}
	s, ok := a.sessions.Get(ctx, sessionKey).(session)
	if !ok {
		return nil, nil
	}
	if err := a.sessions.Destroy(ctx); err != nil {
		return nil, fmt.Errorf("ending a session: %w", err)
	}
	a.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	return &s, nil
}

// loadSession puts the session that the request's cookie names into a context; without one it is empty.
func (a *Auth) loadSession(r *http.Request) (context.Context, error) {
	ctx, err := a.sessions.Load(r.Context(), a.sessionToken(r))
	if err != nil {
		return nil, fmt.Errorf("reading the session: %w", err)
	}
	return ctx, nil
}

func (a *Auth) sessionToken(r *http.Request) string {
	c, err := r.Cookie(a.sessions.Cookie.Name)
	if err != nil {
		return ""
	}
	return c.Value
}

// jsonCodec writes a session as JSON.
type jsonCodec struct{}

type encodedSession struct {
	Deadline time.Time `json:"deadline"`
	Session  session   `json:"session"`
}

// Encode writes the one value of a session.
func (jsonCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	s, ok := values[sessionKey].(session)
	if !ok {
		return nil, errors.New("writing a session: nobody is signed in")
	}
	return json.Marshal(encodedSession{deadline, s})
}

// Decode reads it.
func (jsonCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	var e encodedSession
	if err := json.Unmarshal(data, &e); err != nil {
		return time.Time{}, nil, fmt.Errorf("reading a session: %w", err)
	}
	return e.Deadline, map[string]any{sessionKey: e.Session}, nil
}

// sessionStore keeps sessions in the database so that a copy of it is worth nothing to a thief: a row is found by the
// hash of the browser's token, and its data, tokens of the issuer among it, is encrypted under a key that comes from the
// token, which is stored nowhere.
type sessionStore struct {
	store *store.DB
	now   func() time.Time
}

// FindCtx answers a session's data and notes, now and then, that it is in use.
func (s *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	now := s.now().UTC()
	row, err := s.store.SessionByToken(ctx, hashToken(token), now)
	if governance.CodeOf(err) == governance.CodeNotFound {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	data, err := open(token, row.Data)
	if err != nil {
		return nil, false, nil // not made with this token
	}
	if !row.LastSeenAt.After(now.Add(-lastSeenStep)) {
		if err := s.store.SeeSession(ctx, row.TokenHash, now, now.Add(-lastSeenStep)); err != nil {
			return nil, false, err
		}
	}
	return data, true, nil
}

// CommitCtx stores a new session. A stored one is changed by replace alone, which brings no ended session back.
func (s *sessionStore) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	var e encodedSession
	if err := json.Unmarshal(data, &e); err != nil {
		return fmt.Errorf("storing a session: %w", err)
	}
	sealed, err := seal(token, data)
	if err != nil {
		return fmt.Errorf("storing a session: %w", err)
	}
	return s.store.BeginSession(ctx, store.Session{
		TokenHash: hashToken(token), Data: sealed, Person: e.Session.Person, Issuer: e.Session.Issuer,
		Subject: e.Session.Subject, SessionID: e.Session.SessionID,
		ExpiresAt: e.Session.ExpiresAt, LastSeenAt: s.now().UTC(),
	})
}

// replace stores a changed session; one that was ended in the meantime is NOT_FOUND.
func (s *sessionStore) replace(ctx context.Context, token string, changed session) error {
	data, err := json.Marshal(encodedSession{changed.ExpiresAt, changed})
	if err != nil {
		return fmt.Errorf("storing a session: %w", err)
	}
	sealed, err := seal(token, data)
	if err != nil {
		return fmt.Errorf("storing a session: %w", err)
	}
	return s.store.ReplaceSessionData(ctx, hashToken(token), sealed)
}

// DeleteCtx ends a session.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.store.EndSession(ctx, hashToken(token))
}

// Find, Commit and Delete are there for scs.Store; with a CtxStore the manager does not call them.
func (s *sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *sessionStore) Delete(token string) error {
	return s.DeleteCtx(context.Background(), token)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// sealer makes the cipher of a token. The token has 256 bits of chance, so that a key can come straight from it.
func sealer(token string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(token), nil, "concordat session data 1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func seal(token string, data []byte) ([]byte, error) {
	aead, err := sealer(token)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, data, nil), nil
}

func open(token string, sealed []byte) ([]byte, error) {
	aead, err := sealer(token)
	if err != nil {
		return nil, err
	}
	return aead.Open(nil, nil, sealed, nil)
}

var _ scs.CtxStore = (*sessionStore)(nil)
