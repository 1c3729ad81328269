package store

import (
	"time"

	"concordat/governance"
)

// RollEntry is an organization on a council's roll as it is read.
type RollEntry struct {
	ID           governance.RollEntryID
	Council      *Organization
	Organization *Organization
	Chamber      governance.Chamber
	State        governance.RollState
	Ground       string
	Weight       string // exact
	FromAt       *time.Time
	UntilAt      *time.Time
	createdAt    time.Time
}

// RollEntryConnection is a page of a roll.
type RollEntryConnection struct {
	Nodes    []*RollEntry
	PageInfo *PageInfo
}
