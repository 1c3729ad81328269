package exchange

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"

	"concordat/governance"
)

// ExportQDR writes a publication as the XML 3.1.0 that a Qualification Dataset Register loads. It is INVALID where CheckELM
// finds an error.
func ExportQDR(p Published, codes governance.Codes) (Export, error) {
	if err := refusalOf(CheckELM(p, QDRDataset, codes)); err != nil {
		return Export{}, err
	}
	e := newELMExporter(p, QDRDataset)
	w := &qdrWriter{lists: map[string][]byte{}, written: map[governance.URI]bool{}}
	things := []*elmThing{e.specification(), e.opportunity()}
	for _, t := range things {
		if err := w.list(t); err != nil {
			return Export{}, err
		}
	}
	return e.finish(w.file(), additions(things...)), nil
}

// qdrWriter gathers the lists of which the file consists. Things of some classes stand in a list, each once, and others
// refer to them by idref; the rest stands where it is used.
type qdrWriter struct {
	lists   map[string][]byte
	written map[governance.URI]bool
}

// qdrWords are the elements that are not the name of the class or property in the ontology.
var qdrWords = map[string]string{
	"dcType": "type", "notation": "skos:notation", "prefLabel": "skos:prefLabel", "subject": "dc:subject",
	"Qualification": "qualification", "LearningAchievementSpecification": "learningAchievementSpecification",
	"LearningOpportunity": "learningOpportunity", "LearningOutcome": "learningOutcome",
	"LearningAssessmentSpecification": "learningAssessmentSpecification", "Organisation": "organisation",
	"GradingScheme": "gradingScheme", "Location": "location",
}

func qdrElement(name string) string {
	if word, ok := qdrWords[name]; ok {
		return word
	}
	iri := elmProperties[name].iri
	return iri[strings.IndexByte(iri, ':')+1:]
}

// list writes a thing into the list of its class. One that is not described is a qualification somewhere else.
func (w *qdrWriter) list(t *elmThing) error {
	if t == nil || w.written[t.id] {
		return nil
	}
	w.written[t.id] = true
	list := elmShapes[t.class].listed
	var content []byte
	var err error
	if len(t.members) == 0 {
		content = fmt.Appendf(nil, "<qualificationReference id=%s><identifier><skos:notation>%s</skos:notation></identifier></qualificationReference>\n",
			xmlAttribute(string(t.id)), xmlText(string(t.id)))
	} else {
		content, err = w.element(qdrElement(t.class), t, true)
	}
	w.lists[list] = append(w.lists[list], content...)
	return err
}

// element writes a thing as the element of that name.
func (w *qdrWriter) element(name string, t *elmThing, withID bool) ([]byte, error) {
	members, err := t.ordered()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("<" + name)
	if withID {
		out.WriteString(" id=" + xmlAttribute(string(t.id)))
	}
	out.WriteString(">\n")
	for _, m := range members {
		for _, value := range m.values {
			content, err := w.value(m.name, value)
			if err != nil {
				return nil, err
			}
			out.Write(content)
		}
	}
	out.WriteString("</" + name + ">\n")
	return out.Bytes(), nil
}

// value writes one value of a property.
func (w *qdrWriter) value(name string, value any) ([]byte, error) {
	element := qdrElement(name)
	switch value := value.(type) {
	case governance.Text:
		return xmlLanguages(element, value), nil
	case elmConcept:
		return xmlConcept(element, name, value), nil
	case elmReference:
		return xmlReference(element, governance.URI(value)), nil
	case string:
		return fmt.Appendf(nil, "<%s>%s</%s>\n", element, xmlText(value), element), nil
	case *elmThing:
		if elmShapes[value.class].listed != "" {
			return xmlReference(element, value.id), w.list(value)
		}
		var content []byte
		for _, part := range inOneLanguage(value) {
			written, err := w.element(element, part, false)
			if err != nil {
				return nil, err
			}
			content = append(content, written...)
		}
		return content, nil
	default:
		return nil, fmt.Errorf("%T is no value of the model", value)
	}
}

// inOneLanguage makes a note for each language: the XML says a note in one.
func inOneLanguage(t *elmThing) []*elmThing {
	text, _ := slices.Concat(t.member("noteLiteral"), []any{nil})[0].(governance.Text)
	if t.class != "Note" || len(text) < 2 {
		return []*elmThing{t}
	}
	var notes []*elmThing
	for _, tag := range slices.Sorted(maps.Keys(text)) {
		note := &elmThing{class: "Note", id: t.id}
		note.add("subject", t.member("subject")...)
		note.add("noteLiteral", governance.Text{tag: text[tag]})
		notes = append(notes, note)
	}
	return notes
}

// file puts the lists together in the order of the schema.
func (w *qdrWriter) file() []byte {
	var out bytes.Buffer
	out.WriteString(xml.Header)
	out.WriteString(`<Courses xmlns="http://data.europa.eu/snb/model/ap/loq-constraints/" xmlns:skos="` + turtlePrefixes["skos"] +
		`" xmlns:dc="` + turtlePrefixes["dc"] + `" xsdVersion="3.1.0">` + "\n")
	for _, list := range elmListed {
		if content := w.lists[list]; len(content) > 0 {
			fmt.Fprintf(&out, "<%sReferences>\n%s</%sReferences>\n", list, content, list)
		}
	}
	out.WriteString("</Courses>\n")
	return out.Bytes()
}

func xmlLanguages(element string, text governance.Text) []byte {
	var out []byte
	for _, tag := range slices.Sorted(maps.Keys(text)) {
		out = fmt.Appendf(out, "<%s language=%s>%s</%s>\n", element, xmlAttribute(tag), xmlText(text[tag]), element)
	}
	return out
}

// xmlConcept writes a term by its code. Words stand beside it only where it is a term of our own.
func xmlConcept(element, name string, c elmConcept) []byte {
	out := fmt.Appendf(nil, "<%s uri=%s", element, xmlAttribute(string(c.id)))
	if name != "subject" && name != "qualificationCode" {
		return append(out, "/>\n"...)
	}
	out = append(out, ">\n"...)
	out = append(out, xmlLanguages("skos:prefLabel", c.label)...)
	if c.notation != "" {
		out = fmt.Appendf(out, "<skos:notation>%s</skos:notation>\n", xmlText(c.notation))
	}
	return fmt.Appendf(out, "</%s>\n", element)
}

func xmlReference(element string, id governance.URI) []byte {
	return fmt.Appendf(nil, "<%s idref=%s/>\n", element, xmlAttribute(string(id)))
}

func xmlText(words string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(words)) // a strings.Builder takes everything
	return out.String()
}

func xmlAttribute(words string) string { return `"` + xmlText(words) + `"` }
