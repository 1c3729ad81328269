package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// duplicate answers a comment as a duplicate of another.
func (s scene) duplicate(c, of *store.Comment) error {
	_, err := s.db.DisposeComment(s.t.Context(), drafter, store.DisposeCommentInput{
		Comment: c.ID, Kind: governance.DispositionDuplicate, Reason: "The same.", DuplicateOf: of.ID,
	})
	return err
}

// original reads the comment that a duplicate's answer points at, along with the duplicate.
func (s scene) original(actor governance.Actor, c *store.Comment) *store.Comment {
	s.t.Helper()
	fields := store.Fields{"disposition": {"original": {"disposition": nil}}}
	page, err := s.db.Comments(s.t.Context(), actor, s.edition(&store.Edition{ID: c.EditionID}), store.CommentFilter{}, store.Page{}, store.Fields{"nodes": fields})
	require.NoError(s.t, err)
	for _, found := range page.Nodes {
		if found.ID == c.ID && found.Disposition != nil {
			along, err := s.db.Original(s.t.Context(), actor, found.Disposition, fields)
			require.NoError(s.t, err)
			alone, err := s.db.Original(s.t.Context(), actor, s.read(actor, c.ID).Disposition, fields)
			require.NoError(s.t, err)
			assert.EqualExportedValues(s.t, alone, along, "read along and read alone")
			return along
		}
	}
	return nil
}

func TestADuplicateFollowsItsOriginal(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		first, second, third := s.comment(unionist, e, "First."), s.comment(manufacturer, e, "Second."), s.object(unionist, e)
		require.NoError(t, s.duplicate(third, second))
		assert.Nil(t, s.original(drafter, third).Disposition, "not answered yet")

		// Until its original is answered there is nothing to reply to, and the clock refers nothing.
		s.clock.Advance(9 * 24 * time.Hour)
		_, err := s.db.TakeDue(t.Context())
		require.NoError(t, err)
		assert.Equal(t, governance.StateAnswered, s.read(unionist, third.ID).State)

		require.NoError(t, s.duplicate(second, first))
		assert.Equal(t, first.ID, s.read(unionist, third.ID).DuplicateOf(), "a duplicate of a duplicate is one of its original")
		assert.Equal(t, []string{"COMMENT_DISPOSED", "COMMENT_DISPOSED", "OBJECTION_RAISED"}, s.acts(string(third.ID)))
		s.refused(s.duplicate(first, third), governance.CodeInvalid, "no-original")
		fourth := s.comment(manufacturer, e, "Fourth.")
		require.NoError(t, s.duplicate(fourth, third))
		assert.Equal(t, first.ID, s.read(unionist, fourth.ID).DuplicateOf())

		s.answer(first, governance.DispositionRejected)
		due := s.read(unionist, first.ID).Disposition.ReplyDueAt
		for _, c := range []*store.Comment{second, third, fourth} {
			assert.Equal(t, due, s.read(unionist, c.ID).Disposition.ReplyDueAt, "the days to reply begin with the answer")
			assert.Equal(t, governance.DispositionRejected, s.original(drafter, c).Disposition.Kind)
		}
		require.NoError(t, s.reply(manufacturer, second, governance.ReplySatisfied))
		s.clock.Advance(9 * 24 * time.Hour)
		_, err = s.db.TakeDue(t.Context())
		require.NoError(t, err)
		assert.Equal(t, governance.StateReferred, s.read(unionist, third.ID).State, "silence refers an objection")
	})
}

func TestADuplicateOfWhatIsTakenBackWantsAnAnswerOfItsOwn(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		original := s.comment(unionist, e, "First.")
		plain, objection, content := s.comment(manufacturer, e, "Second."), s.object(manufacturer, e), s.object(manufacturer, e)
		for _, c := range []*store.Comment{plain, objection, content} {
			require.NoError(t, s.duplicate(c, original))
		}
		require.NoError(t, s.reply(manufacturer, objection, governance.ReplyNotSatisfied))
		require.NoError(t, s.reply(manufacturer, content, governance.ReplySatisfied))
		assert.Equal(t, 1, s.edition(e).UnansweredCount)
		withdraw := func(c *store.Comment) {
			_, err := s.db.WithdrawComment(t.Context(), unionist, store.WithdrawCommentInput{Comment: c.ID})
			require.NoError(t, err)
		}
		withdraw(original)
		assert.Equal(t, 1, s.edition(e).UnansweredCount)
		got := s.read(manufacturer, plain.ID)
		assert.Equal(t, governance.StateOpen, got.State)
		assert.Nil(t, got.Disposition)
		assert.Contains(t, s.acts(string(plain.ID)), "DISPOSITION_LAPSED")
		assert.Equal(t, governance.StateReferred, s.read(manufacturer, objection.ID).State, "it lies with the council all the same")
		assert.Equal(t, governance.StateResolved, s.read(manufacturer, content.ID).State, "who is satisfied stays so")
		_, err := s.db.OverruleObjection(t.Context(), councillor, store.OverruleObjectionInput{Comment: objection.ID, Reason: "No."})
		require.NoError(t, err)

		// What was answered stays answered, whatever becomes of it.
		answered := s.comment(unionist, e, "Third.")
		s.answer(answered, governance.DispositionNoted)
		require.NoError(t, s.duplicate(plain, answered))
		withdraw(answered)
		assert.Equal(t, governance.StateAnswered, s.read(manufacturer, plain.ID).State)
		assert.Equal(t, governance.DispositionNoted, s.original(drafter, plain).Disposition.Kind)
		s.refused(s.duplicate(s.comment(manufacturer, e, "Fourth."), answered), governance.CodeInvalid, "no-original")
	})
}

func TestWhatCameInTimeIsNoDuplicateOfWhatNobodyNeedAnswer(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.consult(e)
		early := s.comment(unionist, e, "Early.")
		s.clock.Advance(60 * 24 * time.Hour)
		_, err := s.db.TakeDue(t.Context())
		require.NoError(t, err)
		late := s.comment(unionist, e, "Late.")
		require.True(t, late.Late)
		s.refused(s.duplicate(early, late), governance.CodeInvalid, "original-late")
		s.answer(late, governance.DispositionNoted)
		require.NoError(t, s.duplicate(early, late))
	})
}

func TestTheChangeComesAfterTheComment(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		before := s.save(e, func(d *governance.Document) { d.Title["en"] = "One" })
		c := s.comment(unionist, e, "Hm.")
		dispose := func(revision governance.RevisionID) error {
			_, err := s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{
				Comment: c.ID, Kind: governance.DispositionAccepted, Revision: revision,
			})
			return err
		}
		s.refused(dispose(before), governance.CodeInvalid, "revision-before")
		require.NoError(t, dispose(s.save(e, func(d *governance.Document) { d.Title["en"] = "Two" })))
	})
}

func TestManyCommentsAreAnsweredAtOnceOrNone(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e, other := s.start("heat-pumps"), s.start("boilers")
		var ids []governance.CommentID
		for i := range 20 {
			ids = append(ids, s.comment(unionist, e, fmt.Sprintf("Remark %d.", i)).ID)
		}
		in := store.DisposeCommentsInput{IdempotencyKey: "k", Comments: ids, Kind: governance.DispositionNoted, Reason: "Thank you."}
		dispose := func(actor governance.Actor, change func(*store.DisposeCommentsInput)) *governance.Error {
			t.Helper()
			in := in
			in.Comments = append([]governance.CommentID(nil), ids...)
			change(&in)
			_, err := s.db.DisposeComments(t.Context(), actor, in)
			refusal, _ := err.(*governance.Error)
			require.NotNil(t, refusal, "%v", err)
			return refusal
		}
		elsewhere, gone := s.comment(unionist, other, "Elsewhere.").ID, governance.CommentID(sceneID(99))
		for name, c := range map[string]struct {
			actor         governance.Actor
			change        func(*store.DisposeCommentsInput)
			reason, field string
		}{
			"none":                   {drafter, func(in *store.DisposeCommentsInput) { in.Comments = nil }, "comments-count", "input.comments"},
			"too many":               {drafter, func(in *store.DisposeCommentsInput) { in.Comments = make([]governance.CommentID, 201) }, "comments-count", "input.comments"},
			"one twice":              {drafter, func(in *store.DisposeCommentsInput) { in.Comments[3] = in.Comments[1] }, "comment-twice", "input.comments.3"},
			"no id":                  {drafter, func(in *store.DisposeCommentsInput) { in.Comments[3] = "x" }, "id-malformed", "input.comments.3"},
			"without a reason":       {drafter, func(in *store.DisposeCommentsInput) { in.Reason = " " }, "text-missing", "input.reason"},
			"by the union":           {unionist, func(*store.DisposeCommentsInput) {}, "role-needed", "input.comments.0"},
			"by nobody":              {governance.Actor{}, func(*store.DisposeCommentsInput) {}, "sign-in-needed", ""},
			"one on another edition": {drafter, func(in *store.DisposeCommentsInput) { in.Comments[5] = elsewhere }, "comment-elsewhere", "input.comments.5"},
			"one that there is not":  {drafter, func(in *store.DisposeCommentsInput) { in.Comments[5] = gone }, "comment-elsewhere", "input.comments.5"},
			"of one of them": {drafter, func(in *store.DisposeCommentsInput) {
				in.Kind, in.DuplicateOf = governance.DispositionDuplicate, ids[7]
			}, "no-original", "input.comments.7"},
		} {
			refusal := dispose(c.actor, c.change)
			assert.Equal(t, c.reason, refusal.Reason, name)
			assert.Equal(t, c.field, refusal.Field, name)
		}
		s.answer(s.read(unionist, ids[4]), governance.DispositionAccepted)
		alone := dispose(drafter, func(*store.DisposeCommentsInput) {})
		assert.Equal(t, "answered", alone.Reason)
		assert.Equal(t, string(ids[4]), alone.Params["comment"])
		_, err := s.db.WithdrawComment(t.Context(), unionist, store.WithdrawCommentInput{Comment: ids[9]})
		require.NoError(t, err)
		both := dispose(drafter, func(*store.DisposeCommentsInput) {})
		assert.Equal(t, "some-refused", both.Reason)
		assert.Equal(t, "2", both.Params["count"])
		assert.Equal(t, string(ids[4])+": answered, "+string(ids[9])+": comment-state", both.Params["why"])
		assert.Equal(t, 18, s.edition(e).UnansweredCount, "nothing was answered")
		assert.Len(t, s.acts(string(ids[0])), 1)

		in.Comments = append(append(append([]governance.CommentID(nil), ids[:4]...), ids[5:9]...), ids[10:]...)
		for range 2 { // the second time it is a repeat
			edition, err := s.db.DisposeComments(t.Context(), drafter, in)
			require.NoError(t, err)
			assert.Equal(t, e.ID, edition)
		}
		assert.Equal(t, 0, s.edition(e).UnansweredCount)
		answered, err := s.db.CommentsOf(t.Context(), drafter, e.ID, in.Comments, store.Fields{"disposition": nil})
		require.NoError(t, err)
		require.Len(t, answered, 18)
		for i, c := range answered {
			assert.Equal(t, in.Comments[i], c.ID)
			assert.Equal(t, "Thank you.", c.Disposition.Reason)
			assert.Equal(t, []string{"COMMENT_ADDED", "COMMENT_DISPOSED"}, s.acts(string(c.ID)), "each has an act of its own")
		}
		disposed := texts(t, s.db, `SELECT body FROM acts WHERE object_id = $1 AND type = 'COMMENT_DISPOSED'`, ids[0])
		assert.True(t, strings.Contains(disposed[0], `"words":{"kind":"NOTED"}`), disposed[0])
	})
}

func TestTwoWhoAnswerTheSameAtOnce(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		var ids []governance.CommentID
		for i := range 8 {
			ids = append(ids, s.comment(unionist, e, fmt.Sprintf("Remark %d.", i)).ID)
		}
		var wait sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wait.Go(func() {
				_, errs[i] = s.db.DisposeComments(t.Context(), drafter, store.DisposeCommentsInput{
					Comments: ids[i : i+5], Kind: governance.DispositionNoted, Reason: fmt.Sprintf("Answer %d.", i),
				})
			})
		}
		wait.Wait()
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
			} else {
				assert.Equal(t, governance.CodeConflict, governance.CodeOf(err), "%v", err)
			}
		}
		assert.Equal(t, 1, taken, "all four want the fourth comment")
		assert.EqualValues(t, 5, number(t, s.db, `SELECT count(*) FROM dispositions`))
		assert.Equal(t, 3, s.edition(e).UnansweredCount)
	})
}

func TestWhoIsNotSatisfiedIsShownWithTheBallot(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		content, cross := s.comment(unionist, e, "Hm."), s.comment(unionist, e, "No.")
		s.answer(content, governance.DispositionAccepted)
		s.answer(cross, governance.DispositionRejected)
		require.NoError(t, s.reply(unionist, content, governance.ReplySatisfied))
		require.NoError(t, s.reply(unionist, cross, governance.ReplyNotSatisfied))
		found, err := s.db.NotSatisfied(t.Context(), manufacturer, &store.Ballot{EditionID: e.ID}, store.Page{}, nil)
		require.NoError(t, err)
		require.Len(t, found.Nodes, 1)
		assert.Equal(t, cross.ID, found.Nodes[0].ID)
		found, err = s.db.NotSatisfied(t.Context(), manufacturer, &store.Ballot{}, store.Page{}, nil)
		require.NoError(t, err)
		assert.Empty(t, found.Nodes)
	})
}

func TestWhatTheCouncilHasToDecideAndWhatItUpheldWaits(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		objection := s.object(unionist, e)
		waits := func(actor governance.Actor, step governance.Step, object string) bool {
			items, err := s.db.Waiting(t.Context(), actor)
			require.NoError(t, err)
			return slices.ContainsFunc(items, func(i *store.WorkItem) bool { return i.Step == step && i.Object == object })
		}
		_, err := s.db.ReferObjection(t.Context(), drafter, store.ReferObjectionInput{Comment: objection.ID})
		require.NoError(t, err)
		assert.True(t, waits(councillor, governance.OverruleObjection, string(objection.ID)), "though nobody has answered it")
		assert.False(t, waits(drafter, governance.DisposeComment, string(e.ID)))
		_, err = s.db.UpholdObjection(t.Context(), councillor, store.UpholdObjectionInput{Comment: objection.ID, Reason: "They are right."})
		require.NoError(t, err)
		assert.False(t, waits(councillor, governance.OverruleObjection, string(objection.ID)))
		assert.True(t, waits(drafter, governance.DisposeComment, string(e.ID)), "the text must change")
	})
}
