package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"concordat/governance"
)

// vocabularyReader puts a vocabulary together from what its files say, row by row.
type vocabularyReader struct {
	terms map[governance.URI]*governance.Term
	order []governance.URI
}

// term answers the term of a URI, new where it was not named before.
func (r *vocabularyReader) term(uri governance.URI) *governance.Term {
	if r.terms == nil {
		r.terms = map[governance.URI]*governance.Term{}
	}
	t := r.terms[uri]
	if t == nil {
		t = &governance.Term{URI: uri, Labels: map[string][]string{}}
		r.terms[uri], r.order = t, append(r.order, uri)
	}
	return t
}

// labels sets what a term is called in a language: the preferred label, then what else, each once.
func labels(t *governance.Term, tag, preferred string, others ...string) {
	var all []string
	for _, label := range slices.Concat([]string{preferred}, others) {
		if label = strings.Join(strings.Fields(norm.NFC.String(label)), " "); label != "" && !slices.Contains(all, label) {
			all = append(all, label)
		}
	}
	if len(all) > 0 {
		t.Labels[tag] = all
	}
}

// vocabulary answers the terms in the order in which they were named.
func (r *vocabularyReader) vocabulary(scheme governance.Scheme, version string) governance.Vocabulary {
	v := governance.Vocabulary{Scheme: scheme, Version: version}
	for _, uri := range r.order {
		t := *r.terms[uri]
		slices.Sort(t.Broader)
		t.Broader = slices.Compact(t.Broader)
		v.Terms = append(v.Terms, t)
	}
	return v
}

// vocabularyError says what is wrong with a vocabulary's file, where.
func vocabularyError(file string, line int, field, why string) error {
	where := file
	if line > 0 {
		where += ", line " + strconv.Itoa(line)
	}
	if field != "" {
		where += ", " + field
	}
	return governance.Invalid("", "vocabulary-file", "{where}: {why}.", "where", where, "why", why)
}

// boundedReader reads no more than a file of an import may have.
type boundedReader struct {
	in   io.Reader
	left int
	file string
}

func bounded(in io.Reader, file string) io.Reader {
	return &boundedReader{in: in, left: MaxImportBytes, file: file}
}

func (b *boundedReader) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, vocabularyError(b.file, 0, "", fmt.Sprintf("it has more than %d bytes", MaxImportBytes))
	}
	return n, err
}

// vocabularyTable reads a CSV file with a head, row by row.
type vocabularyTable struct {
	file    string
	in      *csv.Reader
	columns map[string]int
	record  []string
	line    int
}

// openTable reads the head and asks for the columns that must be there.
func openTable(in io.Reader, file string, required ...string) (*vocabularyTable, error) {
	buffered := bufio.NewReader(bounded(in, file))
	if mark, err := buffered.Peek(len(byteOrderMark)); err == nil && bytes.Equal(mark, []byte(byteOrderMark)) {
		if _, err := buffered.Discard(len(byteOrderMark)); err != nil {
			return nil, err
		}
	}
	t := &vocabularyTable{file: file, in: csv.NewReader(buffered), columns: map[string]int{}}
	if head, err := buffered.Peek(4096); len(head) > 0 && (err == nil || errors.Is(err, io.EOF)) {
		first, _, _ := bytes.Cut(head, []byte("\n"))
		if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
			t.in.Comma = ';'
		}
	}
	t.in.ReuseRecord = true
	head, err := t.in.Read()
	if err != nil {
		return nil, t.unreadable(err)
	}
	for i, name := range head {
		t.columns[strings.TrimSpace(name)] = i
	}
	for _, name := range required {
		if _, ok := t.columns[name]; !ok {
			return nil, vocabularyError(file, 1, "", "there is no column "+name)
		}
	}
	return t, nil
}

// next reads a row; false at the end.
func (t *vocabularyTable) next() (bool, error) {
	record, err := t.in.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, t.unreadable(err)
	}
	t.record = record
	t.line, _ = t.in.FieldPos(0)
	for name, i := range t.columns {
		if !utf8.ValidString(record[i]) || strings.ContainsRune(record[i], 0) {
			return false, vocabularyError(t.file, t.line, name, "it is not text in UTF-8")
		}
	}
	return true, nil
}

func (t *vocabularyTable) unreadable(err error) error {
	if errors.Is(err, io.EOF) {
		return vocabularyError(t.file, 1, "", "the file is empty")
	}
	if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
		return vocabularyError(t.file, syntax.Line, "", syntax.Err.Error())
	}
	return err
}

// cell answers what a column has in the row; "" where there is no such column.
func (t *vocabularyTable) cell(column string) string {
	i, ok := t.columns[column]
	if !ok {
		return ""
	}
	return strings.Clone(strings.TrimSpace(t.record[i]))
}

// uri answers the URI that a column has in the row.
func (t *vocabularyTable) uri(column string) (governance.URI, error) {
	uri := t.cell(column)
	if !strings.Contains(uri, "://") || strings.ContainsAny(uri, " \t\n<>\"") {
		return "", vocabularyError(t.file, t.line, column, "“"+uri+"” is not a URI")
	}
	return governance.URI(uri), nil
}

// languageTag answers a language as documents write it; "" where it is none.
func languageTag(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	return parsed.String()
}
