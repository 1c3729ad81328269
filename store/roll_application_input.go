package store

import "concordat/governance"

// ApplyForNewOrganizationInput is what applyForNewOrganization takes.
type ApplyForNewOrganizationInput struct {
	IdempotencyKey string                        // makes a repeat harmless
	ID             governance.ApplicationID      // its id, where the client makes it
	Council        governance.OrganizationID     // whose roll
	Chamber        governance.Chamber            // in which chamber
	Ground         string                        // why the organization belongs there
	Slug           string                        // the short name that it asks for
	LegalName      string                        // its legal name
	Country        string                        // ISO 3166-1 alpha-2
	Region         string                        // NUTS code
	Size           governance.OrganizationSize   // its size
	Homepage       string                        // its address on the web
	Identifiers    []OrganizationIdentifierInput // numbers under which it is known: one at the least
	ControlledBy   governance.OrganizationID     // the organization that controls it
	MemberOf       []governance.OrganizationID   // associations that it is a member of
}

// organization is what would be registered.
func (in ApplyForNewOrganizationInput) organization() RegisterOrganizationInput {
	return RegisterOrganizationInput{
		Slug: in.Slug, LegalName: in.LegalName, Country: in.Country, Region: in.Region, Size: in.Size, Homepage: in.Homepage,
		Identifiers: in.Identifiers, ControlledBy: in.ControlledBy, MemberOf: in.MemberOf,
	}
}

// AdmitNewOrganizationInput is what admitNewOrganization takes.
type AdmitNewOrganizationInput struct {
	IdempotencyKey string                   // makes a repeat harmless
	Application    governance.ApplicationID // which application
	Ground         string                   // on what ground; public
	Chamber        governance.Chamber       // in which chamber; the one asked for if not said
	Weight         string                   // its own weight, exact; 1 if not said
	Slug           string                   // its short name; the one asked for if not said
}

// RefuseNewOrganizationInput is what refuseNewOrganization takes.
type RefuseNewOrganizationInput struct {
	IdempotencyKey string                   // makes a repeat harmless
	Application    governance.ApplicationID // which application
	Reason         string                   // why; the applicant reads it
}

// WithdrawApplicationInput is what withdrawApplication takes.
type WithdrawApplicationInput struct {
	IdempotencyKey string                   // makes a repeat harmless
	Application    governance.ApplicationID // which application
}
