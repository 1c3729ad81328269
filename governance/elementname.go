package governance

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Element is a part of a document that people can point at.
type Element struct {
	Path  string // /outcomes/<id>/statement/en
	Words string // "Learning outcome 2, statement (en)"
}

// ElementNames says in English words which element of one document a path is, and which path words are. The words count
// the elements of a list, so that they are those of this text alone.
type ElementNames struct {
	Elements []Element // in the order of the text, the whole before its parts

	words map[string]string // by path
	paths map[string]string // by folded words
}

// ElementNames names every element of the document in which something stands.
func (d Document) ElementNames() ElementNames {
	n := ElementNames{words: map[string]string{}, paths: map[string]string{}}
	n.members(reflect.ValueOf(d), "", "")
	return n
}

// Words says which element a path is. A path that the document does not have is its own words.
func (n ElementNames) Words(path string) string {
	if words, known := n.words[path]; known {
		return words
	}
	return path
}

// Path finds the element that words name, or that is named by its path. False where there is none.
func (n ElementNames) Path(words string) (string, bool) {
	if _, known := n.words[strings.TrimSpace(words)]; known {
		return strings.TrimSpace(words), true
	}
	path, known := n.paths[foldElement(words)]
	return path, known
}

func foldElement(words string) string {
	return strings.ToLower(strings.Join(strings.Fields(words), " "))
}

// add names an element and its parts.
func (n *ElementNames) add(v reflect.Value, path, words string) {
	if v.IsZero() {
		return
	}
	first, rest := words[:1], words[1:]
	e := Element{Path: path, Words: strings.ToUpper(first) + rest}
	n.Elements = append(n.Elements, e)
	n.words[path] = e.Words
	if _, taken := n.paths[foldElement(words)]; !taken {
		n.paths[foldElement(words)] = path
	}
	switch v.Kind() {
	case reflect.Struct:
		n.members(v, path, words+", ")
	case reflect.Map:
		n.translations(v, path, words)
	case reflect.Slice:
		n.items(v, path, words)
	}
}

func (n *ElementNames) members(v reflect.Value, path, before string) {
	for i, name := range memberNames(v.Type()) {
		if name == "" || name == "id" {
			continue
		}
		n.add(v.Field(i), path+"/"+name, before+memberWords(name))
	}
}

func (n *ElementNames) translations(v reflect.Value, path, words string) {
	var languages []string
	for _, key := range v.MapKeys() {
		languages = append(languages, key.String())
	}
	slices.Sort(languages)
	for _, language := range languages {
		n.add(v.MapIndex(reflect.ValueOf(language)), path+"/"+escapeSegment(language), words+" ("+language+")")
	}
}

// items counts the elements of a list: "learning outcomes" has "learning outcome 1".
func (n *ElementNames) items(v reflect.Value, path, words string) {
	name := path[strings.LastIndexByte(path, '/')+1:]
	one := strings.TrimSuffix(words, memberWords(name)) + itemWords[name]
	for i := range v.Len() {
		n.add(v.Index(i), path+"/"+escapeSegment(idOf(v.Index(i))), one+" "+strconv.Itoa(i+1))
	}
}

// memberWords says a member's name in words: "plainLanguageSummary" is "plain language summary".
func memberWords(name string) string {
	if words, known := otherWords[name]; known {
		return words
	}
	var words strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			words.WriteByte(' ')
		}
		words.WriteRune(unicode.ToLower(r))
	}
	return words.String()
}

// otherWords are the members whose names alone would not say it.
var otherWords = map[string]string{
	"outcomes": "learning outcomes", "eqf": "EQF level", "eqfLevel": "EQF level", "nqf": "NQF references", "uri": "URI",
	"iscedf": "fields of education", "nace": "economic activities", "into": "stacks into", "needs": "specifications needed",
	"split": "parts of the workload", "proves": "outcomes proved", "criteria": "criteria", "skills": "ESCO skills",
}

// itemWords is what an element of each list is called.
var itemWords = map[string]string{
	"languages": "language", "outcomes": "learning outcome", "skills": "ESCO skill", "criteria": "criterion",
	"credits": "credit", "split": "part of the workload", "nqf": "NQF reference", "assessments": "assessment",
	"proves": "outcome proved", "modes": "mode", "qualityAssurance": "quality assurance requirement",
	"into": "stacks into, target", "needs": "specification needed", "evidence": "evidence", "kinds": "kind",
	"iscedf": "field of education", "nace": "economic activity", "occupations": "occupation",
	"occupationalStandards": "occupational standard", "targetGroups": "target group", "links": "link",
}
