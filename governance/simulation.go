package governance

import (
	"fmt"
	"slices"
)

// Bounds of what is tried out: enough for any council, and less than a tenth of a second's counting.
const (
	MaxSimulatedElectors = 10_000
	maxCrowds            = 500
	maxSimulatedLooks    = 250_000 // electors times conditions that count
)

// Crowd is a number of made-up electors that are alike. Whoever takes none of the positions does not vote.
type Crowd struct {
	Chamber     Chamber  // any name
	Groups      []string // tags, as an elector has them
	Weight      string   // of each, exact; empty: 1
	Electors    int      // how many
	Approve     int      // how many of them say yes
	NoObjection int
	Object      int
	Abstain     int
	Recuse      int
}

// taken is how many of a crowd take a position.
type taken struct {
	position Position
	number   int
}

func (c Crowd) positions() []taken {
	return []taken{
		{PositionApprove, c.Approve}, {PositionNoObjection, c.NoObjection}, {PositionObject, c.Object},
		{PositionAbstain, c.Abstain}, {PositionRecuse, c.Recuse},
	}
}

// CrowdElectors makes electors and votes of crowds. Their organizations have made-up ids, "1" and so on. Errors are
// INVALID and name the place below "crowds": a number below zero, more positions than electors, a weight that is none,
// no chamber, and more than MaxSimulatedElectors in all.
func CrowdElectors(crowds []Crowd) ([]Elector, []Vote, error) {
	if len(crowds) > maxCrowds {
		return nil, nil, Invalid("crowds", "simulation-too-large", "At most {limit} crowds can be tried at once.", "limit", itoa(maxCrowds))
	}
	electors, votes := []Elector{}, []Vote{}
	for i, crowd := range crowds {
		path := fmt.Sprintf("crowds[%d]", i)
		weight, err := crowd.check(path, MaxSimulatedElectors-len(electors))
		if err != nil {
			return nil, nil, err
		}
		first := len(electors)
		for range crowd.Electors {
			electors = append(electors, Elector{
				Organization: OrganizationID(itoa(len(electors) + 1)), Chamber: crowd.Chamber, Groups: crowd.Groups, Weight: weight,
			})
		}
		for _, part := range crowd.positions() {
			for range part.number {
				votes = append(votes, Vote{Organization: electors[first].Organization, Position: part.position})
				first++
			}
		}
	}
	return electors, votes, nil
}

// check answers the crowd's weight; most is how many electors it may still have.
func (c Crowd) check(path string, most int) (Ratio, error) {
	voting := 0
	for _, part := range append(c.positions(), taken{number: c.Electors}) {
		if part.number < 0 || part.number > MaxSimulatedElectors {
			return Ratio{}, Invalid(path, "simulation-number", "The number is 0 to {limit}, not {number}.",
				"limit", itoa(MaxSimulatedElectors), "number", itoa(part.number))
		}
		if part.position != "" {
			voting += part.number
		}
	}
	switch {
	case c.Chamber == "":
		return Ratio{}, Invalid(path+".chamber", "tally-no-chamber", "An elector has a chamber.")
	case len(c.Groups) > maxGroups:
		return Ratio{}, Invalid(path+".groups", "simulation-too-large", "An elector has at most {limit} groups.", "limit", itoa(maxGroups))
	case c.Electors > most:
		return Ratio{}, Invalid(path+".electors", "simulation-too-large", "At most {limit} electors can be tried at once.", "limit", itoa(MaxSimulatedElectors))
	case voting > c.Electors:
		return Ratio{}, Invalid(path, "simulation-more-votes", "{votes} positions of {electors} electors: each takes one at most.",
			"votes", itoa(voting), "electors", itoa(c.Electors))
	case c.Weight == "":
		return Ratio{}, nil
	}
	weight, err := ParseRatio(c.Weight)
	if e, ok := err.(*Error); ok { //nolint:errorlint // ParseRatio answers nothing else
		e.Field = path + ".weight"
		return Ratio{}, e
	}
	return weight, nil
}

// Simulation is a rule tried on electors and votes that it was not made for.
type Simulation struct {
	Record        TallyRecord // that was counted
	Tally         TallyResult
	EmptyChambers []Chamber // that the rule names and none of the electors sits in
}

// Simulate counts the votes under the rule, with the electors weighed anew where weights are given. Errors are those of
// Tally, and INVALID at "rule" where it would take too long.
func Simulate(rule Rule, weights *Weights, electors []Elector, votes []Vote) (Simulation, error) {
	counting := 0
	walkConditions(rule.Conditions, func(c Condition) {
		if !c.nests() {
			counting++
		}
	})
	if len(electors) > MaxSimulatedElectors || counting*len(electors) > maxSimulatedLooks {
		return Simulation{}, Invalid("rule", "simulation-too-large",
			"{electors} electors and {conditions} conditions are too many to be tried: at most {limit} electors, and {looks} for both multiplied.",
			"electors", itoa(len(electors)), "conditions", itoa(counting), "limit", itoa(MaxSimulatedElectors), "looks", itoa(maxSimulatedLooks))
	}
	if weights != nil {
		electors = weights.Settle(electors)
	}
	s := Simulation{Record: TallyRecord{Schema: TallySchema, Rule: rule, Electors: electors, Votes: votes}}
	for _, chamber := range rule.Chambers() {
		if !slices.ContainsFunc(electors, func(e Elector) bool { return e.Chamber == chamber }) {
			s.EmptyChambers = append(s.EmptyChambers, chamber)
		}
	}
	var err error
	s.Tally, err = Tally(s.Record)
	return s, err
}
