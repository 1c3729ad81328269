package graph

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestJSONIsReadAsItIs(t *testing.T) {
	cases := map[string]any{
		`null`: nil, `true`: true, ` false `: false, `0`: int64(0), `-0`: int64(0), `-12`: int64(-12), `1.5`: 1.5, `1e2`: 100.0,
		`9223372036854775807`: int64(9223372036854775807), `9223372036854775808`: 9223372036854775808.0,
		`""`: "", `"a\"\\\/\b\f\n\r\té"`: "a\"\\/\b\f\n\r\té", `"\ud83c\udfc3"`: "🏃", `[]`: []any{}, `{}`: map[string]any{},
		"[1,\n\"x\",[{}]]":   []any{int64(1), "x", []any{map[string]any{}}},
		`{"a":{"b":[null]}}`: map[string]any{"a": map[string]any{"b": []any{nil}}},
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			got, err := parseJSON([]byte(text), 100)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

func TestWhatIsNoJSONIsRefused(t *testing.T) {
	cases := map[string]error{
		"": errSyntax, "nul": errSyntax, "01": errTrailing, "-": errSyntax, "1.": errSyntax, ".5": errSyntax, "1e": errSyntax,
		"+1": errSyntax, "1e999": errSyntax, "NaN": errSyntax, `"`: errSyntax, `"\x"`: errSyntax, `"\u12"`: errSyntax,
		"\"\n\"": errSyntax, "[1,]": errSyntax, "[1 2]": errSyntax, "{a:1}": errSyntax, `{"a"}`: errSyntax, `{"a":1,}`: errSyntax,
		"{} {}": errTrailing, `{"a":1,"a":1}`: errDoubled, `"\ud83c"`: errEncoding, `"\udfc3"`: errEncoding,
		`"\ud83c\u0041"`: errEncoding, "\"\xff\"": errEncoding, strings.Repeat("[", 100): errNesting,
		"[" + strings.Repeat("1,", 100) + "1]": errValues,
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			_, err := parseJSON([]byte(text), 100)
			assert.ErrorIs(t, err, want)
		})
	}
}

// FuzzParseJSON holds the reader against encoding/json: what ours takes, that takes with the same meaning.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,"x"],"b":null}`, `"\u00e9\ud83c\udfc3"`, `[[[]]]`, `-1e-3`, `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := parseJSON(text, 1000)
		if err != nil {
			return
		}
		var want any
		require.NoError(t, json.Unmarshal(text, &want))
		again, err := json.Marshal(got)
		require.NoError(t, err)
		expected, err := json.Marshal(want)
		require.NoError(t, err)
		assert.JSONEq(t, string(expected), string(again))
	})
}
