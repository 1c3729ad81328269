package governance

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Change is one change to one element of a document. History, suggestions, saving and reconfirmation all speak in
// changes.
//
// Path is the element's, as in /outcomes/<id>/statement/en; "/" and "~" inside an id are written ~1 and ~0. Scalars and
// texts in one language are set and removed; elements of lists are inserted, removed and moved.
type Change struct {
	Kind   ChangeKind      `json:"kind"`
	Path   string          `json:"path"`
	Value  json.RawMessage `json:"value,omitempty"`  // SET, INSERT: what stands there afterwards
	Before json.RawMessage `json:"before,omitempty"` // SET, REMOVE: what stood there; none where nothing did
	After  string          `json:"after,omitempty"`  // INSERT, MOVE: id of the element that it follows; none: it is the first
}

// ChangeKind says what a change does.
type ChangeKind string

// The kinds of change.
const (
	ChangeSet    ChangeKind = "SET"
	ChangeInsert ChangeKind = "INSERT"
	ChangeRemove ChangeKind = "REMOVE"
	ChangeMove   ChangeKind = "MOVE"
)

// ChangeKinds lists every kind of change.
var ChangeKinds = []ChangeKind{ChangeSet, ChangeInsert, ChangeRemove, ChangeMove}

// Diff answers the changes that make b of a, in document order, with as few moves as possible. It is empty exactly
// where the two say the same.
func Diff(a, b Document) []Change {
	d := differ{}
	cut, _ := withoutUnchanged(a, b)
	d.node(reflect.TypeFor[Document](), "", treeOf(reflect.ValueOf(cut[0])), treeOf(reflect.ValueOf(cut[1])))
	return d.changes
}

// differ walks two trees along the type that both were made of.
type differ struct{ changes []Change }

func (d *differ) node(t reflect.Type, path string, a, b any) {
	switch t.Kind() {
	case reflect.Struct:
		before, after := asObject(a), asObject(b)
		for i, name := range memberNames(t) {
			d.node(t.Field(i).Type, path+"/"+name, before[name], after[name])
		}
	case reflect.Map:
		before, after := asObject(a), asObject(b)
		all := maps.Clone(before)
		if all == nil {
			all = map[string]any{}
		}
		maps.Copy(all, after)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			d.leaf(path+"/"+escapeSegment(name), before[name], after[name])
		}
	case reflect.Slice:
		d.list(t.Elem(), path, asList(a), asList(b))
	default:
		d.leaf(path, a, b)
	}
}

func (d *differ) leaf(path string, a, b any) {
	switch {
	case a == b:
	case b == nil:
		d.changes = append(d.changes, Change{Kind: ChangeRemove, Path: path, Before: rawJSON(a)})
	default:
		d.changes = append(d.changes, Change{Kind: ChangeSet, Path: path, Value: rawJSON(b), Before: rawJSON(a)})
	}
}

// list compares by id: first what went, then what came or moved, from front to back, then what changed inside.
func (d *differ) list(element reflect.Type, path string, a, b []any) {
	before, after := byID(a), byID(b)
	for _, node := range a {
		if _, stays := after[elementID(node)]; !stays {
			d.changes = append(d.changes, Change{Kind: ChangeRemove, Path: join(path, elementID(node)), Before: rawJSON(node)})
		}
	}
	settled := inOrder(a, b)
	previous := ""
	for _, node := range b {
		id := elementID(node)
		if _, old := before[id]; !old {
			d.changes = append(d.changes, Change{Kind: ChangeInsert, Path: join(path, id), Value: rawJSON(node), After: previous})
		} else if !settled[id] {
			d.changes = append(d.changes, Change{Kind: ChangeMove, Path: join(path, id), After: previous})
		}
		previous = id
	}
	if element.Kind() != reflect.Struct {
		return
	}
	for _, node := range b {
		if old, ok := before[elementID(node)]; ok {
			d.node(element, join(path, elementID(node)), old, node)
		}
	}
}

// inOrder answers the ids of a longest set of elements of both lists that stand in the same order in both: those that
// need not move. It is the longest increasing subsequence by patience; of equally long ones always the same is chosen.
func inOrder(a, b []any) map[string]bool {
	position := positions(a)
	type link struct {
		at       int
		id       string
		previous *link
	}
	var piles []*link // piles[k] ends a subsequence of length k+1, as low as can be
	for _, node := range b {
		at, ok := position[elementID(node)]
		if !ok {
			continue
		}
		k, _ := slices.BinarySearchFunc(piles, at, func(l *link, at int) int { return l.at - at })
		next := &link{at: at, id: elementID(node)}
		if k > 0 {
			next.previous = piles[k-1]
		}
		if k == len(piles) {
			piles = append(piles, nil)
		}
		piles[k] = next
	}
	settled := map[string]bool{}
	if len(piles) > 0 {
		for l := piles[len(piles)-1]; l != nil; l = l.previous {
			settled[l.id] = true
		}
	}
	return settled
}

func asObject(node any) map[string]any {
	object, _ := node.(map[string]any)
	return object
}

func asList(node any) []any {
	list, _ := node.([]any)
	return list
}

func byID(list []any) map[string]any {
	elements := make(map[string]any, len(list))
	for _, node := range list {
		elements[elementID(node)] = node
	}
	return elements
}

func join(path, segment string) string {
	return path + "/" + escapeSegment(segment)
}

// rawJSON writes a tree; nothing is written as nothing. Trees hold nothing that JSON has no form for.
func rawJSON(node any) json.RawMessage {
	if node == nil {
		return nil
	}
	data, err := json.Marshal(node)
	if err != nil {
		panic(fmt.Sprintf("encode a tree: %v", err))
	}
	return data
}
