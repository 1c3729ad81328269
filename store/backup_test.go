package store_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/store"
	"concordat/store/storetest"
)

func TestABackupUnderWritesIsWholeAndOpens(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	makeProofs(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	begun := make(chan struct{}, 1)
	for range 4 {
		writers.Go(func() {
			for ctx.Err() == nil {
				if _, err := db.Take(ctx, note("busy")); err == nil {
					select {
					case begun <- struct{}{}:
					default:
					}
				}
			}
		})
	}
	<-begun
	path := filepath.Join(t.TempDir(), "50 % of it?.db")
	err := db.Backup(t.Context(), path)
	cancel()
	writers.Wait()
	require.NoError(t, err)

	_, err = os.Stat(path + ".partial")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorIs(t, db.Backup(t.Context(), path), fs.ErrExist, "a file that is there is not overwritten")

	restored := filepath.Join(t.TempDir(), "restored.db")
	require.NoError(t, os.Rename(path, restored))
	copied := storetest.OpenWith(t, store.Config{URL: "file:" + restored})
	acts := number(t, copied, `SELECT count(*) FROM acts`)
	assert.Positive(t, acts)
	requireLog(t, copied, acts)
	_, err = copied.Take(t.Context(), note("goes on"))
	require.NoError(t, err)
	requireLog(t, copied, acts+1)
}

func TestABackupThatCannotBeWrittenLeavesNothing(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	path := filepath.Join(t.TempDir(), "no such folder", "backup.db")
	require.Error(t, db.Backup(t.Context(), path))
	_, err := os.Stat(path)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestPostgreSQLIsBackedUpWithItsOwnTools(t *testing.T) {
	db := storetest.Open(t, storetest.Postgres)
	require.ErrorContains(t, db.Backup(t.Context(), filepath.Join(t.TempDir(), "b.db")), "pg_dump")
}

func TestACheckFindsWhatWasForgedBehindTheTriggers(t *testing.T) {
	tests := []struct {
		name, forgery, where string
	}{
		{"an act's body", `UPDATE acts SET body = body || ' '`, "act "},
		{"a leaf's hash", `UPDATE leaves SET hash = lower(hex(zeroblob(32)))`, "leaf 0"},
		{"a leaf's number", `UPDATE leaves SET number = 1`, "leaf 1"},
		{"a leaf taken away", `DELETE FROM leaves`, "act "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := storetest.Open(t, storetest.SQLite)
			makeProofs(t, db)
			_, err := db.Take(t.Context(), note("true"))
			require.NoError(t, err)
			require.NoError(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				for _, text := range []string{
					`DROP TRIGGER acts_refuse_update`, `DROP TRIGGER leaves_refuse_update`, `DROP TRIGGER leaves_refuse_delete`,
					test.forgery,
				} {
					if _, err := tx.Exec(ctx, text); err != nil {
						return err
					}
				}
				return nil
			}))
			problems, err := db.Check(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, problems)
			assert.Contains(t, problems[0].Where, test.where)
		})
	}
}
