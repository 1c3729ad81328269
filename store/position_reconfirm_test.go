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

func (v *vote) reconfirm(ballot governance.BallotID, slug string) error {
	_, err := v.DB.ReconfirmPosition(v.t.Context(), v.As(slug, governance.RoleRepresentative), store.ReconfirmPositionInput{
		IdempotencyKey: "again", Ballot: ballot, Digest: v.digest})
	return err
}

// last is what an organization is shown of its last position.
func (v *vote) last(ballot governance.BallotID, actor governance.Actor) *store.LastPosition {
	v.t.Helper()
	b, err := v.DB.Ballot(v.t.Context(), actor, ballot, nil)
	require.NoError(v.t, err)
	last, err := v.DB.LastPosition(v.t.Context(), actor, b, store.Fields{"changesSince": nil})
	require.NoError(v.t, err)
	return last
}

// revise changes the edition's text.
func (v *vote) revise(change func(*governance.Document)) {
	v.t.Helper()
	author := v.As("college", governance.RoleAuthor)
	e, err := v.DB.Edition(v.t.Context(), author, v.edition, nil)
	require.NoError(v.t, err)
	document := sample.Document()
	change(&document)
	_, err = v.DB.SaveRevision(v.t.Context(), author, store.SaveRevisionInput{Edition: v.edition, Base: e.HeadID, Document: document, Message: "after the ballot"})
	require.NoError(v.t, err)
	e, err = v.DB.Edition(v.t.Context(), author, v.edition, nil)
	require.NoError(v.t, err)
	v.digest = e.HeadDigest
}

func TestAPositionIsReconfirmedInTheNextBallot(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.Secrecy = governance.SecrecyAtClose }, func(v *vote) {
		t := v.t
		first, before := v.open(), v.digest
		v.all(first, governance.PositionApprove, "acme")
		in := v.position(first, governance.PositionObject)
		in.Comment = "Sixty would do."
		_, err := v.DB.TakePosition(t.Context(), v.As("union-a", governance.RoleRepresentative), in)
		require.NoError(t, err)
		refused(t, v.reconfirm(first, "bolt"), governance.CodeConflict, "no-earlier-position")
		v.recalled(first)
		v.clock.Advance(time.Minute)
		v.revise(func(d *governance.Document) { d.Title["en"] = "Installing large heat pumps" })
		second := v.open()
		assert.Zero(t, v.ballot(second).PositionCount, "nothing is carried over by itself")

		union, other := v.As("union-a", governance.RoleRepresentative), v.As("bolt", governance.RoleRepresentative)
		last := v.last(second, v.As("union-a", governance.RoleObserver))
		require.NotNil(t, last, "one's own is shown, secret or not")
		assert.Equal(t, governance.PositionObject, last.Position.Position)
		assert.Equal(t, first, last.Ballot.ID)
		assert.Equal(t, before, last.Digest)
		require.Len(t, last.ChangesSince, 1)
		assert.Equal(t, "/title/en", last.ChangesSince[0].Path)
		assert.NotEmpty(t, last.ChangesSince[0].Spans, "by word")
		for _, actor := range []governance.Actor{other, v.Secretary(), v.Admin(), {}} {
			assert.Nil(t, v.last(second, actor))
		}
		assert.True(t, v.waits(union, governance.ReconfirmPosition, string(second)))
		assert.False(t, v.waits(union, governance.TakePosition, string(second)), "one thing waits once")
		assert.True(t, v.waits(other, governance.TakePosition, string(second)))
		assert.False(t, v.waits(other, governance.ReconfirmPosition, string(second)))

		_, err = v.DB.ReconfirmPosition(t.Context(), union, store.ReconfirmPositionInput{Ballot: second, Digest: before})
		refused(t, err, governance.CodeConflict, "another-digest")
		_, err = v.DB.ReconfirmPosition(t.Context(), v.As("union-a", governance.RoleObserver), store.ReconfirmPositionInput{Ballot: second, Digest: v.digest})
		refused(t, err, governance.CodeForbidden, "role-needed")
		require.NoError(t, v.reconfirm(second, "union-a"))
		require.NoError(t, v.reconfirm(second, "union-a"), "a repeat has one effect")
		mine, err := v.DB.MyPosition(t.Context(), union, second)
		require.NoError(t, err)
		assert.Equal(t, governance.PositionObject, mine.Position)
		assert.Equal(t, [3]string{"The hours are too few.", "At least 60 hours.", "Sixty would do."}, [3]string{mine.Reason, mine.Remedy, mine.Comment})
		assert.Equal(t, 1, mine.Number)
		assert.Equal(t, []string{"POSITION_RECONFIRMED"}, v.acts(string(mine.ID)))
		assert.Contains(t, texts(t, v.DB, `SELECT body FROM acts WHERE type = 'POSITION_RECONFIRMED'`)[0], `"reconfirms":"`+string(last.Position.ID)+`"`)
		assert.Equal(t, 1, v.ballot(second).PositionCount)
		refused(t, v.take(second, "union-a", governance.PositionApprove), governance.CodeConflict, "position-taken")
		assert.False(t, v.waits(union, governance.ReconfirmPosition, string(second)))
		_, err = v.DB.ChangePosition(t.Context(), union, store.ChangePositionInput{Ballot: second, Digest: v.digest, Position: governance.PositionApprove})
		require.NoError(t, err, "a position that was reconfirmed is changed like any other")
	})
}

func TestTheLastPositionIsTheNewestOfTheEdition(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		first := v.open()
		v.all(first, governance.PositionObject, "acme", "bolt")
		_, err := v.DB.ChangePosition(t.Context(), v.As("acme", governance.RoleRepresentative),
			store.ChangePositionInput(v.position(first, governance.PositionApprove)))
		require.NoError(t, err)
		v.clock.Set(afterDeadline)
		_, err = v.DB.TakeDue(t.Context())
		require.NoError(t, err)
		require.Equal(t, governance.OutcomeInquorate, *v.ballot(first).Outcome)
		change(t, v.DB, `UPDATE comments SET state = 'WITHDRAWN'`)
		reopen := func() governance.BallotID {
			v.clock.Advance(time.Minute)
			id, err := v.DB.OpenBallot(t.Context(), v.Secretary(), store.OpenBallotInput{Edition: v.edition, Digest: v.digest, ClosesOn: "2026-05-29"})
			require.NoError(t, err)
			return id
		}
		second := reopen()
		assert.Equal(t, governance.PositionApprove, v.last(second, v.As("acme", governance.RoleRepresentative)).Position.Position, "as it was changed")
		assert.Empty(t, v.last(second, v.As("acme", governance.RoleRepresentative)).ChangesSince)
		v.all(second, governance.PositionAbstain, "bolt")
		v.recalled(second)
		third := reopen()
		bolt := v.last(third, v.As("bolt", governance.RoleRepresentative))
		assert.Equal(t, governance.PositionAbstain, bolt.Position.Position)
		assert.Equal(t, second, bolt.Ballot.ID)
		acme := v.last(third, v.As("acme", governance.RoleRepresentative))
		assert.Equal(t, first, acme.Ballot.ID, "in the second it took none")
		require.NoError(t, v.reconfirm(third, "acme"))
		assert.Equal(t, governance.PositionApprove, v.last(third, v.As("acme", governance.RoleRepresentative)).Position.Position)

		v.ready("another-one")
		other := reopen()
		assert.Nil(t, v.last(other, v.As("acme", governance.RoleRepresentative)), "another edition's positions are others")
	})
}
