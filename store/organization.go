package store

import (
	"time"

	"concordat/governance"
)

// Organization is a legal person as it is read.
type Organization struct {
	ID           governance.OrganizationID
	Slug         string
	LegalName    string
	Country      string
	Region       string
	Size         *governance.OrganizationSize
	Homepage     string
	Identifiers  []OrganizationIdentifier
	ControllerID governance.OrganizationID // empty: none
	IsPlatform   bool
	Suspended    bool
	CreatedAt    time.Time
}

// OrganizationIdentifier is a number under which an organization is known.
type OrganizationIdentifier struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// OrganizationConnection is a page of organizations.
type OrganizationConnection struct {
	Nodes    []*Organization
	PageInfo *PageInfo
}
