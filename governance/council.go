package governance

// RollState says whether an entry on a roll counts.
type RollState string

// The values of RollState.
const (
	RollApplied   RollState = "APPLIED"
	RollActive    RollState = "ACTIVE"
	RollSuspended RollState = "SUSPENDED"
	RollEnded     RollState = "ENDED"
	RollRefused   RollState = "REFUSED"
)

// ApplicationState is what became of an application to a roll for an organization that is not registered yet.
type ApplicationState string

// The values of ApplicationState.
const (
	ApplicationOpen      ApplicationState = "OPEN"
	ApplicationAdmitted  ApplicationState = "ADMITTED"
	ApplicationRefused   ApplicationState = "REFUSED"
	ApplicationWithdrawn ApplicationState = "WITHDRAWN"
)

// CharterState says whether a version of a charter holds.
type CharterState string

// The values of CharterState.
const (
	CharterProposed  CharterState = "PROPOSED"
	CharterInForce   CharterState = "IN_FORCE"
	CharterReplaced  CharterState = "REPLACED"
	CharterRefused   CharterState = "REFUSED"
	CharterWithdrawn CharterState = "WITHDRAWN"
)
