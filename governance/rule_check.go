package governance

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Comparator is how a condition compares, under the name that it has in JSON.
type Comparator string

// The comparators.
const (
	AtLeast  Comparator = "atLeast"
	MoreThan Comparator = "moreThan"
	AtMost   Comparator = "atMost"
	LessThan Comparator = "lessThan"
)

// words renders a demand: "more than 1/2".
func (c Comparator) words(threshold string) string {
	switch c {
	case AtLeast:
		return "at least " + threshold
	case MoreThan:
		return "more than " + threshold
	case AtMost:
		return "at most " + threshold
	case LessThan:
		return "less than " + threshold
	default:
		return threshold
	}
}

// holds compares exactly.
func (c Comparator) holds(actual, threshold *big.Rat) bool {
	order := actual.Cmp(threshold)
	switch c {
	case AtLeast:
		return order >= 0
	case MoreThan:
		return order > 0
	case AtMost:
		return order <= 0
	case LessThan:
		return order < 0
	default:
		return false
	}
}

// isFloor says that more of what is counted helps.
func (c Comparator) isFloor() bool {
	return c == AtLeast || c == MoreThan
}

// comparisons lists what a leaf compares with, each as given.
func (c Condition) comparisons() map[Comparator]Ratio {
	given := map[Comparator]Ratio{}
	for comparator, threshold := range map[Comparator]Ratio{
		AtLeast: c.AtLeast, MoreThan: c.MoreThan, AtMost: c.AtMost, LessThan: c.LessThan,
	} {
		if !threshold.IsZero() {
			given[comparator] = threshold
		}
	}
	return given
}

// Comparison answers the comparator and threshold of a valid leaf; "" of a condition that nests.
func (c Condition) Comparison() (Comparator, Ratio) {
	for comparator, threshold := range c.comparisons() {
		return comparator, threshold
	}
	return "", Ratio{}
}

// nests says that the condition has parts instead of a count.
func (c Condition) nests() bool {
	return len(c.AnyOf) > 0 || len(c.AllOf) > 0
}

// Validate says what makes the rule impossible to count; it is what ParseRule refuses beyond JSON. Errors are INVALID
// and name the place, which starts with "/conditions".
func (r Rule) Validate() error {
	return r.validateAt("/conditions")
}

func (r Rule) validateAt(path string) error {
	problems := r.problems(path)
	if len(problems) == 0 {
		return nil
	}
	return problems[0]
}

// problems lists what Validate refuses, at most one for each part of a condition.
func (r Rule) problems(path string) []error {
	if len(r.Conditions) == 0 {
		return []error{Invalid(path, "rule-no-condition", "A rule needs at least one condition.")}
	}
	checker := &ruleChecker{ids: map[string]bool{}}
	for i, c := range r.Conditions {
		place := fmt.Sprintf("%s/%d", path, i)
		checker.top(place, c)
		checker.condition(place, c, 0)
	}
	return checker.found
}

// ruleChecker collects problems and remembers what must be unique or bounded across a rule.
type ruleChecker struct {
	ids   map[string]bool
	size  int
	found []error
}

func (k *ruleChecker) add(problem error) {
	if problem != nil {
		k.found = append(k.found, problem)
	}
}

func (k *ruleChecker) top(path string, c Condition) {
	switch {
	case c.ID == "":
		k.add(Invalid(path+"/id", "rule-no-id", "A condition needs an id."))
	case c.Kind == "":
		k.add(Invalid(path+"/kind", "rule-no-kind", "A condition needs a kind: QUORUM or APPROVAL."))
	case c.Kind != ConditionQuorum && c.Kind != ConditionApproval:
		k.add(Invalid(path+"/kind", "rule-unknown-kind", "There is no kind {kind}; known are QUORUM and APPROVAL.",
			"kind", shown(string(c.Kind))))
	}
}

func (k *ruleChecker) condition(path string, c Condition, depth int) {
	k.size++
	switch {
	case k.size > maxRuleConditions:
		k.add(Invalid(path, "rule-too-large", "A rule has at most {limit} conditions.", "limit", itoa(maxRuleConditions)))
		return
	case depth > maxRuleDepth:
		k.add(Invalid(path, "rule-too-deep", "Conditions nest deeper than {limit} levels.", "limit", itoa(maxRuleDepth)))
		return
	case c.ID != "" && k.ids[c.ID]:
		k.add(Invalid(path+"/id", "rule-doubled-id", "The id {id} is there twice.", "id", shown(c.ID)))
	}
	k.ids[c.ID] = true
	if !c.nests() {
		k.leaf(path, c)
		return
	}
	k.add(validateNest(path, c))
	for i, part := range c.AnyOf {
		k.condition(fmt.Sprintf("%s/anyOf/%d", path, i), part, depth+1)
	}
	for i, part := range c.AllOf {
		k.condition(fmt.Sprintf("%s/allOf/%d", path, i), part, depth+1)
	}
}

func (k *ruleChecker) leaf(path string, c Condition) {
	if len(c.Count) == 0 {
		k.add(Invalid(path+"/count", "rule-no-count", "A condition needs positions to count."))
	}
	if c.Measure != "" && c.Measure != MeasureHeads && c.Measure != MeasureWeight {
		k.add(Invalid(path+"/measure", "rule-unknown-measure", "There is no measure {measure}; known are HEADS and WEIGHT.",
			"measure", shown(string(c.Measure))))
	}
	k.add(validatePositions(path+"/count", c.Count))
	k.add(validateBase(path, c))
	k.add(validateChamberSet(path+"/chamber", c.Chamber))
	k.add(validateComparison(path, c))
}

// validateNest refuses a condition that nests and counts, or nests in both ways: which of them holds would be a guess.
func validateNest(path string, c Condition) error {
	if len(c.AnyOf) > 0 && len(c.AllOf) > 0 {
		return Invalid(path, "rule-two-nests", "A condition has anyOf or allOf, not both.")
	}
	counts := len(c.Chamber) > 0 || c.Group != "" || c.Measure != "" || len(c.Count) > 0 || !c.Over.IsZero() ||
		len(c.comparisons()) > 0 || c.IfEmpty != ""
	if counts {
		return Invalid(path, "rule-nest-counts", "A condition with anyOf or allOf counts nothing itself.")
	}
	return nil
}

func validatePositions(path string, positions []Position) error {
	for i, p := range positions {
		place := fmt.Sprintf("%s/%d", path, i)
		if !p.Valid() {
			return Invalid(place, "unknown-position", "There is no position {position}.", "position", shown(string(p)))
		}
		if slices.Contains(positions[:i], p) {
			return Invalid(place, "rule-doubled-position", "The position {position} is there twice.", "position", string(p))
		}
	}
	return nil
}

func validateChamberSet(path string, chambers ChamberSet) error {
	for i, chamber := range chambers {
		place := fmt.Sprintf("%s/%d", path, i)
		if chamber == "" {
			return Invalid(place, "rule-no-chamber", "A chamber has a name.")
		}
		if slices.Contains(chambers[:i], chamber) {
			return Invalid(place, "rule-doubled-chamber", "The chamber {chamber} is there twice.", "chamber", shown(string(chamber)))
		}
	}
	return nil
}

func validateBase(path string, c Condition) error {
	base := c.Over
	switch {
	case base.Whole != "" && len(base.Positions) > 0:
		return Invalid(path+"/over", "rule-two-bases", "A base is positions or a whole electorate, not both.")
	case base.Whole != "" && base.Whole != Electorate && base.Whole != ElectorateLessRecused:
		return Invalid(path+"/over", "rule-unknown-base", "There is no base {base}; known are ELECTORATE and ELECTORATE_LESS_RECUSED.",
			"base", shown(string(base.Whole)))
	case c.IfEmpty != "" && c.IfEmpty != IfEmptyMet && c.IfEmpty != IfEmptyNotMet:
		return Invalid(path+"/ifEmpty", "rule-unknown-if-empty", "ifEmpty is MET or NOT_MET, not {value}.",
			"value", shown(string(c.IfEmpty)))
	case c.IfEmpty != "" && base.IsZero():
		return Invalid(path+"/ifEmpty", "rule-if-empty-without-base", "ifEmpty needs a base; this condition has no over.")
	default:
		return validatePositions(path+"/over", base.Positions)
	}
}

func validateComparison(path string, c Condition) error {
	given := c.comparisons()
	if len(given) != 1 {
		return Invalid(path, "rule-one-comparison",
			"A condition has exactly one of atLeast, moreThan, atMost and lessThan; here are {number}.", "number", itoa(len(given)))
	}
	comparator, threshold := c.Comparison()
	if strings.HasPrefix(threshold.text, "-") {
		return Invalid(path+"/"+string(comparator), "rule-negative", "{value} is negative.", "value", threshold.text)
	}
	return nil
}

func itoa(n int) string {
	return strconv.Itoa(n)
}
