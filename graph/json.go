package graph

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Why a text is no JSON that we take. Nothing of the text is repeated.
var (
	errSyntax   = errors.New("it is not JSON")
	errTrailing = errors.New("something follows after its end")
	errDoubled  = errors.New("a key stands twice in one object")
	errEncoding = errors.New("it is not UTF-8")
	errNesting  = errors.New("it is nested too deeply")
	errValues   = errors.New("it holds too many values")
)

// maxNesting is how deep lists and objects of a request may be nested in each other.
const maxNesting = 64

// parseJSON reads one JSON value and nothing after it. It is stricter than encoding/json, which takes doubled keys,
// mends invalid UTF-8 and reads without a bound. Integers come as int64, other numbers as float64. At most values
// values are read; an error is one of those above.
func parseJSON(text []byte, values int) (any, error) {
	if !utf8.Valid(text) {
		return nil, errEncoding
	}
	p := &jsonParser{text: text, left: values}
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at < len(p.text) {
		return nil, errTrailing
	}
	return value, nil
}

// jsonParser stands before text[at].
type jsonParser struct {
	text []byte
	at   int
	left int // values that may still come
}

func (p *jsonParser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return
		}
	}
}

// take skips white space and then b, and reports whether it was there.
func (p *jsonParser) take(b byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == b {
		p.at++
		return true
	}
	return false
}

func (p *jsonParser) value(depth int) (any, error) {
	p.left--
	if p.left < 0 {
		return nil, errValues
	}
	if depth > maxNesting {
		return nil, errNesting
	}
	p.space()
	if p.at == len(p.text) {
		return nil, errSyntax
	}
	switch p.text[p.at] {
	case '{':
		return p.object(depth)
	case '[':
		return p.list(depth)
	case '"':
		return p.string()
	case 't':
		return true, p.word("true")
	case 'f':
		return false, p.word("false")
	case 'n':
		return nil, p.word("null")
	}
	return p.number()
}

func (p *jsonParser) word(word string) error {
	if !bytes.HasPrefix(p.text[p.at:], []byte(word)) {
		return errSyntax
	}
	p.at += len(word)
	return nil
}

func (p *jsonParser) object(depth int) (map[string]any, error) {
	p.at++
	object := map[string]any{}
	if p.take('}') {
		return object, nil
	}
	for {
		p.space()
		if p.at == len(p.text) || p.text[p.at] != '"' {
			return nil, errSyntax
		}
		key, err := p.string()
		if err != nil {
			return nil, err
		}
		if !p.take(':') {
			return nil, errSyntax
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, ok := object[key]; ok {
			return nil, errDoubled
		}
		object[key] = value
		if p.take('}') {
			return object, nil
		}
		if !p.take(',') {
			return nil, errSyntax
		}
	}
}

func (p *jsonParser) list(depth int) ([]any, error) {
	p.at++
	list := []any{}
	if p.take(']') {
		return list, nil
	}
	for {
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
		if p.take(']') {
			return list, nil
		}
		if !p.take(',') {
			return nil, errSyntax
		}
	}
}

// string reads a string; one without escapes is copied in one go.
func (p *jsonParser) string() (string, error) {
	start := p.at + 1
	for i := start; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			p.at = i + 1
			return string(p.text[start:i]), nil
		case c == '\\':
			return p.escaped(start, i)
		case c < ' ':
			return "", errSyntax
		}
	}
	return "", errSyntax
}

// escaped reads the rest of a string that began at start and has its first backslash at text[at].
func (p *jsonParser) escaped(start, at int) (string, error) {
	out := append(make([]byte, 0, 2*(at-start)+32), p.text[start:at]...)
	p.at = at
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return string(out), nil
		case c < ' ':
			return "", errSyntax
		case c != '\\':
			out = append(out, c)
			continue
		}
		r, err := p.escape()
		if err != nil {
			return "", err
		}
		out = utf8.AppendRune(out, r)
	}
	return "", errSyntax
}

// escape reads what follows a backslash. Half of a surrogate pair is refused: it is no character.
func (p *jsonParser) escape() (rune, error) {
	if p.at == len(p.text) {
		return 0, errSyntax
	}
	c := p.text[p.at]
	p.at++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return p.unicode()
	}
	return 0, errSyntax
}

func (p *jsonParser) unicode() (rune, error) {
	r, err := p.hex()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if !bytes.HasPrefix(p.text[p.at:], []byte(`\u`)) {
		return 0, errEncoding
	}
	p.at += 2
	low, err := p.hex()
	if err != nil {
		return 0, err
	}
	r = utf16.DecodeRune(r, low)
	if r == utf8.RuneError {
		return 0, errEncoding
	}
	return r, nil
}

func (p *jsonParser) hex() (rune, error) {
	if p.at+4 > len(p.text) {
		return 0, errSyntax
	}
	n, err := strconv.ParseUint(string(p.text[p.at:p.at+4]), 16, 16)
	if err != nil {
		return 0, errSyntax
	}
	p.at += 4
	return rune(n), nil
}

// number reads a number by JSON's grammar.
func (p *jsonParser) number() (any, error) {
	start := p.at
	p.skip('-')
	if !p.skip('0') && !p.digits() {
		return nil, errSyntax
	}
	whole := true
	if p.skip('.') {
		whole = false
		if !p.digits() {
			return nil, errSyntax
		}
	}
	if p.skip('e') || p.skip('E') {
		whole = false
		_ = p.skip('+') || p.skip('-')
		if !p.digits() {
			return nil, errSyntax
		}
	}
	text := string(p.text[start:p.at])
	if whole {
		n, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			return n, nil
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		return nil, errSyntax
	}
	return f, nil
}

func (p *jsonParser) skip(b byte) bool {
	if p.at < len(p.text) && p.text[p.at] == b {
		p.at++
		return true
	}
	return false
}

func (p *jsonParser) digits() bool {
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}
