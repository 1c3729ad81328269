package store

import (
	"concordat/governance"
)

// StartSpecificationInput is what startSpecification takes.
type StartSpecificationInput struct {
	IdempotencyKey string                     // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.SpecificationID // the specification's id, where the client makes it
	Council        governance.OrganizationID  // the council whose rules it goes by
	Slug           string                     // its short name in addresses: lower-case letters, digits and hyphens
	Needs          []governance.NeedID        // the needs that it answers; accepted ones of the council
	Document       governance.Document        // the first text; may be incomplete
	BasedOn        governance.EditionID       // the edition whose text it starts from instead
	Template       string                     // the template that it starts from instead
	Languages      []governance.LanguageTag   // the authentic languages, with a template
	Message        string                     // what it starts from
	ClosedGroup    bool                       // whether drafts are shown to the working group alone
}

// StartEditionInput is what startEdition takes.
type StartEditionInput struct {
	IdempotencyKey string                     // makes a repeat harmless: the same key with the same input has one effect
	Specification  governance.SpecificationID // which specification
	Number         string                     // its number: "1.1", "2.0"; above all before it
	BasedOn        governance.EditionID       // the edition whose text it starts from; the newest published one if not said
	Document       governance.Document        // the text that it starts from instead, such as an imported one
	Needs          []governance.NeedID        // further needs that it answers; accepted ones of the council
	Message        string                     // what it starts from
}

// InviteToWorkingGroupInput is what inviteToWorkingGroup takes.
type InviteToWorkingGroupInput struct {
	IdempotencyKey string                    // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID      // which edition
	Organization   governance.OrganizationID // which organization
	Message        string                    // a word with it
}

// AnswerInvitationInput is what answerInvitation takes.
type AnswerInvitationInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Accept         bool                 // whether it accepts
}

// AskToJoinInput is what askToJoin takes.
type AskToJoinInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Message        string               // a word with it
}

// AnswerRequestInput is what answerRequest takes.
type AnswerRequestInput struct {
	IdempotencyKey string                    // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID      // which edition
	Organization   governance.OrganizationID // which organization
	Accept         bool                      // whether it may join
}

// LeaveWorkingGroupInput is what leaveWorkingGroup takes.
type LeaveWorkingGroupInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
}

// RemoveFromWorkingGroupInput is what removeFromWorkingGroup takes.
type RemoveFromWorkingGroupInput struct {
	IdempotencyKey string                    // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID      // which edition
	Organization   governance.OrganizationID // which organization; not the lead
	Reason         string                    // why
}

// TransferLeadInput is what transferLead takes.
type TransferLeadInput struct {
	IdempotencyKey string                    // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID      // which edition
	Organization   governance.OrganizationID // which organization; a member of the group
}

// SaveRevisionInput is what saveRevision takes.
type SaveRevisionInput struct {
	IdempotencyKey string                // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.RevisionID // the revision's id, where the client makes it
	Edition        governance.EditionID  // which edition
	Base           governance.RevisionID // the revision that the change was made on
	Document       governance.Document   // the whole text
	Message        string                // what was changed and why
	Class          governance.Class      // raises the class; it is never lowered
}

// RestoreRevisionInput is what restoreRevision takes.
type RestoreRevisionInput struct {
	IdempotencyKey string                // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.RevisionID // the new revision's id, where the client makes it
	Edition        governance.EditionID  // which edition
	Revision       governance.RevisionID // whose text comes back
	Base           governance.RevisionID // the newest revision as the person saw it; empty: whatever it is
	Message        string                // why
	Class          governance.Class      // raises the class; it is never lowered
}

// AnnounceAbandonmentInput is what announceAbandonment takes.
type AnnounceAbandonmentInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Reason         string               // why
}

// AbandonEditionInput is what abandonEdition takes.
type AbandonEditionInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Reason         string               // why
}
