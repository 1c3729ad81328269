package governance

import (
	"maps"
	"slices"
)

// withoutUnchanged answers the documents with every learning outcome that says the same in all of them cut down to its
// id, and those outcomes as they are. Comparing and merging then costs what differs and not how long the document is;
// putBack undoes it. Documents in different languages are answered as they are: there an outcome may have to change
// although nobody changed it.
func withoutUnchanged(documents ...Document) ([]Document, map[ElementID]LearningOutcome) {
	first := documents[0]
	same := make(map[ElementID]LearningOutcome, len(first.Outcomes))
	for _, o := range first.Outcomes {
		same[o.ID] = o
	}
	for _, d := range documents[1:] {
		if !slices.Equal(d.Languages, first.Languages) {
			return documents, nil
		}
		here := make(map[ElementID]bool, len(d.Outcomes))
		for _, o := range d.Outcomes {
			if of, known := same[o.ID]; known && of.equals(o) {
				here[o.ID] = true
			}
		}
		maps.DeleteFunc(same, func(id ElementID, _ LearningOutcome) bool { return !here[id] })
	}
	cut := slices.Clone(documents)
	for i, d := range cut {
		cut[i].Outcomes = slices.Clone(d.Outcomes)
		for j, o := range d.Outcomes {
			if _, unchanged := same[o.ID]; unchanged {
				cut[i].Outcomes[j] = LearningOutcome{ID: o.ID}
			}
		}
	}
	return cut, same
}

// putBack gives the outcomes that were cut down what they say.
func putBack(d Document, unchanged map[ElementID]LearningOutcome) Document {
	for i, o := range d.Outcomes {
		if whole, was := unchanged[o.ID]; was {
			d.Outcomes[i] = whole
		}
	}
	return d
}

func (o LearningOutcome) equals(other LearningOutcome) bool {
	return o.ID == other.ID && o.Kind == other.Kind && o.EQFLevel == other.EQFLevel &&
		maps.Equal(o.Statement, other.Statement) &&
		slices.EqualFunc(o.Skills, other.Skills, func(a, b Concept) bool { return a.ID == b.ID && maps.Equal(a.Label, b.Label) }) &&
		slices.EqualFunc(o.Criteria, other.Criteria, func(a, b Criterion) bool {
			return a.ID == b.ID && maps.Equal(a.Statement, b.Statement)
		})
}
