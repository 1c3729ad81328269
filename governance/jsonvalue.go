package governance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a strict JSON text of ours may hold at most.
const (
	maxJSONDepth = 100 // levels of nesting
	maxJSONText  = 500 // characters of one string, unless its field says otherwise
)

type jsonKind string

const (
	jsonObject  jsonKind = "an object"
	jsonList    jsonKind = "a list"
	jsonText    jsonKind = "a text"
	jsonNumber  jsonKind = "a number"
	jsonBoolean jsonKind = "true or false"
	jsonNull    jsonKind = "null"
)

// jsonValue is one value of a JSON text, kept with its place so that an error can name it. encoding/json alone takes
// doubled keys, keys in another case, unknown fields, null for anything and damaged texts, all of which would let two
// readers count one record differently.
type jsonValue struct {
	kind    jsonKind
	text    string // of a text: decoded; of a number: as written; of a boolean: "true" or "false"
	members map[string]*jsonValue
	items   []*jsonValue
	parent  *jsonValue
	key     string // in the parent object
	index   int    // in the parent list
}

// readJSON parses exactly one JSON value of at most limit bytes. Errors are INVALID and name the place.
func readJSON(data []byte, limit int) (*jsonValue, error) {
	if len(data) > limit {
		return nil, Invalid("", "json-too-large", "The text has {size} bytes; at most {limit} are read.",
			"size", strconv.Itoa(len(data)), "limit", strconv.Itoa(limit))
	}
	if !utf8.Valid(data) {
		return nil, Invalid("", "json-not-utf8", "The text is not valid UTF-8.")
	}
	err := checkSyntax(data)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	root := &jsonValue{}
	err = root.read(decoder, 0)
	if err != nil {
		return nil, err
	}
	return root, nil
}

func checkSyntax(data []byte) error {
	var raw json.RawMessage
	err := json.Unmarshal(data, &raw)
	if err == nil {
		return nil
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return Invalid("", "json-syntax", "The text is empty.")
	}
	line, column := 1, 1
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		before := data[:max(0, min(int(syntax.Offset)-1, len(data)))]
		line += bytes.Count(before, []byte("\n"))
		column += len(before) - 1 - bytes.LastIndexByte(before, '\n')
	}
	return Invalid("", "json-syntax", "Line {line}, column {column}: {problem}.", "line", strconv.Itoa(line),
		"column", strconv.Itoa(column), "problem", err.Error())
}

// read fills v from the decoder, whose text has been found well-formed.
func (v *jsonValue) read(decoder *json.Decoder, depth int) error {
	if depth > maxJSONDepth {
		return Invalid("", "json-too-deep", "The text nests deeper than {limit} levels.", "limit", strconv.Itoa(maxJSONDepth))
	}
	token, err := decoder.Token()
	if err != nil {
		return fmt.Errorf("reading JSON: %w", err)
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return v.readObject(decoder, depth)
		}
		return v.readList(decoder, depth)
	case string:
		v.kind, v.text = jsonText, t
		return v.undamaged(t)
	case json.Number:
		v.kind, v.text = jsonNumber, t.String()
	case bool:
		v.kind, v.text = jsonBoolean, strconv.FormatBool(t)
	default:
		v.kind = jsonNull
	}
	return nil
}

func (v *jsonValue) readObject(decoder *json.Decoder, depth int) error {
	v.kind, v.members = jsonObject, map[string]*jsonValue{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return fmt.Errorf("reading JSON: %w", err)
		}
		key, _ := token.(string)
		member := &jsonValue{parent: v, key: key}
		if _, doubled := v.members[key]; doubled {
			return member.invalid("json-doubled-key", "The key is there twice.")
		}
		err = member.undamaged(key)
		if err != nil {
			return err
		}
		v.members[key] = member
		err = member.read(decoder, depth+1)
		if err != nil {
			return err
		}
	}
	_, err := decoder.Token()
	return err
}

func (v *jsonValue) readList(decoder *json.Decoder, depth int) error {
	v.kind = jsonList
	for decoder.More() {
		item := &jsonValue{parent: v, index: len(v.items)}
		err := item.read(decoder, depth+1)
		if err != nil {
			return err
		}
		v.items = append(v.items, item)
	}
	_, err := decoder.Token()
	return err
}

// undamaged refuses the replacement character: decoding turns each broken escape into it, so that two different names
// would become one.
func (v *jsonValue) undamaged(text string) error {
	if strings.ContainsRune(text, utf8.RuneError) {
		return v.invalid("json-damaged-text", "The text holds a broken or replaced character.")
	}
	return nil
}

// path names the place from the root: rule.conditions[2].atLeast.
func (v *jsonValue) path() string {
	if v.parent == nil {
		return ""
	}
	above := v.parent.path()
	switch {
	case v.parent.kind == jsonList:
		return fmt.Sprintf("%s[%d]", above, v.index)
	case !isPlainKey(v.key):
		return above + "[" + shown(v.key) + "]"
	case above == "":
		return v.key
	default:
		return above + "." + v.key
	}
}

func isPlainKey(key string) bool {
	plain := func(c rune) bool {
		return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return key != "" && len(key) <= 60 && strings.TrimFunc(key, plain) == ""
}

func (v *jsonValue) invalid(reason, message string, pairs ...string) *Error {
	return Invalid(v.path(), reason, message, pairs...)
}

// shown quotes somebody else's text for a message of one line, cut to a length that a line can hold.
func shown(text string) string {
	runes := []rune(text)
	if len(runes) > 60 {
		return strconv.Quote(string(runes[:60]) + "…")
	}
	return strconv.Quote(text)
}

// jsonReader turns values into Go; it keeps the first error and answers zero values after it, so that a caller reads a
// whole object and looks at err once.
type jsonReader struct {
	err error
}

func (r *jsonReader) fail(v *jsonValue, reason, message string, pairs ...string) {
	if r.err == nil {
		r.err = v.invalid(reason, message, pairs...)
	}
}

// is says whether v is there and of the kind.
func (r *jsonReader) is(v *jsonValue, kind jsonKind) bool {
	if v == nil || r.err != nil {
		return false
	}
	if v.kind != kind {
		r.fail(v, "json-wrong-kind", "Here is {got}; {want} is asked for.", "got", string(v.kind), "want", string(kind))
		return false
	}
	return true
}

// object answers the members of an object that has no others than those named.
func (r *jsonReader) object(v *jsonValue, names ...string) map[string]*jsonValue {
	if !r.is(v, jsonObject) {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(v.members)) {
		if !slices.Contains(names, key) {
			r.fail(v.members[key], "json-unknown-field", "There is no such field; known are {names}.",
				"names", strings.Join(names, ", "))
			return nil
		}
	}
	return v.members
}

// must fails where the object lacks one of the names.
func (r *jsonReader) must(v *jsonValue, names ...string) {
	if !r.is(v, jsonObject) {
		return
	}
	for _, name := range names {
		if v.members[name] == nil {
			r.fail(&jsonValue{parent: v, key: name}, "json-missing-field", "The field is missing.")
			return
		}
	}
}

// string answers a text that is not empty, "" where v is absent.
func (r *jsonReader) string(v *jsonValue) string {
	if !r.is(v, jsonText) {
		return ""
	}
	if v.text == "" || len(v.text) > 4*maxJSONText || utf8.RuneCountInString(v.text) > maxJSONText {
		r.fail(v, "json-text-size", "A text has 1 to {limit} characters.", "limit", strconv.Itoa(maxJSONText))
	}
	if strings.ContainsRune(v.text, 0) {
		r.fail(v, "json-damaged-text", "The text holds a NUL character.")
	}
	return v.text
}

func (r *jsonReader) boolean(v *jsonValue) bool {
	return r.is(v, jsonBoolean) && v.text == "true"
}

// integer answers a whole number of at most nine digits, which no reader rounds.
func (r *jsonReader) integer(v *jsonValue) int {
	if !r.is(v, jsonNumber) {
		return 0
	}
	n, err := strconv.Atoi(v.text)
	if err != nil || n > 999_999_999 || n < -999_999_999 {
		r.fail(v, "json-not-integer", "{value} is not a whole number of at most nine digits.", "value", shown(v.text))
		return 0
	}
	return n
}

// list answers the items of a list of at most limit items, nil where v is absent.
func (r *jsonReader) list(v *jsonValue, limit int) []*jsonValue {
	if !r.is(v, jsonList) {
		return nil
	}
	if len(v.items) > limit {
		r.fail(v, "json-list-size", "The list has {size} items; at most {limit} are read.",
			"size", strconv.Itoa(len(v.items)), "limit", strconv.Itoa(limit))
		return nil
	}
	return v.items
}

// someOf reads a list that, if it is there, is not empty.
func (r *jsonReader) someOf(v *jsonValue, limit int) []*jsonValue {
	items := r.list(v, limit)
	if v != nil && len(items) == 0 {
		r.fail(v, "json-empty-list", "The list is empty; leave it out or fill it.")
	}
	return items
}

// each reads the items one by one until the first error; it answers nil of no items.
func each[T any](r *jsonReader, items []*jsonValue, read func(*jsonValue) T) []T {
	var values []T
	for _, item := range items {
		if r.err != nil {
			return nil
		}
		values = append(values, read(item))
	}
	return values
}

// textAs reads a text into a named string type.
func textAs[T ~string](r *jsonReader) func(*jsonValue) T {
	return func(v *jsonValue) T { return T(r.string(v)) }
}
