package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// suggest suggests another text upon the head.
func (s scene) suggest(actor governance.Actor, e *store.Edition, change func(*governance.Document)) governance.SuggestionID {
	s.t.Helper()
	now := s.edition(e)
	head, err := s.db.Head(s.t.Context(), drafter, now, store.Fields{"document": nil})
	require.NoError(s.t, err)
	document := s.copyOf(head.Document)
	change(&document)
	id, err := s.db.Suggest(s.t.Context(), actor, store.SuggestInput{
		Edition: e.ID, Base: now.HeadID, Document: &document, Reason: "Fitters say so.",
	})
	require.NoError(s.t, err)
	return id
}

// suggestion reads a suggestion with all that it has.
func (s scene) suggestion(id governance.SuggestionID) *store.Suggestion {
	s.t.Helper()
	p, err := s.db.Suggestion(s.t.Context(), drafter, id, store.Fields{"author": nil, "changes": nil, "decidedBy": nil})
	require.NoError(s.t, err)
	return p
}

// text is the edition's newest text.
func (s scene) text(e *store.Edition) governance.Document {
	s.t.Helper()
	head, err := s.db.Head(s.t.Context(), drafter, s.edition(e), store.Fields{"document": nil})
	require.NoError(s.t, err)
	return head.Document
}

func (s scene) accept(id governance.SuggestionID, changes ...int) error {
	_, err := s.db.AcceptSuggestion(s.t.Context(), drafter, store.AcceptSuggestionInput{Suggestion: id, Changes: changes})
	return err
}

// state asserts how a suggestion stands and where it conflicts.
func (s scene) state(id governance.SuggestionID, want governance.SuggestionState, paths ...string) {
	s.t.Helper()
	p := s.suggestion(id)
	assert.Equal(s.t, want, p.State)
	var got []string
	for _, conflict := range p.Conflicts {
		got = append(got, conflict.Path)
	}
	assert.Equal(s.t, paths, got)
}

func title(words string) func(*governance.Document) {
	return func(d *governance.Document) { d.Title["en"] = words }
}

func summary(words string) func(*governance.Document) {
	return func(d *governance.Document) { d.Summary["en"] = words }
}

func both(first, second func(*governance.Document)) func(*governance.Document) {
	return func(d *governance.Document) { first(d); second(d) }
}

func TestAnAcceptedSuggestionIsMergedAndCredited(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id := s.suggest(unionist, e, title("Fitting heat pumps"))
		s.state(id, governance.SuggestionOpen)
		assert.Equal(t, 1, s.edition(e).OpenSuggestionCount)

		s.save(e, summary("Shorter.")) // the text moves on elsewhere
		s.state(id, governance.SuggestionOpen)
		before := s.edition(e)
		require.NoError(t, s.accept(id))
		assert.Equal(t, "Fitting heat pumps", s.text(e).Title["en"])
		assert.Equal(t, "Shorter.", s.text(e).Summary["en"])

		p, now := s.suggestion(id), s.edition(e)
		assert.Equal(t, governance.SuggestionAccepted, p.State)
		assert.Equal(t, now.HeadID, *p.TakenBy)
		assert.Equal(t, "heat-academy", p.DecidedFor.Slug)
		assert.Equal(t, "Person 13", *p.DecidedBy.Name)
		assert.Equal(t, "metal-union", p.Organization.Slug)
		assert.Equal(t, 0, now.OpenSuggestionCount)
		head, err := s.db.Head(t.Context(), drafter, now, store.Fields{"organization": nil, "changes": nil})
		require.NoError(t, err)
		assert.Equal(t, "heat-academy", head.Organization.Slug, "the revision is the editor's")
		credited, err := s.db.SuggestionsTaken(t.Context(), drafter, head, nil)
		require.NoError(t, err)
		require.Len(t, credited, 1)
		assert.Equal(t, "metal-union", credited[0].Organization.Slug, "and credits who suggested it")

		assert.Equal(t, []string{"SUGGESTION_ACCEPTED", "SUGGESTION_MADE"}, s.acts(string(id)))
		assert.Empty(t, s.acts(string(now.HeadID)), "the step has one act")
		var body struct {
			Digests map[string]governance.Digest
			Words   map[string]string
		}
		act := texts(t, s.db, `SELECT body FROM acts WHERE object_id = $1 AND type = 'SUGGESTION_ACCEPTED'`, id)
		require.NoError(t, json.Unmarshal([]byte(act[0]), &body))
		assert.Equal(t, map[string]governance.Digest{"base": before.HeadDigest, "document": now.HeadDigest}, body.Digests)
		assert.Equal(t, map[string]string{"changes": "0", "revision": string(now.HeadID)}, body.Words)

		s.refused(s.accept(id), governance.CodeConflict, "suggestion-state")
		_, err = s.db.WithdrawSuggestion(t.Context(), unionist, store.WithdrawSuggestionInput{Suggestion: id})
		s.refused(err, governance.CodeConflict, "suggestion-state")
	})
}

func TestASuggestionConflictsWhereTheTextMovedOnUnderItAndNoLongerWhenItMovesBack(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		was := s.text(e).Title["en"]
		id := s.suggest(unionist, e, both(title("Fitting heat pumps"), summary("Shorter.")))
		other := s.suggest(manufacturer, e, title("Pumps"))
		s.save(e, title("Heat pump fitting"))
		s.state(id, governance.SuggestionConflicting, "/title/en")
		s.state(other, governance.SuggestionConflicting, "/title/en")
		assert.Equal(t, 2, s.edition(e).OpenSuggestionCount, "it is undecided all the same")
		p := s.suggestion(id)
		assert.JSONEq(t, `"Fitting heat pumps"`, string(p.Conflicts[0].Ours))
		assert.JSONEq(t, `"Heat pump fitting"`, string(p.Conflicts[0].Theirs))
		changes, err := s.db.SuggestedChanges(t.Context(), p)
		require.NoError(t, err)
		assert.Equal(t, []bool{true, false}, []bool{changes[0].Conflicting, changes[1].Conflicting})

		s.refused(s.accept(id), governance.CodeConflict, "suggestion-conflicts")
		s.save(e, title(was))
		s.state(id, governance.SuggestionOpen)
		s.state(other, governance.SuggestionOpen)

		require.NoError(t, s.accept(other))
		s.state(id, governance.SuggestionConflicting, "/title/en")
		require.NoError(t, s.accept(id, 1), "what does not conflict can be accepted")
		s.state(id, governance.SuggestionAcceptedInPart)
		assert.Equal(t, "Pumps", s.text(e).Title["en"])
		assert.Equal(t, "Shorter.", s.text(e).Summary["en"])
		changes, err = s.db.SuggestedChanges(t.Context(), s.suggestion(id))
		require.NoError(t, err)
		assert.Equal(t, []bool{false, true}, []bool{changes[0].Accepted, changes[1].Accepted})
	})
}

func TestASuggestionOnAnOldTextIsHeldAgainstTheNewest(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.save(e, title("Heat pump fitting"))
		from := func(path, words string) governance.SuggestionID {
			id, err := s.db.Suggest(t.Context(), unionist, store.SuggestInput{
				Edition: e.ID, Base: e.HeadID, Reason: "Why not.",
				Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: path, Value: json.RawMessage(`"` + words + `"`)}},
			})
			require.NoError(t, err)
			return id
		}
		s.state(from("/title/en", "Pumps"), governance.SuggestionConflicting, "/title/en")
		fits := from("/summary/en", "Shorter.")
		s.state(fits, governance.SuggestionOpen)
		changes, err := s.db.SuggestedChanges(t.Context(), s.suggestion(fits))
		require.NoError(t, err)
		assert.NotEmpty(t, changes[0].Change.Before, "what stood there is noted though nobody said it")
		same := from("/title/en", "Heat pump fitting")
		s.state(same, governance.SuggestionOpen)
		head := s.edition(e).HeadID
		require.NoError(t, s.accept(same), "the text says so already")
		assert.Equal(t, head, s.edition(e).HeadID)
		assert.Nil(t, s.suggestion(same).TakenBy)
		assert.Equal(t, governance.SuggestionAccepted, s.suggestion(same).State)
	})
}

func TestSuggestionsThatAreRefused(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e, other := s.start("heat-pumps"), s.start("boilers")
		document := s.text(e)
		taken := s.suggest(unionist, e, title("Pumps"))
		many := make([]*governance.Change, 301)
		for i := range many {
			many[i] = &governance.Change{Kind: governance.ChangeSet, Path: "/title/en", Value: json.RawMessage(fmt.Sprintf(`"%d"`, i))}
		}
		set := func(path, value string) []*governance.Change {
			return []*governance.Change{{Kind: governance.ChangeSet, Path: path, Value: json.RawMessage(value)}}
		}
		for name, c := range map[string]struct {
			actor  governance.Actor
			change func(*store.SuggestInput)
			code   governance.Code
			reason string
		}{
			"by nobody":                       {governance.Actor{}, nil, governance.CodeUnauthenticated, "sign-in-needed"},
			"by one who may not see it":       {citizen, nil, governance.CodeNotFound, "not-found"},
			"by an observer":                  {unionObserver, nil, governance.CodeForbidden, "role-needed"},
			"without a reason":                {unionist, func(in *store.SuggestInput) { in.Reason = " " }, governance.CodeInvalid, "text-missing"},
			"of nothing":                      {unionist, func(in *store.SuggestInput) { in.Changes = nil }, governance.CodeInvalid, "document-or-changes"},
			"of text and changes":             {unionist, func(in *store.SuggestInput) { in.Document = &document }, governance.CodeInvalid, "document-or-changes"},
			"that changes nothing":            {unionist, func(in *store.SuggestInput) { in.Changes, in.Document = nil, &document }, governance.CodeInvalid, "nothing-changed"},
			"that sets what stands there":     {unionist, func(in *store.SuggestInput) { in.Changes = set("/title/en", asJSON(t, document.Title["en"])) }, governance.CodeInvalid, "nothing-changed"},
			"of too many changes":             {unionist, func(in *store.SuggestInput) { in.Changes = many }, governance.CodeInvalid, "too-many-changes"},
			"of what is no text":              {unionist, func(in *store.SuggestInput) { in.Changes = set("/title/en", "4") }, governance.CodeInvalid, "wrong-type"},
			"of an element that is not there": {unionist, func(in *store.SuggestInput) { in.Changes = set("/outcomes/gone/statement/en", `"x"`) }, governance.CodeConflict, "element-gone"},
			"on a revision of another":        {unionist, func(in *store.SuggestInput) { in.Base = other.HeadID }, governance.CodeInvalid, "revision-elsewhere"},
			"under an id that is taken":       {unionist, func(in *store.SuggestInput) { in.ID = taken }, governance.CodeConflict, "suggestion-exists"},
			"under a name of one's own":       {unionist, func(in *store.SuggestInput) { in.PublicName = "Me" }, governance.CodeInvalid, "speaks-for-organization"},
		} {
			in := store.SuggestInput{Edition: e.ID, Base: e.HeadID, Reason: "R", Changes: set("/title/en", `"Other"`)}
			if c.change != nil {
				c.change(&in)
			}
			_, err := s.db.Suggest(t.Context(), c.actor, in)
			t.Log(name)
			s.refused(err, c.code, c.reason)
		}
		assert.Equal(t, 1, s.edition(e).OpenSuggestionCount)
	})
}

func TestDecisionsOnASuggestionAreTheEditorsAndItsWithdrawalItsAuthors(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id := s.suggest(unionist, e, both(title("Pumps"), summary("Shorter.")))
		reject := func(actor governance.Actor, reason string) error {
			_, err := s.db.RejectSuggestion(t.Context(), actor, store.RejectSuggestionInput{Suggestion: id, Reason: reason})
			return err
		}
		withdraw := func(actor governance.Actor, id governance.SuggestionID) error {
			_, err := s.db.WithdrawSuggestion(t.Context(), actor, store.WithdrawSuggestionInput{Suggestion: id})
			return err
		}
		_, err := s.db.AcceptSuggestion(t.Context(), unionist, store.AcceptSuggestionInput{Suggestion: id})
		s.refused(err, governance.CodeForbidden, "role-needed")
		s.refused(s.accept(id, 2), governance.CodeInvalid, "no-such-change")
		s.refused(s.accept(id, -1), governance.CodeInvalid, "no-such-change")
		s.refused(s.accept(id, 0, 0), governance.CodeInvalid, "no-such-change")
		s.refused(reject(drafter, ""), governance.CodeInvalid, "text-missing")
		s.refused(reject(unionist, "No."), governance.CodeForbidden, "role-needed")
		s.refused(withdraw(manufacturer, id), governance.CodeForbidden, "role-needed")
		s.refused(withdraw(citizen, id), governance.CodeNotFound, "not-found")
		require.NoError(t, reject(drafter, "Fitters say otherwise."))
		p := s.suggestion(id)
		assert.Equal(t, governance.SuggestionRejected, p.State)
		assert.Equal(t, "Fitters say otherwise.", p.DecisionReason)

		second := s.suggest(unionist, e, title("Pumps"))
		require.NoError(t, withdraw(unionist, second))
		s.state(second, governance.SuggestionWithdrawn)
		assert.Equal(t, 0, s.edition(e).OpenSuggestionCount)
		s.refused(s.accept(second), governance.CodeConflict, "suggestion-state")
		assert.Equal(t, []string{"SUGGESTION_MADE", "SUGGESTION_WITHDRAWN"}, s.acts(string(second)))

		once := store.SuggestInput{IdempotencyKey: "once", Edition: e.ID, Base: e.HeadID, Reason: "R",
			Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: "/title/en", Value: json.RawMessage(`"Other"`)}}}
		first, err := s.db.Suggest(t.Context(), unionist, once)
		require.NoError(t, err)
		again, err := s.db.Suggest(t.Context(), unionist, once)
		require.NoError(t, err)
		assert.Equal(t, first, again)
		assert.Equal(t, 1, s.edition(e).OpenSuggestionCount)
	})
}

func TestAFrozenTextTakesNoSuggestionAndTheyWaitForIt(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id := s.suggest(unionist, e, title("Pumps"))
		s.set(e, governance.StageBallot)
		s.refused(s.accept(id), governance.CodeConflict, "wrong-stage")
		_, err := s.db.Suggest(t.Context(), unionist, store.SuggestInput{
			Edition: e.ID, Base: e.HeadID, Reason: "R",
			Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: "/title/en", Value: json.RawMessage(`"Other"`)}},
		})
		s.refused(err, governance.CodeConflict, "wrong-stage")
		assert.Equal(t, 1, s.edition(e).OpenSuggestionCount, "it is shown on the ballot's edition")
		s.set(e, governance.StageDisposition)
		require.NoError(t, s.accept(id))
	})
}

func TestWhatIsSaidAboutASuggestionGatesNothing(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e, other := s.start("heat-pumps"), s.start("boilers")
		id := s.suggest(unionist, e, title("Pumps"))
		about := func(in store.AddCommentInput) (governance.CommentID, error) {
			in.Kind, in.Body = governance.CommentGeneral, "Too short."
			return s.db.AddComment(t.Context(), manufacturer, in)
		}
		comment, err := about(store.AddCommentInput{Edition: e.ID, Suggestion: id})
		require.NoError(t, err)
		answer, err := about(store.AddCommentInput{Edition: e.ID, Parent: comment})
		require.NoError(t, err)
		_, err = about(store.AddCommentInput{Edition: other.ID, Suggestion: id})
		s.refused(err, governance.CodeInvalid, "no-suggestion")
		_, err = about(store.AddCommentInput{Edition: e.ID, Suggestion: id, Parent: comment})
		s.refused(err, governance.CodeInvalid, "no-suggestion")

		now := s.edition(e)
		assert.Equal(t, 0, now.CommentCount)
		assert.Equal(t, 0, now.UnansweredCount)
		assert.Equal(t, &id, s.read(manufacturer, comment).Suggestion)
		onText, err := s.db.Comments(t.Context(), drafter, now, store.CommentFilter{}, store.Page{}, nil)
		require.NoError(t, err)
		assert.Empty(t, onText.Nodes)
		onSuggestion, err := s.db.SuggestionComments(t.Context(), drafter, s.suggestion(id), store.Page{}, store.Fields{"nodes": {"replies": nil}})
		require.NoError(t, err)
		require.Len(t, onSuggestion.Nodes, 1)
		replies, err := s.db.Replies(t.Context(), drafter, onSuggestion.Nodes[0], nil)
		require.NoError(t, err)
		assert.Equal(t, answer, replies[0].ID)
		_, err = s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{Comment: comment, Kind: governance.DispositionAccepted})
		s.refused(err, governance.CodeConflict, "about-suggestion")
		s.consult(e)
		s.tick(s.clock.Now().Add(60 * 24 * time.Hour))
		assert.Nil(t, s.ballotRefusal(e), "neither the suggestion nor what is said about it stands in the way")
		_, err = s.db.WithdrawComment(t.Context(), manufacturer, store.WithdrawCommentInput{Comment: comment})
		require.NoError(t, err)
		assert.Equal(t, 0, s.edition(e).CommentCount)
	})
}

func TestSuggestionsAreShownToWhomCommentsAre(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		inDraft := s.suggest(unionist, e, title("Pumps"))
		s.clock.Advance(time.Hour)
		s.save(e, summary("As consulted on."))
		s.consult(e)
		s.clock.Advance(time.Hour)
		public := func(actor governance.Actor, base governance.RevisionID, name string) (governance.SuggestionID, error) {
			return s.db.Suggest(t.Context(), actor, store.SuggestInput{
				Edition: e.ID, Base: base, Reason: "R", PublicName: name,
				Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: "/title/en", Value: json.RawMessage(`"Other"`)}},
			})
		}
		now := s.edition(e)
		ofCitizen, err := public(citizen, now.HeadID, "E. K., Riga")
		require.NoError(t, err)
		_, err = public(citizen, e.HeadID, "")
		s.refused(err, governance.CodeInvalid, "revision-elsewhere")
		s.clock.Advance(time.Hour)
		onDraft, err := public(unionist, e.HeadID, "")
		require.NoError(t, err)

		list := func(actor governance.Actor, states ...governance.SuggestionState) []governance.SuggestionID {
			shown, err := s.db.Edition(t.Context(), actor, e.ID, nil)
			require.NoError(t, err)
			found, err := s.db.Suggestions(t.Context(), actor, shown, states, store.Page{}, store.Fields{"nodes": {"author": nil}})
			require.NoError(t, err)
			var ids []governance.SuggestionID
			for _, p := range found.Nodes {
				ids = append(ids, p.ID)
			}
			return ids
		}
		assert.Equal(t, []governance.SuggestionID{inDraft, ofCitizen, onDraft}, list(unionist))
		assert.Equal(t, []governance.SuggestionID{ofCitizen}, list(outsider), "what is made on a draft stays with those who saw it")
		assert.Empty(t, list(outsider, governance.SuggestionConflicting))
		for _, hidden := range []governance.SuggestionID{inDraft, onDraft} {
			_, err = s.db.Suggestion(t.Context(), outsider, hidden, nil)
			s.refused(err, governance.CodeNotFound, "not-found")
		}
		p, err := s.db.Suggestion(t.Context(), outsider, ofCitizen, store.Fields{"author": nil})
		require.NoError(t, err)
		assert.Equal(t, "E. K., Riga", *p.Author.Name)
		assert.Nil(t, p.Organization)
		assert.Equal(t, string(ofCitizen), string(p.Author.ID), "nothing leads to the person")
		_, err = s.db.AddComment(t.Context(), outsider, store.AddCommentInput{
			Edition: e.ID, Kind: governance.CommentGeneral, Body: "B", Suggestion: inDraft,
		})
		s.refused(err, governance.CodeInvalid, "no-suggestion")
		_, err = s.db.WithdrawSuggestion(t.Context(), citizen, store.WithdrawSuggestionInput{Suggestion: ofCitizen})
		require.NoError(t, err)
	})
}

func TestSuggestionsArePaged(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		var ids []governance.SuggestionID
		for i := range 3 {
			ids = append(ids, s.suggest(unionist, e, title(fmt.Sprint("Title ", i))))
		}
		one := 2
		first, err := s.db.Suggestions(t.Context(), drafter, e, nil, store.Page{First: &one}, nil)
		require.NoError(t, err)
		rest, err := s.db.Suggestions(t.Context(), drafter, e, nil, store.Page{After: first.PageInfo.EndCursor}, store.Fields{"nodes": {"viewerMay": nil}})
		require.NoError(t, err)
		require.Len(t, rest.Nodes, 1)
		assert.Equal(t, ids[2], rest.Nodes[0].ID)
		may, err := s.db.SuggestionPermissions(t.Context(), drafter, rest.Nodes[0])
		require.NoError(t, err)
		allowed := map[governance.Step]bool{}
		for _, permission := range may {
			allowed[permission.Step] = permission.Allowed()
		}
		for step, want := range map[governance.Step]bool{
			governance.WithdrawSuggestion: false, governance.AcceptSuggestion: true, governance.RejectSuggestion: true,
			governance.ReportSuggestion: true, governance.HideSuggestion: false, governance.ConfirmSuggestionRedaction: false,
		} {
			assert.Equal(t, want, allowed[step], step)
		}
	})
}

func TestTwoAcceptancesAtOnceBothStand(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		ids := []governance.SuggestionID{
			s.suggest(unionist, e, title("Pumps")), s.suggest(manufacturer, e, summary("Shorter.")), s.suggest(manufacturer, e, title("Other")),
		}
		results := make(chan error, len(ids))
		for _, id := range ids {
			go func() { results <- s.accept(id) }()
		}
		var refused []error
		for range ids {
			if err := <-results; err != nil {
				refused = append(refused, err)
			}
		}
		require.Len(t, refused, 1, "two of them say different things about the title")
		s.refused(refused[0], governance.CodeConflict, "suggestion-conflicts")
		now := s.text(e)
		assert.Equal(t, "Shorter.", now.Summary["en"])
		assert.Contains(t, []string{"Pumps", "Other"}, now.Title["en"])
		states := texts(t, s.db, `SELECT state FROM suggestions WHERE edition_id = $1 ORDER BY state`, e.ID)
		assert.Equal(t, []string{"ACCEPTED", "ACCEPTED", "CONFLICTING"}, states)
	})
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// TestASaveUnderAHundredSuggestionsStaysCheap counts statements; what it takes is told.
func TestASaveUnderAHundredSuggestionsStaysCheap(t *testing.T) {
	s := newScene(t, storetest.SQLite, nil)
	e := s.start("heat-pumps")
	s.save(e, func(d *governance.Document) {
		for i := range 200 {
			d.Outcomes = append(d.Outcomes, governance.LearningOutcome{
				ID: governance.ElementID(fmt.Sprintf("o%d", i)), Kind: governance.OutcomeSkill,
				Statement: governance.Text{"en": fmt.Sprint("Outcome ", i), "de": fmt.Sprint("Ergebnis ", i)},
			})
		}
	})
	statement := func(i int, words string) func(*governance.Document) {
		return func(d *governance.Document) { d.Outcomes[len(d.Outcomes)-200+i].Statement["en"] = words }
	}
	saving := func(what string, change func(*governance.Document)) int64 {
		now := s.edition(e)
		document := s.copyOf(s.text(e))
		change(&document)
		ran, began := s.statements.Load(), time.Now()
		_, err := s.db.SaveRevision(t.Context(), drafter, store.SaveRevisionInput{Edition: e.ID, Base: now.HeadID, Document: document, Message: "M"})
		require.NoError(t, err)
		ran = s.statements.Load() - ran
		t.Logf("a save %s: %d statements, %s", what, ran, time.Since(began).Round(time.Millisecond))
		return ran
	}
	alone := saving("without suggestions", statement(0, "First"))
	base := s.edition(e).HeadID
	for i := range 100 {
		path := fmt.Sprintf("/outcomes/o%d/statement/en", i)
		_, err := s.db.Suggest(t.Context(), unionist, store.SuggestInput{Edition: e.ID, Base: base, Reason: "R", Changes: []*governance.Change{
			{Kind: governance.ChangeSet, Path: path, Value: json.RawMessage(fmt.Sprintf(`"Better %d"`, i))},
			{Kind: governance.ChangeSet, Path: "/title/de", Value: json.RawMessage(fmt.Sprintf(`"Titel %d"`, i))},
		}})
		require.NoError(t, err)
	}
	assert.Equal(t, alone+1, saving("with 100 suggestions elsewhere", statement(150, "Another")))
	assert.LessOrEqual(t, saving("with one of 100 in its way", statement(1, "Another")), alone+6)
	s.state(governance.SuggestionID(texts(t, s.db, `SELECT suggestion_id FROM suggestion_changes WHERE path = '/outcomes/o1/statement/en'`)[0]),
		governance.SuggestionConflicting, "/outcomes/o1/statement/en")
	assert.LessOrEqual(t, saving("with all 100 in its way", func(d *governance.Document) { d.Title["de"] = "Anders" }), alone+110)
	assert.Equal(t, []string{"100"}, texts(t, s.db, `SELECT CAST(COUNT(*) AS TEXT) FROM suggestions WHERE state = 'CONFLICTING'`))
}
