package exchange

// ctdlVocabulary is how the Credential Transparency Description Language is written: in JSON-LD as the Credential Registry
// serves it, and, with other spellings of the same names, in the input of its Assistant API.
var ctdlVocabulary = vocabulary{
	prefixes: []string{"ceterms:", "schema:", "", "capital:"},
	aliases: map[string][]string{
		"targetNodeName": {"Name"},
		"addressCountry": {"Country"},
		"value":          {"Value"},
	},
	plumbing: map[string]bool{
		"@id": true, "@type": true, "@context": true, "ceterms:ctid": true, "CTID": true, "Type": true, "CredentialType": true,
		"DefaultLanguage": true, "PublishForOrganizationIdentifier": true,
	},
	labels: []string{"name", "targetNodeName", "description", "condition"},
	reasons: map[string]string{
		"versionIdentifier": "register", "dateEffective": "register", "latestVersion": "register", "previousVersion": "register",
		"image": "image",
	},
}

// ctdlCredentials are the classes of credentials, any of which is read; a micro-credential is written.
var ctdlCredentials = []string{
	"MicroCredential", "ApprenticeshipCertificate", "AssociateDegree", "BachelorDegree", "Badge", "Certificate", "CertificateOfCompletion",
	"Certification", "Degree", "DigitalBadge", "Diploma", "DoctoralDegree", "GeneralEducationDevelopment", "JourneymanCertificate",
	"License", "MasterCertificate", "MasterDegree", "OpenBadge", "ProfessionalDoctorate", "QualityAssuranceCredential",
	"ResearchDoctorate", "SecondarySchoolDiploma",
}

const (
	ctdlMicroCredential = "ceterms:MicroCredential"
	ctdlContext         = "https://credreg.net/ctdl/schema/context/json"
	ctdlTerms           = "https://credreg.net/ctdl/terms/"
	ctdlResources       = "https://credentialengineregistry.org/resources/"
	ctdlStatus          = "credentialStat:"
	ctdlCreditUnit      = "creditUnit:"

	// ctdlScheme is the scheme of an identifier that is an organization's entry in the Credential Registry: a CTID or the
	// entry's address.
	ctdlScheme = "Credential Registry"

	// ctdlLeastDescription is the least number of characters that the registry takes for a description.
	ctdlLeastDescription = 15

	escoFramework  = "http://data.europa.eu/esco/concept-scheme/skills"
	eqfFramework   = "http://data.europa.eu/snb/eqf/25831c2"
	eqfLevels      = "http://data.europa.eu/snb/eqf/"
	escoOccupation = "http://data.europa.eu/esco/occupation/"
	naceCodes      = "http://data.europa.eu/ux2/nace2"
	targetGroups   = "http://data.europa.eu/snb/target-group/"
)
