package store

import (
	"time"

	"concordat/governance"
)

// Revision is one immutable saved state of an edition's text as it is read.
type Revision struct {
	ID           governance.RevisionID
	EditionID    governance.EditionID
	Number       int
	Digest       governance.Digest
	Bytes        []byte // the exact canonical bytes that Digest names
	Document     governance.Document
	Parent       *governance.RevisionID
	Author       *Person
	Organization *Organization
	Message      string
	Class        governance.Class
	CreatedAt    time.Time
}

// JSON is the document, for the scalar of that name.
func (r *Revision) JSON() governance.Document { return r.Document }

// Canonical is the stored bytes as text: they are UTF-8 by construction.
func (r *Revision) Canonical() string { return string(r.Bytes) }

// RevisionConnection is a page of an edition's history.
type RevisionConnection struct {
	Nodes    []*Revision
	PageInfo *PageInfo
}
