package notary

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatIsRewrittenHereIsWhatJCSWrites(t *testing.T) {
	tests := []struct {
		name  string
		value any
		plain bool // rewritten here, not left to jcs
	}{
		{"an object like an act", map[string]any{
			"schema": "concordat/act/1", "object": map[string]string{"kind": "NEED", "id": "n"}, "texts": map[string]string{},
		}, true},
		{"names of which one begins another", map[string]int{"a": 1, "ab": 2, "a b": 3, "a!": 4, "A": 5, "": 6}, true},
		{"arrays, empty and nested", []any{[]any{}, []any{1, []any{true, false, nil}}, map[string]any{}}, true},
		{"whole numbers", []int64{0, 7, -7, 999_999_999_999_999, -999_999_999_999_999}, true},
		{"a whole number that a float does not hold", int64(9_007_199_254_740_993), false},
		{"numbers with a fraction or an exponent", []float64{0.5, 1e21, -2.5e-7}, false},
		{"every short escape", "\"\\\b\f\n\r\t/", true},
		{"HTML, which is not escaped", "<a href='x'>&amp;</a>", true},
		{"line separators, which encoding/json escapes", "a\u2028b\u2029c", true},
		{"what is not UTF-8", "a\xffb", true},
		{"control characters without a short escape", "\x00\x01\x1f\x7f", false},
		{"letters of other scripts and beyond the first plane", "Größe žluťoučký 🦫", true},
		{"names that are not ASCII, whose order is by UTF-16", map[string]int{"\ufb33": 1, "🦫": 2, "é": 3}, false},
		{"names with escapes", map[string]int{"a\"b": 1, "a\\b": 2}, false},
		{"a bare text", "text", true},
		{"nothing", nil, true},
		{"deep nesting", json.RawMessage(strings.Repeat("[", 100) + strings.Repeat("]", 100)), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			encoded := encode(t, test.value)
			expected, err := jcs.Transform(encoded)
			require.NoError(t, err)
			rewritten, ok := plain(encoded)
			assert.Equal(t, test.plain, ok)
			if ok {
				assert.Equal(t, string(expected), string(rewritten))
			}
			canonical, err := Canonical(test.value)
			require.NoError(t, err)
			assert.Equal(t, string(expected), string(canonical))
		})
	}
}

func TestANameThatComesTwiceIsLeftToJCS(t *testing.T) {
	_, ok := plain([]byte(`{"a":1,"b":2,"a":3}`))
	assert.False(t, ok)
}

// FuzzPlain holds what is rewritten here against jcs, for whatever encoding/json writes.
func FuzzPlain(f *testing.F) {
	for _, seed := range []string{
		`{"b":[1,-2,{"c":"\u2028"}],"a":"\n"}`, `[0,-0,10,01]`, `{"a":{"a":"é"},"":null}`, `"\ud83e\uddab"`, `1e3`, `[1,]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var value any
		if json.Unmarshal(data, &value) != nil {
			return
		}
		encoded := encode(t, value)
		expected, err := jcs.Transform(encoded)
		rewritten, ok := plain(encoded)
		if ok && (err != nil || !bytes.Equal(expected, rewritten)) {
			t.Fatalf("%s: %s here, and %s, %v by jcs", encoded, rewritten, expected, err)
		}
	})
}

func encode(t *testing.T, value any) []byte {
	t.Helper()
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(value))
	return encoded.Bytes()
}
