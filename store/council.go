package store

import (
	"concordat/governance"
)

// Council is a skills council as it is read.
type Council struct {
	ID           governance.OrganizationID
	Organization *Organization
	Jurisdiction []string
	Sectors      []string
	Zone         string
	CharterID    governance.CharterID // empty before the founding act
}
