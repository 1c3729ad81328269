package exchange

import (
	"fmt"
	"slices"
	"strings"

	"concordat/governance"
)

// claim reads a LearningAchievement, or a LearningActivity where the file has no better.
func (i *elmImporter) claim(n treeNode) {
	i.learnersOwn(n)
	i.awarding(n)
	specification := i.first(n, "specifiedBy")
	isActivity := n.hasType("LearningActivity")
	if isActivity {
		i.activitySpecification(specification)
		i.activityWorkload(n)
	} else {
		i.specification(specification)
	}
	i.titles(n)
	for _, activity := range i.all(n, "influencedBy") {
		i.activity(activity)
	}
	for _, assessment := range i.all(n, "provenBy") {
		i.assessment(assessment)
	}
	i.assumeProofs()
	if isActivity {
		i.sameAsTitle(specification)
	}
}

// activityWorkload reads what an activity says of itself where a draft is made of it.
func (i *elmImporter) activityWorkload(n treeNode) {
	workload := i.get(n, "workload")
	if i.hours(workload); i.taken[workload.path] {
		i.change(workload, "moved", "target", "workload")
	}
	if description := i.get(n, "description"); description.exists() && len(i.document.Summary) == 0 {
		i.document.Summary = i.text(description, i.fallbackLanguage())
		i.change(description, "moved", "target", "summary")
	}
}

// learnersOwn drops what a claim says about one learner.
func (i *elmImporter) learnersOwn(n treeNode) {
	for _, name := range []string{"additionalNote", "dateIssued", "grade", "identifier", "levelOfCompletion", "location",
		"receivedReward", "resultDistribution", "shortenedGrading", "supplementaryDocument", "temporal"} {
		if own := i.get(n, name); own.exists() {
			i.lose(own, "learner-data", "elements", name)
		}
	}
}

// titles fills title and summary from n, where nothing better has filled them; the same words again are no loss.
func (i *elmImporter) titles(n treeNode) {
	if len(i.document.Title) == 0 {
		i.document.Title = i.text(i.get(n, "title"), i.fallbackLanguage())
	}
	i.sameAsTitle(n)
	if len(i.document.Summary) == 0 {
		i.document.Summary = i.text(i.get(n, "description"), i.fallbackLanguage())
	}
}

// sameAsTitle takes a title that says what the document's says already.
func (i *elmImporter) sameAsTitle(n treeNode) {
	title := i.get(n, "title")
	words := i.words(title)
	for tag, said := range words {
		if i.document.Title[tag] != said {
			return
		}
	}
	if len(words) > 0 {
		i.take(title)
	}
}

// specification reads a Qualification or a LearningAchievementSpecification.
func (i *elmImporter) specification(n treeNode) {
	i.titles(n)
	if summary := i.get(n, "learningOutcomeSummary"); len(i.document.Summary) == 0 && summary.exists() {
		i.document.Summary = i.note(summary)
		i.change(summary, "moved", "target", "summary")
	}
	for at, outcome := range i.all(n, "learningOutcome") {
		i.outcome(outcome, at+1)
	}
	i.level(n)
	i.hours(i.get(n, "volumeOfLearning"))
	for at, credit := range i.all(n, "creditPoint") {
		i.credit(credit, at+1)
	}
	for _, mode := range i.all(n, "mode") {
		i.document.Participation.Modes = i.mode(i.document.Participation.Modes, mode)
	}
	i.offer.Modes = slices.Clone(i.document.Participation.Modes)
	i.maximumDuration(i.get(n, "maximumDuration"))
	for _, language := range i.all(n, "language") {
		i.deliveryLanguage(language)
	}
	i.document.Prerequisites = i.notes(n, "entryRequirement")
	i.classification(n)
	i.stackability(n)
	for _, assessment := range i.all(n, "provenBy") {
		i.assessmentSpecification(assessment)
	}
	for at, accreditation := range i.all(n, "accreditation") {
		i.accreditation(accreditation, at+1)
	}
	i.further(n)
	i.assumeProofs()
}

func (i *elmImporter) outcome(n treeNode, number int) {
	outcome := governance.LearningOutcome{
		ID:        governance.ElementID(fmt.Sprintf("outcome-%d", number)),
		Statement: i.text(i.get(n, "title"), i.fallbackLanguage()),
	}
	for tag, words := range i.text(i.get(n, "description"), i.fallbackLanguage()) {
		if outcome.Statement == nil {
			outcome.Statement = governance.Text{}
		}
		if title := outcome.Statement[tag]; title != "" && title != words {
			words = title + "\n" + words
		}
		outcome.Statement[tag] = words
	}
	outcome.Kind = i.outcomeKind(n)
	for _, skill := range i.all(n, "relatedESCOSkill") {
		outcome.Skills = addConcept(outcome.Skills, i.concept(skill))
	}
	for _, skill := range i.all(n, "relatedSkill") {
		if strings.HasPrefix(skill.id(), "http://data.europa.eu/esco/skill/") {
			outcome.Skills = addConcept(outcome.Skills, i.concept(skill))
			i.change(skill, "moved", "target", "ESCO skills")
		}
	}
	i.document.Outcomes = append(i.document.Outcomes, outcome)
}

// outcomeKind reads the Europass skill type, which knows knowledge and skill.
func (i *elmImporter) outcomeKind(n treeNode) governance.OutcomeKind {
	for _, kind := range i.all(n, "dcType") {
		switch localName(kind.id()) {
		case "knowledge":
			i.take(kind)
			return governance.OutcomeKnowledge
		case "skill":
			i.take(kind)
			return governance.OutcomeSkill
		}
	}
	i.change(n, "kind-missing")
	return ""
}

// addConcept adds a term once; a term without code cannot be in a list.
func addConcept(list []governance.Concept, concept governance.Concept) []governance.Concept {
	if concept.ID == "" || slices.ContainsFunc(list, func(c governance.Concept) bool { return c.ID == concept.ID }) {
		return list
	}
	return append(list, concept)
}

func (i *elmImporter) mode(modes []governance.Mode, n treeNode) []governance.Mode {
	for _, mode := range governance.Modes {
		if n.id() == string(governance.ModeConcepts[mode]) || n.value == string(governance.ModeConcepts[mode]) {
			i.take(n)
			if slices.Contains(modes, mode) {
				return modes
			}
			return append(modes, mode)
		}
	}
	i.loseText(n, "unknown-code", "code", n.id())
	return modes
}

func (i *elmImporter) classification(n treeNode) {
	c := &i.document.Classification
	for _, field := range i.all(n, "thematicArea") {
		c.ISCEDF = addConcept(c.ISCEDF, i.concept(field))
	}
	for _, group := range i.all(n, "targetGroup") {
		c.TargetGroups = addConcept(c.TargetGroups, i.concept(group))
	}
	if kind := i.first(n, "dcType"); kind.exists() {
		c.CredentialType = i.concept(kind)
	}
}

// stackability reads what the credential is a part of. That a qualification is not partial says nothing about stacking.
func (i *elmImporter) stackability(n treeNode) {
	if partial := i.get(n, "isPartialQualification"); partial.value == true || partial.value == "true" {
		i.take(partial)
		i.document.Stackability.Kind = governance.StackPartial
	}
	if code := i.first(n, "qualificationCode"); code.exists() && i.document.Stackability.Kind == governance.StackPartial {
		i.document.Stackability.BlockCode = i.word(i.get(code, "notation"))
		i.take(code)
	}
	for at, whole := range i.all(n, "isPartOf") {
		target := governance.StackTarget{ID: governance.ElementID(fmt.Sprintf("into-%d", at+1)),
			Title: i.text(i.get(whole, "title"), i.fallbackLanguage())}
		if uri := governance.URI(whole.id()); uri.Valid() && !strings.HasPrefix(whole.id(), "urn:epass:") {
			target.URI = uri
		}
		i.document.Stackability.Into = append(i.document.Stackability.Into, target)
		if i.document.Stackability.Kind == "" {
			i.document.Stackability.Kind = governance.StackStackable
		}
	}
}

// note reads a Note. What it says that it is about has no place.
func (i *elmImporter) note(n treeNode) governance.Text {
	text := i.text(i.get(n, "noteLiteral"), i.fallbackLanguage())
	if text == nil {
		text = i.text(n, i.fallbackLanguage())
	}
	return text
}

// notes reads all Notes of a member into one text, the same words only once.
func (i *elmImporter) notes(n treeNode, name string) governance.Text {
	var all governance.Text
	for _, note := range i.all(n, name) {
		all = appendText(all, i.note(note))
	}
	return all
}

func appendText(text, more governance.Text) governance.Text {
	for tag, words := range more {
		if text == nil {
			text = governance.Text{}
		}
		switch {
		case text[tag] == "":
			text[tag] = words
		case !strings.Contains(text[tag], words):
			text[tag] += "\n" + words
		}
	}
	return text
}

// further reads notes, homepages and documents into the further information.
func (i *elmImporter) further(n treeNode) {
	f := &i.document.FurtherInformation
	f.Note = appendText(f.Note, i.notes(n, "additionalNote"))
	for _, name := range []string{"homepage", "supplementaryDocument"} {
		for _, resource := range i.all(n, name) {
			uri := i.address(resource)
			if uri != "" && name == "homepage" {
				i.change(resource, "moved", "target", "links")
			}
			if uri == "" || slices.ContainsFunc(f.Links, func(r governance.Reference) bool { return r.URI == uri }) {
				continue
			}
			f.Links = append(f.Links, governance.Reference{ID: governance.ElementID(fmt.Sprintf("link-%d", len(f.Links)+1)),
				Title: i.text(i.get(resource, "title"), i.fallbackLanguage()), URI: uri})
			i.take(resource)
		}
	}
}
