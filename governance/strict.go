package governance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxNesting is deeper than any value of ours; it bounds the recursion over hostile input.
const maxNesting = 24

// parseTree is ParseJSON for values of ours.
func parseTree(data []byte) (any, error) {
	return ParseJSON(data, maxNesting)
}

// ParseJSON reads one JSON value, nested at most deepest levels, as map[string]any, []any, string, bool, json.Number and
// nil. Unlike encoding/json it refuses what two readers could understand differently: doubled members, bytes that are
// not UTF-8, broken escapes and anything after the value. Errors are INVALID with the path of the value in Field.
func ParseJSON(data []byte, deepest int) (any, error) {
	if !utf8.Valid(data) {
		return nil, Invalid("", "not-utf8", "The text is not UTF-8.")
	}
	reader := treeReader{json.NewDecoder(bytes.NewReader(data)), deepest}
	reader.decoder.UseNumber()
	token, err := reader.next("")
	if err != nil {
		return nil, err
	}
	tree, err := reader.value(token, "", 0)
	if err != nil {
		return nil, err
	}
	if _, err := reader.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, Invalid("", "trailing-bytes", "Something follows the end of the JSON value.")
	}
	return tree, nil
}

// treeReader reads tokens into a tree.
type treeReader struct {
	decoder *json.Decoder
	deepest int
}

func (r treeReader) next(path string) (json.Token, error) {
	token, err := r.decoder.Token()
	if errors.Is(err, io.EOF) {
		return nil, Invalid(path, "json", "The JSON ends too early.")
	}
	if err != nil {
		return nil, Invalid(path, "json", "This is not JSON: {detail}.", "detail", err.Error())
	}
	return token, nil
}

func (r treeReader) value(token json.Token, path string, depth int) (any, error) {
	if depth > r.deepest {
		return nil, Invalid(path, "too-deep", "The JSON is nested deeper than {most} levels.", "most", strconv.Itoa(r.deepest))
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return r.object(path, depth)
		}
		return r.array(path, depth)
	case string:
		return token, checkDecoded(token, path)
	default:
		return token, nil
	}
}

func (r treeReader) object(path string, depth int) (any, error) {
	object := map[string]any{}
	for {
		token, err := r.next(path)
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return object, nil // the decoder itself checks that it is the closing brace
		}
		at := path + "/" + escapeSegment(name)
		if err := checkDecoded(name, at); err != nil {
			return nil, err
		}
		if _, doubled := object[name]; doubled {
			return nil, Invalid(at, "doubled-member", "The member {name} is there twice.", "name", name)
		}
		if token, err = r.next(at); err != nil {
			return nil, err
		}
		if object[name], err = r.value(token, at, depth+1); err != nil {
			return nil, err
		}
	}
}

func (r treeReader) array(path string, depth int) (any, error) {
	array := []any{}
	for {
		at := fmt.Sprintf("%s/%d", path, len(array))
		token, err := r.next(at)
		if err != nil {
			return nil, err
		}
		if token == json.Delim(']') {
			return array, nil
		}
		element, err := r.value(token, at, depth+1)
		if err != nil {
			return nil, err
		}
		array = append(array, element)
	}
}

// checkDecoded refuses U+FFFD, which stands for something that was lost: encoding/json puts it where an escape is half
// a surrogate pair.
func checkDecoded(s, path string) error {
	if strings.ContainsRune(s, utf8.RuneError) {
		return Invalid(path, "damaged-text", "The text holds a replacement character (U+FFFD): something in it was lost.")
	}
	return nil
}

var (
	segmentEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	segmentUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// escapeSegment writes a member name, an id or a list's word as one segment of a path, as JSON Pointer does.
func escapeSegment(s string) string {
	return segmentEscaper.Replace(s)
}

// unescapeSegment undoes escapeSegment.
func unescapeSegment(s string) string {
	return segmentUnescaper.Replace(s)
}
