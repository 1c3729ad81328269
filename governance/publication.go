package governance

// OfferState says whether an offer stands.
type OfferState string

// The values of OfferState.
const (
	OfferCurrent OfferState = "CURRENT"
	OfferEnded   OfferState = "ENDED"
)

// WithdrawalState says what became of a publisher's request that its publication be withdrawn.
type WithdrawalState string

// The values of WithdrawalState.
const (
	WithdrawalAsked     WithdrawalState = "ASKED"
	WithdrawalTakenBack WithdrawalState = "TAKEN_BACK"
	WithdrawalDeclined  WithdrawalState = "DECLINED"
	WithdrawalConfirmed WithdrawalState = "CONFIRMED"
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
