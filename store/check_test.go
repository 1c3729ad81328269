package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

func TestACheckRecountsBallotsAndComparesDigests(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionApprove, "acme", "bolt", "union-a", "college")
		v.clock.Set(afterDeadline)
		_, err := v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		offer := v.offer()
		p := v.publish()
		found := func() []string {
			problems, err := v.DB.Check(v.t.Context())
			require.NoError(v.t, err)
			all := make([]string, len(problems))
			for i, problem := range problems {
				all[i] = problem.String()
			}
			return all
		}
		require.Empty(v.t, found())

		v.tamper("positions")
		change(v.t, v.DB, `UPDATE positions SET position = 'OBJECT' WHERE organization_id = $1`, v.Organizations["union-a"])
		assert.Equal(v.t, []string{"ballot " + string(id) + ": has a record that is not what rule, electorate and positions say"}, found())
		change(v.t, v.DB, `UPDATE positions SET position = 'APPROVE'`)
		require.Empty(v.t, found())

		v.tamper("ballots")
		change(v.t, v.DB, `UPDATE ballots SET outcome = 'INQUORATE' WHERE id = $1`, id)
		assert.Equal(v.t, []string{
			"edition " + string(v.edition) + ": binds to a digest that is not its text's",
			"ballot " + string(id) + ": is INQUORATE, and its record counts as CARRIED",
		}, found())
		change(v.t, v.DB, `UPDATE ballots SET outcome = 'CARRIED' WHERE id = $1`, id)

		change(v.t, v.DB, `UPDATE offers SET facts = $2 WHERE id = $1`, offer, `{"schema":"concordat/offer/1","text":{}}`)
		change(v.t, v.DB, `UPDATE publications SET digest = 'sha256:00' WHERE id = $1`, p.ID)
		change(v.t, v.DB, `UPDATE offer_versions SET number = 3 WHERE offer_id = $1`, offer)
		v.tamper("revisions")
		change(v.t, v.DB, `UPDATE revisions SET document = $2 WHERE edition_id = $1`, v.edition, []byte(`{}`))
		assert.Equal(v.t, []string{
			"revision " + texts(v.t, v.DB, `SELECT head_id FROM editions WHERE id = $1`, v.edition)[0] + ": is not what its digest names",
			"offer " + string(offer) + ": is not what its digest names",
			"offer " + string(offer) + ", version 3: stands where version 1 should",
			"publication " + string(p.ID) + ": binds to a digest that is not its text's",
		}, found())
	})
}

// tamper takes the triggers off a table that keep its rows as they are, as somebody with the file in hand could.
func (v *vote) tamper(table string) {
	if v.DB.Postgres() {
		change(v.t, v.DB, `ALTER TABLE `+table+` DISABLE TRIGGER USER`)
		return
	}
	for _, trigger := range texts(v.t, v.DB, `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1`, table) {
		change(v.t, v.DB, `DROP TRIGGER `+trigger)
	}
}
