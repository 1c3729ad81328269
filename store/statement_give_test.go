package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// opposed carries the ballot against the voice of one employer.
func (v *vote) opposed() {
	v.t.Helper()
	ballot := v.open()
	v.all(ballot, governance.PositionObject, "crane")
	v.all(ballot, governance.PositionApprove, "acme", "bolt", "union-a", "union-b", "college", "academy")
}

func (v *vote) give(slug string, in store.GiveStatementInput) (governance.StatementID, error) {
	in.Edition = v.edition
	if in.Digest == "" {
		in.Digest = v.digest
	}
	return v.DB.GiveStatement(v.t.Context(), v.As(slug, governance.RoleRepresentative), in)
}

func (v *vote) claims() map[string]int {
	v.t.Helper()
	e, err := v.DB.Edition(v.t.Context(), v.Secretary(), v.edition, nil)
	require.NoError(v.t, err)
	claims, err := v.DB.ClaimsOf(v.t.Context(), e)
	require.NoError(v.t, err)
	found := map[string]int{}
	for _, c := range claims {
		found[c.Path] = len(c.ConfirmedBy)
	}
	return found
}

func TestWhoObjectedGivesOneMinorityStatement(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		dissent := store.GiveStatementInput{Kind: governance.StatementDissent, Words: "It is too long."}
		_, err := v.give("crane", dissent)
		refused(v.t, err, governance.CodeConflict, "wrong-stage")
		v.opposed()
		require.Equal(v.t, governance.StageEndorsed, v.stage())
		_, err = v.give("acme", dissent)
		refused(v.t, err, governance.CodeForbidden, "not-a-dissenter")
		_, err = v.give("quality", dissent)
		refused(v.t, err, governance.CodeForbidden, "not-a-dissenter")
		id, err := v.give("crane", dissent)
		require.NoError(v.t, err)
		s := v.statement(id)
		assert.Equal(v.t, "It is too long.", s.Words)
		assert.NotEmpty(v.t, s.BallotID)
		assert.False(v.t, s.Signed())
		_, err = v.give("crane", dissent)
		refused(v.t, err, governance.CodeConflict, "dissent-given")
		_, err = v.DB.RevokeEndorsement(v.t.Context(), v.As("crane", governance.RoleRepresentative), store.RevokeEndorsementInput{Statement: id, Reason: "No."})
		refused(v.t, err, governance.CodeNotFound, "not-found")
		revoke := store.RevokeStatementInput{Statement: id, Reason: "We were heard."}
		_, err = v.DB.RevokeStatement(v.t.Context(), v.As("acme", governance.RoleRepresentative), revoke)
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		_, err = v.DB.RevokeStatement(v.t.Context(), v.As("crane", governance.RoleRepresentative), revoke)
		require.NoError(v.t, err)
		assert.Equal(v.t, []string{"STATEMENT_GIVEN", "STATEMENT_REVOKED"}, v.acts(string(id)))
		_, err = v.give("crane", dissent)
		require.NoError(v.t, err, "another one")
		assert.Equal(v.t, governance.StageEndorsed, v.stage(), "no statement but an endorsement moves the edition")
	})
}

func TestAClaimIsAClaimUntilSomebodyConfirmsIt(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		assert.Zero(v.t, v.claims()["/level/nqf/dqr"])
		inclusion := store.GiveStatementInput{Kind: governance.StatementNqfInclusion, Framework: "DQR", Level: "4",
			ValidFrom: "2026-03-20", ValidUntil: "2026-04-20"}
		_, err := v.give("acme", inclusion)
		refused(v.t, err, governance.CodeForbidden, "not-a-giver")
		crossed := inclusion
		crossed.ValidUntil = "2026-03-19"
		_, err = v.give("quality", crossed)
		refused(v.t, err, governance.CodeInvalid, "dates-crossed")
		crossed.ValidFrom, crossed.ValidUntil = "", "2026-03-11"
		_, err = v.give("quality", crossed)
		refused(v.t, err, governance.CodeInvalid, "date-over")
		id, err := v.give("quality", inclusion)
		require.NoError(v.t, err)
		from, until := *v.statement(id).ValidFrom, *v.statement(id).ValidUntil
		assert.Equal(v.t, time.Date(2026, 3, 19, 22, 0, 0, 0, time.UTC), from, "the day's first moment in the council's zone")
		assert.Equal(v.t, time.Date(2026, 4, 20, 21, 0, 0, 0, time.UTC), until, "the day's end")
		for _, moment := range []struct {
			at   time.Time
			want int
		}{{from.Add(-time.Microsecond), 0}, {from, 1}, {until.Add(-time.Microsecond), 1}, {until, 0}} {
			v.clock.Set(moment.at)
			assert.Equal(v.t, moment.want, v.claims()["/level/nqf/dqr"], moment.at)
			assert.Equal(v.t, moment.want, v.claims()["/level/eqf"], moment.at)
		}
	})
}

func TestAnAccreditationIsOfTheOfferAsItStands(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		offer := v.offer()
		o, err := v.DB.Offer(v.t.Context(), v.Secretary(), offer)
		require.NoError(v.t, err)
		require.NotEmpty(v.t, o.Facts.Accreditations)
		path := "/accreditations/" + string(o.Facts.Accreditations[0].ID)
		accreditation := store.GiveStatementInput{Kind: governance.StatementAccreditation, Offer: offer}
		_, err = v.give("quality", accreditation)
		refused(v.t, err, governance.CodeConflict, "another-digest")
		accreditation.Digest = o.Digest
		_, err = v.give("quality", accreditation)
		require.NoError(v.t, err)
		assert.Equal(v.t, 1, v.claims()[path])
		changed := o.Facts
		changed.GroupSize = 11
		_, err = v.DB.ChangeOffer(v.t.Context(), v.As("college", governance.RolePublisher), store.ChangeOfferInput{Offer: offer, Facts: changed})
		require.NoError(v.t, err)
		assert.Zero(v.t, v.claims()[path], "nobody has looked at what it says now")
		_, err = v.give("quality", accreditation)
		refused(v.t, err, governance.CodeConflict, "another-digest")
	})
}
