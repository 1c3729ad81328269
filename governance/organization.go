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
