package governance_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

func wrapped(text string) string {
	return `{"schema":"concordat/document/1","text":` + text + `}`
}

// refusal parses JSON that must be refused and answers the error.
func refusal(t *testing.T, data string) *governance.Error {
	t.Helper()
	_, err := governance.ParseDocument([]byte(data))
	require.Error(t, err)
	refused, ok := errors.AsType[*governance.Error](err)
	require.True(t, ok, "%v is not a governance.Error", err)
	assert.Equal(t, governance.CodeInvalid, refused.Code)
	assert.NotContains(t, refused.Message, "{")
	return refused
}

func TestParseReadsWhatMarshalWrites(t *testing.T) {
	data, err := json.Marshal(sample.Document())
	require.NoError(t, err)
	got, err := governance.ParseDocument(data)
	require.NoError(t, err)
	assert.Equal(t, sample.Document(), got)
}

func TestParseTakesADraftWithOnlyALanguage(t *testing.T) {
	got, err := governance.ParseDocument([]byte(wrapped(`{"languages":["de-AT"],"title":{"de-AT":""},"outcomes":[],"level":{}}`)))
	require.NoError(t, err)
	assert.Equal(t, governance.Document{Languages: []governance.LanguageTag{"de-AT"}}, got)
}

func TestParseRefusals(t *testing.T) {
	const en = `"languages":["en"],`
	for name, test := range map[string]struct{ data, reason, field string }{
		"empty input":                        {``, "json", ""},
		"not JSON":                           {`{"schema":`, "json", "/schema"},
		"a trailing comma":                   {wrapped(`{"languages":["en",]}`), "json", "/text/languages/1"},
		"bytes after the end":                {wrapped(`{"languages":["en"]}`) + ` {}`, "trailing-bytes", ""},
		"a byte order mark":                  {"\ufeff" + wrapped(`{"languages":["en"]}`), "json", ""},
		"not UTF-8":                          {wrapped(`{"languages":["en"],"title":{"en":"` + "\xff" + `"}}`), "not-utf8", ""},
		"half a surrogate pair":              {wrapped(`{` + en + `"title":{"en":"\ud800"}}`), "damaged-text", "/text/title/en"},
		"another schema":                     {`{"schema":"concordat/document/2","text":{}}`, "wrong-schema", "/schema"},
		"no schema":                          {`{"text":{"languages":["en"]}}`, "wrong-schema", "/schema"},
		"a member beside the text":           {`{"schema":"concordat/document/1","text":{},"x":1}`, "unknown-member", "/x"},
		"a list for a document":              {`[]`, "wrong-type", ""},
		"no language":                        {wrapped(`{}`), "no-language", "/languages"},
		"a language in the wrong case":       {wrapped(`{"languages":["EN"]}`), "not-a-language", "/languages/EN"},
		"a language twice":                   {wrapped(`{"languages":["en","en"]}`), "doubled-id", "/languages/en"},
		"an unknown member":                  {wrapped(`{` + en + `"colour":"red"}`), "unknown-member", "/colour"},
		"a member in the wrong case":         {wrapped(`{` + en + `"Title":{"en":"x"}}`), "unknown-member", "/Title"},
		"an unknown member deep inside":      {wrapped(`{` + en + `"outcomes":[{"id":"o1","x":1}]}`), "unknown-member", "/outcomes/o1/x"},
		"a doubled member":                   {wrapped(`{` + en + `"title":{"en":"a"},"title":{"en":"b"}}`), "doubled-member", "/text/title"},
		"a member doubled through an escape": {wrapped(`{` + en + `"title":{"en":"a","\u0065n":"b"}}`), "doubled-member", "/text/title/en"},
		"a doubled id":                       {wrapped(`{` + en + `"outcomes":[{"id":"o1"},{"id":"o1"}]}`), "doubled-id", "/outcomes/o1"},
		"an element without id":              {wrapped(`{` + en + `"outcomes":[{"eqfLevel":4}]}`), "no-id", "/outcomes/0"},
		"an id with a slash":                 {wrapped(`{` + en + `"outcomes":[{"id":"a/b"}]}`), "not-an-id", "/outcomes/a~1b/id"},
		"a text in a language not authentic": {wrapped(`{` + en + `"title":{"de":"x"}}`), "not-authentic", "/title/de"},
		"a text that is a string":            {wrapped(`{` + en + `"title":"x"}`), "wrong-type", "/title"},
		"null for a text":                    {wrapped(`{` + en + `"title":null}`), "wrong-type", "/title"},
		"null for a word":                    {wrapped(`{` + en + `"licence":null}`), "wrong-type", "/licence"},
		"a number where a decimal belongs":   {wrapped(`{` + en + `"workload":{"hours":60}}`), "wrong-type", "/workload/hours"},
		"an exponent":                        {wrapped(`{` + en + `"workload":{"hours":"6e1"}}`), "not-a-decimal", "/workload/hours"},
		"a negative decimal":                 {wrapped(`{` + en + `"workload":{"hours":"-1"}}`), "not-a-decimal", "/workload/hours"},
		"a leading zero":                     {wrapped(`{` + en + `"workload":{"hours":"060"}}`), "not-a-decimal", "/workload/hours"},
		"a decimal comma":                    {wrapped(`{` + en + `"workload":{"hours":"2,5"}}`), "not-a-decimal", "/workload/hours"},
		"a string where a count belongs":     {wrapped(`{` + en + `"level":{"eqf":"4"}}`), "wrong-type", "/level/eqf"},
		"half a level":                       {wrapped(`{` + en + `"level":{"eqf":4.5}}`), "not-a-count", "/level/eqf"},
		"a level written with a point":       {wrapped(`{` + en + `"level":{"eqf":4.0}}`), "not-a-count", "/level/eqf"},
		"EQF level 9":                        {wrapped(`{` + en + `"level":{"eqf":9}}`), "not-an-eqf-level", "/level/eqf"},
		"an outcome's EQF level 9":           {wrapped(`{` + en + `"outcomes":[{"id":"o1","eqfLevel":9}]}`), "not-an-eqf-level", "/outcomes/o1/eqfLevel"},
		"an unknown kind of outcome":         {wrapped(`{` + en + `"outcomes":[{"id":"o1","kind":"COMPETENCE"}]}`), "unknown-word", "/outcomes/o1/kind"},
		"an address that runs a script":      {wrapped(`{` + en + `"licence":"javascript:alert(1)"}`), "not-a-uri", "/licence"},
		"a relative address":                 {wrapped(`{` + en + `"licence":"/x"}`), "not-a-uri", "/licence"},
		"a digest in capitals":               {wrapped(`{` + en + `"stackability":{"needs":[{"id":"n","digest":"sha256:` + strings.Repeat("A", 64) + `"}]}}`), "not-a-digest", "/stackability/needs/n/digest"},
		"30 February":                        {wrapped(`{` + en + `"validity":{"reviewDate":"2027-02-30"}}`), "not-a-date", "/validity/reviewDate"},
		"a NUL in a text":                    {wrapped(`{` + en + `"title":{"en":"a\u0000b"}}`), "control-character", "/title/en"},
		"a line feed in a word":              {wrapped(`{` + en + `"classification":{"sector":"a\nb"}}`), "control-character", "/classification/sector"},
		"too deep a nesting":                 {strings.Repeat("[", 100000), "too-deep", strings.Repeat("/0", 25)},
	} {
		t.Run(name, func(t *testing.T) {
			refused := refusal(t, test.data)
			assert.Equal(t, test.reason, refused.Reason, refused.Error())
			assert.Equal(t, test.field, refused.Field)
		})
	}
}

func TestParseKeepsTheLimits(t *testing.T) {
	outcomes := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"id":"o%d"}`, i))
		}
		return wrapped(`{"languages":["en"],"outcomes":[` + strings.Join(list, ",") + `]}`)
	}
	languages := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`"a%c"`, 'a'+i))
		}
		return wrapped(`{"languages":[` + strings.Join(list, ",") + `]}`)
	}
	title := func(n int) string {
		return wrapped(`{"languages":["en"],"title":{"en":"` + strings.Repeat("ü", n) + `"}}`)
	}
	padded := func(n int) string {
		document := wrapped(`{"languages":["en"]}`)
		return document + strings.Repeat(" ", n-len(document))
	}
	for name, test := range map[string]struct {
		data   func(int) string
		most   int
		reason string
	}{
		"300 outcomes":              {outcomes, governance.MaxOutcomes, "too-many"},
		"24 languages":              {languages, governance.MaxLanguages, "too-many-languages"},
		"20,000 characters a text":  {title, governance.MaxTextCharacters, "text-too-long"},
		"1 MB, white space as well": {padded, governance.MaxDocumentBytes, "too-large"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := governance.ParseDocument([]byte(test.data(test.most)))
			require.NoError(t, err)
			assert.Equal(t, test.reason, refusal(t, test.data(test.most+1)).Reason)
		})
	}
}

func TestTextFallsBackToTheBaseLanguageAndThenToThePrimaryOne(t *testing.T) {
	text := governance.Text{"en": "pump", "de": "Pumpe"}
	for asked, want := range map[string][2]string{
		"de": {"Pumpe", "de"}, "de-AT": {"Pumpe", "de"}, "fr": {"pump", "en"}, "en": {"pump", "en"},
	} {
		words, used := text.In(asked, "en")
		assert.Equal(t, want, [2]string{words, used}, asked)
	}
	words, used := governance.Text{}.In("de", "en")
	assert.Equal(t, [2]string{"", ""}, [2]string{words, used})
}

func FuzzParseDocument(f *testing.F) {
	data, err := json.Marshal(sample.Document())
	require.NoError(f, err)
	f.Add(data)
	f.Add([]byte(wrapped(`{"languages":["en"],"title":{"en":"x"}}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, err := governance.ParseDocument(data)
		if err != nil {
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
			return
		}
		written, err := json.Marshal(parsed)
		require.NoError(t, err)
		again, err := governance.ParseDocument(written)
		require.NoError(t, err)
		assert.Equal(t, parsed, again)
	})
}
