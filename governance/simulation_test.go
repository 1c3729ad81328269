package governance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCrowdsBecomeElectorsAndVotes(t *testing.T) {
	electors, votes, err := CrowdElectors([]Crowd{
		{Chamber: ChamberUnion, Groups: []string{"LT"}, Weight: "3/2", Electors: 4, Approve: 2, Object: 1},
		{Chamber: ChamberEmployer, Electors: 5, NoObjection: 1, Abstain: 2, Recuse: 2},
		{Chamber: ChamberProvider},
	})
	require.NoError(t, err)
	require.Len(t, electors, 9)
	weight, err := ParseRatio("3/2")
	require.NoError(t, err)
	assert.Equal(t, Elector{Organization: "4", Chamber: ChamberUnion, Groups: []string{"LT"}, Weight: weight}, electors[3])
	assert.Equal(t, Elector{Organization: "5", Chamber: ChamberEmployer}, electors[4])
	assert.Equal(t, []Vote{
		{"1", PositionApprove}, {"2", PositionApprove}, {"3", PositionObject},
		{"5", PositionNoObjection}, {"6", PositionAbstain}, {"7", PositionAbstain}, {"8", PositionRecuse}, {"9", PositionRecuse},
	}, votes)
}

func TestWhatCrowdsAreRefusedFor(t *testing.T) {
	tests := map[string]struct {
		crowds []Crowd
		field  string
		reason string
	}{
		"fewer than none":        {[]Crowd{{Chamber: "A", Electors: -1}}, "crowds[0]", "simulation-number"},
		"a negative vote":        {[]Crowd{{Chamber: "A", Electors: 2, Approve: 2, Object: -1}}, "crowds[0]", "simulation-number"},
		"more votes than voters": {[]Crowd{{Chamber: "A", Electors: 2, Approve: 2, Object: 1}}, "crowds[0]", "simulation-more-votes"},
		"no chamber":             {[]Crowd{{Electors: 2}}, "crowds[0].chamber", "tally-no-chamber"},
		"a weight that is none":  {[]Crowd{{Chamber: "A", Electors: 2, Weight: "much"}}, "crowds[0].weight", "ratio-malformed"},
		"too many":               {[]Crowd{{Chamber: "A", Electors: 10_001}}, "crowds[0]", "simulation-number"},
		"too many together":      {[]Crowd{{Chamber: "A", Electors: 6000}, {Chamber: "B", Electors: 4001}}, "crowds[1].electors", "simulation-too-large"},
		"votes beyond counting":  {[]Crowd{{Chamber: "A", Electors: 6000, Approve: 1 << 62, Object: 1 << 62, Abstain: 1 << 62, Recuse: 1 << 62}}, "crowds[0]", "simulation-number"},
		"too many crowds":        {make([]Crowd, 501), "crowds", "simulation-too-large"},
		"too many groups":        {[]Crowd{{Chamber: "A", Electors: 1, Groups: make([]string, 51)}}, "crowds[0].groups", "simulation-too-large"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := CrowdElectors(test.crowds)
			refusal, ok := err.(*Error)
			require.True(t, ok, "%v", err)
			assert.Equal(t, test.field, refusal.Field)
			assert.Equal(t, test.reason, refusal.Reason)
		})
	}
}

func TestARuleIsTriedOnVotesThatItWasNotMadeFor(t *testing.T) {
	electors, votes, err := CrowdElectors([]Crowd{
		{Chamber: ChamberUnion, Electors: 2, Approve: 2}, {Chamber: ChamberEmployer, Electors: 8, Approve: 3, Object: 5},
	})
	require.NoError(t, err)
	weighed := mustRule(t, `{"id": "weight", "kind": "APPROVAL", "measure": "WEIGHT", "chamber": ["UNION", "EMPLOYER", "GUILD"],
		"count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}`)
	s, err := Simulate(weighed, nil, electors, votes)
	require.NoError(t, err)
	assert.Equal(t, OutcomeNotCarried, s.Tally.Outcome, "five tenths of the heads")
	assert.Equal(t, []Chamber{"GUILD"}, s.EmptyChambers)
	s, err = Simulate(weighed, &Weights{By: WeightByChamber}, electors, votes)
	require.NoError(t, err)
	assert.Equal(t, OutcomeCarried, s.Tally.Outcome, "a chamber and three eighths of another")
	again, err := Tally(s.Record)
	require.NoError(t, err)
	assert.Equal(t, s.Tally, again, "the record says all that was counted")
	s, err = Simulate(weighed, &Weights{By: WeightByOrganization, Organizations: map[OrganizationID]Ratio{"1": NewRatio(9, 1)}}, electors, votes)
	require.NoError(t, err)
	assert.Equal(t, "13/18", s.Tally.Conditions[0].Actual)
	_, err = Simulate(Rule{}, nil, electors, votes)
	assert.Equal(t, CodeInvalid, CodeOf(err))
}

func TestASimulationIsBounded(t *testing.T) {
	electors, votes, err := CrowdElectors([]Crowd{{Chamber: "A", Electors: MaxSimulatedElectors, Approve: MaxSimulatedElectors, Weight: "1/3"}})
	require.NoError(t, err)
	var rule Rule
	for i := range 25 {
		rule.Conditions = append(rule.Conditions, Condition{
			ID: itoa(i), Kind: ConditionApproval, Measure: MeasureWeight, Count: approve, Over: Over(sides...), AtLeast: NewRatio(1, 2)})
	}
	began := time.Now()
	s, err := Simulate(rule, nil, electors, votes)
	require.NoError(t, err)
	assert.Equal(t, OutcomeCarried, s.Tally.Outcome)
	t.Logf("a quarter of a million looks took %s", time.Since(began))
	rule.Conditions = append(rule.Conditions, Condition{ID: "more", Kind: ConditionApproval, Count: approve, AtLeast: NewRatio(1, 2)})
	_, err = Simulate(rule, nil, electors, votes)
	assert.ErrorContains(t, err, "too many")
	_, err = Simulate(presetRule(t, PresetConsent), nil, append(electors, Elector{Organization: "x", Chamber: "A"}), votes)
	assert.ErrorContains(t, err, "too many")
}
