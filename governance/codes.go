package governance

// Scheme is a vocabulary that documents take codes from.
type Scheme string

// The schemes.
const (
	SchemeESCOSkill       Scheme = "ESCO_SKILL"
	SchemeESCOOccupation  Scheme = "ESCO_OCCUPATION"
	SchemeISCEDF          Scheme = "ISCED_F"
	SchemeNACE            Scheme = "NACE"
	SchemeNQF             Scheme = "NQF"
	SchemeAssessmentType  Scheme = "ASSESSMENT_TYPE"
	SchemeTargetGroup     Scheme = "TARGET_GROUP"
	SchemeOpportunityType Scheme = "OPPORTUNITY_TYPE"
)

// Schemes lists every scheme.
var Schemes = []Scheme{
	SchemeESCOSkill, SchemeESCOOccupation, SchemeISCEDF, SchemeNACE, SchemeNQF, SchemeAssessmentType,
	SchemeTargetGroup, SchemeOpportunityType,
}

// Codes says what the loaded vocabularies know of the codes that a document names: for each loaded scheme the codes
// found. A scheme that is not a key is not loaded. The zero value has nothing loaded.
type Codes struct {
	Loaded   map[Scheme]map[URI]CodeFacts `json:"loaded"`
	Excerpts map[Scheme]bool              `json:"excerpts,omitempty"` // loaded in part: a code not found is not checked
}

// CodeFacts is what a check needs to know of a code.
type CodeFacts struct {
	EQF      int  `json:"eqf,omitempty"`      // of a level of a national framework; 0: not known
	Obsolete bool `json:"obsolete,omitempty"` // whether it is to be chosen no more
}

// NamedCode is a code that a document names, and where.
type NamedCode struct {
	Path   string // of the element, without the code's own member
	Scheme Scheme
	URI    URI // "" where the element has only a label
}

// CodesOf lists the codes that the document names, in its own order: what to look up before Check.
func CodesOf(d Document) []NamedCode {
	var codes []NamedCode
	add := func(scheme Scheme, path string, concepts ...Concept) {
		for _, concept := range concepts {
			codes = append(codes, NamedCode{Path: path + "/" + escapeSegment(string(concept.ID)), Scheme: scheme, URI: concept.ID})
		}
	}
	one := func(scheme Scheme, path string, concept Concept) {
		if concept.ID != "" || len(concept.Label) > 0 {
			codes = append(codes, NamedCode{Path: path, Scheme: scheme, URI: concept.ID})
		}
	}
	for _, outcome := range d.Outcomes {
		add(SchemeESCOSkill, "/outcomes/"+string(outcome.ID)+"/skills", outcome.Skills...)
	}
	for _, reference := range d.Level.NQF {
		codes = append(codes, NamedCode{Path: "/level/nqf/" + string(reference.ID), Scheme: SchemeNQF, URI: reference.URI})
	}
	for _, assessment := range d.Assessments {
		one(SchemeAssessmentType, "/assessments/"+string(assessment.ID)+"/type", assessment.Type)
	}
	one(SchemeOpportunityType, "/classification/credentialType", d.Classification.CredentialType)
	add(SchemeISCEDF, "/classification/iscedf", d.Classification.ISCEDF...)
	add(SchemeNACE, "/classification/nace", d.Classification.NACE...)
	add(SchemeESCOOccupation, "/classification/occupations", d.Classification.Occupations...)
	add(SchemeTargetGroup, "/classification/targetGroups", d.Classification.TargetGroups...)
	return codes
}
