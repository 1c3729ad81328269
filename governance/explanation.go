package governance

import (
	"math/big"
	"strings"
)

// ExplanationCode says which sentence explains a condition; pages translate it and fill it with the parameters.
type ExplanationCode string

// The explanations. A condition that counts has the parameters chambers, group (both possibly absent), measure, count
// (positions, joined by commas), counted, base (absent where a plain number is compared), comparator and threshold.
// ExplainShort and ExplainTooMany add limit, what would have done, and difference, by how much it was missed. With HEADS
// both are whole numbers to be reached or kept; with WEIGHT they are exact and moreThan and lessThan mean beyond them.
// The explanations of a condition that nests have parts, how many there are, and met, how many of them are met; the
// parts explain themselves.
const (
	ExplainMet         ExplanationCode = "met"
	ExplainShort       ExplanationCode = "short"         // more of what is counted was needed
	ExplainTooMany     ExplanationCode = "too-many"      // less of what is counted was allowed
	ExplainUnreachable ExplanationCode = "unreachable"   // no votes at all could meet it
	ExplainEmptyMet    ExplanationCode = "empty-met"     // a share of nothing, which counts as met
	ExplainEmptyNotMet ExplanationCode = "empty-not-met" // a share of nothing, which counts as not met
	ExplainAnyMet      ExplanationCode = "any-met"
	ExplainAnyNotMet   ExplanationCode = "any-not-met"
	ExplainAllMet      ExplanationCode = "all-met"
	ExplainAllNotMet   ExplanationCode = "all-not-met"
)

// counted is a condition after counting.
type counted struct {
	condition  Condition
	comparator Comparator
	threshold  *big.Rat
	count      *big.Rat
	base       *big.Rat // nil where a plain number is compared
	met        bool
}

// explain answers the code and the parameters.
func (f counted) explain() (ExplanationCode, map[string]string) {
	params := f.params()
	switch {
	case f.base != nil && f.base.Sign() == 0 && f.met:
		return ExplainEmptyMet, params
	case f.base != nil && f.base.Sign() == 0:
		return ExplainEmptyNotMet, params
	case f.met:
		return ExplainMet, params
	}
	limit := f.limit()
	if f.unreachable(limit) {
		return ExplainUnreachable, params
	}
	difference := new(big.Rat).Sub(limit, f.count)
	params["limit"], params["difference"] = limit.RatString(), difference.Abs(difference).RatString()
	if f.comparator.isFloor() {
		return ExplainShort, params
	}
	return ExplainTooMany, params
}

func (f counted) params() map[string]string {
	params := f.condition.countParams(f.comparator, f.threshold.RatString())
	params["counted"] = f.count.RatString()
	if f.base != nil {
		params["base"] = f.base.RatString()
	}
	return params
}

func joined[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ",")
}

// limit answers the count that would have done: of heads, the smallest that meets or the largest that keeps the demand;
// of weight, the exact border.
func (f counted) limit() *big.Rat {
	border := new(big.Rat).Set(f.threshold)
	if f.base != nil {
		border.Mul(border, f.base)
	}
	if f.condition.Measure == MeasureWeight {
		return border
	}
	floor := new(big.Int).Div(border.Num(), border.Denom())
	switch {
	case f.comparator == MoreThan || f.comparator == AtLeast && !border.IsInt():
		floor.Add(floor, big.NewInt(1))
	case f.comparator == LessThan && border.IsInt():
		floor.Sub(floor, big.NewInt(1))
	}
	return new(big.Rat).SetInt(floor)
}

// unreachable says that no count between nothing and the whole base meets the demand.
func (f counted) unreachable(limit *big.Rat) bool {
	exact := f.condition.Measure == MeasureWeight
	if !f.comparator.isFloor() {
		return limit.Sign() < 0 || exact && f.comparator == LessThan && limit.Sign() == 0
	}
	if f.base == nil {
		return false
	}
	over := limit.Cmp(f.base)
	return over > 0 || exact && f.comparator == MoreThan && over == 0
}

// explanation renders a counted condition in English from what the pages have too.
func explanation(code ExplanationCode, params map[string]string) string {
	text := whoCounts(params) + ": "
	if code == ExplainEmptyMet || code == ExplainEmptyNotMet {
		verdict := ": a share of nothing counts as not met."
		if code == ExplainEmptyMet {
			verdict = ": a share of nothing counts as met."
		}
		return text + "there is nothing to take a share of, " + demand(params) + verdict
	}
	text += amount(params, params["counted"])
	if base, ok := params["base"]; ok {
		text += " of " + base
	}
	text += " " + whatCounts(params["count"]) + ", "
	switch code {
	case ExplainShort:
		return text + missing(params)
	case ExplainTooMany:
		return text + excess(params)
	case ExplainUnreachable:
		return text + demand(params) + ": no vote can meet this."
	default:
		return text + demand(params) + "."
	}
}

func amount(params map[string]string, number string) string {
	if params["measure"] == string(MeasureWeight) {
		return "weight " + number
	}
	return number
}

// demand renders "more than 1/2 needed", "at most 1/4 allowed".
func demand(params map[string]string) string {
	comparator := Comparator(params["comparator"])
	if comparator.isFloor() {
		return comparator.words(params["threshold"]) + " needed"
	}
	return comparator.words(params["threshold"]) + " allowed"
}

// missing renders "4 needed: 1 vote missing."
func missing(params map[string]string) string {
	limit, difference := params["limit"], params["difference"]
	if params["measure"] != string(MeasureWeight) {
		return limit + " needed: " + votes(difference) + " missing."
	}
	beyond := ""
	if params["comparator"] == string(MoreThan) {
		beyond = "more than "
	}
	if difference == "0" {
		return beyond + "weight " + limit + " needed: exactly that is not enough."
	}
	return beyond + "weight " + limit + " needed: " + beyond + "weight " + difference + " missing."
}

// excess renders "at most 3 allowed: 2 votes too many."
func excess(params map[string]string) string {
	limit, difference := params["limit"], params["difference"]
	if params["measure"] != string(MeasureWeight) {
		return "at most " + limit + " allowed: " + votes(difference) + " too many."
	}
	bound := "at most"
	if params["comparator"] == string(LessThan) {
		bound = "less than"
	}
	if difference == "0" {
		return bound + " weight " + limit + " allowed: exactly that is too much."
	}
	return bound + " weight " + limit + " allowed: weight " + difference + " too much."
}

func votes(number string) string {
	if number == "1" {
		return "1 vote"
	}
	return number + " votes"
}

// chamberNames are the chambers' names in English, in the plural.
var chamberNames = map[string]string{
	string(ChamberEmployer): "Employers", string(ChamberUnion): "Unions", string(ChamberProvider): "Providers",
	string(ChamberSkillsCouncil): "Skills councils", string(ChamberQualityAgency): "Quality agencies",
	string(ChamberLearnerBody): "Learner bodies", string(ChamberPublicAuthority): "Public authorities",
	string(ChamberProfessionalBody): "Professional bodies", string(ChamberCivilSociety): "Civil society",
}

// whoCounts renders whom a condition looks at: "Unions", "Employers, Unions of group LT", "All electors".
func whoCounts(params map[string]string) string {
	group := params["group"]
	if params["chambers"] == "" && group == "" {
		return "All electors"
	}
	if params["chambers"] == "" {
		return "Electors of group " + group
	}
	names := strings.Split(params["chambers"], ",")
	for i, name := range names {
		if plural, ok := chamberNames[name]; ok {
			names[i] = plural
		}
	}
	text := strings.Join(names, ", ")
	if group != "" {
		text += " of group " + group
	}
	return text
}

var positionWords = map[string]string{
	string(PositionApprove): "in favour", string(PositionNoObjection): "without objection",
	string(PositionObject): "against", string(PositionAbstain): "abstaining", string(PositionRecuse): "recused",
}

// whatCounts renders the counted positions: "in favour", "in favour or against", "voted" where a quorum counts them.
func whatCounts(count string) string {
	counts := map[string]bool{}
	var words []string
	for _, position := range strings.Split(count, ",") {
		counts[position] = true
		words = append(words, positionWords[position])
	}
	if counts[string(PositionApprove)] && counts[string(PositionObject)] && counts[string(PositionAbstain)] {
		return "voted"
	}
	return strings.Join(words, " or ")
}

// explainNest answers code, parameters and English of a condition that nests; what is missing is told by its parts.
func explainNest(result ConditionResult, met int) (ExplanationCode, map[string]string, string) {
	parts, code := result.AnyOf, ExplainAnyMet
	switch {
	case len(result.AllOf) > 0 && result.Met:
		parts, code = result.AllOf, ExplainAllMet
	case len(result.AllOf) > 0:
		parts, code = result.AllOf, ExplainAllNotMet
	case !result.Met:
		code = ExplainAnyNotMet
	}
	params := map[string]string{"met": itoa(met), "parts": itoa(len(parts))}
	text := params["met"] + " of " + params["parts"] + " met, " + params["parts"] + " needed"
	if len(result.AllOf) == 0 {
		text = params["met"] + " of " + params["parts"] + " alternatives met, 1 needed"
	}
	if result.Met {
		return code, params, text + "."
	}
	for _, part := range parts {
		if !part.Met {
			text += " – " + strings.TrimSuffix(part.Explanation, ".")
		}
	}
	return code, params, text + "."
}
