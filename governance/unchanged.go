package governance

import (
	"maps"
	"slices"
)

// withoutUnchanged answers the documents with every part of a learning outcome left out that says the same in all of
// them, and those parts by outcome. Comparing and merging then costs what differs and not how long the document is;
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
		here := make(map[ElementID]LearningOutcome, len(d.Outcomes))
		for _, o := range d.Outcomes {
			if of, known := same[o.ID]; known {
				here[o.ID] = of.common(o)
			}
		}
		same = here
	}
	cut := slices.Clone(documents)
	for i, d := range cut {
		cut[i].Outcomes = slices.Clone(d.Outcomes)
		for j, o := range d.Outcomes {
			cut[i].Outcomes[j] = o.without(same[o.ID])
		}
	}
	return cut, same
}

// putBack gives the outcomes the parts that were left out.
func putBack(d Document, unchanged map[ElementID]LearningOutcome) Document {
	for i, o := range d.Outcomes {
		d.Outcomes[i] = o.with(unchanged[o.ID])
	}
	return d
}

// common answers the parts of an outcome that another version of it says in the same words.
func (o LearningOutcome) common(other LearningOutcome) LearningOutcome {
	c := LearningOutcome{ID: o.ID}
	if o.Kind == other.Kind {
		c.Kind = o.Kind
	}
	if o.EQFLevel == other.EQFLevel {
		c.EQFLevel = o.EQFLevel
	}
	if maps.Equal(o.Statement, other.Statement) {
		c.Statement = o.Statement
	}
	if slices.EqualFunc(o.Skills, other.Skills, func(a, b Concept) bool { return a.ID == b.ID && maps.Equal(a.Label, b.Label) }) {
		c.Skills = o.Skills
	}
	if slices.EqualFunc(o.Criteria, other.Criteria, func(a, b Criterion) bool {
		return a.ID == b.ID && maps.Equal(a.Statement, b.Statement)
	}) {
		c.Criteria = o.Criteria
	}
	return c
}

// without leaves out the parts that c has.
func (o LearningOutcome) without(c LearningOutcome) LearningOutcome {
	if c.Kind != "" {
		o.Kind = ""
	}
	if c.EQFLevel != 0 {
		o.EQFLevel = 0
	}
	if len(c.Statement) > 0 {
		o.Statement = nil
	}
	if len(c.Skills) > 0 {
		o.Skills = nil
	}
	if len(c.Criteria) > 0 {
		o.Criteria = nil
	}
	return o
}

// with takes over the parts that c has.
func (o LearningOutcome) with(c LearningOutcome) LearningOutcome {
	if c.Kind != "" {
		o.Kind = c.Kind
	}
	if c.EQFLevel != 0 {
		o.EQFLevel = c.EQFLevel
	}
	if len(c.Statement) > 0 {
		o.Statement = c.Statement
	}
	if len(c.Skills) > 0 {
		o.Skills = c.Skills
	}
	if len(c.Criteria) > 0 {
		o.Criteria = c.Criteria
	}
	return o
}
