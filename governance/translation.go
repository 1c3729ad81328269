package governance

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// TranslationSchema is the first member of every stored translation.
const TranslationSchema = "concordat/translation/1"

// Translation is a text in a language that is not authentic: beside the document, never in it. It says which exact bytes
// it translates. As JSON it is {"schema":"concordat/translation/1","text":{...}}, as documents are.
type Translation struct {
	Language LanguageTag       `json:"language,omitempty"`
	Of       Digest            `json:"of,omitempty"` // of the document that it translates
	Texts    map[string]string `json:"texts,omitempty"`
}

// TranslationStatus says how far readers may rely on a translation. The authentic text prevails whatever it says.
type TranslationStatus string

// The values of TranslationStatus.
const (
	TranslationMachine    TranslationStatus = "MACHINE"
	TranslationUnofficial TranslationStatus = "UNOFFICIAL"
	TranslationConfirmed  TranslationStatus = "CONFIRMED"
)

// TranslationStatuses lists every status of a translation.
var TranslationStatuses = []TranslationStatus{TranslationMachine, TranslationUnofficial, TranslationConfirmed}

// TranslationState says whether a translation stands.
type TranslationState string

// The values of TranslationState.
const (
	TranslationCurrent   TranslationState = "CURRENT"
	TranslationWithdrawn TranslationState = "WITHDRAWN"
)

// ParseTranslation reads a translation from JSON and refuses everything that is not one, as ParseDocument does. It does
// not ask whether the paths are of a document: Translation.Check does.
func ParseTranslation(data []byte) (Translation, error) {
	if len(data) > MaxDocumentBytes {
		return Translation{}, Invalid("", "too-large", "The translation has {count} bytes, and at most {most} are allowed.",
			"count", strconv.Itoa(len(data)), "most", strconv.Itoa(MaxDocumentBytes))
	}
	tree, err := parseTree(data)
	if err != nil {
		return Translation{}, err
	}
	text, err := unwrap(tree, TranslationSchema)
	if err != nil {
		return Translation{}, err
	}
	object, ok := text.(map[string]any)
	if !ok {
		return Translation{}, wrongType("/text", "an object")
	}
	return translationOf(object)
}

func translationOf(object map[string]any) (Translation, error) {
	var t Translation
	for _, name := range slices.Sorted(maps.Keys(object)) {
		var err error
		switch name {
		case "language":
			err = strictDecoder{}.word(reflect.ValueOf(&t.Language).Elem(), object[name], "/language")
		case "of":
			err = strictDecoder{}.word(reflect.ValueOf(&t.Of).Elem(), object[name], "/of")
		case "texts":
			t.Texts, err = translatedTexts(object[name])
		default:
			err = Invalid("/"+escapeSegment(name), "unknown-member", "There is no element called {name} here.", "name", name)
		}
		if err != nil {
			return Translation{}, err
		}
	}
	if t.Language == "" || t.Of == "" {
		return Translation{}, Invalid("", "missing-member", "A translation says its language and the digest of the text that it translates.")
	}
	return t, nil
}

func translatedTexts(node any) (map[string]string, error) {
	object, ok := node.(map[string]any)
	if !ok {
		return nil, wrongType("/texts", "texts by path")
	}
	texts := make(map[string]string, len(object))
	for _, path := range slices.Sorted(maps.Keys(object)) {
		words, ok := object[path].(string)
		if !ok {
			return nil, wrongType("/texts"+path, "a text")
		}
		if err := checkWords(words, "/texts"+path); err != nil {
			return nil, err
		}
		if words != "" {
			texts[path] = words
		}
	}
	return texts, nil
}

// MarshalJSON writes the translation; the canonical bytes come from notary.EncodeTranslation.
func (t Translation) MarshalJSON() ([]byte, error) {
	texts := map[string]string{}
	for path, words := range t.Texts {
		if words != "" {
			texts[path] = words
		}
	}
	data, err := json.Marshal(map[string]any{
		"schema": TranslationSchema, "text": map[string]any{"language": t.Language, "of": t.Of, "texts": texts},
	})
	if err != nil {
		return nil, fmt.Errorf("encode translation: %w", err)
	}
	return data, nil
}

// Check refuses a translation that is none of the document: one into an authentic language, or with a text that the
// document does not have. INVALID with the place in Field.
func (t Translation) Check(d Document) error {
	if slices.Contains(d.Languages, t.Language) {
		return Invalid("/language", "authentic-language", "{language} is an authentic language of the text: change the text itself.",
			"language", string(t.Language))
	}
	texts := textsOf(d)
	for _, path := range slices.Sorted(maps.Keys(t.Texts)) {
		if _, there := texts.find(path); !there {
			return Invalid("/texts"+path, "no-such-text", "The document has no text at {path}.", "path", path)
		}
	}
	if len(t.Texts) == 0 {
		return Invalid("/texts", "nothing-translated", "A translation has at least one text.")
	}
	return nil
}

// placedText is one text of a document with its place, without a language: /outcomes/<id>/statement.
type placedText struct {
	path  string
	label bool // of a vocabulary's term: a reader's help, which a translation need not have
	text  map[string]any
}

type placedTexts []placedText

// textsOf lists the texts of a document in its order.
func textsOf(d Document) placedTexts {
	var texts placedTexts
	walkTexts(reflect.TypeFor[Document](), treeOf(reflect.ValueOf(d)), placedText{}, func(t placedText) { texts = append(texts, t) })
	return texts
}

// walkTexts finds the texts in a tree that was made of type t.
func walkTexts(t reflect.Type, node any, at placedText, visit func(placedText)) {
	switch t.Kind() {
	case reflect.Struct:
		object := asObject(node)
		for i, name := range memberNames(t) {
			below := placedText{path: at.path + "/" + name, label: t == reflect.TypeFor[Concept]()}
			walkTexts(t.Field(i).Type, object[name], below, visit)
		}
	case reflect.Map:
		if at.text = asObject(node); len(at.text) > 0 {
			visit(at)
		}
	case reflect.Slice:
		for _, element := range asList(node) {
			walkTexts(t.Elem(), element, placedText{path: join(at.path, elementID(element))}, visit)
		}
	default:
	}
}

func (texts placedTexts) find(path string) (placedText, bool) {
	i := slices.IndexFunc(texts, func(t placedText) bool { return t.path == path })
	if i < 0 {
		return placedText{}, false
	}
	return texts[i], true
}

// in answers the words in a language.
func (t placedText) in(language LanguageTag) string {
	words, _ := t.text[string(language)].(string)
	return words
}

// TranslationStanding says how a translation stands to a text: paths of the text's elements, in its order.
type TranslationStanding struct {
	Missing  []string // texts without a translation; labels of vocabularies' terms need none
	Outdated []string // translated, and the text in its primary language is another one since
	Gone     []string // translated, and not in the text any more
}

// Complete says whether every text is translated as it stands.
func (s TranslationStanding) Complete() bool {
	return len(s.Missing) == 0 && len(s.Outdated) == 0 && len(s.Gone) == 0
}

// Standing compares the translation, which is of one document, with another or the same.
func (t Translation) Standing(of, now Document) TranslationStanding {
	standing := TranslationStanding{Missing: []string{}, Outdated: []string{}, Gone: []string{}}
	primary := now.PrimaryLanguage()
	before := make(map[string]placedText)
	for _, text := range textsOf(of) {
		before[text.path] = text
	}
	there := map[string]bool{}
	for _, text := range textsOf(now) {
		there[text.path] = true
		_, translated := t.Texts[text.path]
		switch {
		case !translated && !text.label:
			standing.Missing = append(standing.Missing, text.path)
		case translated && before[text.path].in(primary) != text.in(primary):
			standing.Outdated = append(standing.Outdated, text.path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(t.Texts)) {
		if !there[path] {
			standing.Gone = append(standing.Gone, path)
		}
	}
	return standing
}

// Fitting is the translation without what is out of date or gone: what may stand in the place of the text.
func (t Translation) Fitting(standing TranslationStanding) Translation {
	texts := maps.Clone(t.Texts)
	for _, path := range slices.Concat(standing.Outdated, standing.Gone) {
		delete(texts, path)
	}
	t.Texts = texts
	return t
}

// AlsoIn is the document with the translation's words beside its own, for readers: it is no document that could be
// stored or has a digest. Paths that the document does not have are passed over.
func (d Document) AlsoIn(t Translation) (Document, error) {
	tree := treeOf(reflect.ValueOf(d))
	walkTexts(reflect.TypeFor[Document](), tree, placedText{}, func(text placedText) {
		if words := t.Texts[text.path]; words != "" {
			text.text[string(t.Language)] = words
		}
	})
	var shown Document
	if err := (strictDecoder{}).decode(reflect.ValueOf(&shown).Elem(), tree, ""); err != nil {
		return Document{}, fmt.Errorf("put a translation beside its text: %w", err)
	}
	return shown, nil
}

// ReadableText is one text in the language that a reader gets of it.
type ReadableText struct {
	Path     string
	Words    string
	Language LanguageTag
	Status   TranslationStatus // of the translation that it came from; empty: it is authentic
}

// RatedTranslation is a translation with what it is worth.
type RatedTranslation struct {
	Translation
	Status TranslationStatus
}

// ReadIn answers every text of the document in the language asked for, else in its base ("de" for "de-AT"), else in the
// document's primary language. In each of the first two, the authentic text comes before a translation. The translations
// must fit the document: Fitting.
func (d Document) ReadIn(language LanguageTag, translations []RatedTranslation) []ReadableText {
	read := []ReadableText{}
	wanted := []LanguageTag{language, LanguageTag(baseLanguage(string(language)))}
	for _, text := range textsOf(d) {
		read = append(read, text.readIn(wanted, d, translations))
	}
	return read
}

func (t placedText) readIn(wanted []LanguageTag, d Document, translations []RatedTranslation) ReadableText {
	for _, language := range wanted {
		if words := t.in(language); words != "" {
			return ReadableText{Path: t.path, Words: words, Language: language}
		}
		for _, translation := range translations {
			if words := translation.Texts[t.path]; words != "" && translation.Language == language {
				return ReadableText{t.path, words, language, translation.Status}
			}
		}
	}
	for _, language := range append([]LanguageTag{d.PrimaryLanguage()}, d.Languages...) {
		if words := t.in(language); words != "" {
			return ReadableText{Path: t.path, Words: words, Language: language}
		}
	}
	return ReadableText{Path: t.path} // a text has words in an authentic language, or is not there
}
