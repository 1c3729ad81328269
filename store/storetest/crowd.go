package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
)

// Crowd puts so many more organizations on the council's roll, a month before Start, spread over the chambers, and answers
// a representative of each. They are written as rows beside the store: a thousand of them through the steps would take
// longer than what they are needed for.
func (c *Cast) Crowd(address string, number int, chambers []governance.Chamber) []governance.Actor {
	c.t.Helper()
	actors := make([]governance.Actor, number)
	var organizations, persons, mandates, entries []string
	made := Start.Add(-30 * 24 * time.Hour).Format("2006-01-02T15:04:05.000000Z")
	id := func(kind, n int) string { return fmt.Sprintf("0195e3a0-%04d-7000-8000-%012d", kind, n) }
	for n := range number {
		organization, person := id(1, n), id(2, n)
		organizations = append(organizations, fmt.Sprintf("('%s', 'crowd-%04d', 'Crowd %d Ltd', 'LV', '%s')", organization, n, n, made))
		persons = append(persons, fmt.Sprintf("('%s', '%s', 'crowd-%04d', '%s')", person, CastIssuer, n, made))
		mandates = append(mandates, fmt.Sprintf("('%s', '%s', '%s', 'REPRESENTATIVE', 'GRANT', '%s', '%s')", id(3, n), person, organization, made, made))
		entries = append(entries, fmt.Sprintf("('%s', '%s', '%s', '%s', 'ACTIVE', '%s', '%s')",
			id(4, n), c.Council, organization, chambers[n%len(chambers)], made, made))
		actors[n] = c.As("platform", governance.RoleAdmin)
		actors[n].Person, actors[n].Organization = governance.PersonID(person), governance.OrganizationID(organization)
	}
	for _, rows := range []struct {
		into   string
		values []string
	}{
		{"organizations (id, slug, legal_name, country, created_at)", organizations},
		{"persons (id, issuer, subject, created_at)", persons},
		{"mandates (id, person_id, organization_id, role, source, from_at, created_at)", mandates},
		{"roll_entries (id, council_id, organization_id, chamber, state, from_at, created_at)", entries},
	} {
		Exec(c.t, address, `INSERT INTO `+rows.into+` VALUES `+strings.Join(rows.values, ", "))
	}
	return actors
}

// OpenBallot opens a ballot that closes on the day on a new specification of that slug, whose consultation is behind it:
// that alone is written beside the store. The cut-off of the roll has passed.
func (c *Cast) OpenBallot(t testing.TB, address, slug string, closesOn governance.Date) *store.Ballot {
	t.Helper()
	ctx := context.Background()
	id, err := c.DB.StartSpecification(ctx, c.As("college", governance.RoleAuthor), store.StartSpecificationInput{
		Council: c.Council, Slug: slug, Document: sample.Document(), Message: "First draft."})
	require.NoError(t, err)
	specification, err := c.DB.SpecificationByID(ctx, c.Secretary(), id, nil)
	require.NoError(t, err)
	e, err := c.DB.NewestEdition(ctx, c.Secretary(), specification, nil)
	require.NoError(t, err)
	Exec(t, address, `UPDATE editions SET stage = 'DISPOSITION', consulted = 1, charter_id = $2 WHERE id = $1`, string(e.ID), string(c.Charter))
	Exec(t, address, `
		INSERT INTO consultations (id, edition_id, revision_id, state, is_public, opened_at, closes_at, closed_at, opened_by)
		VALUES ($1, $1, $2, 'CLOSED', 1, $3, $3, $3, $4)`, string(e.ID), string(e.HeadID), Start.Format("2006-01-02T15:04:05.000000Z"), string(c.Secretary().Person))
	ballot, err := c.DB.OpenBallot(ctx, c.Secretary(), store.OpenBallotInput{Edition: e.ID, Digest: e.HeadDigest, ClosesOn: closesOn})
	require.NoError(t, err)
	b, err := c.DB.Ballot(ctx, c.Secretary(), ballot, nil)
	require.NoError(t, err)
	return b
}
