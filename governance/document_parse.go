package governance

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// ParseDocument reads a document from JSON and refuses everything that is not one: unknown or doubled members, doubled
// ids, texts in languages that are not authentic, numbers where decimals belong, sizes beyond the limits above, bytes
// after the end. It does not ask whether the document is finished (Check does). Errors are INVALID with the element's
// path in Field.
func ParseDocument(data []byte) (Document, error) {
	if len(data) > MaxDocumentBytes {
		return Document{}, Invalid("", "too-large", "The document has {count} bytes, and at most {most} are allowed.",
			"count", strconv.Itoa(len(data)), "most", strconv.Itoa(MaxDocumentBytes))
	}
	tree, err := parseTree(data)
	if err != nil {
		return Document{}, err
	}
	text, err := unwrap(tree, DocumentSchema)
	if err != nil {
		return Document{}, err
	}
	return documentOf(text)
}

// unwrap takes the text out of {"schema": schema, "text": {...}}.
func unwrap(tree any, schema string) (any, error) {
	wrapper, ok := tree.(map[string]any)
	if !ok {
		return nil, wrongType("", "an object")
	}
	for name := range wrapper {
		if name != "schema" && name != "text" {
			return nil, Invalid("/"+escapeSegment(name), "unknown-member", "There is no element called {name} here.", "name", name)
		}
	}
	if wrapper["schema"] != schema {
		return nil, Invalid("/schema", "wrong-schema", "The schema must be {schema}.", "schema", schema)
	}
	if _, ok := wrapper["text"]; !ok {
		return map[string]any{}, nil
	}
	return wrapper["text"], nil
}

// documentOf makes a document of the tree of its text.
func documentOf(text any) (Document, error) {
	object, ok := text.(map[string]any)
	if !ok {
		return Document{}, wrongType("/text", "an object")
	}
	var document Document
	if languages, ok := object["languages"]; ok {
		if err := (strictDecoder{}).decode(reflect.ValueOf(&document.Languages).Elem(), languages, "/languages"); err != nil {
			return Document{}, err
		}
	}
	if err := checkLanguages(document.Languages); err != nil {
		return Document{}, err
	}
	decoder := strictDecoder{languages: make(map[string]bool, len(document.Languages))}
	for _, tag := range document.Languages {
		decoder.languages[string(tag)] = true
	}
	if err := decoder.decode(reflect.ValueOf(&document).Elem(), object, ""); err != nil {
		return Document{}, err
	}
	return document, checkLevels(document)
}

func checkLanguages(languages []LanguageTag) error {
	if len(languages) == 0 {
		return Invalid("/languages", "no-language", "A document names at least one authentic language.")
	}
	if len(languages) > MaxLanguages {
		return Invalid("/languages", "too-many-languages", "There are more than {most} languages.", "most", strconv.Itoa(MaxLanguages))
	}
	return nil
}

// checkLevels keeps EQF levels between 1 and 8; 0 says nothing.
func checkLevels(d Document) error {
	if d.Level.EQF > 8 {
		return noEQFLevel("/level/eqf", d.Level.EQF)
	}
	for _, outcome := range d.Outcomes {
		if outcome.EQFLevel > 8 {
			return noEQFLevel("/outcomes/"+string(outcome.ID)+"/eqfLevel", outcome.EQFLevel)
		}
	}
	return nil
}

func noEQFLevel(path string, level int) error {
	return Invalid(path, "not-an-eqf-level", "{value} is not an EQF level from 1 to 8.", "value", strconv.Itoa(level))
}

// MarshalJSON writes the document without whatever says nothing. The canonical bytes come from notary.EncodeDocument.
func (d Document) MarshalJSON() ([]byte, error) {
	text := treeOf(reflect.ValueOf(d))
	if text == nil {
		text = map[string]any{}
	}
	data, err := json.Marshal(map[string]any{"schema": DocumentSchema, "text": text})
	if err != nil {
		return nil, fmt.Errorf("encode document: %w", err)
	}
	return data, nil
}

// UnmarshalJSON is ParseDocument.
func (d *Document) UnmarshalJSON(data []byte) error {
	parsed, err := ParseDocument(data)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
