package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

func grantTo(organization governance.OrganizationID, subject string, role governance.Role) store.GrantMandateInput {
	return store.GrantMandateInput{
		Organization: organization, Issuer: storetest.CastIssuer, Subject: subject, Role: role, Ground: "named by the board",
	}
}

func TestARepresentativeGrantsAMandateAndEndsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		boss := cast.As("acme", governance.RoleRepresentative)
		in := grantTo(cast.Organizations["acme"], "newcomer", governance.RoleAuthor)
		in.IdempotencyKey = "once"
		id, err := db.GrantMandate(t.Context(), boss, in)
		require.NoError(t, err)
		again, err := db.GrantMandate(t.Context(), boss, in)
		require.NoError(t, err)
		assert.Equal(t, id, again)
		newcomer := cast.Somebody("newcomer")
		newcomer.Organization = cast.Organizations["acme"]
		mandate, err := db.Mandate(t.Context(), boss, id)
		require.NoError(t, err)
		assert.Equal(t, newcomer.Person, mandate.Person.ID, "it was named before it signed in")
		assert.Equal(t, governance.SourceGrant, mandate.Source)
		assert.Equal(t, "named by the board", mandate.Ground)
		viewer, err := db.Viewer(t.Context(), newcomer, everyField)
		require.NoError(t, err)
		assert.Equal(t, "acme", viewer.ActingFor.Slug)

		_, err = db.EndMandate(t.Context(), newcomer, store.EndMandateInput{Mandate: id, Ground: "leaves"})
		refused(t, err, governance.CodeForbidden, "role-needed")
		end := store.EndMandateInput{Mandate: id, Ground: "left the company", IdempotencyKey: "end"}
		for range 2 {
			_, err = db.EndMandate(t.Context(), boss, end)
			require.NoError(t, err)
		}
		assert.Equal(t, []string{"MANDATE_GRANTED REPRESENTATIVE", "MANDATE_ENDED REPRESENTATIVE"}, actsOn(t, db, id))
		mandate, err = db.Mandate(t.Context(), boss, id)
		require.NoError(t, err)
		assert.Equal(t, storetest.Start, *mandate.EndedAt)
		end.IdempotencyKey = ""
		_, err = db.EndMandate(t.Context(), boss, end)
		refused(t, err, governance.CodeConflict, "mandate-ended")
		_, err = db.GrantMandate(t.Context(), boss, grantTo(cast.Organizations["acme"], "newcomer", governance.RoleAuthor))
		require.NoError(t, err, "it may come back")
	})
}

func TestGrantingAMandateIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		acme, council, platform := cast.Organizations["acme"], cast.Council, cast.Organizations["platform"]
		_, err := db.GrantMandate(t.Context(), cast.Admin(), grantTo(platform, "clerk", governance.RoleRepresentative))
		require.NoError(t, err)
		clerk := cast.Somebody("clerk")
		clerk.Organization = platform
		before := number(t, db, `SELECT COUNT(*) FROM mandates`)
		past, soon := storetest.Start.Add(-time.Hour), storetest.Start.Add(time.Hour)
		for name, test := range map[string]struct {
			actor  governance.Actor
			in     store.GrantMandateInput
			code   governance.Code
			reason string
		}{
			"to an author":                  {cast.As("acme", governance.RoleAuthor), grantTo(acme, "x", governance.RoleAuthor), governance.CodeForbidden, "role-needed"},
			"to another's representative":   {cast.As("bolt", governance.RoleRepresentative), grantTo(acme, "x", governance.RoleAuthor), governance.CodeForbidden, "role-needed"},
			"in an organization that isn't": {cast.Admin(), grantTo("nobody", "x", governance.RoleAuthor), governance.CodeNotFound, "not-found"},
			"of a role that is held":        {cast.Admin(), grantTo(acme, "acme-AUTHOR", governance.RoleAuthor), governance.CodeConflict, "mandate-held"},
			"of a secretary in no council":  {cast.Admin(), grantTo(acme, "x", governance.RoleSecretary), governance.CodeInvalid, "role-of-councils"},
			"of an administrator elsewhere": {cast.Admin(), grantTo(council, "x", governance.RoleAdmin), governance.CodeInvalid, "role-of-platform"},
			"of an administrator by a mere representative of the platform": {clerk, grantTo(platform, "clerk", governance.RoleAdmin),
				governance.CodeForbidden, "administrator-needed"},
			"without a person": {cast.Admin(), grantTo(acme, "", governance.RoleAuthor), governance.CodeInvalid, "text-missing"},
			"without a ground": {cast.Admin(), store.GrantMandateInput{Organization: acme, Issuer: "i", Subject: "s", Role: governance.RoleAuthor},
				governance.CodeInvalid, "text-missing"},
			"that is over already": {cast.Admin(), dated(grantTo(acme, "x", governance.RoleAuthor), nil, &past), governance.CodeInvalid, "ends-before-start"},
			"that ends before it begins": {cast.Admin(), dated(grantTo(acme, "x", governance.RoleAuthor), &soon, &soon),
				governance.CodeInvalid, "ends-before-start"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := db.GrantMandate(t.Context(), test.actor, test.in)
				refused(t, err, test.code, test.reason)
			})
		}
		assert.Equal(t, before, number(t, db, `SELECT COUNT(*) FROM mandates`))
		change(t, db, `UPDATE persons SET erased_at = $1 WHERE subject = 'acme-AUTHOR'`, storetest.Start)
		_, err = db.GrantMandate(t.Context(), cast.Admin(), grantTo(acme, "acme-AUTHOR", governance.RoleObserver))
		refused(t, err, governance.CodeConflict, "person-erased")
	})
}

func dated(in store.GrantMandateInput, from, until *time.Time) store.GrantMandateInput {
	in.FromAt, in.UntilAt = from, until
	return in
}

func TestALapsedMandateIsGrantedAgain(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		clock := storetest.NewClock()
		db := storetest.OpenAt(t, kind, clock)
		cast := storetest.NewCast(t, db)
		tomorrow := storetest.Start.Add(24 * time.Hour)
		in := dated(grantTo(cast.Organizations["acme"], "guest", governance.RoleAuthor), nil, &tomorrow)
		lapsed, err := db.GrantMandate(t.Context(), cast.Admin(), in)
		require.NoError(t, err)
		clock.Advance(48 * time.Hour)
		_, err = db.GrantMandate(t.Context(), cast.Admin(), dated(in, nil, nil))
		require.NoError(t, err)
		m, err := db.Mandate(t.Context(), cast.Admin(), lapsed)
		require.NoError(t, err)
		assert.Equal(t, tomorrow, *m.EndedAt, "it ended when it lapsed")
	})
}

func TestAMandateThatBeginsLaterLetsNobodyActYet(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		clock := storetest.NewClock()
		db := storetest.OpenAt(t, kind, clock)
		cast := storetest.NewCast(t, db)
		tomorrow := storetest.Start.Add(24 * time.Hour)
		_, err := db.GrantMandate(t.Context(), cast.Admin(), dated(grantTo(cast.Organizations["acme"], "trainee", governance.RoleAuthor), &tomorrow, nil))
		require.NoError(t, err)
		trainee := cast.Somebody("trainee")
		trainee.Organization = cast.Organizations["acme"]
		_, err = db.ProposeNeed(t.Context(), trainee, fitters(cast))
		refused(t, err, governance.CodeForbidden, "role-needed")
		clock.Advance(24 * time.Hour)
		_, err = db.ProposeNeed(t.Context(), trainee, fitters(cast))
		require.NoError(t, err)
	})
}

// mandateOf finds the standing mandate of a cast's person.
func mandateOf(t *testing.T, db *store.DB, actor governance.Actor, role governance.Role) governance.MandateID {
	t.Helper()
	found := texts(t, db, `SELECT id FROM mandates WHERE person_id = $1 AND role = $2 AND ended_at IS NULL`, string(actor.Person), string(role))
	require.Len(t, found, 1)
	return governance.MandateID(found[0])
}

func TestTheLastAdministratorAndTheLastSecretaryStay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		admin := mandateOf(t, db, cast.Admin(), governance.RoleAdmin)
		_, err := db.EndMandate(t.Context(), cast.Admin(), store.EndMandateInput{Mandate: admin, Ground: "retires"})
		refused(t, err, governance.CodeConflict, "last-holder")

		secretaries := []governance.MandateID{
			mandateOf(t, db, cast.Secretary(), governance.RoleSecretary),
			mandateOf(t, db, cast.As("council", governance.RoleSecretary, "2"), governance.RoleSecretary),
		}
		var all sync.WaitGroup
		errs := make([]error, len(secretaries))
		for i, id := range secretaries {
			all.Go(func() {
				_, errs[i] = db.EndMandate(t.Context(), cast.Admin(), store.EndMandateInput{Mandate: id, Ground: "retires"})
			})
		}
		all.Wait()
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		require.NoError(t, errs[0])
		refused(t, errs[1], governance.CodeConflict, "last-holder")
	})
}

func TestMandatesAreForOwnMembersAndTheAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		acme := cast.Organizations["acme"]
		author := cast.As("acme", governance.RoleAuthor)
		mandate := mandateOf(t, db, author, governance.RoleAuthor)
		for _, who := range []governance.Actor{cast.As("acme", governance.RoleObserver), cast.Admin()} {
			mandates, err := db.MandatesOf(t.Context(), who, acme)
			require.NoError(t, err)
			require.Len(t, mandates, 4)
			assert.Equal(t, "Person acme-AUTHOR", *mandates[0].Person.Name)
			_, err = db.Mandate(t.Context(), who, mandate)
			require.NoError(t, err)
		}
		for _, who := range []governance.Actor{{}, cast.Somebody("walker"), cast.As("bolt", governance.RoleRepresentative), cast.Secretary()} {
			mandates, err := db.MandatesOf(t.Context(), who, acme)
			require.NoError(t, err)
			assert.Empty(t, mandates)
			_, err = db.Mandate(t.Context(), who, mandate)
			refused(t, err, governance.CodeNotFound, "not-found")
			_, err = db.EndMandate(t.Context(), who, store.EndMandateInput{Mandate: mandate, Ground: "no"})
			assert.Contains(t, []governance.Code{governance.CodeNotFound, governance.CodeUnauthenticated}, governance.CodeOf(err))
		}
		own := author
		own.Organization = ""
		m, err := db.Mandate(t.Context(), own, mandate)
		require.NoError(t, err, "the holder sees it")
		assert.Nil(t, m.Person.Name, "who acts for nobody sees no names")
		_, err = db.Mandate(t.Context(), cast.Admin(), "0195e3a0-0000-7000-8000-000000000000")
		refused(t, err, governance.CodeNotFound, "not-found")
	})
}

func TestASuspendedOrganizationTakesNoStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		change(t, db, `UPDATE organizations SET suspended = 1 WHERE slug = 'acme'`)
		_, err := db.GrantMandate(t.Context(), cast.As("acme", governance.RoleRepresentative), grantTo(cast.Organizations["acme"], "x", governance.RoleAuthor))
		refused(t, err, governance.CodeForbidden, "suspended")
	})
}

func TestTwoOrganizationsNameTheSameNewcomerAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		admin := cast.Admin()
		slugs := []string{"acme", "bolt", "crane", "union-a", "union-b", "college"}
		var all sync.WaitGroup
		errs := make([]error, len(slugs))
		for i, slug := range slugs {
			all.Go(func() {
				_, errs[i] = db.GrantMandate(t.Context(), admin, grantTo(cast.Organizations[slug], "newcomer", governance.RoleObserver))
			})
		}
		all.Wait()
		for _, err := range errs {
			assert.NoError(t, err)
		}
		assert.Equal(t, int64(1), number(t, db, `SELECT COUNT(*) FROM persons WHERE subject = 'newcomer'`))
	})
}
