package store

import (
	"time"

	"concordat/governance"
)

// Need is a skill need as it is read.
type Need struct {
	ID           governance.NeedID
	Title        string
	Description  string
	Language     string
	CouncilID    governance.OrganizationID // empty: none
	Council      *Organization
	Sector       string
	Organization *Organization
	Occupation   *governance.Concept
	Skills       []governance.Concept
	Country      string
	Region       string
	HeadCount    int
	Urgency      governance.Urgency
	Evidence     string
	Funding      string
	Stage        governance.Stage
	StageReason  string
	MergedID     governance.NeedID // empty: not merged
	Backing      *Backing
	CreatedAt    time.Time
}

// Backing says who backs a need: sums from three organizations on, and one's own.
type Backing struct {
	Organizations *int
	HeadCount     *int
	Mine          *int
}

// NeedConnection is a page of needs.
type NeedConnection struct {
	Nodes    []*Need
	PageInfo *PageInfo
}

// NeedFilter narrows a list of needs; its zero value narrows nothing.
type NeedFilter struct {
	Council governance.OrganizationID
	Stages  []governance.Stage
}
