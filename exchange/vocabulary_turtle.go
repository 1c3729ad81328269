package exchange

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// turtleReader reads Turtle, of which N-Triples is a part (W3C Recommendation of 25 February 2014).
type turtleReader struct {
	text     string
	at       int
	name     string
	told     told
	base     string
	prefixes map[string]string
	blanks   int
}

func readTurtle(in io.Reader, name string, told told) error {
	content, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	if !utf8.Valid(content) {
		return vocabularyError(name, 0, "", "it is not text in UTF-8")
	}
	content = bytes.TrimPrefix(content, []byte(byteOrderMark))
	r := &turtleReader{text: string(content), name: name, told: told, prefixes: map[string]string{}}
	for r.space(); r.at < len(r.text); r.space() {
		if err := r.statement(); err != nil {
			return err
		}
	}
	return nil
}

func (r *turtleReader) fail(why string) error {
	return vocabularyError(r.name, 1+strings.Count(r.text[:min(r.at, len(r.text))], "\n"), "", why)
}

// space passes over white space and comments.
func (r *turtleReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\r', '\n':
			r.at++
		case '#':
			end := strings.IndexByte(r.text[r.at:], '\n')
			if end < 0 {
				end = len(r.text) - r.at
			}
			r.at += end
		default:
			return
		}
	}
}

// next says what comes after white space; 0 at the end.
func (r *turtleReader) next() byte {
	if r.space(); r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

// take passes over a mark if it comes next.
func (r *turtleReader) take(mark string) bool {
	if r.space(); strings.HasPrefix(r.text[r.at:], mark) {
		r.at += len(mark)
		return true
	}
	return false
}

func (r *turtleReader) need(mark string) error {
	if !r.take(mark) {
		return r.fail("“" + mark + "” is missing")
	}
	return nil
}

// keyword passes over a word in either case if it comes next and ends there.
func (r *turtleReader) keyword(word string) bool {
	end := r.at + len(word)
	if end < len(r.text) && strings.EqualFold(r.text[r.at:end], word) && strings.IndexByte(" \t\r\n<", r.text[end]) >= 0 {
		r.at = end
		return true
	}
	return false
}

// statement reads a directive, or a subject with what is said of it.
func (r *turtleReader) statement() error {
	switch {
	case r.take("@prefix"):
		return r.prefix(".")
	case r.keyword("PREFIX"):
		return r.prefix("")
	case r.take("@base"):
		return r.setBase(".")
	case r.keyword("BASE"):
		return r.setBase("")
	}
	anonymous := r.next() == '['
	subject, err := r.object(0)
	if err != nil {
		return err
	}
	if subject.resource == "" {
		return r.fail("a literal cannot be a subject")
	}
	if !anonymous || r.next() != '.' {
		if err := r.properties(subject.resource, 0); err != nil {
			return err
		}
	}
	return r.need(".")
}

func (r *turtleReader) prefix(end string) error {
	r.space()
	name, _, found := strings.Cut(r.text[r.at:], ":")
	if !found || strings.ContainsAny(name, " \t\r\n<") {
		return r.fail("a prefix needs a name that ends with a colon")
	}
	r.at += len(name) + 1
	iri, err := r.iri()
	if err != nil {
		return err
	}
	r.prefixes[name] = iri
	return r.need(end)
}

func (r *turtleReader) setBase(end string) error {
	iri, err := r.iri()
	if err != nil {
		return err
	}
	r.base = iri
	return r.need(end)
}

// properties reads what is said of a subject, up to the mark that ends it.
func (r *turtleReader) properties(subject string, depth int) error {
	for {
		predicate, err := r.predicate()
		if err != nil {
			return err
		}
		for {
			object, err := r.object(depth)
			if err == nil {
				err = r.told(subject, predicate, object)
			}
			if err != nil {
				return err
			}
			if !r.take(",") {
				break
			}
		}
		for more := r.take(";"); ; {
			if !more || strings.IndexByte(".]\x00", r.next()) >= 0 {
				return nil
			}
			if !r.take(";") {
				break
			}
		}
	}
}

func (r *turtleReader) predicate() (string, error) {
	if r.next() == 'a' && r.at+1 < len(r.text) && strings.IndexByte(" \t\r\n<[", r.text[r.at+1]) >= 0 {
		r.at++
		return rdfNames + "type", nil
	}
	return r.resource()
}

// resource reads an IRI or a prefixed name.
func (r *turtleReader) resource() (string, error) {
	if r.next() == '<' {
		return r.iri()
	}
	word := r.word()
	prefix, local, found := strings.Cut(word, ":")
	if !found {
		return "", r.fail("“" + word + "” is neither an IRI nor a prefixed name")
	}
	if prefix == "_" {
		return word, nil
	}
	iri, known := r.prefixes[prefix]
	if !known {
		return "", r.fail("the prefix " + prefix + ": is not declared")
	}
	return iri + strings.ReplaceAll(local, `\`, ""), nil
}

// word reads a prefixed name, a number or a boolean. A dot ends it where nothing of a word follows.
func (r *turtleReader) word() string {
	begin := r.at
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n;,[]()<>\"'#", r.text[r.at]) < 0 {
		if r.text[r.at] == '\\' {
			r.at++
		}
		r.at++
	}
	r.at = min(r.at, len(r.text))
	for r.at > begin && r.text[r.at-1] == '.' {
		r.at--
	}
	return r.text[begin:r.at]
}

func (r *turtleReader) iri() (string, error) {
	if err := r.need("<"); err != nil {
		return "", err
	}
	end := strings.IndexAny(r.text[r.at:], ">\n")
	if end < 0 || r.text[r.at+end] != '>' {
		return "", r.fail("an IRI does not end")
	}
	iri := r.text[r.at : r.at+end]
	r.at += end + 1
	if strings.Contains(iri, `\`) {
		plain, err := r.unescape(iri)
		if err != nil {
			return "", err
		}
		iri = plain
	}
	if !strings.Contains(iri, ":") {
		iri = r.base + iri
	}
	return iri, nil
}

// object reads whatever may be said of a subject.
func (r *turtleReader) object(depth int) (rdfObject, error) {
	if depth > maxImportNesting {
		return rdfObject{}, r.fail("it is nested too deeply")
	}
	switch c := r.next(); {
	case c == '"' || c == '\'':
		return r.literal(string(c))
	case c == '[':
		r.at++
		blank := r.blank()
		if r.next() != ']' {
			if err := r.properties(blank, depth+1); err != nil {
				return rdfObject{}, err
			}
		}
		return rdfObject{resource: blank}, r.need("]")
	case c == '(':
		r.at++
		for r.next() != ')' {
			if r.at == len(r.text) {
				return rdfObject{}, r.fail("a collection does not end")
			}
			if _, err := r.object(depth + 1); err != nil {
				return rdfObject{}, err
			}
		}
		r.at++
		return rdfObject{resource: r.blank()}, nil // no vocabulary says anything in a collection
	case c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.':
		words := r.word()
		if words == "" {
			return rdfObject{}, r.fail("an object is missing")
		}
		return rdfObject{words: words}, nil
	case r.keywordValue("true"):
		return rdfObject{words: "true"}, nil
	case r.keywordValue("false"):
		return rdfObject{words: "false"}, nil
	}
	resource, err := r.resource()
	return rdfObject{resource: resource}, err
}

func (r *turtleReader) blank() string {
	r.blanks++
	return "_:[" + strconv.Itoa(r.blanks) + "]"
}

// keywordValue passes over a boolean if it comes next.
func (r *turtleReader) keywordValue(word string) bool {
	begin := r.at
	if strings.HasPrefix(r.text[r.at:], word) && r.word() == word {
		return true
	}
	r.at = begin
	return false
}

// literal reads words between quotes, with their language or type.
func (r *turtleReader) literal(quote string) (rdfObject, error) {
	if long := strings.Repeat(quote, 3); strings.HasPrefix(r.text[r.at:], long) {
		quote = long
	}
	r.at += len(quote)
	begin := r.at
	for !strings.HasPrefix(r.text[r.at:], quote) {
		if r.at >= len(r.text) || len(quote) == 1 && r.text[r.at] == '\n' {
			return rdfObject{}, r.fail("a literal does not end")
		}
		if r.text[r.at] == '\\' {
			r.at++
		}
		r.at = min(r.at+1, len(r.text))
	}
	words, err := r.unescape(r.text[begin:r.at])
	if err != nil {
		return rdfObject{}, err
	}
	r.at += len(quote)
	object := rdfObject{words: words}
	switch {
	case strings.HasPrefix(r.text[r.at:], "@"):
		r.at++
		object.language = r.word()
	case strings.HasPrefix(r.text[r.at:], "^^"):
		r.at += 2
		_, err = r.resource()
	}
	return object, err
}

// unescape writes out escaped characters.
func (r *turtleReader) unescape(words string) (string, error) {
	if !strings.Contains(words, `\`) {
		return words, nil
	}
	var plain strings.Builder
	for rest := words; rest != ""; {
		if rest[0] != '\\' {
			plain.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		value, _, tail, err := strconv.UnquoteChar(rest, 0)
		if err != nil && len(rest) > 1 && strings.IndexByte(`'"`, rest[1]) >= 0 {
			value, tail, err = rune(rest[1]), rest[2:], nil
		}
		if err != nil {
			return "", r.fail("“" + rest[:min(len(rest), 6)] + "” is no character")
		}
		plain.WriteRune(value)
		rest = tail
	}
	return plain.String(), nil
}
