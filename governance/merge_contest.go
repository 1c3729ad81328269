package governance

import (
	"reflect"
	"slices"
)

// contest holds what one side removed while the other came to depend on it elsewhere in the document: an authentic
// language in which it wrote, a learning outcome to which it let something refer. Theirs keeps or loses it as a whole,
// since half a language or a reference to nothing would be no text that anybody wrote.
type contest struct {
	languages map[string]bool
	outcomes  map[string]bool
}

func contestOf(base, ours, theirs Document) contest {
	c := contest{outcomes: map[string]bool{}}
	for _, outcome := range base.Outcomes {
		inOurs, inTheirs := hasOutcome(ours, outcome.ID), hasOutcome(theirs, outcome.ID)
		if inOurs && !inTheirs && refersAnew(base, ours, outcome.ID) || inTheirs && !inOurs && refersAnew(base, theirs, outcome.ID) {
			c.outcomes[string(outcome.ID)] = true
		}
	}
	return c
}

func hasOutcome(d Document, id ElementID) bool {
	return slices.ContainsFunc(d.Outcomes, func(o LearningOutcome) bool { return o.ID == id })
}

// refersAnew says whether a side refers to the outcome where base does not, or changed what it says about it there.
func refersAnew(base, side Document, outcome ElementID) bool {
	for _, a := range side.Assessments {
		if slices.Contains(a.Proves, outcome) && !slices.ContainsFunc(base.Assessments, func(old Assessment) bool {
			return old.ID == a.ID && slices.Contains(old.Proves, outcome)
		}) {
			return true
		}
	}
	return slices.ContainsFunc(side.Validation.Evidence, func(e AcceptedEvidence) bool {
		return e.ID == outcome && !slices.ContainsFunc(base.Validation.Evidence, func(old AcceptedEvidence) bool {
			return reflect.DeepEqual(old, e)
		})
	})
}

// wordsOf answers the contested languages of the three trees. Where the merged document would have no language, or too
// many, all that the two disagree about are.
func (c contest) wordsOf(b, o, t any) map[string]bool {
	base, ours, theirs := languagesOf(b), languagesOf(o), languagesOf(t)
	contested, disagreed, certain := map[string]bool{}, map[string]bool{}, 0
	for _, tag := range union(ours, theirs) {
		inBase, inOurs, inTheirs := slices.Contains(base, tag), slices.Contains(ours, tag), slices.Contains(theirs, tag)
		if inOurs && inTheirs || !inBase {
			certain++
		}
		if inOurs == inTheirs {
			continue
		}
		disagreed[tag] = true
		keeper := o
		if inTheirs {
			keeper = t
		}
		if inBase && writesAnew(reflect.TypeFor[Document](), b, keeper, tag) {
			contested[tag] = true
		}
	}
	if certain == 0 || certain+len(contested) > MaxLanguages {
		return disagreed
	}
	return contested
}

// writesAnew says whether a side has words in the language where base has others or none.
func writesAnew(t reflect.Type, b, side any, tag string) bool {
	switch t.Kind() {
	case reflect.Struct:
		before, after := asObject(b), asObject(side)
		for i, name := range memberNames(t) {
			if after[name] != nil && writesAnew(t.Field(i).Type, before[name], after[name], tag) {
				return true
			}
		}
	case reflect.Map:
		return isNew(asObject(b)[tag], asObject(side)[tag])
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Struct {
			return false
		}
		before := byID(asList(b))
		return slices.ContainsFunc(asList(side), func(node any) bool {
			return writesAnew(t.Elem(), before[elementID(node)], node, tag)
		})
	}
	return false
}

// over says whether the element is contested, or refers to something that is.
func (c contest) over(element reflect.Type, id string) bool {
	switch element {
	case reflect.TypeFor[LanguageTag]():
		return c.languages[id]
	case reflect.TypeFor[LearningOutcome](), reflect.TypeFor[ElementID](), reflect.TypeFor[AcceptedEvidence]():
		return c.outcomes[id]
	default:
		return false
	}
}

// names says whether elements of the type are what is contested, not what refers to it.
func (c contest) names(element reflect.Type) bool {
	return element == reflect.TypeFor[LanguageTag]() || element == reflect.TypeFor[LearningOutcome]()
}

func languagesOf(tree any) []string {
	list := asList(asObject(tree)["languages"])
	tags := make([]string, len(list))
	for i, tag := range list {
		tags[i] = elementID(tag)
	}
	return tags
}

func tagsOf(list []any) []LanguageTag {
	tags := make([]LanguageTag, len(list))
	for i, tag := range list {
		tags[i] = LanguageTag(elementID(tag))
	}
	return tags
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, word := range b {
		if !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}
