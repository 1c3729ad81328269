package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// begin stores a session of jana's that lasts an hour.
func begin(t *testing.T, db *store.DB, hash, subject, sid string) store.Session {
	t.Helper()
	in := jana(storetest.Start)
	in.Subject = subject
	s := store.Session{
		TokenHash: hash, Data: []byte{0, 1, 2, 255}, Person: signIn(t, db, in).Person, Issuer: in.Issuer, Subject: subject,
		SessionID: sid, ExpiresAt: storetest.Start.Add(time.Hour), LastSeenAt: storetest.Start,
	}
	require.NoError(t, db.BeginSession(t.Context(), s))
	return s
}

func sessionCode(t *testing.T, db *store.DB, hash string) governance.Code {
	t.Helper()
	_, err := db.SessionByToken(t.Context(), hash, storetest.Start)
	return governance.CodeOf(err)
}

func TestASessionIsFoundUntilItExpiresOrEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		want := begin(t, db, "h1", "jana", "sid-1")
		got, err := db.SessionByToken(t.Context(), "h1", storetest.Start)
		require.NoError(t, err)
		assert.Equal(t, want, got)

		_, err = db.SessionByToken(t.Context(), "h1", want.ExpiresAt)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err), "at its end")
		assert.Equal(t, governance.CodeNotFound, sessionCode(t, db, "h2"))

		require.NoError(t, db.EndSession(t.Context(), "h1"))
		require.NoError(t, db.EndSession(t.Context(), "h1"), "ending it twice")
		assert.Equal(t, governance.CodeNotFound, sessionCode(t, db, "h1"))
	})
}

func TestNewDataDoesNotBringAnEndedSessionBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		begin(t, db, "h1", "jana", "")
		require.NoError(t, db.ReplaceSessionData(t.Context(), "h1", []byte("new")))
		got, err := db.SessionByToken(t.Context(), "h1", storetest.Start)
		require.NoError(t, err)
		assert.Equal(t, []byte("new"), got.Data)

		require.NoError(t, db.EndSession(t.Context(), "h1"))
		err = db.ReplaceSessionData(t.Context(), "h1", []byte("newer"))
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
		assert.Equal(t, governance.CodeNotFound, sessionCode(t, db, "h1"))
	})
}

func TestASessionIsSeenOnceInAWhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		begin(t, db, "h1", "jana", "")
		seen := func(after time.Duration) time.Time {
			now := storetest.Start.Add(after)
			require.NoError(t, db.SeeSession(t.Context(), "h1", now, now.Add(-10*time.Minute)))
			got, err := db.SessionByToken(t.Context(), "h1", storetest.Start)
			require.NoError(t, err)
			return got.LastSeenAt
		}
		assert.Equal(t, storetest.Start, seen(9*time.Minute))
		assert.Equal(t, storetest.Start.Add(10*time.Minute), seen(10*time.Minute))
	})
}

func TestALogoutTokenEndsTheSessionsItNamesOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		begin(t, db, "h1", "jana", "sid-1")
		begin(t, db, "h2", "jana", "sid-2")
		begin(t, db, "h3", "kadri", "sid-3")
		token := store.Logout{Issuer: "https://id.example", TokenID: "t1", SessionID: "sid-1", ExpiresAt: storetest.Start.Add(time.Minute)}

		ended, err := db.Logout(t.Context(), token)
		require.NoError(t, err)
		assert.Equal(t, 1, ended)
		assert.Equal(t, governance.CodeNotFound, sessionCode(t, db, "h1"))
		assert.Empty(t, sessionCode(t, db, "h2"))

		begin(t, db, "h4", "jana", "sid-1")
		_, err = db.Logout(t.Context(), token)
		assert.Equal(t, governance.CodeConflict, governance.CodeOf(err), "the same token again")
		assert.Empty(t, sessionCode(t, db, "h4"))

		ended, err = db.Logout(t.Context(), store.Logout{Issuer: "https://id.example", TokenID: "t2", Subject: "kadri", SessionID: "sid-2", ExpiresAt: storetest.Start.Add(time.Minute)})
		require.NoError(t, err)
		assert.Zero(t, ended, "another subject's session")

		ended, err = db.Logout(t.Context(), store.Logout{Issuer: "https://id.example", TokenID: "t3", Subject: "jana", ExpiresAt: storetest.Start.Add(time.Minute)})
		require.NoError(t, err)
		assert.Equal(t, 2, ended, "every session of the subject")
		assert.Empty(t, sessionCode(t, db, "h3"))

		ended, err = db.Logout(t.Context(), store.Logout{Issuer: "https://other.example", TokenID: "t1", Subject: "kadri", ExpiresAt: storetest.Start.Add(time.Minute)})
		require.NoError(t, err)
		assert.Zero(t, ended, "another issuer's token of the same id")
	})
}

func TestALogoutThatNamesNobodyEndsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		begin(t, db, "h1", "jana", "")
		_, err := db.Logout(t.Context(), store.Logout{Issuer: "https://id.example", TokenID: "t1", ExpiresAt: storetest.Start})
		require.Error(t, err)
		assert.Empty(t, sessionCode(t, db, "h1"))
	})
}

func TestExpiredSessionsAndTokensAreDropped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		begin(t, db, "h1", "jana", "")
		_, err := db.Logout(t.Context(), store.Logout{Issuer: "https://id.example", TokenID: "t1", Subject: "x", ExpiresAt: storetest.Start.Add(time.Minute)})
		require.NoError(t, err)
		dropped, err := db.DropExpiredSessions(t.Context(), storetest.Start.Add(59*time.Minute))
		require.NoError(t, err)
		assert.Zero(t, dropped)
		assert.Equal(t, int64(0), number(t, db, `SELECT count(*) FROM logout_tokens`))
		dropped, err = db.DropExpiredSessions(t.Context(), storetest.Start.Add(time.Hour))
		require.NoError(t, err)
		assert.Equal(t, 1, dropped)
	})
}
