package store

import (
	"time"

	"concordat/governance"
)

// Viewer is who is asking.
type Viewer struct {
	Person    *Person
	ActingFor *Organization
	Mandates  []*Mandate
	Scopes    []governance.Scope
}

// WorkItem is one thing that waits for a person.
type WorkItem struct {
	Step         governance.Step
	Organization *Organization
	Title        governance.Text
	DueAt        *time.Time
	Object       string // its id
	Path         string // on the site
}
