package store

import (
	"time"

	"concordat/governance"
)

// Publication is an edition made public by a provider, as it is read.
type Publication struct {
	ID              governance.PublicationID
	SpecificationID governance.SpecificationID
	Slug            string // of the specification
	EditionID       governance.EditionID
	EditionNumber   string
	Organization    *Organization
	OfferID         governance.OfferID
	Digest          governance.Digest
	Title           governance.Text
	Language        string
	Sector          string
	EQFLevel        *int
	ValidFrom       governance.Date
	EnrolUntil      *governance.Date
	AwardUntil      *governance.Date
	State           governance.PublicationState
	PublishedAt     time.Time
}

// PublicationConnection is a page of the register.
type PublicationConnection struct {
	Nodes    []*Publication
	PageInfo *PageInfo
}

// PublicationFilter narrows the register; its zero value narrows nothing.
type PublicationFilter struct {
	Search   string // words, in any language
	Sector   string
	EQFLevel *int
}
