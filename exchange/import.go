package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/notary"
)

// The bounds of an imported file.
const (
	MaxImportBytes   = 50 << 20
	maxImportNesting = 100
	maxLosses        = 2000 // more are only counted
)

// Import is what a file in another format comes to.
type Import struct {
	Document governance.Document    // a draft: governance.Check says what it still lacks
	Offer    *governance.OfferFacts // nil where the file says nothing that belongs into an offer
	Report   []Loss                 // what did not fit, by path
}

// readTree reads a file that is one JSON value. It is INVALID where it is too large, too deep or not JSON: with the path in
// Field and, as far as there is one, the line and the column as parameters.
func readTree(data []byte) (any, error) {
	if err := checkSize(data); err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	tree, err := governance.ParseJSON(data, maxImportNesting)
	refused, ok := errors.AsType[*governance.Error](err)
	if !ok || refused.Reason != "json" {
		return tree, err
	}
	line, column, detail := syntaxError(data)
	return nil, governance.Invalid(refused.Field, "json", "This is not JSON: line {line}, column {column}: {detail}.",
		"line", strconv.Itoa(line), "column", strconv.Itoa(column), "detail", detail)
}

// checkSize refuses a file above MaxImportBytes.
func checkSize(data []byte) error {
	if len(data) > MaxImportBytes {
		return governance.Invalid("", "too-large", "The file has {count} bytes, and at most {most} are allowed.",
			"count", strconv.Itoa(len(data)), "most", strconv.Itoa(MaxImportBytes))
	}
	return nil
}

// syntaxError says where a text stops being JSON, both counted from 1, and why.
func syntaxError(data []byte) (line, column int, detail string) {
	var raw json.RawMessage
	at, detail := len(data), "the text ends too early"
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(data, &raw)); ok {
		at, detail = max(0, min(int(syntax.Offset)-1, len(data))), syntax.Error()
	}
	before := data[:at]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n'), detail
}

// importer gathers what a file says.
type importer struct {
	treeReader
	document governance.Document
	offer    governance.OfferFacts
	primary  governance.LanguageTag // that the file names
}

func newImporter(format *vocabulary) importer {
	return importer{treeReader: treeReader{format: format, taken: map[string]bool{}}}
}

// finish reports what of the file nobody took, settles the languages and proves that draft and offer are such.
func (i *importer) finish(root treeNode) (Import, error) {
	i.within = ancestors(i.taken)
	i.leftovers(root, "")
	i.settleLanguages()
	document, err := notary.NormalizeDocument(i.document)
	if err != nil {
		return Import{}, fmt.Errorf("make a draft of the file: %w", err)
	}
	if i.unreported > 0 {
		i.report = append(i.report, lossOf("", "", "more", "count", strconv.Itoa(i.unreported)))
	}
	imported := Import{Document: document, Report: i.report}
	if !reflect.ValueOf(i.offer).IsZero() {
		encoded, _, err := notary.EncodeOffer(i.offer)
		if err != nil {
			return Import{}, fmt.Errorf("make an offer of the file: %w", err)
		}
		imported.Offer = new(governance.OfferFacts)
		if err := json.Unmarshal(encoded, imported.Offer); err != nil {
			return Import{}, fmt.Errorf("read the offer: %w", err)
		}
	}
	slices.SortStableFunc(imported.Report, func(a, b Loss) int { return strings.Compare(a.Path, b.Path) })
	return imported, nil
}

// settleLanguages makes every language of an imported text authentic, the file's primary one first and then the one
// with most texts, and says which are incomplete. Labels of vocabulary terms keep these languages only.
func (i *importer) settleLanguages() {
	count := map[governance.LanguageTag]int{}
	texts := governance.TextsOf(i.document)
	for _, at := range texts {
		for tag := range at.Text {
			count[governance.LanguageTag(tag)]++
		}
	}
	if len(count) == 0 {
		count[i.fallbackLanguage()] = 0
	}
	for tag := range count {
		i.document.Languages = append(i.document.Languages, tag)
	}
	slices.SortFunc(i.document.Languages, func(a, b governance.LanguageTag) int {
		switch {
		case a == i.primary:
			return -1
		case b == i.primary:
			return 1
		case count[a] != count[b]:
			return count[b] - count[a]
		default:
			return strings.Compare(string(a), string(b))
		}
	})
	for _, tag := range i.document.Languages {
		if count[tag] < len(texts) {
			i.change(treeNode{}, "language-incomplete", "language", string(tag),
				"count", strconv.Itoa(count[tag]), "total", strconv.Itoa(len(texts)))
		}
	}
	i.trimLabels()
}

func (i *importer) fallbackLanguage() governance.LanguageTag {
	if i.primary != "" {
		return i.primary
	}
	return "en"
}

func (i *importer) trimLabels() {
	trim := func(label governance.Text) {
		for tag := range label {
			if !slices.Contains(i.document.Languages, governance.LanguageTag(tag)) {
				delete(label, tag)
			}
		}
	}
	lists := [][]governance.Concept{i.document.Classification.ISCEDF, i.document.Classification.NACE,
		i.document.Classification.Occupations, i.document.Classification.TargetGroups, {i.document.Classification.CredentialType}}
	for _, outcome := range i.document.Outcomes {
		lists = append(lists, outcome.Skills)
	}
	for _, assessment := range i.document.Assessments {
		lists = append(lists, []governance.Concept{assessment.Type})
	}
	for _, list := range lists {
		for _, concept := range list {
			trim(concept.Label)
		}
	}
}
