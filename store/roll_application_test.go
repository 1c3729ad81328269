package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// newcomer is an application for an organization that nobody knows.
func newcomer(council governance.OrganizationID, vat string) store.ApplyForNewOrganizationInput {
	return store.ApplyForNewOrganizationInput{
		Council: council, Chamber: governance.ChamberEmployer, Ground: "employs forty fitters", Slug: "newcomer",
		LegalName: "Newcomer SIA", Country: "LV", Identifiers: []store.OrganizationIdentifierInput{{Scheme: "VAT", Value: vat}},
	}
}

func (l lobby) apply(who governance.Actor, in store.ApplyForNewOrganizationInput) governance.ApplicationID {
	l.t.Helper()
	id, err := l.DB.ApplyForNewOrganization(l.t.Context(), who, in)
	require.NoError(l.t, err)
	return id
}

// application reads an application as the council's secretary does.
func (l lobby) application(id governance.ApplicationID) *store.RollApplication {
	l.t.Helper()
	a, err := l.DB.RollApplication(l.t.Context(), l.Secretary(), id)
	require.NoError(l.t, err)
	return a
}

func TestANewOrganizationIsAdmittedInOneStep(t *testing.T) {
	eachLobby(t, func(l lobby) {
		ctx, person := t.Context(), l.Somebody("founder")
		in := newcomer(l.Council, "LV 400-030.12345")
		in.Region, in.Size, in.Homepage = "LV006", governance.SizeSmall, "https://newcomer.example"
		in.ControlledBy, in.MemberOf = l.acme, []governance.OrganizationID{l.Organizations["office"]}
		in.IdempotencyKey = "once"
		id := l.apply(person, in)
		assert.Equal(t, id, l.apply(person, in), "a repeat has no effect")
		a := l.application(id)
		assert.Equal(t, governance.ApplicationOpen, a.State)
		assert.Equal(t, []string{"Acme Ltd", "Office Ltd"}, []string{a.ControlledBy.LegalName, a.MemberOf[0].LegalName})
		organization, err := l.DB.OrganizationBySlug(ctx, "newcomer")
		require.NoError(t, err)
		assert.Nil(t, organization, "nothing is registered before the secretary has decided")
		mandates, err := l.DB.StandingMandates(ctx, person.Person)
		require.NoError(t, err)
		assert.Empty(t, mandates, "nor does anybody hold a mandate")

		_, err = l.DB.AdmitNewOrganization(ctx, person, store.AdmitNewOrganizationInput{Application: id, Ground: "we do"})
		refused(t, err, governance.CodeForbidden, "role-needed")
		admit := store.AdmitNewOrganizationInput{Application: id, Ground: "forty fitters", Chamber: governance.ChamberProvider, Slug: "newcomer-lv", IdempotencyKey: "once"}
		for range 2 {
			_, err = l.DB.AdmitNewOrganization(ctx, l.Secretary(), admit)
			require.NoError(t, err)
		}
		a = l.application(id)
		require.NotNil(t, a.Organization)
		require.NotNil(t, a.RollEntry())
		assert.Equal(t, []any{governance.ApplicationAdmitted, "forty fitters", "newcomer-lv", "LV006", l.acme},
			[]any{a.State, a.Reason, a.Organization.Slug, a.Organization.Region, a.Organization.ControllerID})
		assert.Equal(t, []store.OrganizationIdentifier{{Scheme: "VAT", Value: "LV 400-030.12345"}}, a.Organization.Identifiers)
		memberships, err := l.DB.MembershipsOf(ctx, []governance.OrganizationID{a.Organization.ID})
		require.NoError(t, err)
		require.Len(t, memberships[a.Organization.ID], 1)
		entry, err := l.DB.RollEntry(ctx, *a.RollEntry())
		require.NoError(t, err)
		assert.Equal(t, []any{governance.RollActive, governance.ChamberProvider, "forty fitters", "1"},
			[]any{entry.State, entry.Chamber, entry.Ground, entry.Weight})

		person.Organization = a.Organization.ID
		held, err := l.DB.MandatesOf(ctx, person, a.Organization.ID)
		require.NoError(t, err)
		require.Len(t, held, 1)
		assert.Equal(t, []any{person.Person, governance.RoleRepresentative, governance.SourceGrant, "forty fitters"},
			[]any{held[0].Person.ID, held[0].Role, held[0].Source, held[0].Ground})
		_, err = l.DB.GrantMandate(ctx, person, store.GrantMandateInput{Organization: a.Organization.ID, Issuer: person.Issuer,
			Subject: "colleague", Role: governance.RoleAuthor, Ground: "writes"})
		require.NoError(t, err, "who represents it goes on from there")
		assert.Equal(t, []string{"APPLICATION_MADE ", "APPLICATION_ADMITTED SECRETARY"}, actsOn(t, l.DB, id))
		assert.Equal(t, []string{"ORGANIZATION_REGISTERED SECRETARY"}, actsOn(t, l.DB, a.Organization.ID))
		assert.Equal(t, []string{"ROLL_ADMITTED SECRETARY"}, actsOn(t, l.DB, entry.ID))
		assert.Equal(t, []string{"MANDATE_GRANTED SECRETARY"}, actsOn(t, l.DB, held[0].ID))
	})
}

func TestAnOrganizationStandsBeforeACouncilOnce(t *testing.T) {
	eachLobby(t, func(l lobby) {
		ctx, person, other := t.Context(), l.Somebody("founder"), l.Somebody("colleague")
		id := l.apply(person, newcomer(l.Council, "LV40003012345"))
		_, err := l.DB.ApplyForNewOrganization(ctx, other, newcomer(l.Council, "lv 4000-3012.345"))
		refused(t, err, governance.CodeConflict, "applied-already")
		_, err = l.DB.WithdrawApplication(ctx, other, store.WithdrawApplicationInput{Application: id})
		refused(t, err, governance.CodeNotFound, "not-found")
		_, err = l.DB.WithdrawApplication(ctx, person, store.WithdrawApplicationInput{Application: id})
		require.NoError(t, err)
		again := l.apply(other, newcomer(l.Council, "LV40003012345"))
		_, err = l.DB.RefuseNewOrganization(ctx, l.Secretary(), store.RefuseNewOrganizationInput{Application: again, Reason: "no fitters"})
		require.NoError(t, err)
		third := l.apply(other, newcomer(l.Council, "LV40003012345"))
		_, err = l.DB.AdmitNewOrganization(ctx, l.Secretary(), store.AdmitNewOrganizationInput{Application: third, Ground: "now it has"})
		require.NoError(t, err)
		_, err = l.DB.ApplyForNewOrganization(ctx, person, newcomer(l.Council, "LV40003012345"))
		refused(t, err, governance.CodeConflict, "organization-exists")
		in := newcomer(l.Council, "LV40003012345")
		in.Slug = "newcomer-again"
		_, err = l.DB.ApplyForNewOrganization(ctx, person, in)
		refused(t, err, governance.CodeConflict, "organization-registered")
		_, err = l.DB.RegisterOrganization(ctx, l.Admin(), store.RegisterOrganizationInput{
			Slug: "newcomer-again", LegalName: "Newcomer SIA", Country: "LV", Identifiers: in.Identifiers})
		refused(t, err, governance.CodeConflict, "organization-registered")
	})
}

func TestAnApplicationWhoseOrganizationWasRegisteredMeanwhileIsNotAdmitted(t *testing.T) {
	eachLobby(t, func(l lobby) {
		id := l.apply(l.Somebody("founder"), newcomer(l.Council, "LV40003012345"))
		_, err := l.DB.RegisterOrganization(t.Context(), l.Admin(), store.RegisterOrganizationInput{
			Slug: "same", LegalName: "Newcomer SIA", Country: "LV", Identifiers: []store.OrganizationIdentifierInput{{Scheme: "vat", Value: "LV40003012345"}}})
		require.NoError(t, err)
		_, err = l.DB.AdmitNewOrganization(t.Context(), l.Secretary(), store.AdmitNewOrganizationInput{Application: id, Ground: "forty fitters"})
		refused(t, err, governance.CodeConflict, "organization-registered")
		assert.Equal(t, governance.ApplicationOpen, l.application(id).State)
	})
}

func TestWhoseAccountWasErasedRepresentsNobody(t *testing.T) {
	eachLobby(t, func(l lobby) {
		person := l.Somebody("founder")
		id := l.apply(person, newcomer(l.Council, "LV40003012345"))
		change(t, l.DB, `UPDATE persons SET erased_at = $2 WHERE id = $1`, person.Person, l.clock.Now())
		_, err := l.DB.AdmitNewOrganization(t.Context(), l.Secretary(), store.AdmitNewOrganizationInput{Application: id, Ground: "forty fitters"})
		refused(t, err, governance.CodeConflict, "person-erased")
		organization, err := l.DB.OrganizationBySlug(t.Context(), "newcomer")
		require.NoError(t, err)
		assert.Nil(t, organization)
	})
}

func TestApplicationsThatCannotStandAreRefused(t *testing.T) {
	eachLobby(t, func(l lobby) {
		ctx, person := t.Context(), l.Somebody("founder")
		for name, c := range map[string]struct {
			spoil  func(in *store.ApplyForNewOrganizationInput)
			code   governance.Code
			reason string
		}{
			"no identifier":         {func(in *store.ApplyForNewOrganizationInput) { in.Identifiers = nil }, governance.CodeInvalid, "identifiers-missing"},
			"one without a letter":  {func(in *store.ApplyForNewOrganizationInput) { in.Identifiers[0].Value = "- ./" }, governance.CodeInvalid, "identifier-empty"},
			"no ground":             {func(in *store.ApplyForNewOrganizationInput) { in.Ground = "" }, governance.CodeInvalid, "text-missing"},
			"a short name taken":    {func(in *store.ApplyForNewOrganizationInput) { in.Slug = "acme" }, governance.CodeConflict, "organization-exists"},
			"an unknown controller": {func(in *store.ApplyForNewOrganizationInput) { in.ControlledBy = "0195e3a0-0000-7000-8000-000000000000" }, governance.CodeNotFound, "not-found"},
			"an unknown chamber":    {func(in *store.ApplyForNewOrganizationInput) { in.Chamber = "GUILD" }, governance.CodeInvalid, "chamber-unknown"},
			"an unknown council":    {func(in *store.ApplyForNewOrganizationInput) { in.Council = l.acme }, governance.CodeNotFound, "not-found"},
			"an id that is none":    {func(in *store.ApplyForNewOrganizationInput) { in.ID = "mine" }, governance.CodeInvalid, "id-malformed"},
		} {
			in := newcomer(l.Council, "LV40003012345")
			c.spoil(&in)
			_, err := l.DB.ApplyForNewOrganization(ctx, person, in)
			require.Error(t, err, name)
			refused(t, err, c.code, c.reason)
		}
		_, err := l.DB.ApplyForNewOrganization(ctx, governance.Actor{}, newcomer(l.Council, "LV40003012345"))
		refused(t, err, governance.CodeUnauthenticated, "sign-in-needed")
	})
}

func TestApplicationsDoNotFloodACouncil(t *testing.T) {
	eachLobby(t, func(l lobby) {
		ctx, person := t.Context(), l.Somebody("founder")
		apply := func(n int) error {
			in := newcomer(l.Council, fmt.Sprintf("LV%011d", n))
			in.Slug = fmt.Sprintf("newcomer-%d", n)
			id, err := l.DB.ApplyForNewOrganization(ctx, person, in)
			if err == nil {
				_, err = l.DB.WithdrawApplication(ctx, person, store.WithdrawApplicationInput{Application: id})
			}
			return err
		}
		for n := range 5 {
			require.NoError(t, apply(n))
			l.clock.Advance(time.Hour)
		}
		refused(t, apply(5), governance.CodeRateLimited, "applications-per-day")
		l.clock.Advance(19 * time.Hour)
		require.NoError(t, apply(5), "a day after the first")
		refused(t, apply(6), governance.CodeRateLimited, "applications-per-day")

		change(t, l.DB, `UPDATE roll_applications SET state = 'OPEN' WHERE slug = 'newcomer-0'`)
		for n := range 199 {
			change(t, l.DB, `INSERT INTO roll_applications (id, council_id, person_id, slug, legal_name, country, region, size, homepage,
				identifiers, member_of, chamber, ground, state, created_at)
				SELECT $1, council_id, person_id, slug, legal_name, country, region, size, homepage, identifiers, member_of, chamber,
					ground, 'OPEN', created_at
				FROM roll_applications
				WHERE slug = 'newcomer-0'
				LIMIT 1`, fmt.Sprintf("0195e3a0-0000-7000-8000-%012d", n))
		}
		_, err := l.DB.ApplyForNewOrganization(ctx, l.Somebody("another"), newcomer(l.Council, "LV40003012345"))
		refused(t, err, governance.CodeConflict, "too-many-applications")
	})
}

func TestAnApplicationIsDecidedOnOnceWhoeverIsFaster(t *testing.T) {
	eachLobby(t, func(l lobby) {
		person := l.Somebody("founder")
		id := l.apply(person, newcomer(l.Council, "LV40003012345"))
		answers := []func() error{
			func() error {
				_, err := l.DB.AdmitNewOrganization(t.Context(), l.Secretary(), store.AdmitNewOrganizationInput{Application: id, Ground: "forty fitters"})
				return err
			},
			func() error {
				_, err := l.DB.RefuseNewOrganization(t.Context(), l.Secretary(), store.RefuseNewOrganizationInput{Application: id, Reason: "no fitters"})
				return err
			},
			func() error {
				_, err := l.DB.WithdrawApplication(t.Context(), person, store.WithdrawApplicationInput{Application: id})
				return err
			},
		}
		errs := make([]error, len(answers))
		var all sync.WaitGroup
		for i, answer := range answers {
			all.Go(func() { errs[i] = answer() })
		}
		all.Wait()
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
				continue
			}
			refused(t, err, governance.CodeConflict, "application-closed")
		}
		assert.Equal(t, 1, taken)
	})
}

func TestApplicationsAreReadByThoseWhomTheyConcern(t *testing.T) {
	eachLobby(t, func(l lobby) {
		ctx, person, other := t.Context(), l.Somebody("founder"), l.Somebody("stranger")
		mine := l.apply(person, newcomer(l.Council, "LV1"))
		in := newcomer(l.Council, "LV2")
		in.Slug = "second"
		theirs := l.apply(other, in)
		read := func(who governance.Actor) (ids []governance.ApplicationID) {
			page, err := l.DB.RollApplications(ctx, who, l.Council, store.Page{})
			require.NoError(t, err)
			for _, a := range page.Nodes {
				ids = append(ids, a.ID)
			}
			return ids
		}
		assert.Equal(t, []governance.ApplicationID{mine, theirs}, read(l.Secretary()))
		assert.Equal(t, []governance.ApplicationID{mine, theirs}, read(l.Admin()))
		assert.Equal(t, []governance.ApplicationID{mine}, read(person))
		assert.Empty(t, read(l.boss))
		assert.Empty(t, read(governance.Actor{}))
		_, err := l.DB.RollApplication(ctx, other, mine)
		refused(t, err, governance.CodeNotFound, "not-found")
		page, err := l.DB.OwnRollApplications(ctx, other, store.Page{})
		require.NoError(t, err)
		require.Len(t, page.Nodes, 1)
		assert.Equal(t, theirs, page.Nodes[0].ID)
		none, err := l.DB.OwnRollApplications(ctx, governance.Actor{}, store.Page{})
		require.NoError(t, err)
		assert.Empty(t, none.Nodes)
	})
}

func TestTheCouncilAndTheApplicantAreToldOfAnApplication(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		person := d.Somebody("founder")
		apply := func(vat, slug string) governance.ApplicationID {
			in := newcomer(d.Council, vat)
			in.Slug = slug
			id, err := d.DB.ApplyForNewOrganization(t.Context(), person, in)
			require.NoError(t, err)
			return id
		}
		first, second, third := apply("LV1", "one"), apply("LV2", "two"), apply("LV3", "three")
		d.follow()
		made := "Somebody applies to the council's roll for an organization that is not registered yet."
		assert.Equal(t, []string{made, made, made}, d.told(d.Secretary()))
		page, err := d.DB.Notices(t.Context(), d.Secretary(), false, store.Page{})
		require.NoError(t, err)
		assert.Equal(t, governance.Text{"und": "Newcomer SIA"}, page.Nodes[0].Title)
		assert.Equal(t, "/councils/council/applications#"+string(third), page.Nodes[0].Path)
		assert.Equal(t, string(d.Council), page.Nodes[0].About)

		_, err = d.DB.WithdrawApplication(t.Context(), person, store.WithdrawApplicationInput{Application: second})
		require.NoError(t, err)
		_, err = d.DB.RefuseNewOrganization(t.Context(), d.Secretary(), store.RefuseNewOrganizationInput{Application: third, Reason: "no fitters"})
		require.NoError(t, err)
		_, err = d.DB.AdmitNewOrganization(t.Context(), d.Secretary(), store.AdmitNewOrganizationInput{Application: first, Ground: "forty fitters"})
		require.NoError(t, err)
		d.follow()
		assert.Equal(t, []string{
			"The organization that you applied for is registered and on the council's roll. You represent it.",
			"Your application to the council's roll was refused; the reason stands with it.",
		}, d.told(person))
		assert.Equal(t, "An application to the council's roll was taken back.", d.told(d.Secretary())[0])
	})
}

func TestAnApplicationForANewOrganizationWaitsForTheSecretary(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageBallot)
		id, err := d.DB.ApplyForNewOrganization(t.Context(), d.Somebody("founder"), newcomer(d.Council, "LV1"))
		require.NoError(t, err)
		item := d.only(d.Secretary(), "ADMIT_NEW_ORGANIZATION council")
		assert.Equal(t, governance.Text{"und": "Newcomer SIA"}, item.Title)
		assert.Equal(t, string(id), item.Object)
		assert.Empty(t, d.waits(d.As("council", governance.RoleRepresentative)))
		d.open("acme")
		assert.NotContains(t, d.waits(d.Secretary()), "ADMIT_NEW_ORGANIZATION council", "an open ballot keeps the roll as it is")
	})
}
