package exchange

import "concordat/governance"

// ExportELMDataset writes a publication in the Learning Opportunities and Qualifications profile of ELM 3, as Turtle: a
// Qualification, or a LearningAchievementSpecification where it has no level of a national framework, and who awards it.
// The profile is closed, so that what Concordat knows besides is in the document of provenance. It has a LearningOpportunity
// too, whose address its shapes hold against a regular expression of Java's: what else an offer says is left to
// ExportQDR. It is INVALID where CheckELM finds an error.
func ExportELMDataset(p Published, codes governance.Codes) (Export, error) {
	if err := refusalOf(CheckELM(p, ELMDataset, codes)); err != nil {
		return Export{}, err
	}
	e := newELMExporter(p, ELMDataset)
	w := newTurtle("elm", "dc", "skos", "adms", "rov", "foaf", "rdf", "xsd")
	specification := e.specification()
	if err := w.thing(specification); err != nil {
		return Export{}, err
	}
	w.vocabulary()
	return e.finish([]byte(w.out.String()), additions(specification)), nil
}
