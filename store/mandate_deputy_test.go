package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// delegate names acme's author deputy of its representative, for the days.
func (l lobby) delegate(from, until governance.Date) (governance.MandateID, error) {
	l.t.Helper()
	return l.DB.DelegateMandate(l.t.Context(), l.boss, store.DelegateMandateInput{
		Mandate: mandateOf(l.t, l.DB, l.boss, governance.RoleRepresentative), Person: l.deputy().Person,
		FromOn: from, UntilOn: until, Ground: "on holiday",
	})
}

func (l lobby) deputy() governance.Actor { return l.As("acme", governance.RoleAuthor) }

func TestADeputySpeaksForTheOrganizationOnItsDays(t *testing.T) {
	eachLobby(t, func(l lobby) {
		need, err := l.DB.ProposeNeed(t.Context(), l.As("bolt", governance.RoleAuthor), fitters(l.Cast))
		require.NoError(t, err)
		back := func() error {
			_, err := l.DB.BackNeed(t.Context(), l.deputy(), store.BackNeedInput{Need: need, HeadCount: 3})
			return err
		}
		refused(t, back(), governance.CodeForbidden, "role-needed")
		id, err := l.delegate("2026-03-10", "2026-03-20")
		require.NoError(t, err)
		refused(t, back(), governance.CodeForbidden, "role-needed")
		l.clock.Set(time.Date(2026, 3, 9, 22, 0, 0, 0, time.UTC))
		require.NoError(t, back())

		m, err := l.DB.Mandate(t.Context(), l.boss, id)
		require.NoError(t, err)
		assert.Equal(t, mandateOf(t, l.DB, l.boss, governance.RoleRepresentative), *m.DelegatedFrom())
		assert.Equal(t, []string{"MANDATE_GRANTED REPRESENTATIVE"}, actsOn(t, l.DB, id))

		l.clock.Set(time.Date(2026, 3, 20, 22, 0, 0, 0, time.UTC))
		refused(t, back(), governance.CodeForbidden, "role-needed")
	})
}

func TestADeputyDecidesOnNoMandates(t *testing.T) {
	eachLobby(t, func(l lobby) {
		_, err := l.delegate("", "2026-03-20")
		require.NoError(t, err)
		deputy := l.deputy()
		own := mandateOf(t, l.DB, deputy, governance.RoleRepresentative)
		_, err = l.DB.GrantMandate(t.Context(), deputy, grantTo(l.acme, "friend", governance.RoleRepresentative))
		refused(t, err, governance.CodeForbidden, "deputy")
		_, err = l.DB.InviteToMandate(t.Context(), deputy, l.offer(""))
		refused(t, err, governance.CodeForbidden, "deputy")
		for _, mandate := range []governance.MandateID{own, mandateOf(t, l.DB, l.boss, governance.RoleRepresentative)} {
			_, err = l.DB.DelegateMandate(t.Context(), deputy, store.DelegateMandateInput{
				Mandate: mandate, Issuer: "i", Subject: "s", UntilOn: "2026-03-15", Ground: "away too"})
			refused(t, err, governance.CodeForbidden, "deputy")
			_, err = l.DB.EndMandate(t.Context(), deputy, store.EndMandateInput{Mandate: mandate, Ground: "mine now"})
			refused(t, err, governance.CodeForbidden, "deputy")
		}
		may, err := l.DB.OrganizationMay(t.Context(), deputy, l.acme)
		require.NoError(t, err)
		for _, p := range may {
			if !slices.Contains([]governance.Step{governance.SuspendOrganization, governance.LiftSuspension}, p.Step) { // the administrator's
				assert.Equal(t, "deputy", *p.Reason(), "%s", p.Step)
			}
		}
		listed, err := l.DB.MandateInvitations(t.Context(), deputy, l.acme, store.Page{})
		require.NoError(t, err)
		assert.Empty(t, listed.Nodes)
	})
}

func TestADeputysMandateEndsWithTheOneThatItComesFrom(t *testing.T) {
	eachLobby(t, func(l lobby) {
		id, err := l.delegate("2026-03-10", "2026-03-20")
		require.NoError(t, err)
		_, err = l.DB.EndMandate(t.Context(), l.Admin(), store.EndMandateInput{
			Mandate: mandateOf(t, l.DB, l.boss, governance.RoleRepresentative), Ground: "left"})
		require.NoError(t, err)
		m, err := l.DB.Mandate(t.Context(), l.Admin(), id)
		require.NoError(t, err)
		require.NotNil(t, m.EndedAt)
		assert.Equal(t, []string{"MANDATE_GRANTED REPRESENTATIVE", "MANDATE_ENDED ADMIN"}, actsOn(t, l.DB, id))
	})
}

func TestADeputysMandateEndsWithAClaim(t *testing.T) {
	eachLobby(t, func(l lobby) {
		boss := store.SignIn{Issuer: storetest.CastIssuer, Subject: "claimed", ReadsMandates: true, IssuedAt: storetest.Start,
			Mandates: []store.ClaimedMandate{{Organization: "bolt", Role: governance.RoleRepresentative, Rule: "groups"}}}
		in, err := l.DB.SignIn(t.Context(), boss)
		require.NoError(t, err)
		claimed := governance.Actor{Person: in.Person}
		id, err := l.DB.DelegateMandate(t.Context(), l.Admin(), store.DelegateMandateInput{
			Mandate: mandateOf(t, l.DB, claimed, governance.RoleRepresentative), Issuer: storetest.CastIssuer, Subject: "stand-in",
			UntilOn: "2026-04-30", Ground: "ill"})
		require.NoError(t, err)
		boss.Mandates = nil
		in, err = l.DB.SignIn(t.Context(), boss)
		require.NoError(t, err)
		assert.Len(t, in.Ended, 1)
		m, err := l.DB.Mandate(t.Context(), l.Admin(), id)
		require.NoError(t, err)
		require.NotNil(t, m.EndedAt, "the deputy's with it")
	})
}

func TestNamingADeputyIsRefused(t *testing.T) {
	eachLobby(t, func(l lobby) {
		until := time.Date(2026, 4, 30, 21, 0, 0, 0, time.UTC)
		dated, err := l.DB.GrantMandate(t.Context(), l.boss, dated(grantTo(l.acme, "temp", governance.RolePublisher), nil, &until))
		require.NoError(t, err)
		deputy, err := l.delegate("", "2026-03-20")
		require.NoError(t, err)
		named := store.DelegateMandateInput{Mandate: dated, Issuer: "https://idp", Subject: "x", UntilOn: "2026-04-30", Ground: "away"}
		with := func(alter func(*store.DelegateMandateInput)) store.DelegateMandateInput {
			in := named
			alter(&in)
			return in
		}
		for name, test := range map[string]struct {
			in     store.DelegateMandateInput
			code   governance.Code
			reason string
		}{
			"of a deputy": {with(func(in *store.DelegateMandateInput) { in.Mandate = deputy }), governance.CodeConflict, "deputy-of-deputy"},
			"of an administrator": {with(func(in *store.DelegateMandateInput) {
				in.Mandate = mandateOf(t, l.DB, l.Admin(), governance.RoleAdmin)
			}), governance.CodeConflict, "administrators-granted"},
			"beyond the mandate": {with(func(in *store.DelegateMandateInput) { in.UntilOn = "2026-05-01" }), governance.CodeInvalid, "beyond-principal"},
			"by nothing":         {with(func(in *store.DelegateMandateInput) { in.Issuer, in.Subject = "", "" }), governance.CodeInvalid, "person-ambiguous"},
			"by id and name":     {with(func(in *store.DelegateMandateInput) { in.Person = l.boss.Person }), governance.CodeInvalid, "person-ambiguous"},
			"who holds the role": {with(func(in *store.DelegateMandateInput) { in.Issuer, in.Subject = storetest.CastIssuer, "acme-PUBLISHER" }), governance.CodeConflict, "mandate-held"},
			"who is unknown here": {with(func(in *store.DelegateMandateInput) {
				in.Issuer, in.Subject, in.Person = "", "", l.As("bolt", governance.RoleAuthor).Person
			}), governance.CodeNotFound, "not-found"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := l.DB.DelegateMandate(t.Context(), l.Admin(), test.in)
				refused(t, err, test.code, test.reason)
			})
		}
	})
}

func TestAMandateIsExtended(t *testing.T) {
	eachLobby(t, func(l lobby) {
		until := time.Date(2026, 4, 30, 21, 0, 0, 0, time.UTC)
		id, err := l.DB.GrantMandate(t.Context(), l.boss, dated(grantTo(l.acme, "temp", governance.RoleAuthor), nil, &until))
		require.NoError(t, err)
		extend := func(on governance.Date) error {
			_, err := l.DB.ExtendMandate(t.Context(), l.boss, store.ExtendMandateInput{Mandate: id, UntilOn: on, Ground: "another year"})
			return err
		}
		refused(t, extend("2026-04-29"), governance.CodeInvalid, "not-later")
		refused(t, extend("2026-04-30"), governance.CodeInvalid, "not-later")
		require.NoError(t, extend("2027-04-30"))
		require.NoError(t, extend(""))
		refused(t, extend("2028-04-30"), governance.CodeConflict, "without-end")
		assert.Equal(t, []string{"MANDATE_GRANTED REPRESENTATIVE", "MANDATE_EXTENDED REPRESENTATIVE", "MANDATE_EXTENDED REPRESENTATIVE"}, actsOn(t, l.DB, id))
		m, err := l.DB.Mandate(t.Context(), l.boss, id)
		require.NoError(t, err)
		assert.Nil(t, m.UntilAt)
	})
}

func TestADeputyIsNoSecretaryWhoStays(t *testing.T) {
	eachLobby(t, func(l lobby) {
		first, second := l.Secretary(), l.As("council", governance.RoleSecretary, "2")
		_, err := l.DB.EndMandate(t.Context(), l.Admin(), store.EndMandateInput{Mandate: mandateOf(t, l.DB, second, governance.RoleSecretary), Ground: "left"})
		require.NoError(t, err)
		last := mandateOf(t, l.DB, first, governance.RoleSecretary)
		deputy, err := l.DB.DelegateMandate(t.Context(), l.As("council", governance.RoleRepresentative), store.DelegateMandateInput{
			Mandate: last, Person: l.As("council", governance.RoleAuthor).Person, UntilOn: "2026-04-30", Ground: "on holiday"})
		require.NoError(t, err)
		_, err = l.DB.EndMandate(t.Context(), l.Admin(), store.EndMandateInput{Mandate: last, Ground: "left"})
		refused(t, err, governance.CodeConflict, "last-holder")
		_, err = l.DB.EndMandate(t.Context(), l.Admin(), store.EndMandateInput{Mandate: deputy, Ground: "back again"})
		require.NoError(t, err)
	})
}

// TestTheLastSecretaryStaysWhateverClaimsSay has two secretaries, both by claims, sign in at once without the claim.
func TestTheLastSecretaryStaysWhateverClaimsSay(t *testing.T) {
	eachLobby(t, func(l lobby) {
		claimed := func(subject string, mandates ...store.ClaimedMandate) store.SignIn {
			return store.SignIn{Issuer: storetest.CastIssuer, Subject: subject, ReadsMandates: true, IssuedAt: storetest.Start, Mandates: mandates}
		}
		secretary := store.ClaimedMandate{Council: "council", Role: governance.RoleSecretary, Rule: "groups"}
		for _, subject := range []string{"one", "two"} {
			_, err := l.DB.SignIn(t.Context(), claimed(subject, secretary))
			require.NoError(t, err)
		}
		for _, who := range []governance.Actor{l.Secretary(), l.As("council", governance.RoleSecretary, "2")} {
			_, err := l.DB.EndMandate(t.Context(), l.Admin(), store.EndMandateInput{Mandate: mandateOf(t, l.DB, who, governance.RoleSecretary), Ground: "left"})
			require.NoError(t, err)
		}
		results := make([]store.SignedIn, 2)
		errs := make([]error, 2)
		var all sync.WaitGroup
		for i, subject := range []string{"one", "two"} {
			all.Go(func() { results[i], errs[i] = l.DB.SignIn(t.Context(), claimed(subject)) })
		}
		all.Wait()
		require.NoError(t, errs[0])
		require.NoError(t, errs[1])
		assert.Equal(t, 1, len(results[0].Kept)+len(results[1].Kept), "one of them stays, and is told so")
		assert.Equal(t, int64(1), number(t, l.DB, `SELECT COUNT(*) FROM mandates WHERE role = 'SECRETARY' AND ended_at IS NULL AND organization_id = $1`, string(l.Council)))
	})
}
