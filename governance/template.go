package governance

import "slices"

// Template is a document to start from: its structure is there, and its words are for its authors to write. It holds no
// text in any language; readiness says what is still to be written.
type Template struct {
	Name    string
	Title   string // in English; pages in other languages translate the name
	Summary string
	shape   func(*Document)
}

// The templates' names.
const (
	TemplateShortCourse   = "short-course"
	TemplateWorkBased     = "work-based"
	TemplateQualification = "part-of-a-qualification"
)

// Templates lists every template.
var Templates = []Template{
	{TemplateShortCourse, "A short course with a test",
		"Knowledge and skills from a course, proved by a supervised test at its end; stands alone.", shortCourse},
	{TemplateWorkBased, "Learned at work",
		"Skills and responsibility from work, proved by observation at the workplace and a portfolio; validation in all four stages.", workBased},
	{TemplateQualification, "Part of a qualification",
		"A block that counts towards a larger qualification, with credits, proved by a practical task and a test.", partOfQualification},
}

// NewDocument makes a document of the template in these authentic languages, the primary one first. INVALID for a name
// that no template has and for languages that no document could have.
func NewDocument(template string, languages []LanguageTag) (Document, error) {
	i := slices.IndexFunc(Templates, func(t Template) bool { return t.Name == template })
	if i < 0 {
		return Document{}, Invalid("template", "no-such-template", "There is no template {template}.", "template", template)
	}
	if err := checkLanguages(languages); err != nil {
		return Document{}, err
	}
	for _, language := range languages {
		if f := checkLanguage(string(language)); f != nil {
			return Document{}, f.at("/languages")
		}
	}
	d := Document{Languages: languages, Licence: DefaultLicence}
	Templates[i].shape(&d)
	return d, nil
}

func templateOutcomes(kinds ...OutcomeKind) []LearningOutcome {
	outcomes := make([]LearningOutcome, len(kinds))
	for i, kind := range kinds {
		outcomes[i] = LearningOutcome{ID: templateIDs[i], Kind: kind, Criteria: []Criterion{{ID: "c1"}}}
	}
	return outcomes
}

// templateIDs are those of a template's outcomes.
var templateIDs = []ElementID{"o1", "o2", "o3", "o4"}

func shortCourse(d *Document) {
	d.Outcomes = templateOutcomes(OutcomeKnowledge, OutcomeSkill)
	d.Workload.Credits = []Credit{{ID: "ects", System: CreditECTS}}
	d.Workload.Split = []WorkloadPart{{ID: "contact", Kind: WorkloadContact}, {ID: "study", Kind: WorkloadSelfStudy}, {ID: "assessment", Kind: WorkloadAssessment}}
	d.Assessments = []Assessment{{ID: "test", Proves: slices.Clone(templateIDs[:2]), Supervision: SupervisionAny, IdentityCheck: IdentityVerified}}
	d.Participation.Modes = []Mode{ModeOnSite, ModeOnline, ModeBlended}
	d.QualityAssurance = []QualityRequirement{{ID: "eqavet", Framework: QualityEQAVET}}
	d.Stackability.Kind = StackStandAlone
}

func workBased(d *Document) {
	d.Outcomes = templateOutcomes(OutcomeSkill, OutcomeSkill, OutcomeResponsibility)
	d.Workload.Split = []WorkloadPart{{ID: "workplace", Kind: WorkloadWorkplace}, {ID: "assessment", Kind: WorkloadAssessment}}
	d.Assessments = []Assessment{
		{ID: "observation", Proves: slices.Clone(templateIDs[:3]), Supervision: SupervisionOnSite, IdentityCheck: IdentityVerified},
		{ID: "portfolio", Proves: slices.Clone(templateIDs[2:3]), Supervision: SupervisionNone, IdentityCheck: IdentityVerified},
	}
	d.Participation.Modes = []Mode{ModeWorkBased}
	d.QualityAssurance = []QualityRequirement{{ID: "eqavet", Framework: QualityEQAVET}}
	d.Stackability.Kind = StackStandAlone
	for _, id := range templateIDs[:3] {
		d.Validation.Evidence = append(d.Validation.Evidence, AcceptedEvidence{
			ID: id, Kinds: []EvidenceKind{EvidencePortfolio, EvidenceWorkRecord, EvidenceObservation},
		})
	}
}

func partOfQualification(d *Document) {
	d.Outcomes = templateOutcomes(OutcomeKnowledge, OutcomeSkill, OutcomeSkill, OutcomeResponsibility)
	d.Workload.Credits = []Credit{{ID: "ects", System: CreditECTS}}
	d.Workload.Split = []WorkloadPart{{ID: "contact", Kind: WorkloadContact}, {ID: "practice", Kind: WorkloadPractice}, {ID: "assessment", Kind: WorkloadAssessment}}
	d.Assessments = []Assessment{
		{ID: "task", Proves: slices.Clone(templateIDs[1:4]), Supervision: SupervisionOnSite, IdentityCheck: IdentityVerified},
		{ID: "test", Proves: slices.Clone(templateIDs[:1]), Supervision: SupervisionAny, IdentityCheck: IdentityVerified},
	}
	d.Participation.Modes = []Mode{ModeOnSite, ModeBlended}
	d.QualityAssurance = []QualityRequirement{{ID: "national", Framework: QualityNational}}
	d.Stackability = Stackability{Kind: StackPartial, Into: []StackTarget{{ID: "qualification", System: CreditECTS}}}
}
