package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func TestASectorDoesNotLoseItsCouncilWhileAnEditionIsOpen(t *testing.T) {
	eachDesk(t, func(d desk) {
		change := func(in store.ChangeCouncilInput) error {
			in.Council, in.Ground = d.Council, "as the ministry decided"
			_, err := d.DB.ChangeCouncil(t.Context(), d.Admin(), in)
			return err
		}
		require.NoError(t, change(store.ChangeCouncilInput{Sectors: []string{"construction", "heat"}}))
		refused(t, change(store.ChangeCouncilInput{Sectors: []string{"heat"}}), governance.CodeConflict, "edition-open")
		refused(t, change(store.ChangeCouncilInput{Sectors: []string{"heat", "construction"}}), governance.CodeConflict, "unchanged")
		refused(t, change(store.ChangeCouncilInput{Sectors: []string{}}), governance.CodeInvalid, "sectors-missing")
		refused(t, change(store.ChangeCouncilInput{Zone: "Mars/Olympus"}), governance.CodeInvalid, "zone-unknown")
		require.NoError(t, change(store.ChangeCouncilInput{Zone: "Europe/Vilnius", Jurisdiction: []string{"LT"}}))
		for _, stage := range governance.EditionStages {
			d.stage(stage)
			err := change(store.ChangeCouncilInput{Sectors: []string{"heat"}})
			if stage.Open() {
				refused(t, err, governance.CodeConflict, "edition-open")
				continue
			}
			require.NoError(t, err, "%s", stage)
			require.NoError(t, change(store.ChangeCouncilInput{Sectors: []string{"construction", "heat"}}))
		}
		council, err := d.DB.Council(t.Context(), d.Council)
		require.NoError(t, err)
		assert.Equal(t, []any{[]string{"LT"}, []string{"construction", "heat"}, "Europe/Vilnius"}, []any{council.Jurisdiction, council.Sectors, council.Zone})
		_, err = d.DB.ChangeCouncil(t.Context(), d.Secretary(), store.ChangeCouncilInput{Council: d.Council, Zone: "Europe/Riga", Ground: "ours"})
		refused(t, err, governance.CodeForbidden, "role-needed")
		assert.Contains(t, actsOn(t, d.DB, d.Council), "COUNCIL_CHANGED ADMIN")
	})
}

func TestAnOrganizationIsSuspendedAndReinstated(t *testing.T) {
	eachLobby(t, func(l lobby) {
		suspend := store.SuspendOrganizationInput{Organization: l.acme, Ground: "owes its fees", IdempotencyKey: "once"}
		for range 2 {
			_, err := l.DB.SuspendOrganization(t.Context(), l.Admin(), suspend)
			require.NoError(t, err)
		}
		_, err := l.DB.ProposeNeed(t.Context(), l.As("acme", governance.RoleAuthor), fitters(l.Cast))
		refused(t, err, governance.CodeForbidden, "suspended")
		suspend.IdempotencyKey = ""
		_, err = l.DB.SuspendOrganization(t.Context(), l.Admin(), suspend)
		refused(t, err, governance.CodeConflict, "suspended-already")
		suspend.Organization = l.Organizations["platform"]
		_, err = l.DB.SuspendOrganization(t.Context(), l.Admin(), suspend)
		refused(t, err, governance.CodeConflict, "suspended-already")
		_, err = l.DB.LiftSuspension(t.Context(), l.Admin(), store.LiftSuspensionInput{Organization: l.acme, Ground: "paid"})
		require.NoError(t, err)
		_, err = l.DB.ProposeNeed(t.Context(), l.As("acme", governance.RoleAuthor), fitters(l.Cast))
		require.NoError(t, err)
		_, err = l.DB.LiftSuspension(t.Context(), l.Admin(), store.LiftSuspensionInput{Organization: l.acme, Ground: "paid"})
		refused(t, err, governance.CodeConflict, "not-suspended")
		assert.Equal(t, []string{"ORGANIZATION_REGISTERED ADMIN", "ORGANIZATION_SUSPENDED ADMIN", "ORGANIZATION_REINSTATED ADMIN"}, actsOn(t, l.DB, l.acme))
	})
}

func TestControlCountsFromTheNextOpening(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		declare := func(by governance.OrganizationID) error {
			_, err := v.DB.DeclareControl(t.Context(), v.As("bolt", governance.RoleRepresentative), store.DeclareControlInput{
				Organization: v.Organizations["bolt"], ControlledBy: by, Ground: "bought last week"})
			return err
		}
		open := v.open()
		require.Contains(t, v.electors(open), "bolt")
		require.NoError(t, declare(v.Organizations["acme"]))
		assert.Contains(t, v.electors(open), "bolt", "an open ballot keeps its electorate")
		refused(t, declare(v.Organizations["acme"]), governance.CodeConflict, "control-declared")
		refused(t, declare(v.Organizations["bolt"]), governance.CodeInvalid, "controls-itself")
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(declare("0195e3a0-0000-7000-8000-000000000000")))
		v.ready("more-heat-pumps")
		next := v.open()
		assert.NotContains(t, v.electors(next), "bolt", "a group votes once")
		require.NoError(t, declare(""))
		v.ready("still-more-heat-pumps")
		assert.Contains(t, v.electors(v.open()), "bolt")
	})
}

func TestAMembershipIsDeclaredAndEnds(t *testing.T) {
	eachLobby(t, func(l lobby) {
		guild := l.Organizations["office"]
		declare := func(id governance.OrganizationID) error {
			_, err := l.DB.DeclareMembership(t.Context(), l.boss, store.DeclareMembershipInput{Organization: l.acme, MemberOf: id, Ground: "pays its fees"})
			return err
		}
		end := func() error {
			_, err := l.DB.EndMembership(t.Context(), l.boss, store.EndMembershipInput{Organization: l.acme, MemberOf: guild, Ground: "left"})
			return err
		}
		refused(t, end(), governance.CodeConflict, "no-member")
		require.NoError(t, declare(guild))
		refused(t, declare(guild), governance.CodeConflict, "member-already")
		refused(t, declare(l.acme), governance.CodeInvalid, "member-of-itself")
		l.clock.Advance(24 * time.Hour)
		require.NoError(t, end())
		require.NoError(t, declare(guild), "it may come back")
		found, err := l.DB.MembershipsOf(t.Context(), []governance.OrganizationID{l.acme, guild})
		require.NoError(t, err)
		memberships := found[l.acme]
		assert.Empty(t, found[guild])
		require.Len(t, memberships, 2)
		assert.NotNil(t, memberships[0].UntilAt)
		assert.Nil(t, memberships[1].UntilAt)
		assert.Equal(t, "Office Ltd", memberships[1].Organization.LegalName)
		_, err = l.DB.DeclareMembership(t.Context(), l.As("bolt", governance.RoleRepresentative), store.DeclareMembershipInput{
			Organization: l.acme, MemberOf: guild, Ground: "theirs"})
		refused(t, err, governance.CodeForbidden, "role-needed")
	})
}

func TestTheHistoryOfAnEntryIsPublicWithItsGrounds(t *testing.T) {
	eachLobby(t, func(l lobby) {
		l.Register("applicant")
		l.Grant("applicant", governance.RoleRepresentative, "")
		id, err := l.DB.ApplyToRoll(t.Context(), l.As("applicant", governance.RoleRepresentative), store.ApplyToRollInput{
			Council: l.Council, Chamber: governance.ChamberEmployer, Ground: "employs fitters"})
		require.NoError(t, err)
		_, err = l.DB.AdmitToRoll(t.Context(), l.Secretary(), store.AdmitToRollInput{
			Council: l.Council, Organization: l.Organizations["applicant"], Chamber: governance.ChamberEmployer, Ground: "it does"})
		require.NoError(t, err)
		_, err = l.DB.ChangeChamber(t.Context(), l.Secretary(), store.ChangeChamberInput{RollEntry: id, Chamber: governance.ChamberUnion, Ground: "a slip"})
		require.NoError(t, err)
		roll, err := l.DB.Roll(t.Context(), l.Council, "", store.Page{First: new(100)})
		require.NoError(t, err)
		entry := roll.Nodes[len(roll.Nodes)-1]
		history, err := l.DB.RollHistory(t.Context(), entry)
		require.NoError(t, err)
		var told []string
		for _, change := range history {
			told = append(told, change.Event+" "+string(*change.Chamber)+": "+change.Ground)
		}
		assert.Equal(t, []string{"ROLL_APPLIED EMPLOYER: employs fitters", "ROLL_ADMITTED EMPLOYER: it does", "ROLL_CHAMBER_CHANGED UNION: a slip"}, told)
		change(t, l.DB, `UPDATE act_texts SET text = NULL WHERE name = 'ground'`)
		history, err = l.DB.RollHistory(t.Context(), &store.RollEntry{ID: id})
		require.NoError(t, err)
		assert.Empty(t, history[0].Ground)
	})
}
