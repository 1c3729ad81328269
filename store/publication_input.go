package store

import (
	"concordat/governance"
)

// MakeOfferInput is what makeOffer takes.
type MakeOfferInput struct {
	IdempotencyKey string                // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.OfferID    // its id, where the client makes it
	Edition        governance.EditionID  // which edition
	Facts          governance.OfferFacts // the facts; may be incomplete until publication
}

// ChangeOfferInput is what changeOffer takes.
type ChangeOfferInput struct {
	IdempotencyKey string                // makes a repeat harmless: the same key with the same input has one effect
	Offer          governance.OfferID    // which offer
	Facts          governance.OfferFacts // all the facts
}

// EndOfferInput is what endOffer takes.
type EndOfferInput struct {
	IdempotencyKey string             // makes a repeat harmless: the same key with the same input has one effect
	Offer          governance.OfferID // which offer
	Reason         string             // why
}

// NamePublisherInput is what namePublisher takes.
type NamePublisherInput struct {
	IdempotencyKey string                    // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID      // which edition
	Organization   governance.OrganizationID // which provider
}

// AskWithdrawalInput is what askWithdrawal takes.
type AskWithdrawalInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which published edition
	Reason         string               // why it should go
}

// TakeBackWithdrawalInput is what takeBackWithdrawal takes.
type TakeBackWithdrawalInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which published edition
}

// DeclineWithdrawalInput is what declineWithdrawal takes.
type DeclineWithdrawalInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which published edition
	Reason         string               // why it stays
}

// ConfirmWithdrawalInput is what confirmWithdrawal takes.
type ConfirmWithdrawalInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which published edition
	Reason         string               // why; may be empty where the publisher asked, whose reason then stands
}

// SuspendPublicationInput is what suspendPublication takes.
type SuspendPublicationInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which published edition
	Reason         string               // why
	Decision       string               // on which decision of the council: its date, its number, where it can be read
}

// ReinstatePublicationInput is what reinstatePublication takes.
type ReinstatePublicationInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which suspended edition
	Reason         string               // why
	Decision       string               // on which decision of the council: its date, its number, where it can be read
}

// PublishEditionInput is what publishEdition takes.
type PublishEditionInput struct {
	IdempotencyKey string                   // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.PublicationID // its id, where the client makes it
	Edition        governance.EditionID     // which edition
	Digest         governance.Digest        // the digest that is published: the endorsed one
	ValidFrom      governance.Date          // from when it may be awarded
	EnrolUntil     governance.Date          // until when learners may enrol
	AwardUntil     governance.Date          // until when it may be awarded
	Signature      *SignatureInput          `json:",omitempty"` // where the provider keeps its key itself
}

// OpenWithdrawalBallotInput is what openWithdrawalBallot takes.
type OpenWithdrawalBallotInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.BallotID  // its id, where the client makes it
	Edition        governance.EditionID // which published edition
	Reason         string               // why it should go
	ClosesOn       governance.Date      // its last day, in the council's zone
}

// RecordReviewInput is what recordReview takes.
type RecordReviewInput struct {
	IdempotencyKey string                   // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID     // which published edition
	Outcome        governance.ReviewOutcome // what the review says
	Reason         string                   // why
	NextReviewOn   governance.Date          // until when it is reviewed next, in the council's zone
}

// OpenReviewBallotInput is what openReviewBallot takes.
type OpenReviewBallotInput struct {
	IdempotencyKey string                   // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.BallotID      // its id, where the client makes it
	Edition        governance.EditionID     // which published edition
	Outcome        governance.ReviewOutcome // what the review shall say
	Reason         string                   // why
	NextReviewOn   governance.Date          // until when it shall be reviewed next, in the council's zone
	ClosesOn       governance.Date          // its last day, in the council's zone
}
