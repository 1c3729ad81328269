package governance

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Apply makes the changes, one after the other, to a copy of the document. For any two documents in the form that
// ParseDocument answers, Apply(a, Diff(a, b)) is b.
//
// A change whose element, neighbour or Before is not as it says is refused with CONFLICT and the path: the text has
// moved on. A change that makes no sense, or whose result is no document, is INVALID.
func Apply(d Document, changes []Change) (Document, error) {
	tree := treeOf(reflect.ValueOf(d))
	for _, change := range changes {
		e, err := newEdit(change)
		if err != nil {
			return Document{}, err
		}
		if tree, err = e.node(reflect.TypeFor[Document](), tree, e.segments); err != nil {
			return Document{}, err
		}
	}
	if tree == nil {
		tree = map[string]any{}
	}
	return documentOf(tree)
}

// edit is one change on its way down a tree.
type edit struct {
	Change
	segments []string
	value    any // parsed
	before   any // parsed; nil: not said
}

func newEdit(change Change) (*edit, error) {
	if !strings.HasPrefix(change.Path, "/") || !slices.Contains(ChangeKinds, change.Kind) {
		return nil, badChange(change)
	}
	e := &edit{Change: change, segments: strings.Split(change.Path[1:], "/")}
	for i := range e.segments {
		e.segments[i] = unescapeSegment(e.segments[i])
	}
	if hasValue := len(change.Value) > 0; hasValue != (change.Kind == ChangeSet || change.Kind == ChangeInsert) {
		return nil, badChange(change)
	}
	var err error
	if e.value, err = parseRaw(change.Value, change.Path); err != nil {
		return nil, err
	}
	if len(change.Value) > 0 && e.value == nil {
		return nil, badChange(change) // null is no value
	}
	e.before, err = parseRaw(change.Before, change.Path)
	return e, err
}

func parseRaw(raw json.RawMessage, path string) (any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	if len(raw) > MaxDocumentBytes {
		return nil, Invalid(path, "too-large", "The value is larger than a document may be.")
	}
	node, err := parseTree(raw)
	if err != nil {
		return nil, Invalid(path, "json", "The value is not JSON: {detail}", "detail", err.Error())
	}
	return node, nil
}

func badChange(change Change) error {
	return Invalid(change.Path, "no-change", "{kind} is not possible at {path}.", "kind", string(change.Kind), "path", change.Path)
}

// node edits the tree under it and answers the new one, nil where nothing is left.
func (e *edit) node(t reflect.Type, node any, segments []string) (any, error) {
	switch t.Kind() {
	case reflect.Struct:
		return e.object(t, node, segments)
	case reflect.Map:
		if len(segments) != 1 {
			return nil, badChange(e.Change)
		}
		return e.member(node, segments[0], func(child any) (any, error) { return e.leaf(child) })
	case reflect.Slice:
		return e.list(t.Elem(), asList(node), segments)
	default:
		if len(segments) != 0 {
			return nil, badChange(e.Change)
		}
		return e.leaf(node)
	}
}

func (e *edit) object(t reflect.Type, node any, segments []string) (any, error) {
	if len(segments) == 0 {
		return nil, badChange(e.Change)
	}
	i := slices.Index(memberNames(t), segments[0])
	if i < 0 {
		return nil, badChange(e.Change)
	}
	return e.member(node, segments[0], func(child any) (any, error) {
		return e.node(t.Field(i).Type, child, segments[1:])
	})
}

func (e *edit) member(node any, name string, change func(any) (any, error)) (any, error) {
	object := asObject(node)
	if object == nil {
		object = map[string]any{}
	}
	child, err := change(object[name])
	if err != nil {
		return nil, err
	}
	if child == nil {
		delete(object, name)
	} else {
		object[name] = child
	}
	return unlessEmpty(object), nil
}

func (e *edit) leaf(node any) (any, error) {
	if err := e.checkBefore(node); err != nil {
		return nil, err
	}
	switch e.Kind {
	case ChangeSet:
		if e.value == "" {
			return nil, nil
		}
		return e.value, nil
	case ChangeRemove:
		if node == nil {
			return nil, e.conflict("element-gone", "There is nothing at {path} any more.")
		}
		return nil, nil
	default:
		return nil, badChange(e.Change)
	}
}

func (e *edit) list(element reflect.Type, list []any, segments []string) (any, error) {
	if len(segments) == 0 {
		return nil, badChange(e.Change)
	}
	at := slices.IndexFunc(list, func(node any) bool { return elementID(node) == segments[0] })
	if len(segments) > 1 {
		if at < 0 {
			return nil, e.conflict("element-gone", "There is nothing at {path} any more.")
		}
		child, err := e.node(element, list[at], segments[1:])
		if err != nil {
			return nil, err
		}
		if elementID(child) != segments[0] {
			return nil, badChange(e.Change) // an element keeps its id for good
		}
		list[at] = child
		return list, nil
	}
	return e.element(list, at, segments[0])
}

// element inserts, removes or moves the element id, which stands at index at, or nowhere if at is negative.
func (e *edit) element(list []any, at int, id string) (any, error) {
	if e.Kind == ChangeInsert {
		if at >= 0 {
			return nil, e.conflict("element-exists", "There is something at {path} already.")
		}
		if elementID(e.value) != id {
			return nil, badChange(e.Change)
		}
		return e.place(list, e.value)
	}
	if at < 0 {
		return nil, e.conflict("element-gone", "There is nothing at {path} any more.")
	}
	node := list[at]
	rest := slices.Delete(list, at, at+1)
	switch e.Kind {
	case ChangeMove:
		return e.place(rest, node)
	case ChangeRemove:
		if err := e.checkBefore(node); err != nil || len(rest) == 0 {
			return nil, err
		}
		return rest, nil
	default:
		return nil, badChange(e.Change)
	}
}

// place puts a node behind the element After, or first.
func (e *edit) place(list []any, node any) (any, error) {
	if e.After == "" {
		return slices.Insert(list, 0, node), nil
	}
	at := slices.IndexFunc(list, func(node any) bool { return elementID(node) == e.After })
	if at < 0 {
		return nil, e.conflict("neighbour-gone", "The element {after}, which {path} should follow, is not there.")
	}
	return slices.Insert(list, at+1, node), nil
}

func (e *edit) checkBefore(node any) error {
	if e.before == nil || reflect.DeepEqual(e.before, node) {
		return nil
	}
	return e.conflict("changed-meanwhile", "What stands at {path} has changed meanwhile.")
}

func (e *edit) conflict(reason, message string) error {
	refused := Refuse(CodeConflict, reason, message, "path", e.Path, "after", e.After)
	refused.Field = e.Path
	return refused
}
