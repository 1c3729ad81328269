package exchange

import (
	"strconv"
	"strings"

	"concordat/governance"
)

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
