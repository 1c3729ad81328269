package exchange_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
)

func compiled(t testing.TB, name string) *jsonschema.Schema {
	t.Helper()
	file, err := exchange.Schemas.Open("schema/" + name + ".schema.json")
	require.NoError(t, err)
	tree, err := jsonschema.UnmarshalJSON(file)
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource(name, tree))
	schema, err := compiler.Compile(name)
	require.NoError(t, err)
	return schema
}

// oddities are put in the place of any value, and in lists besides.
var oddities = []any{
	nil, true, json.Number("7"), json.Number("-1"), json.Number("1000000"), json.Number("2.5"), json.Number("9007199254740993"), "", "x", "a b", "-1",
	"2/3", "1/0", "-0", "0.75", "3.", "12345678901.5", "2026-02-31", "2026-13-01", "en", "EN", "de-at", "ftp://x.example", "https://", "https://x.example/ü",
	"urn:x", "http:x", "HTTPS://x.example", "sha256:00", "\u0007", "two\nlines", "tab\there", "\u0085", "APPROVE", "MET", "ELECTORATE", "a/b", ".a", strings.Repeat("a", 65), []any{}, []any{"x", "x"}, []any{nil},
	[]any{"APPROVE", "OBJECT"}, []any{map[string]any{}}, map[string]any{}, map[string]any{"en": "x"}, map[string]any{"en": json.Number("1")},
	json.Number("8"), json.Number("9"), "de-AT", "sr-Latn-RS", map[string]any{"en": ""}, map[string]any{"id": "a"}, map[string]any{"id": "a", "statement": map[string]any{"en": "x"}},
}

// words are what any place of a document that takes a fixed word may hold.
func words() []any {
	var all []any
	for _, list := range []any{governance.OutcomeKinds, governance.WorkloadKinds, governance.Cycles, governance.Supervisions, governance.IdentityChecks,
		governance.Modes, governance.QualityFrameworks, governance.StackKinds, governance.EvidenceKinds} {
		for _, word := range reflect.ValueOf(list).Seq2() {
			all = append(all, word.String(), []any{word.String()})
		}
	}
	return all
}

// oddOnes answers trees that differ from the one given in one place each: a value replaced, a member added or taken away, an
// element added, doubled or taken away.
func oddOnes(tree any) []any {
	var made []any
	oddities := slices.Concat(oddities, words())
	var walk func(node any, put func(any) any)
	walk = func(node any, put func(any) any) {
		for _, odd := range oddities {
			made = append(made, put(odd))
		}
		switch value := node.(type) {
		case string:
			for _, most := range []int{500, 2000, governance.MaxTextCharacters} {
				made = append(made, put(strings.Repeat("é", most)), put(strings.Repeat("é", most+1)))
			}
		case map[string]any:
			made = append(made, put(with(value, "unknown", "x")), put(with(value, "kind", "SKILL")), put(with(value, "anyOf", []any{})))
			for _, name := range slices.Sorted(maps.Keys(value)) {
				made = append(made, put(without1(value, name)))
				walk(value[name], func(odd any) any { return put(with(value, name, odd)) })
			}
		case []any:
			for at := range value {
				made = append(made, put(slices.Delete(slices.Clone(value), at, at+1)), put(append(slices.Clone(value), value[at])))
			}
			for _, odd := range oddities {
				made = append(made, put(append(slices.Clone(value), odd)))
			}
			if len(value) > 0 {
				made = append(made, put(many(value[0], 300)), put(many(value[0], 301)))
			}
			for at := range min(2, len(value)) {
				walk(value[at], func(odd any) any {
					list := slices.Clone(value)
					list[at] = odd
					return put(list)
				})
			}
		}
	}
	walk(tree, func(odd any) any { return odd })
	return made
}

// some takes so many of them, by a seeded chance.
func some(t testing.TB, trees []any, count int) []any {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d, %d of %d", seed, min(count, len(trees)), len(trees))
	rand.New(rand.NewPCG(seed, 2)).Shuffle(len(trees), func(a, b int) { trees[a], trees[b] = trees[b], trees[a] })
	return trees[:min(count, len(trees))]
}

// many repeats an element of a list, each with an id of its own where it has one.
func many(element any, count int) []any {
	list := make([]any, count)
	for at := range list {
		list[at] = element
		if object, ok := element.(map[string]any); ok && object["id"] != nil {
			list[at] = with(object, "id", fmt.Sprint(object["id"], at))
		}
	}
	return list
}

func with(object map[string]any, name string, value any) map[string]any {
	changed := maps.Clone(object)
	changed[name] = value
	return changed
}

func without1(object map[string]any, name string) map[string]any {
	changed := maps.Clone(object)
	delete(changed, name)
	return changed
}

// beyondSchemas are the reasons for which a reader refuses what JSON Schema cannot say.
var beyondSchemas = []string{
	"doubled-id", "not-authentic", "not-a-date", "too-large", // of a document
	"tally-stranger", "tally-two-votes", "tally-two-entries", "rule-doubled-id", "rule-too-large", "rule-too-deep", "tally-weights-too-fine",
}

// assertSame fails unless the schema refuses what the reader refuses and takes what it takes.
func assertSame(t *testing.T, schema *jsonschema.Schema, tree any, parse func([]byte) error) (refused bool) {
	t.Helper()
	data, err := json.Marshal(tree)
	require.NoError(t, err)
	parsed, validated := parse(data), schema.Validate(tree)
	if parsed == nil {
		assert.NoError(t, validated, "the schema refuses what is read: %.300s", data)
		return false
	}
	refusal, ok := errors.AsType[*governance.Error](parsed)
	require.True(t, ok, "%v", parsed)
	if validated == nil && !slices.Contains(beyondSchemas, refusal.Reason) {
		t.Errorf("the schema takes what is refused: %v (%s): %.300s", parsed, refusal.Reason, data)
	}
	return true
}

func parseDocument(data []byte) error {
	_, err := governance.ParseDocument(data)
	return err
}

func parseTally(data []byte) error {
	_, err := governance.ParseTallyRecord(data)
	return err
}

func treeOfValue(t testing.TB, value any) any {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	return treeOf(t, data)
}

func TestTheSchemaOfDocumentsSaysWhatTheReaderSays(t *testing.T) {
	schema := compiled(t, "document")
	for _, document := range []governance.Document{sample.Document(), bare(), awkward()} {
		require.NoError(t, schema.Validate(treeOfValue(t, document)))
	}
	for _, read := range []struct {
		name string
		from func([]byte) (exchange.Import, error)
	}{{"case-1.0.json", exchange.ImportCASE}, {"case-1.1.json", exchange.ImportCASE}, {"elm-credential.json", exchange.ImportELM}} {
		imported, err := read.from(testdata(t, read.name))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(treeOfValue(t, imported.Document)), read.name)
	}
	refused, all := 0, some(t, oddOnes(treeOfValue(t, full(t))), 2500)
	for _, tree := range all {
		if assertSame(t, schema, tree, parseDocument) {
			refused++
		}
	}
	assert.Greater(t, refused, 1000)
	assert.Greater(t, len(all)-refused, 100, "some of what is odd is allowed")
}

// full is a document in which every element says something, and each list has one.
func full(t testing.TB) governance.Document {
	t.Helper()
	d, err := sample.Document().InLanguages("en")
	require.NoError(t, err)
	d.Outcomes, d.Assessments, d.Level.NQF, d.Workload.Split = d.Outcomes[:1], d.Assessments[:1], d.Level.NQF[:1], d.Workload.Split[:1]
	d.Outcomes[0].Skills, d.Validation.Evidence = d.Outcomes[0].Skills[:1], d.Validation.Evidence[:1]
	d.Level.Cycle = governance.CycleFirst
	d.Stackability = governance.Stackability{Kind: governance.StackPartial, BlockCode: "B1", Description: governance.Text{"en": "x"},
		Into: []governance.StackTarget{{ID: "i", Title: governance.Text{"en": "x"}, URI: "https://x.example", Digest: governance.Digest("sha256:" + strings.Repeat("0", 64)),
			System: "ECTS", Credits: "2.5"}},
		Needs: []governance.Reference{{ID: "n", Title: governance.Text{"en": "x"}, URI: "urn:x"}}}
	d.Classification.Sector = "construction"
	d.Classification.OccupationalStandards = []governance.Reference{{ID: "s", URI: "did:x:y"}}
	return d
}

func TestTheSchemaOfTallyRecordsSaysWhatTheReaderSays(t *testing.T) {
	schema := compiled(t, "tally")
	for _, ballot := range sample.Ballots() {
		require.NoError(t, schema.Validate(treeOfValue(t, ballot.Record)), "%s: %s", ballot.Preset, ballot.Name)
	}
	record := treeOf(t, []byte(`{"schema":"concordat/tally/1","rule":{"conditions":[
		{"id":"a","kind":"APPROVAL","chamber":["UNION","EMPLOYER"],"group":"LT","measure":"WEIGHT","count":["APPROVE"],"over":["APPROVE","OBJECT"],"moreThan":"1/2","ifEmpty":"MET"},
		{"id":"b","kind":"QUORUM","allOf":[{"count":["APPROVE"],"over":"ELECTORATE","atLeast":"0.5"},{"id":"c","anyOf":[{"count":["ABSTAIN"],"lessThan":4}]}]}]},
		"electors":[{"organization":"o1","chamber":"UNION","groups":["LT"],"weight":"3/2"},{"organization":"o2","chamber":"EMPLOYER"}],
		"votes":[{"organization":"o1","position":"APPROVE"}]}`))
	require.NoError(t, schema.Validate(record))
	refused, all := 0, some(t, oddOnes(record), 2500)
	for _, tree := range all {
		if assertSame(t, schema, tree, parseTally) {
			refused++
		}
	}
	assert.Greater(t, refused, 1000)
	assert.Greater(t, len(all)-refused, 50, "some of what is odd is allowed")
}

func TestDocumentsMadeOfStrangeFilesAreValid(t *testing.T) {
	schema := compiled(t, "document")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	drafts := 0
	for range 60 {
		var tree any
		require.NoError(t, json.Unmarshal(testdata(t, "elm-credential.json"), &tree))
		data, err := json.Marshal(strange(rng, tree))
		require.NoError(t, err)
		if imported, err := exchange.ImportELM(data); err == nil {
			drafts++
			require.NoError(t, schema.Validate(treeOfValue(t, imported.Document)), "%s", data)
		}
	}
	assert.Positive(t, drafts)
}
