package store

import (
	"time"

	"concordat/governance"
)

// Statement is what a body says about one exact text, as it is read.
type Statement struct {
	ID           governance.StatementID
	Kind         governance.StatementKind
	EditionID    governance.EditionID
	Digest       governance.Digest
	Organization *Organization
	State        governance.StatementState
	Conditions   string
	Reason       string
	AskedAt      time.Time
	AnsweredAt   *time.Time
	ValidUntil   *time.Time
	RevokedAt    *time.Time
}

// Signed says whether the statement carries a signature. Signing comes with the keys; what is recorded before stays
// unsigned and says so.
func (s *Statement) Signed() bool { return false }
