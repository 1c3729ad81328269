package governance_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

// assertReachIsEnough holds the law of Reach on texts made of a seed: a text that moves on where no change of a
// suggestion meets it fits the suggestion as it did before. It answers whether something was met.
func assertReachIsEnough(t *testing.T, seed uint64) bool {
	t.Helper()
	base, suggested, head := threeTexts(t, seed)
	rng := rand.New(rand.NewPCG(seed, 4))
	next, wanted := head, governance.Diff(head, rewritten(t, rng, base)) // of a third one, or taken back
	for range rng.IntN(4) {
		if len(wanted) == 0 {
			break
		}
		if changed, err := governance.Apply(next, wanted[rng.IntN(len(wanted)):][:1]); err == nil {
			next = changed
		}
	}
	reach := governance.ReachOf(governance.Diff(head, next))
	if slices.ContainsFunc(governance.Diff(base, suggested), reach.Meets) {
		return true
	}
	before, after := governance.Merge(base, suggested, head), governance.Merge(base, suggested, next)
	require.Equal(t, before.Conflicts, after.Conflicts, "seed %d", seed)
	return false
}

func TestATextThatMovesOnElsewhereFitsASuggestionAsBefore(t *testing.T) {
	met := 0
	for seed := range uint64(100) {
		if assertReachIsEnough(t, seed) {
			met++
		}
	}
	t.Logf("%d of 100 were met", met)
	assert.Less(t, met, 95, "hardly anything is elsewhere")
}

func FuzzReach(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { assertReachIsEnough(t, seed) })
}

func TestChangesMeetWhereOneDependsOnTheOther(t *testing.T) {
	at := func(kind governance.ChangeKind, path string) governance.Change {
		return governance.Change{Kind: kind, Path: path}
	}
	for name, c := range map[string]struct {
		text, suggested governance.Change
		want            bool
	}{
		"the same element":                     {at("SET", "/title/en"), at("SET", "/title/en"), true},
		"another language":                     {at("SET", "/title/en"), at("SET", "/title/de"), false},
		"inside one that went":                 {at("REMOVE", "/outcomes/a"), at("SET", "/outcomes/a/statement/en"), true},
		"around one that changed":              {at("SET", "/outcomes/a/statement/en"), at("REMOVE", "/outcomes/a"), true},
		"another element of the list":          {at("SET", "/outcomes/a/statement/en"), at("REMOVE", "/outcomes/b"), false},
		"two orders of a list":                 {at("MOVE", "/outcomes/a"), at("INSERT", "/outcomes/b"), true},
		"a text, in a language that went":      {at("REMOVE", "/languages/de"), at("SET", "/title/de"), true},
		"a language, of which a text changed":  {at("SET", "/title/de"), at("REMOVE", "/languages/de"), true},
		"a proof of an outcome that went":      {at("REMOVE", "/outcomes/a"), at("INSERT", "/assessments/x/proves/a"), true},
		"an outcome that something now proves": {at("INSERT", "/assessments/x/proves/a"), at("REMOVE", "/outcomes/a"), true},
		"a concept's label and its URI":        {at("SET", "/assessments/x/type/id"), at("SET", "/assessments/x/type/label/en"), true},
		"a number and a text elsewhere":        {at("SET", "/workload/hours"), at("SET", "/summary/en"), false},
	} {
		reach := governance.ReachOf([]governance.Change{c.text})
		assert.Equal(t, c.want, reach.Meets(c.suggested), name)
	}
}

func TestSomeOfASuggestionsChangesAreMadeWithoutTheOthers(t *testing.T) {
	base := sample.Document()
	first := base.Outcomes[0].ID
	insert := func(id, after string) governance.Change {
		return governance.Change{
			Kind: governance.ChangeInsert, Path: "/outcomes/" + id, After: after,
			Value: raw(`{"id":"` + id + `","kind":"SKILL","statement":{"en":"` + id + `"}}`),
		}
	}
	suggested, err := governance.Apply(base, []governance.Change{
		insert("x", string(first)), insert("y", "x"), insert("z", "y"),
		{Kind: governance.ChangeSet, Path: "/title/en", Value: raw(`"Another title"`)},
	})
	require.NoError(t, err)
	changes := governance.Diff(base, suggested)
	require.Len(t, changes, 4)
	place := func(path string) int {
		return slices.IndexFunc(changes, func(c governance.Change) bool { return c.Path == path })
	}

	last, err := governance.Apply(base, governance.Choose(changes, []int{place("/outcomes/z")}))
	require.NoError(t, err)
	assert.Equal(t, governance.ElementID("z"), last.Outcomes[1].ID, "it follows what the ones left out would follow")
	assert.Equal(t, base.Title, last.Title)

	ends, err := governance.Apply(base, governance.Choose(changes, []int{place("/outcomes/x"), place("/outcomes/z")}))
	require.NoError(t, err)
	assert.Equal(t, governance.ElementID("x"), ends.Outcomes[1].ID)
	assert.Equal(t, governance.ElementID("z"), ends.Outcomes[2].ID)

	all, err := governance.Apply(base, governance.Choose(changes, []int{0, 1, 2, 3}))
	require.NoError(t, err)
	assert.Equal(t, suggested, all)
}

func TestASuggestionIsUndecidedUntilItIsDecidedOn(t *testing.T) {
	for state, want := range map[governance.SuggestionState]bool{
		governance.SuggestionOpen: true, governance.SuggestionConflicting: true, governance.SuggestionAccepted: false,
		governance.SuggestionAcceptedInPart: false, governance.SuggestionRejected: false, governance.SuggestionWithdrawn: false,
	} {
		assert.Equal(t, want, state.Undecided(), "%s", state)
	}
}

// assertMisfitsAreTheConflicts holds Misfits against Merge on texts made of a seed: a few changes against many.
func assertMisfitsAreTheConflicts(t *testing.T, seed uint64) {
	t.Helper()
	base, suggested, head := threeTexts(t, seed)
	rng := rand.New(rand.NewPCG(seed, 5))
	changes := governance.Diff(base, suggested)
	if len(changes) > 0 && rng.IntN(2) == 0 {
		few := governance.Choose(changes, []int{rng.IntN(len(changes))})
		if changed, err := governance.Apply(base, few); err == nil {
			changes, suggested = few, changed
		}
	}
	got, err := governance.Misfits(changes, base, head)
	require.NoError(t, err, "seed %d", seed)
	require.Equal(t, governance.Merge(base, suggested, head).Conflicts, got, "seed %d", seed)
}

func TestMisfitsAreTheConflictsOfAMerge(t *testing.T) {
	for seed := range uint64(100) {
		assertMisfitsAreTheConflicts(t, seed)
	}
}

func FuzzMisfits(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { assertMisfitsAreTheConflicts(t, seed) })
}

func TestChangesThatDoNotApplyToTheirBaseAreRefused(t *testing.T) {
	base, _, head := threeTexts(t, 1)
	_, err := governance.Misfits([]governance.Change{{Kind: governance.ChangeRemove, Path: "/outcomes/gone"}}, base, head)
	assert.Equal(t, governance.CodeConflict, governance.CodeOf(err))
}
