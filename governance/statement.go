package governance

// StatementKind is a kind of statement that a body makes about a text.
type StatementKind string

// The values of StatementKind.
const (
	StatementEndorsement   StatementKind = "ENDORSEMENT"
	StatementRecognition   StatementKind = "RECOGNITION"
	StatementNqfInclusion  StatementKind = "NQF_INCLUSION"
	StatementCreditTowards StatementKind = "CREDIT_TOWARDS"
	StatementExemption     StatementKind = "EXEMPTION"
	StatementLicencePart   StatementKind = "LICENCE_PART"
	StatementAccreditation StatementKind = "ACCREDITATION"
	StatementEquivalence   StatementKind = "EQUIVALENCE"
	StatementOpinion       StatementKind = "OPINION"
	StatementDissent       StatementKind = "DISSENT"
)

// StatementState says how a statement stands.
type StatementState string

// The values of StatementState.
const (
	StatementIsAsked    StatementState = "ASKED"
	StatementIsGiven    StatementState = "GIVEN"
	StatementIsDeclined StatementState = "DECLINED"
	StatementIsRevoked  StatementState = "REVOKED"
	StatementIsExpired  StatementState = "EXPIRED" // its last day is over
	StatementIsLapsed   StatementState = "LAPSED"  // its text was reopened
)
