package governance

import (
	"fmt"
	"math/big"
	"slices"
)

// Outcome is what a ballot came to.
type Outcome string

// The outcomes. A tally answers one of the first three; the others happen to a ballot instead of a count.
const (
	OutcomeCarried    Outcome = "CARRIED"
	OutcomeNotCarried Outcome = "NOT_CARRIED" // a condition of kind APPROVAL failed
	OutcomeInquorate  Outcome = "INQUORATE"   // a condition of kind QUORUM failed
	OutcomeRecalled   Outcome = "RECALLED"    // taken back by the council while open
	OutcomeSuperseded Outcome = "SUPERSEDED"  // the text was reopened while the ballot was open
	OutcomeAnnulled   Outcome = "ANNULLED"    // set aside afterwards
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{
	OutcomeCarried, OutcomeNotCarried, OutcomeInquorate, OutcomeRecalled, OutcomeSuperseded, OutcomeAnnulled,
}

// Counted says whether a tally came to the outcome.
func (o Outcome) Counted() bool {
	return o == OutcomeCarried || o == OutcomeNotCarried || o == OutcomeInquorate
}

// TallyResult is a count: the outcome and how each condition came to it, in the rule's order.
type TallyResult struct {
	Outcome    Outcome           `json:"outcome"`
	Conditions []ConditionResult `json:"conditions"`
}

// ConditionResult is how one condition came out. Actual and Required of a condition that nests count its parts that are
// met. ExplanationCode and Params say what Explanation says in English, for pages in other languages.
type ConditionResult struct {
	ID              string            `json:"id,omitempty"`
	Kind            ConditionKind     `json:"kind,omitempty"` // of a condition at the top
	Met             bool              `json:"met"`
	Actual          string            `json:"actual"`   // "5/8", "4"; "0/0" of an empty base
	Required        string            `json:"required"` // "more than 1/2"
	Explanation     string            `json:"explanation"`
	ExplanationCode ExplanationCode   `json:"explanationCode"`
	Params          map[string]string `json:"params"`
	AnyOf           []ConditionResult `json:"anyOf,omitempty"`
	AllOf           []ConditionResult `json:"allOf,omitempty"`
}

// Tally counts a record in exact fractions. It answers the same whatever the order of electors and votes. Errors are
// those of TallyRecord.Validate, and weights whose common denominator is too large.
func Tally(record TallyRecord) (TallyResult, error) {
	err := record.Validate()
	if err != nil {
		return TallyResult{}, err
	}
	taken := make(map[OrganizationID]Position, len(record.Votes))
	for _, vote := range record.Votes {
		taken[vote.Organization] = vote.Position
	}
	alike := make([]Alike, len(record.Electors))
	for i, elector := range record.Electors {
		alike[i] = Alike{Elector: elector, Position: taken[elector.Organization], Number: 1}
	}
	return TallyAlike(record.Rule, alike)
}

// Alike is a number of electors that a count cannot tell apart: of the same chamber, groups, weight and position. Its
// organization is not looked at.
type Alike struct {
	Elector
	Position Position // "": they did not vote
	Number   int
}

// TallyAlike is Tally for electors that are counted together: it answers what Tally answers of a valid record with each
// of them by itself. It looks at nothing but the weights' common denominator: rule and electors must be valid.
func TallyAlike(rule Rule, electors []Alike) (TallyResult, error) {
	count, err := newCounter(electors)
	if err != nil {
		return TallyResult{}, err
	}
	result := TallyResult{Outcome: OutcomeCarried}
	for _, condition := range rule.Conditions {
		part := count.condition(condition)
		part.Kind = condition.Kind
		result.Conditions = append(result.Conditions, part)
		switch {
		case part.Met:
		case condition.Kind == ConditionQuorum:
			result.Outcome = OutcomeInquorate
		case result.Outcome == OutcomeCarried:
			result.Outcome = OutcomeNotCarried
		}
	}
	return result, nil
}

// counter holds electors made ready for counting.
type counter struct {
	electors []Alike
	heads    []*big.Int // how many they are
	weights  []*big.Int // of all that are alike together, in units
	unit     *big.Int   // units that make a weight of 1
}

func newCounter(electors []Alike) (*counter, error) {
	unit, err := commonUnit(electors)
	if err != nil {
		return nil, err
	}
	count := &counter{
		electors: electors, unit: unit, heads: make([]*big.Int, len(electors)), weights: make([]*big.Int, len(electors)),
	}
	for i, alike := range electors {
		weight := alike.weight()
		scaled := new(big.Int).Mul(weight.Num(), unit)
		count.heads[i] = big.NewInt(int64(alike.Number))
		count.weights[i] = scaled.Mul(scaled.Quo(scaled, weight.Denom()), count.heads[i])
	}
	return count, nil
}

func (k *counter) condition(c Condition) ConditionResult {
	if c.nests() {
		return k.nest(c)
	}
	count, base := k.sum(c)
	comparator, threshold := c.Comparison()
	found := counted{condition: c, comparator: comparator, threshold: threshold.Rat(), count: count, base: base}
	actual := count.RatString()
	switch {
	case base == nil:
		found.met = comparator.holds(count, found.threshold)
	case base.Sign() == 0:
		actual = "0/0"
		found.met = c.IfEmpty == IfEmptyMet || c.IfEmpty == "" && !comparator.isFloor()
	default:
		share := new(big.Rat).Quo(count, base)
		actual = share.RatString()
		found.met = comparator.holds(share, found.threshold)
	}
	code, params := found.explain()
	return ConditionResult{
		ID: c.ID, Met: found.met, Actual: actual, Required: comparator.words(threshold.String()),
		ExplanationCode: code, Params: params, Explanation: explanation(code, params),
	}
}

// sum answers what the condition counts and the base of the share, nil where it compares a plain number.
func (k *counter) sum(c Condition) (count, base *big.Rat) {
	total, whole := new(big.Int), new(big.Int)
	numbers, unit := k.heads, big.NewInt(1)
	if c.Measure == MeasureWeight {
		numbers, unit = k.weights, k.unit
	}
	for i, alike := range k.electors {
		if !c.selects(alike.Elector) {
			continue
		}
		if slices.Contains(c.Count, alike.Position) {
			total.Add(total, numbers[i])
		}
		if c.Over.holds(alike.Position) {
			whole.Add(whole, numbers[i])
		}
	}
	count = new(big.Rat).SetFrac(total, unit)
	if !c.Over.IsZero() {
		base = new(big.Rat).SetFrac(whole, unit)
	}
	return count, base
}

// selects says whether the condition looks at the elector.
func (c Condition) selects(elector Elector) bool {
	inChamber := len(c.Chamber) == 0 || slices.Contains(c.Chamber, elector.Chamber)
	return inChamber && (c.Group == "" || slices.Contains(elector.Groups, c.Group))
}

// holds says whether an elector with the position ("" for none) belongs to the base.
func (b Base) holds(position Position) bool {
	switch b.Whole {
	case Electorate:
		return true
	case ElectorateLessRecused:
		return position != PositionRecuse
	default:
		return slices.Contains(b.Positions, position)
	}
}

// nest counts the parts that are met: any needs one, all need every one.
func (k *counter) nest(c Condition) ConditionResult {
	result := ConditionResult{ID: c.ID}
	parts, needed := c.AnyOf, 1
	if len(c.AllOf) > 0 {
		parts, needed = c.AllOf, len(c.AllOf)
	}
	met := 0
	results := make([]ConditionResult, len(parts))
	for i, part := range parts {
		results[i] = k.condition(part)
		if results[i].Met {
			met++
		}
	}
	if len(c.AllOf) > 0 {
		result.AllOf = results
	} else {
		result.AnyOf = results
	}
	result.Met = met >= needed
	result.Actual = itoa(met)
	result.Required = AtLeast.words(itoa(needed))
	result.ExplanationCode, result.Params, result.Explanation = explainNest(result, met)
	return result
}

// String renders the result for a terminal, a line for each condition at the top.
func (r TallyResult) String() string {
	text := string(r.Outcome)
	for _, c := range r.Conditions {
		text += fmt.Sprintf("\n%s: %s", c.ID, c.Explanation)
	}
	return text
}
