package store

import (
	"time"

	"concordat/governance"
)

// Charter is a version of a council's rules as it is read.
type Charter struct {
	ID         governance.CharterID
	CouncilID  governance.OrganizationID
	Number     int
	State      governance.CharterState
	Digest     governance.Digest
	Body       governance.Charter
	CreatedAt  time.Time
	InForceAt  *time.Time
	ReplacedAt *time.Time
}
