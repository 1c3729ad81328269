package exchange

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concordat/governance"
)

// elmNode is a value of the file and where it stands. A node without value is not there.
type elmNode struct {
	path  string // JSON Pointer
	value any
}

func (n elmNode) exists() bool { return n.value != nil }

func (n elmNode) object() map[string]any {
	object, _ := n.value.(map[string]any)
	return object
}

func (n elmNode) isObject() bool { return n.object() != nil }

// names lists the members of an object in order.
func (n elmNode) names() []string { return slices.Sorted(maps.Keys(n.object())) }

func (n elmNode) child(name string) elmNode {
	escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	return elmNode{n.path + "/" + escaped, n.object()[name]}
}

func (n elmNode) id() string {
	for _, name := range []string{"id", "@id"} {
		if id, ok := n.object()[name].(string); ok {
			return id
		}
	}
	return ""
}

func (n elmNode) hasType(types ...string) bool {
	for _, name := range []string{"type", "@type"} {
		listed, ok := n.object()[name].([]any)
		if !ok {
			listed = []any{n.object()[name]}
		}
		for _, t := range listed {
			if word, ok := t.(string); ok && slices.Contains(types, localName(word)) {
				return true
			}
		}
	}
	return false
}

// localName takes the prefix or namespace off a name: elm:Qualification, http://data.europa.eu/snb/model/elm/Qualification.
func localName(name string) string {
	return name[strings.LastIndexAny(name, ":/#")+1:]
}

// element is the member of the file's format that the node stands in.
func (n elmNode) element() string {
	for segment := range slices.Values(reversed(strings.Split(n.path, "/"))) {
		if _, err := strconv.Atoi(segment); err != nil {
			return segment
		}
	}
	return ""
}

func reversed(list []string) []string {
	slices.Reverse(list)
	return list
}

// elmAliases are the names that a member has in the ontology where the JSON-LD context calls it otherwise, or had in
// older samples.
var elmAliases = map[string][]string{
	"thematicArea":    {"ISCEDFCode"},
	"eqfLevel":        {"EQFLevel"},
	"nqfLevel":        {"NQFLevel"},
	"dcType":          {"dc:type", "dcterms:type"},
	"contentURL":      {"contentUrl"},
	"eIDASIdentifier": {"eidasLegalIdentifier"},
	"dateIssued":      {"dc:issued", "dcterms:issued"},
}

// elmPrefixes may stand before a member's name in JSON-LD that was not compacted with the official context.
var elmPrefixes = []string{"", "elm:", "dc:", "dcterms:", "skos:", "foaf:", "rov:", "cred:"}

// elmPlumbing are members that JSON-LD needs and that say nothing by themselves.
var elmPlumbing = map[string]bool{"id": true, "@id": true, "type": true, "@type": true, "@context": true, "inScheme": true}

// elmReader reads members of a file, remembers what was taken, and reports the rest.
type elmReader struct {
	byID   map[string]map[string]any
	taken  map[string]bool // by path: taken whole, with all that is in it
	within map[string]bool // paths that have a taken one below them, once all is read
	report []Loss

	unreported int // losses beyond maxLosses
}

// index finds each identified object's fullest description, the first of equals, so that mere references resolve.
func (r *elmReader) index(root elmNode) {
	r.byID = map[string]map[string]any{}
	var walk func(n elmNode)
	walk = func(n elmNode) {
		if id := n.id(); id != "" && len(n.object()) > len(r.byID[id]) {
			r.byID[id] = n.object()
		}
		for _, name := range n.names() {
			walk(n.child(name))
		}
		for _, element := range elements(n) {
			walk(element)
		}
	}
	walk(root)
}

func elements(n elmNode) []elmNode {
	list, _ := n.value.([]any)
	nodes := make([]elmNode, len(list))
	for i := range list {
		nodes[i] = elmNode{n.path + "/" + strconv.Itoa(i), list[i]}
	}
	return nodes
}

// get answers a member as it stands there; a reference is resolved.
func (r *elmReader) get(n elmNode, name string) elmNode {
	for _, alias := range append([]string{name}, elmAliases[name]...) {
		for _, prefix := range elmPrefixes {
			if child := n.child(prefix + alias); child.exists() {
				return r.resolve(child)
			}
		}
	}
	return elmNode{}
}

// resolve answers the described object in place of {"id": "urn:…"} or "urn:…".
func (r *elmReader) resolve(n elmNode) elmNode {
	id, isWord := n.value.(string)
	if !isWord {
		if len(n.object()) != 1 {
			return n
		}
		id = n.id()
	}
	if object, ok := r.byID[id]; ok && len(object) > 1 {
		r.take(n)
		return elmNode{n.path, object}
	}
	return n
}

// all answers a member's values, whether one stands there or a list.
func (r *elmReader) all(n elmNode, name string) []elmNode {
	member := r.get(n, name)
	if !member.exists() {
		return nil
	}
	if _, ok := member.value.([]any); !ok {
		return []elmNode{member}
	}
	nodes := elements(member)
	for i := range nodes {
		nodes[i] = r.resolve(nodes[i])
	}
	return nodes
}

// first answers the first of a member's values and reports the others.
func (r *elmReader) first(n elmNode, name string) elmNode {
	nodes := r.all(n, name)
	if len(nodes) == 0 {
		return elmNode{}
	}
	for _, other := range nodes[1:] {
		r.loseText(other, "further-one")
	}
	return nodes[0]
}

// take marks a node as dealt with; one that is not there is none.
func (r *elmReader) take(n elmNode) {
	if n.path != "" {
		r.taken[n.path] = true
	}
}

// lose takes the node and reports it, without any of its words.
func (r *elmReader) lose(n elmNode, reason string, pairs ...string) {
	r.take(n)
	r.record(lossOf(n.path, n.element(), reason, pairs...))
}

// loseText takes the node and reports it with its words.
func (r *elmReader) loseText(n elmNode, reason string, pairs ...string) {
	r.take(n)
	loss := lossOf(n.path, n.element(), reason, pairs...)
	loss.Text = r.words(n)
	r.record(loss)
}

// change reports what was altered on the way, and takes nothing.
func (r *elmReader) change(n elmNode, reason string, pairs ...string) {
	r.record(lossOf(n.path, n.element(), reason, pairs...))
}

func (r *elmReader) record(loss Loss) {
	if len(r.report) == maxLosses {
		r.unreported++
		return
	}
	r.report = append(r.report, loss)
}

// words answers what a node that is left out says, as far as it is no person: its own text, or its title, label or
// literal.
func (r *elmReader) words(n elmNode) governance.Text {
	if n.hasType("Person") {
		return nil
	}
	quiet := elmReader{byID: r.byID, taken: map[string]bool{}}
	if text := quiet.text(n, ""); text != nil {
		return text
	}
	for _, name := range []string{"title", "prefLabel", "noteLiteral", "legalName", "description"} {
		if text := quiet.text(quiet.get(n, name), ""); text != nil {
			return text
		}
	}
	return nil
}

var (
	elmTagForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	markupForm = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)
	breakForm  = regexp.MustCompile(`(?i)<br\s*/?>|</p>|</li>`)
)

// text reads words by language, takes them and reports what cannot be kept of them. Words without a language are in the
// assumed one; where that is "", they are no text.
func (r *elmReader) text(n elmNode, assumed governance.LanguageTag) governance.Text {
	text := governance.Text{}
	r.gather(text, n, assumed)
	if len(text) == 0 {
		return nil
	}
	r.take(n)
	return text
}

// gather reads {"en":"x"}, {"en":["x","y"]}, {"@language":"en","@value":"x"}, "x", and lists of these.
func (r *elmReader) gather(text governance.Text, n elmNode, assumed governance.LanguageTag) {
	switch value := n.value.(type) {
	case string:
		if assumed != "" {
			r.change(n, "language-assumed", "language", string(assumed))
			r.add(text, n, string(assumed), value)
		}
	case []any:
		for _, element := range elements(n) {
			r.gather(text, element, assumed)
		}
	case map[string]any:
		if words, ok := value["@value"].(string); ok {
			tag, _ := value["@language"].(string)
			if tag == "" {
				tag = string(assumed)
			}
			r.add(text, n, tag, words)
			return
		}
		if !isLanguageMap(value) {
			return
		}
		for _, tag := range n.names() {
			for _, words := range asStrings(value[tag]) {
				r.add(text, n.child(tag), tag, words)
			}
		}
	}
}

// isLanguageMap tells {"en":"x"} from an object of the model. A member "id" is Indonesian only beside other languages
// and where it is no URI.
func isLanguageMap(object map[string]any) bool {
	for tag, words := range object {
		said := asStrings(words)
		if !elmTagForm.MatchString(tag) || len(said) == 0 {
			return false
		}
		if tag == "id" && (len(object) == 1 || governance.URI(said[0]).Valid()) {
			return false
		}
	}
	return len(object) > 0
}

func asStrings(value any) []string {
	if word, ok := value.(string); ok {
		return []string{word}
	}
	list, _ := value.([]any)
	var words []string
	for _, element := range list {
		if word, ok := element.(string); ok {
			words = append(words, word)
		}
	}
	return words
}

// add puts words into the text, several in one language on lines of their own.
func (r *elmReader) add(text governance.Text, n elmNode, tag, words string) {
	language := canonicalTag(tag)
	if !language.Valid() {
		r.lose(n, "not-a-language", "value", tag)
		return
	}
	plain := words
	if markupForm.MatchString(words) {
		plain = html.UnescapeString(markupForm.ReplaceAllString(breakForm.ReplaceAllString(words, "\n"), ""))
		r.change(n, "markup-removed")
	}
	plain = strings.TrimSpace(strings.Map(printable, plain))
	if old := text[string(language)]; old != "" && plain != "" {
		plain = old + "\n" + plain
	}
	if utf8.RuneCountInString(plain) > governance.MaxTextCharacters {
		r.lose(n, "too-long")
		return
	}
	if plain != "" {
		text[string(language)] = plain
	}
}

// printable drops control characters other than line feed and tab.
func printable(c rune) rune {
	if unicode.IsControl(c) && c != '\n' && c != '\t' {
		return -1
	}
	return c
}

// canonicalTag writes a language tag in the case that BCP 47 recommends.
func canonicalTag(tag string) governance.LanguageTag {
	parts := strings.Split(strings.ReplaceAll(tag, "_", "-"), "-")
	for i, part := range parts {
		switch {
		case i > 0 && len(part) == 2:
			parts[i] = strings.ToUpper(part)
		case i > 0 && len(part) == 4 && !unicode.IsDigit(rune(part[0])):
			parts[i] = strings.ToUpper(part[:1]) + strings.ToLower(part[1:])
		default:
			parts[i] = strings.ToLower(part)
		}
	}
	return governance.LanguageTag(strings.Join(parts, "-"))
}

// word reads a string or number and takes it.
func (r *elmReader) word(n elmNode) string {
	if list, ok := n.value.([]any); ok && len(list) == 1 {
		return r.word(elements(n)[0])
	}
	switch value := n.value.(type) {
	case string:
		r.take(n)
		return strings.TrimSpace(strings.Map(printable, value))
	case interface{ String() string }: // json.Number
		r.take(n)
		return value.String()
	default:
		return ""
	}
}

// concept reads a term of a vocabulary and takes it. Codes made up by the file itself are not kept.
func (r *elmReader) concept(n elmNode) governance.Concept {
	if !n.exists() {
		return governance.Concept{}
	}
	uri, isWord := n.value.(string)
	if !isWord {
		uri = n.id()
	}
	concept := governance.Concept{ID: governance.URI(uri), Label: r.text(r.get(n, "prefLabel"), "")}
	r.take(n)
	if strings.HasPrefix(uri, "urn:epass:") || !concept.ID.Valid() {
		concept.ID = ""
		if len(concept.Label) == 0 {
			r.change(n, "unknown-code", "code", uri)
		} else {
			r.change(n, "own-term", "code", uri)
		}
	}
	return concept
}

// address reads a web resource, an organization's homepage or a plain URI.
func (r *elmReader) address(n elmNode) governance.URI {
	word := r.word(n)
	if n.isObject() {
		word = r.word(r.get(n, "contentURL"))
		if word == "" {
			word = n.id()
		}
	}
	if uri := governance.URI(word); uri.Valid() {
		return uri
	}
	if word != "" {
		r.lose(n, "not-a-uri", "value", word)
	}
	return ""
}
