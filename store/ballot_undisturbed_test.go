package store_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

// played plays one ballot, with something that happens in its middle, and answers record and result with the organizations
// by their short names.
func (v *vote) played(happens func(v *vote)) (record, result string) {
	v.t.Helper()
	id := v.open()
	v.all(id, governance.PositionApprove, "acme", "union-a", "college")
	v.all(id, governance.PositionObject, "crane")
	happens(v)
	v.all(id, governance.PositionApprove, "bolt", "union-b")
	v.clock.Set(afterDeadline)
	_, err := v.DB.TakeDue(v.t.Context())
	require.NoError(v.t, err)
	b := v.ballot(id)
	require.NotNil(v.t, b.Record)
	tally, err := v.DB.Tally(v.t.Context(), b)
	require.NoError(v.t, err)
	byName := map[string]any{}
	for _, e := range b.Record.Electors {
		byName[v.slug(e.Organization)] = e.Chamber
	}
	for _, vote := range b.Record.Votes {
		byName[v.slug(vote.Organization)+" took"] = vote.Position
	}
	for _, e := range b.Record.Electors {
		byName[v.slug(e.Organization)+" weighs"] = e.Weight.String()
		byName[v.slug(e.Organization)+" in"] = strings.Join(e.Groups, " ")
	}
	byName["rule"] = b.Record.Rule
	return asText(v.t, byName), asText(v.t, tally)
}

func (v *vote) slug(id governance.OrganizationID) string {
	return texts(v.t, v.DB, `SELECT slug FROM organizations WHERE id = $1`, id)[0]
}

func asText(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// TestWhatHappensDuringABallotChangesNothingAboutIt holds a ballot in whose middle something changes against a twin in which
// nothing does. What no step lets happen while a ballot is open is written by SQL.
func TestWhatHappensDuringABallotChangesNothingAboutIt(t *testing.T) {
	disturbances := map[string]func(v *vote){
		"an elector is suspended on the roll": func(v *vote) {
			entry := governance.RollEntryID(texts(v.t, v.DB, `SELECT id FROM roll_entries WHERE organization_id = $1`, v.Organizations["acme"])[0])
			_, err := v.DB.SuspendRollEntry(v.t.Context(), v.Secretary(), store.SuspendRollEntryInput{RollEntry: entry, Ground: "owes answers"})
			require.NoError(v.t, err)
		},
		"an elector is suspended as a whole": func(v *vote) {
			change(v.t, v.DB, `UPDATE organizations SET suspended = 1 WHERE slug = 'crane'`)
		},
		"an elector leaves the roll": func(v *vote) {
			change(v.t, v.DB, `UPDATE roll_entries SET state = 'ENDED', until_at = $2 WHERE organization_id = $1`, v.Organizations["academy"], v.clock.Now())
		},
		"an elector changes its chamber and weight": func(v *vote) {
			change(v.t, v.DB, `UPDATE roll_entries SET chamber = 'EMPLOYER', weight = '9' WHERE organization_id = $1`, v.Organizations["union-a"])
		},
		"somebody comes onto the roll": func(v *vote) {
			change(v.t, v.DB, `UPDATE roll_entries SET chamber = 'UNION' WHERE organization_id = $1`, v.Organizations["quality"])
		},
		"an elector comes under another's control": func(v *vote) {
			change(v.t, v.DB, `UPDATE organizations SET controlled_by = $1, country = 'DE', size = 'LARGE' WHERE slug = 'bolt'`, v.Organizations["acme"])
		},
		"the roles of those who voted end": func(v *vote) {
			change(v.t, v.DB, `UPDATE mandates SET ended_at = $2 WHERE organization_id = $1`, v.Organizations["acme"], v.clock.Now())
		},
		"another charter comes into force": func(v *vote) {
			charter, err := v.DB.Charter(v.t.Context(), v.Charter)
			require.NoError(v.t, err)
			charter.Body.Rule, charter.Body.Secrecy = governance.Rule{Conditions: charter.Body.Rule.Conditions[:1]}, governance.SecrecyAtClose
			charter.Body.Weights.Organizations = map[governance.OrganizationID]governance.Ratio{v.Organizations["acme"]: governance.NewRatio(7, 1)}
			body, err := notary.Canonical(charter.Body)
			require.NoError(v.t, err)
			next := "0195e3a0-0000-7000-8000-00000000cafe"
			change(v.t, v.DB, `UPDATE charters SET state = 'REPLACED', replaced_at = $2 WHERE id = $1`, v.Charter, v.clock.Now())
			change(v.t, v.DB, `
				INSERT INTO charters (id, council_id, number, state, body, digest, proposed_by, created_at, in_force_at)
				VALUES ($1, $2, 2, 'IN_FORCE', $3, $4, $5, $6, $6)`,
				next, v.Council, string(body), notary.Digest(body), v.Secretary().Person, v.clock.Now())
			change(v.t, v.DB, `UPDATE councils SET charter_id = $2 WHERE id = $1`, v.Council, next)
		},
	}
	eachVote(t, nil, func(v *vote) {
		record, result := v.played(func(*vote) {})
		require.Contains(v.t, result, "CARRIED")
		for name, happens := range disturbances {
			v.t.Run(name, func(t *testing.T) {
				twin := newVote(t, v.kind, nil)
				disturbed, outcome := twin.played(happens)
				assert.Equal(t, record, disturbed)
				assert.Equal(t, result, outcome)
			})
		}
	})
}

func TestAMandatesDatesCountWhenSomebodySpeaks(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		id := v.open()
		now := v.clock.Now()
		speaker := v.As("acme", governance.RoleRepresentative)
		dated := func(from, until time.Time) {
			change(t, v.DB, `UPDATE mandates SET from_at = $2, until_at = $3 WHERE person_id = $1`, speaker.Person, from, until)
		}
		dated(now.Add(time.Microsecond), now.Add(time.Hour))
		refused(t, v.take(id, "acme", governance.PositionApprove), governance.CodeForbidden, "role-needed")
		dated(now.Add(-time.Hour), now)
		refused(t, v.take(id, "acme", governance.PositionApprove), governance.CodeForbidden, "role-needed")
		dated(now, now.Add(time.Microsecond))
		require.NoError(t, v.take(id, "acme", governance.PositionApprove), "from its first moment on")
		v.clock.Advance(time.Microsecond)
		_, err := v.DB.ChangePosition(t.Context(), speaker, store.ChangePositionInput(v.position(id, governance.PositionAbstain)))
		refused(t, err, governance.CodeForbidden, "role-needed")
		v.Grant("acme", governance.RoleRepresentative, "deputy")
		_, err = v.DB.ChangePosition(t.Context(), v.As("acme", governance.RoleRepresentative, "deputy"),
			store.ChangePositionInput(v.position(id, governance.PositionAbstain)))
		require.NoError(t, err, "a deputy speaks for the organization")
		assert.Equal(t, 1, v.ballot(id).PositionCount)

		// Whoever has spoken for one organization speaks for no other in this ballot, also after it has left the first.
		change(t, v.DB, `UPDATE mandates SET until_at = NULL, organization_id = $2 WHERE person_id = $1`, speaker.Person, v.Organizations["bolt"])
		speaker.Organization = v.Organizations["bolt"]
		_, err = v.DB.TakePosition(t.Context(), speaker, v.position(id, governance.PositionApprove))
		refused(t, err, governance.CodeForbidden, "spoke-for-another")
	})
}
