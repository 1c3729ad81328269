package store_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

func testLogKey(t *testing.T) *notary.LogKey {
	t.Helper()
	key, err := notary.NewLogKey("example.org/log", ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", ed25519.SeedSize))))
	require.NoError(t, err)
	return key
}

// noteMany takes one step that leaves so many acts, and answers the first one's id.
func noteMany(t *testing.T, db *store.DB, acts int) governance.ActID {
	t.Helper()
	var first governance.ActID
	step := note("many")
	step.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
		for i := range acts {
			id, err := tx.Append(ctx, store.Act{Type: "NOTED", Object: store.Object{Kind: "NOTE", ID: fmt.Sprint(i)}}, "p1")
			if err != nil {
				return "", err
			}
			if i == 0 {
				first = id
			}
		}
		return "p1", nil
	}
	_, err := db.Take(t.Context(), step)
	require.NoError(t, err)
	return first
}

// followLog waits until the log holds so many leaves: on PostgreSQL they follow the step.
func followLog(t *testing.T, db *store.DB, size int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := db.WaitForLeaf(ctx, size-2)
	require.NoError(t, err, "wait for leaf %d", size-1)
}

func TestTheLogIsProvenFromTilesAcrossTheirEdges(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ctx, key := t.Context(), testLogKey(t)
		acts := map[int64]governance.ActID{}
		var signed []store.Signed
		size := int64(0)
		for _, more := range []int{1, 254, 1, 1, 255, 1, 600} {
			acts[size] = noteMany(t, db, more)
			size += int64(more)
			followLog(t, db, size)
			s, err := db.Checkpoint(ctx, store.Epoch{Number: 1}, key)
			require.NoError(t, err)
			require.Equal(t, size, s.Size)
			again, err := db.Checkpoint(ctx, store.Epoch{Number: 1}, key)
			require.NoError(t, err)
			require.Equal(t, s.Note, again.Note, "nothing came since")
			signed = append(signed, s)
		}
		for i, s := range signed {
			newer, err := notary.OpenCheckpoint([]byte(s.Note), key.Verifier())
			require.NoError(t, err)
			for number, act := range acts {
				proof, err := db.ProveInclusion(ctx, act, s.Size)
				if number >= s.Size {
					assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
					continue
				}
				require.NoError(t, err)
				require.NoError(t, proof.Check(newer, digestOf(t, db, act)), "leaf %d of %d", number, s.Size)
			}
			for _, before := range signed[:i] {
				older, err := notary.OpenCheckpoint([]byte(before.Note), key.Verifier())
				require.NoError(t, err)
				proof, err := db.ProveConsistency(ctx, older.Size, newer.Size)
				require.NoError(t, err)
				require.NoError(t, proof.Check(older, newer))
			}
		}
		_, err := db.ProveInclusion(ctx, "nothing", 0)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
		_, err = db.ProveConsistency(ctx, 1, size+1)
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))

		full, err := db.LogTile(ctx, notary.Tile{Level: 0, Number: 1, Width: notary.TileWidth})
		require.NoError(t, err)
		assert.Len(t, full, notary.TileWidth*tlog.HashSize)
		above, err := db.LogTile(ctx, notary.Tile{Level: 1, Number: 0, Width: 4})
		require.NoError(t, err)
		node, err := notary.NodeOf(hashesIn(full))
		require.NoError(t, err)
		assert.Equal(t, node[:], above[tlog.HashSize:2*tlog.HashSize])
		_, err = db.LogTile(ctx, notary.Tile{Level: 1, Number: 0, Width: 5})
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))

		problems, err := db.Check(ctx)
		require.NoError(t, err)
		assert.Empty(t, problems)
	})
}

func hashesIn(tile []byte) []tlog.Hash {
	hashes := make([]tlog.Hash, len(tile)/tlog.HashSize)
	for i := range hashes {
		hashes[i] = tlog.Hash(tile[i*tlog.HashSize:])
	}
	return hashes
}

func digestOf(t *testing.T, db *store.DB, act governance.ActID) governance.Digest {
	t.Helper()
	return governance.Digest(texts(t, db, `SELECT digest FROM acts WHERE id = $1`, act)[0])
}

func TestALeafChangedBehindTheLogIsFoundAndNothingIsSignedOverIt(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		key := testLogKey(t)
		noteMany(t, db, 300)
		followLog(t, db, 300)
		_, err := db.Checkpoint(t.Context(), store.Epoch{Number: 1}, key)
		require.NoError(t, err)
		noteMany(t, db, 5)
		followLog(t, db, 305)
		found := func() []string {
			problems, err := db.Check(t.Context())
			require.NoError(t, err)
			var where []string
			for _, p := range problems {
				where = append(where, p.Where)
			}
			return where
		}
		behind(t, db, "leaves", "leaves_refuse_update",
			`UPDATE leaves SET hash = (SELECT hash FROM leaves WHERE number = 8) WHERE number = 7`)
		assert.Equal(t, []string{"leaf 7", "node 0 on level 1 of the log"}, found())

		// A forger who mends the tree as well is betrayed by what was signed before.
		behind(t, db, "log_nodes", "log_nodes_no_delete", `DELETE FROM log_nodes`)
		require.NoError(t, db.Migrate(t.Context()))
		assert.Equal(t, []string{"leaf 7", "checkpoint of 300 leaves"}, found())
		_, err = db.Checkpoint(t.Context(), store.Epoch{Number: 1}, key)
		assert.ErrorContains(t, err, "somebody has changed what was logged")
	})
}

// behind changes a table behind its trigger, as somebody with the database's password can.
func behind(t *testing.T, db *store.DB, table, trigger, change string) {
	t.Helper()
	drop := `DROP TRIGGER ` + trigger
	if db.Postgres() {
		drop += ` ON ` + table
	}
	require.NoError(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, text := range []string{drop, change} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	}))
}
