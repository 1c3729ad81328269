package store

import (
	"time"

	"concordat/governance"
)

// Consultation is a period in which comments are invited, as it is read.
type Consultation struct {
	ID        governance.ConsultationID
	EditionID governance.EditionID
	Revision  governance.RevisionID
	State     governance.ConsultationState
	IsPublic  bool
	OpenedAt  time.Time
	ClosesAt  time.Time
	ClosedAt  *time.Time
	Reason    string
}
