package exchange

import (
	"fmt"
	"strconv"
	"strings"

	"concordat/governance"
)

// assessmentTypes is where the Europass learning assessment types live; a type from elsewhere keeps only its words.
const assessmentTypes = "http://data.europa.eu/snb/assessment/"

// assessment reads a learner's LearningAssessment: its specification, and what it says of supervision.
func (i *elmImporter) assessment(n treeNode) {
	i.learnersOwn(n)
	i.sameAwarding(n)
	assessment := i.assessmentSpecification(i.first(n, "specifiedBy"))
	if title := i.get(n, "title"); len(assessment.Title) == 0 || sameText(i.words(title), assessment.Title) {
		assessment.Title = i.text(title, i.fallbackLanguage())
	}
	if description := i.get(n, "description"); len(assessment.Description) == 0 && description.exists() {
		assessment.Description = i.text(description, i.fallbackLanguage())
		i.change(description, "moved", "target", "assessment")
	}
	if check := i.get(n, "idVerification"); check.exists() {
		i.supervision(assessment, check)
	}
}

func sameText(a, b governance.Text) bool {
	if len(a) != len(b) {
		return false
	}
	for tag, words := range a {
		if b[tag] != words {
			return false
		}
	}
	return true
}

// assessmentSpecification reads a LearningAssessmentSpecification, or makes an empty one, and answers the assessment in
// the document.
func (i *elmImporter) assessmentSpecification(n treeNode) *governance.Assessment {
	number := len(i.document.Assessments) + 1
	assessment := governance.Assessment{
		ID:          governance.ElementID(fmt.Sprintf("assessment-%d", number)),
		Title:       i.text(i.get(n, "title"), i.fallbackLanguage()),
		Description: i.text(i.get(n, "description"), i.fallbackLanguage()),
	}
	if kind := i.first(n, "dcType"); kind.exists() {
		assessment.Type = i.concept(kind)
		if id := string(assessment.Type.ID); id != "" && !strings.HasPrefix(id, assessmentTypes) {
			i.change(kind, "own-term", "code", id)
			assessment.Type.ID = ""
		}
	}
	scheme := i.first(n, "gradingScheme")
	assessment.Grading = appendText(i.text(i.get(scheme, "title"), i.fallbackLanguage()),
		i.text(i.get(scheme, "description"), i.fallbackLanguage()))
	assessment.Description = appendText(assessment.Description, i.notes(n, "additionalNote"))
	i.document.Assessments = append(i.document.Assessments, assessment)
	i.assessed = append(i.assessed, n)
	return &i.document.Assessments[number-1]
}

// supervision reads a term of the vocabulary supervision-verification by its code, else by its English label.
func (i *elmImporter) supervision(assessment *governance.Assessment, n treeNode) {
	concept := i.concept(n)
	label := strings.ToLower(concept.Label["en"])
	switch {
	case concept.ID == "http://data.europa.eu/snb/supervision-verification/c598449d64":
		assessment.Supervision, assessment.IdentityCheck = governance.SupervisionNone, governance.IdentityNotVerified
		return
	case concept.ID == "http://data.europa.eu/snb/supervision-verification/70be69aaf9":
		assessment.Supervision, assessment.IdentityCheck = governance.SupervisionAny, governance.IdentityVerified
		return
	case strings.Contains(label, "unsupervised"):
		assessment.Supervision = governance.SupervisionNone
	case strings.Contains(label, "supervised online"):
		assessment.Supervision = governance.SupervisionOnline
	case strings.Contains(label, "supervised onsite"), strings.Contains(label, "supervised on-site"):
		assessment.Supervision = governance.SupervisionOnSite
	case strings.Contains(label, "supervised"):
		assessment.Supervision = governance.SupervisionAny
	default:
		i.loseText(n, "unknown-code", "code", n.id())
		return
	}
	switch {
	case strings.Contains(label, "without id"), strings.Contains(label, "no id"):
		assessment.IdentityCheck = governance.IdentityNotVerified
	case strings.Contains(label, "with id"):
		assessment.IdentityCheck = governance.IdentityVerified
	}
}

// assumeProofs lets each assessment prove every outcome: ELM says which achievement it proves, not which outcomes.
func (i *elmImporter) assumeProofs() {
	if len(i.document.Outcomes) == 0 {
		return
	}
	for at := range i.document.Assessments {
		assessment := &i.document.Assessments[at]
		if len(assessment.Proves) > 0 {
			continue
		}
		for _, outcome := range i.document.Outcomes {
			assessment.Proves = append(assessment.Proves, outcome.ID)
		}
		i.change(i.assessed[at], "assumed-all", "count", strconv.Itoa(len(assessment.Proves)))
	}
}
