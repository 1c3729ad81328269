package governance

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// strictDecoder puts a tree into plain structs and refuses whatever they have no room for. Member names are exact, null
// is no value, lists of structs have unique ids, and each named string type keeps its rule in scalarRules.
type strictDecoder struct {
	languages map[string]bool // that texts may be in; nil: any
}

func (d strictDecoder) decode(into reflect.Value, node any, path string) error {
	switch into.Kind() {
	case reflect.Struct:
		return d.object(into, node, path)
	case reflect.Slice:
		return d.list(into, node, path)
	case reflect.Map:
		return d.text(into, node, path)
	case reflect.String:
		return d.word(into, node, path)
	case reflect.Int:
		return d.count(into, node, path)
	default:
		return fmt.Errorf("decode %s: no rule for %s", path, into.Type())
	}
}

func (d strictDecoder) object(into reflect.Value, node any, path string) error {
	object, ok := node.(map[string]any)
	if !ok {
		return wrongType(path, "an object")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		at := path + "/" + escapeSegment(name)
		field, ok := fieldByMember(into, name)
		if !ok {
			return Invalid(at, "unknown-member", "There is no element called {name} here.", "name", name)
		}
		if err := d.decode(field, object[name], at); err != nil {
			return err
		}
	}
	return nil
}

func (d strictDecoder) list(into reflect.Value, node any, path string) error {
	array, ok := node.([]any)
	if !ok {
		return wrongType(path, "a list")
	}
	if most := mostElements(into.Type()); len(array) > most {
		return Invalid(path, "too-many", "There are {count} elements, and at most {most} are allowed.",
			"count", strconv.Itoa(len(array)), "most", strconv.Itoa(most))
	}
	if len(array) == 0 {
		return nil
	}
	list := reflect.MakeSlice(into.Type(), len(array), len(array))
	seen := make(map[string]bool, len(array))
	for i, element := range array {
		id := elementID(element)
		at := path + "/" + escapeSegment(id)
		if id == "" {
			return Invalid(fmt.Sprintf("%s/%d", path, i), "no-id", "The element has no id.")
		}
		if seen[id] {
			return Invalid(at, "doubled-id", "The id {id} is there twice.", "id", id)
		}
		seen[id] = true
		if err := d.decode(list.Index(i), element, at); err != nil {
			return err
		}
	}
	into.Set(list)
	return nil
}

// elementID names an element of a list: an object's id, or the word itself; "" where it has none.
func elementID(element any) string {
	switch element := element.(type) {
	case string:
		return element
	case map[string]any:
		id, _ := element["id"].(string)
		return id
	default:
		return ""
	}
}

func (d strictDecoder) text(into reflect.Value, node any, path string) error {
	object, ok := node.(map[string]any)
	if !ok {
		return wrongType(path, "a text by language")
	}
	if len(object) > MaxLanguages {
		return Invalid(path, "too-many-languages", "There are more than {most} languages.", "most", strconv.Itoa(MaxLanguages))
	}
	text := Text{}
	for _, language := range slices.Sorted(maps.Keys(object)) {
		at := path + "/" + escapeSegment(language)
		words, ok := object[language].(string)
		if !ok {
			return wrongType(at, "a text")
		}
		if err := d.language(language, at); err != nil {
			return err
		}
		if err := checkWords(words, at); err != nil {
			return err
		}
		if words != "" {
			text[language] = words
		}
	}
	if len(text) > 0 {
		into.Set(reflect.ValueOf(text))
	}
	return nil
}

func (d strictDecoder) language(tag, path string) error {
	if f := checkLanguage(tag); f != nil {
		return f.at(path)
	}
	if d.languages != nil && !d.languages[tag] {
		return Invalid(path, "not-authentic", "{language} is not an authentic language of this document.", "language", tag)
	}
	return nil
}

func checkWords(words, path string) error {
	if count := utf8.RuneCountInString(words); count > MaxTextCharacters {
		return Invalid(path, "text-too-long", "The text has {count} characters, and at most {most} are allowed.",
			"count", strconv.Itoa(count), "most", strconv.Itoa(MaxTextCharacters))
	}
	if f := checkControls(words, "\n\r\t"); f != nil {
		return f.at(path)
	}
	return nil
}

func (d strictDecoder) word(into reflect.Value, node any, path string) error {
	word, ok := node.(string)
	if !ok {
		return wrongType(path, "a string")
	}
	if word == "" {
		return nil
	}
	if utf8.RuneCountInString(word) > MaxNameCharacters {
		return Invalid(path, "too-long", "The value is longer than {most} characters.", "most", strconv.Itoa(MaxNameCharacters))
	}
	if f := checkControls(word, ""); f != nil {
		return f.at(path)
	}
	if rule, ok := scalarRules[into.Type()]; ok {
		if f := rule(word); f != nil {
			return f.at(path)
		}
	}
	into.SetString(word)
	return nil
}

// count reads a whole number from 0 to 999,999; nothing we count is more.
func (d strictDecoder) count(into reflect.Value, node any, path string) error {
	number, ok := node.(json.Number)
	if !ok {
		return wrongType(path, "a number")
	}
	n, err := strconv.Atoi(number.String())
	if err != nil || n < 0 || n > 999999 || number.String() != strconv.Itoa(n) {
		return Invalid(path, "not-a-count", "{value} is not a whole number from 0 to 999999.", "value", number.String())
	}
	into.SetInt(int64(n))
	return nil
}

func wrongType(path, want string) error {
	return Invalid(path, "wrong-type", "Here belongs {want}.", "want", want)
}

// fieldByMember finds the field of a struct that a JSON member goes into.
func fieldByMember(v reflect.Value, name string) (reflect.Value, bool) {
	if i := slices.Index(memberNames(v.Type()), name); i >= 0 {
		return v.Field(i), true
	}
	return reflect.Value{}, false
}

// memberNames answers the JSON names of a struct's fields, by field number.
func memberNames(t reflect.Type) []string {
	return membersOfTypes[t]
}

// membersOfTypes holds memberNames of every struct inside the values that we read and write, so that tags are read once.
var membersOfTypes = collectMembers(map[reflect.Type][]string{},
	reflect.TypeFor[Document](), reflect.TypeFor[OfferFacts](), reflect.TypeFor[Profile]())

func collectMembers(found map[reflect.Type][]string, types ...reflect.Type) map[reflect.Type][]string {
	for _, t := range types {
		switch t.Kind() {
		case reflect.Slice:
			collectMembers(found, t.Elem())
		case reflect.Struct:
			names := make([]string, t.NumField())
			for i := range names {
				names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("json"), ",")
				collectMembers(found, t.Field(i).Type)
			}
			found[t] = names
		}
	}
	return found
}

// mostElements bounds a list by the type of its elements.
func mostElements(list reflect.Type) int {
	if list.Elem() == reflect.TypeFor[LearningOutcome]() {
		return MaxOutcomes
	}
	return MaxListElements
}

// treeOf is the inverse of decode: it makes a tree of plain structs and leaves out whatever says nothing. It answers nil
// for a value that is altogether empty.
func treeOf(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Struct:
		object := map[string]any{}
		for i, name := range memberNames(v.Type()) {
			if node := treeOf(v.Field(i)); node != nil {
				object[name] = node
			}
		}
		return unlessEmpty(object)
	case reflect.Map:
		object := map[string]any{}
		for key, words := range v.Seq2() {
			if words.String() != "" {
				object[key.String()] = words.String()
			}
		}
		return unlessEmpty(object)
	case reflect.Slice:
		return listTree(v)
	case reflect.Int:
		if v.Int() != 0 {
			return json.Number(strconv.FormatInt(v.Int(), 10))
		}
	case reflect.String:
		if v.String() != "" {
			return v.String()
		}
	}
	return nil
}

func listTree(v reflect.Value) any {
	if v.Len() == 0 {
		return nil
	}
	array := make([]any, v.Len())
	for i := range array {
		array[i] = treeOf(v.Index(i))
	}
	return array
}

func unlessEmpty(object map[string]any) any {
	if len(object) == 0 {
		return nil
	}
	return object
}

// onlyLanguages takes the words in other languages out of the texts of a tree that was made of type t.
func onlyLanguages(t reflect.Type, node any, languages []LanguageTag) any {
	switch t.Kind() {
	case reflect.Struct:
		object := asObject(node)
		for i, name := range memberNames(t) {
			if child := onlyLanguages(t.Field(i).Type, object[name], languages); child != nil {
				object[name] = child
			} else {
				delete(object, name)
			}
		}
		return unlessEmpty(object)
	case reflect.Map:
		object := asObject(node)
		maps.DeleteFunc(object, func(tag string, _ any) bool { return !slices.Contains(languages, LanguageTag(tag)) })
		return unlessEmpty(object)
	case reflect.Slice:
		for i, element := range asList(node) {
			asList(node)[i] = onlyLanguages(t.Elem(), element, languages)
		}
	}
	return node
}
