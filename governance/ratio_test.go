package governance

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARatioIsReadExactlyAndWrittenAsItWas(t *testing.T) {
	tests := map[string]string{ // as in JSON: reduced
		`4`:                        "4",
		`0`:                        "0",
		`-3`:                       "-3",
		`9007199254740991`:         "9007199254740991",
		`"4"`:                      "4",
		`"2/3"`:                    "2/3",
		`"4/6"`:                    "2/3",
		`"8/8"`:                    "1",
		`"0/7"`:                    "0",
		`"-1/2"`:                   "-1/2",
		`"0.75"`:                   "3/4",
		`"0.10"`:                   "1/10",
		`"1.000"`:                  "1",
		`"007"`:                    "7",
		`"010/03"`:                 "10/3",
		`"08/09"`:                  "8/9",
		`"-010.50"`:                "-21/2",
		`"12345678901234567890.1"`: "123456789012345678901/10",
		`"0.333333333333333333333333333333333333"`: "333333333333333333333333333333333333/1000000000000000000000000000000000000",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			var ratio Ratio
			require.NoError(t, json.Unmarshal([]byte(text), &ratio))
			assert.Equal(t, want, ratio.String())
			data, err := json.Marshal(ratio)
			require.NoError(t, err)
			assert.Equal(t, text, string(data))
		})
	}
}

func TestARatioRefusesWhatIsNotExact(t *testing.T) {
	tests := map[string]string{
		`0.5`: "ratio-number-form", `1e3`: "ratio-malformed", `1.0`: "ratio-number-form", `-0`: "ratio-number-form",
		`9007199254740992`: "ratio-number-form", `null`: "ratio-malformed", `true`: "ratio-malformed",
		`[1]`: "ratio-malformed", `{}`: "ratio-malformed", `""`: "ratio-malformed", `"x"`: "ratio-malformed",
		`"1e3"`: "ratio-malformed", `"75 %"`: "ratio-malformed", `"75%"`: "ratio-malformed", `" 1"`: "ratio-malformed",
		`"1 / 2"`: "ratio-malformed", `"+1"`: "ratio-malformed", `"--1"`: "ratio-malformed", `"1/-2"`: "ratio-malformed",
		`"1/2/3"`: "ratio-malformed", `"1.5/2"`: "ratio-malformed", `".5"`: "ratio-malformed", `"5."`: "ratio-malformed",
		`"1/"`: "ratio-malformed", `"/2"`: "ratio-malformed", `"0x10"`: "ratio-malformed", `"1_000"`: "ratio-malformed",
		`"1,5"`: "ratio-malformed", `"½"`: "ratio-malformed", `"٣"`: "ratio-malformed", `"Inf"`: "ratio-malformed",
		`"NaN"`: "ratio-malformed", `"1/0"`: "ratio-zero-denominator", `"0/0"`: "ratio-zero-denominator",
		`"1/000"`: "ratio-zero-denominator", `"-1/0"`: "ratio-zero-denominator",
		`"` + strings.Repeat("9", maxRatioText) + `"`: "", `"` + strings.Repeat("9", maxRatioText+1) + `"`: "json-too-large",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			var ratio Ratio
			err := ratio.UnmarshalJSON([]byte(text))
			if want == "" {
				assert.NoError(t, err)
				return
			}
			refusal, ok := err.(*Error)
			require.True(t, ok, "%v", err)
			assert.Equal(t, want, refusal.Reason)
			assert.True(t, ratio.IsZero(), "nothing is left behind")
		})
	}
	_, err := ParseRatio(strings.Repeat("9", maxRatioText+1))
	assert.ErrorContains(t, err, "at most 100 characters")
}

func TestAnAbsentRatioIsNotZero(t *testing.T) {
	assert.True(t, Ratio{}.IsZero())
	assert.False(t, NewRatio(0, 1).IsZero())
	assert.Empty(t, Ratio{}.String())
	assert.Equal(t, "0", Ratio{}.Rat().RatString())
	data, err := json.Marshal(Elector{Organization: "o", Chamber: "C"})
	require.NoError(t, err)
	assert.Equal(t, `{"organization":"o","chamber":"C"}`, string(data))
	assert.Panics(t, func() { NewRatio(1, 0) })
	data, err = json.Marshal([]Ratio{NewRatio(2, 4), NewRatio(6, 3), {}})
	require.NoError(t, err)
	assert.Equal(t, `["1/2",2,null]`, string(data))
}
