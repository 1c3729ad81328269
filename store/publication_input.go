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

// PublishEditionInput is what publishEdition takes.
type PublishEditionInput struct {
	IdempotencyKey string                   // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.PublicationID // its id, where the client makes it
	Edition        governance.EditionID     // which edition
	Digest         governance.Digest        // the digest that is published: the endorsed one
	ValidFrom      governance.Date          // from when it may be awarded
	EnrolUntil     governance.Date          // until when learners may enrol
	AwardUntil     governance.Date          // until when it may be awarded
}
