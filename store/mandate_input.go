package store

import (
	"time"

	"concordat/governance"
)

// GrantMandateInput is what grantMandate takes. The person is named by who it is at its identity provider, never by e-mail.
type GrantMandateInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Organization   governance.OrganizationID // in which organization
	Issuer         string                    // the person's identity provider
	Subject        string                    // the person's subject there
	Role           governance.Role           // which role
	Ground         string                    // on what ground
	FromAt         *time.Time                // from when; now if not said
	UntilAt        *time.Time                // until when
	FromOn         governance.Date           // the same as a day, in the zone of the organization's council
	UntilOn        governance.Date           // its last day
}

// EndMandateInput is what endMandate takes.
type EndMandateInput struct {
	IdempotencyKey string               // makes a repeat harmless
	Mandate        governance.MandateID // which mandate
	Ground         string               // why
}

// DelegateMandateInput is what delegateMandate takes. The deputy is named by its id, or as its identity provider does.
type DelegateMandateInput struct {
	IdempotencyKey string               // makes a repeat harmless
	Mandate        governance.MandateID // whose deputy
	Person         governance.PersonID  // a person who holds, or held, a mandate in the organization
	Issuer         string               // or anybody's identity provider
	Subject        string               // and its subject there
	FromOn         governance.Date      // the first day; now if not said
	UntilOn        governance.Date      // the last day
	Ground         string               // on what ground
}

// ExtendMandateInput is what extendMandate takes. Without an end the mandate has none from then on.
type ExtendMandateInput struct {
	IdempotencyKey string               // makes a repeat harmless
	Mandate        governance.MandateID // which mandate
	UntilAt        *time.Time           // until when
	UntilOn        governance.Date      // its last day
	Ground         string               // on what ground
}

// InviteToMandateInput is what inviteToMandate takes.
type InviteToMandateInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	ID             governance.InvitationID   // its id, where the client makes it
	Organization   governance.OrganizationID // in which organization
	Email          string                    // whom; empty: whoever has the link
	Role           governance.Role           // which role
	Ground         string                    // on what ground
	FromAt         *time.Time                // from when; from its acceptance if not said
	UntilAt        *time.Time                // until when
	FromOn         governance.Date           // the same as a day, in the zone of the organization's council
	UntilOn        governance.Date           // its last day
}

// AcceptMandateInput is what acceptMandate takes: the token of the link or, where the invitation was sent to the
// person's own verified address, the invitation.
type AcceptMandateInput struct {
	IdempotencyKey string                  // makes a repeat harmless
	Invitation     governance.InvitationID // which invitation
	Token          string                  // of the link
}

// DeclineMandateInput is what declineMandate takes: as acceptMandate.
type DeclineMandateInput struct {
	IdempotencyKey string                  // makes a repeat harmless
	Invitation     governance.InvitationID // which invitation
	Token          string                  // of the link
}

// WithdrawMandateInvitationInput is what withdrawMandateInvitation takes.
type WithdrawMandateInvitationInput struct {
	IdempotencyKey string                  // makes a repeat harmless
	Invitation     governance.InvitationID // which invitation
	Ground         string                  // why
}
