package store

import (
	"time"

	"concordat/governance"
)

// Comment is a remark or an objection as it is read.
type Comment struct {
	ID             governance.CommentID
	EditionID      governance.EditionID
	Revision       governance.RevisionID
	Parent         *governance.CommentID
	Kind           governance.CommentKind
	Path           string
	Quote          string
	Body           string
	ProposedChange string
	IsObjection    bool
	Remedy         string
	State          governance.CommentState
	Late           bool
	Organization   *Organization
	Author         *Person
	EditCount      int
	Disposition    *Disposition
	DecisionReason string
	DecidedAt      *time.Time
	CreatedAt      time.Time
}

// CommentConnection is a page of comments.
type CommentConnection struct {
	Nodes    []*Comment
	PageInfo *PageInfo
}

// CommentFilter narrows a list of comments; its zero value narrows nothing.
type CommentFilter struct {
	States []governance.CommentState
	Path   string // of an element: comments on it or below it
}
