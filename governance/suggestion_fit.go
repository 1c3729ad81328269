package governance

import (
	"reflect"
	"slices"
	"strings"
)

// Misfits answers where changes that were made on base conflict with head: the conflicts of Merge, of which Ours is what
// the changes say. It looks at the touched elements alone, so that many suggestions on a long text cost little. A change
// that does not apply to base is refused as Apply refuses it.
func Misfits(changes []Change, base, head Document) ([]Conflict, error) {
	part := partOf(changes)
	base, head = part.of(base), part.of(head)
	ours, err := Apply(base, changes)
	if err != nil {
		return nil, err
	}
	return Merge(base, ours, head).Conflicts, nil
}

// part names what of a document a merge with some changes looks at: members, and of a list some elements. Nil is all.
type part map[string]*elements

// elements are those of a list by id; all where an element comes, goes or moves.
type elements struct {
	all bool
	ids []string
}

// partOf is what the changes touch. What others in the document depend on, or what depends on others, needs all of it.
func partOf(changes []Change) part {
	p := part{"languages": {all: true}}
	for _, change := range changes {
		segments := strings.Split(strings.TrimPrefix(change.Path, "/"), "/")
		if change.refers() || segments[0] == "languages" || segments[0] == "outcomes" && len(segments) == 2 {
			return nil
		}
		member := unescapeSegment(segments[0])
		if p[member] == nil {
			p[member] = &elements{}
		}
		if len(segments) < 3 {
			p[member].all = true
		} else {
			p[member].ids = append(p[member].ids, unescapeSegment(segments[1]))
		}
	}
	return p
}

// of answers the part of a document, which stays as it is.
func (p part) of(d Document) Document {
	if p == nil {
		return d
	}
	whole, cut := reflect.ValueOf(d), Document{}
	into := reflect.ValueOf(&cut).Elem()
	for i, name := range memberNames(whole.Type()) {
		wanted := p[name]
		if wanted == nil {
			continue
		}
		value := whole.Field(i)
		if value.Kind() != reflect.Slice || wanted.all {
			into.Field(i).Set(value)
			continue
		}
		for at := range value.Len() {
			if slices.Contains(wanted.ids, idOf(value.Index(at))) {
				into.Field(i).Set(reflect.Append(into.Field(i), value.Index(at)))
			}
		}
	}
	return cut
}
