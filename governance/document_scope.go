package governance

// Participation holds the modes and bounds that every offer must keep. A bound of nothing binds nobody.
type Participation struct {
	Modes               []Mode  `json:"modes,omitempty"`               // an offer's modes are among these
	MinimumOnSiteHours  Decimal `json:"minimumOnSiteHours,omitempty"`  // of the workload's hours
	MaximumDurationDays int     `json:"maximumDurationDays,omitempty"` // calendar days from start to end
	MaximumGroupSize    int     `json:"maximumGroupSize,omitempty"`    // learners taught together
	Note                Text    `json:"note,omitempty"`
}

// Mode is a form of participation in the learning, as the Europass vocabulary of modes has them.
type Mode string

// The modes, each with its concept in ModeConcepts.
const (
	ModeOnSite       Mode = "ON_SITE"
	ModeOnline       Mode = "ONLINE"
	ModeBlended      Mode = "BLENDED"
	ModeWorkBased    Mode = "WORK_BASED"
	ModeProjectBased Mode = "PROJECT_BASED"
	ModeResearchLab  Mode = "RESEARCH_LAB"
)

// Modes lists every mode.
var Modes = []Mode{ModeOnSite, ModeOnline, ModeBlended, ModeWorkBased, ModeProjectBased, ModeResearchLab}

// ModeConcepts says which concept of http://data.europa.eu/snb/learning-assessment/25831c2 each mode is.
var ModeConcepts = map[Mode]URI{
	ModeOnSite:       "http://data.europa.eu/snb/learning-assessment/9191af2ed9",
	ModeOnline:       "http://data.europa.eu/snb/learning-assessment/920fbb3cbe",
	ModeBlended:      "http://data.europa.eu/snb/learning-assessment/e92d221e4d",
	ModeWorkBased:    "http://data.europa.eu/snb/learning-assessment/729f3bed4b",
	ModeProjectBased: "http://data.europa.eu/snb/learning-assessment/7813801c77",
	ModeResearchLab:  "http://data.europa.eu/snb/learning-assessment/ed4c557045",
}

// QualityRequirement is something that an offer must have to underpin the credential's quality.
type QualityRequirement struct {
	ID          ElementID        `json:"id,omitempty"`
	Framework   QualityFramework `json:"framework,omitempty"`
	Description Text             `json:"description,omitempty"`
	URI         URI              `json:"uri,omitempty"`
}

// QualityFramework is the framework that a quality requirement or an offer's quality assurance belongs to.
type QualityFramework string

// The quality frameworks.
const (
	QualityEQAVET   QualityFramework = "EQAVET"
	QualityESG      QualityFramework = "ESG"
	QualityNational QualityFramework = "NATIONAL"
	QualityOther    QualityFramework = "OTHER"
)

// QualityFrameworks lists every quality framework.
var QualityFrameworks = []QualityFramework{QualityEQAVET, QualityESG, QualityNational, QualityOther}

// Stackability says whether the credential stands alone or is part of something larger: a claim until a CREDIT_TOWARDS
// statement confirms it.
type Stackability struct {
	Kind        StackKind     `json:"kind,omitempty"`
	BlockCode   string        `json:"blockCode,omitempty"` // of a part of a national qualification: "RNCP37867BC02"
	Description Text          `json:"description,omitempty"`
	Into        []StackTarget `json:"into,omitempty"`
	Needs       []Reference   `json:"needs,omitempty"` // specifications that a learner must hold first
}

// StackKind says what a credential is for.
type StackKind string

// The kinds of stackability.
const (
	StackStandAlone StackKind = "STAND_ALONE" // independent, stacks into nothing
	StackStackable  StackKind = "STACKABLE"   // independent, and counts towards something
	StackPartial    StackKind = "PARTIAL"     // a part of a qualification
)

// StackKinds lists every kind of stackability.
var StackKinds = []StackKind{StackStandAlone, StackStackable, StackPartial}

// StackTarget is a credential or qualification that this one counts towards.
type StackTarget struct {
	ID      ElementID `json:"id,omitempty"`
	Title   Text      `json:"title,omitempty"`
	URI     URI       `json:"uri,omitempty"`
	Digest  Digest    `json:"digest,omitempty"`
	System  string    `json:"system,omitempty"` // credit system of Credits
	Credits Decimal   `json:"credits,omitempty"`
}

// Validation says how what somebody has learned elsewhere is recognised, in the four stages of Council Recommendation
// 2012/C 398/01, and which evidence is accepted for each outcome.
type Validation struct {
	Identification Text               `json:"identification,omitempty"`
	Documentation  Text               `json:"documentation,omitempty"`
	Assessment     Text               `json:"assessment,omitempty"`
	Certification  Text               `json:"certification,omitempty"`
	Evidence       []AcceptedEvidence `json:"evidence,omitempty"`
}

// AcceptedEvidence is the evidence accepted for one learning outcome, whose id is its own.
type AcceptedEvidence struct {
	ID    ElementID      `json:"id,omitempty"` // of the learning outcome
	Kinds []EvidenceKind `json:"kinds,omitempty"`
	Note  Text           `json:"note,omitempty"`
}

// EvidenceKind is a kind of evidence of learning.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidencePortfolio   EvidenceKind = "PORTFOLIO"
	EvidenceWorkRecord  EvidenceKind = "WORK_RECORD"
	EvidenceObservation EvidenceKind = "OBSERVATION"
	EvidenceTest        EvidenceKind = "TEST"
)

// EvidenceKinds lists every kind of evidence.
var EvidenceKinds = []EvidenceKind{EvidencePortfolio, EvidenceWorkRecord, EvidenceObservation, EvidenceTest}

// Classification places the credential so that people find it.
type Classification struct {
	CredentialType        Concept     `json:"credentialType,omitzero"`         // Europass learning opportunity type, as in ELM
	Sector                string      `json:"sector,omitempty"`                // the council's sector, one word: "construction"
	ISCEDF                []Concept   `json:"iscedf,omitempty"`                // fields of education
	NACE                  []Concept   `json:"nace,omitempty"`                  // economic activities
	Occupations           []Concept   `json:"occupations,omitempty"`           // ESCO
	OccupationalStandards []Reference `json:"occupationalStandards,omitempty"` // national or sectoral
	TargetGroups          []Concept   `json:"targetGroups,omitempty"`          // Europass target groups
}
