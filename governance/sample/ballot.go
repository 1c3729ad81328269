package sample

import (
	"fmt"
	"slices"

	"concordat/governance"
)

// Ballot is a made-up ballot under a preset, at, just under or just over one of its thresholds or at one of its edges,
// and what it must come to. Whatever
// counts ballots is held against the same ones.
type Ballot struct {
	Preset  string // its id
	Name    string // what it tries, as a sentence
	Record  governance.TallyRecord
	Outcome governance.Outcome
	Failed  []string // the ids of the conditions that are not met, in the rule's order
}

// Ballots are the made-up ballots under every preset. Every call answers values of its own. It panics on a weight
// that is none.
func Ballots() []Ballot {
	var all []Ballot
	for _, preset := range governance.Presets {
		tests := trials[preset.ID]
		if preset.ID == governance.PresetTripartite || preset.ID == governance.PresetTripartiteLearners {
			tests = tripartiteTrials(preset)
		}
		for _, t := range tests {
			rule, _ := governance.PresetByID(preset.ID) // a copy of what Presets holds
			all = append(all, Ballot{preset.ID, t.name, recordOf(rule.Rule, t.casts), t.outcome, slices.Clone(t.failed)})
		}
	}
	return all
}

// trial is a ballot before its organizations have names.
type trial struct {
	name    string
	casts   []cast
	outcome governance.Outcome
	failed  []string
}

// cast is so many electors of a chamber who take the same position ("" for none), each of a weight ("" for 1).
type cast struct {
	chamber  governance.Chamber
	position governance.Position
	number   int
	weight   string
}

// recordOf names an organization for each vote.
func recordOf(rule governance.Rule, casts []cast) governance.TallyRecord {
	record := governance.TallyRecord{
		Schema: governance.TallySchema, Rule: rule, Electors: []governance.Elector{}, Votes: []governance.Vote{},
	}
	for _, c := range casts {
		for range c.number {
			elector := governance.Elector{
				Organization: governance.OrganizationID(fmt.Sprintf("o%d", len(record.Electors)+1)), Chamber: c.chamber,
			}
			if c.weight != "" {
				weight, err := governance.ParseRatio(c.weight)
				if err != nil {
					panic(err)
				}
				elector.Weight = weight
			}
			record.Electors = append(record.Electors, elector)
			if c.position != "" {
				record.Votes = append(record.Votes, governance.Vote{Organization: elector.Organization, Position: c.position})
			}
		}
	}
	return record
}

const (
	carried    = governance.OutcomeCarried
	notCarried = governance.OutcomeNotCarried
	inquorate  = governance.OutcomeInquorate

	yes     = governance.PositionApprove
	noObj   = governance.PositionNoObjection
	no      = governance.PositionObject
	abstain = governance.PositionAbstain
	recused = governance.PositionRecuse
	silent  = governance.Position("")
)

// tripartiteTrials try each chamber's quorum and majority, with everybody else in favour so often that only this chamber
// decides, and then the two thirds of all.
func tripartiteTrials(preset governance.Preset) []trial {
	names := map[governance.Chamber]string{
		governance.ChamberEmployer: "employers", governance.ChamberUnion: "unions",
		governance.ChamberProvider: "providers", governance.ChamberLearnerBody: "learners",
	}
	chambers := preset.Rule.Chambers()
	var all []trial
	for _, chamber := range chambers {
		quorum, majority := names[chamber]+"-quorum", names[chamber]+"-majority"
		var others []cast
		for _, other := range chambers {
			if other != chamber {
				others = append(others, cast{other, yes, 20, ""})
			}
		}
		of := func(name string, outcome governance.Outcome, failed []string, own ...cast) {
			for i := range own {
				own[i].chamber = chamber
			}
			all = append(all, trial{names[chamber] + ": " + name, slices.Concat(own, others), outcome, failed})
		}
		votes := func(position governance.Position, number int) cast { return cast{position: position, number: number} }
		of("one more than half voted", carried, nil, votes(yes, 5), votes(silent, 3))
		of("half voted", carried, nil, votes(yes, 4), votes(silent, 4))
		of("one less than half voted", inquorate, []string{quorum}, votes(yes, 3), votes(silent, 5))
		of("just under half of an odd number voted", inquorate, []string{quorum}, votes(yes, 3), votes(silent, 4))
		of("abstaining and not objecting is taking part", carried, nil, votes(yes, 1), votes(abstain, 1), votes(noObj, 1), votes(silent, 3))
		of("the recused are left out", carried, nil, votes(yes, 2), votes(recused, 4), votes(silent, 2))
		of("nobody voted", inquorate, []string{quorum, majority}, votes(silent, 8))
		of("nobody sits in it", inquorate, []string{quorum, majority})
		of("all are recused", inquorate, []string{quorum, majority}, votes(recused, 2))
		of("one more than half in favour", carried, nil, votes(yes, 5), votes(no, 3))
		of("just over half in favour", carried, nil, votes(yes, 4), votes(no, 3))
		of("half in favour", notCarried, []string{majority}, votes(yes, 4), votes(no, 4))
		of("just under half in favour", notCarried, []string{majority}, votes(yes, 3), votes(no, 4))
		of("abstentions take no side", notCarried, []string{majority}, votes(abstain, 8))
		of("inquorate goes before not carried", inquorate, []string{quorum, majority}, votes(no, 1), votes(silent, 7))
	}
	return append(all, overallTrials(chambers)...)
}

// overallTrials try the two thirds of all who take a side.
func overallTrials(chambers []governance.Chamber) []trial {
	each := func(inFavour, against int, more ...cast) []cast {
		for _, chamber := range chambers {
			more = append(more, cast{chamber, yes, inFavour, ""}, cast{chamber, no, against, ""})
		}
		return more
	}
	const provider = governance.ChamberProvider
	var nobody []string
	for _, kind := range []string{"-quorum", "-majority"} {
		for _, name := range []string{"employers", "unions", "providers", "learners"}[:len(chambers)] {
			nobody = append(nobody, name+kind)
		}
	}
	nobody = append(nobody, "overall")
	return []trial{
		{"all: exactly two thirds", each(2, 1), carried, nil},
		{"all: one more against", each(2, 1, cast{provider, yes, 1, ""}, cast{provider, no, 1, ""}), notCarried, []string{"overall"}},
		{"all: one more in favour", each(2, 1, cast{provider, yes, 1, ""}), carried, nil},
		{"all: a chamber that is not named counts", each(2, 1, cast{society, no, 1, ""}), notCarried, []string{"overall"}},
		{"all: its abstentions do not", each(2, 1, cast{society, abstain, 9, ""}), carried, nil},
		{"all: majorities without two thirds", each(3, 2), notCarried, []string{"overall"}},
		{"all: nobody votes", []cast{{governance.ChamberUnion, silent, 9, ""}}, inquorate, nobody},
		{"all: nobody may vote", nil, inquorate, nobody},
		{"all: all are recused", []cast{{governance.ChamberUnion, recused, 9, ""}}, inquorate, nobody},
	}
}
