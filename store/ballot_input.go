package store

import (
	"concordat/governance"
)

// OpenBallotInput is what openBallot takes.
type OpenBallotInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.BallotID  // its id, where the client makes it
	Edition        governance.EditionID // which edition
	Digest         governance.Digest    // the digest that is put to the vote: the head revision's
	ClosesOn       governance.Date      // its last day, in the council's zone
}

// OpenObjectionBallotInput is what openObjectionBallot takes.
type OpenObjectionBallotInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.BallotID  // its id, where the client makes it
	Comment        governance.CommentID // which referred objection
	ClosesOn       governance.Date      // its last day, in the council's zone
}

// TakePositionInput is what takePosition takes.
type TakePositionInput struct {
	IdempotencyKey string                // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.PositionID // its id, where the client makes it
	Ballot         governance.BallotID   // which ballot
	Digest         governance.Digest     // the digest that the voter read: the ballot's
	Position       governance.Position   // what it takes
	Reason         string                // for OBJECT: why
	Remedy         string                // for OBJECT: what would remove the objection
	Comment        string                // anything to add
}

// ChangePositionInput is what changePosition takes.
type ChangePositionInput struct {
	IdempotencyKey string                // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.PositionID // its id, where the client makes it
	Ballot         governance.BallotID   // which ballot
	Digest         governance.Digest     // the digest that the voter read: the ballot's
	Position       governance.Position   // what it takes now
	Reason         string                // for OBJECT: why
	Remedy         string                // for OBJECT: what would remove the objection
	Comment        string                // anything to add
}

// ReconfirmPositionInput is what reconfirmPosition takes.
type ReconfirmPositionInput struct {
	IdempotencyKey string                // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.PositionID // its id, where the client makes it
	Ballot         governance.BallotID   // which ballot
	Digest         governance.Digest     // the digest that the voter read: the ballot's
}
