package governance

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func foundingCharter(t *testing.T) Charter {
	t.Helper()
	charter, err := FoundingCharter(PresetTripartite, "Skills council for electronics", "Europe/Vilnius")
	require.NoError(t, err)
	return charter
}

func TestFoundingChartersAreRightAndSurviveJSON(t *testing.T) {
	for _, preset := range Presets {
		t.Run(preset.ID, func(t *testing.T) {
			charter, err := FoundingCharter(preset.ID, "Council", "Europe/Brussels")
			require.NoError(t, err)
			assert.Empty(t, charter.Check())
			data, err := json.Marshal(charter)
			require.NoError(t, err)
			read, err := ParseCharter(data)
			require.NoError(t, err, string(data))
			assert.Equal(t, charter, read)
			var decoded Charter
			require.NoError(t, json.Unmarshal(data, &decoded))
			assert.Equal(t, charter, decoded)
			again, err := json.Marshal(read)
			require.NoError(t, err)
			assert.JSONEq(t, string(data), string(again))
		})
	}
	_, err := FoundingCharter("lottery", "Council", "Europe/Brussels")
	assert.Equal(t, CodeNotFound, CodeOf(err))
}

func TestAFoundingCharterMayBeChangedWithoutChangingThePreset(t *testing.T) {
	charter := foundingCharter(t)
	charter.Rule.Conditions[0].Chamber[0] = "CHANGED"
	charter.Rule.Conditions[0].Count[0] = PositionRecuse
	charter.Chambers[0] = "CHANGED"
	fresh := foundingCharter(t)
	assert.Empty(t, fresh.Check())
	assert.NotEqual(t, charter.Rule, fresh.Rule)
}

func TestACharterOlderThanTheChoiceOfWhoDecidesOnPublicationsStaysAsItIs(t *testing.T) {
	charter := foundingCharter(t)
	data, err := json.Marshal(charter)
	require.NoError(t, err)
	assert.NotContains(t, string(data), "withdrawalsDecidedBy")
	assert.NotContains(t, string(data), "reviewsDecidedBy")
	charter.WithdrawalsDecidedBy, charter.ReviewsDecidedBy = PublicationsByMatterBallot, PublicationsBySecretary
	data, err = json.Marshal(charter)
	require.NoError(t, err)
	read, err := ParseCharter(data)
	require.NoError(t, err)
	assert.Equal(t, charter, read)
	assert.Empty(t, read.Check())
}

func TestCheckNamesEachWrongValueOfACharter(t *testing.T) {
	tests := map[string]struct {
		change func(*Charter)
		path   string
		rule   string
		warns  bool
	}{
		"another schema":                  {change: func(c *Charter) { c.Schema = "concordat/charter/2" }, path: "/schema", rule: "charter-unknown-schema"},
		"no name":                         {change: func(c *Charter) { c.Name = " " }, path: "/name", rule: "charter-no-name"},
		"a chamber twice":                 {change: func(c *Charter) { c.Chambers[1] = ChamberEmployer }, path: "/chambers/1", rule: "charter-doubled-chamber"},
		"a chamber without name":          {change: func(c *Charter) { c.Chambers[8] = "" }, path: "/chambers/8", rule: "charter-chamber-name"},
		"a chamber called COUNCIL":        {change: func(c *Charter) { c.Chambers[8] = "COUNCIL" }, path: "/chambers/8", rule: "charter-chamber-name"},
		"a condition on no chamber of it": {change: func(c *Charter) { c.Rule.Conditions[0].Chamber = ChamberSet{"GUILD"} }, path: "/rule/conditions/0/chamber/0", rule: "charter-unknown-chamber"},
		"an id twice":                     {change: func(c *Charter) { c.Rule.Conditions[1].ID = "employers-quorum" }, path: "/rule/conditions/1/id", rule: "rule-doubled-id"},
		"two comparisons":                 {change: func(c *Charter) { c.Rule.Conditions[1].AtMost = NewRatio(1, 2) }, path: "/rule/conditions/1", rule: "rule-one-comparison"},
		"a share over one":                {change: func(c *Charter) { c.Rule.Conditions[6].AtLeast = NewRatio(3, 2) }, path: "/rule/conditions/6/atLeast", rule: "charter-share-over-one"},
		"a quorum of more than everybody": {
			change: func(c *Charter) {
				c.Rule.Conditions[0].AtLeast, c.Rule.Conditions[0].MoreThan = Ratio{}, NewRatio(1, 1)
			},
			path: "/rule/conditions/0", rule: "charter-never-met",
		},
		"a share below nothing": {
			change: func(c *Charter) {
				c.Rule.Conditions[6].AtLeast, c.Rule.Conditions[6].LessThan = Ratio{}, NewRatio(0, 1)
			},
			path: "/rule/conditions/6", rule: "charter-never-met",
		},
		"fewer than no heads": {
			change: func(c *Charter) {
				c.Rule.Conditions[6] = Condition{ID: "x", Kind: ConditionApproval, Count: sides, LessThan: NewRatio(0, 1)}
			},
			path: "/rule/conditions/6", rule: "charter-never-met",
		},
		"alternatives none of which can be met": {
			change: func(c *Charter) {
				never := Condition{Count: sides, Over: Base{Whole: Electorate}, MoreThan: NewRatio(1, 1)}
				c.Rule.Conditions[0] = Condition{ID: "x", Kind: ConditionQuorum, AnyOf: []Condition{never, never}}
			},
			path: "/rule/conditions/0", rule: "charter-never-met",
		},
		"parts one of which cannot be met": {
			change: func(c *Charter) {
				never := Condition{Count: sides, Over: Base{Whole: Electorate}, MoreThan: NewRatio(1, 1)}
				always := Condition{Count: sides, AtLeast: NewRatio(1, 1)}
				c.Rule.Conditions[0] = Condition{ID: "x", Kind: ConditionQuorum, AllOf: []Condition{always, never}}
			},
			path: "/rule/conditions/0", rule: "charter-never-met",
		},
		"a nested condition on no chamber of it": {
			change: func(c *Charter) {
				guild := Condition{Chamber: ChamberSet{"GUILD"}, Count: sides, AtLeast: NewRatio(1, 1)}
				c.Rule.Conditions[0] = Condition{ID: "x", Kind: ConditionQuorum, AnyOf: []Condition{guild}}
			},
			path: "/rule/conditions/0/anyOf/0/chamber/0", rule: "charter-unknown-chamber",
		},
		"only quorums":                 {change: func(c *Charter) { c.Rule.Conditions = c.Rule.Conditions[:3] }, path: "/rule/conditions", rule: "charter-no-approval"},
		"no condition":                 {change: func(c *Charter) { c.Rule.Conditions = nil }, path: "/rule/conditions", rule: "rule-no-condition"},
		"a vacant chamber that agrees": {change: func(c *Charter) { c.Rule.Conditions[3].IfEmpty = IfEmptyMet }, path: "/rule/conditions/3/ifEmpty", rule: "charter-vacant-agrees", warns: true},
		"a quorum of nobody":           {change: func(c *Charter) { c.Rule.Conditions[0].AtLeast = NewRatio(0, 1) }, path: "/rule/conditions/0/atLeast", rule: "charter-asks-nothing", warns: true},
		"a count outside its base":     {change: func(c *Charter) { c.Rule.Conditions[3].Count = []Position{PositionAbstain} }, path: "/rule/conditions/3/moreThan", rule: "charter-counts-outside-base", warns: true},
		"half an organization": {
			change: func(c *Charter) {
				c.Rule.Conditions[3].Over, c.Rule.Conditions[3].MoreThan = Base{}, NewRatio(1, 2)
			},
			path: "/rule/conditions/3/moreThan", rule: "charter-part-of-a-head", warns: true,
		},
		"an unknown weighting": {change: func(c *Charter) { c.Weights.By = "SIZE" }, path: "/weights/by", rule: "charter-unknown-weighting"},
		"a weight of no chamber": {change: func(c *Charter) {
			c.Weights = Weights{By: WeightByChamber, Chambers: map[Chamber]Ratio{"GUILD": NewRatio(1, 1)}}
		}, path: "/weights/chambers/GUILD", rule: "charter-unknown-chamber"},
		"a negative weight of a chamber": {change: func(c *Charter) {
			c.Weights = Weights{By: WeightByChamber, Chambers: map[Chamber]Ratio{ChamberUnion: NewRatio(-1, 1)}}
		}, path: "/weights/chambers/UNION", rule: "charter-negative-weight"},
		"weights of nothing": {change: func(c *Charter) {
			c.Weights = Weights{By: WeightByChamber, Chambers: map[Chamber]Ratio{ChamberUnion: NewRatio(0, 1)}}
			c.Rule.Conditions[4].Measure = MeasureWeight
		}, path: "/weights/chambers", rule: "charter-weights-nothing"},
		"conditions that contradict each other": {change: func(c *Charter) {
			c.Rule.Conditions[5] = Condition{ID: "x", Kind: ConditionApproval, Count: []Position{PositionObject}, Over: Over(sides...), AtLeast: NewRatio(1, 2)}
		}, path: "/rule/conditions/6", rule: "charter-contradiction"},
		"a negative weight of one":     {change: func(c *Charter) { c.Weights.Organizations = map[OrganizationID]Ratio{"o1": NewRatio(-1, 2)} }, path: "/weights/organizations/o1", rule: "charter-negative-weight"},
		"chambers among organizations": {change: func(c *Charter) { c.Weights.Chambers = map[Chamber]Ratio{ChamberUnion: NewRatio(1, 1)} }, path: "/weights/chambers", rule: "charter-weights-mixed"},
		"organizations among chambers": {change: func(c *Charter) {
			c.Weights = Weights{By: WeightByChamber, Organizations: map[OrganizationID]Ratio{"o1": NewRatio(1, 1)}}
		}, path: "/weights/organizations", rule: "charter-weights-mixed"},
		"a consultation of no day":           {change: func(c *Charter) { c.ConsultationDays = 0 }, path: "/consultationDays", rule: "charter-out-of-bounds"},
		"a ballot of no day":                 {change: func(c *Charter) { c.BallotDays = 0 }, path: "/ballotDays", rule: "charter-out-of-bounds"},
		"negative days to reply":             {change: func(c *Charter) { c.ReplyDays = -1 }, path: "/replyDays", rule: "charter-out-of-bounds"},
		"a cut-off a generation ago":         {change: func(c *Charter) { c.CutOffDays = 10_000 }, path: "/cutOffDays", rule: "charter-out-of-bounds"},
		"negative days of notice":            {change: func(c *Charter) { c.AbandonNoticeDays = -1 }, path: "/abandonNoticeDays", rule: "charter-out-of-bounds"},
		"negative hours to recall":           {change: func(c *Charter) { c.Recall.Hours = -1 }, path: "/recall/hours", rule: "charter-out-of-bounds"},
		"a ground twice":                     {change: func(c *Charter) { c.Reopen.Grounds = []string{"a", "a"} }, path: "/reopen/grounds/1", rule: "charter-doubled-text"},
		"an empty ground":                    {change: func(c *Charter) { c.Recall.Grounds = []string{""} }, path: "/recall/grounds/0", rule: "charter-empty-text"},
		"an endorsement by no chamber of it": {change: func(c *Charter) { c.Endorsements[0].By = "GUILD" }, path: "/endorsements/0/by", rule: "charter-unknown-chamber"},
		"an endorser asked twice":            {change: func(c *Charter) { c.Endorsements = append(c.Endorsements, c.Endorsements[0]) }, path: "/endorsements/1/by", rule: "charter-doubled-endorser"},
		"two endorsements of one council":    {change: func(c *Charter) { c.Endorsements[0].AtLeast = 2 }, path: "/endorsements/0/atLeast", rule: "charter-out-of-bounds"},
		"an endorsement by nobody":           {change: func(c *Charter) { c.Endorsements[0].AtLeast = 0 }, path: "/endorsements/0/atLeast", rule: "charter-out-of-bounds"},
		"an endorsement that never held":     {change: func(c *Charter) { c.Endorsements[0].ValidDays = -1 }, path: "/endorsements/0/validDays", rule: "charter-out-of-bounds"},
		"objections decided by dice":         {change: func(c *Charter) { c.ObjectionsDecidedBy = "DICE" }, path: "/objectionsDecidedBy", rule: "charter-unknown-decider"},
		"withdrawals decided by dice":        {change: func(c *Charter) { c.WithdrawalsDecidedBy = "DICE" }, path: "/withdrawalsDecidedBy", rule: "charter-unknown-decider"},
		"reviews decided by dice":            {change: func(c *Charter) { c.ReviewsDecidedBy = "DICE" }, path: "/reviewsDecidedBy", rule: "charter-unknown-decider"},
		"an unknown secrecy":                 {change: func(c *Charter) { c.Secrecy = "NEVER" }, path: "/secrecy", rule: "charter-unknown-secrecy"},
		"a path that is none":                {change: func(c *Charter) { c.SubstantivePaths = []string{"summary"} }, path: "/substantivePaths/0", rule: "charter-not-a-path"},
		"a path twice":                       {change: func(c *Charter) { c.SubstantivePaths = []string{"/summary", "/summary"} }, path: "/substantivePaths/1", rule: "charter-doubled-text"},
		"an unknown zone":                    {change: func(c *Charter) { c.Calendar.Zone = "Europe/Atlantis" }, path: "/calendar/zone", rule: "calendar-unknown-zone"},
		"the zone of the machine":            {change: func(c *Charter) { c.Calendar.Zone = "Local" }, path: "/calendar/zone", rule: "calendar-unknown-zone"},
		"a holiday that is no day":           {change: func(c *Charter) { c.Calendar.Holidays = []Date{"2027-02-29"} }, path: "/calendar/holidays/0", rule: "not-a-date"},
		"a holiday twice":                    {change: func(c *Charter) { c.Calendar.Holidays = []Date{"2027-01-01", "2027-01-01"} }, path: "/calendar/holidays/1", rule: "charter-doubled-text"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			charter := foundingCharter(t)
			test.change(&charter)
			findings := charter.Check()
			var places []string
			for _, finding := range findings {
				places = append(places, finding.Path+" "+finding.Rule)
				assert.NotContains(t, finding.Message, "{")
				assert.Equal(t, SourceCharter, finding.Source)
				if finding.Path == test.path && finding.Rule == test.rule {
					assert.Equal(t, test.warns, finding.Severity == SeverityWarning)
				}
			}
			assert.Contains(t, places, test.path+" "+test.rule)
		})
	}
}

func TestCheckTellsAllMistakesAtOnce(t *testing.T) {
	charter := foundingCharter(t)
	charter.Name, charter.Secrecy, charter.Calendar.Zone = "", "", ""
	charter.Rule.Conditions[0].Count = []Position{"MAYBE"}
	charter.Rule.Conditions[0].Measure = "FEET"
	charter.Rule.Conditions[1].Over = Base{Whole: "EVERYBODY"}
	assert.Len(t, charter.Check(), 6)
	assert.NotEmpty(t, Charter{}.Check(), "the zero charter")
}

func TestACharterIsReadStrictly(t *testing.T) {
	data, err := json.Marshal(foundingCharter(t))
	require.NoError(t, err)
	right := string(data)
	tests := map[string]struct{ old, new, field, reason string }{
		"an unknown member":            {`"ballotDays":14`, `"ballotDays":14,"ballotWeeks":2`, "/ballotWeeks", "unknown-member"},
		"a member in another case":     {`"ballotDays"`, `"BallotDays"`, "/BallotDays", "unknown-member"},
		"a missing member":             {`"ballotDays":14,`, ``, "", "missing-member"},
		"a doubled member":             {`"ballotDays":14`, `"ballotDays":14,"ballotDays":15`, "/ballotDays", "doubled-member"},
		"days as a text":               {`"ballotDays":14`, `"ballotDays":"14"`, "/ballotDays", "wrong-type"},
		"days in parts":                {`"ballotDays":14`, `"ballotDays":14.5`, "/ballotDays", "not-an-integer"},
		"days beyond counting":         {`"ballotDays":14`, `"ballotDays":99999999999999999999`, "/ballotDays", "not-an-integer"},
		"null":                         {`"ballotDays":14`, `"ballotDays":null`, "/ballotDays", "wrong-type"},
		"yes as a text":                {`"closeBallotWhenAllActed":true`, `"closeBallotWhenAllActed":"yes"`, "/closeBallotWhenAllActed", "wrong-type"},
		"an unknown member in a list":  {`"by":"COUNCIL"`, `"by":"COUNCIL","who":"x"`, "/endorsements/0/who", "unknown-member"},
		"a missing member in a list":   {`"by":"COUNCIL",`, ``, "/endorsements/0", "missing-member"},
		"a correction without hours":   {`,"hours":72`, ``, "/recall", "missing-member"},
		"a calendar without zone":      {`"zone":"Europe/Vilnius",`, ``, "/calendar", "missing-member"},
		"weights without a kind":       {`"by":"ORGANIZATION"`, ``, "/weights", "missing-member"},
		"a weight that is no number":   {`"by":"ORGANIZATION"`, `"by":"ORGANIZATION","organizations":{"o1":"much"}`, "/weights/organizations/o1", "ratio-malformed"},
		"a condition's unknown member": {`"moreThan":"1/2"`, `"over_":1,"moreThan":"1/2"`, "/rule/conditions/3/over_", "unknown-member"},
		"a name of a control":          {`Skills council`, `Skills\u0000council`, "/name", "control-character"},
		"a name that was damaged":      {`Skills council`, `Skills\ud800council`, "/name", "damaged-text"},
		"a name too long":              {`Skills council`, strings.Repeat("x", 501), "/name", "text-size"},
		"bytes after it":               {`"moveWeekends":true}}`, `"moveWeekends":true}} {}`, "", "json"},
		"no JSON":                      {`{"schema"`, `{schema`, "", "json"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, right, test.old)
			_, err := ParseCharter([]byte(strings.Replace(right, test.old, test.new, 1)))
			refusal, ok := err.(*Error)
			require.True(t, ok, "%v", err)
			assert.Equal(t, CodeInvalid, refusal.Code)
			assert.Equal(t, test.field, refusal.Field)
			assert.Equal(t, test.reason, refusal.Reason)
			var charter Charter
			assert.Error(t, json.Unmarshal([]byte(strings.Replace(right, test.old, test.new, 1)), &charter))
		})
	}
	_, err = ParseCharter(bytes.Repeat([]byte(" "), maxCharterBytes+1))
	assert.ErrorContains(t, err, "at most")
}

func TestACorrectionAllowsListedGroundsOnly(t *testing.T) {
	correction := Correction{Grounds: []string{"wrong-text"}}
	assert.True(t, correction.Allows("wrong-text"))
	assert.False(t, correction.Allows(""))
	assert.False(t, Correction{}.Allows("wrong-text"))
}

func TestWeightsAreSharedOrGiven(t *testing.T) {
	electors := []Elector{
		{Organization: "e1", Chamber: ChamberEmployer}, {Organization: "e2", Chamber: ChamberEmployer},
		{Organization: "e3", Chamber: ChamberEmployer}, {Organization: "u1", Chamber: ChamberUnion, Weight: NewRatio(9, 1)},
		{Organization: "p1", Chamber: ChamberProvider}, {Organization: "p2", Chamber: ChamberProvider},
	}
	tests := map[string]struct {
		weights Weights
		want    []string
	}{
		"one each":               {Weights{By: WeightByOrganization}, []string{"1", "1", "1", "1", "1", "1"}},
		"as given":               {Weights{By: WeightByOrganization, Organizations: map[OrganizationID]Ratio{"e2": NewRatio(5, 2), "p1": NewRatio(0, 1)}}, []string{"1", "5/2", "1", "1", "0", "1"}},
		"chambers shared":        {Weights{By: WeightByChamber}, []string{"1/3", "1/3", "1/3", "1", "1/2", "1/2"}},
		"chambers with a weight": {Weights{By: WeightByChamber, Chambers: map[Chamber]Ratio{ChamberEmployer: NewRatio(2, 1), ChamberProvider: NewRatio(1, 3)}}, []string{"2/3", "2/3", "2/3", "1", "1/6", "1/6"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, elector := range test.weights.Apply(electors) {
				got = append(got, elector.Weight.String())
			}
			assert.Equal(t, test.want, got)
			assert.Equal(t, NewRatio(9, 1), electors[3].Weight, "the input stays")
		})
	}
	assert.Empty(t, Weights{}.Apply(nil))
}
