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

// SuspendOrganizationInput is what suspendOrganization takes.
type SuspendOrganizationInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Organization   governance.OrganizationID // which organization
	Ground         string                    // on what ground
}

// LiftSuspensionInput is what liftSuspension takes.
type LiftSuspensionInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Organization   governance.OrganizationID // which organization
	Ground         string                    // on what ground
}

// DeclareControlInput is what declareControl takes.
type DeclareControlInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Organization   governance.OrganizationID // which organization
	ControlledBy   governance.OrganizationID // who controls it; empty: nobody any more
	Ground         string                    // on what ground
}

// DeclareMembershipInput is what declareMembership takes.
type DeclareMembershipInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Organization   governance.OrganizationID // which organization
	MemberOf       governance.OrganizationID // of which association it is a member
	Ground         string                    // on what ground
}

// EndMembershipInput is what endMembership takes.
type EndMembershipInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Organization   governance.OrganizationID // which organization
	MemberOf       governance.OrganizationID // of which association it is a member no more
	Ground         string                    // on what ground
}
