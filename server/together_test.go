package server

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store/storetest"
)

// togetherHistory asks for a draft of the demo's with all that was saved.
const togetherHistory = `{ specification(slug: "heat-pump-commissioning") { edition {
	id head { id digest } openSuggestionCount suggestions(first: 100, states: [OPEN, CONFLICTING]) { nodes { id } }
	revisions(first: 100) { nodes { number digest json changes { kind path value before after } } }
} } }`

// sharedDraft is what togetherHistory answers.
type sharedDraft struct {
	ID                  string
	Head                struct{ ID, Digest string }
	OpenSuggestionCount int
	Suggestions         struct{ Nodes []struct{ ID string } }
	Revisions           struct {
		Nodes []struct {
			Number  int
			Digest  governance.Digest
			JSON    json.RawMessage
			Changes []governance.Change
		}
	}
}

// sharedDraft reads the draft as the persona sees it.
func (s *stage) sharedDraft(t *testing.T) sharedDraft {
	t.Helper()
	answer := s.post(togetherHistory, nil)
	require.Empty(t, answer.Errors)
	data, err := json.Marshal(answer.Data)
	require.NoError(t, err)
	var found struct {
		Specification struct{ Edition sharedDraft }
	}
	require.NoError(t, json.Unmarshal(data, &found))
	return found.Specification.Edition
}

// TestSixPeopleDraftTogetherOverHTTP lets six browsers save, suggest, accept and comment at once on the demo's draft: the
// history replays to the head, and the log has one act for each step that was taken.
func TestSixPeopleDraftTogetherOverHTTP(t *testing.T) {
	url := storetest.URL(t, storetest.SQLite)
	demo := served(t, Config{Demo: true, Database: url, Rates: Rates{PerAddress: 1e9, PerPerson: 1e9}})
	seed := rand.Uint64()
	t.Logf("steps by seed %d", seed)
	var hands []*stage
	for _, persona := range []string{"koledza-author", "koledza-author", "koledza-author", "gge-author", "baltherm-rep", "quality-rep"} {
		hand := &stage{t: t, server: demo, browsers: map[string]*browser{}, persona: persona, kept: map[string]any{}}
		hand.client()
		hands = append(hands, hand)
	}
	rows := openRows(t, url)
	count := func() (acts int) {
		require.NoError(t, rows.QueryRow(`SELECT COUNT(*) FROM acts WHERE type IN
			('REVISION_SAVED', 'SUGGESTION_MADE', 'SUGGESTION_ACCEPTED', 'COMMENT_ADDED')`).Scan(&acts))
		return acts
	}
	before := count()
	var taken atomic.Int64
	var working sync.WaitGroup
	for n, hand := range hands {
		rng := rand.New(rand.NewPCG(seed, uint64(n)))
		working.Go(func() {
			for step := range 10 {
				if hand.draftStep(t, rng, fmt.Sprintf("%d-%d", n, step)) {
					taken.Add(1)
				}
			}
		})
	}
	working.Wait()
	assert.Equal(t, before+int(taken.Load()), count(), "one act a step")
	assert.Greater(t, taken.Load(), int64(30))
	hands[0].replays(t)
}

// draftStep takes a random step and says whether it was taken; it may be refused for what others did meanwhile.
func (s *stage) draftStep(t *testing.T, rng *rand.Rand, word string) bool {
	now := s.sharedDraft(t)
	set := []any{map[string]any{"kind": "SET", "path": []string{"/title/en", "/summary/en", "/title/de"}[rng.IntN(3)], "value": word}}
	edits := s.persona == "koledza-author"
	choice := rng.IntN(3)
	var answer graphAnswer
	switch {
	case choice == 0 && edits:
		var document map[string]any
		require.NoError(t, json.Unmarshal(now.Revisions.Nodes[0].JSON, &document))
		document["text"].(map[string]any)["title"].(map[string]any)["en"] = word
		answer = s.request("saveRevision", map[string]any{"edition": now.ID, "base": now.Head.ID, "document": document, "message": "So."})
	case choice == 1 && edits && len(now.Suggestions.Nodes) > 0:
		answer = s.request("acceptSuggestion", map[string]any{"suggestion": now.Suggestions.Nodes[rng.IntN(len(now.Suggestions.Nodes))].ID})
	case choice == 2:
		answer = s.request("addComment", map[string]any{"edition": now.ID, "kind": "GENERAL", "body": word})
	default:
		answer = s.request("suggest", map[string]any{"edition": now.ID, "base": now.Head.ID, "changes": set, "reason": word})
	}
	for _, refused := range answer.Errors {
		assert.Contains(t, []string{"suggestion-conflicts", "suggestion-state"}, refused.Extensions.Reason, refused.Message)
	}
	saved, _ := answer.Data["saveRevision"].(map[string]any)
	return len(answer.Errors) == 0 && saved["__typename"] != "MergeConflict"
}

// request sends one mutation.
func (s *stage) request(mutation string, input map[string]any) graphAnswer {
	typed := string(mutation[0]-'a'+'A') + mutation[1:]
	return s.post(fmt.Sprintf(`mutation($input: %sInput!) { %s(input: $input) { __typename } }`, typed, mutation), map[string]any{"input": input})
}

// replays applies the changes of each revision to the one before, from the first to the head.
func (s *stage) replays(t *testing.T) {
	t.Helper()
	now := s.sharedDraft(t)
	history := now.Revisions.Nodes
	slices.Reverse(history)
	require.Equal(t, 1, history[0].Number, "the whole history is one page")
	text, err := governance.ParseDocument(history[0].JSON)
	require.NoError(t, err)
	for _, r := range history[1:] {
		text, err = governance.Apply(text, r.Changes)
		require.NoError(t, err, "revision %d", r.Number)
		_, digest, err := notary.EncodeDocument(text)
		require.NoError(t, err)
		require.Equal(t, r.Digest, digest, "revision %d", r.Number)
	}
	assert.Equal(t, now.Head.Digest, string(history[len(history)-1].Digest))
	assert.Len(t, now.Suggestions.Nodes, now.OpenSuggestionCount)
}
