package store

import (
	"time"

	"concordat/governance"
)

// Specification is a credential being agreed as it is read.
type Specification struct {
	ID        governance.SpecificationID
	Slug      string
	Title     governance.Text
	Language  string
	Council   *Organization
	CreatedAt time.Time
}

// SpecificationConnection is a page of specifications.
type SpecificationConnection struct {
	Nodes    []*Specification
	PageInfo *PageInfo
}

// SpecificationFilter narrows a list of specifications; its zero value narrows nothing.
type SpecificationFilter struct {
	Council governance.OrganizationID
	Stages  []governance.Stage
}
