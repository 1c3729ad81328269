// Package storebench fills a database with the standard data set and answers from it by hand, with nothing between the
// statements and the bytes: what is left of a server's speed once everything that makes it ours is taken away. It is for
// measuring only; nothing that serves people imports it.
package storebench

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"concordat/governance"
)

// Set is a standard data set: how much it holds and how what it holds is named. Every second specification is complete:
// published, with 20 comments, a closed ballot with 10 positions and 2 endorsements. The others are open: of each four
// two are in a public consultation, one in a ballot with electors who have taken no position, one is being drafted.
type Set struct {
	Sectors        int // each with a council
	Organizations  int // besides the councils'
	People         int
	Specifications int
	Issuer         string    // at which the people sign in
	Start          time.Time // when the oldest row was made
}

// What a complete specification has.
const (
	CommentsEach     = 20
	PositionsEach    = 10
	EndorsementsEach = 2
	OutcomesEach     = 8
	electorsEach     = 40 // of an open ballot
)

// At is the standard data set times scale, with enough of everything to measure however small the scale. Its oldest row
// is as old as the rows need to be consulted on, voted on and published by now.
func At(scale float64, issuer string, now time.Time) Set {
	times := func(n, least int) int { return max(least, int(math.Round(float64(n)*scale))) }
	return Set{
		Sectors: 20, Organizations: times(2000, 100), People: times(10_000, 500), Specifications: times(20_000, 200),
		Issuer: issuer, Start: now.Add(-90 * 24 * time.Hour).UTC().Truncate(time.Second),
	}
}

// String says how much the set holds.
func (s Set) String() string {
	complete := (s.Specifications + 1) / 2
	return fmt.Sprintf("%d sectors, %d organizations, %d people, %d specifications with %d outcomes, %d comments, %d positions, %d endorsements",
		s.Sectors, s.Organizations, s.People, s.Specifications, OutcomesEach,
		complete*CommentsEach, complete*PositionsEach, complete*EndorsementsEach)
}

// The kinds of row that have ids.
const (
	idOrganization = iota + 1
	idCouncil
	idPerson
	idMandate
	idRollEntry
	idCharter
	idSpecification
	idEdition
	idRevision
	idConsultation
	idComment
	idBallot
	idPosition
	idStatement
	idOffer
	idPublication
)

// id names the nth row of a kind: a UUIDv7 that sorts by n.
func id(kind, n int) string { return fmt.Sprintf("01900000-%04x-7000-8000-%012x", kind, n) }

// complete says whether the nth specification is one of the complete ones.
func complete(n int) bool { return n%2 == 0 }

// stage is the nth specification's.
func stage(n int) governance.Stage {
	switch {
	case complete(n):
		return governance.StagePublished
	case n%4 == 1:
		return governance.StageConsultation
	case n%8 == 3:
		return governance.StageBallot
	}
	return governance.StageDrafting
}

// Slug is the nth specification's short name.
func Slug(n int) string { return fmt.Sprintf("specification-%07d", n) }

// Subject is the nth person's name at its issuer.
func Subject(n int) string { return fmt.Sprintf("person-%07d", n) }

// Viewer is the nth person, who acts for its one organization.
func (s Set) Viewer(n int) governance.Actor {
	return governance.Actor{
		Person:       governance.PersonID(id(idPerson, n)),
		Organization: governance.OrganizationID(id(idOrganization, n%s.Organizations)),
	}
}

// Complete lists the numbers of the complete specifications.
func (s Set) Complete() []int { return s.where(complete) }

// Consulted lists the editions in a public consultation, each with its specification.
func (s Set) Consulted() []Open { return s.open(governance.StageConsultation) }

// Balloted lists the editions in an open ballot.
func (s Set) Balloted() []Open { return s.open(governance.StageBallot) }

// Open is an edition that is being agreed on.
type Open struct {
	Number        int
	Specification governance.SpecificationID
	Edition       governance.EditionID
	Ballot        governance.BallotID // where it is in a ballot
	Digest        governance.Digest
}

func (s Set) open(in governance.Stage) []Open {
	var list []Open
	for _, n := range s.where(func(n int) bool { return stage(n) == in }) {
		_, digest := document(n)
		list = append(list, Open{
			Number: n, Specification: governance.SpecificationID(id(idSpecification, n)),
			Edition: governance.EditionID(id(idEdition, n)), Ballot: governance.BallotID(id(idBallot, n)), Digest: digest,
		})
	}
	return list
}

func (s Set) where(holds func(n int) bool) []int {
	var list []int
	for n := range s.Specifications {
		if holds(n) {
			list = append(list, n)
		}
	}
	return list
}

// Electors lists the numbers of the people who may take a position in the nth specification's open ballot, one of each
// organization.
func (s Set) Electors(n int) []int {
	people := make([]int, electorsEach)
	for k := range people {
		people[k] = s.elector(n, k)
	}
	return people
}

// elector is the number of the kth elector's organization, and of the person who speaks for it.
func (s Set) elector(n, k int) int { return (n*7 + k) % s.Organizations }

// commenter is the number of the person who wrote the kth comment.
func (s Set) commenter(n, k int) int {
	return (n*3+k)%s.Organizations + s.Organizations*(k%(s.People/s.Organizations))
}

// stamp is how the database holds an instant.
const stamp = "2006-01-02T15:04:05.000000Z"

// at is an instant so long after the set's start, as the database holds it.
func (s Set) at(after time.Duration) string { return s.Start.Add(after).Format(stamp) }

// open opens the database at a store's address. With parameters it is SQLite's.
func open(ctx context.Context, address, parameters string) (*sql.DB, error) {
	driver := "pgx"
	if strings.HasPrefix(address, "file:") {
		driver, address = "sqlite", address+parameters
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		return nil, fmt.Errorf("open the database to measure: %w", err)
	}
	return db, db.PingContext(ctx)
}
