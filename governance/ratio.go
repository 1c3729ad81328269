package governance

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// Bounds of a ratio as it is written.
const (
	maxRatioText  = 100       // characters
	maxJSONNumber = 1<<53 - 1 // the largest integer that every JSON reader takes unrounded
)

// Ratio is an exact rational as a charter or a tally record writes it: the JSON integer 4, or a string with an integer
// "4", a fraction "2/3" or a decimal "0.75". It keeps the form in which it was written, is compared by that form with
// ==, and never becomes a float. The zero value is absent.
type Ratio struct {
	text   string
	number bool // written as a JSON number, not as a string
}

// NewRatio makes the ratio of two integers; it panics if the denominator is not positive.
func NewRatio(numerator, denominator int64) Ratio {
	if denominator <= 0 {
		panic("governance: a ratio needs a positive denominator")
	}
	return ratioOf(big.NewRat(numerator, denominator))
}

func ratioOf(r *big.Rat) Ratio {
	small := r.IsInt() && r.Num().IsInt64() && r.Num().Int64() <= maxJSONNumber && r.Num().Int64() >= -maxJSONNumber
	return Ratio{text: r.RatString(), number: small}
}

// ParseRatio reads an integer, a fraction or a decimal: digits, at most one sign before them, and no spaces, exponent or
// percent sign. The error is INVALID and names no field.
func ParseRatio(text string) (Ratio, error) {
	if len(text) > maxRatioText {
		return Ratio{}, Invalid("", "ratio-too-long", "A number has at most {limit} characters.", "limit", strconv.Itoa(maxRatioText))
	}
	unsigned := strings.TrimPrefix(text, "-")
	above, below, fraction := strings.Cut(unsigned, "/")
	if !fraction {
		above, below, fraction = strings.Cut(unsigned, ".")
	} else if isDigits(below) && strings.Trim(below, "0") == "" {
		return Ratio{}, Invalid("", "ratio-zero-denominator", "{value} divides by zero.", "value", shown(text))
	}
	if !isDigits(above) || fraction && !isDigits(below) {
		return Ratio{}, Invalid("", "ratio-malformed",
			`{value} is not an integer, a fraction like "2/3" or a decimal like "0.75".`, "value", shown(text))
	}
	return Ratio{text: text}, nil
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// ratio reads a Ratio from a JSON number or text; the zero Ratio where v is absent.
func (r *jsonReader) ratio(v *jsonValue) Ratio {
	if v == nil || r.err != nil {
		return Ratio{}
	}
	if v.kind() != jsonNumber && v.kind() != jsonText {
		r.fail(v, "ratio-malformed", `Here is {got}; an integer, a fraction like "2/3" or a decimal like "0.75" is asked for.`,
			"got", string(v.kind()))
		return Ratio{}
	}
	ratio, err := ParseRatio(v.text())
	if e, ok := err.(*Error); ok { //nolint:errorlint // ParseRatio answers nothing else
		e.Field = v.path
		r.err = e
		return Ratio{}
	}
	ratio.number = v.kind() == jsonNumber
	if ratio.number && !ratio.plainInteger() {
		r.fail(v, "ratio-number-form", "{value} is not a small integer; write it as a text.", "value", shown(v.text()))
		return Ratio{}
	}
	return ratio
}

// plainInteger says whether the ratio may stand as a JSON number.
func (r Ratio) plainInteger() bool {
	n, err := strconv.ParseInt(r.text, 10, 64)
	return err == nil && n <= maxJSONNumber && n >= -maxJSONNumber && r.text != "-0"
}

// IsZero says that the ratio is absent; it is not the number 0. encoding/json's omitzero asks it.
func (r Ratio) IsZero() bool {
	return r.text == ""
}

// Rat answers the number, 0 of an absent one. The caller owns it. Digits are always decimal: big.Rat itself would take
// "010/3" as octal.
func (r Ratio) Rat() *big.Rat {
	digits, below := r.text, big.NewInt(1)
	if above, denominator, ok := strings.Cut(r.text, "/"); ok {
		digits = above
		below, _ = new(big.Int).SetString(denominator, 10)
	} else if whole, decimals, ok := strings.Cut(r.text, "."); ok {
		digits = whole + decimals
		below.Exp(big.NewInt(10), big.NewInt(int64(len(decimals))), nil)
	}
	above, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(above, below)
}

// String answers the number reduced: "2/3", "4"; "" where it is absent.
func (r Ratio) String() string {
	if r.IsZero() {
		return ""
	}
	return r.Rat().RatString()
}

// MarshalJSON writes the ratio as it was written.
func (r Ratio) MarshalJSON() ([]byte, error) {
	if r.IsZero() {
		return []byte("null"), nil
	}
	if r.number {
		return []byte(r.text), nil
	}
	return json.Marshal(r.text)
}

// UnmarshalJSON reads the ratio; errors are those of ParseRatio.
func (r *Ratio) UnmarshalJSON(data []byte) error {
	v, err := readJSON(data, maxRatioText+2)
	if err != nil {
		return err
	}
	reader := &jsonReader{}
	*r = reader.ratio(v)
	return reader.err
}
