package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// calendar renews the address of somebody's calendar and reads it.
func (d desk) calendar(actor governance.Actor) []*store.CalendarEntry {
	d.t.Helper()
	renew := store.CalendarRenew
	p, err := d.DB.SetNoticePreferences(context.Background(), actor, store.SetNoticePreferencesInput{Calendar: &renew})
	require.NoError(d.t, err)
	entries, err := d.DB.Calendar(context.Background(), actor.Person, p.Calendar)
	require.NoError(d.t, err)
	return entries
}

func TestAConsultationStaysOneEntryThatMovesAndIsStruckOut(t *testing.T) {
	eachDesk(t, func(d desk) {
		closes := governance.Date("2026-05-29")
		id, err := d.DB.OpenConsultation(t.Context(), d.Secretary(), store.OpenConsultationInput{
			Edition: d.edition.ID, ClosesOn: closes, IsPublic: true})
		require.NoError(t, err)
		acme := d.As("acme", governance.RoleRepresentative)
		read := func() *store.CalendarEntry {
			entry, err := d.DB.ConsultationEntry(t.Context(), governance.Actor{}, id)
			require.NoError(t, err, "anybody sees a public consultation")
			entries := d.calendar(acme)
			require.Len(t, entries, 1)
			assert.Equal(t, entry.ID, entries[0].ID)
			assert.Equal(t, entry.Sequence, entries[0].Sequence)
			return entry
		}
		first := read()
		assert.Equal(t, string(id), first.ID)
		assert.Zero(t, first.Sequence)
		assert.Contains(t, first.Title["en"], "heat pumps")
		assert.Equal(t, time.Date(2026, 5, 29, 21, 0, 0, 0, time.UTC), first.ClosesAt, "the end of the day in Riga")

		d.clock.Advance(time.Hour)
		_, err = d.DB.ExtendConsultation(t.Context(), d.Secretary(), store.ExtendConsultationInput{
			Edition: d.edition.ID, ClosesOn: "2026-06-30", Reason: "Holidays."})
		require.NoError(t, err)
		second := read()
		assert.Equal(t, 1, second.Sequence)
		assert.True(t, second.ClosesAt.After(first.ClosesAt))
		assert.Equal(t, d.clock.Now(), second.ChangedAt)

		_, err = d.DB.RecallConsultation(t.Context(), d.Secretary(), store.RecallConsultationInput{
			Edition: d.edition.ID, Reason: "Not ready."})
		require.NoError(t, err)
		third := read()
		assert.True(t, third.Cancelled)
		assert.Equal(t, 2, third.Sequence)
		assert.Empty(t, d.calendar(d.Somebody("walker")), "a calendar is of what concerns its owner")
		d.clock.Advance(100 * 24 * time.Hour)
		assert.Empty(t, d.calendar(acme), "what is long over")
	})
}

func TestACalendarShowsTheBallotsOfItsOwnersElectors(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageBallot)
		ballot := d.open("acme", "bolt")
		acme, crane := d.As("acme", governance.RoleRepresentative), d.As("crane", governance.RoleRepresentative)
		entries := d.calendar(acme)
		require.Len(t, entries, 1)
		assert.Equal(t, ballot, entries[0].ID)
		assert.True(t, entries[0].Ballot)
		assert.Equal(t, storetest.Start.Add(14*24*time.Hour), entries[0].ClosesAt)
		assert.Empty(t, d.calendar(crane))

		entry, err := d.DB.BallotEntry(t.Context(), acme, governance.BallotID(ballot))
		require.NoError(t, err)
		assert.Equal(t, ballot, entry.ID)
		change(t, d.DB, `UPDATE editions SET closed_group = 1`)
		_, err = d.DB.BallotEntry(t.Context(), d.Somebody("walker"), governance.BallotID(ballot))
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
		_, err = d.DB.ConsultationEntry(t.Context(), acme, governance.ConsultationID(ballot))
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
	})
}

func TestACalendarsAddressIsItsOwnersToTakeAway(t *testing.T) {
	eachDesk(t, func(d desk) {
		acme := d.As("acme", governance.RoleRepresentative)
		_, err := d.DB.Calendar(t.Context(), acme.Person, 0)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err), "there is none before it was asked for")
		d.calendar(acme)
		d.calendar(acme)
		_, err = d.DB.Calendar(t.Context(), acme.Person, 1)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err), "it was renewed")
		revoke := store.CalendarRevoke
		_, err = d.DB.SetNoticePreferences(t.Context(), acme, store.SetNoticePreferencesInput{Calendar: &revoke})
		require.NoError(t, err)
		for _, number := range []int{-2, 2} {
			_, err = d.DB.Calendar(t.Context(), acme.Person, number)
			assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
		}
	})
}
