package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// everybody is the whole electorate of a vote.
var everybody = []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy"}

func (v *vote) requestRecall(actor governance.Actor, ballot governance.BallotID) error {
	_, err := v.DB.RequestRecall(v.t.Context(), actor, store.RequestRecallInput{
		Ballot: ballot, Ground: "wrong-electorate", Reason: "The college was left off the roll.",
	})
	return err
}

func (v *vote) recall(actor governance.Actor, ballot governance.BallotID) error {
	_, err := v.DB.RecallBallot(v.t.Context(), actor, store.RecallBallotInput{Ballot: ballot})
	return err
}

func (v *vote) requestReopening(actor governance.Actor) error {
	_, err := v.DB.RequestReopening(v.t.Context(), actor, store.RequestReopeningInput{
		Edition: v.edition, Ground: "error-in-text", Reason: "The hours are a misprint.",
	})
	return err
}

func (v *vote) reopen(actor governance.Actor) error {
	_, err := v.DB.ReopenText(v.t.Context(), actor, store.ReopenTextInput{Edition: v.edition})
	return err
}

// reopened takes the text back.
func (v *vote) reopened() {
	v.t.Helper()
	require.NoError(v.t, v.requestReopening(v.Secretary()))
	require.NoError(v.t, v.reopen(v.councillor()))
}

// recalled takes the ballot back.
func (v *vote) recalled(ballot governance.BallotID) {
	v.t.Helper()
	require.NoError(v.t, v.requestRecall(v.Secretary(), ballot))
	require.NoError(v.t, v.recall(v.councillor(), ballot))
}

func (v *vote) councillor() governance.Actor { return v.As("council", governance.RoleRepresentative) }

// corrections are the kinds and states that somebody reads of the edition's ballots, the newest first.
func (v *vote) corrections(actor governance.Actor) []string {
	v.t.Helper()
	e, err := v.DB.Edition(v.t.Context(), actor, v.edition, nil)
	require.NoError(v.t, err)
	found, err := v.DB.EditionCorrections(v.t.Context(), actor, e)
	require.NoError(v.t, err)
	list := []string{}
	for _, c := range found {
		list = append(list, string(c.Kind)+" "+string(c.State))
	}
	return list
}

func (v *vote) waits(actor governance.Actor, step governance.Step, object string) bool {
	v.t.Helper()
	items, err := v.DB.Waiting(v.t.Context(), actor)
	require.NoError(v.t, err)
	return slices.ContainsFunc(items, func(item *store.WorkItem) bool { return item.Step == step && item.Object == object })
}

func TestTwoPersonsOfTheCouncilRecallABallot(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		id := v.open()
		v.all(id, governance.PositionApprove, "acme", "bolt")
		v.all(id, governance.PositionObject, "union-a")
		secretary, other := v.Secretary(), v.As("council", governance.RoleSecretary, "2")

		refused(t, v.recall(v.councillor(), id), governance.CodeConflict, "correction-unasked")
		refused(t, v.requestRecall(v.councillor(), id), governance.CodeForbidden, "role-needed")
		refused(t, v.requestRecall(v.As("acme", governance.RoleRepresentative), id), governance.CodeForbidden, "role-needed")
		refused(t, v.requestRecall(governance.Actor{}, id), governance.CodeUnauthenticated, "sign-in-needed")
		_, err := v.DB.RequestRecall(t.Context(), secretary, store.RequestRecallInput{Ballot: id, Ground: "we-lose", Reason: "We lose."})
		refused(t, err, governance.CodeInvalid, "unknown-ground")
		assert.Equal(t, "wrong-text or wrong-electorate or procedural-error", err.(*governance.Error).Params["grounds"])
		_, err = v.DB.RequestRecall(t.Context(), secretary, store.RequestRecallInput{Ballot: id, Ground: "wrong-text"})
		refused(t, err, governance.CodeInvalid, "text-missing")

		require.NoError(t, v.requestRecall(secretary, id))
		assert.Equal(t, governance.BallotIsOpen, v.ballot(id).State, "one person recalls nothing")
		v.all(id, governance.PositionApprove, "union-b")
		refused(t, v.requestRecall(other, id), governance.CodeConflict, "correction-asked")
		refused(t, v.recall(secretary, id), governance.CodeForbidden, "second-person")
		refused(t, v.recall(v.Admin(), id), governance.CodeForbidden, "role-needed")
		refused(t, v.recall(v.As("council", governance.RoleAuthor), id), governance.CodeForbidden, "role-needed")
		assert.True(t, v.waits(v.councillor(), governance.RecallBallot, string(id)))
		assert.True(t, v.waits(other, governance.RecallBallot, string(id)))
		assert.False(t, v.waits(secretary, governance.RecallBallot, string(id)))
		assert.Equal(t, []string{"RECALL ASKED"}, v.corrections(v.As("council", governance.RoleObserver)))
		assert.Empty(t, v.corrections(v.As("acme", governance.RoleRepresentative)), "what is only asked is the council's to know")

		require.NoError(t, v.recall(other, id))
		b := v.ballot(id)
		assert.Equal(t, governance.OutcomeRecalled, *b.Outcome)
		assert.Len(t, b.Record.Votes, 4, "what was taken stays on record")
		assert.Equal(t, governance.StageDisposition, v.stage())
		e, err := v.DB.Edition(t.Context(), secretary, v.edition, nil)
		require.NoError(t, err)
		assert.Equal(t, "The college was left off the roll.", e.StageReason)
		assert.Zero(t, e.CommentCount, "its objections are no comments: nobody was outvoted")
		assert.Equal(t, []string{"RECALL CONFIRMED"}, v.corrections(governance.Actor{}))
		assert.False(t, v.waits(v.councillor(), governance.RecallBallot, string(id)))
		refused(t, v.take(id, "college", governance.PositionApprove), governance.CodeConflict, "wrong-stage")
		refused(t, v.recall(v.councillor(), id), governance.CodeConflict, "wrong-stage")

		next := v.open()
		assert.Zero(t, v.ballot(next).PositionCount, "no vote is carried over")
		refused(t, v.recall(v.councillor(), id), governance.CodeConflict, "wrong-stage")
		refused(t, v.take(id, "college", governance.PositionApprove), governance.CodeConflict, "wrong-stage")
		problems, err := v.DB.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems)
	})
}

func TestARecallIsToldToEverybodyConcerned(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		d := desk{t: v.t, Cast: v.Cast}
		id := v.open()
		d.forget()
		require.NoError(v.t, v.requestRecall(v.Secretary(), id))
		d.follow()
		assert.Len(v.t, d.told(v.councillor()), 1, "the second person")
		assert.Empty(v.t, d.told(v.Secretary()), "who asked knows it")
		assert.Empty(v.t, d.told(v.As("acme", governance.RoleRepresentative)))
		require.NoError(v.t, v.recall(v.councillor(), id))
		d.follow()
		assert.Contains(v.t, d.told(v.As("acme", governance.RoleRepresentative))[0], "The ballot was recalled.")
		assert.Len(v.t, d.told(v.As("college", governance.RoleAuthor)), 1, "an editor")
		assert.Len(v.t, d.told(v.Secretary()), 1)
	})
}

func TestACorrectionKeepsTheChartersHours(t *testing.T) {
	recallable := func(c *governance.Charter) {
		c.Recall.Hours, c.Reopen.Hours = 72, 48
	}
	t.Run("a recall's are counted from the opening, for both persons", func(t *testing.T) {
		eachVote(t, recallable, func(v *vote) {
			id := v.open()
			opened := v.ballot(id).OpenedAt
			v.clock.Set(opened.Add(72*time.Hour - time.Microsecond))
			require.NoError(v.t, v.requestRecall(v.Secretary(), id))
			v.clock.Set(opened.Add(72 * time.Hour))
			refused(v.t, v.recall(v.councillor(), id), governance.CodeConflict, "hours-over")
			assert.Equal(v.t, governance.BallotIsOpen, v.ballot(id).State)
		})
	})
	t.Run("a reopening's are counted from the close", func(t *testing.T) {
		eachVote(t, recallable, func(v *vote) {
			v.clock.Advance(time.Hour)
			v.approved()
			closed := v.clock.Now()
			v.clock.Set(closed.Add(48*time.Hour - time.Microsecond))
			require.NoError(v.t, v.requestReopening(v.Secretary()))
			require.NoError(v.t, v.reopen(v.councillor()))
		})
		eachVote(t, recallable, func(v *vote) {
			v.approved()
			v.clock.Advance(48 * time.Hour)
			refused(v.t, v.requestReopening(v.Secretary()), governance.CodeConflict, "hours-over")
		})
	})
	t.Run("none are without limit", func(t *testing.T) {
		eachVote(t, func(c *governance.Charter) { c.Recall.Hours = 0 }, func(v *vote) {
			id := v.open()
			v.clock.Set(afterDeadline.Add(-time.Microsecond))
			v.recalled(id)
		})
	})
	t.Run("without grounds nothing is taken back", func(t *testing.T) {
		eachVote(t, func(c *governance.Charter) { c.Recall, c.Reopen = governance.Correction{}, governance.Correction{} }, func(v *vote) {
			id := v.open()
			refused(v.t, v.requestRecall(v.Secretary(), id), governance.CodeConflict, "no-grounds")
			refused(v.t, v.requestReopening(v.Secretary()), governance.CodeConflict, "no-grounds")
		})
	})
}

func TestARequestDiesWithTheBallotsClose(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		id := v.open()
		require.NoError(t, v.requestRecall(v.Secretary(), id))
		require.NoError(t, v.requestReopening(v.Secretary()))
		v.all(id, governance.PositionApprove, everybody...)
		require.Equal(t, governance.StageApproved, v.stage())
		assert.Equal(t, []string{"REOPENING LAPSED", "RECALL LAPSED"}, v.corrections(v.Secretary()))
		refused(t, v.recall(v.councillor(), id), governance.CodeConflict, "wrong-stage")
		refused(t, v.reopen(v.councillor()), governance.CodeConflict, "correction-lapsed")
		assert.False(t, v.waits(v.councillor(), governance.ReopenText, string(v.edition)))
		v.reopened()
		assert.Equal(t, governance.StageDisposition, v.stage(), "it may be asked anew")
	})
	t.Run("past the deadline a ballot is counted first", func(t *testing.T) {
		eachVote(t, func(c *governance.Charter) { c.Recall.Hours = 0 }, func(v *vote) {
			id := v.open()
			require.NoError(v.t, v.requestRecall(v.Secretary(), id))
			require.NoError(v.t, v.requestReopening(v.Secretary()))
			v.clock.Set(afterDeadline)
			refused(v.t, v.recall(v.councillor(), id), governance.CodeConflict, "ballot-not-open")
			refused(v.t, v.reopen(v.councillor()), governance.CodeConflict, "ballot-not-open")
		})
	})
}

func TestARequestIsTakenBackOrDeclined(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		id := v.open()
		decline := func(actor governance.Actor, reason string) error {
			_, err := v.DB.DeclineRecall(t.Context(), actor, store.DeclineRecallInput{Ballot: id, Reason: reason})
			return err
		}
		refused(t, decline(v.councillor(), "No."), governance.CodeConflict, "correction-unasked")
		require.NoError(t, v.requestRecall(v.Secretary(), id))
		refused(t, decline(v.councillor(), " "), governance.CodeInvalid, "text-missing")
		require.NoError(t, decline(v.councillor(), "The roll was right."))
		refused(t, v.recall(v.As("council", governance.RoleRepresentative, "2"), id), governance.CodeConflict, "correction-unasked")
		v.clock.Advance(time.Second)
		require.NoError(t, v.requestRecall(v.Secretary(), id))
		require.NoError(t, decline(v.Secretary(), "The roll was right after all."))
		v.clock.Advance(time.Second)
		require.NoError(t, v.requestReopening(v.Secretary()))
		_, err := v.DB.DeclineReopening(t.Context(), v.councillor(), store.DeclineReopeningInput{Edition: v.edition, Reason: "It is no misprint."})
		require.NoError(t, err)
		assert.Equal(t, []string{"REOPENING DECLINED", "RECALL WITHDRAWN", "RECALL DECLINED"}, v.corrections(v.Secretary()))
		assert.Empty(t, v.corrections(v.As("acme", governance.RoleRepresentative)))
		assert.Equal(t, []string{"BALLOT_OPENED", "RECALL_REQUESTED", "RECALL_DECLINED", "RECALL_REQUESTED", "RECALL_WITHDRAWN"}, v.acts(string(id)))
		assert.Equal(t, governance.BallotIsOpen, v.ballot(id).State)
	})
}

func TestReopeningTheTextTakesItsApprovalAndItsEndorsementsBack(t *testing.T) {
	eachVote(t, func(c *governance.Charter) {
		c.Endorsements = []governance.RequiredEndorsement{
			{By: governance.EndorsedByCouncil, AtLeast: 1, ValidDays: 30}, {By: governance.ChamberUnion, AtLeast: 1},
		}
	}, func(v *vote) {
		t := v.t
		v.approved()
		ballot := governance.BallotID(texts(t, v.DB, `SELECT id FROM ballots`)[0])
		council, union, asked, declined := v.ask("council"), v.ask("union-a"), v.ask("quality"), v.ask("office")
		require.NoError(t, v.endorse(council, "council"))
		require.NoError(t, v.endorse(union, "union-a"))
		_, err := v.DB.DeclineEndorsement(t.Context(), v.As("office", governance.RoleRepresentative), store.DeclineEndorsementInput{
			Statement: declined, Reason: "Not our field.",
		})
		require.NoError(t, err)
		require.Equal(t, governance.StageEndorsed, v.stage())
		require.True(t, v.waits(v.As("quality", governance.RoleRepresentative), governance.GiveEndorsement, string(asked)))

		v.reopened()
		assert.Equal(t, governance.StageDisposition, v.stage())
		e, err := v.DB.Edition(t.Context(), governance.Actor{}, v.edition, nil)
		require.NoError(t, err, "what was public stays so")
		assert.Nil(t, e.ApprovedDigest)
		assert.Equal(t, "The hours are a misprint.", e.StageReason)
		assert.Equal(t, governance.OutcomeCarried, *v.ballot(ballot).Outcome, "a closed ballot keeps its outcome")
		for id, want := range map[governance.StatementID]governance.StatementState{
			council: governance.StatementIsLapsed, union: governance.StatementIsLapsed, asked: governance.StatementIsLapsed,
			declined: governance.StatementIsDeclined,
		} {
			assert.Equal(t, want, v.statement(id).State)
		}
		assert.NotNil(t, v.statement(council).AnsweredAt, "the record is kept")
		assert.Equal(t, []string{"ENDORSEMENT_REQUESTED", "ENDORSEMENT_GIVEN", "ENDORSEMENT_LAPSED"}, v.acts(string(council)))
		assert.False(t, v.waits(v.As("quality", governance.RoleRepresentative), governance.GiveEndorsement, string(asked)))

		// The same text is voted on again: nothing of what was said before counts, and each body may be asked anew.
		again := v.open()
		v.all(again, governance.PositionApprove, everybody...)
		require.Equal(t, governance.StageApproved, v.stage())
		refused(t, v.endorse(asked, "quality"), governance.CodeForbidden, "role-needed")
		_, err = v.DB.RevokeEndorsement(t.Context(), v.As("union-a", governance.RoleRepresentative), store.RevokeEndorsementInput{Statement: union, Reason: "No."})
		refused(t, err, governance.CodeConflict, "not-given")
		require.NoError(t, v.endorse(v.ask("council"), "council"))
		assert.Equal(t, governance.StageApproved, v.stage(), "the union has not endorsed it anew")
		require.NoError(t, v.endorse(v.ask("union-a"), "union-a"))
		assert.Equal(t, governance.StageEndorsed, v.stage())
		v.clock.Advance(40 * 24 * time.Hour)
		_, err = v.DB.TakeDue(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []string{"ENDORSEMENT_REQUESTED", "ENDORSEMENT_GIVEN", "ENDORSEMENT_LAPSED"}, v.acts(string(council)), "what lapsed does not expire")
		problems, err := v.DB.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems)
	})
}

func TestReopeningABallotedTextSupersedesTheBallot(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		d := desk{t: t, Cast: v.Cast}
		id := v.open()
		v.all(id, governance.PositionApprove, "acme")
		d.forget()
		v.reopened()
		assert.Equal(t, governance.OutcomeSuperseded, *v.ballot(id).Outcome)
		assert.Equal(t, governance.StageDisposition, v.stage())
		assert.Equal(t, []string{"BALLOT_OPENED", "BALLOT_ENDED"}, v.acts(string(id)))
		d.follow()
		assert.ElementsMatch(t, []string{
			"The text was reopened. What was voted on is approved no more, and will be voted on again.", "The ballot was ended before its time.",
		}, d.told(v.As("union-b", governance.RoleRepresentative)))
	})
}

func TestAReopeningIsToldToVotersAndToThoseWhoEndorsed(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		d := desk{t: v.t, Cast: v.Cast}
		v.approved()
		v.ask("office")
		d.forget()
		v.reopened()
		d.follow()
		assert.Equal(v.t, []string{"The text was reopened. What was voted on is approved no more, and will be voted on again."},
			d.told(v.As("union-b", governance.RoleRepresentative)))
		assert.Equal(v.t, []string{"The text was reopened: the endorsement asked of Office Ltd, or given by it, lapsed. " +
			"It was of a text that is approved no more."}, d.told(v.As("office", governance.RoleRepresentative)))
	})
}

func TestASecretBallotThatEndsWithoutACountStaysSecret(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.Secrecy = governance.SecrecyAtClose }, func(v *vote) {
		t := v.t
		id := v.open()
		v.all(id, governance.PositionObject, "acme")
		v.recalled(id)
		b := v.ballot(id)
		require.Equal(t, governance.OutcomeRecalled, *b.Outcome)
		assert.Nil(t, b.Record, "nobody recalls a ballot to look into it")
		electors, err := v.DB.Electors(t.Context(), v.Secretary(), b, "", store.Page{}, nil)
		require.NoError(t, err)
		for _, e := range electors.Nodes {
			assert.Nil(t, e.Voted)
			assert.Nil(t, e.Position)
		}
		mine, err := v.DB.MyPosition(t.Context(), v.As("acme", governance.RoleObserver), id)
		require.NoError(t, err)
		assert.Equal(t, governance.PositionObject, mine.Position, "one's own is one's own")
		_, err = v.DB.Position(t.Context(), v.As("acme", governance.RoleObserver), mine.ID)
		require.NoError(t, err)
		for _, other := range []governance.Actor{v.Admin(), v.Secretary(), v.As("bolt", governance.RoleRepresentative), {}} {
			_, err = v.DB.Position(t.Context(), other, mine.ID)
			refused(t, err, governance.CodeNotFound, "not-found")
		}
		assert.EqualValues(t, 1, number(t, v.DB, `SELECT count(*) FROM ballots WHERE id = $1 AND record IS NOT NULL`, id), "it is on record")
	})
}

func TestTheDatabaseItselfAsksForTwoPersons(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		require.NoError(v.t, v.requestRecall(v.Secretary(), id))
		write := func(text string) error {
			return v.DB.Write(v.t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, text)
				return err
			})
		}
		require.Error(v.t, write(`UPDATE corrections SET state = 'CONFIRMED', answered_by = asked_by`))
		require.Error(v.t, write(`UPDATE corrections SET state = 'CONFIRMED'`))
		require.NoError(v.t, v.recall(v.councillor(), id))
		require.Error(v.t, write(`UPDATE corrections SET reason = 'Another one.'`))
		require.Error(v.t, write(`DELETE FROM corrections`))
	})
}

// TestARecallAndTheLastVoteAtOnce has the second person confirm while the last elector votes: one of them comes first,
// and the ballot ends once.
func TestARecallAndTheLastVoteAtOnce(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		id := v.open()
		v.all(id, governance.PositionApprove, everybody[1:]...)
		require.NoError(t, v.requestRecall(v.Secretary(), id))
		second, third, voter := v.councillor(), v.As("council", governance.RoleSecretary, "2"), v.As("acme", governance.RoleRepresentative)
		var recalled, again, voted error
		var wait sync.WaitGroup
		wait.Go(func() { recalled = v.recall(second, id) })
		wait.Go(func() { again = v.recall(third, id) })
		wait.Go(func() {
			_, voted = v.DB.TakePosition(context.Background(), voter, v.position(id, governance.PositionApprove))
		})
		wait.Wait()
		taken := 0
		for _, err := range []error{recalled, again, voted} {
			if err == nil {
				taken++
			} else {
				refused(t, err, governance.CodeConflict, "wrong-stage")
			}
		}
		assert.Equal(t, 1, taken, "the ballot ends by one of them")
		want, stage := governance.OutcomeRecalled, governance.StageDisposition
		if voted == nil {
			want, stage = governance.OutcomeCarried, governance.StageApproved
		}
		assert.Equal(t, want, *v.ballot(id).Outcome)
		assert.Equal(t, stage, v.stage())
	})
}

func TestCorrectionsCanBeRepeated(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		for range 2 {
			_, err := v.DB.RequestRecall(v.t.Context(), v.Secretary(), store.RequestRecallInput{
				IdempotencyKey: "ask", Ballot: id, Ground: "wrong-text", Reason: "An old one."})
			require.NoError(v.t, err)
		}
		for range 2 {
			_, err := v.DB.RecallBallot(v.t.Context(), v.councillor(), store.RecallBallotInput{IdempotencyKey: "confirm", Ballot: id})
			require.NoError(v.t, err)
		}
		assert.Equal(v.t, []string{"BALLOT_OPENED", "RECALL_REQUESTED", "BALLOT_RECALLED"}, v.acts(string(id)))
	})
}
