package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
)

// claim reads a LearningAchievement, or a LearningActivity where the file has no better.
func (i *elmImporter) claim(n elmNode) {
	i.learnersOwn(n)
	i.awarding(n)
	specification := i.first(n, "specifiedBy")
	isActivity := n.hasType("LearningActivity")
	if isActivity {
		i.activitySpecification(specification)
		i.hours(i.get(n, "workload"))
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

// learnersOwn drops what a claim says about one learner.
func (i *elmImporter) learnersOwn(n elmNode) {
	for _, name := range []string{"additionalNote", "dateIssued", "grade", "identifier", "levelOfCompletion", "location",
		"receivedReward", "resultDistribution", "shortenedGrading", "supplementaryDocument", "temporal"} {
		if own := i.get(n, name); own.exists() {
			i.lose(own, "learner-data", "elements", name)
		}
	}
}

// titles fills title and summary from n, where nothing better has filled them; the same words again are no loss.
func (i *elmImporter) titles(n elmNode) {
	if len(i.document.Title) == 0 {
		i.document.Title = i.text(i.get(n, "title"), i.fallbackLanguage())
	}
	i.sameAsTitle(n)
	if len(i.document.Summary) == 0 {
		i.document.Summary = i.text(i.get(n, "description"), i.fallbackLanguage())
	}
}

// sameAsTitle takes a title that says what the document's says already.
func (i *elmImporter) sameAsTitle(n elmNode) {
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
func (i *elmImporter) specification(n elmNode) {
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

func (i *elmImporter) outcome(n elmNode, number int) {
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
		}
	}
	i.document.Outcomes = append(i.document.Outcomes, outcome)
}

// outcomeKind reads the Europass skill type, which knows knowledge and skill.
func (i *elmImporter) outcomeKind(n elmNode) governance.OutcomeKind {
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

var eqfForm = regexp.MustCompile(`^http://data\.europa\.eu/snb/eqf/([1-8])$`)

// level reads EQF and NQF levels of a Qualification, and the educationLevel of a LearningAchievementSpecification.
func (i *elmImporter) level(n elmNode) {
	for _, name := range []string{"eqfLevel", "educationLevel"} {
		for _, level := range i.all(n, name) {
			if found := eqfForm.FindStringSubmatch(level.id()); found != nil && i.document.Level.EQF == 0 {
				i.document.Level.EQF = int(found[1][0] - '0')
				i.take(level)
			}
		}
	}
	for at, level := range i.all(n, "nqfLevel") {
		concept := i.concept(level)
		framework, number, country := splitLevel(anyWords(concept.Label))
		i.change(level, "split-label", "framework", orUnknown(framework), "level", orUnknown(number), "country", orUnknown(country))
		i.document.Level.NQF = append(i.document.Level.NQF, governance.NQFReference{
			ID: governance.ElementID(fmt.Sprintf("nqf-%d", at+1)), URI: concept.ID,
			Framework: framework, Level: number, Country: governance.CountryCode(country),
		})
	}
}

var (
	levelForm   = regexp.MustCompile(`^(.+?)[\s,]+[Ll]evel\s+(\S+)$`)
	countryForm = regexp.MustCompile(`^([A-Z]{2}):?\s`)
)

// splitLevel reads "IE NQF Level 6" as the vocabulary of national levels writes its English labels.
func splitLevel(label string) (framework, level, country string) {
	found := levelForm.FindStringSubmatch(label)
	if found == nil {
		return label, "", ""
	}
	if prefix := countryForm.FindStringSubmatch(found[1]); prefix != nil {
		country = prefix[1]
	}
	return found[1], found[2], country
}

func orUnknown(word string) string {
	if word == "" {
		return "unknown"
	}
	return word
}

// anyWords answers a label in English, else in the first language there is.
func anyWords(label governance.Text) string {
	if words, ok := label["en"]; ok {
		return words
	}
	least := ""
	for tag := range label {
		if least == "" || tag < least {
			least = tag
		}
	}
	return label[least]
}

// hours reads the volume of learning.
func (i *elmImporter) hours(n elmNode) {
	word, ok := n.value.(string)
	if !ok || i.document.Workload.Hours != "" {
		return
	}
	duration, ok := parseDuration(word)
	if !ok {
		i.lose(n, "not-a-duration", "value", word)
		return
	}
	if duration.months > 0 {
		i.loseMonths(n, word, duration)
		return
	}
	hours, exact := decimalOf(duration.hours)
	if !exact {
		i.lose(n, "not-a-decimal", "value", word)
		return
	}
	i.take(n)
	i.document.Workload.Hours = hours
}

func (i *elmImporter) loseMonths(n elmNode, word string, duration elmDuration) {
	number := strings.Trim(word, "PM")
	suggestion := "PT" + number + "H or PT" + number + "M"
	if _, err := strconv.Atoi(number); err != nil {
		suggestion = "a duration in hours"
	}
	i.lose(n, "duration-in-months", "value", word, "meaning", strconv.Itoa(duration.months)+" months", "suggestion", suggestion)
}

// maximumDuration reads a bound in calendar time.
func (i *elmImporter) maximumDuration(n elmNode) {
	word, ok := n.value.(string)
	if !ok {
		return
	}
	duration, ok := parseDuration(word)
	if !ok {
		i.lose(n, "not-a-duration", "value", word)
		return
	}
	days := duration.days()
	i.document.Participation.MaximumDurationDays = days
	i.take(n)
	if duration.months > 0 {
		i.change(n, "days-of-months", "value", word, "days", strconv.Itoa(days))
	}
}

func (i *elmImporter) credit(n elmNode, number int) {
	credit := governance.Credit{ID: governance.ElementID(fmt.Sprintf("credit-%d", number))}
	framework := i.concept(i.get(n, "framework"))
	switch framework.ID {
	case "http://data.europa.eu/snb/education-credit/6fcec5c5af":
		credit.System = governance.CreditECTS
	case "http://data.europa.eu/snb/education-credit/60b314e826":
		credit.System = governance.CreditECVET
	default:
		credit.System = anyWords(framework.Label)
	}
	point := i.get(n, "point")
	credit.Points = governance.Decimal(i.word(point))
	if credit.Points != "" && credit.Points.Rat() == nil {
		i.lose(point, "not-a-decimal", "value", string(credit.Points))
		credit.Points = ""
	}
	i.document.Workload.Credits = append(i.document.Workload.Credits, credit)
}

func (i *elmImporter) mode(modes []governance.Mode, n elmNode) []governance.Mode {
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

func (i *elmImporter) classification(n elmNode) {
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
func (i *elmImporter) stackability(n elmNode) {
	if partial := i.get(n, "isPartialQualification"); partial.exists() {
		i.take(partial)
		if partial.value == true || partial.value == "true" {
			i.document.Stackability.Kind = governance.StackPartial
		}
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

// note reads a Note.
func (i *elmImporter) note(n elmNode) governance.Text {
	text := i.text(i.get(n, "noteLiteral"), i.fallbackLanguage())
	if text == nil {
		text = i.text(n, i.fallbackLanguage())
	}
	if text != nil {
		i.take(n)
	}
	return text
}

// notes reads all Notes of a member into one text, the same words only once.
func (i *elmImporter) notes(n elmNode, name string) governance.Text {
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
func (i *elmImporter) further(n elmNode) {
	f := &i.document.FurtherInformation
	f.Note = appendText(f.Note, i.notes(n, "additionalNote"))
	for _, name := range []string{"homepage", "supplementaryDocument"} {
		for _, resource := range i.all(n, name) {
			uri := i.address(resource)
			if uri == "" || slices.ContainsFunc(f.Links, func(r governance.Reference) bool { return r.URI == uri }) {
				continue
			}
			f.Links = append(f.Links, governance.Reference{ID: governance.ElementID(fmt.Sprintf("link-%d", len(f.Links)+1)),
				Title: i.text(i.get(resource, "title"), i.fallbackLanguage()), URI: uri})
			i.take(resource)
		}
	}
}
