package store

import (
	"time"

	"concordat/governance"
)

// Ballot is a vote on one exact text as it is read.
type Ballot struct {
	ID            governance.BallotID
	CouncilID     governance.OrganizationID
	Council       *Organization
	Kind          governance.BallotKind
	EditionID     governance.EditionID // empty: not on an edition
	Digest        governance.Digest
	Revision      *governance.RevisionID
	CharterID     governance.CharterID
	Rule          governance.Rule
	Profile       string
	Findings      []governance.Finding
	Secrecy       governance.Secrecy
	State         governance.BallotState
	OpenedAt      time.Time
	ClosesAt      time.Time
	ClosedAt      *time.Time
	Outcome       *governance.Outcome
	Record        *governance.TallyRecord // nil before the close
	ElectorCount  int
	PositionCount int
}

// Elector is an organization that may vote in a ballot, and what it took where it may be shown.
type Elector struct {
	Organization *Organization
	Chamber      governance.Chamber
	Groups       []string
	Weight       string
	Voted        *bool
	Position     *Position
}

// ElectorConnection is a page of electors.
type ElectorConnection struct {
	Nodes    []*Elector
	PageInfo *PageInfo
}
