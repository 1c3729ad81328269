package store_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// lobby is a cast whose clock the test moves, and people who come to be invited.
type lobby struct {
	*storetest.Cast
	t     *testing.T
	clock *storetest.Clock
	boss  governance.Actor // represents acme
	acme  governance.OrganizationID
}

func eachLobby(t *testing.T, f func(l lobby)) {
	t.Helper()
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			clock := storetest.NewClock()
			cast := storetest.NewCast(t, storetest.OpenAt(t, kind, clock))
			f(lobby{cast, t, clock, cast.As("acme", governance.RoleRepresentative), cast.Organizations["acme"]})
		})
	}
}

// guest is somebody without a mandate, with an address that its provider has verified.
func (l lobby) guest(name, email string) governance.Actor {
	l.t.Helper()
	guest := l.Somebody(name)
	change(l.t, l.DB, `UPDATE persons SET email = $2, email_verified = 1 WHERE id = $1`, guest.Person, email)
	return guest
}

func (l lobby) offer(email string) store.InviteToMandateInput {
	return store.InviteToMandateInput{Organization: l.acme, Email: email, Role: governance.RoleAuthor, Ground: "joins the company"}
}

// invite makes an invitation and reads it as its maker does.
func (l lobby) invite(in store.InviteToMandateInput) *store.MandateInvitation {
	l.t.Helper()
	id, err := l.DB.InviteToMandate(l.t.Context(), l.boss, in)
	require.NoError(l.t, err)
	i, err := l.DB.MandateInvitation(l.t.Context(), l.boss, id)
	require.NoError(l.t, err)
	return i
}

func (l lobby) accept(who governance.Actor, token string) error {
	_, err := l.DB.AcceptMandate(l.t.Context(), who, store.AcceptMandateInput{Token: token})
	return err
}

func TestALinkIsAcceptedOnce(t *testing.T) {
	eachLobby(t, func(l lobby) {
		i := l.invite(l.offer(""))
		assert.True(t, i.ByLink)
		assert.Equal(t, storetest.Start.AddDate(0, 0, 7), i.ExpiresAt)
		require.NotEmpty(t, i.Token)
		assert.Equal(t, "/invitations/"+i.Token, i.Path())
		guest := l.Somebody("walker")
		shown, err := l.DB.MandateInvitationByToken(t.Context(), guest, i.Token)
		require.NoError(t, err)
		assert.Equal(t, "Acme Ltd", shown.Organization.LegalName)
		assert.Empty(t, shown.Token, "who is invited hands nothing on")
		_, err = l.DB.MandateInvitation(t.Context(), guest, i.ID)
		refused(t, err, governance.CodeNotFound, "not-found")
		_, err = l.DB.AcceptMandate(t.Context(), guest, store.AcceptMandateInput{Invitation: i.ID})
		refused(t, err, governance.CodeNotFound, "not-found")

		in := store.AcceptMandateInput{Token: i.Token, IdempotencyKey: "mine"}
		id, err := l.DB.AcceptMandate(t.Context(), guest, in)
		require.NoError(t, err)
		again, err := l.DB.AcceptMandate(t.Context(), guest, in)
		require.NoError(t, err)
		assert.Equal(t, id, again, "a repeat has one effect")
		m, err := l.DB.Mandate(t.Context(), l.boss, id)
		require.NoError(t, err)
		assert.Equal(t, []any{guest.Person, governance.RoleAuthor, governance.SourceInvitation, "joins the company"},
			[]any{m.Person.ID, m.Role, m.Source, m.Ground})
		assert.Equal(t, []string{"MANDATE_GRANTED "}, actsOn(t, l.DB, id), "the person's own act, in nobody's name")
		for _, who := range []governance.Actor{guest, l.Somebody("thief")} {
			refused(t, l.accept(who, i.Token), governance.CodeConflict, "invitation-used")
		}
		i, err = l.DB.MandateInvitation(t.Context(), l.boss, i.ID)
		require.NoError(t, err)
		assert.Equal(t, governance.InvitationAccepted, i.State)
		assert.Equal(t, id, *i.Mandate())
		assert.Empty(t, i.Token)
	})
}

func TestOfTwoWhoUseALinkAtOnceOneGetsTheMandate(t *testing.T) {
	eachLobby(t, func(l lobby) {
		token := l.invite(l.offer("")).Token
		guests := []governance.Actor{l.Somebody("one"), l.Somebody("two"), l.Somebody("three")}
		errs := make([]error, len(guests))
		var all sync.WaitGroup
		for i, guest := range guests {
			all.Go(func() { errs[i] = l.accept(guest, token) })
		}
		all.Wait()
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
				continue
			}
			refused(t, err, governance.CodeConflict, "invitation-used")
		}
		assert.Equal(t, 1, taken)
		assert.Equal(t, int64(1), number(t, l.DB, `SELECT COUNT(*) FROM mandates WHERE source = 'INVITATION'`))
	})
}

func TestAnInvitationByMailIsForItsAddressAlone(t *testing.T) {
	eachLobby(t, func(l lobby) {
		i := l.invite(l.offer("Jana.Petersen@example.org"))
		assert.False(t, i.ByLink)
		assert.Equal(t, storetest.Start.AddDate(0, 0, 14), i.ExpiresAt)
		jana, other := l.guest("jana", "jana.petersen@EXAMPLE.org"), l.guest("other", "else@example.org")

		shown, err := l.DB.MandateInvitationByToken(t.Context(), other, i.Token)
		require.NoError(t, err, "a forwarded mail shows what was offered")
		assert.Equal(t, "j…@example.org", shown.Email)
		refused(t, l.accept(other, i.Token), governance.CodeForbidden, "another-address")
		refused(t, l.accept(governance.Actor{}, i.Token), governance.CodeUnauthenticated, "sign-in-needed")
		change(t, l.DB, `UPDATE persons SET email_verified = 0 WHERE id = $1`, jana.Person)
		refused(t, l.accept(jana, i.Token), governance.CodeForbidden, "another-address")
		change(t, l.DB, `UPDATE persons SET email_verified = 1 WHERE id = $1`, jana.Person)

		_, err = l.DB.AcceptMandate(t.Context(), jana, store.AcceptMandateInput{Invitation: i.ID})
		require.NoError(t, err, "without the mail, for the address is hers")
		assert.Equal(t, int64(0), number(t, l.DB, `SELECT COUNT(*) FROM mandate_invitations WHERE email <> ''`), "forgotten")
		refused(t, l.accept(other, i.Token), governance.CodeConflict, "invitation-used")
	})
}

func TestAnInvitationThatIsOver(t *testing.T) {
	eachLobby(t, func(l lobby) {
		guest := l.guest("jana", "jana@example.org")
		t.Run("is taken back", func(t *testing.T) {
			i := l.invite(l.offer("jana@example.org"))
			_, err := l.DB.WithdrawMandateInvitation(t.Context(), l.boss, store.WithdrawMandateInvitationInput{Invitation: i.ID, Ground: "a slip"})
			require.NoError(t, err)
			refused(t, l.accept(guest, i.Token), governance.CodeConflict, "invitation-withdrawn")
			assert.Equal(t, []string{"MANDATE_INVITED REPRESENTATIVE", "MANDATE_INVITATION_WITHDRAWN REPRESENTATIVE"}, actsOn(t, l.DB, i.ID))
		})
		t.Run("is turned down", func(t *testing.T) {
			i := l.invite(l.offer("jana@example.org"))
			_, err := l.DB.DeclineMandate(t.Context(), guest, store.DeclineMandateInput{Token: i.Token})
			require.NoError(t, err)
			refused(t, l.accept(guest, i.Token), governance.CodeConflict, "invitation-used")
		})
		t.Run("lapses with the mandate of whoever made it", func(t *testing.T) {
			l.Grant("acme", governance.RoleRepresentative, "2")
			second := l.As("acme", governance.RoleRepresentative, "2")
			id, err := l.DB.InviteToMandate(t.Context(), second, l.offer(""))
			require.NoError(t, err)
			i, err := l.DB.MandateInvitation(t.Context(), second, id)
			require.NoError(t, err)
			_, err = l.DB.EndMandate(t.Context(), l.boss, store.EndMandateInput{
				Mandate: mandateOf(t, l.DB, second, governance.RoleRepresentative), Ground: "dismissed"})
			require.NoError(t, err)
			refused(t, l.accept(guest, i.Token), governance.CodeConflict, "invitation-lapsed")
		})
		t.Run("is accepted by nobody while the organization is suspended", func(t *testing.T) {
			i := l.invite(l.offer(""))
			change(t, l.DB, `UPDATE organizations SET suspended = 1 WHERE id = $1`, l.acme)
			refused(t, l.accept(guest, i.Token), governance.CodeForbidden, "suspended")
			change(t, l.DB, `UPDATE organizations SET suspended = 0`)
		})
		t.Run("lapses with its days, to the microsecond", func(t *testing.T) {
			early, late := l.invite(l.offer("")), l.invite(l.offer("jana@example.org"))
			l.clock.Set(early.ExpiresAt)
			refused(t, l.accept(guest, early.Token), governance.CodeConflict, "invitation-lapsed")
			l.clock.Set(late.ExpiresAt.Add(-time.Microsecond))
			_, err := l.DB.TakeDue(t.Context())
			require.NoError(t, err)
			_, err = l.DB.MandateInvitation(t.Context(), guest, late.ID)
			require.NoError(t, err)
			l.clock.Set(late.ExpiresAt)
			_, err = l.DB.TakeDue(t.Context())
			require.NoError(t, err)
			assert.Equal(t, int64(0), number(t, l.DB, `SELECT COUNT(*) FROM mandate_invitations WHERE email <> ''`))
			listed, err := l.DB.MandateInvitations(t.Context(), l.boss, l.acme, store.Page{})
			require.NoError(t, err)
			var states []governance.InvitationState
			for _, i := range listed.Nodes {
				states = append(states, i.State)
				assert.Empty(t, i.Token)
			}
			assert.Equal(t, []governance.InvitationState{"WITHDRAWN", "DECLINED", "LAPSED", "LAPSED", "LAPSED", "LAPSED"}, states)
		})
	})
}

func TestALinkThatWeDidNotMakeLeadsNowhere(t *testing.T) {
	eachLobby(t, func(l lobby) {
		i := l.invite(l.offer(""))
		id, proof, _ := strings.Cut(i.Token, ".")
		other := l.invite(l.offer(""))
		guest := l.Somebody("walker")
		for name, token := range map[string]string{
			"without a proof": id + ".", "without a dot": id, "of another": string(other.ID) + "." + proof,
			"cut off": i.Token[:len(i.Token)-1], "of nothing": "0195e3a0-0000-7000-8000-000000000000." + proof, "in capitals": strings.ToUpper(i.Token),
		} {
			t.Run(name, func(t *testing.T) {
				assert.Equal(t, governance.CodeNotFound, governance.CodeOf(l.accept(guest, token)))
				_, err := l.DB.MandateInvitationByToken(t.Context(), guest, token)
				assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
			})
		}
		for _, forged := range []string{`role = 'REPRESENTATIVE'`, `expires_at = '2099-01-01T00:00:00.000000Z'`, `organization_id = invited_by`} {
			if strings.HasPrefix(forged, "organization_id") {
				forged = `organization_id = '` + string(l.Organizations["bolt"]) + `'`
			}
			before := texts(t, l.DB, `SELECT organization_id || ' ' || role || ' ' || expires_at FROM mandate_invitations WHERE id = $1`, string(i.ID))[0]
			change(t, l.DB, `UPDATE mandate_invitations SET `+forged+` WHERE id = $1`, string(i.ID))
			assert.Equal(t, governance.CodeNotFound, governance.CodeOf(l.accept(guest, i.Token)), "the link signs what is offered: %s", forged)
			was := strings.Fields(before)
			change(t, l.DB, `UPDATE mandate_invitations SET organization_id = $2, role = $3, expires_at = $4 WHERE id = $1`, string(i.ID), was[0], was[1], was[2])
		}
		change(t, l.DB, `DELETE FROM settings WHERE name = 'mandate-link-key'`)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(l.accept(guest, i.Token)), "an operator made every link worthless")
		fresh := l.invite(l.offer(""))
		require.NoError(t, l.accept(guest, fresh.Token))
	})
}

func TestInvitingIsRefused(t *testing.T) {
	eachLobby(t, func(l lobby) {
		with := func(alter func(*store.InviteToMandateInput)) store.InviteToMandateInput {
			in := l.offer("jana@example.org")
			alter(&in)
			return in
		}
		past := storetest.Start.Add(-time.Hour)
		for name, test := range map[string]struct {
			actor  governance.Actor
			in     store.InviteToMandateInput
			code   governance.Code
			reason string
		}{
			"to an author":     {l.As("acme", governance.RoleAuthor), l.offer(""), governance.CodeForbidden, "role-needed"},
			"to others":        {l.As("bolt", governance.RoleRepresentative), l.offer(""), governance.CodeForbidden, "role-needed"},
			"to no address":    {l.boss, l.offer("jana"), governance.CodeInvalid, "email-malformed"},
			"to a named one":   {l.boss, l.offer("Jana <jana@example.org>"), governance.CodeInvalid, "email-malformed"},
			"to two addresses": {l.boss, l.offer("jana@example.org, b@example.org"), governance.CodeInvalid, "email-malformed"},
			"without a ground": {l.boss, with(func(in *store.InviteToMandateInput) { in.Ground = " " }), governance.CodeInvalid, "text-missing"},
			"of a secretary in no council": {l.boss, with(func(in *store.InviteToMandateInput) { in.Role = governance.RoleSecretary }),
				governance.CodeInvalid, "role-of-councils"},
			"that is over": {l.boss, with(func(in *store.InviteToMandateInput) { in.UntilAt = &past }), governance.CodeInvalid, "ends-before-start"},
			"with two ends": {l.boss, with(func(in *store.InviteToMandateInput) { in.UntilAt, in.UntilOn = &past, "2027-01-01" }),
				governance.CodeInvalid, "date-doubled"},
			"on no day": {l.boss, with(func(in *store.InviteToMandateInput) { in.UntilOn = "2026-02-30" }), governance.CodeInvalid, "date"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := l.DB.InviteToMandate(t.Context(), test.actor, test.in)
				if test.reason == "date" {
					assert.Equal(t, test.code, governance.CodeOf(err))
					return
				}
				refused(t, err, test.code, test.reason)
			})
		}
		assert.Equal(t, int64(0), number(t, l.DB, `SELECT COUNT(*) FROM outbox`), "nobody is written to")
		for range 50 {
			l.invite(l.offer(""))
		}
		_, err := l.DB.InviteToMandate(t.Context(), l.boss, l.offer(""))
		refused(t, err, governance.CodeConflict, "too-many-invitations")
	})
}

func TestInvitationsAreForThoseWhoDecideOnMandates(t *testing.T) {
	eachLobby(t, func(l lobby) {
		for range 3 {
			l.invite(l.offer(""))
		}
		two := 2
		page, err := l.DB.MandateInvitations(t.Context(), l.boss, l.acme, store.Page{First: &two})
		require.NoError(t, err)
		require.Len(t, page.Nodes, 2)
		assert.True(t, page.PageInfo.HasNextPage)
		rest, err := l.DB.MandateInvitations(t.Context(), l.Admin(), l.acme, store.Page{After: page.PageInfo.EndCursor})
		require.NoError(t, err)
		require.Len(t, rest.Nodes, 1)
		assert.NotEmpty(t, rest.Nodes[0].Token)
		for _, who := range []governance.Actor{{}, l.Somebody("walker"), l.As("acme", governance.RoleAuthor), l.As("bolt", governance.RoleRepresentative)} {
			others, err := l.DB.MandateInvitations(t.Context(), who, l.acme, store.Page{})
			require.NoError(t, err)
			assert.Empty(t, others.Nodes)
			assert.False(t, others.PageInfo.HasNextPage)
		}
	})
}

func TestTheDaysOfAMandateAreCountedInItsCouncilsZone(t *testing.T) {
	eachLobby(t, func(l lobby) {
		in := grantTo(l.acme, "temp", governance.RoleAuthor)
		in.FromOn, in.UntilOn = "2026-03-10", "2026-03-31"
		id, err := l.DB.GrantMandate(t.Context(), l.boss, in)
		require.NoError(t, err)
		m, err := l.DB.Mandate(t.Context(), l.boss, id)
		require.NoError(t, err)
		assert.Equal(t, "2026-03-09T22:00:00Z", m.FromAt.Format(time.RFC3339), "midnight in Riga, in winter")
		assert.Equal(t, "2026-03-31T21:00:00Z", m.UntilAt.Format(time.RFC3339), "and in summer; no weekend moves it")

		nowhere := l.Register("nowhere")
		in.Organization, in.Subject = nowhere, "temp2"
		id, err = l.DB.GrantMandate(t.Context(), l.Admin(), in)
		require.NoError(t, err)
		m, err = l.DB.Mandate(t.Context(), l.Admin(), id)
		require.NoError(t, err)
		assert.Equal(t, "2026-03-10T00:00:00Z", m.FromAt.Format(time.RFC3339), "on no roll")
	})
}
