package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
	"concordat/store/storetest"
)

// together is a scene in which twelve people work on one text at once, and what came of it.
type together struct {
	scene
	edition *store.Edition

	mu      sync.Mutex // guards what follows
	brought map[governance.RevisionID][]governance.Change
	acts    map[string]int // that there must be, by type
	refused map[string]int // by reason
}

// hand is one of them, with the copy of the text that it has before it.
type hand struct {
	*together
	actor  governance.Actor
	editor bool
	rng    *rand.Rand
	made   int
	base   governance.RevisionID
	text   governance.Document
}

// TestNothingThatTwelvePeopleDoAtOnceIsLost lets twelve authors take a thousand random steps on one text: saves from
// copies that are fresh or stale, suggestions, decisions on them, comments. Afterwards every accepted change stands in
// the text or was changed by a later revision that says so; the history replays to the head; the log has one act for
// each step; and every suggestion stands as the text has it.
func TestNothingThatTwelvePeopleDoAtOnceIsLost(t *testing.T) {
	eachScene(t, func(s scene) {
		seed := rand.Uint64()
		if text := os.Getenv(storetest.SeedEnv); text != "" {
			given, err := strconv.ParseUint(text, 16, 64)
			require.NoError(t, err)
			seed = given
		}
		s.t.Logf("steps by %s=%016x", storetest.SeedEnv, seed)
		w := newTogether(s)
		w.work(seed, crowded)
		s.t.Logf("taken: %v; refused: %v", w.acts, w.refused)
		for _, kind := range []string{"REVISION_SAVED", "SUGGESTION_MADE", "SUGGESTION_ACCEPTED", "COMMENT_ADDED"} {
			assert.Greater(s.t, w.acts[kind], crowded/200, "hardly any %s", kind)
		}
		w.assertNothingLost()
		w.assertEachLogged()
		w.assertSuggestionsStand()
	})
}

func newTogether(s scene) *together {
	w := &together{
		scene: s, edition: s.start("heat-pumps"), brought: map[governance.RevisionID][]governance.Change{},
		acts: map[string]int{"SPECIFICATION_STARTED": 1}, refused: map[string]int{},
	}
	change(s.t, s.db, `INSERT INTO working_group (edition_id, organization_id, state, changed_at) VALUES ($1, $2, 'MEMBER', $3)`,
		w.edition.ID, sceneUnion, storetest.Start)
	return w
}

// work lets twelve hands take so many steps, four of each of three organizations, of which one does not edit.
func (w *together) work(seed uint64, steps int) {
	organizations := []string{sceneProvider, sceneUnion, sceneEmployer}
	var hands sync.WaitGroup
	for n := range 12 {
		organization := organizations[n%len(organizations)]
		h := &hand{
			together: w, actor: sceneActor(70+n, organization), editor: organization != sceneEmployer,
			rng: rand.New(rand.NewPCG(seed, uint64(n))),
		}
		w.mandate(h.actor, providerVoices...)
		h.refresh()
		hands.Go(func() {
			for range steps / 12 {
				h.step()
			}
		})
	}
	hands.Wait()
}

// step takes one random step.
func (h *hand) step() {
	if h.rng.IntN(2) > 0 {
		h.refresh()
	}
	choice := h.rng.IntN(100)
	if !h.editor {
		choice = 65 + choice*35/100 // neither saves nor decides
	}
	switch {
	case choice < 40:
		h.save()
	case choice < 65:
		h.decide()
	case choice < 73:
		h.suggest()
	case choice < 75:
		h.withdraw()
	default:
		h.comment()
	}
}

// refresh takes a copy of the newest text.
func (h *hand) refresh() {
	e, err := h.db.Edition(h.t.Context(), h.actor, h.edition.ID, nil)
	if !assert.NoError(h.t, err) {
		return
	}
	head, err := h.db.Head(h.t.Context(), h.actor, e, store.Fields{"document": nil})
	if assert.NoError(h.t, err) {
		h.base, h.text = head.ID, head.Document
	}
}

// edited changes the copy in one to three elements: a text, a new outcome, one of those taken away.
func (h *hand) edited() governance.Document {
	data, err := json.Marshal(h.text)
	assert.NoError(h.t, err)
	d, err := governance.ParseDocument(data)
	assert.NoError(h.t, err)
	for range 1 + h.rng.IntN(3) {
		h.made++
		word := fmt.Sprintf("%s-%d", h.actor.Person[34:], h.made)
		language := []string{"en", "de"}[h.rng.IntN(2)]
		at := h.rng.IntN(len(d.Outcomes))
		switch h.rng.IntN(8) {
		case 0:
			d.Title[language] = word
		case 1:
			d.Summary[language] = word
		case 2, 3:
			d.Outcomes = slices.Insert(d.Outcomes, at, governance.LearningOutcome{
				ID: governance.ElementID("n" + word), Kind: governance.OutcomeSkill, Statement: governance.Text{language: word},
			})
		case 4:
			if d.Outcomes[at].ID[0] == 'n' {
				d.Outcomes = slices.Delete(d.Outcomes, at, at+1)
			}
		default:
			d.Outcomes[at].Statement[language] = word
		}
	}
	return d
}

// took notes what became of a step: its act, or why it was refused, which must be for what the others did.
func (h *hand) took(act string, err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err == nil {
		h.acts[act]++
		return true
	}
	reason := "none"
	for _, expected := range []string{
		"stale-base", "merge-conflict", "nothing-changed", "suggestion-conflicts", "suggestion-state", "changes-depend",
	} {
		if reasonOf(err) == expected {
			reason = expected
		}
	}
	h.refused[reason]++
	assert.NotEqual(h.t, "none", reason, "%s is refused: %v", act, err)
	return false
}

// reasonOf is a refusal's stable word, also of one that is data besides.
func reasonOf(err error) string {
	if refusal, ok := errors.AsType[*governance.Error](err); ok {
		return refusal.Reason
	}
	return ""
}

func (h *hand) save() {
	d := h.edited()
	id, err := h.db.SaveRevision(h.t.Context(), h.actor, store.SaveRevisionInput{
		Edition: h.edition.ID, Base: h.base, Document: d, Message: "As I see it.",
	})
	if h.took("REVISION_SAVED", err) {
		h.bring(id, governance.Diff(h.text, d))
	}
}

// bring notes what the revision's author, or the suggestion that it takes, meant to change.
func (w *together) bring(id governance.RevisionID, changes []governance.Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.brought[id] = changes
}

func (h *hand) suggest() {
	d := h.edited()
	_, err := h.db.Suggest(h.t.Context(), h.actor, store.SuggestInput{
		Edition: h.edition.ID, Base: h.base, Document: &d, Reason: "As we see it.",
	})
	h.took("SUGGESTION_MADE", err)
}

// undecided picks one of the undecided suggestions; nil where there is none.
func (h *hand) undecided() *store.Suggestion {
	most := 20
	found, err := h.db.Suggestions(h.t.Context(), h.actor, h.edition,
		[]governance.SuggestionState{governance.SuggestionOpen, governance.SuggestionConflicting},
		store.Page{First: &most}, store.Fields{"nodes": nil})
	if !assert.NoError(h.t, err) || len(found.Nodes) == 0 {
		return nil
	}
	return found.Nodes[h.rng.IntN(len(found.Nodes))]
}

// decide accepts a suggestion, wholly or one change of it, or rejects it.
func (h *hand) decide() {
	p := h.undecided()
	if p == nil {
		return
	}
	if h.rng.IntN(10) == 0 || p.State == governance.SuggestionConflicting && h.rng.IntN(3) > 0 {
		_, err := h.db.RejectSuggestion(h.t.Context(), h.actor, store.RejectSuggestionInput{Suggestion: p.ID, Reason: "Not so."})
		h.took("SUGGESTION_REJECTED", err)
		return
	}
	changes, err := h.db.SuggestedChanges(h.t.Context(), p)
	assert.NoError(h.t, err)
	in := store.AcceptSuggestionInput{Suggestion: p.ID}
	if h.rng.IntN(3) == 0 {
		in.Changes = []int{h.rng.IntN(len(changes))}
	}
	_, err = h.db.AcceptSuggestion(h.t.Context(), h.actor, in)
	if !h.took("SUGGESTION_ACCEPTED", err) {
		return
	}
	now, err := h.db.Suggestion(h.t.Context(), h.actor, p.ID, nil)
	if !assert.NoError(h.t, err) || now.TakenBy == nil {
		return
	}
	var brought []governance.Change
	for i, c := range changes {
		if in.Changes == nil || slices.Contains(in.Changes, i) {
			brought = append(brought, *c.Change)
		}
	}
	h.bring(*now.TakenBy, brought)
}

// withdraw takes a suggestion of its organization back.
func (h *hand) withdraw() {
	p := h.undecided()
	if p == nil || p.Organization.ID != h.actor.Organization {
		return
	}
	_, err := h.db.WithdrawSuggestion(h.t.Context(), h.actor, store.WithdrawSuggestionInput{Suggestion: p.ID})
	h.took("SUGGESTION_WITHDRAWN", err)
}

func (h *hand) comment() {
	in := store.AddCommentInput{Edition: h.edition.ID, Kind: governance.CommentGeneral, Body: "Hm."}
	if p := h.undecided(); p != nil && h.rng.IntN(2) == 0 {
		in.Suggestion = p.ID
	}
	_, err := h.db.AddComment(h.t.Context(), h.actor, in)
	h.took("COMMENT_ADDED", err)
}

// history reads the edition's revisions, the oldest first.
func (w *together) history() []*store.Revision {
	var all []*store.Revision
	most, page := 100, store.Page{}
	for {
		page.First = &most
		found, err := w.db.Revisions(w.t.Context(), drafter, w.edition, page, store.Fields{"nodes": {"document": nil}})
		require.NoError(w.t, err)
		all = append(all, found.Nodes...)
		if !found.PageInfo.HasNextPage {
			slices.Reverse(all)
			return all
		}
		page.After = found.PageInfo.EndCursor
	}
}

// assertNothingLost replays the history, and follows every change that was brought to the revision that changed it.
func (w *together) assertNothingLost() {
	w.t.Helper()
	history := w.history()
	text := history[0].Document
	steps := make([][]governance.Change, len(history))
	for i, r := range history[1:] {
		changes, err := w.db.Changes(w.t.Context(), r)
		require.NoError(w.t, err)
		for _, c := range changes {
			steps[i+1] = append(steps[i+1], *c)
		}
		text, err = governance.Apply(text, steps[i+1])
		require.NoError(w.t, err, "revision %d", r.Number)
		_, digest, err := notary.EncodeDocument(text)
		require.NoError(w.t, err)
		require.Equal(w.t, r.Digest, digest, "revision %d is what its changes make", r.Number)
		require.NotEmpty(w.t, w.brought[r.ID], "nobody knows of revision %d", r.Number)
	}
	assert.Equal(w.t, w.scene.edition(w.edition).HeadDigest, history[len(history)-1].Digest)
	for i, r := range history[1:] {
		for _, meant := range w.brought[r.ID] {
			w.assertDone(r, meant)
			w.follow(meant, history[i+2:], steps[i+2:])
		}
	}
}

// assertDone asserts that a revision says what its author meant to change.
func (w *together) assertDone(r *store.Revision, meant governance.Change) {
	w.t.Helper()
	switch meant.Kind {
	case governance.ChangeRemove:
		assert.False(w.t, r.Document.Has(meant.Path), "revision %d still has %s", r.Number, meant.Path)
	case governance.ChangeInsert:
		assert.True(w.t, r.Document.Has(meant.Path), "revision %d lacks %s", r.Number, meant.Path)
	case governance.ChangeSet:
		again := meant
		again.Before = meant.Value
		_, err := governance.Apply(r.Document, []governance.Change{again})
		assert.NoError(w.t, err, "revision %d does not say %s at %s", r.Number, meant.Value, meant.Path)
	case governance.ChangeMove:
	}
}

// follow looks for the first later revision that changed what was brought: its author must have meant to.
func (w *together) follow(meant governance.Change, later []*store.Revision, steps [][]governance.Change) {
	w.t.Helper()
	if meant.Kind == governance.ChangeMove {
		return // order is nobody's text
	}
	for i, r := range later {
		texts := slices.DeleteFunc(slices.Clone(steps[i]), func(c governance.Change) bool { return c.Kind == governance.ChangeMove })
		if governance.Touched(texts, meant.Path) {
			assert.True(w.t, governance.Touched(w.brought[r.ID], meant.Path), "revision %d lost %s", r.Number, meant.Path)
			return
		}
	}
}

// assertEachLogged asserts that each step left one act, and each act a leaf.
func (w *together) assertEachLogged() {
	w.t.Helper()
	total := 0
	for kind, want := range w.acts {
		assert.Equal(w.t, strconv.Itoa(want), texts(w.t, w.db, `SELECT CAST(COUNT(*) AS TEXT) FROM acts WHERE type = $1`, kind)[0], kind)
		total += want
	}
	assert.Equal(w.t, strconv.Itoa(total), texts(w.t, w.db, `SELECT CAST(COUNT(*) AS TEXT) FROM acts`)[0])
	leaves := func() string { return texts(w.t, w.db, `SELECT CAST(COUNT(*) AS TEXT) FROM leaves`)[0] }
	assert.Eventually(w.t, func() bool { return leaves() == strconv.Itoa(total) }, 10*time.Second, 20*time.Millisecond)
	problems, err := w.db.Check(w.t.Context())
	require.NoError(w.t, err)
	assert.Empty(w.t, problems)
}

// assertSuggestionsStand merges every undecided suggestion with the head: its state and conflicts are what comes of it.
func (w *together) assertSuggestionsStand() {
	w.t.Helper()
	documents := map[governance.RevisionID]governance.Document{}
	for _, r := range w.history() {
		documents[r.ID] = r.Document
	}
	now := w.scene.edition(w.edition)
	ids := texts(w.t, w.db, `SELECT id FROM suggestions WHERE state IN ('OPEN', 'CONFLICTING')`)
	assert.Len(w.t, ids, now.OpenSuggestionCount)
	conflicting := 0
	for _, id := range ids {
		p := w.suggestion(governance.SuggestionID(id))
		changes, err := w.db.SuggestedChanges(w.t.Context(), p)
		require.NoError(w.t, err)
		var plain []governance.Change
		for _, c := range changes {
			plain = append(plain, *c.Change)
		}
		base := documents[p.Base]
		suggested, err := governance.Apply(base, plain)
		require.NoError(w.t, err)
		conflicts := governance.Merge(base, suggested, documents[now.HeadID]).Conflicts
		var kept []governance.Conflict
		for _, c := range p.Conflicts {
			kept = append(kept, c.Conflict)
		}
		assert.Equal(w.t, conflicts, kept)
		assert.Equal(w.t, len(conflicts) > 0, p.State == governance.SuggestionConflicting)
		if len(conflicts) > 0 {
			conflicting++
		}
	}
	w.t.Logf("%d suggestions undecided, %d of them conflicting", len(ids), conflicting)
}
