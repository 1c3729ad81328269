package governance

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// Seats is who sits where, as far as a charter's rule hangs on it.
type Seats struct {
	Electors []Elector       // who on the roll would vote, with final weights
	Roll     map[Chamber]int // how many organizations are on the roll, by chamber
}

// CheckSeats is Check with the council's roll at hand: it adds WARNINGs where the charter asks for somebody or for so many
// whom the roll does not have. They hinder nobody from adopting it, since the roll may fill; the opening of a ballot
// refuses an empty chamber.
func (c Charter) CheckSeats(seats Seats) []Finding {
	k := &seatsChecker{charterChecker: charterChecker{charter: c, findings: c.Check()}, seats: seats}
	for i, condition := range c.Rule.Conditions {
		k.condition(fmt.Sprintf("/rule/conditions/%d", i), condition)
	}
	k.endorsers()
	k.strangers()
	return k.findings
}

// seatsChecker compares one charter with one roll.
type seatsChecker struct {
	charterChecker
	seats Seats
	told  bool // that weights add up to nothing
}

func (k *seatsChecker) condition(path string, c Condition) {
	for i, part := range c.AnyOf {
		k.condition(fmt.Sprintf("%s/anyOf/%d", path, i), part)
	}
	for i, part := range c.AllOf {
		k.condition(fmt.Sprintf("%s/allOf/%d", path, i), part)
	}
	form := &ruleChecker{}
	if form.leaf(path, c); !c.nests() && len(form.found) == 0 {
		k.counts(path, c)
	}
}

// counts looks at whom a condition counts.
func (k *seatsChecker) counts(path string, c Condition) {
	for i, chamber := range c.Chamber {
		empty := !slices.ContainsFunc(k.seats.Electors, func(e Elector) bool { return e.Chamber == chamber })
		if empty && slices.Contains(k.charter.Chambers, chamber) {
			k.warn(fmt.Sprintf("%s/chamber/%d", path, i), "charter-empty-chamber",
				"Nobody on the roll sits in {chamber} now: no ballot could open.", "chamber", shown(string(chamber)))
		}
	}
	heads, weight := 0, new(big.Rat)
	for _, elector := range k.seats.Electors {
		if c.selects(elector) {
			heads++
			weight.Add(weight, elector.weight())
		}
	}
	if heads == 0 && c.Group != "" {
		k.warn(path+"/group", "charter-empty-group", "Nobody whom this looks at is of the group {group} now.", "group", shown(c.Group))
	}
	available := big.NewRat(int64(heads), 1)
	if c.Measure == MeasureWeight {
		available = weight
		if heads > 0 && weight.Sign() == 0 && !k.told {
			k.told = true
			k.warn("/weights", "charter-weights-nothing", "The weights that {id} adds up are all 0.", "id", shown(c.ID))
		}
	}
	comparator, threshold := c.Comparison()
	if !c.Over.IsZero() || !comparator.isFloor() {
		return
	}
	if order := threshold.Rat().Cmp(available); order > 0 || order == 0 && comparator == MoreThan {
		k.warn(path+"/"+string(comparator), "charter-beyond-roll", "{value} is asked for, and those on the roll now make {number}.",
			"value", threshold.String(), "number", available.RatString())
	}
}

// endorsers looks for endorsements that nobody, or too few, could give.
func (k *seatsChecker) endorsers() {
	for i, asked := range k.charter.Endorsements {
		number := k.seats.Roll[asked.By]
		if asked.By == EndorsedByCouncil || number >= asked.AtLeast || !slices.Contains(k.charter.Chambers, asked.By) {
			continue
		}
		k.warn(fmt.Sprintf("/endorsements/%d", i), "charter-too-few-endorsers",
			"{atLeast} of {chamber} must endorse, and {number} are on the roll now.",
			"atLeast", itoa(asked.AtLeast), "chamber", shown(string(asked.By)), "number", itoa(number))
	}
}

// strangers looks for weights of organizations that would not vote.
func (k *seatsChecker) strangers() {
	for _, organization := range slices.Sorted(maps.Keys(k.charter.Weights.Organizations)) {
		if !slices.ContainsFunc(k.seats.Electors, func(e Elector) bool { return e.Organization == organization }) {
			k.warn("/weights/organizations/"+escapeSegment(string(organization)), "charter-weight-of-stranger",
				"{organization} would not vote now.", "organization", shown(string(organization)))
		}
	}
}
