package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func TestARuleIsTriedOnAPastBallot(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		id := v.open()
		try := func(actor governance.Actor, in store.SimulateCharterInput) (*store.Simulation, error) {
			if in.Ballot == nil && in.Crowds == nil {
				in.Ballot = &id
			}
			return v.DB.SimulateCharter(v.t.Context(), actor, in)
		}
		consent, absolute := governance.PresetConsent, governance.PresetAbsoluteMajority
		v.all(id, governance.PositionApprove, "acme", "bolt", "union-a", "college")
		_, err := try(v.Secretary(), store.SimulateCharterInput{Preset: &consent})
		refused(v.t, err, governance.CodeConflict, "ballot-open")

		v.clock.Set(afterDeadline)
		_, err = v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		acts := number(v.t, v.DB, `SELECT count(*) FROM acts`)
		s, err := try(governance.Actor{}, store.SimulateCharterInput{Preset: &consent})
		require.NoError(v.t, err, "the ballot is public, and so is its record")
		assert.Equal(v.t, governance.OutcomeNotCarried, s.Tally.Outcome)
		assert.Equal(v.t, "4/7", s.Tally.Conditions[0].Actual)
		assert.Equal(v.t, "All electors: 4 of 7 in favour or without objection, 6 needed: 2 votes missing.", s.Tally.Conditions[0].Explanation)
		assert.Equal(v.t, governance.OutcomeCarried, s.Original.Outcome)
		assert.Equal(v.t, id, s.Ballot.ID)
		s, err = try(governance.Actor{}, store.SimulateCharterInput{Preset: &absolute})
		require.NoError(v.t, err)
		assert.Equal(v.t, governance.OutcomeCarried, s.Tally.Outcome)

		charter, err := v.DB.Charter(v.t.Context(), v.Charter)
		require.NoError(v.t, err)
		s, err = try(governance.Actor{}, store.SimulateCharterInput{Charter: &v.Charter})
		require.NoError(v.t, err)
		assert.Equal(v.t, s.Original, &s.Tally, "its own charter says what it said")
		charter.Body.Rule = governance.Rule{Conditions: []governance.Condition{{
			ID: "weight", Kind: governance.ConditionApproval, Measure: governance.MeasureWeight, Count: []governance.Position{governance.PositionApprove},
			Over: governance.Base{Whole: governance.Electorate}, AtLeast: governance.NewRatio(1, 2),
		}}}
		charter.Body.Weights = governance.Weights{By: governance.WeightByChamber}
		s, err = try(governance.Actor{}, store.SimulateCharterInput{Body: &charter.Body})
		require.NoError(v.t, err)
		assert.Equal(v.t, "5/9", s.Tally.Conditions[0].Actual, "2/3 of the employers, 1/2 of the unions, 1/2 of the providers")
		s, err = try(governance.Actor{}, store.SimulateCharterInput{Rule: &charter.Body.Rule})
		require.NoError(v.t, err)
		assert.Equal(v.t, "4/7", s.Tally.Conditions[0].Actual, "a rule alone leaves the weights of the record")
		assert.Equal(v.t, acts, number(v.t, v.DB, `SELECT count(*) FROM acts`), "nothing is kept")

		change(v.t, v.DB, `UPDATE editions SET invited_only = 1, closed_group = 1, approved_digest = NULL, stage = 'DISPOSITION' WHERE id = $1`, v.edition)
		_, err = try(governance.Actor{}, store.SimulateCharterInput{Preset: &consent})
		refused(v.t, err, governance.CodeNotFound, "not-found")
		_, err = try(v.As("union-a", governance.RoleRepresentative), store.SimulateCharterInput{Preset: &consent})
		require.NoError(v.t, err)
	})
}

func TestASecretBallotIsTriedOnlyOnceItHasClosed(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.Secrecy = governance.SecrecyAtClose }, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionApprove, "acme")
		consent := governance.PresetConsent
		for _, actor := range []governance.Actor{{}, v.Admin(), v.Secretary(), v.As("acme", governance.RoleRepresentative)} {
			_, err := v.DB.SimulateCharter(v.t.Context(), actor, store.SimulateCharterInput{Preset: &consent, Ballot: &id})
			refused(v.t, err, governance.CodeConflict, "ballot-open")
		}
	})
}

func TestWhatASimulationIsRefusedFor(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		consent, lottery, nowhere := governance.PresetConsent, "lottery", governance.BallotID("0195e3a0-0000-7000-8000-00000000ffff")
		nobody := governance.CharterID(nowhere)
		malformed := governance.BallotID("1")
		crowd := []*governance.Crowd{{Chamber: "UNION", Electors: 1, Approve: 2}}
		charter, err := v.DB.Charter(v.t.Context(), v.Charter)
		require.NoError(v.t, err)
		bad := charter.Body
		bad.Rule = governance.Rule{}
		for name, test := range map[string]struct {
			in     store.SimulateCharterInput
			code   governance.Code
			reason string
		}{
			"no rule":                    {store.SimulateCharterInput{Crowds: crowd}, governance.CodeInvalid, "simulation-one-rule"},
			"two rules":                  {store.SimulateCharterInput{Preset: &consent, Body: &bad, Crowds: crowd}, governance.CodeInvalid, "simulation-one-rule"},
			"nothing to try it on":       {store.SimulateCharterInput{Preset: &consent}, governance.CodeInvalid, "simulation-one-ballot"},
			"two things":                 {store.SimulateCharterInput{Preset: &consent, Ballot: &nowhere, Crowds: crowd}, governance.CodeInvalid, "simulation-one-ballot"},
			"no such preset":             {store.SimulateCharterInput{Preset: &lottery, Crowds: crowd}, governance.CodeNotFound, "not-found"},
			"no such charter":            {store.SimulateCharterInput{Charter: &nobody, Crowds: crowd}, governance.CodeNotFound, "not-found"},
			"no such ballot":             {store.SimulateCharterInput{Preset: &consent, Ballot: &nowhere}, governance.CodeNotFound, "not-found"},
			"no id":                      {store.SimulateCharterInput{Preset: &consent, Ballot: &malformed}, governance.CodeInvalid, "id-malformed"},
			"a charter that is wrong":    {store.SimulateCharterInput{Body: &bad, Crowds: crowd}, governance.CodeInvalid, "rule-no-condition"},
			"more votes than electors":   {store.SimulateCharterInput{Preset: &consent, Crowds: crowd}, governance.CodeInvalid, "simulation-more-votes"},
			"a rule that counts nothing": {store.SimulateCharterInput{Rule: &bad.Rule, Crowds: []*governance.Crowd{{Chamber: "A"}}}, governance.CodeInvalid, "rule-no-condition"},
		} {
			v.t.Run(name, func(t *testing.T) {
				_, err := v.DB.SimulateCharter(t.Context(), v.Secretary(), test.in)
				refused(t, err, test.code, test.reason)
			})
		}
	})
}
