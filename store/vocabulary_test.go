package store_test

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
	"concordat/store/storetest"
)

const skillURI = "http://data.europa.eu/esco/skill/"

// welding is a small vocabulary of skills.
func welding(version string, more ...governance.Term) governance.Vocabulary {
	label := func(en ...string) map[string][]string { return map[string][]string{"en": en} }
	terms := []governance.Term{
		{URI: skillURI + "making", Kind: governance.TermSkillGroup, Code: "S1", Labels: label("weld and make")},
		{URI: skillURI + "metal", Kind: "skill/competence", Broader: []governance.URI{skillURI + "making"},
			Labels: map[string][]string{"en": {"weld metal", "join steel"}, "fr": {"souder du métal"}}},
		{URI: skillURI + "weld", Labels: label("weld")},
		{URI: skillURI + "plastic", Labels: label("plastic welding of long pipes", "weld plastic")},
		{URI: skillURI + "inspect", Labels: label("inspect metal after it was welded")},
		{URI: skillURI + "rivet", Labels: label("riveting")},
	}
	return governance.Vocabulary{Scheme: governance.SchemeESCOSkill, Version: version, Terms: append(terms, more...)}
}

func load(t *testing.T, db *store.DB, v governance.Vocabulary) store.VocabularyLoad {
	t.Helper()
	loaded, err := db.LoadVocabulary(t.Context(), v, nil)
	require.NoError(t, err)
	return loaded
}

// found are the last parts of the URIs that a search answers.
func found(t *testing.T, db *store.DB, words, language string) []string {
	t.Helper()
	terms, err := db.SearchTerms(t.Context(), store.TermSearch{Words: words, Language: language})
	require.NoError(t, err)
	names := []string{}
	for _, term := range terms {
		names = append(names, string(term.URI)[len(skillURI):])
	}
	return names
}

func TestAVocabularyIsReplacedAsAWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		loaded := load(t, db, welding("1"))
		assert.Equal(t, store.VocabularyLoad{Scheme: governance.SchemeESCOSkill, Version: "1", Terms: 6, Added: 6}, loaded)
		assert.True(t, load(t, db, welding("1")).Unchanged)
		assert.Equal(t, []string{"rivet"}, found(t, db, "riv", "en"))

		second := welding("2", governance.Term{URI: skillURI + "glue", Labels: map[string][]string{"en": {"glue"}}})
		second.Terms = append(second.Terms[:5], second.Terms[6:]...) // without riveting
		loaded = load(t, db, second)
		assert.Equal(t, store.VocabularyLoad{Scheme: governance.SchemeESCOSkill, Version: "2", Terms: 6, Added: 1, Retired: 1}, loaded)
		assert.Empty(t, found(t, db, "riv", "en"), "what is obsolete is not offered")
		assert.Equal(t, []string{"glue"}, found(t, db, "glu", "en"))
		term, err := db.Term(t.Context(), skillURI+"rivet", "en")
		require.NoError(t, err)
		require.NotNil(t, term, "documents name it")
		assert.True(t, term.Obsolete)
		assert.Equal(t, "riveting", term.Label)

		all, err := db.Vocabularies(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 1)
		assert.Equal(t, []any{"2", 5, 1, []string{"en", "fr"}, storetest.Start},
			[]any{all[0].Version, all[0].Terms, all[0].Obsolete, all[0].Languages, all[0].LoadedAt}, "a group is no term to choose")

		loaded = load(t, db, welding("3"))
		assert.Equal(t, [2]int{0, 1}, [2]int{loaded.Added, loaded.Retired}, "glue goes; riveting, obsolete so far, is back")
		assert.Equal(t, []string{"rivet"}, found(t, db, "riv", "en"))
	})
}

func TestAVocabularyThatCannotBeOneIsRefused(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	for name, change := range map[string]func(v *governance.Vocabulary){
		"an unknown scheme": func(v *governance.Vocabulary) { v.Scheme = "OTHER" },
		"no version":        func(v *governance.Vocabulary) { v.Version = " " },
		"no terms":          func(v *governance.Vocabulary) { v.Terms = nil },
		"a term twice":      func(v *governance.Vocabulary) { v.Terms = append(v.Terms, v.Terms[0]) },
		"an empty label":    func(v *governance.Vocabulary) { v.Terms[0].Labels["de"] = []string{""} },
		"too many labels":   func(v *governance.Vocabulary) { v.Terms[0].Labels["de"] = []string{string(make([]byte, 20_001))} },
	} {
		t.Run(name, func(t *testing.T) {
			v := welding("1")
			change(&v)
			_, err := db.LoadVocabulary(t.Context(), v, nil)
			assert.Contains(t, []governance.Code{governance.CodeInvalid, governance.CodeNotFound}, governance.CodeOf(err))
		})
	}
	none, err := db.Vocabularies(t.Context())
	require.NoError(t, err)
	assert.Empty(t, none)
}

func TestOneOfTwoLoadsAtOnceGoesFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db, welding("1"))
		inner := false
		_, err := db.LoadVocabulary(t.Context(), welding("2"), func(int) {
			inner = true
			load(t, db, welding("3", governance.Term{URI: skillURI + "glue", Labels: map[string][]string{"en": {"glue"}}}))
		})
		require.True(t, inner)
		assert.Equal(t, governance.CodeConflict, governance.CodeOf(err))
		assert.Equal(t, []string{"glue"}, found(t, db, "glue", "en"), "the one that came first stands")
		assert.Equal(t, []string{"rivet"}, found(t, db, "rivet", "en"))
		assert.Equal(t, 1, load(t, db, welding("4")).Retired)
	})
}

func TestTermsAreFoundAsOneTypes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db, welding("1"))
		for typed, want := range map[string][]string{
			"weld":         {"weld", "metal", "plastic", "inspect"}, // exact, begins with it, an alternative label, a word of it
			"WELD M":       {"metal", "inspect"},                    // as it was typed before apart
			"me":           {"metal", "inspect"},
			"metal weld":   {"metal", "inspect"},
			"join steel":   {"metal"},
			"metal":        {"metal", "inspect"},
			"long plastic": {"plastic"},
			"etal":         {},
			"weld glass":   {},
			" - ":          {},
			"making":       {}, // a group
		} {
			assert.Equal(t, want, found(t, db, typed, "en"), typed)
		}
		assert.Equal(t, []string{"metal"}, found(t, db, "metal s", "fr"), "no accents, and words in any order")

		terms, err := db.SearchTerms(t.Context(), store.TermSearch{Words: "joi", Language: "fr-BE"})
		require.NoError(t, err)
		require.Len(t, terms, 1, "found by its English label")
		assert.Equal(t, []string{"souder du métal", "fr", "skill/competence"}, []string{terms[0].Label, terms[0].Language, terms[0].Kind})
		require.Len(t, terms[0].Broader, 1)
		assert.Equal(t, []string{"weld and make", "en", "S1"},
			[]string{terms[0].Broader[0].Label, terms[0].Broader[0].Language, terms[0].Broader[0].Code}, "in the language that it has")
		one := 1
		terms, err = db.SearchTerms(t.Context(), store.TermSearch{Words: "weld", First: &one})
		require.NoError(t, err)
		assert.Len(t, terms, 1)
		most := 51
		_, err = db.SearchTerms(t.Context(), store.TermSearch{Words: "weld", First: &most})
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
	})
}

func TestSearchesGoOnWhileAVocabularyIsLoaded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db, welding("0"))
		done := make(chan struct{})
		var searching sync.WaitGroup
		for range 4 {
			searching.Go(func() {
				for {
					terms, err := db.SearchTerms(t.Context(), store.TermSearch{Words: "rivet"})
					if assert.NoError(t, err) && assert.Len(t, terms, 1) {
						assert.Equal(t, "riveting", terms[0].Label)
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		for i := range 8 {
			load(t, db, welding(strconv.Itoa(i+1)))
		}
		close(done)
		searching.Wait()
	})
}

func TestTextsAreCheckedAgainstTheLoadedVocabularies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		document := sample.Document()
		rules := func() map[string]int {
			findings, err := db.CheckDocument(t.Context(), document)
			require.NoError(t, err)
			count := map[string]int{}
			for _, f := range findings {
				if f.Params["scheme"] == string(governance.SchemeESCOSkill) {
					count[f.Rule]++
				}
			}
			return count
		}
		assert.Equal(t, map[string]int{"code-not-checked": 1}, rules())

		v := governance.Vocabulary{Scheme: governance.SchemeESCOSkill, Version: "1", Excerpt: true}
		for _, code := range governance.CodesOf(document) {
			if code.Scheme == governance.SchemeESCOSkill {
				v.Terms = append(v.Terms, governance.Term{URI: code.URI, Labels: map[string][]string{"en": {"a skill"}}})
			}
		}
		require.Greater(t, len(v.Terms), 2)
		load(t, db, v)
		assert.Empty(t, rules())
		document.Outcomes[0].Skills[0].ID = skillURI + "none"
		assert.Equal(t, map[string]int{"code-not-checked": 1}, rules(), "it may be in the rest of the vocabulary")
		v.Excerpt = false
		load(t, db, v)
		assert.Equal(t, map[string]int{"code-unknown": 1}, rules())
		document = sample.Document()
		v.Version, v.Terms = "2", v.Terms[1:]
		load(t, db, v)
		assert.Equal(t, map[string]int{"code-obsolete": 1}, rules())
	})
}

func TestACheckReadsTheVocabulariesOnce(t *testing.T) {
	statements := 0
	db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, storetest.SQLite), Statements: func(string) { statements++ }})
	load(t, db, welding("1"))
	count := func() int {
		before := statements
		_, err := db.Codes(context.Background())
		require.NoError(t, err)
		return statements - before
	}
	assert.Equal(t, 2, count())
	assert.Equal(t, 1, count())
}
