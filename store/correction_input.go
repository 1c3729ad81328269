package store

import (
	"concordat/governance"
)

// RequestRecallInput is what requestRecall takes.
type RequestRecallInput struct {
	IdempotencyKey string              // makes a repeat harmless: the same key with the same input has one effect
	Ballot         governance.BallotID // which ballot
	Ground         string              // as the charter lists it
	Reason         string              // in words
}

// RecallBallotInput is what recallBallot takes.
type RecallBallotInput struct {
	IdempotencyKey string              // makes a repeat harmless: the same key with the same input has one effect
	Ballot         governance.BallotID // which ballot
}

// DeclineRecallInput is what declineRecall takes.
type DeclineRecallInput struct {
	IdempotencyKey string              // makes a repeat harmless: the same key with the same input has one effect
	Ballot         governance.BallotID // which ballot
	Reason         string              // in words
}

// RequestReopeningInput is what requestReopening takes.
type RequestReopeningInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Ground         string               // as the charter lists it
	Reason         string               // in words
}

// ReopenTextInput is what reopenText takes.
type ReopenTextInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
}

// DeclineReopeningInput is what declineReopening takes.
type DeclineReopeningInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Reason         string               // in words
}
