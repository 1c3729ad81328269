package store

import (
	"concordat/governance"
)

// RequestEndorsementInput is what requestEndorsement takes.
type RequestEndorsementInput struct {
	IdempotencyKey string                    // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.StatementID    // its id, where the client makes it
	Edition        governance.EditionID      // which edition
	Organization   governance.OrganizationID // which body; on the council's roll, or the council
}

// GiveEndorsementInput is what giveEndorsement takes.
type GiveEndorsementInput struct {
	IdempotencyKey string                 // makes a repeat harmless: the same key with the same input has one effect
	Statement      governance.StatementID // which request
	Digest         governance.Digest      // the digest that the endorser read: the approved one
	Conditions     string                 // under which conditions
	Signature      *SignatureInput        `json:",omitempty"` // where the body keeps its key itself
}

// DeclineEndorsementInput is what declineEndorsement takes.
type DeclineEndorsementInput struct {
	IdempotencyKey string                 // makes a repeat harmless: the same key with the same input has one effect
	Statement      governance.StatementID // which request
	Reason         string                 // why
}

// RevokeEndorsementInput is what revokeEndorsement takes.
type RevokeEndorsementInput struct {
	IdempotencyKey string                 // makes a repeat harmless: the same key with the same input has one effect
	Statement      governance.StatementID // which endorsement
	Reason         string                 // why
}

// GiveStatementInput is what giveStatement takes. Which of its facts belong to it follows from its kind.
type GiveStatementInput struct {
	IdempotencyKey string                   // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.StatementID   // its id, where the client makes it
	Edition        governance.EditionID     // which edition
	Kind           governance.StatementKind // what kind; not ENDORSEMENT
	Digest         governance.Digest        // of what the giver read: the approved text, or the offer as it stands
	Offer          governance.OfferID       // where it is about an offer
	Words          string                   // what it says
	Conditions     string                   // under which conditions
	ValidFrom      governance.Date          // from which day it holds; empty: from now on
	ValidUntil     governance.Date          // the last day on which it holds; empty: until it is revoked
	Framework      string                   // of qualifications
	Level          string                   // in that framework
	Credits        governance.Decimal       // that count
	System         string                   // of the credits
	Target         governance.URI           // into, from, of or to what
	TargetDigest   governance.Digest        // of the exact text there
	URI            governance.URI           // where the decision or the entry in a register can be read
	Signature      *SignatureInput          `json:",omitempty"` // where the body keeps its key itself
}

// said is the statement for governance to look at.
func (in GiveStatementInput) said() governance.Said {
	return governance.Said{Kind: in.Kind, Words: in.Words, Offer: in.Offer != "", Facts: governance.StatementFacts{
		Framework: in.Framework, Level: in.Level, Credits: in.Credits, System: in.System, Target: in.Target,
		TargetDigest: in.TargetDigest, URI: in.URI,
	}}
}

// RevokeStatementInput is what revokeStatement takes.
type RevokeStatementInput struct {
	IdempotencyKey string                 // makes a repeat harmless: the same key with the same input has one effect
	Statement      governance.StatementID // which statement; an endorsement is revoked with revokeEndorsement
	Reason         string                 // why
}
