package governance

import (
	"slices"
	"time"
)

// Actor is who takes a step: a person, for whom it acts, and how it had signed in. The zero Actor is somebody who is
// not signed in. What the person may do for the organization is not written here: the store reads its mandates in the
// step's own transaction.
type Actor struct {
	Person          PersonID
	Organization    OrganizationID // acted for; empty: the person speaks for itself
	Scopes          []Scope        // what the token or session may be used for
	Issuer          string         // of the identity provider
	ACR             string         // authentication context class, as the provider told it
	AuthenticatedAt time.Time      // when the person proved who it is
	Clock           bool           // the server's own clock, which closes what is due
	Command         bool           // somebody at the server's command line
}

// ClockActor takes the steps that fall due by themselves.
var ClockActor = Actor{Clock: true}

// CommandActor takes the few steps that the server's command line knows.
var CommandActor = Actor{Command: true}

// Anonymous says whether nobody is signed in.
func (a Actor) Anonymous() bool { return a.Person == "" && !a.Clock && !a.Command }

// MayUse says whether the token or session covers the scope.
func (a Actor) MayUse(s Scope) bool { return a.Clock || slices.Contains(a.Scopes, s) }
