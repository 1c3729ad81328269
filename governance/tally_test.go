package governance

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cast says how many electors of a chamber took a position; "" stands for no vote.
type cast struct {
	chamber  Chamber
	position Position
	number   int
}

// recordOf makes a record with one organization for each vote.
func recordOf(rule Rule, casts ...cast) TallyRecord {
	record := TallyRecord{Schema: TallySchema, Rule: rule, Electors: []Elector{}, Votes: []Vote{}}
	for _, c := range casts {
		for range c.number {
			organization := OrganizationID(fmt.Sprintf("o%d", len(record.Electors)+1))
			record.Electors = append(record.Electors, Elector{Organization: organization, Chamber: c.chamber})
			if c.position != "" {
				record.Votes = append(record.Votes, Vote{Organization: organization, Position: c.position})
			}
		}
	}
	return record
}

// mustTally counts the record after a way through JSON, as everybody else will.
func mustTally(t *testing.T, record TallyRecord) TallyResult {
	t.Helper()
	data, err := json.Marshal(record)
	require.NoError(t, err)
	read, err := ParseTallyRecord(data)
	require.NoError(t, err, string(data))
	result, err := Tally(read)
	require.NoError(t, err)
	direct, err := Tally(record)
	require.NoError(t, err)
	require.Equal(t, direct, result, "through JSON and without it")
	return result
}

// mustRule reads a rule of the conditions given as JSON.
func mustRule(t *testing.T, conditions string) Rule {
	t.Helper()
	rule, err := ParseRule([]byte(`{"conditions": [` + conditions + `]}`))
	require.NoError(t, err)
	return rule
}

func TestTallyAnswersTheExamplesOfTheDesign(t *testing.T) {
	majority := mustRule(t, `{"id": "unions-majority", "kind": "APPROVAL", "chamber": "UNION", "measure": "HEADS",
		"count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}`)
	got := mustTally(t, recordOf(majority, cast{ChamberUnion, PositionApprove, 5}, cast{ChamberUnion, PositionObject, 3}))
	assert.Equal(t, OutcomeCarried, got.Outcome)
	assert.Equal(t, ConditionResult{
		ID: "unions-majority", Kind: ConditionApproval, Met: true, Actual: "5/8", Required: "more than 1/2",
		Explanation:     "Unions: 5 of 8 in favour, more than 1/2 needed.",
		ExplanationCode: ExplainMet,
		Params: map[string]string{
			"chambers": "UNION", "measure": "HEADS", "count": "APPROVE", "counted": "5", "base": "8",
			"comparator": "moreThan", "threshold": "1/2",
		},
	}, got.Conditions[0])

	quorum := mustRule(t, `{"id": "unions-quorum", "kind": "QUORUM", "chamber": "UNION",
		"count": ["APPROVE", "NO_OBJECTION", "OBJECT", "ABSTAIN"], "over": "ELECTORATE", "atLeast": "1/2"}`)
	got = mustTally(t, recordOf(quorum, cast{ChamberUnion, PositionApprove, 3}, cast{ChamberUnion, "", 5}))
	assert.Equal(t, OutcomeInquorate, got.Outcome)
	assert.Equal(t, "Unions: 3 of 8 voted, 4 needed: 1 vote missing.", got.Conditions[0].Explanation)
	assert.Equal(t, "3/8", got.Conditions[0].Actual)
	assert.Equal(t, "at least 1/2", got.Conditions[0].Required)
	assert.Equal(t, ExplainShort, got.Conditions[0].ExplanationCode)
	assert.Equal(t, "4", got.Conditions[0].Params["limit"])
	assert.Equal(t, "1", got.Conditions[0].Params["difference"])
}
