package governance

import (
	"fmt"
	"math/big"
	"strings"
)

// ConditionCode says which sentence puts a condition into words; pages translate it and fill it with the parameters.
type ConditionCode string

// The sentences. One about a share or a number has the parameters chambers, group (both possibly absent), measure,
// count (positions, joined by commas), comparator and threshold; one about a share also over (ELECTORATE,
// ELECTORATE_LESS_RECUSED or positions) and, where the condition says it, ifEmpty. One about parts has their number; the
// parts say themselves.
const (
	ConditionShare  ConditionCode = "condition-share"
	ConditionNumber ConditionCode = "condition-number"
	ConditionAnyOf  ConditionCode = "condition-any-of"
	ConditionAllOf  ConditionCode = "condition-all-of"
)

// ConditionWords is a condition in words, for those who write a charter and those who vote under it.
type ConditionWords struct {
	Path   string            // in the rule: /conditions/0/anyOf/1
	ID     string            // empty: it has none
	Kind   ConditionKind     // of a condition at the top
	Code   ConditionCode     // which sentence
	Params map[string]string // that fill it
	Text   string            // the sentence in English: "More than half of the unions that take a side say yes."
	AnyOf  []ConditionWords
	AllOf  []ConditionWords
}

// Words puts each condition into one English sentence, with what pages need to say it in their own language.
func (r Rule) Words() []ConditionWords {
	words := make([]ConditionWords, len(r.Conditions))
	for i, c := range r.Conditions {
		words[i] = c.words(fmt.Sprintf("/conditions/%d", i))
		words[i].Kind = c.Kind
	}
	return words
}

func (c Condition) words(path string) ConditionWords {
	w := ConditionWords{Path: path, ID: c.ID}
	for i, part := range c.AnyOf {
		w.AnyOf = append(w.AnyOf, part.words(fmt.Sprintf("%s/anyOf/%d", path, i)))
	}
	for i, part := range c.AllOf {
		w.AllOf = append(w.AllOf, part.words(fmt.Sprintf("%s/allOf/%d", path, i)))
	}
	switch {
	case len(w.AnyOf) > 0:
		w.Code, w.Params = ConditionAnyOf, map[string]string{"parts": itoa(len(w.AnyOf))}
		w.Text = "Any of these suffices: " + list(w.AnyOf, "; or ")
	case len(w.AllOf) > 0:
		w.Code, w.Params = ConditionAllOf, map[string]string{"parts": itoa(len(w.AllOf))}
		w.Text = "All of these hold: " + list(w.AllOf, ", and ")
	case c.Over.IsZero():
		w.Code, w.Params, w.Text = ConditionNumber, c.wordParams(), c.numberWords()
	default:
		w.Code, w.Params, w.Text = ConditionShare, c.wordParams(), c.shareWords()
	}
	return w
}

// list joins the sentences of parts into one; parts that nest stand in brackets.
func list(parts []ConditionWords, between string) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = strings.TrimSuffix(strings.ToLower(part.Text[:1])+part.Text[1:], ".")
		if len(part.AnyOf) > 0 || len(part.AllOf) > 0 {
			_, inner, _ := strings.Cut(texts[i], ": ")
			texts[i] = "(" + inner + ")"
		}
	}
	return strings.Join(texts, between) + "."
}

func (c Condition) wordParams() map[string]string {
	comparator, threshold := c.Comparison()
	params := c.countParams(comparator, threshold.String())
	if c.Over.Whole != "" {
		params["over"] = string(c.Over.Whole)
	} else if len(c.Over.Positions) > 0 {
		params["over"] = joined(c.Over.Positions)
	}
	if c.IfEmpty != "" {
		params["ifEmpty"] = string(c.IfEmpty)
	}
	return params
}

// countParams are the parameters that a condition which counts has in its sentence and in its explanation alike.
func (c Condition) countParams(comparator Comparator, threshold string) map[string]string {
	params := map[string]string{
		"measure": string(MeasureHeads), "count": joined(c.Count), "comparator": string(comparator), "threshold": threshold,
	}
	if c.Measure != "" {
		params["measure"] = string(c.Measure)
	}
	if len(c.Chamber) > 0 {
		params["chambers"] = joined(c.Chamber)
	}
	if c.Group != "" {
		params["group"] = c.Group
	}
	return params
}

// shareWords: "More than half of the unions that take a side say yes."
func (c Condition) shareWords() string {
	comparator, threshold := c.Comparison()
	share := comparator.words(shareName(threshold.Rat()))
	switch sign, whole := threshold.Rat().Sign(), threshold.Rat().Cmp(big.NewRat(1, 1)) == 0; {
	case comparator == AtLeast && whole:
		share = "all"
	case comparator == AtMost && sign == 0:
		share = "none"
	}
	text := share + " of " + c.baseWords() + " " + does(c.Count)
	switch {
	case c.Measure == MeasureWeight:
		text = c.electorWords() + " that " + does(c.Count) + " have " + share + " of the weight of " + c.baseWords()
	case c.Over.Whole != "": // not "all of all"
		text = strings.Replace(text, "all of all ", "all ", 1)
		text = strings.Replace(text, "none of all ", "none of the ", 1)
	}
	switch c.IfEmpty {
	case IfEmptyMet:
		text += "; where there are none, this counts as met"
	case IfEmptyNotMet:
		text += "; where there are none, this counts as not met"
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// numberWords: "The number of unions that say yes is at least 3."
func (c Condition) numberWords() string {
	comparator, threshold := c.Comparison()
	what := "number"
	if c.Measure == MeasureWeight {
		what = "weight"
	}
	if comparator == AtMost && threshold.Rat().Sign() == 0 && what == "number" {
		return "None of the " + c.electorWords() + " " + does(c.Count) + "."
	}
	return "The " + what + " of " + c.electorWords() + " that " + does(c.Count) + " is " + comparator.words(threshold.String()) + "."
}

// baseWords: "the unions that take a side", "all unions that are not recused".
func (c Condition) baseWords() string {
	switch c.Over.Whole {
	case Electorate:
		return "all " + c.electorWords()
	case ElectorateLessRecused:
		return "all " + c.electorWords() + " that are not recused"
	default:
		return "the " + c.electorWords() + " that " + does(c.Over.Positions)
	}
}

// electorWords: "unions", "employers and unions of group LT", "electors".
func (c Condition) electorWords() string {
	names := make([]string, len(c.Chamber))
	for i, chamber := range c.Chamber {
		if name, known := chamberNames[string(chamber)]; known {
			names[i] = strings.ToLower(name)
		} else {
			names[i] = "electors of chamber " + string(chamber)
		}
	}
	text := "electors"
	if last := len(names) - 1; last > 0 {
		text = strings.Join(names[:last], ", ") + " and " + names[last]
	} else if last == 0 {
		text = names[0]
	}
	if c.Group != "" {
		text += " of group " + c.Group
	}
	return text
}

var positionDoes = map[Position]string{
	PositionApprove: "say yes", PositionNoObjection: "have no objection", PositionObject: "object",
	PositionAbstain: "abstain", PositionRecuse: "are recused",
}

// does: "say yes", "take a side", "say yes or have no objection".
func does(positions []Position) string {
	switch {
	case sameText(positions, sides):
		return "take a side"
	case sameText(positions, takingPart), sameText(positions, []Position{PositionApprove, PositionObject, PositionAbstain}):
		return "take part"
	}
	words := make([]string, len(positions))
	for i, position := range positions {
		words[i] = positionDoes[position]
	}
	return strings.Join(words, " or ")
}

// shareNames are shares that people say in a word.
var shareNames = map[string]string{
	"0": "none", "1/2": "half", "1/3": "a third", "2/3": "two thirds", "1/4": "a quarter", "3/4": "three quarters", "1": "all",
}

// shareName: "half", "55 %", "24/27" reduced.
func shareName(share *big.Rat) string {
	if name, known := shareNames[share.RatString()]; known {
		return name
	}
	percent := new(big.Rat).Mul(share, big.NewRat(100, 1))
	if percent.IsInt() {
		return percent.RatString() + " %"
	}
	return share.RatString()
}

// Explained is what is shown beside a charter while it is written.
type Explained struct {
	Findings   []Finding        // what is wrong
	Conditions []ConditionWords // what each condition says; none while the form of one is broken
}

// Explain checks the charter, against the roll too where seats are given, and puts its rule into words.
func (c Charter) Explain(seats *Seats) Explained {
	explained := Explained{Findings: c.Check()}
	if seats != nil {
		explained.Findings = c.CheckSeats(*seats)
	}
	if len(c.Rule.problems("")) == 0 {
		explained.Conditions = c.Rule.Words()
	}
	return explained
}
