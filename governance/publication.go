package governance

// OfferState says whether an offer stands.
type OfferState string

// The values of OfferState.
const (
	OfferCurrent OfferState = "CURRENT"
	OfferEnded   OfferState = "ENDED"
)

// PublicationState says how a publication stands.
type PublicationState string

// The values of PublicationState.
const (
	PublicationPublished  PublicationState = "PUBLISHED"
	PublicationSuperseded PublicationState = "SUPERSEDED"
	PublicationSuspended  PublicationState = "SUSPENDED"
	PublicationWithdrawn  PublicationState = "WITHDRAWN"
)
