package governance

// OrganizationSize is an organization's size by headcount (Commission Recommendation 2003/361/EC).
type OrganizationSize string

// The values of OrganizationSize.
const (
	SizeMicro  OrganizationSize = "MICRO"
	SizeSmall  OrganizationSize = "SMALL"
	SizeMedium OrganizationSize = "MEDIUM"
	SizeLarge  OrganizationSize = "LARGE"
)

// MandateSource says where a mandate comes from.
type MandateSource string

// The values of MandateSource.
const (
	SourceClaim      MandateSource = "CLAIM"
	SourceGrant      MandateSource = "GRANT"
	SourceInvitation MandateSource = "INVITATION"
	SourceCommand    MandateSource = "COMMAND"
)

// InvitationState is what became of an invitation to a mandate.
type InvitationState string

// The values of InvitationState.
const (
	InvitationOpen      InvitationState = "OPEN"
	InvitationAccepted  InvitationState = "ACCEPTED"
	InvitationDeclined  InvitationState = "DECLINED"
	InvitationWithdrawn InvitationState = "WITHDRAWN"
	InvitationLapsed    InvitationState = "LAPSED" // its days are over, or whoever invited no longer may
)

// For how many days an invitation to a mandate can be accepted. A link that anybody may use who has it lives shorter than
// one that only a person with a known address may use.
const (
	InvitationDays = 14
	LinkDays       = 7
)

// EndingDays is how many days before its end a mandate is shown to those who may extend it, and to its holder.
const EndingDays = 14
