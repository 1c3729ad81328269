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

// presetRule is the rule of a preset.
func presetRule(t *testing.T, id string) Rule {
	t.Helper()
	preset, err := PresetByID(id)
	require.NoError(t, err)
	return preset.Rule
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

func TestAConditionIsExplained(t *testing.T) {
	const e, u, p = ChamberEmployer, ChamberUnion, Chamber("P-member")
	tests := map[string]struct {
		condition        string
		casts            []cast
		code             ExplanationCode
		actual, required string
		want             string
	}{
		"one vote over": {
			`"chamber": "UNION", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"`, []cast{{u, PositionApprove, 5}, {u, PositionObject, 3}},
			ExplainMet, "5/8", "more than 1/2", "Unions: 5 of 8 in favour, more than 1/2 needed.",
		},
		"a tie": {
			`"chamber": "UNION", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"`, []cast{{u, PositionApprove, 4}, {u, PositionObject, 4}},
			ExplainShort, "1/2", "more than 1/2", "Unions: 4 of 8 in favour, 5 needed: 1 vote missing.",
		},
		"two thirds of ten are seven": {
			`"count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "atLeast": "0.6666666667"`, []cast{{u, PositionApprove, 5}, {u, PositionObject, 5}},
			ExplainShort, "1/2", "at least 6666666667/10000000000", "All electors: 5 of 10 in favour, 7 needed: 2 votes missing.",
		},
		"too many against": {
			`"chamber": "P-member", "count": ["OBJECT"], "over": ["APPROVE", "OBJECT"], "atMost": "1/4"`, []cast{{p, PositionApprove, 7}, {p, PositionObject, 5}},
			ExplainTooMany, "5/12", "at most 1/4", "P-member: 5 of 12 against, at most 3 allowed: 2 votes too many.",
		},
		"few enough against": {
			`"chamber": "P-member", "count": ["OBJECT"], "over": ["APPROVE", "OBJECT"], "atMost": "1/4"`, []cast{{p, PositionApprove, 9}, {p, PositionObject, 3}},
			ExplainMet, "1/4", "at most 1/4", "P-member: 3 of 12 against, at most 1/4 allowed.",
		},
		"exactly the share that is too much": {
			`"count": ["OBJECT"], "over": "ELECTORATE", "lessThan": "1/4"`, []cast{{p, PositionApprove, 9}, {p, PositionObject, 3}},
			ExplainTooMany, "1/4", "less than 1/4", "All electors: 3 of 12 against, at most 2 allowed: 1 vote too many.",
		},
		"just over a share of an odd number": {
			`"count": ["OBJECT"], "over": "ELECTORATE", "lessThan": "1/4"`, []cast{{p, PositionApprove, 7}, {p, PositionObject, 3}},
			ExplainTooMany, "3/10", "less than 1/4", "All electors: 3 of 10 against, at most 2 allowed: 1 vote too many.",
		},
		"a plain number reached": {
			`"count": ["APPROVE"], "atLeast": 3`, []cast{{u, PositionApprove, 3}},
			ExplainMet, "3", "at least 3", "All electors: 3 in favour, at least 3 needed.",
		},
		"a plain number missed": {
			`"count": ["APPROVE", "NO_OBJECTION"], "moreThan": "5/2"`, []cast{{u, PositionApprove, 1}},
			ExplainShort, "1", "more than 5/2", "All electors: 1 in favour or without objection, 3 needed: 2 votes missing.",
		},
		"no objection allowed": {
			`"count": ["OBJECT"], "atMost": 0`, []cast{{u, PositionObject, 1}},
			ExplainTooMany, "1", "at most 0", "All electors: 1 against, at most 0 allowed: 1 vote too many.",
		},
		"nobody took a side": {
			`"chamber": "UNION", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "atLeast": "0"`, []cast{{u, PositionAbstain, 5}},
			ExplainEmptyNotMet, "0/0", "at least 0", "Unions: there is nothing to take a share of, at least 0 needed: a share of nothing counts as not met.",
		},
		"nobody took a side, and the charter says that is fine": {
			`"chamber": "UNION", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2", "ifEmpty": "MET"`, nil,
			ExplainEmptyMet, "0/0", "more than 1/2", "Unions: there is nothing to take a share of, more than 1/2 needed: a share of nothing counts as met.",
		},
		"nobody could object": {
			`"chamber": "UNION", "count": ["OBJECT"], "over": "ELECTORATE", "lessThan": "1/2"`, nil,
			ExplainEmptyMet, "0/0", "less than 1/2", "Unions: there is nothing to take a share of, less than 1/2 allowed: a share of nothing counts as met.",
		},
		"nobody could object, and the charter says that is not fine": {
			`"chamber": "UNION", "count": ["OBJECT"], "over": "ELECTORATE", "atMost": "1/2", "ifEmpty": "NOT_MET"`, nil,
			ExplainEmptyNotMet, "0/0", "at most 1/2", "Unions: there is nothing to take a share of, at most 1/2 allowed: a share of nothing counts as not met.",
		},
		"all recused": {
			`"count": ["APPROVE"], "over": "ELECTORATE_LESS_RECUSED", "atLeast": "1/2"`, []cast{{u, PositionRecuse, 5}},
			ExplainEmptyNotMet, "0/0", "at least 1/2", "All electors: there is nothing to take a share of, at least 1/2 needed: a share of nothing counts as not met.",
		},
		"an empty base whatever is counted": {
			`"count": ["APPROVE"], "over": ["OBJECT"], "atLeast": "1/2"`, []cast{{u, PositionApprove, 5}},
			ExplainEmptyNotMet, "0/0", "at least 1/2", "All electors: there is nothing to take a share of, at least 1/2 needed: a share of nothing counts as not met.",
		},
		"a share beyond all": {
			`"count": ["APPROVE"], "over": "ELECTORATE", "moreThan": 1`, []cast{{u, PositionApprove, 5}},
			ExplainUnreachable, "1", "more than 1", "All electors: 5 of 5 in favour, more than 1 needed: no vote can meet this.",
		},
		"less than nothing": {
			`"count": ["OBJECT"], "lessThan": 0`, []cast{{u, PositionApprove, 5}},
			ExplainUnreachable, "0", "less than 0", "All electors: 0 against, less than 0 allowed: no vote can meet this.",
		},
		"two chambers": {
			`"chamber": ["EMPLOYER", "UNION"], "count": ["APPROVE", "OBJECT", "ABSTAIN"], "over": "ELECTORATE", "atLeast": "1/2"`,
			[]cast{{e, PositionObject, 1}, {u, PositionAbstain, 1}, {u, "", 1}, {p, PositionApprove, 4}},
			ExplainMet, "2/3", "at least 1/2", "Employers, Unions: 2 of 3 voted, at least 1/2 needed.",
		},
		"a group that nobody has": {
			`"group": "LT", "count": ["APPROVE"], "atLeast": 1`, []cast{{u, PositionApprove, 5}},
			ExplainShort, "0", "at least 1", "Electors of group LT: 0 in favour, 1 needed: 1 vote missing.",
		},
		"a group of a chamber": {
			`"chamber": "UNION", "group": "LT", "count": ["RECUSE", "ABSTAIN"], "atMost": 0`, []cast{{u, PositionRecuse, 5}},
			ExplainMet, "0", "at most 0", "Unions of group LT: 0 recused or abstaining, at most 0 allowed.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rule := mustRule(t, `{"id": "c", "kind": "APPROVAL", `+test.condition+`}`)
			got := mustTally(t, recordOf(rule, test.casts...)).Conditions[0]
			assert.Equal(t, test.want, got.Explanation)
			assert.Equal(t, test.code, got.ExplanationCode)
			assert.Equal(t, test.actual, got.Actual)
			assert.Equal(t, test.required, got.Required)
			met := test.code == ExplainMet || test.code == ExplainEmptyMet
			assert.Equal(t, met, got.Met)
		})
	}
}

func TestWeightsAreAddedExactly(t *testing.T) {
	tests := map[string]struct {
		condition string
		weights   []string // of two in favour, then of two against
		code      ExplanationCode
		actual    string
		want      string
	}{
		"thirds make a whole": {
			`"over": ["APPROVE", "OBJECT"], "atLeast": "1/2"`, []string{"1/3", "2/3", "0.5", "1/2"},
			ExplainMet, "1/2", "All electors: weight 1 of 2 in favour, at least 1/2 needed.",
		},
		"tenths do not add up to less": {
			`"atLeast": "0.3"`, []string{"0.1", "0.2", "1", "1"},
			ExplainMet, "3/10", "All electors: weight 3/10 in favour, at least 3/10 needed.",
		},
		"too light": {
			`"over": "ELECTORATE", "atLeast": "2/3"`, []string{"1/2", "1", "2", "1"},
			ExplainShort, "1/3", "All electors: weight 3/2 of 9/2 in favour, weight 3 needed: weight 3/2 missing.",
		},
		"exactly at what must be passed": {
			`"over": "ELECTORATE", "moreThan": "1/2"`, []string{"1", "1", "1", "1"},
			ExplainShort, "1/2", "All electors: weight 2 of 4 in favour, more than weight 2 needed: exactly that is not enough.",
		},
		"below what must be passed": {
			`"over": "ELECTORATE", "moreThan": "1/2"`, []string{"1/2", "1", "1", "3/2"},
			ExplainShort, "3/8", "All electors: weight 3/2 of 4 in favour, more than weight 2 needed: more than weight 1/2 missing.",
		},
		"too heavy": {
			`"over": "ELECTORATE", "atMost": "1/4"`, []string{"1", "1", "1", "1"},
			ExplainTooMany, "1/2", "All electors: weight 2 of 4 in favour, at most weight 1 allowed: weight 1 too much.",
		},
		"exactly at what must be undercut": {
			`"over": "ELECTORATE", "lessThan": "1/2"`, []string{"1", "1", "1", "1"},
			ExplainTooMany, "1/2", "All electors: weight 2 of 4 in favour, less than weight 2 allowed: exactly that is too much.",
		},
		"above what must be undercut": {
			`"over": "ELECTORATE", "lessThan": "1/4"`, []string{"1", "1", "1", "1"},
			ExplainTooMany, "1/2", "All electors: weight 2 of 4 in favour, less than weight 1 allowed: weight 1 too much.",
		},
		"nobody has weight": {
			`"over": "ELECTORATE", "atLeast": "1/2"`, []string{"0", "0", "0", "0"},
			ExplainEmptyNotMet, "0/0", "All electors: there is nothing to take a share of, at least 1/2 needed: a share of nothing counts as not met.",
		},
		"all of the weight cannot be passed": {
			`"over": "ELECTORATE", "moreThan": "1"`, []string{"1", "1", "0", "0"},
			ExplainUnreachable, "1", "All electors: weight 2 of 2 in favour, more than 1 needed: no vote can meet this.",
		},
		"nothing cannot be undercut": {
			`"over": "ELECTORATE", "lessThan": "0"`, []string{"0", "0", "1", "1"},
			ExplainUnreachable, "0", "All electors: weight 0 of 2 in favour, less than 0 allowed: no vote can meet this.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rule := mustRule(t, `{"id": "c", "kind": "APPROVAL", "measure": "WEIGHT", "count": ["APPROVE"], `+test.condition+`}`)
			record := recordOf(rule, cast{"UNION", PositionApprove, 2}, cast{"UNION", PositionObject, 2})
			for i, weight := range test.weights {
				ratio, err := ParseRatio(weight)
				require.NoError(t, err)
				record.Electors[i].Weight = ratio
			}
			got := mustTally(t, record).Conditions[0]
			assert.Equal(t, test.want, got.Explanation)
			assert.Equal(t, test.code, got.ExplanationCode)
			assert.Equal(t, test.actual, got.Actual)
		})
	}
}

func TestHeadsDoNotLookAtWeights(t *testing.T) {
	record := recordOf(presetRule(t, PresetSimpleMajority), cast{"UNION", PositionApprove, 2}, cast{"UNION", PositionObject, 1})
	record.Electors[2].Weight = NewRatio(1000, 1)
	assert.Equal(t, OutcomeCarried, mustTally(t, record).Outcome)
}

func TestConditionsNest(t *testing.T) {
	const yes, no = `{"id": "%s", "count": ["APPROVE"], "atLeast": 1}`, `{"id": "%s", "chamber": "UNION", "count": ["APPROVE"], "atLeast": 5}`
	a, b := fmt.Sprintf(yes, "a"), fmt.Sprintf(no, "b")
	c := fmt.Sprintf(no, "c")
	tests := map[string]struct {
		nest             string
		met              bool
		code             ExplanationCode
		actual, required string
		want             string
	}{
		"any of two, one met":  {`"anyOf": [` + a + `,` + b + `]`, true, ExplainAnyMet, "1", "at least 1", "1 of 2 alternatives met, 1 needed."},
		"any of two, none met": {`"anyOf": [` + b + `,` + c + `]`, false, ExplainAnyNotMet, "0", "at least 1", "0 of 2 alternatives met, 1 needed – Unions: 2 in favour, 5 needed: 3 votes missing – Unions: 2 in favour, 5 needed: 3 votes missing."},
		"all of two, one met":  {`"allOf": [` + a + `,` + b + `]`, false, ExplainAllNotMet, "1", "at least 2", "1 of 2 met, 2 needed – Unions: 2 in favour, 5 needed: 3 votes missing."},
		"all of one, met":      {`"allOf": [` + a + `]`, true, ExplainAllMet, "1", "at least 1", "1 of 1 met, 1 needed."},
		"all of any":           {`"allOf": [{"anyOf": [` + a + `,` + b + `]}]`, true, ExplainAllMet, "1", "at least 1", "1 of 1 met, 1 needed."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rule := mustRule(t, `{"id": "nest", "kind": "QUORUM", `+test.nest+`}`)
			result := mustTally(t, recordOf(rule, cast{"UNION", PositionApprove, 2}))
			got := result.Conditions[0]
			assert.Equal(t, test.met, got.Met)
			assert.Equal(t, test.met, result.Outcome == OutcomeCarried)
			assert.Equal(t, test.code, got.ExplanationCode)
			assert.Equal(t, test.actual, got.Actual)
			assert.Equal(t, test.required, got.Required)
			assert.Equal(t, test.want, got.Explanation)
			assert.Len(t, append(got.AnyOf, got.AllOf...), len(rule.Conditions[0].AnyOf)+len(rule.Conditions[0].AllOf))
		})
	}
}

func TestNestedResultsKeepTheirIdsAndPlaces(t *testing.T) {
	rule := mustRule(t, `{"id": "nest", "kind": "APPROVAL", "anyOf": [
		{"id": "first", "count": ["APPROVE"], "atLeast": 5}, {"allOf": [{"id": "second", "count": ["APPROVE"], "atLeast": 1}]}]}`)
	data, err := json.Marshal(mustTally(t, recordOf(rule, cast{"UNION", PositionApprove, 2})))
	require.NoError(t, err)
	assert.JSONEq(t, `{"outcome": "CARRIED", "conditions": [{"id": "nest", "kind": "APPROVAL", "met": true, "actual": "1",
		"required": "at least 1", "explanation": "1 of 2 alternatives met, 1 needed.", "explanationCode": "any-met",
		"params": {"met": "1", "parts": "2"}, "anyOf": [
			{"id": "first", "met": false, "actual": "2", "required": "at least 5",
			 "explanation": "All electors: 2 in favour, 5 needed: 3 votes missing.", "explanationCode": "short",
			 "params": {"measure": "HEADS", "count": "APPROVE", "counted": "2", "comparator": "atLeast", "threshold": "5", "limit": "5", "difference": "3"}},
			{"met": true, "actual": "1", "required": "at least 1", "explanation": "1 of 1 met, 1 needed.", "explanationCode": "all-met",
			 "params": {"met": "1", "parts": "1"}, "allOf": [
				{"id": "second", "met": true, "actual": "2", "required": "at least 1", "explanation": "All electors: 2 in favour, at least 1 needed.",
				 "explanationCode": "met", "params": {"measure": "HEADS", "count": "APPROVE", "counted": "2", "comparator": "atLeast", "threshold": "1"}}]}]}]}`,
		string(data))
}

func TestTheOutcomeFollowsTheGravestFailure(t *testing.T) {
	const quorum, approval = `{"id": "q%d", "kind": "QUORUM", "count": ["APPROVE"], "atLeast": %d}`, `{"id": "a%d", "kind": "APPROVAL", "count": ["APPROVE"], "atLeast": %d}`
	tests := map[string]struct {
		conditions string
		want       Outcome
	}{
		"all met":                          {fmt.Sprintf(quorum+","+approval, 1, 1, 1, 1), OutcomeCarried},
		"an approval failed":               {fmt.Sprintf(quorum+","+approval, 1, 1, 1, 9), OutcomeNotCarried},
		"a quorum failed":                  {fmt.Sprintf(quorum+","+approval, 1, 9, 1, 1), OutcomeInquorate},
		"both failed, the quorum first":    {fmt.Sprintf(quorum+","+approval, 1, 9, 1, 9), OutcomeInquorate},
		"both failed, the approval first":  {fmt.Sprintf(approval+","+quorum, 1, 9, 1, 9), OutcomeInquorate},
		"one of two approvals failed":      {fmt.Sprintf(approval+","+approval, 1, 9, 2, 1), OutcomeNotCarried},
		"a quorum between two approvals":   {fmt.Sprintf(approval+","+quorum+","+approval, 1, 9, 1, 9, 2, 9), OutcomeInquorate},
		"only a quorum, which is reached":  {fmt.Sprintf(quorum, 1, 1), OutcomeCarried},
		"the second of two quorums failed": {fmt.Sprintf(quorum+","+quorum, 1, 1, 2, 9), OutcomeInquorate},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			result := mustTally(t, recordOf(mustRule(t, test.conditions), cast{"UNION", PositionApprove, 2}))
			assert.Equal(t, test.want, result.Outcome)
		})
	}
}
