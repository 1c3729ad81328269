package governance

// Urgency says how soon a need presses.
type Urgency string

// The values of Urgency.
const (
	UrgencyNow         Urgency = "NOW"
	UrgencyWithinAYear Urgency = "WITHIN_A_YEAR"
	UrgencyLater       Urgency = "LATER"
)
