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
