package governance

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAConditionIsSaidInOneSentence(t *testing.T) {
	tests := map[string]string{
		`"chamber": "UNION", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"`:                                    "More than half of the unions that take a side say yes.",
		`"chamber": ["EMPLOYER", "UNION"], "group": "LT", "count": ["OBJECT"], "over": ["APPROVE", "OBJECT"], "atMost": "1/4"`:          "At most a quarter of the employers and unions of group LT that take a side object.",
		`"chamber": ["EMPLOYER", "UNION", "PROVIDER"], "count": ["APPROVE", "NO_OBJECTION"], "over": "ELECTORATE", "atLeast": "75/100"`: "At least three quarters of all employers, unions and providers say yes or have no objection.",
		`"count": ["APPROVE", "NO_OBJECTION", "OBJECT", "ABSTAIN"], "over": "ELECTORATE_LESS_RECUSED", "atLeast": "1/2"`:                "At least half of all electors that are not recused take part.",
		`"count": ["APPROVE", "OBJECT", "ABSTAIN", "NO_OBJECTION"], "over": "ELECTORATE", "atLeast": "1"`:                               "All electors take part.",
		`"count": ["APPROVE"], "over": ["APPROVE", "OBJECT", "NO_OBJECTION"], "lessThan": "7/9"`:                                        "Less than 7/9 of the electors that say yes or object or have no objection say yes.",
		`"measure": "WEIGHT", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "atLeast": "0.65"`:                                   "Electors that say yes have at least 65 % of the weight of the electors that take a side.",
		`"chamber": "P-member", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "atLeast": "2/3", "ifEmpty": "MET"`:                "At least two thirds of the electors of chamber P-member that take a side say yes; where there are none, this counts as met.",
		`"chamber": "UNION", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "atMost": 0, "ifEmpty": "NOT_MET"`:                    "None of the unions that take a side say yes; where there are none, this counts as not met.",
		`"chamber": "UNION", "count": ["APPROVE"], "atLeast": 3`:                                                                        "The number of unions that say yes is at least 3.",
		`"count": ["OBJECT"], "atMost": 0`:                            "None of the electors object.",
		`"measure": "WEIGHT", "count": ["RECUSE"], "lessThan": "5/2"`: "The weight of electors that are recused is less than 5/2.",
		`"anyOf": [{"count": ["APPROVE"], "atLeast": 3}, {"allOf": [{"count": ["OBJECT"], "atMost": 0}, {"count": ["APPROVE"], "atLeast": 1}]}]`: "Any of these suffices: the number of electors that say yes is at least 3; or (none of the electors object, and the number of electors that say yes is at least 1).",
	}
	for condition, want := range tests {
		t.Run(want, func(t *testing.T) {
			words := mustRule(t, `{"id": "c", "kind": "QUORUM", `+condition+`}`).Words()
			require.Len(t, words, 1)
			assert.Equal(t, want, words[0].Text)
			assert.Equal(t, "c", words[0].ID)
			assert.Equal(t, ConditionQuorum, words[0].Kind)
			assert.Equal(t, "/conditions/0", words[0].Path)
		})
	}
}

func TestWordsCarryWhatAPageNeedsToSayThemItself(t *testing.T) {
	rule := mustRule(t, `{"id": "either", "kind": "APPROVAL", "anyOf": [
		{"chamber": ["UNION", "EMPLOYER"], "group": "LT", "measure": "WEIGHT", "count": ["APPROVE"], "over": "ELECTORATE", "atLeast": "2/4", "ifEmpty": "MET"},
		{"id": "number", "count": ["APPROVE", "OBJECT"], "moreThan": 3}]}`)
	words := rule.Words()[0]
	assert.Equal(t, ConditionAnyOf, words.Code)
	assert.Equal(t, map[string]string{"parts": "2"}, words.Params)
	require.Len(t, words.AnyOf, 2)
	assert.Equal(t, "/conditions/0/anyOf/0", words.AnyOf[0].Path)
	assert.Equal(t, ConditionShare, words.AnyOf[0].Code)
	assert.Equal(t, map[string]string{
		"chambers": "UNION,EMPLOYER", "group": "LT", "measure": "WEIGHT", "count": "APPROVE", "over": "ELECTORATE",
		"comparator": "atLeast", "threshold": "1/2", "ifEmpty": "MET",
	}, words.AnyOf[0].Params)
	assert.Equal(t, ConditionNumber, words.AnyOf[1].Code)
	assert.Equal(t, "number", words.AnyOf[1].ID)
	assert.Equal(t, map[string]string{"measure": "HEADS", "count": "APPROVE,OBJECT", "comparator": "moreThan", "threshold": "3"}, words.AnyOf[1].Params)
}

func TestEveryPresetIsSaidInWords(t *testing.T) {
	for _, preset := range Presets {
		for _, words := range preset.Rule.Words() {
			assert.Regexp(t, `^[A-Z].*[a-z0-9)]\.$`, words.Text, preset.ID)
			t.Logf("%s/%s: %s", preset.ID, words.ID, words.Text)
		}
	}
	charter := foundingCharter(t)
	assert.Len(t, charter.Explain(nil).Conditions, len(charter.Rule.Conditions))
	charter.Rule.Conditions[0].Count = nil
	explained := charter.Explain(&Seats{})
	assert.Empty(t, explained.Conditions, "a broken form has no words")
	assert.NotEmpty(t, explained.Findings)
}
