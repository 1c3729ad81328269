package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// BenchmarkComingBack reads what a subscriber of one root missed, over a gap of 10,000 leaves of 100 roots.
func BenchmarkComingBack(b *testing.B) {
	for _, kind := range storetest.Kinds {
		b.Run(kind, func(b *testing.B) {
			db := storetest.Open(b, kind)
			const leaves = 50_000
			require.NoError(b, db.Write(b.Context(), func(ctx context.Context, tx *store.Tx) error { return fillLog(ctx, tx, leaves) }))
			b.ResetTimer()
			for range b.N {
				missed, err := db.LeavesOf(b.Context(), "root-7", leaves-10_000, leaves, 50)
				require.NoError(b, err)
				require.Len(b, missed, 50)
			}
		})
	}
}

// fillLog writes acts of 100 roots in turn, with their leaves.
func fillLog(ctx context.Context, tx *store.Tx, leaves int) error {
	for n := range leaves {
		_, err := tx.Exec(ctx, `
			INSERT INTO acts (
				id, created_at, type, object_kind, object_id, root_kind, root_id, organization_id, role, digest, body
			) VALUES ($1, $2, 'COMMENT_ADDED', 'COMMENT', $1, 'specification', $3, '', '', $4, '{}')`,
			fmt.Sprintf("0195e3a0-0000-7000-8000-%012x", n), storetest.Start, fmt.Sprintf("root-%d", n%100), "sha256:"+strings.Repeat("0", 64))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO leaves (number, act_id, hash) VALUES ($1, $2, $3)`,
			n, fmt.Sprintf("0195e3a0-0000-7000-8000-%012x", n), strings.Repeat("0", 64))
		if err != nil {
			return err
		}
	}
	return nil
}

func TestALeafTellsWhomItConcerns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		c.Grant("acme", governance.RoleAuthor, "2")
		for m, err := db.Measures(t.Context()); m.Queued > 0; m, err = db.Measures(t.Context()) {
			require.NoError(t, err)
		}
		leaves, err := db.LeavesAfter(t.Context(), -1, 500)
		require.NoError(t, err)
		newest := leaves[len(leaves)-1]
		granted := c.As("acme", governance.RoleAuthor, "2")
		other := c.As("bolt", governance.RoleAuthor)
		for _, concerned := range []struct {
			who  string
			as   governance.Actor
			want bool
		}{
			{"whose mandate it is", granted, true},
			{"somebody of the same organization", c.As("acme", governance.RoleObserver), true},
			{"somebody of another one", other, false},
			{"somebody who is nowhere", c.Somebody("nobody"), false},
		} {
			concerns, err := db.Concerns(t.Context(), concerned.as)
			require.NoError(t, err)
			assert.Equal(t, concerned.want, concerns.Touches(newest), concerned.who)
		}
		concerns, err := db.Concerns(t.Context(), other)
		require.NoError(t, err)
		assert.True(t, concerns.Touches(store.Leaf{Type: "COMMENT_ADDED", Council: c.Council}), "what happens under the rules of its council")
		assert.False(t, concerns.Touches(store.Leaf{Type: "COMMENT_ADDED", Council: "another"}))
		assert.True(t, concerns.Touches(store.Leaf{Type: "ENDORSEMENT_REQUESTED", To: other.Organization}))
	})
}

// tellable is an act in the code, on an object that lies under a specification.
var tellable = regexp.MustCompile(`Type:\s+"([A-Z_]+)",\s+Object:\s+Object\{"(EDITION|REVISION|SUGGESTION|COMMENT|CONSULTATION|BALLOT|POSITION|STATEMENT|OFFER|PUBLICATION)"`)

// councils are the acts on specifications that are the council's to know: subscribers are not told.
var councils = map[string]bool{
	"COMMENT_REPORTED": true, "SUGGESTION_REPORTED": true, "REPORTS_DISMISSED": true, "REDACTION_REQUESTED": true,
	"REDACTION_WITHDRAWN": true,
	"RECALL_REQUESTED":    true, "REOPENING_REQUESTED": true,
}

// TestEveryActOnASpecificationIsTold looks for acts in the code that subscribers would never hear of.
func TestEveryActOnASpecificationIsTold(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, act := range tellable.FindAllStringSubmatch(string(text), -1) {
			_, _, told := store.Leaf{Type: act[1]}.Told()
			assert.Equal(t, !councils[act[1]], told, "%s: %s has no row in toldActs of store/live.go, or should have none", file, act[1])
			found++
		}
	}
	assert.Greater(t, found, 20)
}
