package store

import "concordat/governance"

// RegisterOrganizationInput is what registerOrganization takes.
type RegisterOrganizationInput struct {
	IdempotencyKey string                        // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.OrganizationID     // its id, where the client makes it: a lower-case UUIDv7
	Slug           string                        // its short name in addresses: lower-case letters, digits and hyphens
	LegalName      string                        // its legal name
	Country        string                        // ISO 3166-1 alpha-2
	Region         string                        // NUTS code
	Size           governance.OrganizationSize   // its size
	Homepage       string                        // its address on the web
	Identifiers    []OrganizationIdentifierInput // numbers under which it is known
	ControlledBy   governance.OrganizationID     // the organization that controls it
	MemberOf       []governance.OrganizationID   // associations that it is a member of
}

// OrganizationIdentifierInput is a number under which an organization is known.
type OrganizationIdentifierInput struct {
	Scheme string // which register
	Value  string // the number there
}
