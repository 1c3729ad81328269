package governance

// BallotKind says what a ballot is on.
type BallotKind string

// The values of BallotKind.
const (
	BallotEdition BallotKind = "EDITION"
	BallotCharter BallotKind = "CHARTER"
	BallotMatter  BallotKind = "MATTER"
)

// BallotState says whether a ballot is open.
type BallotState string

// The values of BallotState.
const (
	BallotIsOpen   BallotState = "OPEN"
	BallotIsClosed BallotState = "CLOSED"
)
