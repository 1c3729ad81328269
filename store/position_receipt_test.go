package store_test

import (
	"context"
	"encoding/hex"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
	"concordat/store"
)

// numbered waits until the log has numbered every act: on PostgreSQL the leaf follows the act.
func numbered(t *testing.T, db *store.DB) {
	t.Helper()
	require.Eventually(t, func() bool {
		measures, err := db.Measures(context.Background())
		require.NoError(t, err)
		return measures.Queued == 0
	}, 10*time.Second, 5*time.Millisecond)
}

func TestEachPositionHasItsReceipt(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.Secrecy = governance.SecrecyAtClose }, func(v *vote) {
		t := v.t
		id := v.open()
		acme := v.As("acme", governance.RoleRepresentative)
		position, err := v.DB.TakePosition(t.Context(), acme, v.position(id, governance.PositionApprove))
		require.NoError(t, err)
		numbered(t, v.DB)
		taken, err := v.DB.Taken(t.Context(), acme, position, nil)
		require.NoError(t, err)
		receipt := taken.Receipt
		assert.Equal(t, "POSITION_TAKEN", receipt.Type)
		assert.Equal(t, v.digest, receipt.Digest)
		assert.Equal(t, v.clock.Now(), receipt.At)
		assert.Equal(t, string(receipt.Act), texts(t, v.DB, `SELECT id FROM acts WHERE object_id = $1`, position)[0])
		digest, err := hex.DecodeString(strings.TrimPrefix(string(receipt.ActDigest), "sha256:"))
		require.NoError(t, err)
		hash := tlog.RecordHash(digest)
		assert.Equal(t, hex.EncodeToString(hash[:]), receipt.LeafHash, "as anybody computes it from the act's bytes")
		require.NotNil(t, receipt.LeafNumber)
		assert.EqualValues(t, number(t, v.DB, `SELECT number FROM leaves WHERE act_id = $1`, receipt.Act), *receipt.LeafNumber)

		again, err := v.DB.PositionReceipt(t.Context(), v.As("acme", governance.RoleObserver), receipt.Act)
		require.NoError(t, err, "by its act, for the organization")
		assert.Equal(t, receipt, again)
		for _, other := range []governance.Actor{v.Admin(), v.Secretary(), v.As("bolt", governance.RoleRepresentative), {}} {
			_, err = v.DB.PositionReceipt(t.Context(), other, receipt.Act)
			refused(t, err, governance.CodeNotFound, "not-found")
		}
		opening := governance.ActID(texts(t, v.DB, `SELECT id FROM acts WHERE type = 'BALLOT_OPENED'`)[0])
		_, err = v.DB.PositionReceipt(t.Context(), acme, opening)
		refused(t, err, governance.CodeNotFound, "not-found")
		v.clock.Set(afterDeadline)
		_, err = v.DB.TakeDue(t.Context())
		require.NoError(t, err)
		_, err = v.DB.PositionReceipt(t.Context(), governance.Actor{}, receipt.Act)
		require.NoError(t, err, "after the close it is everybody's")
	})
}

func TestTwoRepresentativesAtTheSameMoment(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		v.Grant("acme", governance.RoleRepresentative, "2")
		d := desk{t: t, Cast: v.Cast}
		id := v.open()
		d.forget()
		speakers := []governance.Actor{v.As("acme", governance.RoleRepresentative), v.As("acme", governance.RoleRepresentative, "2")}
		words := []governance.Position{governance.PositionApprove, governance.PositionAbstain}
		both := func(step func(i int) error) []error {
			errs := make([]error, 2)
			var wait sync.WaitGroup
			for i := range speakers {
				wait.Go(func() { errs[i] = step(i) })
			}
			wait.Wait()
			return errs
		}
		errs := both(func(i int) error {
			_, err := v.DB.TakePosition(context.Background(), speakers[i], v.position(id, words[i]))
			return err
		})
		first, second := 0, 1
		if errs[0] != nil {
			first, second = 1, 0
		}
		require.NoError(t, errs[first])
		refused(t, errs[second], governance.CodeConflict, "position-taken")
		params := errs[second].(*governance.Error).Params
		assert.Equal(t, string(words[first]), params["position"], "it learns which one counts")
		assert.Contains(t, params["person"], "acme-REPRESENTATIVE")
		assert.Equal(t, 1, v.ballot(id).PositionCount)
		d.follow()
		require.Len(t, d.told(speakers[second]), 1)
		assert.Regexp(t, `^Person acme-REPRESENTATIVE2? took a position for Acme Ltd; it counts until it is changed\.$`, d.told(speakers[second])[0])
		assert.Empty(t, d.told(speakers[first]))
		for _, other := range []governance.Actor{v.As("acme", governance.RoleObserver), v.As("bolt", governance.RoleRepresentative), v.Secretary()} {
			assert.Empty(t, d.told(other), "nobody else hears of it")
		}

		errs = both(func(i int) error {
			_, err := v.DB.ChangePosition(context.Background(), speakers[i], store.ChangePositionInput(v.position(id, words[i])))
			return err
		})
		assert.Equal(t, []error{nil, nil}, errs, "changes follow each other")
		last := texts(t, v.DB, `SELECT position FROM positions WHERE number = 3`)
		assert.Equal(t, last, texts(t, v.DB, `SELECT position FROM positions WHERE is_latest = 1`), "the last one counts")
		d.follow()
		for i := range speakers {
			assert.Regexp(t, `^Person acme-REPRESENTATIVE2? changed the position of Acme Ltd\.$`, d.told(speakers[i])[0])
		}
		assert.Empty(t, d.told(v.As("bolt", governance.RoleRepresentative)))
	})
}
