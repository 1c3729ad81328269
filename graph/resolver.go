package graph

import (
	"concordat/governance"
	"concordat/graph/live"
	"concordat/store"
)

// Resolver answers the API's fields. A resolver takes the actor from its context, calls the store once and returns what
// it answers.
type Resolver struct {
	Store     *store.DB
	PublicURL string    // the base of every identifier, without a slash at its end
	Live      *live.Hub // what subscriptions follow; nil: none are served
	// CalendarURL is where a person's calendar of that number is read.
	CalendarURL func(person governance.PersonID, number int) string
}
