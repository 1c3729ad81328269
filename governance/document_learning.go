package governance

// LearningOutcome says what somebody who holds the credential knows, can do or answers for.
type LearningOutcome struct {
	ID        ElementID   `json:"id,omitempty"`
	Kind      OutcomeKind `json:"kind,omitempty"`
	Statement Text        `json:"statement,omitempty"`
	EQFLevel  int         `json:"eqfLevel,omitempty"` // 1 to 8; 0: as the credential's
	Skills    []Concept   `json:"skills,omitempty"`   // ESCO
	Criteria  []Criterion `json:"criteria,omitempty"` // how one sees that it is reached
}

// OutcomeKind is one of the three columns of the European Qualifications Framework's Annex II.
type OutcomeKind string

// The kinds of learning outcome.
const (
	OutcomeKnowledge      OutcomeKind = "KNOWLEDGE"
	OutcomeSkill          OutcomeKind = "SKILL"
	OutcomeResponsibility OutcomeKind = "RESPONSIBILITY_AUTONOMY"
)

// OutcomeKinds lists every kind of learning outcome.
var OutcomeKinds = []OutcomeKind{OutcomeKnowledge, OutcomeSkill, OutcomeResponsibility}

// Criterion is one assessment criterion of a learning outcome.
type Criterion struct {
	ID        ElementID `json:"id,omitempty"`
	Statement Text      `json:"statement,omitempty"`
}

// Workload is the notional time a learner needs, contact, own study, practice and assessment together.
type Workload struct {
	Hours   Decimal        `json:"hours,omitempty"`
	Credits []Credit       `json:"credits,omitempty"`
	Split   []WorkloadPart `json:"split,omitempty"` // optional; its hours make up Hours
}

// Credit is the workload in a credit system.
type Credit struct {
	ID     ElementID `json:"id,omitempty"`
	System string    `json:"system,omitempty"` // ECTS, ECVET, or a national system's short name
	Points Decimal   `json:"points,omitempty"`
}

// The credit systems of the Union.
const (
	CreditECTS  = "ECTS"
	CreditECVET = "ECVET"
)

// WorkloadPart is one part of the workload's split.
type WorkloadPart struct {
	ID    ElementID    `json:"id,omitempty"`
	Kind  WorkloadKind `json:"kind,omitempty"`
	Hours Decimal      `json:"hours,omitempty"`
}

// WorkloadKind says what a learner does in these hours.
type WorkloadKind string

// The kinds of workload.
const (
	WorkloadContact    WorkloadKind = "CONTACT"
	WorkloadOnline     WorkloadKind = "ONLINE"
	WorkloadSelfStudy  WorkloadKind = "SELF_STUDY"
	WorkloadPractice   WorkloadKind = "PRACTICE"
	WorkloadWorkplace  WorkloadKind = "WORKPLACE"
	WorkloadAssessment WorkloadKind = "ASSESSMENT"
)

// WorkloadKinds lists every kind of workload.
var WorkloadKinds = []WorkloadKind{
	WorkloadContact, WorkloadOnline, WorkloadSelfStudy, WorkloadPractice, WorkloadWorkplace, WorkloadAssessment,
}

// Level is where the credential stands in the frameworks: a claim until an NQF_INCLUSION statement confirms it.
type Level struct {
	EQF   int            `json:"eqf,omitempty"` // 1 to 8
	Cycle Cycle          `json:"cycle,omitempty"`
	NQF   []NQFReference `json:"nqf,omitempty"`
}

// Cycle is a cycle of the Qualifications Framework of the European Higher Education Area.
type Cycle string

// The cycles of the QF-EHEA.
const (
	CycleShort  Cycle = "SHORT"
	CycleFirst  Cycle = "FIRST"
	CycleSecond Cycle = "SECOND"
	CycleThird  Cycle = "THIRD"
)

// Cycles lists every cycle, the lowest first: EQF levels 5 to 8.
var Cycles = []Cycle{CycleShort, CycleFirst, CycleSecond, CycleThird}

// NQFReference claims a level of a national framework.
type NQFReference struct {
	ID        ElementID   `json:"id,omitempty"`
	Country   CountryCode `json:"country,omitempty"`
	Framework string      `json:"framework,omitempty"` // "DQR"
	Level     string      `json:"level,omitempty"`     // as the framework writes it: "4", "6A"
	URI       URI         `json:"uri,omitempty"`       // of the level in the NQF vocabulary
}

// Assessment is one way in which outcomes are proved.
type Assessment struct {
	ID            ElementID     `json:"id,omitempty"`
	Type          Concept       `json:"type,omitzero"` // Europass learning assessment type
	Title         Text          `json:"title,omitempty"`
	Description   Text          `json:"description,omitempty"`
	Proves        []ElementID   `json:"proves,omitempty"`   // ids of learning outcomes
	Standard      Text          `json:"standard,omitempty"` // the standard that the assessment follows
	Supervision   Supervision   `json:"supervision,omitempty"`
	IdentityCheck IdentityCheck `json:"identityCheck,omitempty"`
	Grading       Text          `json:"grading,omitempty"`
}

// Supervision says whether and how an assessment is watched over.
type Supervision string

// The kinds of supervision. SUPERVISED leaves open where.
const (
	SupervisionNone   Supervision = "UNSUPERVISED"
	SupervisionAny    Supervision = "SUPERVISED"
	SupervisionOnline Supervision = "SUPERVISED_ONLINE"
	SupervisionOnSite Supervision = "SUPERVISED_ON_SITE"
)

// Supervisions lists every kind of supervision.
var Supervisions = []Supervision{SupervisionNone, SupervisionAny, SupervisionOnline, SupervisionOnSite}

// IdentityCheck says whether it is checked who is being assessed.
type IdentityCheck string

// The identity checks of Annex I.
const (
	IdentityVerified    IdentityCheck = "VERIFIED"
	IdentityNotVerified IdentityCheck = "NOT_VERIFIED"
)

// IdentityChecks lists every identity check.
var IdentityChecks = []IdentityCheck{IdentityVerified, IdentityNotVerified}
