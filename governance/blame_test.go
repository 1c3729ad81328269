package governance_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

func TestBlameNamesWhoWroteEachElementLast(t *testing.T) {
	const en, de = "/outcomes/types/statement/en", "/outcomes/types/statement/de"
	first, second := sample.Document(), sample.Document()
	second.Outcomes[0].Statement["en"] = "Names types."
	third := roundTrip(t, second)
	third.Title["en"] = "Fitter"
	third.Outcomes = append(third.Outcomes, governance.LearningOutcome{ID: "new", Statement: governance.Text{"en": "Cleans up."}})
	fourth := roundTrip(t, third)
	fourth.Outcomes[1], fourth.Outcomes[2] = fourth.Outcomes[2], fourth.Outcomes[1]
	fourth.Outcomes[0].Skills = fourth.Outcomes[0].Skills[:1]

	b := governance.NewBlamer("r2")
	for _, text := range []governance.SavedText{
		{ID: "r1", Document: first}, {ID: "r2", Document: second}, {ID: "r3", Document: third}, {ID: "r4", Document: fourth},
	} {
		b.Add(text)
	}
	wrote := b.Wrote()
	for path, want := range map[string]governance.RevisionID{
		en: "r2", de: "r1", "/title/en": "r3", "/title/de": "r1", "/level/eqf": "r1",
		"/outcomes/new": "r3", "/outcomes/new/statement/en": "r3",
		"/outcomes/types":    "r4", // whose skill went
		"/outcomes/handover": "r1", "/languages/en": "r1", "/assessments/written/proves/types": "r1",
	} {
		assert.Equal(t, want, wrote[path], path)
	}
	assert.Contains(t, []governance.RevisionID{wrote["/outcomes/source"], wrote["/outcomes/install"]}, governance.RevisionID("r4"),
		"one of two that change places is moved")

	b.Add(governance.SavedText{ID: "r5", Document: second, Restores: "r2"})
	assert.Equal(t, governance.RevisionID("r2"), b.Wrote()[en], "whoever restores writes nothing")
	assert.Equal(t, governance.RevisionID("r1"), b.Wrote()["/title/en"])
	assert.NotContains(t, b.Wrote(), "/outcomes/new")
}

func TestEveryScalarHasSomebodyToBlame(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 4))
	b, text := governance.NewBlamer(), sample.Document()
	before := map[string]string{}
	for _, id := range []governance.RevisionID{"r1", "r2", "r3", "r4", "r5"} {
		text = mutated(t, rng, text)
		b.Add(governance.SavedText{ID: id, Document: text})
		now := leaves(t, text)
		for path, value := range now {
			if text.Has(path) && before[path] != value && !isID(path) {
				require.Equal(t, id, b.Wrote()[path], path)
			}
		}
		for path := range b.Wrote() {
			require.True(t, text.Has(path), "%s is not there any more", path)
		}
		before = now
	}
}

// isID says whether the path is that of an id, which is a part of the path of everything beside it.
func isID(path string) bool { return len(path) > 3 && path[len(path)-3:] == "/id" }

func TestTheLastWhoTouchedAnElementIsFound(t *testing.T) {
	sets := [][]governance.Change{
		{{Kind: "SET", Path: "/title/en"}},
		{{Kind: "REMOVE", Path: "/outcomes/types"}},
		{{Kind: "MOVE", Path: "/outcomes/install"}},
	}
	for path, want := range map[string]int{
		"/title/en": 0, "/outcomes/types/statement/en": 1, "/outcomes/types": 1, "/outcomes/install": -1, "/level/eqf": -1,
	} {
		assert.Equal(t, want, governance.LastTouched(sets, path), path)
	}
}

func TestOnlyTextsInALanguageAreComparedByWord(t *testing.T) {
	for path, want := range map[string]int{
		"/title/en": 2, "/outcomes/o1/statement/de": 2, "/outcomes/o1/kind": 0, "/licence": 0, "/workload/credits/c/system": 0,
		"/assessments/a/type/label/en": 2, "/nowhere/en": 0,
	} {
		c := governance.Change{Kind: "SET", Path: path, Before: raw(`"one"`), Value: raw(`"two"`)}
		assert.Len(t, c.Spans(), want, path)
	}
	assert.Equal(t, []governance.TextSpan{{Kind: governance.SpanDeleted, Text: "one"}},
		governance.Change{Kind: "REMOVE", Path: "/title/en", Before: raw(`"one"`)}.Spans())
}
