package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// say comments as the union and answers the comment's id.
func (s scene) say(in store.AddCommentInput) governance.CommentID {
	s.t.Helper()
	if in.Kind == "" {
		in.Kind = governance.CommentGeneral
	}
	if in.Body == "" {
		in.Body = "Hm."
	}
	id, err := s.db.AddComment(s.t.Context(), unionist, in)
	require.NoError(s.t, err)
	return id
}

func TestAQuoteStandsInItsElementOfItsRevision(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.save(e, func(d *governance.Document) { d.Title["en"] = "Heat" })
		for name, c := range map[string]struct {
			in     store.AddCommentInput
			reason string
		}{
			"in the language that the path names":     {store.AddCommentInput{Path: "/title/en", Quote: "Heat"}, ""},
			"in any language of the element":          {store.AddCommentInput{Path: "/title", Quote: "Wärmepumpen einbauen"}, ""},
			"anywhere in the text":                    {store.AddCommentInput{Quote: "explain it to the people"}, ""},
			"on the revision that is named":           {store.AddCommentInput{Path: "/title/en", Quote: "commissioning", Revision: e.HeadID}, ""},
			"with other blanks":                       {store.AddCommentInput{Path: "/title/de", Quote: "Wärmepumpen\n einbauen"}, ""},
			"with its marks apart":                    {store.AddCommentInput{Path: "/title/de", Quote: "Wa\u0308rmepumpen"}, ""},
			"no longer in the newest":                 {store.AddCommentInput{Path: "/title/en", Quote: "commissioning"}, "quote-not-found"},
			"in another language":                     {store.AddCommentInput{Path: "/title/en", Quote: "Wärmepumpen"}, "quote-not-found"},
			"in another element":                      {store.AddCommentInput{Path: "/summary", Quote: "explain it to the people"}, "quote-not-found"},
			"nowhere":                                 {store.AddCommentInput{Quote: "cold pumps"}, "quote-not-found"},
			"in an element that there is not anymore": {store.AddCommentInput{Path: "/outcomes/gone", Quote: "Heat"}, "unknown-element"},
		} {
			t.Run(name, func(t *testing.T) {
				c.in.Edition, c.in.Kind, c.in.Body = e.ID, governance.CommentEditorial, "Hm."
				_, err := s.db.AddComment(t.Context(), unionist, c.in)
				if c.reason == "" {
					assert.NoError(t, err)
					return
				}
				s.refused(err, governance.CodeInvalid, c.reason)
			})
		}
		_, err := s.db.RaiseObjection(t.Context(), unionist, store.RaiseObjectionInput{
			Edition: e.ID, Path: "/title", Quote: "cold", Reason: "No.", Remedy: "Yes.",
		})
		s.refused(err, governance.CodeInvalid, "quote-not-found")
	})
}

func TestACommentSaysWhatBecameOfTheTextUnderIt(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		outcome := "/outcomes/types"
		comments := map[string]governance.CommentID{
			"the title":             s.say(store.AddCommentInput{Edition: e.ID, Path: "/title"}),
			"words that stay":       s.say(store.AddCommentInput{Edition: e.ID, Path: "/title/en", Quote: "heat pumps"}),
			"words that go":         s.say(store.AddCommentInput{Edition: e.ID, Path: "/title/en", Quote: "Installing"}),
			"the summary":           s.say(store.AddCommentInput{Edition: e.ID, Path: "/summary", Quote: "Plan, install"}),
			"an outcome that moves": s.say(store.AddCommentInput{Edition: e.ID, Path: outcome}),
			"an outcome that goes":  s.say(store.AddCommentInput{Edition: e.ID, Path: "/outcomes/handover"}),
			"the whole text":        s.say(store.AddCommentInput{Edition: e.ID}),
		}
		yes, no := true, false
		expect := func(want map[string]store.Anchor) {
			t.Helper()
			states, ran := s.anchors(e)
			for name, anchor := range want {
				assert.Equal(t, anchor, states[comments[name]], name)
			}
			assert.LessOrEqual(t, ran, 1, "the revisions with one statement, and their documents are kept")
		}
		expect(map[string]store.Anchor{
			"the title": {governance.AnchorCurrent, nil}, "words that go": {governance.AnchorCurrent, &yes},
			"the whole text": {governance.AnchorCurrent, nil},
		})

		s.save(e, func(d *governance.Document) {
			d.Title["en"] = "Fitting heat pumps"
			d.Outcomes = append(d.Outcomes[1:], d.Outcomes[0])
		})
		comments["the new title"] = s.say(store.AddCommentInput{Edition: e.ID, Path: "/title/en", Quote: "Fitting"})
		expect(map[string]store.Anchor{
			"the title": {governance.AnchorTextChanged, nil}, "words that stay": {governance.AnchorTextChanged, &yes},
			"words that go": {governance.AnchorTextChanged, &no}, "the summary": {governance.AnchorCurrent, &yes},
			"an outcome that moves": {governance.AnchorCurrent, nil}, "the whole text": {governance.AnchorTextChanged, nil},
			"the new title": {governance.AnchorCurrent, &yes},
		})

		s.save(e, func(d *governance.Document) {
			for i, o := range d.Outcomes {
				if o.ID == "handover" {
					d.Outcomes = append(d.Outcomes[:i], d.Outcomes[i+1:]...)
					break
				}
			}
			d.Title["en"] = "Installing heat pumps"
		})
		expect(map[string]store.Anchor{
			"an outcome that goes": {governance.AnchorGone, nil}, "words that go": {governance.AnchorTextChanged, &yes},
			"the new title": {governance.AnchorTextChanged, &no},
		})
		c := s.read(unionist, comments["words that go"])
		assert.Equal(t, "Installing", c.Quote, "it keeps its quote")
		anchor, err := s.db.Anchor(t.Context(), citizen, c)
		require.NoError(t, err)
		assert.Equal(t, governance.AnchorTextChanged, anchor.State)
	})
}

// anchors reads what became of the text under every comment on an edition, and how many statements that took beside
// those for the comments themselves.
func (s scene) anchors(e *store.Edition) (map[governance.CommentID]store.Anchor, int) {
	s.t.Helper()
	now := s.edition(e)
	count := func(fields store.Fields) (*store.CommentConnection, int) {
		before := s.statements.Load()
		page, err := s.db.Comments(s.t.Context(), drafter, now, store.CommentFilter{}, store.Page{}, store.Fields{"nodes": fields})
		require.NoError(s.t, err)
		return page, int(s.statements.Load() - before)
	}
	_, plain := count(store.Fields{"id": nil})
	_, first := count(store.Fields{"anchorState": nil}) // parses what nobody has read yet
	page, ran := count(store.Fields{"anchorState": nil, "quoteFound": nil})
	assert.LessOrEqual(s.t, first-plain, 2, "one statement for the revisions, one for the documents")
	states := map[governance.CommentID]store.Anchor{}
	for _, c := range page.Nodes {
		anchor, err := s.db.Anchor(s.t.Context(), drafter, c)
		require.NoError(s.t, err)
		states[c.ID] = *anchor
	}
	return states, ran - plain
}

func TestAMentionIsOfSomebodyWhoMayReadIt(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		mention := func(actor governance.Actor, named ...string) (governance.CommentID, error) {
			return s.db.AddComment(t.Context(), actor, store.AddCommentInput{
				Edition: e.ID, Kind: governance.CommentGeneral, Body: "Look.", Mentions: named,
			})
		}
		id, err := mention(unionist, "pump-works", string(drafter.Person), sceneEmployer)
		require.NoError(t, err)
		c := s.read(unionist, id)
		mentions, err := s.db.Mentions(t.Context(), manufacturer, c)
		require.NoError(t, err)
		require.Len(t, mentions, 2, "each once")
		assert.Equal(t, "pump-works", mentions[0].Organization.Slug)
		assert.Equal(t, "Person 13", *mentions[1].Person.Name)
		assert.EqualValues(t, 1, number(t, s.db, `SELECT count(*) FROM comment_mentions WHERE person_id = $1`, drafter.Person))

		_, err = mention(unionist, "nobody-at-all")
		s.refused(err, governance.CodeInvalid, "mention-unknown")
		_, err = mention(unionist, "pump-works", "stranger")
		s.refused(err, governance.CodeInvalid, "mention-unseen")
		_, err = mention(unionist, string(outsider.Person))
		s.refused(err, governance.CodeInvalid, "mention-unseen")
		_, err = mention(unionist, make([]string, 21)...)
		s.refused(err, governance.CodeInvalid, "too-many")
		_, err = mention(unionist, "")
		s.refused(err, governance.CodeInvalid, "text-missing")
		_, err = s.db.RaiseObjection(t.Context(), unionist, store.RaiseObjectionInput{
			Edition: e.ID, Reason: "No.", Remedy: "Yes.", Mentions: []string{"stranger"},
		})
		s.refused(err, governance.CodeInvalid, "mention-unseen")
		assert.EqualValues(t, 1, number(t, s.db, `SELECT count(*) FROM comments`), "who is refused says nothing")

		s.consult(e)
		_, err = mention(unionist, "stranger", string(outsider.Person))
		require.NoError(t, err, "in public everybody may read it")
		_, err = mention(citizen, string(drafter.Person))
		s.refused(err, governance.CodeInvalid, "mention-unknown")
		_, err = mention(citizen, "heat-academy")
		require.NoError(t, err)
	})
}

func TestNothingLeadsFromAPublicCommentToThePerson(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.consult(e)
		id, err := s.db.AddComment(t.Context(), citizen, store.AddCommentInput{
			Edition: e.ID, Kind: governance.CommentGeneral, Body: "Evening classes?", PublicName: "E. K., Riga",
		})
		require.NoError(t, err)
		for _, viewer := range []governance.Actor{{}, drafter, secretary, councillor} {
			c := s.read(viewer, id)
			assert.Equal(t, "E. K., Riga", *c.Author.Name)
			assert.NotEqual(t, citizen.Person, c.Author.ID)
		}
		assert.Equal(t, citizen.Person, s.read(citizen, id).Author.ID)
	})
}

func TestAThreadIsResolvedAndOpenedAgain(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		c, objection := s.comment(unionist, e, "Too long."), s.object(unionist, e)
		resolve := func(actor governance.Actor, id governance.CommentID) error {
			_, err := s.db.ResolveComment(t.Context(), actor, store.ResolveCommentInput{Comment: id})
			return err
		}
		reopen := func(actor governance.Actor, id governance.CommentID) error {
			_, err := s.db.ReopenComment(t.Context(), actor, store.ReopenCommentInput{Comment: id})
			return err
		}
		s.refused(reopen(unionist, c.ID), governance.CodeConflict, "thread-open")
		s.refused(resolve(manufacturer, c.ID), governance.CodeForbidden, "role-needed")
		s.refused(resolve(drafter, objection.ID), governance.CodeConflict, "is-objection")
		s.refused(resolve(unionist, objection.ID), governance.CodeForbidden, "role-needed")
		require.NoError(t, resolve(drafter, c.ID))
		s.refused(resolve(unionist, c.ID), governance.CodeConflict, "thread-resolved")
		shown := s.read(unionist, c.ID)
		assert.Equal(t, s.clock.Now(), *shown.ResolvedAt)
		assert.Equal(t, "heat-academy", shown.ResolvedBy.Slug)
		assert.Equal(t, governance.StateOpen, shown.State, "it has no answer yet")
		assert.Equal(t, 2, s.edition(e).UnansweredCount, "and gates as before")

		resolved, open := true, false
		list := func(is *bool) int {
			page, err := s.db.Comments(t.Context(), drafter, e, store.CommentFilter{Resolved: is}, store.Page{}, nil)
			require.NoError(t, err)
			return len(page.Nodes)
		}
		assert.Equal(t, 1, list(&resolved))
		assert.Equal(t, 1, list(&open))
		assert.Equal(t, 2, list(nil))

		require.NoError(t, reopen(unionist, c.ID))
		require.NoError(t, resolve(unionist, c.ID))
		reply := s.say(store.AddCommentInput{Edition: e.ID, Parent: c.ID, Body: "One more thing."})
		assert.Nil(t, s.read(unionist, c.ID).ResolvedAt, "who answers in a thread opens it again")
		s.refused(resolve(unionist, reply), governance.CodeConflict, "in-thread")
		assert.Equal(t, []string{"COMMENT_ADDED", "THREAD_REOPENED", "THREAD_RESOLVED", "THREAD_RESOLVED"}, s.acts(string(c.ID)))
		assert.Contains(t, texts(t, s.db, `SELECT body FROM acts WHERE object_id = $1`, reply)[0], `"thread":"REOPENED"`)

		_, err := s.db.WithdrawComment(t.Context(), unionist, store.WithdrawCommentInput{Comment: c.ID})
		require.NoError(t, err)
		s.refused(resolve(unionist, c.ID), governance.CodeConflict, "comment-state")
	})
}
