package governance

import (
	"maps"
	"reflect"
	"strings"
)

// SavedText is a revision as a Blamer reads it.
type SavedText struct {
	ID       RevisionID
	Document Document
	Restores RevisionID // the earlier one whose text it is; none: a text of its own
}

// Blamer finds out who wrote each element of a text last, from its whole history: for a scalar and a text in one
// language who wrote it, for an element of a list who last inserted, moved or changed it or anything inside. A merged
// revision wrote only what differs from the one before it. What a revision restored was written by whoever wrote it then.
type Blamer struct {
	before   Document
	wrote    map[string]RevisionID
	restored map[RevisionID]map[string]RevisionID // what Wrote was at those that are restored later
}

// NewBlamer answers a Blamer for a history in which these revisions are restored later on.
func NewBlamer(restored ...RevisionID) *Blamer {
	b := &Blamer{wrote: map[string]RevisionID{}, restored: map[RevisionID]map[string]RevisionID{}}
	for _, id := range restored {
		b.restored[id] = nil
	}
	return b
}

// Add takes the next revision of the history, the first one first.
func (b *Blamer) Add(text SavedText) {
	if then := b.restored[text.Restores]; then != nil {
		b.wrote = maps.Clone(then)
	} else {
		blame(b.wrote, text.ID, Diff(b.before, text.Document))
	}
	if _, wanted := b.restored[text.ID]; wanted {
		b.restored[text.ID] = maps.Clone(b.wrote)
	}
	b.before = text.Document
}

// Wrote answers, by path, the revision that last wrote each element of the text added last.
func (b *Blamer) Wrote() map[string]RevisionID { return b.wrote }

func blame(wrote map[string]RevisionID, revision RevisionID, changes []Change) {
	for _, c := range changes {
		if c.Kind == ChangeRemove {
			delete(wrote, c.Path)
			maps.DeleteFunc(wrote, func(path string, _ RevisionID) bool { return strings.HasPrefix(path, c.Path+"/") })
		} else {
			wrote[c.Path] = revision
		}
		if c.Kind == ChangeInsert {
			node, err := parseRaw(c.Value, c.Path)
			if err == nil { // Diff writes JSON
				blameAll(wrote, revision, c.Path, node)
			}
		}
		for path := c.Path; path != ""; {
			path = path[:strings.LastIndexByte(path, '/')]
			if _, element := wrote[path]; element {
				wrote[path] = revision
			}
		}
	}
}

// blameAll blames everything inside an inserted element.
func blameAll(wrote map[string]RevisionID, revision RevisionID, path string, node any) {
	switch node := node.(type) {
	case map[string]any:
		for name, child := range node {
			if _, nested := child.(string); name == "id" && nested {
				continue
			}
			blameAll(wrote, revision, join(path, name), child)
		}
	case []any:
		for _, child := range node {
			at := join(path, elementID(child))
			wrote[at] = revision
			if _, object := child.(map[string]any); object {
				blameAll(wrote, revision, at, child)
			}
		}
	default:
		wrote[path] = revision
	}
}

// LastTouched answers the last of several sets of changes that changed what stands at the path, inside it or around it,
// -1 where none did. A move changes nothing that stands there.
func LastTouched(sets [][]Change, path string) int {
	for i := len(sets) - 1; i >= 0; i-- {
		for _, c := range sets[i] {
			if c.Kind != ChangeMove && Touched([]Change{c}, path) {
				return i
			}
		}
	}
	return -1
}

// Spans compares the two texts of a change of a text in one language; nil for every other change.
func (c Change) Spans() []TextSpan {
	if !isText(c.Path) {
		return nil
	}
	before, err := parseRaw(c.Before, c.Path)
	if err != nil {
		return nil // nobody's Diff made it
	}
	after, err := parseRaw(c.Value, c.Path)
	if err != nil {
		return nil
	}
	was, _ := before.(string)
	is, _ := after.(string)
	return DiffText(was, is)
}

// isText says whether the path is that of a text in one language.
func isText(path string) bool {
	t, words := reflect.TypeFor[Document](), false
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		switch t.Kind() {
		case reflect.Struct:
			field, ok := fieldByMember(reflect.Zero(t), segment)
			if !ok {
				return false
			}
			t = field.Type()
		case reflect.Slice:
			t = t.Elem()
		case reflect.Map:
			t, words = t.Elem(), true
		default:
			return false
		}
	}
	return words
}
