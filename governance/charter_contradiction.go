package governance

import (
	"fmt"
	"math/big"
	"slices"
)

// asked is a condition that counts, at its place in a charter.
type asked struct {
	path string
	Condition
}

// contradictions looks for pairs of conditions that no vote meets both of. All conditions of a rule must hold, and all
// parts of an allOf; the alternatives of an anyOf are each looked at by themselves.
func (k *charterChecker) contradictions(path string, conditions []Condition) {
	var together []asked
	for i, c := range conditions {
		together = append(together, k.conjoined(fmt.Sprintf("%s/%d", path, i), c)...)
	}
	k.contradicting(together)
}

// contradicting tells each condition that contradicts an earlier one, once.
func (k *charterChecker) contradicting(together []asked) {
	for i, later := range together {
		for _, earlier := range together[:i] {
			if contradict(earlier.Condition, later.Condition) {
				k.fault(later.path, "charter-contradiction", "No vote can meet this and {other} as well.", "other", earlier.name())
				break
			}
		}
	}
}

// conjoined lists what must hold for a condition to hold, and looks into alternatives on its way.
func (k *charterChecker) conjoined(path string, c Condition) []asked {
	var together []asked
	for i, part := range c.AllOf {
		together = append(together, k.conjoined(fmt.Sprintf("%s/allOf/%d", path, i), part)...)
	}
	for i, alternative := range c.AnyOf {
		k.contradicting(k.conjoined(fmt.Sprintf("%s/anyOf/%d", path, i), alternative))
	}
	if !c.nests() {
		together = append(together, asked{path, c})
	}
	return together
}

// name is the condition's id, or its place where it has none.
func (d asked) name() string {
	if d.ID == "" {
		return d.path
	}
	return d.ID
}

// contradict says that no vote meets both, as far as two conditions tell that look at the same electors. Whole numbers of
// electors are not thought of: two conditions that contradict each other in a small chamber alone pass.
func contradict(a, b Condition) bool {
	if !sameText(a.Chamber, b.Chamber) || a.Group != b.Group || (a.Measure == MeasureWeight) != (b.Measure == MeasureWeight) {
		return false
	}
	if len(a.countedOutsideBase()) > 0 && !a.Over.IsZero() || len(b.countedOutsideBase()) > 0 && !b.Over.IsZero() {
		return false
	}
	if a.metByNobody() && b.metByNobody() {
		return false
	}
	atA, _ := a.Comparison()
	atB, _ := b.Comparison()
	sameBase := a.Over.Whole == b.Over.Whole && sameText(a.Over.Positions, b.Over.Positions)
	switch {
	case atA.isFloor() && !atB.isFloor():
		return b.caps(a, sameBase)
	case !atA.isFloor() && atB.isFloor():
		return a.caps(b, sameBase)
	case !sameBase || a.Over.IsZero():
		return false
	case atA.isFloor():
		apart := !slices.ContainsFunc(a.Count, func(p Position) bool { return slices.Contains(b.Count, p) })
		return apart && sumPasses(a, b, 1)
	default:
		return a.Over.Whole == "" && within(a.Over.Positions, slices.Concat(a.Count, b.Count)) && sumPasses(a, b, -1)
	}
}

// caps says that the condition, which sets an upper bound, leaves less than the other asks for at least.
func (c Condition) caps(floor Condition, sameBase bool) bool {
	if !within(floor.Count, c.Count) || floor.metByNobody() {
		return false
	}
	atMost, most := c.Comparison()
	atLeast, least := floor.Comparison()
	if c.Over.IsZero() && most.Rat().Sign() == 0 { // nobody may: not in any base either
		return atMost == AtMost && (least.Rat().Sign() > 0 || atLeast == MoreThan)
	}
	order := least.Rat().Cmp(most.Rat())
	return sameBase && (order > 0 || order == 0 && (atLeast == MoreThan || atMost == LessThan))
}

// metByNobody says that a share of nothing meets the condition.
func (c Condition) metByNobody() bool {
	comparator, threshold := c.Comparison()
	if c.Over.IsZero() {
		return comparator.holds(new(big.Rat), threshold.Rat())
	}
	return c.IfEmpty == IfEmptyMet || c.IfEmpty == "" && !comparator.isFloor()
}

// sumPasses says that two thresholds together are more than everything (side 1), or less than it (side -1), strict ones
// already where they are exactly that.
func sumPasses(a, b Condition, side int) bool {
	atA, first := a.Comparison()
	atB, second := b.Comparison()
	order := new(big.Rat).Add(first.Rat(), second.Rat()).Cmp(big.NewRat(1, 1))
	strict := atA == MoreThan || atA == LessThan || atB == MoreThan || atB == LessThan
	return order == side || order == 0 && strict
}

// within says that each of the values is among the others.
func within[T comparable](values, others []T) bool {
	return !slices.ContainsFunc(values, func(v T) bool { return !slices.Contains(others, v) })
}

// sameText says that two lists without doubles hold the same.
func sameText[T comparable](a, b []T) bool {
	return len(a) == len(b) && within(a, b)
}
