package exchange

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// treeNode is a value of the file and where it stands. A node without value is not there.
type treeNode struct {
	path  string // JSON Pointer
	value any
}

func (n treeNode) exists() bool { return n.value != nil }

func (n treeNode) object() map[string]any {
	object, _ := n.value.(map[string]any)
	return object
}

func (n treeNode) isObject() bool { return n.object() != nil }

// names lists the members of an object in order.
func (n treeNode) names() []string { return slices.Sorted(maps.Keys(n.object())) }

func (n treeNode) child(name string) treeNode {
	escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	return treeNode{n.path + "/" + escaped, n.object()[name]}
}

func (n treeNode) id() string {
	for _, name := range []string{"id", "@id"} {
		if id, ok := n.object()[name].(string); ok {
			return id
		}
	}
	return ""
}

func (n treeNode) hasType(types ...string) bool {
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
func (n treeNode) element() string {
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
