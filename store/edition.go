package store

import (
	"time"

	"concordat/governance"
)

// Edition is a version of a specification as it is read.
type Edition struct {
	ID                   governance.EditionID
	SpecificationID      governance.SpecificationID
	CouncilID            governance.OrganizationID
	Number               string
	Stage                governance.Stage
	StageReason          string
	StageAt              time.Time
	Lead                 *Organization
	CharterID            governance.CharterID // empty before its first consultation
	Profile              string
	Class                governance.Class
	ClosedGroup          bool
	InvitedOnly          bool
	Consulted            bool
	HeadID               governance.RevisionID
	HeadDigest           governance.Digest
	CommentCount         int
	UnansweredCount      int
	ApprovedDigest       *governance.Digest
	ApprovedBallotID     governance.BallotID       // empty: none
	PublisherByLead      governance.OrganizationID // empty: none named
	PublisherBySecretary governance.OrganizationID // empty: none named
	CreatedAt            time.Time
}

// WorkingGroupMember is an organization in, invited to or asking to join a working group.
type WorkingGroupMember struct {
	Organization *Organization
	State        governance.WorkingGroupState
	Lead         bool
	ChangedAt    time.Time
}
