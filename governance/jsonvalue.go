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

// maxNameText is the most characters that a name in a rule, a record or a charter has.
const maxNameText = 500

// jsonKind names in words what a JSON value is.
type jsonKind string

const (
	jsonObject  jsonKind = "an object"
	jsonList    jsonKind = "a list"
	jsonText    jsonKind = "a text"
	jsonNumber  jsonKind = "a number"
	jsonBoolean jsonKind = "true or false"
	jsonNull    jsonKind = "null"
)

// jsonValue is one value of a tree that parseTree answered, with its path. A nil *jsonValue is an absent member.
type jsonValue struct {
	node any
	path string
}

// readJSON parses exactly one JSON value of at most limit bytes. Errors are INVALID and name the place: the line of a
// mistake in the JSON itself, the path of a mistake in what it says.
func readJSON(data []byte, limit int) (*jsonValue, error) {
	if len(data) > limit {
		return nil, Invalid("", "json-too-large", "The text has {size} bytes; at most {limit} are read.",
			"size", strconv.Itoa(len(data)), "limit", strconv.Itoa(limit))
	}
	err := checkSyntax(data)
	if err != nil {
		return nil, err
	}
	tree, err := parseTree(data)
	if err != nil {
		return nil, err
	}
	return &jsonValue{node: tree}, nil
}

// checkSyntax refuses what is not JSON by line and column, which parseTree cannot tell.
func checkSyntax(data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return Invalid("", "json", "The text is empty.")
	}
	var raw json.RawMessage
	err := json.Unmarshal(data, &raw)
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return nil
	}
	before := data[:max(0, min(int(syntax.Offset)-1, len(data)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return Invalid("", "json", "This is not JSON: line {line}, column {column}: {detail}.", "line", strconv.Itoa(line),
		"column", strconv.Itoa(column), "detail", err.Error())
}

func (v *jsonValue) kind() jsonKind {
	switch v.node.(type) {
	case map[string]any:
		return jsonObject
	case []any:
		return jsonList
	case string:
		return jsonText
	case json.Number:
		return jsonNumber
	case bool:
		return jsonBoolean
	default:
		return jsonNull
	}
}

// text answers a text, or a number as it was written.
func (v *jsonValue) text() string {
	return fmt.Sprint(v.node)
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
		r.err = Invalid(v.path, reason, message, pairs...)
	}
}

// is says whether v is there and of the kind.
func (r *jsonReader) is(v *jsonValue, kind jsonKind) bool {
	if v == nil || r.err != nil {
		return false
	}
	if v.kind() != kind {
		r.fail(v, "wrong-type", "Here is {got}; {want} is asked for.", "got", string(v.kind()), "want", string(kind))
		return false
	}
	return true
}

// object answers the members of an object that has no others than those named.
func (r *jsonReader) object(v *jsonValue, names ...string) map[string]*jsonValue {
	if !r.is(v, jsonObject) {
		return nil
	}
	members := r.members(v)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(names, name) {
			r.fail(members[name], "unknown-member", "There is no {name} here; known are {names}.",
				"name", shown(name), "names", strings.Join(names, ", "))
			return nil
		}
	}
	return members
}

// members answers the members of an object, whatever they are called.
func (r *jsonReader) members(v *jsonValue) map[string]*jsonValue {
	if !r.is(v, jsonObject) {
		return nil
	}
	object, _ := v.node.(map[string]any)
	members := make(map[string]*jsonValue, len(object))
	for name, node := range object {
		members[name] = &jsonValue{node: node, path: v.path + "/" + escapeSegment(name)}
	}
	return members
}

// must fails where the object lacks one of the names.
func (r *jsonReader) must(v *jsonValue, names ...string) {
	if !r.is(v, jsonObject) {
		return
	}
	object, _ := v.node.(map[string]any)
	for _, name := range names {
		if _, ok := object[name]; !ok {
			r.fail(v, "missing-member", "The member {name} is missing.", "name", name)
			return
		}
	}
}

// string answers a text that is not empty, "" where v is absent.
func (r *jsonReader) string(v *jsonValue) string {
	if !r.is(v, jsonText) {
		return ""
	}
	text := v.text()
	if text == "" || len(text) > 4*maxNameText || utf8.RuneCountInString(text) > maxNameText {
		r.fail(v, "text-size", "A text has 1 to {limit} characters here.", "limit", strconv.Itoa(maxNameText))
	}
	if f := checkControls(text, ""); f != nil && r.err == nil {
		r.err = f.at(v.path)
	}
	return text
}

func (r *jsonReader) boolean(v *jsonValue) bool {
	return r.is(v, jsonBoolean) && v.node == true
}

// integer answers a whole number of at most nine digits, which no reader rounds.
func (r *jsonReader) integer(v *jsonValue) int {
	if !r.is(v, jsonNumber) {
		return 0
	}
	n, err := strconv.Atoi(v.text())
	if err != nil || n > 999_999_999 || n < -999_999_999 {
		r.fail(v, "not-an-integer", "{value} is not a whole number of at most nine digits.", "value", shown(v.text()))
		return 0
	}
	return n
}

// list answers the items of a list of at most limit items, nil where v is absent.
func (r *jsonReader) list(v *jsonValue, limit int) []*jsonValue {
	if !r.is(v, jsonList) {
		return nil
	}
	array, _ := v.node.([]any)
	if len(array) > limit {
		r.fail(v, "too-many", "There are {count} elements, and at most {most} are allowed.",
			"count", strconv.Itoa(len(array)), "most", strconv.Itoa(limit))
		return nil
	}
	items := make([]*jsonValue, len(array))
	for i, node := range array {
		items[i] = &jsonValue{node: node, path: v.path + "/" + strconv.Itoa(i)}
	}
	return items
}

// someOf reads a list that, if it is there, is not empty.
func (r *jsonReader) someOf(v *jsonValue, limit int) []*jsonValue {
	items := r.list(v, limit)
	if v != nil && len(items) == 0 {
		r.fail(v, "empty-list", "The list is empty; leave it out or fill it.")
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
