package governance

import (
	"encoding/json"
	"slices"
)

// Bounds of a rule.
const (
	maxRuleBytes      = 1 << 20
	maxRuleConditions = 300 // nested ones included
	maxRuleDepth      = 8   // levels of anyOf and allOf
)

// Rule is how a ballot is counted: all conditions must hold. If one of kind QUORUM fails the outcome is INQUORATE; else
// if one of kind APPROVAL fails, NOT_CARRIED.
type Rule struct {
	Conditions []Condition `json:"conditions"`
}

// ConditionKind says what a failing condition does to the outcome.
type ConditionKind string

// The kinds.
const (
	ConditionQuorum   ConditionKind = "QUORUM"
	ConditionApproval ConditionKind = "APPROVAL"
)

// Measure says what a condition adds up.
type Measure string

// The measures; HEADS where a condition says nothing.
const (
	MeasureHeads  Measure = "HEADS"
	MeasureWeight Measure = "WEIGHT"
)

// WholeElectorate is a base that does not depend on how many voted.
type WholeElectorate string

// The two whole bases.
const (
	Electorate            WholeElectorate = "ELECTORATE"
	ElectorateLessRecused WholeElectorate = "ELECTORATE_LESS_RECUSED"
)

// IfEmpty says how a share over an empty base counts.
type IfEmpty string

// What a condition may say of an empty base. Where it says nothing, atLeast and moreThan are not met, atMost and
// lessThan are.
const (
	IfEmptyMet    IfEmpty = "MET"
	IfEmptyNotMet IfEmpty = "NOT_MET"
)

// Condition is one demand of a rule. It is either a leaf, which counts positions and compares, or nests others under
// AnyOf or AllOf; nested conditions have no kind of their own (one that is given is ignored) and need no id. It is read
// as part of a Rule.
type Condition struct {
	ID       string        `json:"id,omitempty"`   // unique in the rule; obligatory at the top
	Kind     ConditionKind `json:"kind,omitempty"` // obligatory at the top
	Chamber  ChamberSet    `json:"chamber,omitempty"`
	Group    string        `json:"group,omitempty"` // a tag of an elector: a country, a council, a size; "": all
	Measure  Measure       `json:"measure,omitempty"`
	Count    []Position    `json:"count,omitempty"`
	Over     Base          `json:"over,omitzero"` // absent: the count is compared with a plain number
	AtLeast  Ratio         `json:"atLeast,omitzero"`
	MoreThan Ratio         `json:"moreThan,omitzero"`
	AtMost   Ratio         `json:"atMost,omitzero"`
	LessThan Ratio         `json:"lessThan,omitzero"`
	IfEmpty  IfEmpty       `json:"ifEmpty,omitempty"`
	AnyOf    []Condition   `json:"anyOf,omitempty"`
	AllOf    []Condition   `json:"allOf,omitempty"`
}

// ChamberSet selects electors by chamber; empty: all. In JSON one chamber stands as a text, several as a list.
type ChamberSet []Chamber

// MarshalJSON writes one chamber as a text, several as a list.
func (s ChamberSet) MarshalJSON() ([]byte, error) {
	if len(s) == 1 {
		return json.Marshal(s[0])
	}
	return json.Marshal([]Chamber(s))
}

// Base is what a share is taken of: listed positions, or the whole electorate. The zero value is no base.
type Base struct {
	Whole     WholeElectorate
	Positions []Position
}

// Over is the base of those who took one of the positions.
func Over(positions ...Position) Base {
	return Base{Positions: positions}
}

// IsZero says that there is no base.
func (b Base) IsZero() bool {
	return b.Whole == "" && len(b.Positions) == 0
}

// MarshalJSON writes a whole electorate as a text, positions as a list.
func (b Base) MarshalJSON() ([]byte, error) {
	if b.Whole != "" {
		return json.Marshal(b.Whole)
	}
	return json.Marshal(b.Positions)
}

// ParseRule reads a rule strictly and validates it. Errors are INVALID and name the place: unknown or doubled keys,
// doubled ids, no condition, a comparison that is missing or doubled, trailing bytes, too deep or too large.
func ParseRule(data []byte) (Rule, error) {
	var rule Rule
	err := unmarshalStrict(data, &rule, readRule)
	if err != nil {
		return Rule{}, err
	}
	err = rule.Validate()
	if err != nil {
		return Rule{}, err
	}
	return rule, nil
}

// UnmarshalJSON is ParseRule.
func (r *Rule) UnmarshalJSON(data []byte) error {
	rule, err := ParseRule(data)
	if err != nil {
		return err
	}
	*r = rule
	return nil
}

// unmarshalStrict reads data into value by a strict reader.
func unmarshalStrict[T any](data []byte, value *T, read func(*jsonReader, *jsonValue) T) error {
	v, err := readJSON(data, maxRuleBytes)
	if err != nil {
		return err
	}
	reader := &jsonReader{}
	got := read(reader, v)
	if reader.err != nil {
		return reader.err
	}
	*value = got
	return nil
}

func readRule(r *jsonReader, v *jsonValue) Rule {
	members := r.object(v, "conditions")
	r.must(v, "conditions")
	return Rule{Conditions: readConditions(r, members["conditions"], 0)}
}

// readConditions reads a list; depth counts the anyOf and allOf above it.
func readConditions(r *jsonReader, v *jsonValue, depth int) []Condition {
	if v != nil && depth > maxRuleDepth {
		r.fail(v, "rule-too-deep", "Conditions nest deeper than {limit} levels.", "limit", itoa(maxRuleDepth))
		return nil
	}
	return each(r, r.someOf(v, maxRuleConditions), func(item *jsonValue) Condition { return readCondition(r, item, depth) })
}

func readCondition(r *jsonReader, v *jsonValue, depth int) Condition {
	m := r.object(v, "id", "kind", "chamber", "group", "measure", "count", "over",
		"atLeast", "moreThan", "atMost", "lessThan", "ifEmpty", "anyOf", "allOf")
	c := Condition{
		ID:       r.string(m["id"]),
		Chamber:  readChamberSet(r, m["chamber"]),
		Group:    r.string(m["group"]),
		Measure:  Measure(r.string(m["measure"])),
		Count:    each(r, r.someOf(m["count"], len(Positions)), textAs[Position](r)),
		Over:     readBase(r, m["over"]),
		AtLeast:  r.ratio(m["atLeast"]),
		MoreThan: r.ratio(m["moreThan"]),
		AtMost:   r.ratio(m["atMost"]),
		LessThan: r.ratio(m["lessThan"]),
		IfEmpty:  IfEmpty(r.string(m["ifEmpty"])),
		AnyOf:    readConditions(r, m["anyOf"], depth+1),
		AllOf:    readConditions(r, m["allOf"], depth+1),
	}
	if depth == 0 { // a kind given further down is ignored
		c.Kind = ConditionKind(r.string(m["kind"]))
	}
	return c
}

func readChamberSet(r *jsonReader, v *jsonValue) ChamberSet {
	if v == nil {
		return nil
	}
	if v.kind() == jsonText {
		return ChamberSet{Chamber(r.string(v))}
	}
	return each(r, r.someOf(v, maxChambers), textAs[Chamber](r))
}

func readBase(r *jsonReader, v *jsonValue) Base {
	if v == nil {
		return Base{}
	}
	if v.kind() == jsonText {
		return Base{Whole: WholeElectorate(r.string(v))}
	}
	return Over(each(r, r.someOf(v, len(Positions)), textAs[Position](r))...)
}

// Chambers lists the chambers that the rule names, sorted, each once.
func (r Rule) Chambers() []Chamber {
	var named []Chamber
	walkConditions(r.Conditions, func(c Condition) { named = append(named, c.Chamber...) })
	slices.Sort(named)
	return slices.Compact(named)
}

// CountsEverybody says whether a condition of the rule names no chamber: then every organization on the roll votes, not
// only those in the chambers that other conditions name.
func (r Rule) CountsEverybody() bool {
	everybody := false
	walkConditions(r.Conditions, func(c Condition) {
		everybody = everybody || len(c.Chamber) == 0 && len(c.AnyOf) == 0 && len(c.AllOf) == 0
	})
	return everybody
}

func walkConditions(conditions []Condition, visit func(Condition)) {
	for _, c := range conditions {
		visit(c)
		walkConditions(c.AnyOf, visit)
		walkConditions(c.AllOf, visit)
	}
}
