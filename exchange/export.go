package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"concordat/governance"
)

// exporter remembers what of a publication an export carries, and reports the rest. Paths are the document's, as in a
// diff; those of the offer begin with /offer.
type exporter struct {
	Published
	carried map[string]bool // by path: carried whole, with all that is in it
	within  map[string]bool // paths that have a carried one below them, once all is written
	report  []Loss
}

func newExporter(p Published) *exporter {
	e := &exporter{Published: p, carried: map[string]bool{}}
	e.carry("/languages")
	return e
}

// carry says that the elements are in the file, each with all that is in it.
func (e *exporter) carry(paths ...string) {
	for _, path := range paths {
		e.carried[path] = true
	}
}

// lose says that the element is not in the file, and why.
func (e *exporter) lose(path, reason string, pairs ...string) {
	e.carry(path)
	e.change(path, reason, pairs...)
}

// change says that the element is in the file otherwise than it stands in the publication.
func (e *exporter) change(path, reason string, pairs ...string) {
	e.report = append(e.report, lossOf(path, lastSegment(path), reason, pairs...))
}

func lastSegment(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// done reports whatever was not carried, and answers the export.
func (e *exporter) done(content []byte) Export {
	e.within = ancestors(e.carried)
	e.leftovers(reflect.ValueOf(e.Document), "")
	if e.Offer != nil {
		e.leftovers(reflect.ValueOf(*e.Offer), "/offer")
	}
	slices.SortStableFunc(e.report, func(a, b Loss) int { return strings.Compare(a.Path, b.Path) })
	return Export{Bytes: content, Report: e.report}
}

// leftovers reports an element as a whole where nothing in it was carried, else part by part.
func (e *exporter) leftovers(v reflect.Value, path string) {
	switch {
	case empty(v) || e.carried[path]:
		return
	case path != "" && !e.within[path]:
		loss := lossOf(path, lastSegment(path), "no-place-there")
		loss.Text = textIn(v)
		e.report = append(e.report, loss)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if name := memberName(v.Type().Field(i)); name != "id" {
				e.leftovers(v.Field(i), path+"/"+name)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			e.leftovers(v.Index(i), path+"/"+escapeSegment(elementKey(v.Index(i))))
		}
	case reflect.Map:
		e.otherLanguages(v.Interface().(governance.Text), path)
	}
}

// otherLanguages reports the languages of a text that is carried in some.
func (e *exporter) otherLanguages(text governance.Text, path string) {
	for tag, words := range text {
		if at := path + "/" + tag; !e.carried[at] {
			loss := lossOf(at, lastSegment(path), "language-left-out", "language", tag)
			loss.Text = governance.Text{tag: words}
			e.report = append(e.report, loss)
		}
	}
}

// empty says whether a value says nothing.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}

// textIn answers the words of an element that is left out: its own, or its first text.
func textIn(v reflect.Value) governance.Text {
	switch v.Kind() {
	case reflect.Map:
		text, _ := v.Interface().(governance.Text)
		return text
	case reflect.Struct:
		for i := range v.NumField() {
			if text := textIn(v.Field(i)); len(text) > 0 {
				return text
			}
		}
	}
	return nil
}

func memberName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

// elementKey is what names an element of a list: its id, or the word itself.
func elementKey(v reflect.Value) string {
	if v.Kind() == reflect.Struct {
		return v.FieldByName("ID").String()
	}
	return v.String()
}

// escapeSegment writes an id or a word as one segment of a path, as JSON Pointer does.
func escapeSegment(segment string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(segment)
}

// sourceFormat is the source of a finding about a publication that a format cannot be made of.
const sourceFormat = "The format"

// exportRules holds what a publication must have before a file is made of it, by code: the English message, with
// parameters as {name}. Each is an error.
var exportRules = map[string]string{
	"address-missing":       "The publication has no address in the register, by which the file names it.",
	"not-esco":              "{code} is no skill of ESCO: those begin with http://data.europa.eu/esco/skill/.",
	"text-missing":          "The file needs this text, and it is missing in {language}.",
	"outcomes-missing":      "The file needs at least one learning outcome.",
	"description-too-short": "The description has {count} characters; the registry asks for {least}.",
	"edition-not-uuid":      "The edition's id is no UUID, so no CTID can be made of it.",
	"owner-missing":         "The file names who awards the credential: neither offer nor publisher says it.",
	"creator-missing":       "The file names who the text comes from: neither council nor lead has a name.",
}

// elementIDForm is what names an element of a list (governance.ElementID).
var elementIDForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// formatFinding makes a finding of a rule of exportRules.
func formatFinding(rule, path string, pairs ...string) governance.Finding {
	refusal := governance.Invalid(path, rule, exportRules[rule], pairs...)
	return governance.Finding{Path: path, Rule: rule, Severity: governance.SeverityError, Source: sourceFormat,
		Message: refusal.Message, Params: refusal.Params}
}

// checkAddress looks whether the publication has an address to be named by.
func checkAddress(p Published) []governance.Finding {
	if p.Slug == "" || p.Number == "" || !p.EditionURI().Valid() {
		return []governance.Finding{formatFinding("address-missing", "")}
	}
	return nil
}

// refusalOf makes the refusal of the first error; nil where there is none.
func refusalOf(findings []governance.Finding) error {
	at := slices.IndexFunc(findings, func(f governance.Finding) bool { return f.Severity == governance.SeverityError })
	if at < 0 {
		return nil
	}
	f := findings[at]
	return &governance.Error{Code: governance.CodeInvalid, Reason: f.Rule, Message: f.Message, Field: f.Path, Params: f.Params}
}

// encodeJSON writes a value indented and without escaping what HTML would need: the file is no page.
func encodeJSON(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("encode the file: %w", err)
	}
	return out.Bytes(), nil
}
