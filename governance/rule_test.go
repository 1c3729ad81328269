package governance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARuleSurvivesJSON(t *testing.T) {
	tests := map[string]string{
		"a share of positions":     `{"id": "a", "kind": "APPROVAL", "chamber": "UNION", "measure": "HEADS", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}`,
		"a share of the electors":  `{"id": "a", "kind": "QUORUM", "count": ["APPROVE", "OBJECT"], "over": "ELECTORATE", "atLeast": "0.50"}`,
		"a share of the unrecused": `{"id": "a", "kind": "QUORUM", "count": ["APPROVE"], "over": "ELECTORATE_LESS_RECUSED", "atMost": "2/4", "ifEmpty": "MET"}`,
		"a plain number":           `{"id": "a", "kind": "APPROVAL", "count": ["OBJECT"], "lessThan": 4}`,
		"several chambers":         `{"id": "a", "kind": "APPROVAL", "chamber": ["UNION", "P-member"], "group": "LT", "measure": "WEIGHT", "count": ["APPROVE"], "atLeast": "12"}`,
		"alternatives":             `{"id": "a", "kind": "APPROVAL", "anyOf": [{"count": ["APPROVE"], "atLeast": 1}, {"id": "b", "allOf": [{"count": ["OBJECT"], "atMost": 0}]}]}`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			rule := mustRule(t, text)
			data, err := json.Marshal(rule)
			require.NoError(t, err)
			assert.JSONEq(t, `{"conditions": [`+text+`]}`, string(data))
			var again Rule
			require.NoError(t, json.Unmarshal(data, &again))
			assert.Equal(t, rule, again)
		})
	}
}

func TestAKindGivenFurtherDownIsIgnored(t *testing.T) {
	for _, kind := range []string{`"QUORUM"`, `"APPROVAL"`, `"NOTHING"`, `5`, `null`} {
		rule := mustRule(t, `{"id": "a", "kind": "APPROVAL", "anyOf": [{"kind": `+kind+`, "count": ["APPROVE"], "atLeast": 1}]}`)
		assert.Empty(t, rule.Conditions[0].AnyOf[0].Kind)
		result := mustTally(t, recordOf(rule))
		assert.Equal(t, OutcomeNotCarried, result.Outcome, "as the condition at the top says")
	}
}

func TestOneChamberIsAsGoodAsAListOfOne(t *testing.T) {
	one := mustRule(t, `{"id": "a", "kind": "APPROVAL", "chamber": "UNION", "count": ["APPROVE"], "atLeast": 1}`)
	list := mustRule(t, `{"id": "a", "kind": "APPROVAL", "chamber": ["UNION"], "count": ["APPROVE"], "atLeast": 1}`)
	assert.Equal(t, one, list)
	assert.Equal(t, []Chamber{"UNION"}, one.Chambers())
}

func TestARuleNamesItsChambersOnce(t *testing.T) {
	assert.Equal(t, []Chamber{ChamberEmployer, ChamberProvider, ChamberUnion}, presetRule(t, PresetTripartite).Chambers())
	assert.Empty(t, presetRule(t, PresetConsent).Chambers())
	nested := mustRule(t, `{"id": "a", "kind": "APPROVAL", "anyOf": [{"allOf": [{"chamber": ["B", "A"], "count": ["APPROVE"], "atLeast": 1}]}]}`)
	assert.Equal(t, []Chamber{"A", "B"}, nested.Chambers())
}

// nested makes a rule with the number of anyOf levels.
func nestedRule(levels int) string {
	return `{"conditions": [{"id": "a", "kind": "APPROVAL", ` + strings.Repeat(`"anyOf": [{`, levels) +
		`"count": ["APPROVE"], "atLeast": 1` + strings.Repeat(`}]`, levels) + `}]}`
}

func TestARuleRefusesWhatCannotBeCounted(t *testing.T) {
	leaf := func(change ...string) string {
		text := `{"id": "a", "kind": "APPROVAL", "chamber": "UNION", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}`
		for i := 0; i+1 < len(change); i += 2 {
			text = strings.Replace(text, change[i], change[i+1], 1)
		}
		return `{"conditions": [` + text + `]}`
	}
	many := make([]string, maxRuleConditions+1)
	for i := range many {
		many[i] = fmt.Sprintf(`{"id": "c%d", "kind": "APPROVAL", "count": ["APPROVE"], "atLeast": 1}`, i)
	}
	tests := map[string]struct{ text, field, reason string }{
		"no rule":                    {`[]`, "", "wrong-type"},
		"no conditions":              {`{}`, "", "missing-member"},
		"no condition":               {`{"conditions": []}`, "/conditions", "empty-list"},
		"null for conditions":        {`{"conditions": null}`, "/conditions", "wrong-type"},
		"an unknown member":          {`{"conditions": [], "name": "x"}`, "/name", "unknown-member"},
		"a condition that is a text": {`{"conditions": ["a"]}`, "/conditions/0", "wrong-type"},
		"an unknown field":           {leaf(`"chamber"`, `"chambers"`), "/conditions/0/chambers", "unknown-member"},
		"a field in another case":    {leaf(`"count"`, `"Count"`), "/conditions/0/Count", "unknown-member"},
		"a doubled key":              {leaf(`"kind": "APPROVAL"`, `"kind": "APPROVAL", "kind": "QUORUM"`), "/conditions/0/kind", "doubled-member"},
		"bytes after it":             {leaf() + "x", "", "json"},
		"a comma too much":           {leaf(`"1/2"`, `"1/2",`), "", "json"},
		"half of it":                 {leaf()[:50], "", "json"},
		"no id":                      {leaf(`"id": "a", `, ``), "/conditions/0/id", "rule-no-id"},
		"an empty id":                {leaf(`"a"`, `""`), "/conditions/0/id", "text-size"},
		"an id that is a number":     {leaf(`"a"`, `7`), "/conditions/0/id", "wrong-type"},
		"no kind":                    {leaf(`"kind": "APPROVAL", `, ``), "/conditions/0/kind", "rule-no-kind"},
		"an unknown kind":            {leaf(`"APPROVAL"`, `"VETO"`), "/conditions/0/kind", "rule-unknown-kind"},
		"an unknown measure":         {leaf(`"chamber": "UNION"`, `"measure": "FEET"`), "/conditions/0/measure", "rule-unknown-measure"},
		"nothing to count":           {leaf(`"count": ["APPROVE"], `, ``), "/conditions/0/count", "rule-no-count"},
		"an empty count":             {leaf(`["APPROVE"]`, `[]`), "/conditions/0/count", "empty-list"},
		"a count that is a text":     {leaf(`["APPROVE"]`, `"APPROVE"`), "/conditions/0/count", "wrong-type"},
		"an unknown position":        {leaf(`["APPROVE"]`, `["YES"]`), "/conditions/0/count/0", "unknown-position"},
		"a position in small":        {leaf(`["APPROVE"]`, `["approve"]`), "/conditions/0/count/0", "unknown-position"},
		"a position twice":           {leaf(`["APPROVE"]`, `["APPROVE", "APPROVE"]`), "/conditions/0/count/1", "rule-doubled-position"},
		"an unknown base position":   {leaf(`"OBJECT"`, `"NO"`), "/conditions/0/over/1", "unknown-position"},
		"an unknown base":            {leaf(`["APPROVE", "OBJECT"]`, `"EVERYBODY"`), "/conditions/0/over", "rule-unknown-base"},
		"an empty base":              {leaf(`["APPROVE", "OBJECT"]`, `[]`), "/conditions/0/over", "empty-list"},
		"a base that is an object":   {leaf(`["APPROVE", "OBJECT"]`, `{}`), "/conditions/0/over", "wrong-type"},
		"no chamber in the list":     {leaf(`"UNION"`, `[]`), "/conditions/0/chamber", "empty-list"},
		"a chamber twice":            {leaf(`"UNION"`, `["UNION", "UNION"]`), "/conditions/0/chamber/1", "rule-doubled-chamber"},
		"a group that is a list":     {leaf(`"chamber": "UNION"`, `"group": ["LT"]`), "/conditions/0/group", "wrong-type"},
		"no comparison":              {leaf(`, "moreThan": "1/2"`, ``), "/conditions/0", "rule-one-comparison"},
		"two comparisons":            {leaf(`"moreThan": "1/2"`, `"moreThan": "1/2", "atMost": 1`), "/conditions/0", "rule-one-comparison"},
		"a zero denominator":         {leaf(`"1/2"`, `"1/0"`), "/conditions/0/moreThan", "ratio-zero-denominator"},
		"a float":                    {leaf(`"1/2"`, `0.5`), "/conditions/0/moreThan", "ratio-number-form"},
		"a negative threshold":       {leaf(`"1/2"`, `"-1/2"`), "/conditions/0/moreThan", "rule-negative"},
		"a negative number":          {leaf(`"1/2"`, `-1`), "/conditions/0/moreThan", "rule-negative"},
		"an unknown ifEmpty":         {leaf(`"1/2"`, `"1/2", "ifEmpty": "MAYBE"`), "/conditions/0/ifEmpty", "rule-unknown-if-empty"},
		"ifEmpty without a base":     {leaf(`"over": ["APPROVE", "OBJECT"], `, `"ifEmpty": "MET", `), "/conditions/0/ifEmpty", "rule-if-empty-without-base"},
		"a nest that counts":         {leaf(`"moreThan": "1/2"`, `"moreThan": "1/2", "anyOf": [{"count": ["APPROVE"], "atLeast": 1}]`), "/conditions/0", "rule-nest-counts"},
		"an empty nest":              {`{"conditions": [{"id": "a", "kind": "QUORUM", "anyOf": []}]}`, "/conditions/0/anyOf", "empty-list"},
		"both nests": {
			`{"conditions": [{"id": "a", "kind": "QUORUM", "anyOf": [{"count": ["APPROVE"], "atLeast": 1}], "allOf": [{"count": ["APPROVE"], "atLeast": 1}]}]}`,
			"/conditions/0", "rule-two-nests",
		},
		"an id twice at the top": {`{"conditions": [` + many[0] + `, ` + many[0] + `]}`, "/conditions/1/id", "rule-doubled-id"},
		"an id twice further down": {
			`{"conditions": [{"id": "a", "kind": "QUORUM", "allOf": [{"id": "a", "count": ["APPROVE"], "atLeast": 1}]}]}`,
			"/conditions/0/allOf/0/id", "rule-doubled-id",
		},
		"a fault further down": {
			`{"conditions": [{"id": "a", "kind": "QUORUM", "allOf": [{"anyOf": [{"count": ["APPROVE"]}]}]}]}`,
			"/conditions/0/allOf/0/anyOf/0", "rule-one-comparison",
		},
		"one level too deep":  {nestedRule(maxRuleDepth + 1), "/conditions/0" + strings.Repeat("/anyOf/0", maxRuleDepth) + "/anyOf", "rule-too-deep"},
		"many levels deeper":  {nestedRule(50), "/conditions/0" + strings.Repeat("/anyOf/0", 11) + "/anyOf", "too-deep"},
		"too many conditions": {`{"conditions": [` + strings.Join(many, ",") + `]}`, "/conditions", "too-many"},
		"too many in parts":   {`{"conditions": [{"id": "x", "kind": "QUORUM", "anyOf": [` + strings.Join(many[1:], ",") + `]}]}`, "/conditions/0/anyOf/299", "rule-too-large"},
		"too many bytes":      {strings.Repeat(" ", maxRuleBytes) + leaf(), "", "json-too-large"},
		"broken bytes":        {leaf(`"UNION"`, "\"UN\xffION\""), "", "not-utf8"},
		"a broken escape":     {leaf(`"UNION"`, `"\udc00"`), "/conditions/0/chamber", "damaged-text"},
		"a group of controls": {leaf(`"chamber": "UNION"`, `"group": "L\u0007"`), "/conditions/0/group", "control-character"},
		"an id without end":   {leaf(`"a"`, `"`+strings.Repeat("a", maxNameText+1)+`"`), "/conditions/0/id", "text-size"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseRule([]byte(test.text))
			refusal, ok := err.(*Error)
			require.True(t, ok, "%v", err)
			assert.Equal(t, CodeInvalid, refusal.Code)
			assert.Equal(t, test.reason, refusal.Reason, refusal.Message)
			assert.Equal(t, test.field, refusal.Field, refusal.Message)
			assert.NotContains(t, refusal.Message, "\n")
		})
	}
}

func TestTheDeepestRuleIsStillCounted(t *testing.T) {
	rule, err := ParseRule([]byte(nestedRule(maxRuleDepth)))
	require.NoError(t, err)
	result := mustTally(t, recordOf(rule, cast{"UNION", PositionApprove, 1}))
	assert.Equal(t, OutcomeCarried, result.Outcome)
}

func TestARuleMadeInGoIsValidatedToo(t *testing.T) {
	tests := map[string]struct {
		condition Condition
		reason    string
	}{
		"two bases":        {Condition{ID: "a", Kind: ConditionQuorum, Count: sides, Over: Base{Whole: Electorate, Positions: sides}, AtLeast: NewRatio(1, 2)}, "rule-two-bases"},
		"a nameless":       {Condition{ID: "a", Kind: ConditionQuorum, Count: sides, Chamber: ChamberSet{""}, AtLeast: NewRatio(1, 2)}, "rule-no-chamber"},
		"nothing at all":   {Condition{ID: "a", Kind: ConditionQuorum}, "rule-no-count"},
		"deeper than JSON": {deepCondition(maxRuleDepth + 1), "rule-too-deep"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := Rule{Conditions: []Condition{test.condition}}.Validate()
			refusal, ok := err.(*Error)
			require.True(t, ok, "%v", err)
			assert.Equal(t, test.reason, refusal.Reason)
			_, err = Tally(recordOf(Rule{Conditions: []Condition{test.condition}}))
			assert.Equal(t, CodeInvalid, CodeOf(err))
		})
	}
	assert.Error(t, Rule{}.Validate())
}

func deepCondition(levels int) Condition {
	c := Condition{Count: sides, AtLeast: NewRatio(1, 1)}
	for range levels {
		c = Condition{AllOf: []Condition{c}}
	}
	c.ID, c.Kind = "deep", ConditionApproval
	return c
}
