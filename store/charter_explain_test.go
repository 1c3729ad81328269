package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

func TestACharterIsCheckedAgainstTheRollWhileItIsWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		charter, err := db.Charter(t.Context(), cast.Charter)
		require.NoError(t, err)
		found := func(change func(c *governance.Charter)) []string {
			body := charter.Body
			body.Rule.Conditions = append([]governance.Condition(nil), body.Rule.Conditions...)
			change(&body)
			explained, err := db.ExplainCharter(t.Context(), cast.Council, body)
			require.NoError(t, err)
			assert.Len(t, explained.Conditions, len(body.Rule.Conditions))
			var all []string
			for _, finding := range explained.Findings {
				all = append(all, string(finding.Severity)+" "+finding.Path+" "+finding.Rule)
			}
			return all
		}
		nothing := func(*governance.Charter) {}
		assert.Empty(t, found(nothing))
		assert.Equal(t, []string{"WARNING /rule/conditions/0/chamber/0 charter-empty-chamber"}, found(func(c *governance.Charter) {
			c.Rule.Conditions[0].Chamber = governance.ChamberSet{governance.ChamberCivilSociety}
		}))
		assert.Equal(t, []string{"ERROR /calendar/zone calendar-unknown-zone"}, found(func(c *governance.Charter) { c.Calendar.Zone = "Mars" }))

		change(t, db, `UPDATE roll_entries SET state = 'SUSPENDED' WHERE chamber = 'UNION'`)
		assert.Equal(t, []string{
			"WARNING /rule/conditions/1/chamber/0 charter-empty-chamber", "WARNING /rule/conditions/4/chamber/0 charter-empty-chamber",
			"WARNING /endorsements/1 charter-too-few-endorsers",
		}, found(func(c *governance.Charter) {
			c.Endorsements = append(c.Endorsements, governance.RequiredEndorsement{By: governance.ChamberUnion, AtLeast: 1})
		}))
		findings, err := db.CharterFindings(t.Context(), charter)
		require.NoError(t, err)
		assert.Len(t, findings, 2)
		charter.State = governance.CharterReplaced
		findings, err = db.CharterFindings(t.Context(), charter)
		require.NoError(t, err)
		assert.Empty(t, findings, "what is over is not compared with the roll of today")

		_, err = db.ExplainCharter(t.Context(), cast.Organizations["acme"], charter.Body)
		refused(t, err, governance.CodeNotFound, "not-found")
	})
}
