package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// pumps registers an organization that is on no roll and has a representative and an author.
func pumps(cast *storetest.Cast) governance.OrganizationID {
	id := cast.Register("pumps")
	cast.Grant("pumps", governance.RoleRepresentative, "")
	cast.Grant("pumps", governance.RoleAuthor, "")
	return id
}

func TestAnOrganizationAppliesAndIsAdmitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := pumps(cast)
		apply := store.ApplyToRollInput{Council: cast.Council, Chamber: governance.ChamberEmployer, Ground: "40 fitters", IdempotencyKey: "once"}
		entry, err := db.ApplyToRoll(t.Context(), cast.As("pumps", governance.RoleRepresentative), apply)
		require.NoError(t, err)
		again, err := db.ApplyToRoll(t.Context(), cast.As("pumps", governance.RoleRepresentative), apply)
		require.NoError(t, err)
		assert.Equal(t, entry, again)
		got, err := db.RollEntry(t.Context(), entry)
		require.NoError(t, err)
		assert.Equal(t, governance.RollApplied, got.State)
		assert.Nil(t, got.FromAt)

		admit := store.AdmitToRollInput{Council: cast.Council, Organization: id, Chamber: governance.ChamberProfessionalBody,
			Ground: "decided on Monday", Weight: "2/3", IdempotencyKey: "once"}
		for range 2 {
			admitted, err := db.AdmitToRoll(t.Context(), cast.Secretary(), admit)
			require.NoError(t, err)
			assert.Equal(t, entry, admitted, "the application is what was admitted")
		}
		got, err = db.RollEntry(t.Context(), entry)
		require.NoError(t, err)
		assert.Equal(t, governance.RollActive, got.State)
		assert.Equal(t, governance.ChamberProfessionalBody, got.Chamber, "the secretary decides on the chamber")
		assert.Equal(t, "2/3", got.Weight)
		assert.Equal(t, storetest.Start, *got.FromAt)
		assert.Equal(t, []string{"ROLL_APPLIED REPRESENTATIVE", "ROLL_ADMITTED SECRETARY"}, actsOn(t, db, entry))
		all, err := db.Roll(t.Context(), cast.Council, governance.ChamberProfessionalBody, store.Page{})
		require.NoError(t, err)
		require.Len(t, all.Nodes, 1)
		assert.Equal(t, "pumps", all.Nodes[0].Organization.Slug)
	})
}

func TestAnEntryIsSuspendedReinstatedMovedAndEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		entry := entryOf(t, db, cast, "acme")
		secretary := cast.Secretary()
		state := func() *store.RollEntry {
			e, err := db.RollEntry(t.Context(), entry)
			require.NoError(t, err)
			return e
		}
		_, err := db.ReinstateRollEntry(t.Context(), secretary, store.ReinstateRollEntryInput{RollEntry: entry, Ground: "paid"})
		refused(t, err, governance.CodeConflict, "roll-state")
		_, err = db.SuspendRollEntry(t.Context(), secretary, store.SuspendRollEntryInput{RollEntry: entry, Ground: "fees"})
		require.NoError(t, err)
		assert.Equal(t, governance.RollSuspended, state().State)
		_, err = db.ApplyToRoll(t.Context(), cast.As("acme", governance.RoleRepresentative),
			store.ApplyToRollInput{Council: cast.Council, Chamber: governance.ChamberEmployer, Ground: "again"})
		refused(t, err, governance.CodeForbidden, "suspended")
		_, err = db.ReinstateRollEntry(t.Context(), secretary, store.ReinstateRollEntryInput{RollEntry: entry, Ground: "paid"})
		require.NoError(t, err)
		_, err = db.ChangeChamber(t.Context(), secretary,
			store.ChangeChamberInput{RollEntry: entry, Chamber: governance.ChamberCivilSociety, Ground: "no staff left"})
		require.NoError(t, err)
		assert.Equal(t, governance.ChamberCivilSociety, state().Chamber)
		assert.Equal(t, governance.RollActive, state().State)
		_, err = db.EndRollEntry(t.Context(), secretary, store.EndRollEntryInput{RollEntry: entry, Ground: "asked for it"})
		require.NoError(t, err)
		assert.Equal(t, governance.RollEnded, state().State)
		assert.Equal(t, storetest.Start, *state().UntilAt)
		_, err = db.EndRollEntry(t.Context(), secretary, store.EndRollEntryInput{RollEntry: entry, Ground: "again"})
		refused(t, err, governance.CodeConflict, "roll-state")
		assert.Equal(t, []string{
			"ROLL_ADMITTED SECRETARY", "ROLL_SUSPENDED SECRETARY", "ROLL_REINSTATED SECRETARY",
			"ROLL_CHAMBER_CHANGED SECRETARY", "ROLL_ENDED SECRETARY",
		}, actsOn(t, db, entry))
		_, err = db.AdmitToRoll(t.Context(), secretary, store.AdmitToRollInput{
			Council: cast.Council, Organization: cast.Organizations["acme"], Chamber: governance.ChamberEmployer, Ground: "is back"})
		require.NoError(t, err, "it may come back with an entry of its own")
		assert.Len(t, entriesOf(t, db, cast.Organizations["acme"]), 2)
	})
}

// entriesOf reads an organization's entries on rolls.
func entriesOf(t *testing.T, db *store.DB, organization governance.OrganizationID) []*store.RollEntry {
	t.Helper()
	found, err := db.RollEntriesOf(t.Context(), []governance.OrganizationID{organization})
	require.NoError(t, err)
	return found[organization]
}

func entryOf(t *testing.T, db *store.DB, cast *storetest.Cast, slug string) governance.RollEntryID {
	t.Helper()
	entries := entriesOf(t, db, cast.Organizations[slug])
	require.NotEmpty(t, entries)
	return entries[0].ID
}

func TestAnApplicationIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		pumps(cast)
		boss := cast.As("pumps", governance.RoleRepresentative)
		apply := store.ApplyToRollInput{Council: cast.Council, Chamber: governance.ChamberEmployer, Ground: "40 fitters"}
		entry, err := db.ApplyToRoll(t.Context(), boss, apply)
		require.NoError(t, err)
		_, err = db.EndRollEntry(t.Context(), cast.Secretary(), store.EndRollEntryInput{RollEntry: entry, Ground: "no fitters found"})
		require.NoError(t, err)
		got, err := db.RollEntry(t.Context(), entry)
		require.NoError(t, err)
		assert.Equal(t, governance.RollRefused, got.State)
		assert.Nil(t, got.UntilAt)
		assert.Equal(t, []string{"ROLL_APPLIED REPRESENTATIVE", "ROLL_REFUSED SECRETARY"}, actsOn(t, db, entry))
		_, err = db.ApplyToRoll(t.Context(), boss, apply)
		require.NoError(t, err, "it may ask again")
	})
}

func TestTheRollRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := pumps(cast)
		boss, secretary := cast.As("pumps", governance.RoleRepresentative), cast.Secretary()
		acme := entryOf(t, db, cast, "acme")
		apply := store.ApplyToRollInput{Council: cast.Council, Chamber: governance.ChamberEmployer, Ground: "40 fitters"}
		admit := store.AdmitToRollInput{Council: cast.Council, Organization: id, Chamber: governance.ChamberEmployer, Ground: "decided"}
		before := number(t, db, `SELECT COUNT(*) FROM acts`)
		for name, test := range map[string]struct {
			take   func() error
			code   governance.Code
			reason string
		}{
			"an application by an author": {func() error {
				_, err := db.ApplyToRoll(t.Context(), cast.As("pumps", governance.RoleAuthor), apply)
				return err
			}, governance.CodeForbidden, "role-needed"},
			"an application without a ground": {func() error {
				_, err := db.ApplyToRoll(t.Context(), boss, store.ApplyToRollInput{Council: cast.Council, Chamber: governance.ChamberEmployer})
				return err
			}, governance.CodeInvalid, "text-missing"},
			"an application to no council": {func() error {
				_, err := db.ApplyToRoll(t.Context(), boss, store.ApplyToRollInput{Council: id, Chamber: governance.ChamberEmployer, Ground: "x"})
				return err
			}, governance.CodeNotFound, "not-found"},
			"an application of a member": {func() error {
				_, err := db.ApplyToRoll(t.Context(), cast.As("acme", governance.RoleRepresentative), apply)
				return err
			}, governance.CodeConflict, "on-the-roll"},
			"a chamber that the charter does not have": {func() error {
				in := admit
				in.Chamber = "GUILD"
				_, err := db.AdmitToRoll(t.Context(), secretary, in)
				return err
			}, governance.CodeInvalid, "chamber-unknown"},
			"a move to such a chamber": {func() error {
				_, err := db.ChangeChamber(t.Context(), secretary, store.ChangeChamberInput{RollEntry: acme, Chamber: "GUILD", Ground: "x"})
				return err
			}, governance.CodeInvalid, "chamber-unknown"},
			"a weight below zero": {func() error {
				in := admit
				in.Weight = "-1"
				_, err := db.AdmitToRoll(t.Context(), secretary, in)
				return err
			}, governance.CodeInvalid, "weight-malformed"},
			"a member twice": {func() error {
				in := admit
				in.Organization = cast.Organizations["acme"]
				_, err := db.AdmitToRoll(t.Context(), secretary, in)
				return err
			}, governance.CodeConflict, "on-the-roll"},
			"an organization that is none": {func() error {
				in := admit
				in.Organization = "nobody"
				_, err := db.AdmitToRoll(t.Context(), secretary, in)
				return err
			}, governance.CodeNotFound, "not-found"},
			"the council's representative": {func() error {
				_, err := db.AdmitToRoll(t.Context(), cast.As("council", governance.RoleRepresentative), admit)
				return err
			}, governance.CodeForbidden, "role-needed"},
			"the administrator": {func() error {
				_, err := db.AdmitToRoll(t.Context(), cast.Admin(), admit)
				return err
			}, governance.CodeForbidden, "role-needed"},
			"a suspension by the member itself": {func() error {
				_, err := db.SuspendRollEntry(t.Context(), cast.As("acme", governance.RoleRepresentative),
					store.SuspendRollEntryInput{RollEntry: acme, Ground: "x"})
				return err
			}, governance.CodeForbidden, "role-needed"},
			"an end without a ground": {func() error {
				_, err := db.EndRollEntry(t.Context(), secretary, store.EndRollEntryInput{RollEntry: acme})
				return err
			}, governance.CodeInvalid, "text-missing"},
			"an end of no entry": {func() error {
				_, err := db.EndRollEntry(t.Context(), secretary, store.EndRollEntryInput{RollEntry: "none", Ground: "x"})
				return err
			}, governance.CodeNotFound, "not-found"},
		} {
			t.Run(name, func(t *testing.T) { refused(t, test.take(), test.code, test.reason) })
		}
		assert.Equal(t, before, number(t, db, `SELECT COUNT(*) FROM acts`), "a refusal leaves nothing behind")
	})
}

func TestTheRollIsFrozenInAnOpenBallot(t *testing.T) {
	eachDesk(t, func(d desk) {
		id := pumps(d.Cast)
		d.stage(governance.StageBallot)
		d.open("acme", "bolt")
		acme := d.entryOf("acme")
		for _, take := range map[string]func() error{
			"admitting": func() error {
				_, err := d.DB.AdmitToRoll(t.Context(), d.Secretary(), store.AdmitToRollInput{
					Council: d.Council, Organization: id, Chamber: governance.ChamberEmployer, Ground: "x"})
				return err
			},
			"ending": func() error {
				_, err := d.DB.EndRollEntry(t.Context(), d.Secretary(), store.EndRollEntryInput{RollEntry: acme, Ground: "x"})
				return err
			},
			"moving": func() error {
				_, err := d.DB.ChangeChamber(t.Context(), d.Secretary(),
					store.ChangeChamberInput{RollEntry: acme, Chamber: governance.ChamberUnion, Ground: "x"})
				return err
			},
		} {
			refused(t, take(), governance.CodeConflict, "ballot-open")
		}
		_, err := d.DB.SuspendRollEntry(t.Context(), d.Secretary(), store.SuspendRollEntryInput{RollEntry: acme, Ground: "fees"})
		require.NoError(t, err, "a suspension leaves its place in the ballot")
		_, err = d.DB.ApplyToRoll(t.Context(), d.As("pumps", governance.RoleRepresentative),
			store.ApplyToRollInput{Council: d.Council, Chamber: governance.ChamberEmployer, Ground: "asks meanwhile"})
		require.NoError(t, err, "asking changes nothing yet")
	})
}

func TestAnOrganizationIsAdmittedOnceHoweverManyTry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := pumps(cast)
		secretaries := []governance.Actor{cast.Secretary(), cast.As("council", governance.RoleSecretary, "2")}
		var all sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			all.Go(func() {
				_, errs[i] = db.AdmitToRoll(t.Context(), secretaries[i%2], store.AdmitToRollInput{
					Council: cast.Council, Organization: id, Chamber: governance.ChamberEmployer, Ground: "x"})
			})
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
				continue
			}
			refused(t, err, governance.CodeConflict, "on-the-roll")
		}
		assert.Equal(t, 1, done)
	})
}
