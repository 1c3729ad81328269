package store

import (
	"time"

	"concordat/governance"
)

// Position is what an organization takes in a ballot, as it is read.
type Position struct {
	ID           governance.PositionID
	BallotID     governance.BallotID
	Organization *Organization
	Position     governance.Position
	Reason       string
	Remedy       string
	Comment      string
	Number       int
	TakenAt      time.Time
}
