package governance

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// Merged is what two texts make that were both written on the same base.
type Merged struct {
	Document  Document   // both sides' changes; where they conflict, what theirs says
	Conflicts []Conflict // in document order; empty where the two agree
}

// Conflict is an element at which two texts cannot both be had. A side that says nothing there has no value.
//
// Its path is that of a scalar or of one text in one language; of an element of a list that one side removed and the
// other edited; of a concept (as an assessment's type) of which the two chose another; or, as in /languages/de, of an
// authentic language that one side removed while the other wrote in it.
type Conflict struct {
	Path   string          `json:"path"`
	Base   json.RawMessage `json:"base,omitempty"`
	Ours   json.RawMessage `json:"ours,omitempty"`
	Theirs json.RawMessage `json:"theirs,omitempty"`
}

// Merge makes one text of two that were written on base. The arguments are in the form that ParseDocument answers, and
// so is the merged document, which always exists.
//
//   - Changes to different elements merge; a text in one language is an element of its own, and so is every word or id
//     of a list. Identical changes are one change.
//   - The same scalar changed differently is a conflict, and so is an element that one side edited, or came to refer
//     to, and the other removed. What both added under one id conflicts scalar by scalar.
//   - Order never conflicts. What both keep is ordered pair by pair: as the side has it that changed the pair; where
//     that turns in a circle, as theirs. A move does not save an element that the other side removed. What one side
//     added follows its neighbour; where both added something at one place, each side's stays together and the one whose
//     first id is lower comes first.
//   - In a conflict the document keeps theirs; all three values are reported, so that nothing is lost.
//   - Where both together exceed a limit (300 outcomes, 24 languages), what either added there is in conflict.
//
// A merge with one side unchanged is the other side. Exchanging ours and theirs exchanges the values in conflicts, and
// but for those changes no more than an order that the two contradicted each other about.
func Merge(base, ours, theirs Document) Merged {
	cut, unchanged := withoutUnchanged(base, ours, theirs)
	b, o, t := treeOf(reflect.ValueOf(cut[0])), treeOf(reflect.ValueOf(cut[1])), treeOf(reflect.ValueOf(cut[2]))
	m := merger{contest: contestOf(base, ours, theirs)}
	m.contest.languages = m.contest.wordsOf(b, o, t)
	tree := m.node(reflect.TypeFor[Document](), nil, b, o, t)
	languages, _ := asObject(tree)["languages"].([]any)
	document, err := documentOf(onlyLanguages(reflect.TypeFor[Document](), tree, tagsOf(languages)))
	if err != nil {
		// The arguments were no documents. What is stored stays, and everything is in conflict.
		return Merged{Document: theirs, Conflicts: []Conflict{{Base: rawJSON(b), Ours: rawJSON(o), Theirs: rawJSON(t)}}}
	}
	return Merged{Document: putBack(document, unchanged), Conflicts: m.conflicts}
}

// trail is a path on the way down, written out only where it is needed.
type trail struct {
	up      *trail
	segment string
}

func (t *trail) down(segment string) *trail { return &trail{t, segment} }

func (t *trail) String() string {
	if t == nil {
		return ""
	}
	return t.up.String() + "/" + escapeSegment(t.segment)
}

// merger walks three trees along the type that all were made of.
type merger struct {
	contest   contest
	conflicts []Conflict
}

// conflict reports the three values and answers the one that is kept.
func (m *merger) conflict(at *trail, b, o, t any) any {
	m.conflicts = append(m.conflicts, Conflict{at.String(), rawJSON(b), rawJSON(o), rawJSON(t)})
	return t
}

func (m *merger) node(t reflect.Type, at *trail, b, o, th any) any {
	switch t.Kind() {
	case reflect.Struct:
		if t == reflect.TypeFor[Concept]() && elementID(o) != elementID(th) && (b != nil || o != nil && th != nil) {
			return m.whole(at, b, o, th)
		}
		return m.object(t, at, b, o, th)
	case reflect.Map:
		return m.text(at, asObject(b), asObject(o), asObject(th))
	case reflect.Slice:
		return m.list(t.Elem(), at, [3][]any{asList(b), asList(o), asList(th)})
	default:
		return m.leaf(at, b, o, th)
	}
}

func (m *merger) object(t reflect.Type, at *trail, b, o, th any) any {
	before, ours, theirs := asObject(b), asObject(o), asObject(th)
	merged := make(map[string]any, len(theirs))
	for i, name := range memberNames(t) {
		if ours[name] == nil && theirs[name] == nil {
			continue
		}
		child := m.node(t.Field(i).Type, at.down(name), before[name], ours[name], theirs[name])
		if child != nil {
			merged[name] = child
		}
	}
	return unlessEmpty(merged)
}

// whole merges a value that makes sense as a whole alone: a concept's label belongs to its URI.
func (m *merger) whole(at *trail, b, o, t any) any {
	switch {
	case reflect.DeepEqual(o, b):
		return t
	case reflect.DeepEqual(t, b):
		return o
	default:
		return m.conflict(at, b, o, t)
	}
}

func (m *merger) text(at *trail, b, o, t map[string]any) any {
	all := maps.Clone(o)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, t)
	merged := make(map[string]any, len(all))
	for _, tag := range slices.Sorted(maps.Keys(all)) {
		words := m.words(at.down(tag), tag, [3]any{b[tag], o[tag], t[tag]})
		if words != nil {
			merged[tag] = words
		}
	}
	return unlessEmpty(merged)
}

// words merges a text in one language. In a contested language theirs stands, and what either wrote is reported.
func (m *merger) words(at *trail, tag string, of [3]any) any {
	b, o, t := of[0], of[1], of[2]
	if !m.contest.languages[tag] {
		return m.leaf(at, b, o, t)
	}
	if o != t && (isNew(b, o) || isNew(b, t)) {
		m.conflict(at, b, o, t)
	}
	return t
}

// isNew says whether a side says something there that base does not.
func isNew(b, side any) bool { return side != nil && !reflect.DeepEqual(side, b) }

func (m *merger) leaf(at *trail, b, o, t any) any {
	switch {
	case o == t, o == b:
		return t
	case t == b:
		return o
	default:
		return m.conflict(at, b, o, t)
	}
}
