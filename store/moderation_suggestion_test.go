package store_test

import (
	"database/sql"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/migrations"
	"concordat/store"
)

func (s scene) hideSuggestion(actor governance.Actor, id governance.SuggestionID) error {
	_, err := s.db.HideSuggestion(s.t.Context(), actor, store.HideSuggestionInput{Suggestion: id, Reason: "Names a private person."})
	return err
}

func (s scene) reportSuggestion(actor governance.Actor, id governance.SuggestionID) error {
	_, err := s.db.ReportSuggestion(s.t.Context(), actor, store.ReportSuggestionInput{Suggestion: id, Reason: "Zwiebelfisch is a neighbor."})
	return err
}

func (s scene) askToRedact(actor governance.Actor, id governance.SuggestionID) error {
	_, err := s.db.RequestSuggestionRedaction(s.t.Context(), actor, store.RequestSuggestionRedactionInput{
		Suggestion: id, Reason: "Insults a person by name.", Name: true, Answer: true,
	})
	return err
}

func (s scene) redactSuggestion(actor governance.Actor, id governance.SuggestionID) error {
	_, err := s.db.ConfirmSuggestionRedaction(s.t.Context(), actor, store.ConfirmSuggestionRedactionInput{Suggestion: id})
	return err
}

// rudely suggests what nobody should have suggested: the reason, a text and the id of an element say so.
func (s scene) rudely(actor governance.Actor, e *store.Edition) governance.SuggestionID {
	s.t.Helper()
	id, err := s.db.Suggest(s.t.Context(), actor, s.rude(e, ""))
	require.NoError(s.t, err)
	return id
}

func (s scene) rude(e *store.Edition, key string) store.SuggestInput {
	return store.SuggestInput{
		IdempotencyKey: key, Edition: e.ID, Base: e.HeadID, Reason: outrage,
		Changes: []*governance.Change{
			{Kind: governance.ChangeSet, Path: "/title/en", Value: json.RawMessage(`"Beware of Zwiebelfisch"`)},
			{Kind: governance.ChangeInsert, Path: "/outcomes/Zwiebelfisch", Value: json.RawMessage(
				`{"id": "Zwiebelfisch", "kind": "SKILL", "statement": {"en": "Steal.", "de": "Stehlen."}}`)},
		},
	}
}

// sees reads a suggestion as somebody, along with its changes, in a list and by its id: what each tells must be the same.
func (s scene) sees(actor governance.Actor, e *store.Edition, id governance.SuggestionID) (*store.Suggestion, []*store.SuggestedChange) {
	s.t.Helper()
	along, err := s.db.Suggestion(s.t.Context(), actor, id, store.Fields{"changes": nil})
	require.NoError(s.t, err)
	changes, err := s.db.SuggestedChanges(s.t.Context(), along)
	require.NoError(s.t, err)
	seen, err := s.db.Edition(s.t.Context(), actor, e.ID, nil)
	require.NoError(s.t, err)
	page, err := s.db.Suggestions(s.t.Context(), actor, seen, nil, store.Page{}, nil)
	require.NoError(s.t, err)
	for _, p := range page.Nodes {
		if p.ID == id {
			later, err := s.db.SuggestedChanges(s.t.Context(), p)
			require.NoError(s.t, err)
			assert.Equal(s.t, changes, later)
			assert.Equal(s.t, along.Reason, p.Reason)
			assert.Equal(s.t, along.Conflicts, p.Conflicts)
			return along, changes
		}
	}
	require.Fail(s.t, "the suggestion is not listed")
	return nil, nil
}

func TestReportsOfASuggestionLieWithTheSecretary(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id := s.rudely(unionist, e)
		reports := func(actor governance.Actor) []*store.ModerationReport {
			p, err := s.db.Suggestion(t.Context(), actor, id, nil)
			require.NoError(t, err)
			found, err := s.db.SuggestionReports(t.Context(), actor, p)
			require.NoError(t, err)
			along, err := s.db.Suggestion(t.Context(), actor, id, store.Fields{"reports": nil})
			require.NoError(t, err)
			again, err := s.db.SuggestionReports(t.Context(), actor, along)
			require.NoError(t, err)
			assert.Equal(t, found, again)
			return found
		}
		s.refused(s.reportSuggestion(outsider, id), governance.CodeNotFound, "not-found")
		s.refused(s.reportSuggestion(governance.Actor{}, id), governance.CodeUnauthenticated, "sign-in-needed")
		require.NoError(t, s.reportSuggestion(manufacturer, id))
		s.refused(s.reportSuggestion(manufacturer, id), governance.CodeConflict, "reported")
		require.Len(t, reports(secretary), 1)
		assert.Equal(t, "pump-works", reports(secretary)[0].Organization.Slug)
		assert.Empty(t, reports(councillor))
		assert.True(t, s.waits(secretary, governance.HideSuggestion, id))
		assert.False(t, s.waits(councillor, governance.HideSuggestion, id))

		dismiss := func(actor governance.Actor) error {
			_, err := s.db.DismissSuggestionReports(t.Context(), actor, store.DismissSuggestionReportsInput{Suggestion: id, Reason: "It is not."})
			return err
		}
		s.refused(dismiss(drafter), governance.CodeForbidden, "role-needed")
		require.NoError(t, dismiss(secretary))
		s.refused(dismiss(secretary), governance.CodeConflict, "not-reported")
		assert.False(t, s.waits(secretary, governance.HideSuggestion, id))
	})
}

func TestAHiddenSuggestionShowsThePublicReasonAndCannotBeAccepted(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id := s.rudely(unionist, e)
		s.refused(s.hideSuggestion(drafter, id), governance.CodeForbidden, "role-needed")
		require.NoError(t, s.hideSuggestion(secretary, id))
		s.refused(s.hideSuggestion(secretary, id), governance.CodeConflict, "hidden")
		s.refused(s.accept(id), governance.CodeConflict, "hidden")
		s.save(e, title("Heat pump fitting")) // what is hidden is kept in step with the text
		for name, c := range map[string]struct {
			actor governance.Actor
			reads bool
		}{
			"the secretary":       {secretary, true},
			"its author":          {unionist, true},
			"its organization":    {unionObserver, true},
			"the council":         {councillor, false},
			"an editor":           {drafter, false},
			"another on the roll": {manufacturer, false},
		} {
			p, changes := s.sees(c.actor, e, id)
			assert.Equal(t, governance.SuggestionConflicting, p.State, name)
			assert.Equal(t, governance.ModerationHidden, p.Moderation.State, name)
			if c.reads {
				assert.Equal(t, outrage, p.Reason, name)
				assert.Len(t, p.Conflicts, 1, name)
				require.Len(t, changes, 2, name)
				assert.True(t, changes[0].Conflicting, name)
				continue
			}
			assert.Equal(t, "Names a private person.", p.Reason, name)
			assert.Empty(t, p.Conflicts, name)
			assert.Empty(t, changes, name)
		}

		unhide := func(actor governance.Actor) error {
			_, err := s.db.UnhideSuggestion(t.Context(), actor, store.UnhideSuggestionInput{Suggestion: id})
			return err
		}
		s.refused(unhide(unionist), governance.CodeForbidden, "role-needed")
		require.NoError(t, unhide(secretary))
		s.refused(unhide(secretary), governance.CodeConflict, "not-hidden")
		_, changes := s.sees(manufacturer, e, id)
		assert.Len(t, changes, 2)
		s.save(e, func(d *governance.Document) { *d = s.copyOf(s.first(e)) })
		s.state(id, governance.SuggestionOpen)
		require.NoError(t, s.accept(id, 0))
	})
}

// first is the edition's first text.
func (s scene) first(e *store.Edition) governance.Document {
	s.t.Helper()
	r, err := s.db.Revision(s.t.Context(), drafter, e.HeadID, store.Fields{"document": nil})
	require.NoError(s.t, err)
	return r.Document
}

func TestTwoPersonsRedactASuggestion(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		rejected := s.rudely(unionist, e)
		undecided, err := s.db.Suggest(t.Context(), unionist, s.rude(e, "once"))
		require.NoError(t, err)
		_, err = s.db.RejectSuggestion(t.Context(), drafter, store.RejectSuggestionInput{Suggestion: rejected, Reason: "Zwiebelfisch is no thief."})
		require.NoError(t, err)
		s.save(e, title("Heat pump fitting"))
		s.state(undecided, governance.SuggestionConflicting, "/title/en")
		for _, id := range []governance.SuggestionID{rejected, undecided} {
			require.NoError(t, s.reportSuggestion(manufacturer, id))
			s.refused(s.redactSuggestion(councillor, id), governance.CodeConflict, "redaction-unasked")
			s.refused(s.askToRedact(unionist, id), governance.CodeForbidden, "role-needed")
			require.NoError(t, s.hideSuggestion(secretary, id))
			p, _ := s.sees(councillor, e, id)
			assert.Equal(t, "Names a private person.", p.Reason)
			require.NoError(t, s.askToRedact(secretary, id))
			s.refused(s.askToRedact(councillor, id), governance.CodeConflict, "redaction-asked")
			s.refused(s.redactSuggestion(secretary, id), governance.CodeForbidden, "second-person")
			p, changes := s.sees(councillor, e, id)
			assert.Equal(t, outrage, p.Reason, "who is to confirm reads what")
			assert.Len(t, changes, 2)
			assert.True(t, s.waits(councillor, governance.ConfirmSuggestionRedaction, id))
			assert.False(t, s.waits(secretary, governance.ConfirmSuggestionRedaction, id))
			require.NoError(t, s.redactSuggestion(councillor, id))
			for _, actor := range []governance.Actor{unionist, secretary, drafter} {
				p, changes := s.sees(actor, e, id)
				assert.Equal(t, governance.ModerationRedacted, p.Moderation.State)
				assert.Equal(t, "Insults a person by name.", p.Reason)
				assert.Empty(t, p.DecisionReason)
				assert.Empty(t, p.Conflicts)
				assert.Empty(t, changes)
			}
			s.refused(s.hideSuggestion(secretary, id), governance.CodeConflict, "redacted")
			s.refused(s.reportSuggestion(drafter, id), governance.CodeConflict, "redacted")
		}
		s.gone("Zwiebelfisch")
		s.gone("Beware")
		assert.Equal(t, []string{""}, texts(t, s.db, `SELECT input_digest FROM idempotency_keys WHERE object_id = $1`, undecided))
		_, err = s.db.Suggest(t.Context(), unionist, s.rude(e, "once"))
		s.refused(err, governance.CodeConflict, "idempotency-key-reused")

		s.refused(s.accept(undecided), governance.CodeConflict, "redacted")
		s.save(e, title("Fitting")) // the text goes on
		s.state(undecided, governance.SuggestionOpen)
		_, err = s.db.RejectSuggestion(t.Context(), drafter, store.RejectSuggestionInput{Suggestion: undecided, Reason: "It says nothing."})
		require.NoError(t, err)
		assert.Equal(t, 0, s.edition(e).OpenSuggestionCount)

		problems, err := s.db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems)
		redacted, err := s.db.Redacted(t.Context())
		require.NoError(t, err)
		assert.Len(t, redacted, 7, "reason and changes of both, two reports, the answer to one: %v", redacted)
		s.moderationIsTold()
	})
}

// moderationIsTold holds the acts of moderation against those that subscribers are told.
func (s scene) moderationIsTold() {
	s.t.Helper()
	for _, act := range texts(s.t, s.db, `SELECT DISTINCT type FROM acts WHERE object_kind = 'SUGGESTION' OR object_kind = 'COMMENT'`) {
		_, _, told := store.Leaf{Type: act}.Told()
		assert.Equal(s.t, !councils[act], told, act)
	}
}

func TestARequestForARedactionIsTakenBackOrDeclined(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		p, c := s.rudely(unionist, e), s.comment(unionist, e, outrage).ID
		require.NoError(t, s.hideSuggestion(secretary, p))
		require.NoError(t, s.hide(secretary, c))
		for _, on := range []struct {
			confirming governance.Step
			id         any
			ask        func(governance.Actor) error
			confirm    func(governance.Actor) error
			takeBack   func(governance.Actor, string) error
			reads      func() string // what a representative of the council does
		}{
			{
				governance.ConfirmSuggestionRedaction, p,
				func(actor governance.Actor) error { return s.askToRedact(actor, p) },
				func(actor governance.Actor) error { return s.redactSuggestion(actor, p) },
				func(actor governance.Actor, reason string) error {
					_, err := s.db.WithdrawSuggestionRedaction(t.Context(), actor,
						store.WithdrawSuggestionRedactionInput{Suggestion: p, Reason: reason})
					return err
				},
				func() string { seen, _ := s.sees(councillor, e, p); return seen.Reason },
			}, {
				governance.ConfirmRedaction, c,
				func(actor governance.Actor) error {
					_, err := s.db.RequestRedaction(t.Context(), actor, store.RequestRedactionInput{Comment: c, Reason: "Insults."})
					return err
				},
				func(actor governance.Actor) error {
					_, err := s.db.ConfirmRedaction(t.Context(), actor, store.ConfirmRedactionInput{Comment: c})
					return err
				},
				func(actor governance.Actor, reason string) error {
					_, err := s.db.WithdrawRedaction(t.Context(), actor, store.WithdrawRedactionInput{Comment: c, Reason: reason})
					return err
				},
				func() string { return s.read(councillor, c).Body },
			},
		} {
			s.refused(on.takeBack(councillor, "No."), governance.CodeConflict, "redaction-unasked")
			for _, by := range []governance.Actor{secretary, councillor} { // who asked, and the second person
				require.NoError(t, on.ask(secretary))
				assert.Equal(t, outrage, on.reads())
				s.refused(on.takeBack(drafter, "No."), governance.CodeForbidden, "role-needed")
				s.refused(on.takeBack(by, " "), governance.CodeInvalid, "text-missing")
				require.NoError(t, on.takeBack(by, "Hiding it is enough."))
				s.refused(on.confirm(councillor), governance.CodeConflict, "redaction-unasked")
				assert.False(t, s.waits(councillor, on.confirming, on.id))
				assert.Equal(t, "Names a private person.", on.reads(), "who has nothing to confirm reads nothing")
			}
			require.NoError(t, on.ask(councillor))
			assert.True(t, s.waits(secretary, on.confirming, on.id))
			require.NoError(t, on.confirm(secretary))
		}
		assert.Equal(t, []string{"3", "3"}, texts(t, s.db, `SELECT CAST(COUNT(*) AS TEXT) FROM redactions GROUP BY object_kind`))
		s.moderationIsTold()
	})
}

// TestReportsAndRedactionsOfCommentsAreKept migrates a database in which comments were reported and redacted before
// suggestions could be.
func TestReportsAndRedactionsOfCommentsAreKept(t *testing.T) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "old.db"))
	require.NoError(t, err)
	defer db.Close()
	run := func(text string) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), text)
		require.NoError(t, err)
	}
	files, err := fs.Glob(migrations.SQLite, "sqlite/*.sql")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasPrefix(name, "sqlite/0019_") {
			run(`
				INSERT INTO comment_reports (comment_id, person_id, reason, created_at, settled_at)
				VALUES ('c', 'one', 'Rude.', '2026-03-02', NULL), ('c', 'two', 'Very.', '2026-03-03', '2026-03-04');
				INSERT INTO redactions (id, comment_id, reason, with_name, with_answer, asked_by, asked_at, confirmed_by, confirmed_at)
				VALUES ('a', 'c', 'Insults.', 1, 0, 'one', '2026-03-02', NULL, NULL),
					('b', 'd', 'Insults.', 0, 1, 'one', '2026-03-02', 'two', '2026-03-03')`)
		}
		text, err := fs.ReadFile(migrations.SQLite, name)
		require.NoError(t, err)
		run(string(text))
		if strings.HasPrefix(name, "sqlite/0019_") {
			break
		}
	}
	var reports, redactions string
	require.NoError(t, db.QueryRowContext(t.Context(), `
		SELECT GROUP_CONCAT(object_kind || object_id || person_id || reason || COALESCE(settled_at, '-'), ' ')
		FROM moderation_reports`).Scan(&reports))
	assert.Equal(t, "COMMENTconeRude.- COMMENTctwoVery.2026-03-04", reports)
	require.NoError(t, db.QueryRowContext(t.Context(), `
		SELECT GROUP_CONCAT(id || object_kind || object_id || with_name || with_answer || COALESCE(confirmed_by, '-'), ' ')
		FROM redactions`).Scan(&redactions))
	assert.Equal(t, "aCOMMENTc10- bCOMMENTd01two", redactions)
}

func TestWhoSuggestedAndTheCouncilAreToldOfModeration(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id := s.rudely(unionist, e)
		for _, step := range []func() error{
			func() error { return s.reportSuggestion(manufacturer, id) },
			func() error { return s.hideSuggestion(secretary, id) },
			func() error { return s.askToRedact(secretary, id) },
			func() error { return s.redactSuggestion(councillor, id) },
		} {
			s.clock.Advance(time.Second)
			require.NoError(t, step())
		}
		follow(t, s.db)
		told := func(actor governance.Actor) []string {
			page, err := s.db.Notices(t.Context(), actor, false, store.Page{})
			require.NoError(t, err)
			var events []string
			for _, n := range page.Nodes {
				events = append(events, n.Event)
			}
			return events
		}
		assert.Equal(t, []string{"SUGGESTION_REDACTED", "SUGGESTION_HIDDEN"}, told(unionist))
		assert.Equal(t, []string{"SUGGESTION_REPORTED"}, told(secretary))
		assert.Equal(t, []string{"REDACTION_REQUESTED"}, told(councillor))
		assert.NotContains(t, told(drafter), "SUGGESTION_REPORTED")
	})
}
