package governance

import (
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Check answers what is wrong with a document under a profile: errors that stop consultation and ballot, and warnings.
// It answers the same findings in the same order for the same arguments, and none for a document that is ready.
func Check(d Document, p Profile, codes Codes) []Finding {
	c := &checking{document: d, profile: p, codes: codes, tree: treeOf(reflect.ValueOf(d))}
	for _, check := range []func(){
		c.elements, c.languages, c.workload, c.credits, c.proofs, c.attendance, c.verbs, c.levels, c.frameworks,
		c.participation, c.stacking, c.references, c.evidence, c.credentialType, c.vocabularies,
	} {
		check()
	}
	return c.findings
}

// HasErrors says whether any finding is an error.
func HasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == SeverityError })
}

// checking is one run of Check.
type checking struct {
	document Document
	profile  Profile
	codes    Codes
	tree     any
	findings []Finding
}

// find adds a finding of the rule; pairs are parameter names and values.
func (c *checking) find(rule, path string, pairs ...string) {
	c.findings = append(c.findings, findingOf(rule, path, pairs...))
}

// elements looks for what the profile requires and recommends.
func (c *checking) elements() {
	for _, list := range []struct {
		rule  string
		paths []string
	}{{"element-missing", c.profile.Required}, {"element-recommended", c.profile.Recommended}} {
		for _, pattern := range list.paths {
			for _, path := range absent(c.tree, "", strings.Split(strings.TrimPrefix(pattern, "/"), "/")) {
				c.find(list.rule, path, "element", pattern)
				if c.profile.ID != euProfileID {
					c.findings[len(c.findings)-1].Source = sourceProfile
				}
			}
		}
	}
}

// absent answers the paths that match the pattern but lead to nothing.
func absent(node any, path string, pattern []string) []string {
	if len(pattern) == 0 {
		return nil
	}
	if pattern[0] == "*" {
		var paths []string
		list, _ := node.([]any)
		for _, element := range list {
			paths = append(paths, absent(element, path+"/"+escapeSegment(elementID(element)), pattern[1:])...)
		}
		return paths
	}
	object, _ := node.(map[string]any)
	child := object[pattern[0]]
	path += "/" + pattern[0]
	if child == nil && !slices.Contains(pattern, "*") {
		return []string{strings.Join(append([]string{path}, pattern[1:]...), "/")}
	}
	return absent(child, path, pattern[1:])
}

// languages looks for texts that lack an authentic language, and for languages that the profile requires.
func (c *checking) languages() {
	for _, tag := range c.profile.Languages {
		if !slices.Contains(c.document.Languages, tag) {
			c.find("language-required", "/languages", "language", string(tag))
		}
	}
	for _, at := range TextsOf(c.document) {
		for _, tag := range c.document.Languages {
			if strings.TrimSpace(at.Text[string(tag)]) == "" {
				c.find("language-missing", at.Path+"/"+string(tag), "language", string(tag))
			}
		}
	}
}

// ElementText is a text and the path of its element.
type ElementText struct {
	Path string
	Text Text
}

// TextsOf lists the document's texts that say something, in document order, apart from the labels of concepts, which
// belong to their vocabularies.
func TextsOf(d Document) []ElementText {
	var texts []ElementText
	eachText(reflect.ValueOf(d), "", func(path string, text Text) {
		if len(text) > 0 {
			texts = append(texts, ElementText{path, text})
		}
	})
	return texts
}

// eachText visits every text in document order, apart from the labels of concepts.
func eachText(v reflect.Value, path string, visit func(path string, text Text)) {
	switch v.Kind() {
	case reflect.Map:
		visit(path, v.Interface().(Text))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Concept]() {
			return
		}
		for i, name := range memberNames(v.Type()) {
			eachText(v.Field(i), path+"/"+name, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if element := v.Index(i); element.Kind() == reflect.Struct && element.FieldByName("ID").IsValid() {
				eachText(element, path+"/"+escapeSegment(element.FieldByName("ID").String()), visit)
			}
		}
	}
}

// workload adds up the split.
func (c *checking) workload() {
	hours := c.document.Workload.Hours.Rat()
	if hours == nil {
		return
	}
	if hours.Sign() == 0 {
		c.find("workload-zero", "/workload/hours")
		return
	}
	if len(c.document.Workload.Split) == 0 {
		return
	}
	sum := new(big.Rat)
	for _, part := range c.document.Workload.Split {
		if part.Hours.Rat() == nil {
			return // the part's missing hours are a finding of their own
		}
		sum.Add(sum, part.Hours.Rat())
	}
	if sum.Cmp(hours) != 0 {
		c.find("split-against-hours", "/workload/split", "sum", plain(sum), "hours", plain(hours))
	}
}

// credits holds the hours against each credit system's hours a credit.
func (c *checking) credits() {
	hours := c.document.Workload.Hours.Rat()
	for _, credit := range c.document.Workload.Credits {
		path := "/workload/credits/" + string(credit.ID)
		if credit.System == "" {
			continue
		}
		i := slices.IndexFunc(c.profile.CreditSystems, func(s CreditSystem) bool { return string(s.ID) == credit.System })
		if i < 0 {
			c.find("credit-system-unknown", path+"/system", "system", credit.System)
			continue
		}
		points := credit.Points.Rat()
		if points == nil || hours == nil {
			continue
		}
		least, most := c.profile.CreditSystems[i].MinimumHours.Rat(), c.profile.CreditSystems[i].MaximumHours.Rat()
		if least == nil || most == nil {
			continue
		}
		least, most = new(big.Rat).Mul(least, points), new(big.Rat).Mul(most, points)
		if hours.Cmp(least) < 0 || hours.Cmp(most) > 0 {
			c.find("hours-against-credits", path, "points", string(credit.Points), "system", credit.System,
				"hours", plain(hours), "least", plain(least), "most", plain(most))
		}
	}
}

// plain writes an exact number as a decimal without trailing zeros. Our numbers have at most eight decimals: four times
// four.
func plain(r *big.Rat) string {
	s := r.FloatString(8)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// proofs looks for outcomes that nothing assesses and assessments that prove nothing.
func (c *checking) proofs() {
	assessed := map[ElementID]bool{}
	for _, assessment := range c.document.Assessments {
		path := "/assessments/" + string(assessment.ID) + "/proves"
		if len(assessment.Proves) == 0 {
			c.find("assessment-proves-nothing", path)
		}
		for _, id := range assessment.Proves {
			assessed[id] = true
			if !c.hasOutcome(id) {
				c.find("assessment-proves-unknown", path+"/"+string(id), "outcome", string(id))
			}
		}
	}
	for _, outcome := range c.document.Outcomes {
		if !assessed[outcome.ID] {
			c.find("outcome-not-assessed", "/outcomes/"+string(outcome.ID), "outcome", string(outcome.ID))
		}
	}
}

func (c *checking) hasOutcome(id ElementID) bool {
	return slices.ContainsFunc(c.document.Outcomes, func(o LearningOutcome) bool { return o.ID == id })
}

// attendanceType is "level of attendance" among the Europass learning assessment types.
const attendanceType URI = "http://data.europa.eu/snb/assessment/7331eb4762"

// attendance refuses a credential that one gets for having been there.
func (c *checking) attendance() {
	isAttendance := func(a Assessment) bool { return a.Type.ID == attendanceType }
	if len(c.document.Assessments) > 0 && !slices.ContainsFunc(c.document.Assessments, func(a Assessment) bool { return !isAttendance(a) }) {
		c.find("attendance-only", "/assessments")
	}
}

// levels holds the outcomes' levels and the cycle against the credential's level.
func (c *checking) levels() {
	level, highest := c.document.Level.EQF, 0
	for _, outcome := range c.document.Outcomes {
		at := outcome.EQFLevel
		if at == 0 {
			at = level
		}
		highest = max(highest, at)
		if level > 0 && at > level {
			c.find("outcome-above-level", "/outcomes/"+string(outcome.ID)+"/eqfLevel",
				"level", strconv.Itoa(at), "credential", strconv.Itoa(level))
		}
	}
	if level > 0 && highest > 0 && highest < level {
		c.find("level-not-reached", "/level/eqf", "level", strconv.Itoa(highest), "credential", strconv.Itoa(level))
	}
	if i := slices.Index(Cycles, c.document.Level.Cycle); i >= 0 && level > 0 && level != i+5 {
		c.find("cycle-against-eqf", "/level/cycle", "cycle", string(c.document.Level.Cycle),
			"level", strconv.Itoa(i+5), "credential", strconv.Itoa(level))
	}
}

// frameworks holds each national level against the EQF level to which it is referenced.
func (c *checking) frameworks() {
	for _, reference := range c.document.Level.NQF {
		facts, found := c.codes.Loaded[SchemeNQF][reference.URI]
		if !found || facts.EQF == 0 || c.document.Level.EQF == 0 || facts.EQF == c.document.Level.EQF {
			continue
		}
		c.find("nqf-against-eqf", "/level/nqf/"+string(reference.ID), "framework", reference.Framework,
			"nqfLevel", reference.Level, "level", strconv.Itoa(facts.EQF), "credential", strconv.Itoa(c.document.Level.EQF))
	}
}
