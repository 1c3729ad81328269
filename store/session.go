package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
)

// Session is a signed-in browser. The token that the browser holds is not in it: the row is found by its hash, and the
// data is sealed by package auth under a key that comes from the token.
type Session struct {
	TokenHash  string // hex SHA-256
	Data       []byte // sealed
	Person     governance.PersonID
	Issuer     string
	Subject    string // as the issuer names the person in its tokens
	SessionID  string // sid: the issuer's own session; empty: it has told none
	ExpiresAt  time.Time
	LastSeenAt time.Time
}

// BeginSession stores a new session.
func (db *DB) BeginSession(ctx context.Context, s Session) error {
	return db.write(ctx, "beginSession", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			INSERT INTO sessions (
				token_hash, data, person_id, issuer, subject, sid, expires_at, last_seen_at
			) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			s.TokenHash, s.Data, s.Person, s.Issuer, s.Subject, s.SessionID, s.ExpiresAt, s.LastSeenAt)
		return err
	})
}

// SessionByToken answers the session under a token's hash. One that there is not, or that has expired at now, is
// NOT_FOUND.
func (db *DB) SessionByToken(ctx context.Context, tokenHash string, now time.Time) (Session, error) {
	var sessions []Session
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		sessions, err = collect(ctx, q, scanSession, `
			SELECT
				token_hash,
				data,
				person_id,
				issuer,
				subject,
				sid,
				expires_at,
				last_seen_at
			FROM sessions
			WHERE token_hash = $1 AND expires_at > $2`,
			tokenHash, now)
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("read a session: %w", err)
	}
	if len(sessions) == 0 {
		return Session{}, errNoSession
	}
	return sessions[0], nil
}

var errNoSession = governance.Refuse(governance.CodeNotFound, "session-not-found", "There is no such session.")

func scanSession(row scanner) (Session, error) {
	var s Session
	err := row.Scan(&s.TokenHash, &s.Data, orEmpty(&s.Person), &s.Issuer, &s.Subject, &s.SessionID, at(&s.ExpiresAt), at(&s.LastSeenAt))
	return s, err
}

// ReplaceSessionData stores new data for a session that there is; one that was ended in the meantime is NOT_FOUND and
// stays ended.
func (db *DB) ReplaceSessionData(ctx context.Context, tokenHash string, data []byte) error {
	return db.write(ctx, "replaceSessionData", func(ctx context.Context, tx *Tx) error {
		changed, err := tx.exec(ctx, `UPDATE sessions SET data = $1 WHERE token_hash = $2`, data, tokenHash)
		if err != nil {
			return err
		}
		if changed == 0 {
			return errNoSession
		}
		return nil
	})
}

// SeeSession notes that a session was used at now, unless that was noted after since.
func (db *DB) SeeSession(ctx context.Context, tokenHash string, now, since time.Time) error {
	return db.write(ctx, "seeSession", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			UPDATE sessions
			SET last_seen_at = $1
			WHERE token_hash = $2 AND last_seen_at <= $3`,
			now, tokenHash, since)
		return err
	})
}

// EndSession ends a session; one that there is not is ended already.
func (db *DB) EndSession(ctx context.Context, tokenHash string) error {
	return db.write(ctx, "endSession", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, tokenHash)
		return err
	})
}

// Logout is a verified logout token of an issuer. With a SessionID it ends that session of the issuer, without one every
// session of the subject.
type Logout struct {
	Issuer    string
	TokenID   string // jti
	Subject   string // may be empty with a SessionID
	SessionID string
	ExpiresAt time.Time // after which the token is refused anyway
}

// Logout ends the sessions that a logout token names and answers how many. A token that was used before is CONFLICT.
func (db *DB) Logout(ctx context.Context, l Logout) (int, error) {
	if l.Subject == "" && l.SessionID == "" {
		return 0, errors.New("log out: neither subject nor session is named")
	}
	var ended int64
	err := db.write(ctx, "logout", func(ctx context.Context, tx *Tx) error {
		fresh, err := tx.exec(ctx, `
			INSERT INTO logout_tokens (issuer, jti, expires_at)
			VALUES ($1, $2, $3)
			ON CONFLICT (issuer, jti) DO NOTHING`,
			l.Issuer, l.TokenID, l.ExpiresAt)
		if err != nil {
			return err
		}
		if fresh == 0 {
			return governance.Refuse(governance.CodeConflict, "logout-token-used", "This logout token was used before.")
		}
		ended, err = tx.exec(ctx, `
			DELETE FROM sessions
			WHERE issuer = $1
			AND (CAST($2 AS TEXT) = '' OR subject = $2)
			AND (CAST($3 AS TEXT) = '' OR sid = $3)`,
			l.Issuer, l.Subject, l.SessionID)
		return err
	})
	return int(ended), err
}

// DropExpiredSessions deletes sessions and used logout tokens that nobody will ask for any more, and answers how many
// sessions. The server's clock calls it now and then.
func (db *DB) DropExpiredSessions(ctx context.Context, now time.Time) (int, error) {
	var dropped int64
	err := db.write(ctx, "dropExpiredSessions", func(ctx context.Context, tx *Tx) error {
		var err error
		dropped, err = tx.exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, now)
		if err != nil {
			return err
		}
		_, err = tx.exec(ctx, `DELETE FROM logout_tokens WHERE expires_at <= $1`, now)
		return err
	})
	return int(dropped), err
}
