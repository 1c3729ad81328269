package store

import (
	"time"

	"concordat/governance"
)

// Disposition is the editors' answer to a comment as it is read.
type Disposition struct {
	ID           governance.DispositionID
	Kind         governance.DispositionKind
	Reason       string
	DuplicateOf  *governance.CommentID
	Revision     *governance.RevisionID
	Organization *Organization
	CreatedAt    time.Time
	ReplyDueAt   time.Time
	Reply        *governance.Reply
	ReplyText    string
	RepliedAt    *time.Time

	original     *Comment // of a duplicate, where it was read along
	originalRead bool     // nil is then an original that the viewer may not see
}
