package store

import (
	"time"

	"concordat/governance"
)

// Offer is a provider's own facts about an edition as they are read.
type Offer struct {
	ID           governance.OfferID
	EditionID    governance.EditionID
	Organization *Organization
	State        governance.OfferState
	Number       int
	Facts        governance.OfferFacts
	Digest       governance.Digest
	CreatedAt    time.Time
	EndedAt      *time.Time
	EndReason    string
}
