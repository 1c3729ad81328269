package exchange

// The columns of a list of recipients.
const (
	edcEmail             = "email"
	edcGivenName         = "given_name"
	edcFamilyName        = "family_name"
	edcFullName          = "full_name"
	edcCertificateNumber = "certificate_number"
	edcGrade             = "grade:" // and the id of the assessment
)
