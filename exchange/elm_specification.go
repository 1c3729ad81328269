package exchange

import (
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
)

// specification makes the Qualification or LearningAchievementSpecification that the document describes.
func (e *elmExporter) specification() *elmThing {
	t := &elmThing{class: "Qualification", id: e.EditionURI()}
	if !e.whole {
		t.class = "LearningAchievementSpecification"
		e.change("/level", "no-national-level")
	}
	e.names(t)
	e.notes(t)
	e.documents(t)
	e.classification(t)
	e.extent(t)
	t.add("entryRequirement", e.singleNote("/prerequisites", e.Document.Prerequisites))
	for _, outcome := range e.Document.Outcomes {
		t.add("learningOutcome", e.outcome(outcome))
	}
	if e.format != ELMCredential { // where a learner's assessments hold them
		for _, assessment := range e.Document.Assessments {
			t.add("provenBy", e.assessment(assessment))
		}
		t.add("awardingOpportunity", e.awardingOpportunity())
	}
	e.stackable(t)
	e.levels(t)
	e.elsewhere()
	return t
}

// elsewhere reports what is said in the provenance, or only when a credential is issued.
func (e *elmExporter) elsewhere() {
	if e.Document.Licence != "" {
		e.lose("/licence", "in-provenance")
	}
	if e.Document.Validity.ReviewDate != "" {
		e.lose("/validity/reviewDate", "in-provenance")
	}
	if e.Document.Validity.Months != 0 {
		e.lose("/validity/months", "at-issuance")
	}
}

// names gives the specification its title, its summary and its number: the digest, so that the file is bound to the text.
func (e *elmExporter) names(t *elmThing) {
	t.add("title", e.text("/title", e.Document.Title))
	t.add("description", e.text("/summary", e.Document.Summary))
	digest := e.part("Identifier", "digest")
	digest.add("notation", string(e.Digest))
	digest.add("schemeName", "SHA-256 of the text")
	digest.added = "publication"
	t.add("identifier", digest)
	if e.format != ELMCredential && !e.ModifiedAt.IsZero() { // the context of EDC declares the date to be an address
		t.addBecause("publication", "dateModified", e.ModifiedAt.UTC().Format("2006-01-02T15:04:05Z"))
	}
	if sector := e.Document.Classification.Sector; sector != "" {
		e.carry("/classification/sector")
		t.add("category", english(sector))
	}
}

// notes tells what the model has no element for.
func (e *elmExporter) notes(t *elmThing) {
	d := e.Document
	t.add("additionalNote", e.note("/furtherInformation/note", d.FurtherInformation.Note, ""),
		e.note("/plainLanguageSummary", d.PlainLanguageSummary, "plainLanguageSummary"),
		e.note("/participation/note", d.Participation.Note, "participation"),
		e.note("/stackability/description", d.Stackability.Description, "stackability"),
		e.note("/validation/identification", d.Validation.Identification, "validation/identification"),
		e.note("/validation/documentation", d.Validation.Documentation, "validation/documentation"),
		e.note("/validation/assessment", d.Validation.Assessment, "validation/assessment"),
		e.note("/validation/certification", d.Validation.Certification, "validation/certification"),
		e.note("/validity/renewal", d.Validity.Renewal, "renewal"))
	for _, requirement := range d.QualityAssurance {
		t.add("additionalNote", e.quality("/qualityAssurance", requirement, "qualityAssurance"))
	}
}

// quality tells a requirement of quality assurance; the note's subject names the framework.
func (e *elmExporter) quality(path string, q governance.QualityRequirement, about string) *elmThing {
	path += "/" + string(q.ID)
	note := e.note(path+"/description", q.Description, about)
	if note == nil {
		return nil
	}
	if q.Framework != "" {
		e.carry(path + "/framework")
		label := english(elmNotes[about] + ": " + string(q.Framework))
		note.members[1].values[0] = elmConcept{id: e.PartURI("about", about, string(q.Framework)), label: label}
	}
	return note
}

// documents names what is to be read elsewhere, and where the publication itself is found.
func (e *elmExporter) documents(t *elmThing) {
	for _, link := range e.Document.FurtherInformation.Links {
		e.document(t, "/furtherInformation/links/"+string(link.ID), link, "")
	}
	for _, standard := range e.Document.Classification.OccupationalStandards {
		e.document(t, "/classification/occupationalStandards/"+string(standard.ID), standard, "as-document")
	}
	for _, need := range e.Document.Stackability.Needs {
		e.document(t, "/stackability/needs/"+string(need.ID), need, "as-document")
	}
	for _, q := range e.Document.QualityAssurance {
		e.document(t, "/qualityAssurance/"+string(q.ID), governance.Reference{URI: q.URI}, "as-document")
	}
	if e.format == ELMDataset {
		provenance := e.part("Identifier", "provenance")
		provenance.add("notation", string(e.ProvenanceURI()))
		provenance.add("schemeName", "Provenance")
		provenance.added = "publication"
		t.add("identifier", provenance)
		return
	}
	page := e.part("WebResource", "register")
	page.add("contentURL", string(e.EditionURI()))
	page.added = "publication"
	t.add("homepage", page)
	provenance := e.part("WebResource", "provenance")
	provenance.add("contentURL", string(e.ProvenanceURI()))
	provenance.added = "publication"
	t.add("supplementaryDocument", provenance)
}

func (e *elmExporter) classification(t *elmThing) {
	c := e.Document.Classification
	t.add("dcType", e.concept("/classification/credentialType", c.CredentialType, governance.SchemeOpportunityType, schemeOpportunity))
	t.add("thematicArea", e.concepts("/classification/iscedf", c.ISCEDF, governance.SchemeISCEDF, schemeISCEDF)...)
	t.add("targetGroup", e.concepts("/classification/targetGroups", c.TargetGroups, governance.SchemeTargetGroup, schemeTargetGroup)...)
}

// extent says how much learning it takes, in which modes and languages.
func (e *elmExporter) extent(t *elmThing) {
	if hours := e.Document.Workload.Hours; hours != "" {
		e.carry("/workload/hours")
		t.add("volumeOfLearning", elmHours(hours))
	}
	for _, credit := range e.Document.Workload.Credits {
		t.add("creditPoint", e.credit(credit))
	}
	t.add("mode", e.modes("/participation/modes", e.Document.Participation.Modes)...)
	if days := e.Document.Participation.MaximumDurationDays; days > 0 {
		e.carry("/participation/maximumDurationDays")
		t.add("maximumDuration", "P"+strconv.Itoa(days)+"D")
	}
	languages := e.languages()
	if len(languages) > 0 {
		t.add("language", languages...)
		return
	}
	if e.format != ELMCredential { // where it must be said
		e.change("/languages", "language-of-text")
		for _, tag := range e.Document.Languages {
			t.addBecause("language-of-text", "language", languageConcept(tag, e.Document.Languages))
		}
	}
}

// languages are those in which the learning is offered.
func (e *elmExporter) languages() []any {
	if e.Offer == nil {
		return nil
	}
	var concepts []any
	for _, tag := range e.Offer.Languages {
		concept := languageConcept(tag, e.Document.Languages)
		if concept.id == "" {
			e.lose("/offer/languages/"+string(tag), "not-in-vocabulary", "code", string(tag))
			continue
		}
		e.carry("/offer/languages/" + string(tag))
		concepts = append(concepts, concept)
	}
	return concepts
}

func (e *elmExporter) modes(path string, modes []governance.Mode) []any {
	var concepts []any
	for _, mode := range modes {
		e.carry(path + "/" + string(mode))
		concepts = append(concepts, elmConcept{id: governance.ModeConcepts[mode], scheme: schemeMode, label: english(elmModeLabels[mode])})
	}
	return concepts
}

// credit makes a CreditPoint, which has both a framework and a number of points.
func (e *elmExporter) credit(c governance.Credit) *elmThing {
	path := "/workload/credits/" + string(c.ID)
	framework := elmConcept{id: codeOf(elmCreditSystems, c.System), scheme: schemeCredit, label: english(elmCreditLabels[c.System])}
	if framework.id == "" {
		framework = elmConcept{id: e.PartURI("workload", "credits", string(c.ID), "system"), label: english(c.System)}
		if e.format == QDRDataset {
			e.lose(path, "not-in-vocabulary", "code", c.System)
			return nil
		}
	}
	if c.System == "" || c.Points == "" {
		e.lose(path, "incomplete")
		return nil
	}
	e.carry(path)
	t := e.part("CreditPoint", "workload", "credits", string(c.ID))
	t.add("framework", framework)
	t.add("point", string(c.Points))
	return t
}

func (e *elmExporter) outcome(o governance.LearningOutcome) *elmThing {
	path := "/outcomes/" + string(o.ID)
	t := e.part("LearningOutcome", "outcomes", string(o.ID))
	t.add("title", e.text(path+"/statement", o.Statement))
	switch o.Kind {
	case governance.OutcomeKnowledge, governance.OutcomeSkill:
		word := strings.ToLower(string(o.Kind))
		e.carry(path + "/kind")
		t.add("dcType", elmConcept{id: governance.URI("http://data.europa.eu/snb/skill-type/" + word), scheme: schemeSkillType, label: english(word)})
	case governance.OutcomeResponsibility:
		e.lose(path+"/kind", "not-in-vocabulary", "code", string(o.Kind))
	}
	if o.EQFLevel == e.Document.Level.EQF {
		e.carry(path + "/eqfLevel") // as the whole
	}
	for _, criterion := range o.Criteria {
		t.add("additionalNote", e.note(path+"/criteria/"+string(criterion.ID)+"/statement", criterion.Statement, "criteria"))
	}
	for _, skill := range o.Skills {
		at := path + "/skills/" + escapeSegment(string(skill.ID))
		e.carry(at)
		t.add("relatedESCOSkill", elmConcept{id: skill.ID, scheme: schemeESCOSkill, label: skill.Label})
	}
	return t
}

// assessment makes a LearningAssessmentSpecification. The model can say that it proves the whole, not which outcomes.
func (e *elmExporter) assessment(a governance.Assessment) *elmThing {
	path := "/assessments/" + string(a.ID)
	t := e.part("LearningAssessmentSpecification", "assessments", string(a.ID))
	t.add("title", e.text(path+"/title", a.Title))
	t.add("description", e.text(path+"/description", a.Description))
	t.add("additionalNote", e.note(path+"/standard", a.Standard, "standard"))
	t.add("dcType", e.concept(path+"/type", a.Type, governance.SchemeAssessmentType, schemeAssessment))
	t.add("gradingScheme", e.grading(path+"/grading", a))
	e.carry(path + "/proves")
	provesAll := !slices.ContainsFunc(e.Document.Outcomes, func(o governance.LearningOutcome) bool { return !slices.Contains(a.Proves, o.ID) })
	if len(a.Proves) > 0 && !provesAll {
		e.change(path+"/proves", "proves-the-whole")
	}
	return t
}

// grading makes a GradingScheme: the first line is its title, what follows its description.
func (e *elmExporter) grading(path string, a governance.Assessment) *elmThing {
	if len(a.Grading) == 0 {
		return nil
	}
	e.carry(path)
	title, description := governance.Text{}, governance.Text{}
	for tag, words := range a.Grading {
		first, rest, more := strings.Cut(words, "\n")
		title[tag] = first
		if more {
			description[tag] = rest
		}
	}
	t := e.part("GradingScheme", "assessments", string(a.ID), "grading")
	t.add("title", title)
	t.add("description", description)
	return t
}

// stackable says whether it is a part of a qualification, and of which.
func (e *elmExporter) stackable(t *elmThing) {
	s := e.Document.Stackability
	if s.Kind != "" && e.whole {
		partial := s.Kind == governance.StackPartial
		t.add("isPartialQualification", strconv.FormatBool(partial))
		if partial || s.Kind == governance.StackStackable && len(s.Into) > 0 {
			e.carry("/stackability/kind")
		} else {
			e.change("/stackability/kind", "partial-or-not")
			e.carry("/stackability/kind")
		}
	}
	if s.BlockCode != "" && e.whole {
		e.carry("/stackability/blockCode")
		t.add("qualificationCode", elmConcept{id: e.PartURI("stackability", "blockCode"), notation: s.BlockCode})
	}
	for _, whole := range s.Into {
		t.add("isPartOf", e.into(whole))
	}
}

// into names what it counts towards. The LOQ profile would want that described in full, and the register's XML by an
// address; the rest is for the provenance.
func (e *elmExporter) into(s governance.StackTarget) any {
	path := "/stackability/into/" + string(s.ID)
	if e.format == ELMDataset || e.format == QDRDataset && s.URI == "" {
		e.lose(path, "not-described")
		return nil
	}
	id := s.URI
	if id == "" {
		id = e.PartURI("stackability", "into", string(s.ID))
	}
	e.carry(path + "/uri")
	t := &elmThing{class: "Qualification", id: id}
	if e.format == ELMCredential {
		t.add("title", e.text(path+"/title", s.Title))
	}
	return t
}

// levels places it in the frameworks. A LearningAchievementSpecification says so as levels of education.
func (e *elmExporter) levels(t *elmThing) {
	eqf, nqf := "eqfLevel", "nqfLevel"
	if !e.whole {
		eqf, nqf = "educationLevel", "educationLevel"
	}
	if level := e.Document.Level.EQF; level != 0 {
		e.carry("/level/eqf")
		number := strconv.Itoa(level)
		t.add(eqf, elmConcept{id: governance.URI("http://data.europa.eu/snb/eqf/" + number), scheme: schemeEQF, label: english("Level " + number)})
	}
	for _, level := range e.Document.Level.NQF {
		path := "/level/nqf/" + string(level.ID)
		if level.URI == "" {
			e.lose(path, "no-code")
			continue
		}
		e.carry(path+"/uri", path+"/framework", path+"/level")
		if _, _, country := splitLevel(levelLabel(level)); country == string(level.Country) {
			e.carry(path + "/country")
		}
		t.add(nqf, elmConcept{id: level.URI, scheme: schemeNQF, label: said(english(levelLabel(level)))})
	}
}

// levelLabel writes a national level as splitLevel reads it.
func levelLabel(n governance.NQFReference) string {
	if n.Level == "" {
		return n.Framework
	}
	return strings.TrimSpace(n.Framework + " Level " + n.Level)
}
