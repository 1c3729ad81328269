package governance_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

// assertDiffApplies holds the law of Diff and Apply on two documents made of a seed.
func assertDiffApplies(t *testing.T, seed uint64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 2))
	a := mutated(t, rng, sample.Document())
	b := mutated(t, rng, a)
	if rng.IntN(3) == 0 {
		b = mutated(t, rng, sample.Document())
	}
	changes := governance.Diff(a, b)
	got, err := governance.Apply(a, changes)
	require.NoError(t, err, "seed %d: %s", seed, asJSON(t, changes))
	require.Equal(t, b, got, "seed %d: %s", seed, asJSON(t, changes))
	assert.Equal(t, changes, governance.Diff(a, b), "seed %d: not deterministic", seed)
	assert.Empty(t, governance.Diff(b, got), "seed %d", seed)
	back, err := governance.Apply(got, governance.Diff(got, a))
	require.NoError(t, err, "seed %d", seed)
	assert.Equal(t, a, back, "seed %d", seed)
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

func TestApplyingADiffMakesTheOtherDocument(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("first seed %d", seed)
	for i := range uint64(60) {
		assertDiffApplies(t, seed+i)
	}
}

func FuzzDiffAndApply(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { assertDiffApplies(t, seed) })
}

func TestDiffNamesTheElement(t *testing.T) {
	for name, test := range map[string]struct {
		change func(doc)
		want   []governance.Change
	}{
		"nothing": {func(doc) {}, nil},
		"words in one language": {func(d doc) { d.Outcomes[2].Statement["en"] = "Installs." },
			[]governance.Change{{Kind: "SET", Path: "/outcomes/install/statement/en", Value: raw(`"Installs."`),
				Before: raw(asJSON(t, sample.Document().Outcomes[2].Statement["en"]))}}},
		"a language that goes": {func(d doc) { delete(d.Title, "de") },
			[]governance.Change{{Kind: "REMOVE", Path: "/title/de", Before: raw(asJSON(t, sample.Document().Title["de"]))}}},
		"a number": {func(d doc) { d.Level.EQF = 5 },
			[]governance.Change{{Kind: "SET", Path: "/level/eqf", Value: raw(`5`), Before: raw(`4`)}}},
		"a value where none was": {func(d doc) { d.Level.Cycle = governance.CycleShort },
			[]governance.Change{{Kind: "SET", Path: "/level/cycle", Value: raw(`"SHORT"`)}}},
		"an element inserted in the middle": {func(d doc) {
			d.Outcomes = slices.Insert(d.Outcomes, 1, governance.LearningOutcome{ID: "new", EQFLevel: 4})
		}, []governance.Change{{Kind: "INSERT", Path: "/outcomes/new", Value: raw(`{"eqfLevel":4,"id":"new"}`), After: "types"}}},
		"the last element moved to the front": {func(d doc) {
			d.Outcomes = append(d.Outcomes[3:], d.Outcomes[:3]...)
		}, []governance.Change{{Kind: "MOVE", Path: "/outcomes/handover"}}},
		"a code removed": {func(d doc) { d.Outcomes[0].Skills = d.Outcomes[0].Skills[:1] },
			[]governance.Change{{Kind: "REMOVE", Path: "/outcomes/types/skills/http:~1~1data.europa.eu~1esco~1skill~10b95eb5d-f3eb-4387-a0bb-094a394196c7",
				Before: raw(asJSON(t, sample.Document().Outcomes[0].Skills[1]))}}},
		"a word of a list": {func(d doc) { d.Assessments[0].Proves = append(d.Assessments[0].Proves, "install") },
			[]governance.Change{{Kind: "INSERT", Path: "/assessments/written/proves/install", Value: raw(`"install"`), After: "source"}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := sample.Document()
			test.change(&b)
			assert.Equal(t, asJSON(t, test.want), asJSON(t, governance.Diff(sample.Document(), b)))
		})
	}
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }

func TestApplyRefusesWhatDoesNotFit(t *testing.T) {
	const en = "/outcomes/install/statement/en"
	for name, test := range map[string]struct {
		change governance.Change
		code   governance.Code
	}{
		"text changed meanwhile":     {governance.Change{Kind: "SET", Path: en, Value: raw(`"x"`), Before: raw(`"y"`)}, governance.CodeConflict},
		"element gone":               {governance.Change{Kind: "SET", Path: "/outcomes/gone/statement/en", Value: raw(`"x"`)}, governance.CodeConflict},
		"removing what is not there": {governance.Change{Kind: "REMOVE", Path: "/outcomes/gone"}, governance.CodeConflict},
		"removing what has changed":  {governance.Change{Kind: "REMOVE", Path: "/outcomes/install", Before: raw(`{"id":"install"}`)}, governance.CodeConflict},
		"removing an absent text":    {governance.Change{Kind: "REMOVE", Path: "/outcomes/install/criteria/c1/statement/fr"}, governance.CodeConflict},
		"inserting an id again":      {governance.Change{Kind: "INSERT", Path: "/outcomes/install", Value: raw(`{"id":"install"}`)}, governance.CodeConflict},
		"following one that is gone": {governance.Change{Kind: "MOVE", Path: "/outcomes/install", After: "gone"}, governance.CodeConflict},
		"inserting under another id": {governance.Change{Kind: "INSERT", Path: "/outcomes/a", Value: raw(`{"id":"b"}`)}, governance.CodeInvalid},
		"changing an id":             {governance.Change{Kind: "SET", Path: "/outcomes/install/id", Value: raw(`"x"`)}, governance.CodeInvalid},
		"removing an id":             {governance.Change{Kind: "REMOVE", Path: "/outcomes/install/id"}, governance.CodeInvalid},
		"a path that leads nowhere":  {governance.Change{Kind: "SET", Path: "/colour", Value: raw(`"x"`)}, governance.CodeInvalid},
		"no path":                    {governance.Change{Kind: "SET", Path: "", Value: raw(`"x"`)}, governance.CodeInvalid},
		"a path beyond a text":       {governance.Change{Kind: "SET", Path: en + "/x", Value: raw(`"x"`)}, governance.CodeInvalid},
		"an object for a text":       {governance.Change{Kind: "SET", Path: en, Value: raw(`{}`)}, governance.CodeInvalid},
		"null for a text":            {governance.Change{Kind: "SET", Path: en, Value: raw(`null`)}, governance.CodeInvalid},
		"a language not authentic":   {governance.Change{Kind: "SET", Path: "/title/fr", Value: raw(`"x"`)}, governance.CodeInvalid},
		"a whole list set":           {governance.Change{Kind: "SET", Path: "/outcomes", Value: raw(`[]`)}, governance.CodeInvalid},
		"a text moved":               {governance.Change{Kind: "MOVE", Path: en}, governance.CodeInvalid},
		"setting without a value":    {governance.Change{Kind: "SET", Path: en}, governance.CodeInvalid},
		"removing with a value":      {governance.Change{Kind: "REMOVE", Path: en, Value: raw(`"x"`)}, governance.CodeInvalid},
		"a value that is not JSON":   {governance.Change{Kind: "SET", Path: en, Value: raw(`x`)}, governance.CodeInvalid},
		"an unknown kind":            {governance.Change{Kind: "COPY", Path: en, Value: raw(`"x"`)}, governance.CodeInvalid},
		"an unknown member inserted": {governance.Change{Kind: "INSERT", Path: "/outcomes/a", Value: raw(`{"id":"a","x":1}`)}, governance.CodeInvalid},
		"removing a language in use": {governance.Change{Kind: "REMOVE", Path: "/languages/en"}, governance.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := governance.Apply(sample.Document(), []governance.Change{test.change})
			assert.Equal(t, test.code, governance.CodeOf(err), "%v", err)
		})
	}
}

func TestApplyLeavesItsArgumentAlone(t *testing.T) {
	d := sample.Document()
	_, err := governance.Apply(d, []governance.Change{
		{Kind: "MOVE", Path: "/outcomes/handover"},
		{Kind: "SET", Path: "/title/en", Value: raw(`"x"`)},
		{Kind: "REMOVE", Path: "/outcomes/types"},
	})
	require.NoError(t, err)
	assert.Equal(t, sample.Document(), d)
}

func TestEveryChangeOfSubstanceIsSubstantive(t *testing.T) {
	for path, want := range map[string]governance.Class{
		"/outcomes/o1/statement/en":       governance.ClassSubstantive,
		"/outcomes/o1":                    governance.ClassSubstantive,
		"/level/eqf":                      governance.ClassSubstantive,
		"/workload/hours":                 governance.ClassSubstantive,
		"/assessments/a/grading/de":       governance.ClassSubstantive,
		"/qualityAssurance/q":             governance.ClassSubstantive,
		"/stackability/kind":              governance.ClassSubstantive,
		"/title/en":                       governance.ClassEditorial,
		"/levelling":                      governance.ClassEditorial,
		"/prerequisites/en":               governance.ClassEditorial,
		"/validation/evidence/o1/note/de": governance.ClassEditorial,
	} {
		assert.Equal(t, want, governance.Classify([]governance.Change{{Path: "/summary/en"}, {Path: path}}, nil), path)
	}
	assert.Equal(t, governance.ClassEditorial, governance.Classify(nil, nil))
}

func TestACharterAddsSubstantivePaths(t *testing.T) {
	changes := []governance.Change{{Path: "/validation/evidence/o1/kinds/TEST"}}
	for charter, want := range map[string]governance.Class{
		"/validation": governance.ClassSubstantive, "/validation/evidence/*/kinds": governance.ClassSubstantive,
		"/validation/evidence/*/note": governance.ClassEditorial, "/valid": governance.ClassEditorial,
	} {
		assert.Equal(t, want, governance.Classify(changes, []string{charter}), charter)
	}
}

func TestAPersonRaisesAClassAndNeverLowersIt(t *testing.T) {
	for _, test := range []struct{ found, chosen, want governance.Class }{
		{governance.ClassEditorial, "", governance.ClassEditorial},
		{governance.ClassEditorial, governance.ClassSubstantive, governance.ClassSubstantive},
		{governance.ClassSubstantive, governance.ClassSubstantive, governance.ClassSubstantive},
		{governance.ClassSubstantive, governance.ClassEditorial, ""},
		{governance.ClassEditorial, "HUGE", ""},
	} {
		got, err := governance.RaiseClass(test.found, test.chosen)
		assert.Equal(t, test.want, got, fmt.Sprint(test))
		assert.Equal(t, test.want == "", governance.CodeOf(err) == governance.CodeInvalid, fmt.Sprint(test))
	}
}
