package store_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

func byBallot(c *governance.Charter) { c.ObjectionsDecidedBy = governance.ObjectionsByMatterBallot }

// referred makes an objection of union-b's that lies with the council, as a consultation would have.
func (v *vote) referred() governance.CommentID {
	v.t.Helper()
	change(v.t, v.DB, `UPDATE editions SET stage = 'DRAFTING' WHERE id = $1`, v.edition)
	id, err := v.DB.RaiseObjection(v.t.Context(), v.As("union-b", governance.RoleRepresentative), store.RaiseObjectionInput{
		Edition: v.edition, Reason: "It asks too much.", Remedy: "Ask less.",
	})
	require.NoError(v.t, err)
	change(v.t, v.DB, `UPDATE editions SET stage = 'DISPOSITION' WHERE id = $1`, v.edition)
	_, err = v.DB.ReferObjection(v.t.Context(), v.As("college", governance.RoleAuthor), store.ReferObjectionInput{Comment: id})
	require.NoError(v.t, err)
	return id
}

// openOnObjection opens a ballot on a referred objection, on which take and all then vote.
func (v *vote) openOnObjection(objection governance.CommentID) governance.BallotID {
	v.t.Helper()
	id, err := v.DB.OpenObjectionBallot(v.t.Context(), v.Secretary(), store.OpenObjectionBallotInput{Comment: objection, ClosesOn: closesOn})
	require.NoError(v.t, err)
	v.digest = v.ballot(id).Digest
	return id
}

func (v *vote) comment(id governance.CommentID) *store.Comment {
	v.t.Helper()
	c, err := v.DB.Comment(v.t.Context(), v.Secretary(), id, nil)
	require.NoError(v.t, err)
	return c
}

func TestABallotOnAnObjectionBindsToItsStatement(t *testing.T) {
	eachVote(t, byBallot, func(v *vote) {
		t := v.t
		text, objection := v.digest, v.referred()
		id := v.openOnObjection(objection)
		b := v.ballot(id)
		assert.Equal(t, governance.BallotMatter, b.Kind)
		assert.Equal(t, v.edition, b.EditionID)
		assert.Nil(t, b.Revision)
		m, err := v.DB.Matter(t.Context(), v.Secretary(), b.MatterID)
		require.NoError(t, err)
		assert.Equal(t, b.Digest, m.Digest)
		assert.Equal(t, notary.Digest(m.Statement), m.Digest)
		var stated governance.Matter
		require.NoError(t, json.Unmarshal(m.Statement, &stated))
		assert.Equal(t, text, stated.Document, "the text as it was when the question was put")
		assert.Equal(t, string(objection), stated.Object)
		assert.Equal(t, "Shall the objection be upheld, so that the text has to change?", stated.Question)
		assert.Len(t, stated.Texts, 2)
		assert.NotEqual(t, stated.Texts["reason"], stated.Texts["remedy"])
		assert.NotContains(t, string(m.Statement), "too much", "words are named by salted digests, so that they can be erased")
		assert.Equal(t, governance.StageDisposition, v.stage(), "the edition stays where it is")
		on, err := v.DB.BallotsOf(t.Context(), v.edition, nil)
		require.NoError(t, err)
		assert.Empty(t, on, "it is no ballot on the edition's text")
		_, err = v.DB.UpholdObjection(t.Context(), v.As("council", governance.RoleRepresentative, "2"),
			store.UpholdObjectionInput{Comment: objection, Reason: "Quite so."})
		refused(t, err, governance.CodeConflict, "decided-by-ballot")
		_, err = v.DB.DisposeComment(t.Context(), v.As("college", governance.RoleAuthor), store.DisposeCommentInput{
			Comment: objection, Kind: governance.DispositionRejected, Reason: "No."})
		refused(t, err, governance.CodeConflict, "matter-ballot-open")
		_, err = v.DB.EditComment(t.Context(), v.As("union-b", governance.RoleRepresentative), store.EditCommentInput{
			Comment: objection, Body: "It asks for more.", Remedy: "Ask less."})
		refused(t, err, governance.CodeConflict, "matter-ballot-open")
	})
}

func TestABallotDecidesOnAReferredObjection(t *testing.T) {
	cases := map[string]struct {
		vote    func(v *vote, id governance.BallotID)
		outcome governance.Outcome
		state   governance.CommentState
		act     string
		reason  string
	}{
		"carried: it is upheld": {func(v *vote, id governance.BallotID) {
			v.all(id, governance.PositionApprove, "acme", "bolt", "union-a", "college")
		}, governance.OutcomeCarried, governance.StateUpheld, "OBJECTION_UPHELD", "The ballot on the objection was carried."},
		"not carried: it is overruled": {func(v *vote, id governance.BallotID) {
			v.all(id, governance.PositionApprove, "acme", "bolt", "college")
			v.all(id, governance.PositionObject, "union-a")
		}, governance.OutcomeNotCarried, governance.StateOverruled, "OBJECTION_OVERRULED", "The ballot on the objection was not carried."},
		"too few took part: it stays referred": {func(v *vote, id governance.BallotID) {
			v.all(id, governance.PositionApprove, "acme")
		}, governance.OutcomeInquorate, governance.StateReferred, "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			eachVote(t, byBallot, func(v *vote) {
				t := v.t
				objection := v.referred()
				id := v.openOnObjection(objection)
				c.vote(v, id)
				v.due()
				assert.Equal(t, c.outcome, *v.ballot(id).Outcome)
				decided := v.comment(objection)
				assert.Equal(t, c.state, decided.State)
				assert.Equal(t, governance.StageDisposition, v.stage())
				assert.EqualValues(t, 1, number(t, v.DB, `SELECT count(*) FROM comments`), "its objections are no comments to answer")
				if c.act == "" {
					assert.NotEqual(t, id, v.again(objection), "it is put to the vote again")
					return
				}
				acts := v.acts(string(objection))
				assert.Equal(t, c.act, acts[len(acts)-1])
				body := texts(t, v.DB, `SELECT body FROM acts WHERE type = $1`, c.act)[0]
				assert.Contains(t, body, `"role":"CLOCK"`)
				assert.Contains(t, body, `"matter":"`+string(v.ballot(id).Digest)+`"`)
				reason := texts(t, v.DB, `SELECT decision_reason FROM comments WHERE id = $1`, objection)[0]
				assert.Contains(t, reason, c.reason)
				assert.Contains(t, reason, "in favour", "the count is the reason")
				_, err := v.DB.OpenObjectionBallot(t.Context(), v.Secretary(), store.OpenObjectionBallotInput{Comment: objection, ClosesOn: "2026-04-30"})
				refused(t, err, governance.CodeConflict, "not-referred")
			})
		})
	}
}

// again opens a further ballot on an objection.
func (v *vote) again(objection governance.CommentID) governance.BallotID {
	v.t.Helper()
	id, err := v.DB.OpenObjectionBallot(v.t.Context(), v.Secretary(), store.OpenObjectionBallotInput{Comment: objection, ClosesOn: "2026-04-30"})
	require.NoError(v.t, err)
	return id
}

func TestWhatKeepsABallotOnAnObjectionFromOpening(t *testing.T) {
	t.Run("a charter that leaves it to a representative", func(t *testing.T) {
		eachVote(t, nil, func(v *vote) {
			_, err := v.DB.OpenObjectionBallot(v.t.Context(), v.Secretary(),
				store.OpenObjectionBallotInput{Comment: v.referred(), ClosesOn: closesOn})
			refused(v.t, err, governance.CodeConflict, "decided-by-representative")
		})
	})
	t.Run("anybody but the secretary, too few days, and a ballot that is open", func(t *testing.T) {
		eachVote(t, byBallot, func(v *vote) {
			objection := v.referred()
			in := store.OpenObjectionBallotInput{Comment: objection, ClosesOn: closesOn, IdempotencyKey: "k"}
			_, err := v.DB.OpenObjectionBallot(v.t.Context(), v.As("council", governance.RoleRepresentative), in)
			refused(v.t, err, governance.CodeForbidden, "role-needed")
			_, err = v.DB.OpenObjectionBallot(v.t.Context(), v.Secretary(), store.OpenObjectionBallotInput{Comment: objection, ClosesOn: "2026-03-20"})
			refused(v.t, err, governance.CodeInvalid, "too-soon")
			work, err := v.DB.Waiting(v.t.Context(), v.Secretary())
			require.NoError(v.t, err)
			require.Len(v.t, work, 1)
			assert.Equal(v.t, governance.OpenObjectionBallot, work[0].Step)
			first, err := v.DB.OpenObjectionBallot(v.t.Context(), v.Secretary(), in)
			require.NoError(v.t, err)
			again, err := v.DB.OpenObjectionBallot(v.t.Context(), v.Secretary(), in)
			require.NoError(v.t, err)
			assert.Equal(v.t, first, again)
			_, err = v.DB.OpenObjectionBallot(v.t.Context(), v.Secretary(), store.OpenObjectionBallotInput{Comment: objection, ClosesOn: closesOn})
			refused(v.t, err, governance.CodeConflict, "matter-ballot-open")
			work, err = v.DB.Waiting(v.t.Context(), v.Secretary())
			require.NoError(v.t, err)
			assert.Empty(v.t, work)
		})
	})
}

func TestABallotEndsWithTheObjectionOrTheEditionThatItIsAbout(t *testing.T) {
	eachVote(t, byBallot, func(v *vote) {
		t := v.t
		objection := v.referred()
		id := v.openOnObjection(objection)
		_, err := v.DB.WithdrawComment(t.Context(), v.As("union-b", governance.RoleRepresentative), store.WithdrawCommentInput{Comment: objection})
		require.NoError(t, err)
		assert.Equal(t, governance.OutcomeSuperseded, *v.ballot(id).Outcome)
		assert.Equal(t, []string{"BALLOT_OPENED", "BALLOT_ENDED"}, v.acts(string(id)))

		second := v.openOnObjection(v.referred())
		change(t, v.DB, `UPDATE editions SET consulted = 0 WHERE id = $1`, v.edition)
		_, err = v.DB.AbandonEdition(t.Context(), v.Secretary(), store.AbandonEditionInput{Edition: v.edition, Reason: "Not needed."})
		require.NoError(t, err)
		assert.Equal(t, governance.OutcomeRecalled, *v.ballot(second).Outcome)
		problems, err := v.DB.Check(t.Context())
		require.NoError(t, err)
		for _, problem := range problems {
			assert.NotContains(t, problem.Where, "matter")
			assert.NotContains(t, problem.String(), "ballot")
		}
	})
}

func TestElectorsSeeTheObjectionThatTheyVoteOn(t *testing.T) {
	eachVote(t, byBallot, func(v *vote) {
		t := v.t
		objection := v.referred()
		// Said before there was a consultation, in a group that keeps its drafts to itself.
		change(t, v.DB, `UPDATE editions SET closed_group = 1, invited_only = 1 WHERE id = $1`, v.edition)
		change(t, v.DB, `UPDATE comments SET created_at = '2026-02-01T09:00:00.000000Z' WHERE id = $1`, objection)
		change(t, v.DB, `DELETE FROM consultations`)
		elector := v.As("acme", governance.RoleRepresentative)
		_, err := v.DB.Comment(t.Context(), elector, objection, nil)
		refused(t, err, governance.CodeNotFound, "not-found")
		id := v.openOnObjection(objection)
		_, err = v.DB.Comment(t.Context(), elector, objection, nil)
		require.NoError(t, err)
		_, err = v.DB.Comment(t.Context(), v.As("quality", governance.RoleRepresentative), objection, nil)
		refused(t, err, governance.CodeNotFound, "not-found")
		require.NoError(t, v.take(id, "acme", governance.PositionApprove))
	})
}
