package store_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

// tookPart are the organizations that took part in a way, by a dimension's value.
func tookPart(b *store.Balance, activity governance.Activity, dimension governance.Dimension) map[string]int {
	found := map[string]int{}
	for _, p := range b.Participation {
		if p.Activity == activity && p.Dimension == dimension {
			found[p.Value] = p.Organizations
		}
	}
	return found
}

func (v *vote) balance(actor governance.Actor) *store.Balance {
	v.t.Helper()
	e, err := v.DB.Edition(v.t.Context(), actor, v.edition, nil)
	require.NoError(v.t, err)
	b, err := v.DB.BalanceOf(v.t.Context(), actor, e)
	require.NoError(v.t, err)
	return b
}

// remark has somebody comment at a moment, as the step would have.
func (v *vote) remark(n int, actor governance.Actor, at time.Time) {
	v.t.Helper()
	var organization any
	if actor.Organization != "" {
		organization = string(actor.Organization)
	}
	change(v.t, v.DB, `INSERT INTO comments (id, edition_id, revision_id, kind, body, state, organization_id, person_id, created_at)
		SELECT $1, e.id, e.head_id, 'GENERAL', 'Unclear.', 'RESOLVED', $2, $3, $4 FROM editions e WHERE e.id = $5`,
		"0195e3a0-0000-7000-8000-0000000005"+string(rune('0'+n/10))+string(rune('0'+n%10)), organization, actor.Person, at, v.edition)
}

func TestTheBalanceCountsWhoTookPart(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		acme, unionA := v.As("acme", governance.RoleAuthor), v.As("union-a", governance.RoleAuthor)
		consulted := v.clock.Now()
		change(v.t, v.DB, `UPDATE consultations SET opened_at = $1, closes_at = $2, closed_at = $2`, consulted, consulted.Add(time.Hour))
		change(v.t, v.DB, `UPDATE organizations SET country = 'DE', size = 'LARGE' WHERE id = $1`, v.Organizations["acme"])
		v.remark(1, unionA, consulted.Add(-time.Hour)) // of the draft
		v.remark(2, acme, consulted)
		v.remark(3, acme, consulted)
		v.remark(4, v.Somebody("walker"), consulted)
		v.clock.Advance(2 * time.Hour)
		nobody := governance.Actor{}
		assert.Equal(v.t, map[string]int{"EMPLOYER": 1, "UNION": 1}, tookPart(v.balance(v.Secretary()), governance.ActivityComment, governance.DimensionChamber))
		public := v.balance(nobody)
		assert.Equal(v.t, map[string]int{"EMPLOYER": 1}, tookPart(public, governance.ActivityComment, governance.DimensionChamber), "what was said of the draft stays with those who saw it")
		assert.Equal(v.t, map[string]int{"DE": 1}, tookPart(public, governance.ActivityComment, governance.DimensionCountry))
		assert.Equal(v.t, map[string]int{"LARGE": 1}, tookPart(public, governance.ActivityComment, governance.DimensionSize))
		assert.Equal(v.t, 1, public.Persons)
		assert.Equal(v.t, map[string]int{"PROVIDER": 1}, tookPart(public, governance.ActivityWorkingGroup, governance.DimensionChamber))

		ballot := v.open()
		change(v.t, v.DB, `UPDATE ballots SET secrecy = 'AT_CLOSE' WHERE id = $1`, ballot)
		v.all(ballot, governance.PositionApprove, "acme", "bolt")
		assert.Empty(v.t, tookPart(v.balance(v.Secretary()), governance.ActivityBallot, governance.DimensionChamber), "nobody is told who took part in a secret ballot before it is counted")
		for _, rate := range v.balance(v.Secretary()).Rates {
			assert.NotEqual(v.t, governance.ActivityBallot, rate.Activity)
		}
		v.all(ballot, governance.PositionApprove, "crane", "union-a", "union-b", "college")
		v.clock.Advance(30 * 24 * time.Hour)
		v.takeDue()
		require.Equal(v.t, governance.StageEndorsed, v.stage())
		after := v.balance(nobody)
		assert.Equal(v.t, map[string]int{"EMPLOYER": 3, "UNION": 2, "PROVIDER": 1}, tookPart(after, governance.ActivityBallot, governance.DimensionChamber))
		assert.Contains(v.t, after.Rates, governance.ResponseRate{Activity: governance.ActivityBallot, Asked: 7, Acted: 6})
		for _, s := range after.Stages {
			if s.Stage == governance.StageBallot {
				assert.Equal(v.t, 30*24, s.Hours)
			}
		}

		// What the file has is what everybody was told on that day.
		v.offer()
		p := v.publish()
		file, err := v.DB.PublicationFile(v.t.Context(), p)
		require.NoError(v.t, err)
		assert.Equal(v.t, notary.Digest(file.Bytes), file.Digest)
		var told struct {
			Schema   string
			Digest   governance.Digest
			Document json.RawMessage
			Offers   []struct{ Digest governance.Digest }
			Stages   []struct{ Stage governance.Stage }
			Balance  store.Balance
		}
		require.NoError(v.t, json.Unmarshal(file.Bytes, &told))
		assert.Equal(v.t, store.PublicationFileSchema, told.Schema)
		assert.Equal(v.t, v.digest, notary.Digest(told.Document), "the document's exact bytes")
		assert.Equal(v.t, governance.StagePublished, told.Stages[len(told.Stages)-1].Stage)
		assert.Len(v.t, told.Offers, 1)
		assert.Equal(v.t, v.balance(nobody).Participation, told.Balance.Participation)
		assert.Equal(v.t, 1, strings.Count(string(file.Bytes), `"schema":"concordat/publication/1"`))
		assert.NotContains(v.t, string(file.Bytes), string(acme.Person), "organizations are public, persons are not")
		err = v.DB.Write(v.t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE publication_files SET digest = ''`)
			return err
		})
		assert.ErrorContains(v.t, err, "never changed")
	})
}

func TestTheBalanceOfACouncilIsOfWhatWasPublished(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		ctx := v.t.Context()
		council, err := v.DB.Council(ctx, v.Council)
		require.NoError(v.t, err)
		voted := func(filter store.BalanceFilter) map[string]int {
			b, err := v.DB.BalanceOfCouncil(ctx, council, filter)
			require.NoError(v.t, err)
			return tookPart(b, governance.ActivityBallot, governance.DimensionChamber)
		}
		v.approved()
		assert.Empty(v.t, voted(store.BalanceFilter{}), "nothing is published")
		v.offer()
		v.publish() // on 12 March
		everybody := map[string]int{"EMPLOYER": 3, "UNION": 2, "PROVIDER": 2}
		assert.Equal(v.t, everybody, voted(store.BalanceFilter{}))
		assert.Equal(v.t, everybody, voted(store.BalanceFilter{Sector: "construction", From: "2026-03-12", To: "2026-03-12"}))
		assert.Empty(v.t, voted(store.BalanceFilter{Sector: "care"}))
		assert.Empty(v.t, voted(store.BalanceFilter{From: "2026-03-13"}))
		assert.Empty(v.t, voted(store.BalanceFilter{To: "2026-03-11"}))
		_, err = v.DB.BalanceOfCouncil(ctx, council, store.BalanceFilter{To: "2026-02-30"})
		refused(v.t, err, governance.CodeInvalid, "date-malformed")
	})
}
