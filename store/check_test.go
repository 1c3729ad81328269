package store_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
	"concordat/store/storetest"
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
			"ballot " + string(id) + ": is INQUORATE, and its act says CARRIED",
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

// TestACheckNamesTheBallotThatWasChanged changes one of two closed ballots, as somebody with the file in hand could, so
// that what is left fits together as well as it can.
func TestACheckNamesTheBallotThatWasChanged(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		var ids []governance.BallotID
		for _, slug := range []string{"a", "b"} {
			v.ready("changed-" + slug)
			ids = append(ids, v.open())
			v.all(ids[len(ids)-1], governance.PositionApprove, "acme", "bolt", "union-a", "college")
		}
		v.clock.Set(afterDeadline)
		_, err := v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		v.tamper("positions")
		v.tamper("ballots")
		v.tamper("electors")
		wrong := ids[1]
		column := func(name string) string {
			return texts(v.t, v.DB, `SELECT `+name+` FROM ballots WHERE id = $1`, wrong)[0]
		}
		record, result := column("record"), column("result")
		check := func() string {
			problems, err := v.DB.Check(v.t.Context())
			require.NoError(v.t, err)
			var all []string
			for _, problem := range problems {
				if problem.Where[:6] == "ballot" {
					assert.Equal(v.t, "ballot "+string(wrong), problem.Where)
					all = append(all, problem.What)
				}
			}
			return strings.Join(all, "\n")
		}
		require.Empty(v.t, check())
		against := strings.Replace(record, `"APPROVE"}]`, `"OBJECT"}]`, 1)
		require.NotEqual(v.t, record, against)
		for _, test := range []struct{ name, change, undo, want string }{
			{"a position", `UPDATE positions SET position = 'ABSTAIN' WHERE ballot_id = $1 AND number = 1`,
				`UPDATE positions SET position = 'APPROVE' WHERE ballot_id = $1`, "rule, electorate and positions say"},
			{"an outcome", `UPDATE ballots SET outcome = 'NOT_CARRIED' WHERE id = $1`,
				`UPDATE ballots SET outcome = 'CARRIED' WHERE id = $1`, "its act says CARRIED"},
			{"an outcome that had no count", `UPDATE ballots SET outcome = 'RECALLED', result = NULL WHERE id = $1`,
				`UPDATE ballots SET outcome = 'CARRIED', result = '` + result + `' WHERE id = $1`, "is RECALLED, and its act says CARRIED"},
			{"a result", `UPDATE ballots SET result = '` + strings.ReplaceAll(result, `"2/3"`, `"1"`) + `' WHERE id = $1`,
				`UPDATE ballots SET result = '` + result + `' WHERE id = $1`, "does not count up to"},
			{"a result that is gone", `UPDATE ballots SET result = NULL WHERE id = $1`,
				`UPDATE ballots SET result = '` + result + `' WHERE id = $1`, "does not go with that"},
			{"a record", `UPDATE ballots SET record = '` + against + `' WHERE id = $1`,
				`UPDATE ballots SET record = '` + record + `' WHERE id = $1`, "not the one its act names"},
			{"a record that says the same in other bytes", `UPDATE ballots SET record = ' ` + record + `' WHERE id = $1`,
				`UPDATE ballots SET record = '` + record + `' WHERE id = $1`, "not the one its act names"},
			{"a record that is none", `UPDATE ballots SET record = '{}' WHERE id = $1`,
				`UPDATE ballots SET record = '` + record + `' WHERE id = $1`, "cannot be read"},
			{"an elector", `UPDATE electors SET weight = '2' WHERE ballot_id = $1`,
				`UPDATE electors SET weight = '1' WHERE ballot_id = $1`, "rule, electorate and positions say"},
		} {
			change(v.t, v.DB, test.change, wrong)
			assert.Contains(v.t, check(), test.want, test.name)
			change(v.t, v.DB, test.undo, wrong)
			require.Empty(v.t, check(), "%s is put right", test.name)
		}
		v.t.Run("a position with record and count to fit", func(t *testing.T) {
			counted := recordedAs(t, against)
			change(v.t, v.DB, `UPDATE positions SET position = 'OBJECT' WHERE ballot_id = $1 AND organization_id = $2`, wrong, counted.organization)
			change(v.t, v.DB, `UPDATE ballots SET record = $2, result = $3, outcome = $4 WHERE id = $1`, wrong, against, counted.result, counted.outcome)
			assert.Contains(t, check(), "not the one its act names", "only the act knows")
		})
	})
}

// recounted is a record counted by somebody who wants the rows to fit it.
type recounted struct{ organization, result, outcome string }

func recordedAs(t *testing.T, record string) recounted {
	t.Helper()
	read, err := governance.ParseTallyRecord([]byte(record))
	require.NoError(t, err)
	result, err := governance.Tally(read)
	require.NoError(t, err)
	text, err := notary.Canonical(result)
	require.NoError(t, err)
	return recounted{string(read.Votes[len(read.Votes)-1].Organization), string(text), string(result.Outcome)}
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

// TestACheckIsNotMisledByWhatAConnectionRemembers searches on every connection of the read pool before the index changes.
func TestACheckIsNotMisledByWhatAConnectionRemembers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		needOf(t, cast, "Fitters who commission heat pumps", "Nobody hands the plant over.")
		for range 2 * max(2, runtime.NumCPU()) {
			assert.Len(t, similar(t, cast, store.NeedLike{Title: "heat pumps"}), 1)
		}
		needOf(t, cast, "Fitters who repair heat pumps", "Nobody comes.")
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems)
	})
}
