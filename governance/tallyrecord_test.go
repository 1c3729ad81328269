package governance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const plainRecord = `{"schema": "concordat/tally/1",
 "rule": {"conditions": [{"id": "majority", "kind": "APPROVAL", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}]},
 "electors": [{"organization": "o1", "chamber": "UNION", "groups": ["LT"], "weight": "1"}, {"organization": "o2", "chamber": "P-member"}],
 "votes": [{"organization": "o1", "position": "APPROVE"}]}`

func TestARecordIsReadWithItsDefaults(t *testing.T) {
	record, err := ParseTallyRecord([]byte(plainRecord))
	require.NoError(t, err)
	assert.Equal(t, []Elector{
		{Organization: "o1", Chamber: ChamberUnion, Groups: []string{"LT"}, Weight: Ratio{text: "1"}},
		{Organization: "o2", Chamber: "P-member"},
	}, record.Electors)
	assert.Equal(t, []Vote{{Organization: "o1", Position: PositionApprove}}, record.Votes)
	data, err := json.Marshal(record)
	require.NoError(t, err)
	assert.JSONEq(t, plainRecord, string(data))
	var decoded TallyRecord
	require.NoError(t, json.Unmarshal(data, &decoded))
	assert.Equal(t, record, decoded)
	bare := strings.Replace(plainRecord, `"schema": "concordat/tally/1",`, "", 1)
	record, err = ParseTallyRecord([]byte(bare))
	require.NoError(t, err)
	data, err = json.Marshal(record)
	require.NoError(t, err)
	assert.JSONEq(t, bare, string(data))
}

func TestARecordIsRefusedAndNothingInItSkipped(t *testing.T) {
	tests := map[string]struct{ old, new, field, reason string }{
		"another schema":                  {`concordat/tally/1`, `concordat/tally/2`, "/schema", "tally-unknown-schema"},
		"an unknown member":               {`"schema"`, `"comment": "x", "schema"`, "/comment", "unknown-member"},
		"no rule":                         {`"rule"`, `"regel"`, "/regel", "unknown-member"},
		"no electors":                     {`"electors"`, `"elector"`, "/elector", "unknown-member"},
		"no votes":                        {`"votes": [{"organization": "o1", "position": "APPROVE"}]`, `"schema2": 1`, "/schema2", "unknown-member"},
		"electors left out":               {`"electors": [{"organization": "o1", "chamber": "UNION", "groups": ["LT"], "weight": "1"}, {"organization": "o2", "chamber": "P-member"}],`, ``, "", "missing-member"},
		"votes of null":                   {`[{"organization": "o1", "position": "APPROVE"}]`, `null`, "/votes", "wrong-type"},
		"a doubled member":                {`"votes"`, `"electors": [], "votes"`, "/electors", "doubled-member"},
		"a doubled member further down":   {`"o2", `, `"o2", "organization": "o3", `, "/electors/1/organization", "doubled-member"},
		"the same name by an escape":      {`"o2", `, `"o2", "organizatio\u006e": "o3", `, "/electors/1/organization", "doubled-member"},
		"a vote of a stranger":            {`"o1", "position"`, `"o3", "position"`, "/votes/0/organization", "tally-stranger"},
		"a vote in other letters":         {`"o1", "position"`, `"O1", "position"`, "/votes/0/organization", "tally-stranger"},
		"two votes of one":                {`"APPROVE"}]}`, `"APPROVE"}, {"organization": "o1", "position": "APPROVE"}]}`, "/votes/1/organization", "tally-two-votes"},
		"two entries of one":              {`"o2"`, `"o1"`, "/electors/1/organization", "tally-two-entries"},
		"an unknown position":             {`"position": "APPROVE"`, `"position": "YES"`, "/votes/0/position", "unknown-position"},
		"a position in small letters":     {`"position": "APPROVE"`, `"position": "approve"`, "/votes/0/position", "unknown-position"},
		"an empty position":               {`"position": "APPROVE"`, `"position": ""`, "/votes/0/position", "text-size"},
		"a vote without position":         {`, "position": "APPROVE"`, ``, "/votes/0", "missing-member"},
		"a vote with a weight":            {`"position": "APPROVE"`, `"position": "APPROVE", "weight": 2`, "/votes/0/weight", "unknown-member"},
		"an elector without organization": {`"organization": "o2", `, ``, "/electors/1", "missing-member"},
		"an elector without chamber":      {`, "chamber": "P-member"`, ``, "/electors/1", "missing-member"},
		"an elector with an empty name":   {`"o2"`, `""`, "/electors/1/organization", "text-size"},
		"an elector that is a text":       {`{"organization": "o2", "chamber": "P-member"}`, `"o2"`, "/electors/1", "wrong-type"},
		"an elector with a vote":          {`"P-member"`, `"P-member", "position": "APPROVE"`, "/electors/1/position", "unknown-member"},
		"a negative weight":               {`"weight": "1"`, `"weight": "-1/3"`, "/electors/0/weight", "tally-negative-weight"},
		"a negative weight as a number":   {`"weight": "1"`, `"weight": -1`, "/electors/0/weight", "tally-negative-weight"},
		"a weight over zero":              {`"weight": "1"`, `"weight": "1/0"`, "/electors/0/weight", "ratio-zero-denominator"},
		"a weight that is a float":        {`"weight": "1"`, `"weight": 1.5`, "/electors/0/weight", "ratio-number-form"},
		"a weight that is no number":      {`"weight": "1"`, `"weight": "heavy"`, "/electors/0/weight", "ratio-malformed"},
		"a weight of null":                {`"weight": "1"`, `"weight": null`, "/electors/0/weight", "ratio-malformed"},
		"groups that are a text":          {`["LT"]`, `"LT"`, "/electors/0/groups", "wrong-type"},
		"a group that is a number":        {`["LT"]`, `[1]`, "/electors/0/groups/0", "wrong-type"},
		"a fault in the rule":             {`"1/2"`, `"1/0"`, "/rule/conditions/0/moreThan", "ratio-zero-denominator"},
		"two comparisons in the rule":     {`"1/2"`, `"1/2", "atLeast": 1`, "/rule/conditions/0", "rule-one-comparison"},
		"no condition in the rule":        {`[{"id": "majority", "kind": "APPROVAL", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}]`, `[]`, "/rule/conditions", "empty-list"},
		"a rule that is null":             {`{"conditions": [{"id": "majority", "kind": "APPROVAL", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}]}`, `null`, "/rule", "wrong-type"},
		"bytes after it":                  {`"APPROVE"}]}`, `"APPROVE"}]}]`, "", "json"},
		"a comma too much":                {`"APPROVE"}]}`, `"APPROVE"},]}`, "", "json"},
		"its end cut off":                 {`"APPROVE"}]}`, `"APPROVE"}]`, "", "json"},
		"a broken escape":                 {`"o2"`, `"o\ud83d"`, "/electors/1/organization", "damaged-text"},
		"too many groups":                 {`["LT"]`, `["a"` + strings.Repeat(`,"a"`, maxGroups) + `]`, "/electors/0/groups", "too-many"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, plainRecord, test.old)
			text := strings.Replace(plainRecord, test.old, test.new, 1)
			_, err := ParseTallyRecord([]byte(text))
			refusal, ok := err.(*Error)
			require.True(t, ok, "%v", err)
			assert.Equal(t, CodeInvalid, refusal.Code)
			assert.Equal(t, test.reason, refusal.Reason, refusal.Message)
			assert.Equal(t, test.field, refusal.Field, refusal.Message)
			var record TallyRecord
			assert.Error(t, json.Unmarshal([]byte(text), &record), "by way of encoding/json too")
			assert.Empty(t, record.Votes)
		})
	}
	for name, text := range map[string]string{"nothing": "", "blanks": " \n", "a text": `"x"`, "a list": "[]", "null": "null", "too large": strings.Repeat(" ", MaxTallyBytes+1)} {
		_, err := ParseTallyRecord([]byte(text))
		assert.Equal(t, CodeInvalid, CodeOf(err), name)
	}
}

func TestARecordMadeInGoIsValidatedToo(t *testing.T) {
	rule := mustRule(t, `{"id": "a", "kind": "APPROVAL", "count": ["APPROVE"], "atLeast": 1}`)
	tests := map[string]func(*TallyRecord){
		"a stranger":               func(r *TallyRecord) { r.Votes[0].Organization = "o9" },
		"two votes":                func(r *TallyRecord) { r.Votes = append(r.Votes, r.Votes[0]) },
		"two entries":              func(r *TallyRecord) { r.Electors = append(r.Electors, r.Electors[0]) },
		"no organization":          func(r *TallyRecord) { r.Electors[0].Organization = "" },
		"no chamber":               func(r *TallyRecord) { r.Electors[0].Chamber = "" },
		"no position":              func(r *TallyRecord) { r.Votes[0].Position = "" },
		"a negative weight":        func(r *TallyRecord) { r.Electors[0].Weight = NewRatio(-1, 1) },
		"no rule":                  func(r *TallyRecord) { r.Rule = Rule{} },
		"another schema":           func(r *TallyRecord) { r.Schema = "x" },
		"weights beyond all sense": func(r *TallyRecord) { *r = primeWeights(t, r.Rule) },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			record := recordOf(rule, cast{"UNION", PositionApprove, 2})
			change(&record)
			_, err := Tally(record)
			assert.Equal(t, CodeInvalid, CodeOf(err), "%v", err)
		})
	}
}

// primeWeights gives each elector a long denominator of its own, whose common one would be endless.
func primeWeights(t *testing.T, rule Rule) TallyRecord {
	t.Helper()
	record := recordOf(rule, cast{"UNION", PositionApprove, 200})
	for i := range record.Electors {
		weight, err := ParseRatio(fmt.Sprintf("1/%d%s1", i+1, strings.Repeat("0", 60)))
		require.NoError(t, err)
		record.Electors[i].Weight = weight
	}
	return record
}

func TestAReasonCutsWhatOthersWroteTooLong(t *testing.T) {
	text := strings.Replace(plainRecord, `"o1", "position"`, `"`+strings.Repeat("é", 400)+`", "position"`, 1)
	_, err := ParseTallyRecord([]byte(text))
	assert.ErrorContains(t, err, strings.Repeat("é", 60)+"…")
	assert.NotContains(t, err.Error(), strings.Repeat("é", 61))
}
