package governance

// Digest names exact bytes: "sha256:" and 64 lower-case hexadecimal digits.
type Digest string

// Typed ids. Each is a lower-case UUIDv7 in its 36-character form, made by the client or the server.
type (
	PersonID        string
	OrganizationID  string // a council is named by its organization's id
	MandateID       string
	InvitationID    string // to a mandate
	RollEntryID     string
	ApplicationID   string // to a roll, for an organization that is not registered yet
	CharterID       string
	NeedID          string
	SpecificationID string
	EditionID       string
	RevisionID      string
	CommentID       string
	NoticeID        string
	DispositionID   string
	ConsultationID  string
	BallotID        string
	MatterID        string
	StatementID     string
	OfferID         string
	PublicationID   string
	ActID           string
	PositionID      string
	SuggestionID    string
	TranslationID   string
	CorrectionID    string
)

// Chamber is a stakeholder group on a council's roll.
type Chamber string

// The chambers that a council starts from. A tally record may name any other.
const (
	ChamberEmployer         Chamber = "EMPLOYER"
	ChamberUnion            Chamber = "UNION"
	ChamberProvider         Chamber = "PROVIDER"
	ChamberSkillsCouncil    Chamber = "SKILLS_COUNCIL"
	ChamberQualityAgency    Chamber = "QUALITY_AGENCY"
	ChamberLearnerBody      Chamber = "LEARNER_BODY"
	ChamberPublicAuthority  Chamber = "PUBLIC_AUTHORITY"
	ChamberProfessionalBody Chamber = "PROFESSIONAL_BODY"
	ChamberCivilSociety     Chamber = "CIVIL_SOCIETY"
)

// Chambers lists every chamber in the order in which tables show them.
var Chambers = []Chamber{
	ChamberEmployer, ChamberUnion, ChamberProvider, ChamberSkillsCouncil, ChamberQualityAgency,
	ChamberLearnerBody, ChamberPublicAuthority, ChamberProfessionalBody, ChamberCivilSociety,
}

// Role is what a mandate lets a person do in an organization.
type Role string

// The roles. SECRETARY is held in a council, ADMIN in the organization that runs the platform.
const (
	RoleAuthor         Role = "AUTHOR"
	RoleRepresentative Role = "REPRESENTATIVE"
	RolePublisher      Role = "PUBLISHER"
	RoleObserver       Role = "OBSERVER"
	RoleSecretary      Role = "SECRETARY"
	RoleAdmin          Role = "ADMIN"
)

// Roles lists every role.
var Roles = []Role{RoleAuthor, RoleRepresentative, RolePublisher, RoleObserver, RoleSecretary, RoleAdmin}

// Scope is what a bearer token may be used for; a browser session has all of them.
type Scope string

// The scopes.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write"
	ScopeAct   Scope = "act" // official acts: positions, statements, publishing, opening and closing, charters, mandates
)
