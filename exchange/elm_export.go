package exchange

import (
	"maps"
	"math/big"
	"slices"
	"strings"

	"concordat/governance"
)

// ELMFormat is one of the notations of the European Learning Model that a publication is written in, as the register's
// addresses name it.
type ELMFormat string

// The formats.
const (
	ELMCredential ELMFormat = "elm-edc" // JSON-LD: an unsigned European Digital Credential whose learner is still to come
	ELMDataset    ELMFormat = "elm-loq" // Turtle: the Learning Opportunities and Qualifications profile
	QDRDataset    ELMFormat = "qdr-xml" // XML 3.1.0: what a Qualification Dataset Register loads
)

// ELMFormats lists every format.
var ELMFormats = []ELMFormat{ELMCredential, ELMDataset, QDRDataset}

// elmExporter builds the things of which an export consists.
type elmExporter struct {
	*exporter
	format  ELMFormat
	whole   bool      // a Qualification; else a LearningAchievementSpecification
	awarder *elmThing // the awarding body; nil without an offer
}

func newELMExporter(p Published, format ELMFormat) *elmExporter {
	e := &elmExporter{exporter: newExporter(p), format: format}
	e.whole = isQualification(p.Document) || format == ELMCredential
	if p.Offer != nil {
		e.awarder = e.awardingBody()
	}
	return e
}

// finish answers the export, with what it added behind what it lost.
func (e *elmExporter) finish(content []byte, added []Loss) Export {
	export := e.done(content)
	export.Report = append(export.Report, added...)
	return export
}

// isQualification says whether a document can be a Qualification of the LOQ profile, which has exactly one level of the
// EQF and at least one of a national framework.
func isQualification(d governance.Document) bool {
	return d.Level.EQF != 0 && slices.ContainsFunc(d.Level.NQF, func(n governance.NQFReference) bool { return n.URI != "" })
}

// part begins a thing that is named after an element of the publication.
func (e *elmExporter) part(class string, segments ...string) *elmThing {
	return &elmThing{class: class, id: e.PartURI(segments...)}
}

// text carries a text into the file.
func (e *elmExporter) text(path string, text governance.Text) governance.Text {
	if len(text) > 0 {
		e.carry(path)
	}
	return text
}

// elmNotes says in English what a note is about, by the element that it tells; the last ones are the offer's.
var elmNotes = map[string]string{
	"plainLanguageSummary":      "Summary in plain language",
	"criteria":                  "Assessment criterion",
	"standard":                  "Standard that the assessment follows",
	"participation":             "Participation",
	"qualityAssurance":          "Quality assurance",
	"stackability":              "Stackability",
	"validation/identification": "Validation of prior learning: identification",
	"validation/documentation":  "Validation of prior learning: documentation",
	"validation/assessment":     "Validation of prior learning: assessment",
	"validation/certification":  "Validation of prior learning: certification",
	"renewal":                   "Renewal",
	"homepage":                  "Homepage",
	"offer/qualityAssurance":    "Quality assurance of the provider",
	"offer/funding":             "Funding",
	"offer/adjustments":         "Adjustments for learners with a disability",
	"offer/complaints":          "Complaints",
}

// note makes a Note of a text. Where the note stands in for an element that the model does not have, about says which,
// and the report says so.
func (e *elmExporter) note(path string, text governance.Text, about string) *elmThing {
	if len(text) == 0 {
		return nil
	}
	e.carry(path)
	note := e.part("Note", append(segmentsOf(path), "text")...)
	note.add("noteLiteral", text)
	if about != "" {
		note.add("subject", elmConcept{id: e.PartURI("about", about), label: english(elmNotes[about])})
		e.change(path, "as-note", "about", elmNotes[about])
	}
	return note
}

// singleNote is note where the format takes one note only: the XML of a register says it in one language.
func (e *elmExporter) singleNote(path string, text governance.Text) *elmThing {
	if e.format != QDRDataset || len(text) == 0 {
		return e.note(path, text, "")
	}
	words, tag := text.In(string(e.Document.PrimaryLanguage()), anyLanguage(text))
	note := e.part("Note", append(segmentsOf(path), "text")...)
	note.add("noteLiteral", governance.Text{tag: words})
	e.carry(path + "/" + tag)
	return note
}

// anyLanguage answers the first language that a text has, by its tag.
func anyLanguage(text governance.Text) string {
	tags := slices.Sorted(maps.Keys(text))
	if len(tags) == 0 {
		return ""
	}
	return tags[0]
}

// web makes a WebResource of an address; nil where it is none of the web, which the report says.
func (e *elmExporter) web(path string, uri governance.URI, title governance.Text) *elmThing {
	if uri == "" {
		return nil
	}
	if !strings.HasPrefix(string(uri), "https://") && !strings.HasPrefix(string(uri), "http://") {
		e.lose(path, "not-a-web-address", "value", string(uri))
		return nil
	}
	e.carry(path)
	resource := e.part("WebResource", append(segmentsOf(path), "address")...)
	resource.add("title", title)
	resource.add("contentURL", string(uri))
	return resource
}

// document names something outside that the publication refers to, among the thing's documents. The shapes of LOQ hold a
// document's address against a regular expression that only some validators can read, so that there a note names it.
func (e *elmExporter) document(t *elmThing, path string, r governance.Reference, reason string) {
	if e.format != ELMDataset {
		if resource := e.web(path+"/uri", r.URI, r.Title); resource != nil {
			t.add("supplementaryDocument", resource)
			e.told(path, reason)
		}
		return
	}
	if r.URI == "" {
		return
	}
	words := governance.Text{}
	for _, tag := range e.Document.Languages {
		words[string(tag)] = strings.TrimSpace(r.Title[string(tag)] + " <" + string(r.URI) + ">")
	}
	note := e.part("Note", append(segmentsOf(path), "text")...)
	note.add("noteLiteral", words)
	note.add("subject", elmConcept{id: e.PartURI("about", "document"), label: english("Document")})
	t.add("additionalNote", note)
	e.carry(path + "/uri")
	e.told(path, "as-note", "about", "Document")
}

// told says that title and address are in the file, and how, where that is not as they stand.
func (e *elmExporter) told(path, reason string, pairs ...string) {
	e.carry(path+"/title", path+"/uri")
	if reason != "" {
		e.change(path, reason, pairs...)
	}
}

// concept carries a term of a vocabulary. One without a code, or with one that is not of this vocabulary, becomes a term
// of the edition's own where the format allows that, and is left out where it wants a term of the list.
func (e *elmExporter) concept(path string, c governance.Concept, scheme governance.Scheme, in governance.URI) elmConcept {
	if c.ID == "" && len(c.Label) == 0 {
		return elmConcept{}
	}
	if form := elmCodeForms[scheme]; form.MatchString(string(c.ID)) {
		e.carry(path)
		return elmConcept{id: c.ID, scheme: in, label: c.Label}
	}
	if e.format == QDRDataset || len(c.Label) == 0 {
		e.lose(path, "not-in-vocabulary", "code", string(c.ID))
		return elmConcept{}
	}
	e.carry(path)
	if c.ID == "" {
		c.ID = e.PartURI(segmentsOf(path)...)
	}
	return elmConcept{id: c.ID, label: c.Label}
}

// concepts carries a list of terms.
func (e *elmExporter) concepts(path string, list []governance.Concept, scheme governance.Scheme, in governance.URI) []any {
	var terms []any
	for _, c := range list {
		terms = append(terms, e.concept(path+"/"+escapeSegment(string(c.ID)), c, scheme, in))
	}
	return terms
}

// elmHours writes hours as an xsd:duration of hours, minutes and seconds: "PT7H30M". A day would be ambiguous.
func elmHours(hours governance.Decimal) string {
	seconds := hours.Rat()
	if seconds == nil {
		return ""
	}
	seconds = seconds.Mul(seconds, big.NewRat(3600, 1))
	whole := new(big.Int).Quo(seconds.Num(), seconds.Denom())
	rest := new(big.Rat).Sub(seconds, new(big.Rat).SetInt(whole))
	h, s := new(big.Int).QuoRem(whole, big.NewInt(3600), new(big.Int))
	m, s := new(big.Int).QuoRem(s, big.NewInt(60), new(big.Int))
	written := "PT" + h.String() + "H"
	if m.Sign() > 0 {
		written += m.String() + "M"
	}
	if fraction := rest.Add(rest, new(big.Rat).SetInt(s)); fraction.Sign() > 0 {
		written += strings.TrimSuffix(strings.TrimRight(fraction.FloatString(2), "0"), ".") + "S"
	}
	return written
}

// segmentsOf takes a path apart.
func segmentsOf(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}
