package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
	"concordat/store"
	"concordat/store/storetest"
)

// vote is a cast with an edition in DISPOSITION that is ready for a ballot, ten days after the roll was made.
type vote struct {
	*storetest.Cast
	t       *testing.T
	kind    string // of the database
	clock   *storetest.Clock
	edition governance.EditionID

	specifications int // that within has started
	digest         governance.Digest
}

// closesOn is a last day that keeps the charter's minimum of 14 days: the ballots of the suite open on 12 March.
const closesOn governance.Date = "2026-03-31"

// eachVote runs f on both databases; alter may change the charter first.
func eachVote(t *testing.T, alter func(*governance.Charter), f func(v *vote)) {
	t.Helper()
	storetest.On(t, func(t *testing.T, kind string) { f(newVote(t, kind, alter)) })
}

func newVote(t *testing.T, kind string, alter func(*governance.Charter)) *vote {
	t.Helper()
	clock := storetest.NewClock()
	v := &vote{t: t, kind: kind, clock: clock, Cast: storetest.NewCast(t, storetest.OpenAt(t, kind, clock))}
	v.alterCharter(threeChambers)
	if alter != nil {
		v.alterCharter(alter)
	}
	clock.Advance(10 * 24 * time.Hour)
	change(t, v.DB, `UPDATE roll_entries SET from_at = $2 WHERE organization_id = $1`, v.Organizations["acme"], storetest.Start.Add(-time.Hour))
	v.ready("heat-pumps")
	return v
}

// within runs a case on a specification of its own, as sub-test, and puts the roll back as it was.
func (v *vote) within(name string, f func()) {
	whole := *v
	v.t.Run(name, func(t *testing.T) {
		v.t = t
		defer func() {
			roll := whole.DB
			change(t, roll, `UPDATE organizations SET suspended = 0, controlled_by = NULL`)
			for slug, organization := range v.Organizations {
				from := storetest.Start
				if slug == "acme" {
					from = from.Add(-time.Hour)
				}
				change(t, roll, `UPDATE roll_entries SET state = 'ACTIVE', from_at = $2, until_at = NULL, weight = '1' WHERE organization_id = $1`, organization, from)
			}
			change(t, roll, `UPDATE roll_entries SET chamber = 'QUALITY_AGENCY' WHERE organization_id = $1`, v.Organizations["quality"])
			*v = whole
		}()
		v.specifications++
		v.ready(fmt.Sprintf("heat-pumps-%d", whole.specifications))
		f()
	})
	v.specifications++
}

// threeChambers has the rule's condition on all together name the three chambers that the others name: a condition that
// names none has everybody on the roll vote.
func threeChambers(c *governance.Charter) {
	for i := range c.Rule.Conditions {
		if len(c.Rule.Conditions[i].Chamber) == 0 {
			c.Rule.Conditions[i].Chamber = []governance.Chamber{governance.ChamberEmployer, governance.ChamberUnion, governance.ChamberProvider}
		}
	}
}

// alterCharter changes the charter in force as no step could, so that each rule is tested by itself.
func (v *vote) alterCharter(alter func(*governance.Charter)) {
	charter, err := v.DB.Charter(v.t.Context(), v.Charter)
	require.NoError(v.t, err)
	alter(&charter.Body)
	body, err := notary.Canonical(charter.Body)
	require.NoError(v.t, err)
	change(v.t, v.DB, `UPDATE charters SET body = $2, digest = $3 WHERE id = $1`, v.Charter, string(body), notary.Digest(body))
}

// ready starts a specification and moves its edition to DISPOSITION, as a consultation would have.
func (v *vote) ready(slug string) {
	v.t.Helper()
	id, err := v.DB.StartSpecification(v.t.Context(), v.As("college", governance.RoleAuthor), store.StartSpecificationInput{
		Council: v.Council, Slug: slug, Document: sample.Document(), Message: "First draft.",
	})
	require.NoError(v.t, err)
	specification, err := v.DB.SpecificationByID(v.t.Context(), v.Secretary(), id, nil)
	require.NoError(v.t, err)
	edition, err := v.DB.NewestEdition(v.t.Context(), v.Secretary(), specification, nil)
	require.NoError(v.t, err)
	v.edition, v.digest = edition.ID, edition.HeadDigest
	change(v.t, v.DB, `UPDATE editions SET stage = 'DISPOSITION', consulted = 1, charter_id = $2 WHERE id = $1`, v.edition, v.Charter)
	change(v.t, v.DB, `
		INSERT INTO consultations (id, edition_id, revision_id, state, is_public, opened_at, closes_at, closed_at, opened_by)
		VALUES ($1, $1, $2, 'CLOSED', 1, $3, $3, $3, $4)`, v.edition, edition.HeadID, storetest.Start, v.Secretary().Person)
}

// open opens the ballot.
func (v *vote) open() governance.BallotID {
	v.t.Helper()
	id, err := v.DB.OpenBallot(v.t.Context(), v.Secretary(), store.OpenBallotInput{Edition: v.edition, Digest: v.digest, ClosesOn: closesOn})
	require.NoError(v.t, err)
	return id
}

// take takes a position for an organization, with reason and remedy where it objects.
func (v *vote) take(ballot governance.BallotID, slug string, position governance.Position) error {
	v.t.Helper()
	_, err := v.DB.TakePosition(v.t.Context(), v.As(slug, governance.RoleRepresentative), v.position(ballot, position))
	return err
}

func (v *vote) position(ballot governance.BallotID, position governance.Position) store.TakePositionInput {
	in := store.TakePositionInput{Ballot: ballot, Digest: v.digest, Position: position}
	if position == governance.PositionObject {
		in.Reason, in.Remedy = "The hours are too few.", "At least 60 hours."
	}
	return in
}

// all takes the same position for each.
func (v *vote) all(ballot governance.BallotID, position governance.Position, slugs ...string) {
	v.t.Helper()
	for _, slug := range slugs {
		require.NoError(v.t, v.take(ballot, slug, position), slug)
	}
}

func (v *vote) ballot(id governance.BallotID) *store.Ballot {
	v.t.Helper()
	b, err := v.DB.Ballot(v.t.Context(), v.Secretary(), id, store.Fields{"record": nil})
	require.NoError(v.t, err)
	return b
}

// stage is the edition's stage now.
func (v *vote) stage() governance.Stage {
	v.t.Helper()
	e, err := v.DB.Edition(v.t.Context(), v.Secretary(), v.edition, nil)
	require.NoError(v.t, err)
	return e.Stage
}

// refused asserts a refusal's code and reason.
func refused(t *testing.T, err error, code governance.Code, reason string) {
	t.Helper()
	refusal, ok := err.(*governance.Error)
	require.Truef(t, ok, "want the refusal %s, got %v", reason, err)
	assert.Equal(t, code, refusal.Code, refusal.Message)
	assert.Equal(t, reason, refusal.Reason, refusal.Message)
}

func (v *vote) acts(object string) []string {
	return texts(v.t, v.DB, `SELECT type FROM acts WHERE object_id = $1 ORDER BY id`, object)
}

// electorIDs lists the organizations of the ballot's electorate by short name.
func (v *vote) electors(ballot governance.BallotID) map[string]string {
	rows := texts(v.t, v.DB, `
		SELECT o.slug || ' ' || e.chamber || ' ' || e.weight
		FROM electors e
		JOIN organizations o ON o.id = e.organization_id
		WHERE e.ballot_id = $1
		ORDER BY o.slug`, ballot)
	electors := make(map[string]string, len(rows))
	for _, row := range rows {
		var slug, chamber, weight string
		_, err := fmt.Sscan(row, &slug, &chamber, &weight)
		require.NoError(v.t, err)
		electors[slug] = chamber + " " + weight
	}
	return electors
}
