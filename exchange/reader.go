package exchange

import (
	"strconv"
	"strings"

	"concordat/governance"
)

// vocabulary says how a format writes its members, so that one reader serves every format that is a tree.
type vocabulary struct {
	aliases  map[string][]string // further names of a member
	prefixes []string            // that may stand before a member's name; capital: stands for a capital letter
	plumbing map[string]bool     // members that the format needs and that say nothing by themselves
	labels   []string            // members that say in words what an object is, the best first
	reasons  map[string]string   // why a member that nobody took was left out, by its local name; any other has no place
}

// treeReader reads members of a file, remembers what was taken, and reports the rest.
type treeReader struct {
	format *vocabulary
	spoken governance.LanguageTag // of texts without a language, where the file itself says so; "": it does not
	byID   map[string]map[string]any
	taken  map[string]bool // by path: taken whole, with all that is in it
	within map[string]bool // paths that have a taken one below them, once all is read
	report []Loss

	unreported int // losses beyond maxLosses
}

// index finds each identified object's fullest description, the first of equals, so that mere references resolve.
func (r *treeReader) index(root treeNode) {
	r.byID = map[string]map[string]any{}
	var walk func(n treeNode)
	walk = func(n treeNode) {
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

func elements(n treeNode) []treeNode {
	list, _ := n.value.([]any)
	nodes := make([]treeNode, len(list))
	for i := range list {
		nodes[i] = treeNode{n.path + "/" + strconv.Itoa(i), list[i]}
	}
	return nodes
}

// get answers a member as it stands there; a reference is resolved.
func (r *treeReader) get(n treeNode, name string) treeNode {
	for _, alias := range append([]string{name}, r.format.aliases[name]...) {
		for _, prefix := range r.format.prefixes {
			if child := n.child(spelled(prefix, alias)); child.exists() {
				return r.resolve(child)
			}
		}
	}
	return treeNode{}
}

// spelled is a member's name with a prefix.
func spelled(prefix, name string) string {
	if prefix == "capital:" {
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return prefix + name
}

// resolve answers the described object in place of {"id": "urn:…"} or "urn:…".
func (r *treeReader) resolve(n treeNode) treeNode {
	id, isWord := n.value.(string)
	if !isWord {
		if len(n.object()) != 1 {
			return n
		}
		id = n.id()
	}
	if object, ok := r.byID[id]; ok && len(object) > 1 {
		r.take(n)
		return treeNode{n.path, object}
	}
	return n
}

// all answers a member's values, whether one stands there or a list.
func (r *treeReader) all(n treeNode, name string) []treeNode {
	member := r.get(n, name)
	if !member.exists() {
		return nil
	}
	if _, ok := member.value.([]any); !ok {
		return []treeNode{member}
	}
	nodes := elements(member)
	for i := range nodes {
		nodes[i] = r.resolve(nodes[i])
	}
	return nodes
}

// first answers the first of a member's values and reports the others.
func (r *treeReader) first(n treeNode, name string) treeNode {
	nodes := r.all(n, name)
	if len(nodes) == 0 {
		return treeNode{}
	}
	for _, other := range nodes[1:] {
		r.loseText(other, "further-one")
	}
	return nodes[0]
}

// take marks a node as dealt with; one that is not there is none.
func (r *treeReader) take(n treeNode) {
	if n.path != "" {
		r.taken[n.path] = true
	}
}

// lose takes the node and reports it, without any of its words.
func (r *treeReader) lose(n treeNode, reason string, pairs ...string) {
	r.take(n)
	r.record(lossOf(n.path, n.element(), reason, pairs...))
}

// loseText takes the node and reports it with its words.
func (r *treeReader) loseText(n treeNode, reason string, pairs ...string) {
	r.take(n)
	loss := lossOf(n.path, n.element(), reason, pairs...)
	loss.Text = r.words(n)
	r.record(loss)
}

// change reports what was altered on the way, and takes nothing.
func (r *treeReader) change(n treeNode, reason string, pairs ...string) {
	r.record(lossOf(n.path, n.element(), reason, pairs...))
}

func (r *treeReader) record(loss Loss) {
	if len(r.report) == maxLosses {
		r.unreported++
		return
	}
	r.report = append(r.report, loss)
}

// words answers what a node that is left out says, as far as it is no person: its own text, or its title, label or
// literal.
func (r *treeReader) words(n treeNode) governance.Text {
	if n.hasType("Person") {
		return nil
	}
	quiet := treeReader{format: r.format, byID: r.byID, taken: map[string]bool{}}
	if text := quiet.text(n, ""); text != nil {
		return text
	}
	for _, name := range r.format.labels {
		if text := quiet.text(quiet.get(n, name), ""); text != nil {
			return text
		}
	}
	return nil
}

// word reads a string or number and takes it.
func (r *treeReader) word(n treeNode) string {
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
func (r *treeReader) concept(n treeNode) governance.Concept {
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
func (r *treeReader) address(n treeNode) governance.URI {
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
