package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
)

// councilFor30Days is a charter that asks for the council's endorsement, which holds 30 days.
func councilFor30Days(c *governance.Charter) {
	c.Endorsements = []governance.RequiredEndorsement{{By: governance.EndorsedByCouncil, AtLeast: 1, ValidDays: 30}}
}

func (v *vote) takeDue() {
	v.t.Helper()
	_, err := v.DB.TakeDue(v.t.Context())
	require.NoError(v.t, err)
}

func (v *vote) now() *store.Publication {
	v.t.Helper()
	p, err := v.DB.PublicationOf(v.t.Context(), v.edition)
	require.NoError(v.t, err)
	return p
}

// on tells how the publication stood at the end of a day.
func (v *vote) on(day governance.Date) *store.PublicationStanding {
	v.t.Helper()
	s, err := v.DB.StandingOf(v.t.Context(), v.now().On(day))
	require.NoError(v.t, err)
	return s
}

// listed counts what the register has.
func (v *vote) listed(filter store.PublicationFilter) int {
	v.t.Helper()
	found, err := v.DB.Register(v.t.Context(), filter, store.Page{})
	require.NoError(v.t, err)
	return len(found.Nodes)
}

func TestAPublicationLapsesWithAnEndorsementAndIsHealedByANewOne(t *testing.T) {
	eachVote(t, councilFor30Days, func(v *vote) {
		v.approved()
		first := v.ask("council")
		require.NoError(v.t, v.endorse(first, "council"))
		v.offer()
		p := v.publish()
		end := *v.statement(first).ValidUntil
		v.clock.Set(end.Add(-time.Microsecond))
		v.takeDue()
		assert.False(v.t, v.now().Lapsed())
		v.clock.Set(end)
		for range 3 {
			v.takeDue()
		}
		assert.Equal(v.t, governance.StagePublished, v.stage(), "what is published stays so")
		assert.Equal(v.t, end, *v.now().LapsedAt)
		assert.Equal(v.t, governance.StatementIsExpired, v.statement(first).State)
		assert.Equal(v.t, []string{"EDITION_PUBLISHED", "PUBLICATION_LAPSED"}, v.acts(string(p.ID)), "once")
		lapsed, whole := true, false
		assert.Equal(v.t, 1, v.listed(store.PublicationFilter{Lapsed: &lapsed}))
		assert.Equal(v.t, 0, v.listed(store.PublicationFilter{Lapsed: &whole}))
		assert.Equal(v.t, 1, v.listed(store.PublicationFilter{}), "and in the register")

		v.clock.Advance(72 * time.Hour)
		second := v.ask("council")
		_, err := v.DB.GiveEndorsement(v.t.Context(), v.As("council", governance.RoleRepresentative), store.GiveEndorsementInput{Statement: second, Digest: "sha256:00"})
		refused(v.t, err, governance.CodeConflict, "another-digest")
		require.NoError(v.t, v.endorse(second, "council"))
		assert.False(v.t, v.now().Lapsed())
		assert.Equal(v.t, 0, v.listed(store.PublicationFilter{Lapsed: &lapsed}))
		assert.Equal(v.t, []string{"EDITION_PUBLISHED", "PUBLICATION_LAPSED", "PUBLICATION_HEALED"}, v.acts(string(p.ID)))

		// The 30 days end on Monday, 13 April, in Riga; three days later the council endorses again.
		for day, want := range map[governance.Date]bool{"2026-04-13": false, "2026-04-14": true, "2026-04-15": true, "2026-04-17": false} {
			assert.Equal(v.t, want, v.on(day).Lapsed, day)
		}
		assert.Equal(v.t, 1, v.listed(store.PublicationFilter{ValidOn: "2026-04-15", Lapsed: &lapsed}))
		assert.Equal(v.t, 0, v.listed(store.PublicationFilter{ValidOn: "2026-04-13", Lapsed: &lapsed}))

		_, err = v.DB.RevokeEndorsement(v.t.Context(), v.As("council", governance.RoleRepresentative), store.RevokeEndorsementInput{Statement: second, Reason: "A fault."})
		require.NoError(v.t, err)
		assert.True(v.t, v.now().Lapsed(), "so it does when one is revoked")
	})
}

func TestAnEndorsementIsRenewedBeforeItEnds(t *testing.T) {
	eachVote(t, func(c *governance.Charter) {
		c.Endorsements = []governance.RequiredEndorsement{{By: governance.ChamberUnion, AtLeast: 2, ValidDays: 30}}
	}, func(v *vote) {
		v.approved()
		require.NoError(v.t, v.endorse(v.ask("union-a"), "union-a"))
		v.clock.Advance(7 * 24 * time.Hour)
		require.NoError(v.t, v.endorse(v.ask("union-a"), "union-a"), "again, while the first one stands")
		assert.Equal(v.t, governance.StageApproved, v.stage(), "one union is one union")
		require.NoError(v.t, v.endorse(v.ask("union-b"), "union-b"))
		require.Equal(v.t, governance.StageEndorsed, v.stage())
		v.offer()
		v.publish()
		next, err := v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		v.clock.Set(next)
		v.takeDue()
		assert.False(v.t, v.now().Lapsed(), "the second one stands")
	})
}

func TestTheRegisterSaysWhatStoodOnADay(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		ctx := v.t.Context()
		v.approved()
		offer := v.offer()
		published := v.publish() // on 12 March
		v.clock.Set(time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC))
		recognition, err := v.give("acme", store.GiveStatementInput{Kind: governance.StatementRecognition})
		require.NoError(v.t, err)
		facts := sample.Offer()
		facts.GroupSize = 7
		_, err = v.DB.ChangeOffer(ctx, v.As("college", governance.RolePublisher), store.ChangeOfferInput{Offer: offer, Facts: facts})
		require.NoError(v.t, err)
		v.clock.Set(time.Date(2026, 3, 25, 12, 0, 0, 0, time.UTC))
		v.suspend()
		v.clock.Set(time.Date(2026, 3, 27, 12, 0, 0, 0, time.UTC))
		v.reinstate()
		_, err = v.DB.RevokeStatement(ctx, v.As("acme", governance.RoleRepresentative), store.RevokeStatementInput{Statement: recognition, Reason: "No."})
		require.NoError(v.t, err)
		_, err = v.DB.EndOffer(ctx, v.As("college", governance.RolePublisher), store.EndOfferInput{Offer: offer, Reason: "No teacher."})
		require.NoError(v.t, err)
		v.clock.Set(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC))
		require.NoError(v.t, v.askWithdrawal("Nobody enrols."))
		require.NoError(v.t, v.confirmWithdrawal(""))

		type stood struct {
			state      governance.PublicationState
			statements int
			groupSize  int // of the offer; 0: none stood
			listed     int
		}
		for day, want := range map[governance.Date]stood{
			"2026-03-11": {},
			"2026-03-12": {"PUBLISHED", 0, sample.Offer().GroupSize, 1},
			"2026-03-20": {"PUBLISHED", 1, 7, 1},
			"2026-03-25": {"SUSPENDED", 1, 7, 0},
			"2026-03-26": {"SUSPENDED", 1, 7, 0},
			"2026-03-27": {"PUBLISHED", 0, 0, 1},
			"2026-04-30": {"PUBLISHED", 0, 0, 1},
			"2026-05-01": {"WITHDRAWN", 0, 0, 0},
			"2030-01-01": {"WITHDRAWN", 0, 0, 0},
		} {
			got, standing := stood{listed: v.listed(store.PublicationFilter{ValidOn: day})}, v.on(day)
			if standing.State != nil {
				got.state = *standing.State
			}
			got.statements = len(standing.Statements)
			for _, o := range standing.Offers {
				got.groupSize = o.Facts.GroupSize
			}
			assert.Equal(v.t, want, got, day)
			_, err := v.DB.PublicationOn(ctx, published.Digest, day)
			if want.state == "" {
				refused(v.t, err, governance.CodeNotFound, "not-found")
			} else {
				assert.NoError(v.t, err)
			}
		}
		assert.Equal(v.t, time.Date(2026, 3, 25, 21, 59, 59, 999999000, time.UTC), v.on("2026-03-25").At, "the end of the day in the council's zone")
		assert.Equal(v.t, 0, v.listed(store.PublicationFilter{ValidOn: "2026-03-25", Search: "heat"}))
		assert.Equal(v.t, 1, v.listed(store.PublicationFilter{ValidOn: "2026-03-27", Search: "heat"}))
		_, err = v.DB.Register(ctx, store.PublicationFilter{ValidOn: "2026-02-30"}, store.Page{})
		refused(v.t, err, governance.CodeInvalid, "date-malformed")
	})
}
