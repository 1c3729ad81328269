package governance

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// seatsOf gives each chamber so many organizations of Latvia, called by the chamber.
func seatsOf(numbers map[Chamber]int) Seats {
	seats := Seats{Roll: numbers}
	for chamber, number := range numbers {
		for i := range number {
			seats.Electors = append(seats.Electors, Elector{
				Organization: OrganizationID(string(chamber) + itoa(i)), Chamber: chamber, Groups: []string{"LV"},
			})
		}
	}
	return seats
}

func TestACharterIsComparedWithTheRoll(t *testing.T) {
	whole := map[Chamber]int{ChamberEmployer: 3, ChamberUnion: 2, ChamberProvider: 2}
	tests := map[string]struct {
		roll   map[Chamber]int
		change func(*Charter)
		want   []string
	}{
		"everybody sits": {roll: whole},
		"nobody sits in a chamber of two conditions": {
			roll: map[Chamber]int{ChamberEmployer: 3, ChamberProvider: 2},
			want: []string{"/rule/conditions/1/chamber/0 charter-empty-chamber", "/rule/conditions/4/chamber/0 charter-empty-chamber"},
		},
		"nobody sits in a chamber of an alternative": {roll: whole, change: func(c *Charter) {
			c.Rule.Conditions[6] = Condition{ID: "x", Kind: ConditionApproval, AnyOf: []Condition{
				{Count: approve, AtLeast: NewRatio(1, 1)},
				{AllOf: []Condition{{Chamber: ChamberSet{ChamberUnion, ChamberLearnerBody}, Count: approve, AtLeast: NewRatio(1, 1)}}},
			}}
		}, want: []string{"/rule/conditions/6/anyOf/1/allOf/0/chamber/1 charter-empty-chamber"}},
		"nobody is of a group": {roll: whole, change: func(c *Charter) { c.Rule.Conditions[6].Group = "LT" },
			want: []string{"/rule/conditions/6/group charter-empty-group"}},
		"somebody is": {roll: whole, change: func(c *Charter) { c.Rule.Conditions[6].Group = "LV" }},
		"more heads are asked for than there are": {roll: whole, change: func(c *Charter) {
			c.Rule.Conditions[0] = Condition{ID: "x", Kind: ConditionQuorum, Chamber: ChamberSet{ChamberEmployer}, Count: takingPart, AtLeast: NewRatio(4, 1)}
		}, want: []string{"/rule/conditions/0/atLeast charter-beyond-roll"}},
		"as many as there are": {roll: whole, change: func(c *Charter) {
			c.Rule.Conditions[0] = Condition{ID: "x", Kind: ConditionQuorum, Chamber: ChamberSet{ChamberEmployer}, Count: takingPart, AtLeast: NewRatio(3, 1)}
		}},
		"more than there are": {roll: whole, change: func(c *Charter) {
			c.Rule.Conditions[0] = Condition{ID: "x", Kind: ConditionQuorum, Measure: MeasureWeight, Count: takingPart, MoreThan: NewRatio(7, 1)}
		}, want: []string{"/rule/conditions/0/moreThan charter-beyond-roll"}},
		"too few endorse": {roll: whole, change: func(c *Charter) {
			c.Endorsements = append(c.Endorsements, RequiredEndorsement{By: ChamberUnion, AtLeast: 3})
		}, want: []string{"/endorsements/1 charter-too-few-endorsers"}},
		"nobody endorses": {roll: whole, change: func(c *Charter) {
			c.Endorsements = append(c.Endorsements, RequiredEndorsement{By: ChamberQualityAgency, AtLeast: 1})
		}, want: []string{"/endorsements/1 charter-too-few-endorsers"}},
		"a stranger has a weight": {roll: whole, change: func(c *Charter) {
			c.Weights.Organizations = map[OrganizationID]Ratio{"UNION1": NewRatio(2, 1), "GUILD": NewRatio(2, 1)}
		}, want: []string{"/weights/organizations/GUILD charter-weight-of-stranger"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			charter := foundingCharter(t)
			if test.change != nil {
				test.change(&charter)
			}
			var found []string
			for _, finding := range charter.CheckSeats(seatsOf(test.roll)) {
				found = append(found, finding.Path+" "+finding.Rule)
				assert.Equal(t, SeverityWarning, finding.Severity, finding.Message)
				assert.NotContains(t, finding.Message, "{")
			}
			assert.Equal(t, test.want, found)
		})
	}
	t.Run("all weights are nothing", func(t *testing.T) {
		charter := foundingCharter(t)
		charter.Rule.Conditions[5].Measure, charter.Rule.Conditions[6].Measure = MeasureWeight, MeasureWeight
		seats := seatsOf(whole)
		for i := range seats.Electors {
			seats.Electors[i].Weight = NewRatio(0, 1)
		}
		findings := charter.CheckSeats(seats)
		assert.Len(t, findings, 1, "told once")
		assert.Equal(t, "/weights charter-weights-nothing", findings[0].Path+" "+findings[0].Rule)
	})
}

func TestConditionsThatContradictEachOtherAreNamed(t *testing.T) {
	const sides = `"over": ["APPROVE", "OBJECT"]`
	tests := map[string]struct {
		first, second string
		contradict    bool
	}{
		"two thirds for and half against":                   {`"count": ["APPROVE"], ` + sides + `, "atLeast": "2/3"`, `"count": ["OBJECT"], ` + sides + `, "atLeast": "1/2"`, true},
		"half for and half against":                         {`"count": ["APPROVE"], ` + sides + `, "atLeast": "1/2"`, `"count": ["OBJECT"], ` + sides + `, "atLeast": "1/2"`, false},
		"more than half for and half against":               {`"count": ["APPROVE"], ` + sides + `, "moreThan": "1/2"`, `"count": ["OBJECT"], ` + sides + `, "atLeast": "1/2"`, true},
		"two thirds for and two thirds taking sides":        {`"count": ["APPROVE"], "over": "ELECTORATE", "atLeast": "2/3"`, `"count": ["APPROVE", "OBJECT"], "over": "ELECTORATE", "atLeast": "2/3"`, false},
		"the same of two chambers":                          {`"chamber": "UNION", "count": ["APPROVE"], ` + sides + `, "atLeast": "2/3"`, `"count": ["OBJECT"], ` + sides + `, "atLeast": "1/2"`, false},
		"the same of chambers in another order":             {`"chamber": ["UNION", "EMPLOYER"], "count": ["APPROVE"], ` + sides + `, "atLeast": "2/3"`, `"chamber": ["EMPLOYER", "UNION"], "count": ["OBJECT"], ` + sides + `, "atLeast": "1/2"`, true},
		"the same of heads and of weight":                   {`"count": ["APPROVE"], ` + sides + `, "atLeast": "2/3"`, `"measure": "WEIGHT", "count": ["OBJECT"], ` + sides + `, "atLeast": "1/2"`, false},
		"the same of two groups":                            {`"group": "LV", "count": ["APPROVE"], ` + sides + `, "atLeast": "2/3"`, `"group": "LT", "count": ["OBJECT"], ` + sides + `, "atLeast": "1/2"`, false},
		"the same of two bases":                             {`"count": ["APPROVE"], ` + sides + `, "atLeast": "2/3"`, `"count": ["OBJECT"], "over": "ELECTORATE", "atLeast": "1/2"`, false},
		"at least and at most the same":                     {`"count": ["APPROVE"], ` + sides + `, "atLeast": "1/2"`, `"count": ["APPROVE"], ` + sides + `, "atMost": "1/2"`, false},
		"at least and less than the same":                   {`"count": ["APPROVE"], ` + sides + `, "atLeast": "1/2"`, `"count": ["APPROVE"], ` + sides + `, "lessThan": "1/2"`, true},
		"more of a part than is allowed of the whole":       {`"count": ["APPROVE"], ` + sides + `, "atLeast": "1/2"`, `"count": ["APPROVE", "OBJECT"], ` + sides + `, "atMost": "1/3"`, true},
		"more of the whole than is allowed of a part":       {`"count": ["APPROVE", "OBJECT"], "over": "ELECTORATE", "atLeast": "1/2"`, `"count": ["APPROVE"], "over": "ELECTORATE", "atMost": "1/3"`, false},
		"nobody objects and a quarter must":                 {`"count": ["OBJECT"], "atMost": 0`, `"count": ["OBJECT"], ` + sides + `, "atLeast": "1/4"`, true},
		"one may object and a quarter must":                 {`"count": ["OBJECT"], "atMost": 1`, `"count": ["OBJECT"], ` + sides + `, "atLeast": "1/4"`, false},
		"at least five and at most four":                    {`"count": ["APPROVE"], "atLeast": 5`, `"count": ["APPROVE", "OBJECT"], "atMost": 4`, true},
		"at least five and at most five":                    {`"count": ["APPROVE"], "atLeast": 5`, `"count": ["APPROVE"], "atMost": 5`, false},
		"a third each at most of two that make up all":      {`"count": ["APPROVE"], ` + sides + `, "atMost": "1/3", "ifEmpty": "NOT_MET"`, `"count": ["OBJECT"], ` + sides + `, "atMost": "1/3"`, true},
		"the same, which nobody at all meets":               {`"count": ["APPROVE"], ` + sides + `, "atMost": "1/3"`, `"count": ["OBJECT"], ` + sides + `, "atMost": "1/3"`, false},
		"a third each at most, where others are silent":     {`"count": ["APPROVE"], "over": "ELECTORATE", "atMost": "1/3", "ifEmpty": "NOT_MET"`, `"count": ["OBJECT"], "over": "ELECTORATE", "atMost": "1/3"`, false},
		"a floor that an empty base meets":                  {`"count": ["APPROVE"], ` + sides + `, "atLeast": "1/2", "ifEmpty": "MET"`, `"count": ["APPROVE"], ` + sides + `, "atMost": "1/3"`, false},
		"parts of one condition":                            {`"allOf": [{"count": ["APPROVE"], "atLeast": 5}]`, `"count": ["APPROVE"], "atMost": 4`, true},
		"alternatives of one condition do not contradict":   {`"anyOf": [{"count": ["APPROVE"], "atLeast": 5}, {"count": ["APPROVE"], "atMost": 4}]`, `"count": ["APPROVE"], "atLeast": 1`, false},
		"an alternative that contradicts itself is useless": {`"count": ["APPROVE"], "atLeast": 1`, `"anyOf": [{"allOf": [{"count": ["APPROVE"], "atLeast": 5}, {"count": ["APPROVE"], "atMost": 4}]}, {"count": ["APPROVE"], "atLeast": 2}]`, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, order := range [][2]string{{test.first, test.second}, {test.second, test.first}} {
				charter := foundingCharter(t)
				charter.Rule = mustRule(t, `{"id": "a", "kind": "APPROVAL", `+order[0]+`}, {"id": "b", "kind": "APPROVAL", `+order[1]+`}`)
				var found []string
				for _, finding := range charter.Check() {
					if finding.Rule == "charter-contradiction" {
						found = append(found, finding.Path)
						assert.Equal(t, SeverityError, finding.Severity)
					}
				}
				assert.Equal(t, test.contradict, len(found) == 1, "%v", found)
			}
		})
	}
}
