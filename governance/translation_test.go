package governance_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

const someDigest = "sha256:" + governance.Digest("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")

// inLatvian translates every text of a document by a mark, labels of terms left out.
func inLatvian(d governance.Document) governance.Translation {
	t := governance.Translation{Language: "lv", Of: someDigest, Texts: map[string]string{}}
	for _, path := range t.Standing(d, d).Missing {
		t.Texts[path] = "LV " + path
	}
	return t
}

func TestATranslationIsReadStrictly(t *testing.T) {
	good := `{"schema":"concordat/translation/1","text":{"language":"lv","of":"` + string(someDigest) + `","texts":{"/title":"Siltumsūkņi"}}}`
	read, err := governance.ParseTranslation([]byte(good))
	require.NoError(t, err)
	assert.Equal(t, governance.Translation{Language: "lv", Of: someDigest, Texts: map[string]string{"/title": "Siltumsūkņi"}}, read)
	written, err := json.Marshal(read)
	require.NoError(t, err)
	assert.JSONEq(t, good, string(written))
	for name, test := range map[string]struct{ from, to, reason string }{
		"another schema":      {"translation/1", "document/1", "wrong-schema"},
		"no language":         {`"language":"lv",`, "", "missing-member"},
		"no digest":           {`"of":"` + string(someDigest) + `",`, "", "missing-member"},
		"a wrong language":    {`"lv"`, `"Latvian"`, "not-a-language"},
		"a wrong digest":      {string(someDigest), "sha256:1", "not-a-digest"},
		"an unknown member":   {`"texts"`, `"words"`, "unknown-member"},
		"words that are none": {`"Siltumsūkņi"`, `["x"]`, "wrong-type"},
		"texts that are none": {`{"/title":"Siltumsūkņi"}`, `[]`, "wrong-type"},
		"a long text":         {"Siltumsūkņi", strings.Repeat("ž", governance.MaxTextCharacters+1), "text-too-long"},
		"a control":           {"Siltumsūkņi", `a\u0007`, "control-character"},
		"a doubled text":      {`"/title":`, `"/title":"x","/title":`, "doubled-member"},
		"too many bytes":      {"Siltumsūkņi", strings.Repeat("x", governance.MaxDocumentBytes), "too-large"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := governance.ParseTranslation([]byte(strings.Replace(good, test.from, test.to, 1)))
			refusal, ok := err.(*governance.Error)
			require.True(t, ok, "%v", err)
			assert.Equal(t, test.reason, refusal.Reason)
		})
	}
}

func TestATranslationIsOfItsDocument(t *testing.T) {
	d := sample.Document()
	whole := inLatvian(d)
	require.NoError(t, whole.Check(d))
	assert.True(t, whole.Standing(d, d).Complete())
	for reason, change := range map[string]func(t *governance.Translation){
		"authentic-language": func(t *governance.Translation) { t.Language = "de" },
		"no-such-text":       func(t *governance.Translation) { t.Texts["/outcomes/none/statement"] = "x" },
		"nothing-translated": func(t *governance.Translation) { t.Texts = nil },
	} {
		wrong := inLatvian(d)
		change(&wrong)
		refusal, ok := wrong.Check(d).(*governance.Error)
		require.True(t, ok, reason)
		assert.Equal(t, reason, refusal.Reason)
	}
}

func TestATranslationSaysWhatIsMissingOutdatedAndGone(t *testing.T) {
	of, now := sample.Document(), sample.Document()
	whole := inLatvian(of)
	delete(whole.Texts, "/summary")
	gone, changed, kept := now.Outcomes[0], now.Outcomes[1], now.Outcomes[2]
	changed.Statement = governance.Text{"en": "Measures sound.", "de": changed.Statement["de"]}
	kept.Statement = governance.Text{"en": kept.Statement["en"], "de": "Anders gesagt."}
	now.Outcomes = []governance.LearningOutcome{kept, {ID: "fresh", Statement: governance.Text{"en": "New.", "de": "Neu."}}, changed}
	standing := whole.Standing(of, now)
	assert.Contains(t, standing.Missing, "/summary")
	assert.Contains(t, standing.Missing, "/outcomes/fresh/statement")
	assert.Equal(t, []string{"/outcomes/" + string(changed.ID) + "/statement"}, standing.Outdated,
		"a move is no change, nor is another language than the primary one")
	assert.Contains(t, standing.Gone, "/outcomes/"+string(gone.ID)+"/statement")
	assert.False(t, standing.Complete())

	fitting := whole.Fitting(standing)
	assert.NotContains(t, fitting.Texts, standing.Outdated[0])
	assert.NotContains(t, fitting.Texts, standing.Gone[0])
	assert.Contains(t, fitting.Texts, "/title")
	assert.Contains(t, whole.Texts, standing.Gone[0], "the translation itself stays")
}

func TestATextIsReadInTheLanguageAskedItsBaseOrThePrimaryOne(t *testing.T) {
	d := sample.Document()
	latvian := inLatvian(d)
	delete(latvian.Texts, "/summary")
	translations := []governance.RatedTranslation{{Translation: latvian, Status: governance.TranslationMachine}}
	at := func(language governance.LanguageTag, path string) governance.ReadableText {
		read := d.ReadIn(language, translations)
		i := slices.IndexFunc(read, func(r governance.ReadableText) bool { return r.Path == path })
		require.GreaterOrEqual(t, i, 0)
		return read[i]
	}
	assert.Equal(t, governance.ReadableText{Path: "/title", Words: d.Title["de"], Language: "de"}, at("de", "/title"))
	assert.Equal(t, governance.LanguageTag("de"), at("de-AT", "/title").Language)
	assert.Equal(t, governance.ReadableText{Path: "/title", Words: "LV /title", Language: "lv", Status: governance.TranslationMachine}, at("lv", "/title"))
	assert.Equal(t, governance.LanguageTag("lv"), at("lv-LV", "/title").Language)
	assert.Equal(t, governance.ReadableText{Path: "/summary", Words: d.Summary["en"], Language: "en"}, at("lv", "/summary"))
	assert.Equal(t, governance.LanguageTag("en"), at("fi", "/title").Language)
}

func TestATranslationStandsBesideTheTextForReaders(t *testing.T) {
	d := sample.Document()
	shown, err := d.AlsoIn(inLatvian(d))
	require.NoError(t, err)
	assert.Equal(t, "LV /title", shown.Title["lv"])
	assert.Equal(t, "LV /outcomes/"+string(d.Outcomes[0].ID)+"/statement", shown.Outcomes[0].Statement["lv"])
	assert.Equal(t, d.Languages, shown.Languages)
	assert.NotContains(t, d.Title, "lv", "the text itself stays as it is")
}

func FuzzTranslation(f *testing.F) {
	f.Add(`{"schema":"concordat/translation/1","text":{"language":"lv","of":"`+string(someDigest)+`","texts":{"/title":"T","/outcomes/x/statement":"S"}}}`, "fr")
	f.Add(`{"schema":"concordat/translation/1","text":{}}`, "")
	f.Fuzz(func(t *testing.T, text, language string) {
		read, err := governance.ParseTranslation([]byte(text))
		if err != nil {
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
			return
		}
		written, err := json.Marshal(read)
		require.NoError(t, err)
		again, err := governance.ParseTranslation(written)
		require.NoError(t, err)
		assert.True(t, again.Language == read.Language && again.Of == read.Of && maps.Equal(again.Texts, read.Texts))
		d := sample.Document()
		standing := read.Standing(d, d)
		assert.Empty(t, standing.Outdated, "nothing is out of date against itself")
		fitting := read.Fitting(standing)
		assert.LessOrEqual(t, len(fitting.Texts), len(read.Texts))
		for _, one := range d.ReadIn(governance.LanguageTag(language), []governance.RatedTranslation{{Translation: fitting, Status: governance.TranslationMachine}}) {
			assert.NotEmpty(t, one.Words)
		}
		_, err = d.AlsoIn(fitting)
		require.NoError(t, err)
	})
}
