package graph_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store/storetest"
)

func TestAnybodySearchesTheVocabularies(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	assert.Equal(t, map[string]any{"vocabularies": []any{}, "terms": []any{}, "term": nil},
		askAs(t, db, governance.Actor{}, `{ vocabularies { scheme } terms(search: "weld") { uri } term(uri: "http://a/weld") { uri } }`))

	_, err := db.LoadVocabulary(t.Context(), governance.Vocabulary{Scheme: governance.SchemeNQF, Version: "2026", Terms: []governance.Term{
		{URI: "http://a/dqr", Labels: map[string][]string{"de": {"Deutscher Qualifikationsrahmen"}}},
		{URI: "http://a/dqr4", Code: "4", EQF: 4, Broader: []governance.URI{"http://a/dqr"},
			Labels: map[string][]string{"de": {"Niveau 4", "Stufe 4"}, "en": {"Level 4"}}},
	}}, nil)
	require.NoError(t, err)
	level := map[string]any{"uri": "http://a/dqr4", "scheme": "NQF", "kind": "", "code": "4", "eqf": 4.0, "label": "Niveau 4", "language": "de",
		"alternatives": []any{"Stufe 4"}, "labels": map[string]any{"de": "Niveau 4", "en": "Level 4"}, "obsolete": false,
		"broader": []any{map[string]any{"label": "Deutscher Qualifikationsrahmen", "eqf": nil, "broader": []any{}}}}
	const fields = `{ uri scheme kind code eqf label language alternatives labels obsolete broader { label eqf broader { uri } } }`
	got := askAs(t, db, governance.Actor{}, `{ vocabularies { scheme version excerpt languages terms obsolete loadedAt }
		terms(search: "stuf", schemes: [NQF], language: "de-AT", first: 5) `+fields+`
		elsewhere: terms(search: "stuf") { uri }
		term(uri: "http://a/dqr4", language: "de") `+fields+` }`)
	assert.Equal(t, []any{map[string]any{"scheme": "NQF", "version": "2026", "excerpt": false, "languages": []any{"de", "en"},
		"terms": 2.0, "obsolete": 0.0, "loadedAt": "2026-03-02T09:00:00Z"}}, got["vocabularies"])
	assert.Equal(t, []any{level}, got["terms"])
	assert.Equal(t, level, got["term"])
	assert.Empty(t, got["elsewhere"], "nothing of ESCO is loaded")
}
