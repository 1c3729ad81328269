package governance_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "concordat/governance"
	"concordat/governance/sample"
)

// TestEveryPresetAtEachThresholdAndEdge counts the made-up ballots directly and after a way through JSON.
func TestEveryPresetAtEachThresholdAndEdge(t *testing.T) {
	tried := map[string]map[Outcome]int{}
	for _, ballot := range sample.Ballots() {
		t.Run(ballot.Preset+"/"+ballot.Name, func(t *testing.T) {
			result, err := Tally(ballot.Record)
			require.NoError(t, err)
			var failed []string
			for _, condition := range result.Conditions {
				if !condition.Met {
					failed = append(failed, condition.ID)
				}
			}
			assert.Equal(t, ballot.Outcome, result.Outcome, result.String())
			assert.Equal(t, ballot.Failed, failed, result.String())
			data, err := json.Marshal(ballot.Record)
			require.NoError(t, err)
			read, err := ParseTallyRecord(data)
			require.NoError(t, err)
			again, err := Tally(read)
			require.NoError(t, err)
			assert.Equal(t, result, again)
		})
		if tried[ballot.Preset] == nil {
			tried[ballot.Preset] = map[Outcome]int{}
		}
		tried[ballot.Preset][ballot.Outcome]++
	}
	for _, preset := range Presets {
		assert.Greater(t, tried[preset.ID][OutcomeCarried], 1, preset.ID)
		assert.Greater(t, tried[preset.ID][OutcomeNotCarried], 1, preset.ID)
		quorum := slices.ContainsFunc(preset.Rule.Conditions, func(c Condition) bool { return c.Kind == ConditionQuorum })
		assert.Equal(t, quorum, tried[preset.ID][OutcomeInquorate] > 0, preset.ID)
	}
}

func TestPresetsAreCompleteAndDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, preset := range Presets {
		assert.False(t, seen[preset.ID], preset.ID)
		seen[preset.ID] = true
		assert.NotEmpty(t, preset.Name)
		assert.Regexp(t, `^[A-Z].*\.$`, preset.Description)
		require.NoError(t, preset.Rule.Validate())
		data, err := json.Marshal(preset.Rule)
		require.NoError(t, err)
		read, err := ParseRule(data)
		require.NoError(t, err, string(data))
		assert.Equal(t, preset.Rule, read)
	}
	assert.Len(t, seen, 10)
}

func TestTheLearnersChamberDecidesOnlyWhereItIsNamed(t *testing.T) {
	var electors []Elector
	var votes []Vote
	for id, chamber := range map[OrganizationID]Chamber{"e": ChamberEmployer, "u": ChamberUnion, "p": ChamberProvider, "l": ChamberLearnerBody} {
		position := PositionApprove
		if chamber == ChamberLearnerBody {
			position = PositionObject
		}
		electors = append(electors, Elector{Organization: id, Chamber: chamber})
		votes = append(votes, Vote{Organization: id, Position: position})
	}
	for id, want := range map[string]Outcome{PresetTripartite: OutcomeCarried, PresetTripartiteLearners: OutcomeNotCarried} {
		preset, err := PresetByID(id)
		require.NoError(t, err)
		result, err := Tally(TallyRecord{Rule: preset.Rule, Electors: electors, Votes: votes})
		require.NoError(t, err)
		assert.Equal(t, want, result.Outcome, result.String())
	}
}

func TestWhoVotesFollowsFromTheChambersThatConditionsName(t *testing.T) {
	for preset, everybody := range map[string]bool{
		PresetTripartite: true, PresetTripartiteLearners: true, PresetSimpleMajority: true, PresetConsent: true, PresetISOEnquiry: true,
	} {
		chosen, err := PresetByID(preset)
		require.NoError(t, err)
		assert.Equal(t, everybody, chosen.Rule.CountsEverybody(), preset)
	}
	unions := Condition{ID: "unions", Chamber: ChamberSet{ChamberUnion}}
	assert.False(t, Rule{Conditions: []Condition{unions}}.CountsEverybody())
	assert.False(t, Rule{Conditions: []Condition{{ID: "either", AnyOf: []Condition{unions}}}}.CountsEverybody(), "a condition that nests names through its parts")
	assert.True(t, Rule{Conditions: []Condition{{ID: "either", AnyOf: []Condition{unions, {ID: "all"}}}}}.CountsEverybody())
}
