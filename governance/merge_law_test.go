package governance_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

// threeTexts answers a base and two texts written on it, by a seeded chance.
func threeTexts(t testing.TB, seed uint64) (base, ours, theirs governance.Document) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	base = sample.Document()
	if rng.IntN(2) == 0 {
		base = mutated(t, rng, base)
	}
	return base, rewritten(t, rng, base), rewritten(t, rng, base)
}

// rewritten answers a text in which much, or a few elements alone, differ from the base, sometimes its languages too.
func rewritten(t testing.TB, rng *rand.Rand, base governance.Document) governance.Document {
	t.Helper()
	text := mutated(t, rng, base)
	if rng.IntN(3) > 0 {
		all, few := governance.Diff(base, text), base
		for range rng.IntN(8) {
			if len(all) == 0 {
				break
			}
			if next, err := governance.Apply(few, all[rng.IntN(len(all)):][:1]); err == nil {
				few = next
			}
		}
		text = few
	}
	switch rng.IntN(8) {
	case 0:
		text = inLanguages(t, text, "en")
	case 1:
		text = inLanguages(t, text, "de", "en")
	case 2:
		text = inLanguages(t, text, "de", "fr")
		text.Title = governance.Text{"fr": fmt.Sprint("titre ", rng.IntN(3))}
	}
	return roundTrip(t, text)
}

func inLanguages(t testing.TB, d governance.Document, tags ...governance.LanguageTag) governance.Document {
	t.Helper()
	changed, err := d.InLanguages(tags...)
	require.NoError(t, err)
	return changed
}

// leaves answers every scalar of a document by its path, as JSON.
func leaves(t testing.TB, d governance.Document) map[string]string {
	t.Helper()
	var tree map[string]any
	require.NoError(t, json.Unmarshal([]byte(asJSON(t, d)), &tree))
	found := map[string]string{}
	collectLeaves(t, found, "", tree["text"])
	return found
}

func collectLeaves(t testing.TB, found map[string]string, path string, node any) {
	escape := strings.NewReplacer("~", "~0", "/", "~1").Replace
	switch node := node.(type) {
	case map[string]any:
		for name, child := range node {
			collectLeaves(t, found, path+"/"+escape(name), child)
		}
	case []any:
		for _, child := range node {
			if object, ok := child.(map[string]any); ok {
				collectLeaves(t, found, path+"/"+escape(fmt.Sprint(object["id"])), child)
			} else {
				collectLeaves(t, found, path+"/"+escape(fmt.Sprint(child)), child)
			}
		}
	default:
		found[path] = asJSON(t, node)
	}
}

// covered says whether a conflict was reported for the path or something that it lies in: its element, its language, or
// the outcome that it refers to.
func covered(conflicts []governance.Conflict, path string) bool {
	last := path[strings.LastIndex(path, "/")+1:]
	return slices.ContainsFunc(conflicts, func(c governance.Conflict) bool {
		return path == c.Path || strings.HasPrefix(path, c.Path+"/") || c.Path == "/languages/"+last ||
			strings.Contains(path, "/proves/") && c.Path == "/outcomes/"+last ||
			strings.HasPrefix(path, strings.Replace(c.Path, "/outcomes/", "/validation/evidence/", 1)+"/")
	})
}

// assertMergeLaws holds the laws of Merge on texts made of a seed.
func assertMergeLaws(t *testing.T, seed uint64) {
	t.Helper()
	base, ours, theirs := threeTexts(t, seed)
	merged := governance.Merge(base, ours, theirs)
	require.Equal(t, merged.Document, roundTrip(t, merged.Document), "seed %d: no document", seed)
	require.Equal(t, merged, governance.Merge(base, ours, theirs), "seed %d: not deterministic", seed)
	for _, side := range []governance.Document{ours, theirs} {
		want := governance.Merged{Document: side}
		require.Equal(t, want, governance.Merge(base, side, base), "seed %d: theirs unchanged", seed)
		require.Equal(t, want, governance.Merge(base, base, side), "seed %d: ours unchanged", seed)
		require.Equal(t, want, governance.Merge(base, side, side), "seed %d: the same twice", seed)
	}
	assertNothingLost(t, seed, merged, base, ours, theirs)
	assertMirrored(t, seed, merged, governance.Merge(base, theirs, ours))
	again := governance.Merge(base, ours, merged.Document)
	assert.Equal(t, merged.Document, again.Document, "seed %d: merging again changes something", seed)
	assert.Empty(t, slices.DeleteFunc(again.Conflicts, func(c governance.Conflict) bool {
		return covered(merged.Conflicts, c.Path)
	}), "seed %d: merging again finds another conflict", seed)
}

// assertNothingLost asks of every scalar: where one side changed it that stands, where both did differently there is a
// conflict with the values, and nothing is there that neither said.
func assertNothingLost(t *testing.T, seed uint64, merged governance.Merged, base, ours, theirs governance.Document) {
	t.Helper()
	b, o, th, m := leaves(t, base), leaves(t, ours), leaves(t, theirs), leaves(t, merged.Document)
	all := map[string]string{}
	for _, side := range []map[string]string{b, o, th, m} {
		maps.Copy(all, side)
	}
	for path := range all {
		want, agreed := o[path], o[path] == th[path] || th[path] == b[path]
		if !agreed && o[path] == b[path] {
			want, agreed = th[path], true
		}
		if covered(merged.Conflicts, path) {
			continue
		}
		require.True(t, agreed, "seed %d: %s has no conflict", seed, path)
		require.Equal(t, want, m[path], "seed %d: %s", seed, path)
	}
	for _, c := range merged.Conflicts {
		require.NotEmpty(t, c.Path, "seed %d", seed)
		require.NotEqual(t, string(c.Ours), string(c.Theirs), "seed %d: %s", seed, c.Path)
		for _, side := range []struct {
			text     governance.Document
			reported json.RawMessage
		}{{base, c.Base}, {ours, c.Ours}, {theirs, c.Theirs}} {
			require.Equal(t, side.text.Has(c.Path), side.reported != nil, "seed %d: %s", seed, c.Path)
		}
	}
}

// assertMirrored asks that exchanging the sides exchanges the values in conflicts and nothing else, orders aside that
// the two contradicted each other about.
func assertMirrored(t *testing.T, seed uint64, merged, mirrored governance.Merged) {
	t.Helper()
	byPath := func(a, b governance.Conflict) int { return strings.Compare(a.Path, b.Path) }
	want := slices.SortedFunc(slices.Values(merged.Conflicts), byPath)
	got := slices.SortedFunc(slices.Values(mirrored.Conflicts), byPath)
	for i := range got {
		got[i].Ours, got[i].Theirs = got[i].Theirs, got[i].Ours
	}
	require.Equal(t, asJSON(t, want), asJSON(t, got), "seed %d", seed)
	if len(want) == 0 {
		require.Equal(t, leaves(t, merged.Document), leaves(t, mirrored.Document), "seed %d", seed)
	}
}

func TestMergeKeepsItsLaws(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("first seed %d", seed)
	for i := range uint64(60) {
		assertMergeLaws(t, seed+i)
	}
}

func FuzzMerge(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { assertMergeLaws(t, seed) })
}
