package store

import (
	"concordat/governance"
)

// EstablishCouncilInput is what establishCouncil takes.
type EstablishCouncilInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Organization   governance.OrganizationID // which organization becomes a council
	Jurisdiction   []string                  // countries and regions that it speaks for
	Sectors        []string                  // its sectors
	Zone           string                    // its IANA time zone
}

// ChangeCouncilInput is what changeCouncil takes. What is not said stays.
type ChangeCouncilInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Council        governance.OrganizationID // which council
	Jurisdiction   []string                  // countries and regions that it speaks for; replaces all
	Sectors        []string                  // its sectors; replaces all
	Zone           string                    // its IANA time zone
	Ground         string                    // on what ground; public
}

// ProposeCharterInput is what proposeCharter takes. A whole charter, or the name of a preset to start from.
type ProposeCharterInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	ID             governance.CharterID      // its id, where the client makes it
	Council        governance.OrganizationID // whose charter
	Body           *governance.Charter       // the rules. Either this or preset
	Preset         string                    // the id of one of governance.Presets
}

// FoundCharterInput is what foundCharter takes.
type FoundCharterInput struct {
	IdempotencyKey string               // makes a repeat harmless
	Charter        governance.CharterID // which charter
	Digest         governance.Digest    // the digest that the founder read
}

// WithdrawCharterInput is what withdrawCharter takes.
type WithdrawCharterInput struct {
	IdempotencyKey string               // makes a repeat harmless
	Charter        governance.CharterID // which charter
	Reason         string               // why; public
}

// OpenCharterBallotInput is what openCharterBallot takes.
type OpenCharterBallotInput struct {
	IdempotencyKey string               // makes a repeat harmless
	ID             governance.BallotID  // its id, where the client makes it
	Charter        governance.CharterID // which proposed charter
	Digest         governance.Digest    // the digest that is put to the vote: the proposal's
	ClosesOn       governance.Date      // its last day, in the council's zone
}

// ApplyToRollInput is what applyToRoll takes.
type ApplyToRollInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	ID             governance.RollEntryID    // its id, where the client makes it
	Council        governance.OrganizationID // whose roll
	Chamber        governance.Chamber        // in which chamber
	Ground         string                    // why the organization belongs there
}

// AdmitToRollInput is what admitToRoll takes. An application that stands is answered by it.
type AdmitToRollInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	ID             governance.RollEntryID    // its id, where the client makes it
	Council        governance.OrganizationID // whose roll
	Organization   governance.OrganizationID // which organization
	Chamber        governance.Chamber        // in which chamber
	Ground         string                    // on what ground; public
	Weight         string                    // its own weight, exact; 1 if not said
}

// SuspendRollEntryInput is what suspendRollEntry takes.
type SuspendRollEntryInput struct {
	IdempotencyKey string                 // makes a repeat harmless
	RollEntry      governance.RollEntryID // which entry
	Ground         string                 // on what ground; public
}

// ReinstateRollEntryInput is what reinstateRollEntry takes.
type ReinstateRollEntryInput struct {
	IdempotencyKey string                 // makes a repeat harmless
	RollEntry      governance.RollEntryID // which entry
	Ground         string                 // on what ground; public
}

// EndRollEntryInput is what endRollEntry takes.
type EndRollEntryInput struct {
	IdempotencyKey string                 // makes a repeat harmless
	RollEntry      governance.RollEntryID // which entry
	Ground         string                 // on what ground; public
}

// ChangeChamberInput is what changeChamber takes.
type ChangeChamberInput struct {
	IdempotencyKey string                 // makes a repeat harmless
	RollEntry      governance.RollEntryID // which entry
	Chamber        governance.Chamber     // the new chamber
	Ground         string                 // on what ground; public
}
