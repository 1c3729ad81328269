package governance

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// thresholdTest is a ballot at, just under or just over one threshold: what came out, and which conditions failed.
type thresholdTest struct {
	casts  []cast
	want   Outcome
	failed []string
}

func runThresholds(t *testing.T, rule Rule, tests map[string]thresholdTest) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			result := mustTally(t, recordOf(rule, test.casts...))
			var failed []string
			for _, condition := range result.Conditions {
				if !condition.Met {
					failed = append(failed, condition.ID)
				}
			}
			assert.Equal(t, test.want, result.Outcome, result.String())
			assert.Equal(t, test.failed, failed, result.String())
		})
	}
}

func presetRule(t *testing.T, id string) Rule {
	t.Helper()
	preset, err := PresetByID(id)
	require.NoError(t, err)
	return preset.Rule
}

func TestTripartiteAtEachThresholdOfEachChamber(t *testing.T) {
	chambers := map[Chamber]string{ChamberEmployer: "employers", ChamberUnion: "unions", ChamberProvider: "providers", ChamberLearnerBody: "learners"}
	for _, preset := range []string{PresetTripartite, PresetTripartiteLearners} {
		rule := presetRule(t, preset)
		for _, chamber := range rule.Chambers() {
			id := chambers[chamber]
			// Everybody else says yes, so often that only this chamber decides.
			with := func(own ...cast) []cast {
				casts := own
				for other := range chambers {
					if other != chamber {
						casts = append(casts, cast{other, PositionApprove, 20})
					}
				}
				return casts
			}
			t.Run(preset+" "+id, func(t *testing.T) {
				runThresholds(t, rule, map[string]thresholdTest{
					"quorum: one more than half voted": {with(cast{chamber, PositionApprove, 5}, cast{chamber, "", 3}), OutcomeCarried, nil},
					"quorum: half voted":               {with(cast{chamber, PositionApprove, 4}, cast{chamber, "", 4}), OutcomeCarried, nil},
					"quorum: one less than half voted": {with(cast{chamber, PositionApprove, 3}, cast{chamber, "", 5}), OutcomeInquorate, []string{id + "-quorum"}},
					"quorum: just under half of an odd number": {
						with(cast{chamber, PositionApprove, 3}, cast{chamber, "", 4}), OutcomeInquorate, []string{id + "-quorum"},
					},
					"quorum: abstaining and not objecting count": {
						with(cast{chamber, PositionApprove, 1}, cast{chamber, PositionAbstain, 1}, cast{chamber, PositionNoObjection, 1}, cast{chamber, "", 3}),
						OutcomeCarried, nil,
					},
					"quorum: the recused are left out": {
						with(cast{chamber, PositionApprove, 2}, cast{chamber, PositionRecuse, 4}, cast{chamber, "", 2}), OutcomeCarried, nil,
					},
					"quorum: nobody voted": {with(cast{chamber, "", 8}), OutcomeInquorate, []string{id + "-quorum", id + "-majority"}},
					"quorum: a vacant chamber": {
						with(), OutcomeInquorate, []string{id + "-quorum", id + "-majority"},
					},
					"quorum: all recused": {
						with(cast{chamber, PositionRecuse, 2}), OutcomeInquorate, []string{id + "-quorum", id + "-majority"},
					},
					"majority: one more than half":      {with(cast{chamber, PositionApprove, 5}, cast{chamber, PositionObject, 3}), OutcomeCarried, nil},
					"majority: just over half":          {with(cast{chamber, PositionApprove, 4}, cast{chamber, PositionObject, 3}), OutcomeCarried, nil},
					"majority: half is not enough":      {with(cast{chamber, PositionApprove, 4}, cast{chamber, PositionObject, 4}), OutcomeNotCarried, []string{id + "-majority"}},
					"majority: just under half":         {with(cast{chamber, PositionApprove, 3}, cast{chamber, PositionObject, 4}), OutcomeNotCarried, []string{id + "-majority"}},
					"majority: abstentions do not help": {with(cast{chamber, PositionAbstain, 8}), OutcomeNotCarried, []string{id + "-majority"}},
					"inquorate goes before not carried": {
						with(cast{chamber, PositionObject, 1}, cast{chamber, "", 7}), OutcomeInquorate, []string{id + "-quorum", id + "-majority"},
					},
				})
			})
		}
	}
}

func TestTripartiteAtTwoThirdsOfAll(t *testing.T) {
	each := func(yes, no int) []cast {
		var casts []cast
		for _, chamber := range []Chamber{ChamberEmployer, ChamberUnion, ChamberProvider, ChamberLearnerBody} {
			casts = append(casts, cast{chamber, PositionApprove, yes}, cast{chamber, PositionObject, no})
		}
		return casts
	}
	for _, preset := range []string{PresetTripartite, PresetTripartiteLearners} {
		runThresholds(t, presetRule(t, preset), map[string]thresholdTest{
			preset + ": exactly two thirds":           {each(2, 1), OutcomeCarried, nil},
			preset + ": one more vote against":        {append(each(2, 1), cast{ChamberProvider, PositionObject, 1}, cast{ChamberProvider, PositionApprove, 1}), OutcomeNotCarried, []string{"overall"}},
			preset + ": one more vote in favour":      {append(each(2, 1), cast{ChamberProvider, PositionApprove, 1}), OutcomeCarried, nil},
			preset + ": a chamber not named counts":   {append(each(2, 1), cast{ChamberCivilSociety, PositionObject, 1}), OutcomeNotCarried, []string{"overall"}},
			preset + ": abstentions there do not":     {append(each(2, 1), cast{ChamberCivilSociety, PositionAbstain, 9}), OutcomeCarried, nil},
			preset + ": majorities without two third": {each(3, 2), OutcomeNotCarried, []string{"overall"}},
		})
	}
}

func TestTheLearnersChamberDecidesOnlyWhereItIsNamed(t *testing.T) {
	casts := []cast{
		{ChamberEmployer, PositionApprove, 3}, {ChamberUnion, PositionApprove, 3}, {ChamberProvider, PositionApprove, 3},
		{ChamberLearnerBody, PositionObject, 2},
	}
	assert.Equal(t, OutcomeCarried, mustTally(t, recordOf(presetRule(t, PresetTripartite), casts...)).Outcome)
	assert.Equal(t, OutcomeNotCarried, mustTally(t, recordOf(presetRule(t, PresetTripartiteLearners), casts...)).Outcome)
}

func TestTheOtherPresetsAtEachThreshold(t *testing.T) {
	const any, p, o = ChamberCivilSociety, Chamber("P-member"), Chamber("O-member")
	for id, tests := range map[string]map[string]thresholdTest{
		PresetSimpleMajority: {
			"one more yes than no":         {[]cast{{any, PositionApprove, 4}, {any, PositionObject, 3}}, OutcomeCarried, nil},
			"as many yes as no":            {[]cast{{any, PositionApprove, 3}, {any, PositionObject, 3}}, OutcomeNotCarried, []string{"majority"}},
			"one more no than yes":         {[]cast{{any, PositionApprove, 3}, {any, PositionObject, 4}}, OutcomeNotCarried, []string{"majority"}},
			"one yes among the silent":     {[]cast{{any, PositionApprove, 1}, {any, PositionAbstain, 9}, {any, "", 90}}, OutcomeCarried, nil},
			"not objecting is not yes":     {[]cast{{any, PositionNoObjection, 9}}, OutcomeNotCarried, []string{"majority"}},
			"nobody voted":                 {[]cast{{any, "", 9}}, OutcomeNotCarried, []string{"majority"}},
			"there is nobody who may vote": {nil, OutcomeNotCarried, []string{"majority"}},
		},
		PresetAbsoluteMajority: {
			"one more than half of all":            {[]cast{{any, PositionApprove, 6}, {any, "", 4}}, OutcomeCarried, nil},
			"half of all":                          {[]cast{{any, PositionApprove, 5}, {any, "", 5}}, OutcomeNotCarried, []string{"majority"}},
			"one less than half of all":            {[]cast{{any, PositionApprove, 4}, {any, "", 6}}, OutcomeNotCarried, []string{"majority"}},
			"just over half of an odd number":      {[]cast{{any, PositionApprove, 5}, {any, PositionObject, 4}}, OutcomeCarried, nil},
			"the recused stay in the base":         {[]cast{{any, PositionApprove, 5}, {any, PositionRecuse, 5}}, OutcomeNotCarried, []string{"majority"}},
			"there is nobody who could be half of": {nil, OutcomeNotCarried, []string{"majority"}},
		},
		PresetConsent: {
			"three quarters of all":               {[]cast{{any, PositionApprove, 6}, {any, PositionObject, 2}}, OutcomeCarried, nil},
			"one more":                            {[]cast{{any, PositionApprove, 7}, {any, PositionObject, 1}}, OutcomeCarried, nil},
			"one less":                            {[]cast{{any, PositionApprove, 5}, {any, PositionObject, 3}}, OutcomeNotCarried, []string{"consent"}},
			"not objecting is consent":            {[]cast{{any, PositionApprove, 1}, {any, PositionNoObjection, 5}, {any, "", 2}}, OutcomeCarried, nil},
			"abstaining is not":                   {[]cast{{any, PositionApprove, 5}, {any, PositionAbstain, 3}}, OutcomeNotCarried, []string{"consent"}},
			"who does not vote does not consent":  {[]cast{{any, PositionApprove, 5}, {any, "", 3}}, OutcomeNotCarried, []string{"consent"}},
			"just under three quarters of eleven": {[]cast{{any, PositionApprove, 8}, {any, "", 3}}, OutcomeNotCarried, []string{"consent"}},
			"just over three quarters of eleven":  {[]cast{{any, PositionApprove, 9}, {any, "", 2}}, OutcomeCarried, nil},
		},
		PresetISOEnquiry: {
			"two thirds of the P-members":          {[]cast{{p, PositionApprove, 8}, {p, PositionObject, 4}, {o, PositionApprove, 4}}, OutcomeCarried, nil},
			"one less":                             {[]cast{{p, PositionApprove, 7}, {p, PositionObject, 4}, {o, PositionApprove, 5}}, OutcomeNotCarried, []string{"p-members-two-thirds"}},
			"one more":                             {[]cast{{p, PositionApprove, 9}, {p, PositionObject, 4}, {o, PositionApprove, 4}}, OutcomeCarried, nil},
			"a quarter of all negative":            {[]cast{{p, PositionApprove, 9}, {o, PositionObject, 3}}, OutcomeCarried, nil},
			"one more negative":                    {[]cast{{p, PositionApprove, 9}, {o, PositionObject, 4}}, OutcomeNotCarried, []string{"negative-quarter"}},
			"one less negative":                    {[]cast{{p, PositionApprove, 9}, {o, PositionObject, 2}}, OutcomeCarried, nil},
			"O-members do not make the two thirds": {[]cast{{p, PositionApprove, 1}, {p, PositionObject, 1}, {o, PositionApprove, 9}}, OutcomeNotCarried, []string{"p-members-two-thirds"}},
			"abstentions are left out":             {[]cast{{p, PositionApprove, 6}, {p, PositionObject, 2}, {p, PositionAbstain, 9}}, OutcomeCarried, nil},
			"no P-member took a side":              {[]cast{{p, PositionAbstain, 3}, {o, PositionApprove, 9}}, OutcomeNotCarried, []string{"p-members-two-thirds"}},
		},
	} {
		t.Run(id, func(t *testing.T) { runThresholds(t, presetRule(t, id), tests) })
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
	assert.Len(t, seen, 6)
}

// The rules of four more bodies, which the language must be able to say.

func TestTheLanguageSaysCENsWeightedVote(t *testing.T) {
	rule := mustRule(t, `
		{"id": "members", "kind": "APPROVAL", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "atLeast": "0.55"},
		{"id": "weight", "kind": "APPROVAL", "measure": "WEIGHT", "count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "atLeast": "65/100"}`)
	// 20 members of weight 1; the 9 against weigh as given.
	vote := func(yes int, yesWeight, noWeight Ratio) TallyRecord {
		record := recordOf(rule, cast{"MEMBER", PositionApprove, yes}, cast{"MEMBER", PositionObject, 20 - yes}, cast{"MEMBER", PositionAbstain, 7})
		record.Electors[0].Weight = yesWeight
		record.Electors[19].Weight = noWeight
		return record
	}
	one := NewRatio(1, 1)
	tests := map[string]struct {
		record TallyRecord
		failed string
	}{
		"11 of 20 is 55 %, their weight 26 of 40 is 65 %": {vote(11, NewRatio(16, 1), NewRatio(6, 1)), ""},
		"10 of 20 is not 55 %":                            {vote(10, NewRatio(99, 1), one), "members"},
		"12 of 20 is more":                                {vote(12, NewRatio(99, 1), one), ""},
		"a hair less than 65 % of the weight":             {vote(11, NewRatio(16, 1), NewRatio(6_000_001, 1_000_000)), "weight"},
		"a hair more than 65 % of the weight":             {vote(11, NewRatio(16_000_001, 1_000_000), NewRatio(6, 1)), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			result := mustTally(t, test.record)
			assert.Equal(t, test.failed == "", result.Outcome == OutcomeCarried, result.String())
			for _, condition := range result.Conditions {
				assert.Equal(t, condition.ID != test.failed, condition.Met, result.String())
			}
		})
	}
}

func TestTheLanguageSaysTheIESGsBallot(t *testing.T) {
	rule := mustRule(t, `
		{"id": "one-yes", "kind": "APPROVAL", "count": ["APPROVE"], "atLeast": 1},
		{"id": "no-discuss", "kind": "APPROVAL", "count": ["OBJECT"], "atMost": 0},
		{"id": "two-thirds", "kind": "APPROVAL", "count": ["APPROVE", "NO_OBJECTION"], "over": "ELECTORATE_LESS_RECUSED", "atLeast": "2/3"}`)
	const ad = Chamber("AD")
	runThresholds(t, rule, map[string]thresholdTest{
		"one yes and nine without objection of fifteen": {[]cast{{ad, PositionApprove, 1}, {ad, PositionNoObjection, 9}, {ad, "", 5}}, OutcomeCarried, nil},
		"one position less":                             {[]cast{{ad, PositionApprove, 1}, {ad, PositionNoObjection, 8}, {ad, "", 6}}, OutcomeNotCarried, []string{"two-thirds"}},
		"the recused make the base small":               {[]cast{{ad, PositionApprove, 1}, {ad, PositionNoObjection, 7}, {ad, PositionRecuse, 3}, {ad, "", 4}}, OutcomeCarried, nil},
		"no yes":                                        {[]cast{{ad, PositionNoObjection, 15}}, OutcomeNotCarried, []string{"one-yes"}},
		"one objection":                                 {[]cast{{ad, PositionApprove, 14}, {ad, PositionObject, 1}}, OutcomeNotCarried, []string{"no-discuss"}},
	})
}

func TestTheLanguageSaysTheW3CsAppeal(t *testing.T) {
	// Up to 5 % turnout an appeal fails; up to 15 % it needs three quarters; above that a majority.
	rule := mustRule(t, `
		{"id": "appeal", "kind": "APPROVAL", "anyOf": [
			{"id": "high-turnout", "allOf": [
				{"count": ["APPROVE", "OBJECT", "ABSTAIN"], "over": "ELECTORATE", "atLeast": "15/100"},
				{"count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}]},
			{"id": "low-turnout", "allOf": [
				{"count": ["APPROVE", "OBJECT", "ABSTAIN"], "over": "ELECTORATE", "atLeast": "5/100"},
				{"count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "atLeast": "3/4"}]}]}`)
	const ac = Chamber("AC")
	failed := []string{"appeal"}
	runThresholds(t, rule, map[string]thresholdTest{
		"15 % turnout and a majority":           {[]cast{{ac, PositionApprove, 8}, {ac, PositionObject, 7}, {ac, "", 85}}, OutcomeCarried, nil},
		"15 % turnout and a tie":                {[]cast{{ac, PositionApprove, 7}, {ac, PositionObject, 7}, {ac, PositionAbstain, 1}, {ac, "", 85}}, OutcomeNotCarried, failed},
		"14 % turnout and a majority":           {[]cast{{ac, PositionApprove, 8}, {ac, PositionObject, 6}, {ac, "", 86}}, OutcomeNotCarried, failed},
		"12 % turnout and three quarters":       {[]cast{{ac, PositionApprove, 9}, {ac, PositionObject, 3}, {ac, "", 88}}, OutcomeCarried, nil},
		"12 % turnout and less":                 {[]cast{{ac, PositionApprove, 8}, {ac, PositionObject, 3}, {ac, PositionAbstain, 1}, {ac, "", 88}}, OutcomeNotCarried, failed},
		"5 % turnout and all in favour":         {[]cast{{ac, PositionApprove, 5}, {ac, "", 95}}, OutcomeCarried, nil},
		"less than 5 % turnout, all in favour":  {[]cast{{ac, PositionApprove, 4}, {ac, "", 96}}, OutcomeNotCarried, failed},
		"nobody voted, nobody could have voted": {nil, OutcomeNotCarried, failed},
	})
}

func TestTheLanguageSaysTheEUsQualifiedMajority(t *testing.T) {
	// 55 % of the members, at least 15, with 65 % of the people; fewer than four who do not agree cannot block.
	rule := mustRule(t, `
		{"id": "members", "kind": "APPROVAL", "count": ["APPROVE"], "over": "ELECTORATE", "atLeast": "55/100"},
		{"id": "fifteen", "kind": "APPROVAL", "count": ["APPROVE"], "atLeast": 15},
		{"id": "people", "kind": "APPROVAL", "anyOf": [
			{"measure": "WEIGHT", "count": ["APPROVE"], "over": "ELECTORATE", "atLeast": "65/100"},
			{"count": ["APPROVE"], "atLeast": 24}]}`)
	vote := func(yes int, largeNo int64) TallyRecord {
		record := recordOf(rule, cast{"MEMBER", PositionApprove, yes}, cast{"MEMBER", PositionObject, 27 - yes})
		record.Electors[26].Weight = NewRatio(largeNo, 1)
		return record
	}
	tests := map[string]struct {
		record TallyRecord
		want   Outcome
	}{
		"fifteen of 27 are 55.5 % but 55.5 % of the people":             {vote(15, 1), OutcomeNotCarried},
		"eighteen of 27 and 66.7 % of the people":                       {vote(18, 1), OutcomeCarried},
		"eighteen of 27 and 64.3 % of the people":                       {vote(18, 2), OutcomeNotCarried},
		"fourteen with everybody":                                       {vote(14, 0), OutcomeNotCarried},
		"three large ones against cannot block with half of the people": {vote(24, 24), OutcomeCarried},
		"four against with half of the people block":                    {vote(23, 24), OutcomeNotCarried},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			result := mustTally(t, test.record)
			assert.Equal(t, test.want, result.Outcome, result.String())
		})
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
