package store

import (
	"time"

	"concordat/governance"
)

// Mandate is a dated role of a person in an organization as it is read.
type Mandate struct {
	ID           governance.MandateID
	Person       *Person
	Organization *Organization
	Role         governance.Role
	Source       governance.MandateSource
	Ground       string
	FromAt       time.Time
	UntilAt      *time.Time
	EndedAt      *time.Time
}

// Person is somebody who signs in, as others see it: Name is nil where the viewer may not see names.
type Person struct {
	ID   governance.PersonID
	Name *string
}
