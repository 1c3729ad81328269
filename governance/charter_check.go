package governance

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// SourceCharter is the source of findings on a charter.
const SourceCharter = "Concordat, form of a charter"

// Bounds of what a charter asks.
const (
	maxCharterDays  = 3650
	maxCharterHours = 24 * 365
)

// Check lists everything that is wrong with the charter, each with the path of its value. A charter with an ERROR cannot
// be adopted; a WARNING is shown to those who vote on it.
func (c Charter) Check() []Finding {
	k := &charterChecker{charter: c}
	k.names()
	k.rule()
	k.weights()
	k.periods()
	k.endorsements()
	k.choices()
	k.paths()
	k.calendar()
	return k.findings
}

// charterChecker collects the findings on one charter.
type charterChecker struct {
	charter  Charter
	findings []Finding
}

// fault adds an ERROR.
func (k *charterChecker) fault(path, rule, message string, pairs ...string) {
	k.add(SeverityError, Invalid(path, rule, message, pairs...))
}

// warn adds a WARNING.
func (k *charterChecker) warn(path, rule, message string, pairs ...string) {
	k.add(SeverityWarning, Invalid(path, rule, message, pairs...))
}

func (k *charterChecker) add(severity Severity, e *Error) {
	finding := Finding{
		Path: e.Field, Rule: e.Reason, Severity: severity, Source: SourceCharter, Message: e.Message,
	}
	if len(e.Params) > 0 {
		finding.Params = e.Params
	}
	k.findings = append(k.findings, finding)
}

func (k *charterChecker) names() {
	c := k.charter
	if c.Schema != CharterSchema {
		k.fault("/schema", "charter-unknown-schema", "The schema is {known}, not {schema}.", "known", CharterSchema, "schema", shown(c.Schema))
	}
	if strings.TrimSpace(c.Name) == "" {
		k.fault("/name", "charter-no-name", "A charter has a name.")
	}
	if len(c.Chambers) == 0 {
		k.fault("/chambers", "charter-no-chamber", "A council has at least one chamber.")
	}
	for i, chamber := range c.Chambers {
		path := fmt.Sprintf("/chambers/%d", i)
		switch {
		case strings.TrimSpace(string(chamber)) == "" || chamber == EndorsedByCouncil:
			k.fault(path, "charter-chamber-name", "A chamber has a name, other than COUNCIL.")
		case slices.Contains(c.Chambers[:i], chamber):
			k.fault(path, "charter-doubled-chamber", "The chamber {chamber} is there twice.", "chamber", shown(string(chamber)))
		}
	}
}

// knows says whether the charter has the chamber, and adds an ERROR where not.
func (k *charterChecker) knows(path string, chamber Chamber) bool {
	known := slices.Contains(k.charter.Chambers, chamber)
	if !known {
		k.fault(path, "charter-unknown-chamber", "The council has no chamber {chamber}.", "chamber", shown(string(chamber)))
	}
	return known
}

func (k *charterChecker) rule() {
	const path = "/rule/conditions"
	broken := k.charter.Rule.problems(path)
	for _, problem := range broken {
		if e, ok := errors.AsType[*Error](problem); ok {
			k.add(SeverityError, e)
		}
	}
	approves := false
	for i, condition := range k.charter.Rule.Conditions {
		place := fmt.Sprintf("%s/%d", path, i)
		approves = approves || condition.Kind == ConditionApproval
		possible := k.condition(place, condition)
		if !possible && len(broken) == 0 {
			k.fault(place, "charter-never-met", "No vote can ever meet the condition {id}.", "id", shown(condition.ID))
		}
	}
	if len(broken) == 0 {
		k.contradictions(path, k.charter.Rule.Conditions)
	}
	if !approves && len(k.charter.Rule.Conditions) > 0 {
		k.fault(path, "charter-no-approval", "No condition is of kind APPROVAL: a ballot would be carried against all votes.")
	}
}

// condition checks a condition and its parts and says whether any vote could meet it.
func (k *charterChecker) condition(path string, c Condition) bool {
	if !c.nests() {
		return k.leaf(path, c)
	}
	anyPossible, allPossible := len(c.AnyOf) == 0, true
	for i, part := range c.AnyOf {
		anyPossible = k.condition(fmt.Sprintf("%s/anyOf/%d", path, i), part) || anyPossible
	}
	for i, part := range c.AllOf {
		allPossible = k.condition(fmt.Sprintf("%s/allOf/%d", path, i), part) && allPossible
	}
	return anyPossible && allPossible
}

func (k *charterChecker) leaf(path string, c Condition) bool {
	for i, chamber := range c.Chamber {
		k.knows(fmt.Sprintf("%s/chamber/%d", path, i), chamber)
	}
	if c.IfEmpty == IfEmptyMet {
		k.warn(path+"/ifEmpty", "charter-vacant-agrees",
			"An empty chamber would agree; the council must have published a call for nominations before it relies on this.")
	}
	form := &ruleChecker{}
	form.leaf(path, c)
	if len(form.found) > 0 {
		return true // told already, and nothing more can be said
	}
	comparator, threshold := c.Comparison()
	place := path + "/" + string(comparator)
	if !c.Over.IsZero() {
		return k.share(place, c)
	}
	if c.Measure != MeasureWeight && !threshold.Rat().IsInt() {
		k.warn(place, "charter-part-of-a-head", "{value} is compared with a number of organizations, which is whole.",
			"value", threshold.String())
	}
	return comparator != LessThan || threshold.Rat().Sign() > 0
}

// share checks the threshold of a share and says whether any vote could meet it.
func (k *charterChecker) share(path string, c Condition) bool {
	comparator, threshold := c.Comparison()
	order := threshold.Rat().Cmp(big.NewRat(1, 1))
	if order > 0 {
		k.fault(path, "charter-share-over-one", "A share is at most 1, not {value}.", "value", threshold.String())
	}
	outside := c.countedOutsideBase()
	if len(outside) > 0 {
		k.warn(path, "charter-counts-outside-base", "{positions} is counted and is not in the base of the share.",
			"positions", joined(outside))
	}
	zero := threshold.Rat().Sign() == 0
	if comparator == AtLeast && zero || comparator == AtMost && order == 0 {
		k.warn(path, "charter-asks-nothing", "Every vote meets this.")
	}
	switch {
	case order > 0:
		return true // told already
	case comparator == LessThan:
		return !zero
	case comparator == MoreThan:
		return order < 0 || len(outside) > 0
	default:
		return true
	}
}

// countedOutsideBase lists the counted positions that the base leaves out.
func (c Condition) countedOutsideBase() []Position {
	var outside []Position
	for _, position := range c.Count {
		if !c.Over.holds(position) {
			outside = append(outside, position)
		}
	}
	return outside
}

func (k *charterChecker) weights() {
	w := k.charter.Weights
	switch w.By {
	case WeightByOrganization:
		if len(w.Chambers) > 0 {
			k.fault("/weights/chambers", "charter-weights-mixed", "Weights by ORGANIZATION name no chambers.")
		}
	case WeightByChamber:
		if len(w.Organizations) > 0 {
			k.fault("/weights/organizations", "charter-weights-mixed", "Weights by CHAMBER name no organizations.")
		}
	default:
		k.fault("/weights/by", "charter-unknown-weighting", "Weights are by ORGANIZATION or CHAMBER, not {value}.", "value", shown(string(w.By)))
	}
	for _, chamber := range slices.Sorted(maps.Keys(w.Chambers)) {
		path := "/weights/chambers/" + escapeSegment(string(chamber))
		k.knows(path, chamber)
		k.weight(path, w.Chambers[chamber])
	}
	k.nothing()
	for _, organization := range slices.Sorted(maps.Keys(w.Organizations)) {
		k.weight("/weights/organizations/"+escapeSegment(string(organization)), w.Organizations[organization])
	}
}

// nothing looks for a condition that adds up weights which the charter sets to 0 for every chamber that it looks at.
func (k *charterChecker) nothing() {
	w := k.charter.Weights
	weighs := func(chamber Chamber) bool {
		weight, given := w.Chambers[chamber]
		return !given || weight.Rat().Sign() != 0
	}
	told := w.By != WeightByChamber
	walkConditions(k.charter.Rule.Conditions, func(c Condition) {
		chambers := []Chamber(c.Chamber)
		if len(chambers) == 0 {
			chambers = k.charter.Chambers
		}
		if !told && c.Measure == MeasureWeight && !slices.ContainsFunc(chambers, weighs) {
			told = true
			k.fault("/weights/chambers", "charter-weights-nothing", "The weights that {id} adds up are all 0.", "id", shown(c.ID))
		}
	})
}

func (k *charterChecker) weight(path string, weight Ratio) {
	if weight.IsZero() || weight.Rat().Sign() < 0 {
		k.fault(path, "charter-negative-weight", "A weight is 0 or more, not {value}.", "value", weight.String())
	}
}

func (k *charterChecker) periods() {
	c := k.charter
	for _, period := range []struct {
		path         string
		value, least int
	}{
		{"/consultationDays", c.ConsultationDays, 1},
		{"/ballotDays", c.BallotDays, 1},
		{"/replyDays", c.ReplyDays, 0},
		{"/cutOffDays", c.CutOffDays, 0},
		{"/abandonNoticeDays", c.AbandonNoticeDays, 0},
	} {
		k.between(period.path, period.value, period.least, maxCharterDays)
	}
	k.correction("/recall", c.Recall)
	k.correction("/reopen", c.Reopen)
}

func (k *charterChecker) between(path string, value, least, most int) {
	if value < least || value > most {
		k.fault(path, "charter-out-of-bounds", "The number is {least} to {most}, not {value}.",
			"least", itoa(least), "most", itoa(most), "value", itoa(value))
	}
}

func (k *charterChecker) correction(path string, correction Correction) {
	k.between(path+"/hours", correction.Hours, 0, maxCharterHours)
	k.distinct(path+"/grounds", correction.Grounds)
}

// distinct refuses empty and doubled texts in a list.
func (k *charterChecker) distinct(path string, texts []string) {
	for i, text := range texts {
		place := fmt.Sprintf("%s/%d", path, i)
		switch {
		case strings.TrimSpace(text) == "":
			k.fault(place, "charter-empty-text", "The text is empty.")
		case slices.Contains(texts[:i], text):
			k.fault(place, "charter-doubled-text", "{text} is there twice.", "text", shown(text))
		}
	}
}

func (k *charterChecker) endorsements() {
	var named []Chamber
	for i, asked := range k.charter.Endorsements {
		path := fmt.Sprintf("/endorsements/%d", i)
		if slices.Contains(named, asked.By) {
			k.fault(path+"/by", "charter-doubled-endorser", "{by} is asked twice.", "by", shown(string(asked.By)))
		}
		named = append(named, asked.By)
		most := maxElectors
		if asked.By == EndorsedByCouncil {
			most = 1 // there is one council
		} else {
			k.knows(path+"/by", asked.By)
		}
		k.between(path+"/atLeast", asked.AtLeast, 1, most)
		k.between(path+"/validDays", asked.ValidDays, 0, maxCalendarDays)
	}
}

func (k *charterChecker) choices() {
	c := k.charter
	switch c.ObjectionsDecidedBy {
	case ObjectionsByRepresentative, ObjectionsByMatterBallot:
	default:
		k.fault("/objectionsDecidedBy", "charter-unknown-decider", "Objections are decided by REPRESENTATIVE or MATTER_BALLOT, not {value}.",
			"value", shown(string(c.ObjectionsDecidedBy)))
	}
	k.publicationDecider("/withdrawalsDecidedBy", c.WithdrawalsDecidedBy)
	k.publicationDecider("/reviewsDecidedBy", c.ReviewsDecidedBy)
	switch c.Secrecy {
	case SecrecyAtOnce, SecrecyAtClose:
	default:
		k.fault("/secrecy", "charter-unknown-secrecy", "Positions are shown AT_ONCE or AT_CLOSE, not {value}.",
			"value", shown(string(c.Secrecy)))
	}
}

func (k *charterChecker) publicationDecider(path string, decider PublicationDecider) {
	switch decider {
	case "", PublicationsBySecretary, PublicationsByMatterBallot:
	default:
		k.fault(path, "charter-unknown-decider", "Publications are decided on by SECRETARY or MATTER_BALLOT, not {value}.",
			"value", shown(string(decider)))
	}
}

func (k *charterChecker) paths() {
	k.distinct("/substantivePaths", k.charter.SubstantivePaths)
	for i, path := range k.charter.SubstantivePaths {
		if !strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") || strings.Contains(path, "//") {
			k.fault(fmt.Sprintf("/substantivePaths/%d", i), "charter-not-a-path",
				"{path} is not the path of an element such as /summary.", "path", shown(path))
		}
	}
}

func (k *charterChecker) calendar() {
	calendar := k.charter.Calendar
	_, err := calendar.Location()
	if e, ok := errors.AsType[*Error](err); ok {
		k.fault("/calendar/zone", e.Reason, e.Message, "zone", shown(calendar.Zone))
	}
	var dates []string
	for i, date := range calendar.Holidays {
		if f := checkDate(string(date)); f != nil {
			k.fault(fmt.Sprintf("/calendar/holidays/%d", i), f.reason, f.message, f.pairs...)
		}
		dates = append(dates, string(date))
	}
	k.distinct("/calendar/holidays", dates)
}
