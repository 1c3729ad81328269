package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// comment adds a comment and reads it again as its author.
func (s scene) comment(actor governance.Actor, e *store.Edition, body string) *store.Comment {
	s.t.Helper()
	id, err := s.db.AddComment(s.t.Context(), actor, store.AddCommentInput{
		Edition: e.ID, Kind: governance.CommentTechnical, Path: "/title", Body: body,
	})
	require.NoError(s.t, err)
	return s.read(actor, id)
}

// object raises an objection to the title.
func (s scene) object(actor governance.Actor, e *store.Edition) *store.Comment {
	s.t.Helper()
	id, err := s.db.RaiseObjection(s.t.Context(), actor, store.RaiseObjectionInput{
		Edition: e.ID, Path: "/title", Reason: "Not what fitters do.", Remedy: "Say what they do.",
	})
	require.NoError(s.t, err)
	return s.read(actor, id)
}

func (s scene) read(actor governance.Actor, id governance.CommentID) *store.Comment {
	s.t.Helper()
	c, err := s.db.Comment(s.t.Context(), actor, id, store.Fields{"author": nil, "organization": nil})
	require.NoError(s.t, err)
	return c
}

// answer disposes of a comment as the drafter.
func (s scene) answer(c *store.Comment, kind governance.DispositionKind) *store.Comment {
	s.t.Helper()
	_, err := s.db.DisposeComment(s.t.Context(), drafter, store.DisposeCommentInput{Comment: c.ID, Kind: kind, Reason: "Because."})
	require.NoError(s.t, err)
	return s.read(drafter, c.ID)
}

func (s scene) reply(actor governance.Actor, c *store.Comment, reply governance.Reply) error {
	_, err := s.db.ReplyToDisposition(s.t.Context(), actor, store.ReplyToDispositionInput{Comment: c.ID, Reply: reply, Text: "So."})
	return err
}

func TestACommentIsCountedKeptAndEditedUntilItIsAnswered(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		c := s.comment(unionist, e, "Too long.")
		assert.Equal(t, governance.StateOpen, c.State)
		assert.Equal(t, "metal-union", c.Organization.Slug)
		assert.Equal(t, "Person 14", *c.Author.Name)
		assert.False(t, c.Late)
		now := s.edition(e)
		assert.Equal(t, 1, now.CommentCount)
		assert.Equal(t, 1, now.UnansweredCount)

		for _, body := range []string{"Much too long.", "Far too long."} {
			_, err := s.db.EditComment(t.Context(), unionist, store.EditCommentInput{Comment: c.ID, Body: body})
			require.NoError(t, err)
		}
		assert.Equal(t, []string{"Too long.", "Much too long.", "Far too long."},
			texts(t, s.db, `SELECT body FROM comment_texts WHERE comment_id = $1 ORDER BY number`, c.ID))
		_, err := s.db.EditComment(t.Context(), manufacturer, store.EditCommentInput{Comment: c.ID, Body: "Mine."})
		s.refused(err, governance.CodeForbidden, "role-needed")

		s.answer(c, governance.DispositionAccepted)
		assert.Equal(t, 0, s.edition(e).UnansweredCount)
		_, err = s.db.EditComment(t.Context(), unionist, store.EditCommentInput{Comment: c.ID, Body: "Again."})
		s.refused(err, governance.CodeConflict, "answered")
		_, err = s.db.WithdrawComment(t.Context(), unionist, store.WithdrawCommentInput{Comment: c.ID})
		require.NoError(t, err)
		assert.Equal(t, 0, s.edition(e).CommentCount)
		_, err = s.db.WithdrawComment(t.Context(), unionist, store.WithdrawCommentInput{Comment: c.ID})
		s.refused(err, governance.CodeConflict, "comment-state")
		assert.Equal(t, []string{"COMMENT_ADDED", "COMMENT_DISPOSED", "COMMENT_EDITED", "COMMENT_EDITED", "COMMENT_WITHDRAWN"},
			s.acts(string(c.ID)))
	})
}

func TestWhatIsAnsweredOfACommentAsItIsAddedIsWhatIsReadOfIt(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		thread := s.comment(unionist, e, "Too long.")
		for name, in := range map[string]store.AddCommentInput{
			"on the text":    {Body: "All of it."},
			"on an element":  {Path: "/title", Quote: "heat pumps", Body: "Why?", ProposedChange: "Cold", Kind: governance.CommentEditorial},
			"in a thread":    {Parent: thread.ID, Body: "Indeed."},
			"with a key":     {IdempotencyKey: "once", Body: "Said once."},
			"the same again": {IdempotencyKey: "once", Body: "Said once."},
		} {
			t.Run(name, func(t *testing.T) {
				in.Edition = e.ID
				if in.Kind == "" {
					in.Kind = governance.CommentGeneral
				}
				added, err := s.db.AddedComment(t.Context(), unionist, in, store.Fields{"state": nil})
				require.NoError(t, err)
				read, err := s.db.Comment(t.Context(), unionist, added.ID, store.Fields{"state": nil})
				require.NoError(t, err)
				assert.EqualExportedValues(t, *read, *added)

				complete, err := s.db.AddedComment(t.Context(), unionist, in, store.Fields{"organization": nil, "author": nil})
				require.NoError(t, err)
				assert.Equal(t, "metal-union", complete.Organization.Slug)
				assert.Equal(t, "Person 14", *complete.Author.Name)
			})
		}
	})
}

func TestCommentsThatAreRefused(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		other := s.start("boilers")
		thread := s.comment(unionist, e, "A thread.")
		reply, err := s.db.AddComment(t.Context(), drafter, store.AddCommentInput{
			Edition: e.ID, Kind: governance.CommentGeneral, Body: "An answer in it.", Parent: thread.ID,
		})
		require.NoError(t, err)
		for name, c := range map[string]struct {
			actor  governance.Actor
			change func(*store.AddCommentInput)
			code   governance.Code
			reason string
		}{
			"from nobody":                     {governance.Actor{}, nil, governance.CodeUnauthenticated, "sign-in-needed"},
			"from one who may not see it":     {citizen, nil, governance.CodeNotFound, "not-found"},
			"from an observer":                {unionObserver, nil, governance.CodeForbidden, "role-needed"},
			"without a word":                  {unionist, func(in *store.AddCommentInput) { in.Body = " \n" }, governance.CodeInvalid, "text-missing"},
			"longer than allowed":             {unionist, func(in *store.AddCommentInput) { in.Body = strings.Repeat("é", 10_001) }, governance.CodeInvalid, "text-too-long"},
			"on an element that is not":       {unionist, func(in *store.AddCommentInput) { in.Path = "/outcomes/gone" }, governance.CodeInvalid, "unknown-element"},
			"on a revision of another":        {unionist, func(in *store.AddCommentInput) { in.Revision = other.HeadID }, governance.CodeInvalid, "revision-elsewhere"},
			"in a thread within a thread":     {unionist, func(in *store.AddCommentInput) { in.Parent = reply }, governance.CodeInvalid, "no-thread"},
			"under an id that is taken":       {unionist, func(in *store.AddCommentInput) { in.ID = thread.ID }, governance.CodeConflict, "comment-exists"},
			"under a name of one's own":       {unionist, func(in *store.AddCommentInput) { in.PublicName = "Me" }, governance.CodeInvalid, "speaks-for-organization"},
			"on an edition that there is not": {unionist, func(in *store.AddCommentInput) { in.Edition = governance.EditionID(sceneID(99)) }, governance.CodeNotFound, "not-found"},
		} {
			in := store.AddCommentInput{Edition: e.ID, Kind: governance.CommentGeneral, Body: "A word."}
			if c.change != nil {
				c.change(&in)
			}
			_, err := s.db.AddComment(t.Context(), c.actor, in)
			t.Log(name)
			s.refused(err, c.code, c.reason)
		}
		assert.EqualValues(t, 2, number(t, s.db, `SELECT count(*) FROM comments`))
		s.set(e, governance.StageBallot)
		_, err = s.db.AddComment(t.Context(), unionist, store.AddCommentInput{Edition: e.ID, Kind: governance.CommentGeneral, Body: "A word."})
		s.refused(err, governance.CodeConflict, "wrong-stage")
	})
}

func TestCommentsAreListedInTheirOrderWithTheirThreads(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		var ids []governance.CommentID
		for _, path := range []string{"/title/en", "/title", "/summary"} {
			s.clock.Advance(time.Second)
			id, err := s.db.AddComment(t.Context(), unionist, store.AddCommentInput{Edition: e.ID, Kind: governance.CommentGeneral, Body: "B", Path: path})
			require.NoError(t, err)
			ids = append(ids, id)
		}
		_, err := s.db.AddComment(t.Context(), manufacturer, store.AddCommentInput{Edition: e.ID, Kind: governance.CommentGeneral, Body: "R", Parent: ids[1]})
		require.NoError(t, err)
		s.answer(s.read(unionist, ids[0]), governance.DispositionNoted)

		list := func(filter store.CommentFilter, page store.Page) *store.CommentConnection {
			found, err := s.db.Comments(t.Context(), drafter, e, filter, page, store.Fields{"nodes": {"replies": {"author": nil}, "viewerMay": nil}})
			require.NoError(t, err)
			return found
		}
		all := list(store.CommentFilter{}, store.Page{})
		require.Len(t, all.Nodes, 3)
		require.Len(t, all.Nodes[1].EditionOf().Lead.Slug, len("heat-academy"))
		replies, err := s.db.Replies(t.Context(), drafter, all.Nodes[1], nil)
		require.NoError(t, err)
		require.Len(t, replies, 1)
		assert.Equal(t, "R", replies[0].Body)

		one := 1
		first := list(store.CommentFilter{}, store.Page{First: &one})
		assert.True(t, first.PageInfo.HasNextPage)
		rest := list(store.CommentFilter{}, store.Page{After: first.PageInfo.EndCursor})
		require.Len(t, rest.Nodes, 2)
		assert.Equal(t, ids[1], rest.Nodes[0].ID)

		assert.Len(t, list(store.CommentFilter{Path: "/title"}, store.Page{}).Nodes, 2)
		assert.Len(t, list(store.CommentFilter{States: []governance.CommentState{governance.StateAnswered}}, store.Page{}).Nodes, 1)
		assert.Equal(t, 3, s.edition(e).CommentCount, "answers in a thread stand with their comment")
	})
}

func TestAnAnswerSaysWhyAndOfWhichItIsADuplicate(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		elsewhere := s.comment(unionist, s.start("boilers"), "Elsewhere.")
		first, second := s.comment(unionist, e, "First."), s.comment(manufacturer, e, "The same.")
		for name, c := range map[string]struct {
			actor  governance.Actor
			in     store.DisposeCommentInput
			code   governance.Code
			reason string
		}{
			"by the union":                   {unionist, store.DisposeCommentInput{Kind: governance.DispositionNoted, Reason: "R"}, governance.CodeForbidden, "role-needed"},
			"rejected without a reason":      {drafter, store.DisposeCommentInput{Kind: governance.DispositionRejected}, governance.CodeInvalid, "text-missing"},
			"a duplicate of nothing":         {drafter, store.DisposeCommentInput{Kind: governance.DispositionDuplicate, Reason: "R"}, governance.CodeInvalid, "id-malformed"},
			"a duplicate of itself":          {drafter, store.DisposeCommentInput{Kind: governance.DispositionDuplicate, Reason: "R", DuplicateOf: second.ID}, governance.CodeInvalid, "no-original"},
			"a duplicate of one elsewhere":   {drafter, store.DisposeCommentInput{Kind: governance.DispositionDuplicate, Reason: "R", DuplicateOf: elsewhere.ID}, governance.CodeInvalid, "no-original"},
			"noted, and a duplicate besides": {drafter, store.DisposeCommentInput{Kind: governance.DispositionNoted, Reason: "R", DuplicateOf: first.ID}, governance.CodeInvalid, "no-duplicate"},
			"with a revision elsewhere":      {drafter, store.DisposeCommentInput{Kind: governance.DispositionAccepted, Revision: elsewhere.Revision}, governance.CodeInvalid, "revision-elsewhere"},
		} {
			c.in.Comment = second.ID
			_, err := s.db.DisposeComment(t.Context(), c.actor, c.in)
			t.Log(name)
			s.refused(err, c.code, c.reason)
		}
		_, err := s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{
			Comment: second.ID, Kind: governance.DispositionDuplicate, Reason: "The same.", DuplicateOf: first.ID,
		})
		require.NoError(t, err)
		_, err = s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{
			Comment: first.ID, Kind: governance.DispositionDuplicate, Reason: "The same.", DuplicateOf: second.ID,
		})
		s.refused(err, governance.CodeInvalid, "no-original")
		revision := s.save(e, func(d *governance.Document) { d.Title["en"] = "Shorter" })
		_, err = s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{
			Comment: first.ID, Kind: governance.DispositionAccepted, Revision: revision,
		})
		require.NoError(t, err)
		c := s.read(drafter, first.ID)
		assert.Equal(t, governance.StateAnswered, c.State)
		assert.Equal(t, &revision, c.Disposition.Revision)
		assert.Equal(t, "heat-academy", c.Disposition.Organization.Slug)
		assert.Equal(t, time.Date(2026, 3, 9, 22, 0, 0, 0, time.UTC), c.Disposition.ReplyDueAt, "the end of the seventh day in Riga")
		_, err = s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{Comment: first.ID, Kind: governance.DispositionAccepted})
		s.refused(err, governance.CodeConflict, "answered")
	})
}

func TestAReplyIsTheCommentersAndInTime(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		c := s.comment(unionist, e, "Hm.")
		s.refused(s.reply(unionist, c, governance.ReplySatisfied), governance.CodeConflict, "unanswered")
		s.answer(c, governance.DispositionRejected)
		s.refused(s.reply(manufacturer, c, governance.ReplySatisfied), governance.CodeForbidden, "role-needed")
		require.NoError(t, s.reply(unionist, c, governance.ReplyNotSatisfied))
		assert.Equal(t, governance.StateAnswered, s.read(unionist, c.ID).State, "a plain comment blocks nothing")
		require.NoError(t, s.reply(unionist, c, governance.ReplySatisfied), "it may be satisfied later")
		s.refused(s.reply(unionist, c, governance.ReplyNotSatisfied), governance.CodeConflict, "replied")

		silent := s.comment(unionist, e, "Hm.")
		s.answer(silent, governance.DispositionRejected)
		s.clock.Advance(8 * 24 * time.Hour)
		s.refused(s.reply(unionist, silent, governance.ReplyNotSatisfied), governance.CodeConflict, "reply-days-over")
	})
}

func TestAnObjectionGoesToTheCouncilAndIsDecidedByAnother(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		_, err := s.db.RaiseObjection(t.Context(), unionist, store.RaiseObjectionInput{Edition: e.ID, Reason: "No."})
		s.refused(err, governance.CodeInvalid, "text-missing")
		_, err = s.db.RaiseObjection(t.Context(), unionObserver, store.RaiseObjectionInput{Edition: e.ID, Reason: "No.", Remedy: "Yes."})
		s.refused(err, governance.CodeForbidden, "role-needed")

		satisfied := s.object(unionist, e)
		s.answer(satisfied, governance.DispositionAccepted)
		require.NoError(t, s.reply(unionist, satisfied, governance.ReplySatisfied))
		assert.Equal(t, governance.StateResolved, s.read(unionist, satisfied.ID).State)

		uphold := func(actor governance.Actor, c *store.Comment) error {
			_, err := s.db.UpholdObjection(t.Context(), actor, store.UpholdObjectionInput{Comment: c.ID, Reason: "They are right."})
			return err
		}
		objection := s.object(unionist, e)
		s.answer(objection, governance.DispositionRejected)
		s.refused(uphold(councillor, objection), governance.CodeConflict, "not-referred")
		require.NoError(t, s.reply(unionist, objection, governance.ReplyNotSatisfied))
		assert.Equal(t, governance.StateReferred, s.read(unionist, objection.ID).State, "referred by itself")
		s.refused(uphold(secretary, objection), governance.CodeForbidden, "role-needed")
		s.refused(uphold(unionist, objection), governance.CodeForbidden, "role-needed")
		s.clock.Advance(time.Hour)
		require.NoError(t, uphold(councillor, objection))
		c := s.read(unionist, objection.ID)
		assert.Equal(t, governance.StateUpheld, c.State)
		assert.Equal(t, "They are right.", c.DecisionReason)

		done := func(kind governance.DispositionKind, revision governance.RevisionID) error {
			_, err := s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{Comment: c.ID, Kind: kind, Reason: "R", Revision: revision})
			return err
		}
		s.refused(done(governance.DispositionRejected, ""), governance.CodeInvalid, "upheld")
		s.refused(done(governance.DispositionAccepted, e.HeadID), governance.CodeInvalid, "upheld-undone")
		require.NoError(t, done(governance.DispositionAccepted, s.save(e, func(d *governance.Document) { d.Title["en"] = "What fitters do" })))
		assert.Equal(t, governance.StateResolved, s.read(unionist, objection.ID).State)

		other := s.object(unionist, e)
		_, err = s.db.ReferObjection(t.Context(), unionist, store.ReferObjectionInput{Comment: other.ID})
		s.refused(err, governance.CodeForbidden, "role-needed")
		_, err = s.db.ReferObjection(t.Context(), drafter, store.ReferObjectionInput{Comment: other.ID})
		require.NoError(t, err)
		_, err = s.db.OverruleObjection(t.Context(), councillor, store.OverruleObjectionInput{Comment: other.ID, Reason: "Out of order."})
		require.NoError(t, err)
		assert.Equal(t, governance.StateOverruled, s.read(unionist, other.ID).State)
		assert.Equal(t, []string{"OBJECTION_OVERRULED", "OBJECTION_RAISED", "OBJECTION_REFERRED"}, s.acts(string(other.ID)))
		_, err = s.db.WithdrawComment(t.Context(), unionist, store.WithdrawCommentInput{Comment: other.ID})
		s.refused(err, governance.CodeConflict, "comment-state")
		plain := s.comment(unionist, e, "Plain.")
		reply, err := s.db.AddComment(t.Context(), manufacturer, store.AddCommentInput{
			Edition: e.ID, Kind: governance.CommentGeneral, Body: "Indeed.", Parent: plain.ID,
		})
		require.NoError(t, err)
		_, err = s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{Comment: reply, Kind: governance.DispositionAccepted})
		s.refused(err, governance.CodeConflict, "in-thread")
		_, err = s.db.ReferObjection(t.Context(), drafter, store.ReferObjectionInput{Comment: plain.ID})
		s.refused(err, governance.CodeConflict, "no-objection")
	})
}
