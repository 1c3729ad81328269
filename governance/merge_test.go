package governance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
	"concordat/governance/sample"
)

// ids are those of the outcomes, in order.
func ids(d governance.Document) string {
	var all []string
	for _, o := range d.Outcomes {
		all = append(all, string(o.ID))
	}
	return strings.Join(all, " ")
}

func outcomes(list string) governance.Document {
	d := governance.Document{Languages: []governance.LanguageTag{"en"}}
	for _, id := range strings.Fields(list) {
		d.Outcomes = append(d.Outcomes, governance.LearningOutcome{ID: governance.ElementID(id)})
	}
	return d
}

func TestMergedOrderKeepsEveryElement(t *testing.T) {
	for name, test := range map[string]struct{ base, ours, theirs, want string }{
		"one side moves":                         {"a b c d", "d a b c", "a b c d", "d a b c"},
		"both move different ones":               {"a b c d", "d a b c", "b c a d", "d b c a"},
		"both move the same alike":               {"a b c", "c a b", "c a b", "c a b"},
		"both move the same elsewhere":           {"a b c d", "d a b c", "a d b c", "d a b c"},
		"moves that turn in a circle":            {"a b c", "b a c", "a c b", "a c b"},
		"both add in one place":                  {"a b", "a y b", "a x b", "a x y b"},
		"both add several, which stay together":  {"a", "a y1 y2", "a x1 x2", "a x1 x2 y1 y2"},
		"both add in front":                      {"a", "y a", "x a", "x y a"},
		"both add to nothing":                    {"", "y", "x", "x y"},
		"one adds behind what the other moves":   {"a b c", "a x b c", "b c a", "b c a x"},
		"one adds behind what the other removes": {"a b c", "a b x c", "a c", "a x c"},
		"a move does not save from removal":      {"a b c", "c a b", "a b", "a b"},
		"both remove different ones":             {"a b c", "b c", "a b", "b"},
		"both remove everything":                 {"a b", "", "", ""},
		"both add the same at different places":  {"a b", "a x b", "a b x", "a b x"},
	} {
		t.Run(name, func(t *testing.T) {
			got := governance.Merge(outcomes(test.base), outcomes(test.ours), outcomes(test.theirs))
			assert.Empty(t, got.Conflicts)
			assert.Equal(t, test.want, ids(got.Document))
		})
	}
}

// remove takes an outcome out with all that refers to it.
func remove(d doc, id governance.ElementID) {
	d.Outcomes = slices.DeleteFunc(d.Outcomes, func(o governance.LearningOutcome) bool { return o.ID == id })
	for i := range d.Assessments {
		d.Assessments[i].Proves = slices.DeleteFunc(d.Assessments[i].Proves, func(of governance.ElementID) bool { return of == id })
	}
	d.Validation.Evidence = slices.DeleteFunc(d.Validation.Evidence, func(e governance.AcceptedEvidence) bool { return e.ID == id })
}

func TestContradictionsAreNamedWithTheirValues(t *testing.T) {
	onlyEnglish := func(d doc) { *d = inLanguages(t, *d, "en") }
	for name, test := range map[string]struct {
		ours, theirs func(doc)
		want         []string // paths
	}{
		"a number set differently":       {func(d doc) { d.Level.EQF = 5 }, func(d doc) { d.Level.EQF = 6 }, []string{"/level/eqf"}},
		"a number set alike":             {func(d doc) { d.Level.EQF = 5 }, func(d doc) { d.Level.EQF = 5 }, nil},
		"a text removed and edited":      {func(d doc) { delete(d.Title, "de") }, func(d doc) { d.Title["de"] = "x" }, []string{"/title/de"}},
		"two languages of a text":        {func(d doc) { d.Title["en"] = "x" }, func(d doc) { d.Title["de"] = "x" }, nil},
		"a child of what was removed":    {func(d doc) { remove(d, "install") }, func(d doc) { d.Outcomes[2].Criteria[0].Statement["en"] = "x" }, []string{"/outcomes/install"}},
		"a new child of what went":       {func(d doc) { remove(d, "install") }, func(d doc) { d.Outcomes[2].Criteria = append(d.Outcomes[2].Criteria, governance.Criterion{ID: "c9"}) }, []string{"/outcomes/install"}},
		"both remove":                    {func(d doc) { remove(d, "install") }, func(d doc) { remove(d, "install") }, nil},
		"both add to a list of ids":      {func(d doc) { d.Assessments[0].Proves = append(d.Assessments[0].Proves, "install") }, func(d doc) { d.Assessments[0].Proves = append(d.Assessments[0].Proves, "handover") }, nil},
		"another concept, another label": {func(d doc) { d.Assessments[0].Type.ID = "https://other.example" }, func(d doc) { d.Assessments[0].Type.Label["de"] = "x" }, []string{"/assessments/written/type"}},
		"a new reference to what was removed": {func(d doc) { remove(d, "install") },
			func(d doc) { d.Assessments[0].Proves = append(d.Assessments[0].Proves, "install") },
			[]string{"/outcomes/install", "/assessments/written/proves/install"}},
		"a language removed and written in": {onlyEnglish, func(d doc) { d.Summary["de"] = "x" },
			[]string{"/languages/de", "/summary/de"}},
		"a language removed in which a new element speaks": {onlyEnglish, func(d doc) {
			d.Outcomes = append(d.Outcomes, governance.LearningOutcome{ID: "n", Statement: governance.Text{"en": "x", "de": "y"}})
		}, []string{"/languages/de", "/outcomes/n/statement/de"}},
		"a language removed and one added": {onlyEnglish, func(d doc) {
			d.Languages = append(d.Languages, "fr")
			d.Title["fr"] = "x"
		}, nil},
		"every language removed": {onlyEnglish, func(d doc) { *d = inLanguages(t, *d, "de") }, []string{"/languages/de", "/languages/en"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, mirrored := range []bool{false, true} {
				base, ours, theirs := sample.Document(), sample.Document(), sample.Document()
				test.ours(&ours)
				test.theirs(&theirs)
				if mirrored {
					ours, theirs = theirs, ours
				}
				got := governance.Merge(base, ours, theirs)
				var paths []string
				for _, c := range got.Conflicts {
					paths = append(paths, c.Path)
					assert.Equal(t, theirs.Has(c.Path), got.Document.Has(c.Path), "%s is kept as theirs has it", c.Path)
				}
				assert.ElementsMatch(t, test.want, paths)
				assert.Equal(t, got.Document, roundTrip(t, got.Document))
			}
		})
	}
}

func TestMoreThanADocumentHoldsIsAConflict(t *testing.T) {
	base, ours, theirs := outcomes("a"), outcomes("a"), outcomes("a")
	for i := range 200 {
		ours.Outcomes = append(ours.Outcomes, outcomes(fmt.Sprintf("o%d", i)).Outcomes...)
		theirs.Outcomes = append(theirs.Outcomes, outcomes(fmt.Sprintf("t%d", i)).Outcomes...)
	}
	got := governance.Merge(base, ours, theirs)
	assert.Len(t, got.Conflicts, 400)
	assert.Equal(t, theirs, got.Document)
}
