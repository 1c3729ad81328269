package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"concordat/governance"
)

// turtlePrefixes are the namespaces that the files use.
var turtlePrefixes = map[string]string{
	"elm": "http://data.europa.eu/snb/model/elm/", "dc": "http://purl.org/dc/terms/", "skos": "http://www.w3.org/2004/02/skos/core#",
	"adms": "http://www.w3.org/ns/adms#", "rov": "http://www.w3.org/ns/regorg#", "foaf": "http://xmlns.com/foaf/0.1/",
	"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "xsd": "http://www.w3.org/2001/XMLSchema#", "prov": "http://www.w3.org/ns/prov#",
}

// turtleWriter writes RDF as Turtle: a block for each subject, in the order in which they come.
type turtleWriter struct {
	out      strings.Builder
	written  map[governance.URI]bool
	concepts map[governance.URI]elmConcept
}

func newTurtle(prefixes ...string) *turtleWriter {
	w := &turtleWriter{written: map[governance.URI]bool{}, concepts: map[governance.URI]elmConcept{}}
	for _, prefix := range prefixes {
		fmt.Fprintf(&w.out, "@prefix %s: <%s> .\n", prefix, turtlePrefixes[prefix])
	}
	return w
}

// block writes a subject with its lines, each a predicate and its objects.
func (w *turtleWriter) block(subject governance.URI, class string, lines ...string) {
	fmt.Fprintf(&w.out, "\n%s a %s", turtleIRI(subject), class)
	for _, line := range lines {
		w.out.WriteString(" ;\n  " + line)
	}
	w.out.WriteString(" .\n")
}

// thing writes a thing and whatever it holds, each once.
func (w *turtleWriter) thing(t *elmThing) error {
	if w.written[t.id] {
		return nil
	}
	w.written[t.id] = true
	members, err := t.ordered()
	if err != nil {
		return err
	}
	var lines []string
	var held []*elmThing
	for _, m := range members {
		property := elmProperties[m.name]
		var objects []string
		for _, value := range m.values {
			objects = append(objects, w.objects(value, property)...)
			if t, ok := value.(*elmThing); ok {
				held = append(held, t)
			}
		}
		lines = append(lines, property.iri+" "+strings.Join(objects, ", "))
	}
	w.block(t.id, turtleClass(t.class), lines...)
	for _, t := range held {
		if err := w.thing(t); err != nil {
			return err
		}
	}
	return nil
}

func turtleClass(class string) string {
	if class == "Location" || class == "PeriodOfTime" {
		return "dc:" + class
	}
	return "elm:" + class
}

func (w *turtleWriter) objects(value any, property elmProperty) []string {
	switch value := value.(type) {
	case governance.Text:
		return turtleText(value)
	case elmConcept:
		w.remember(value)
		return []string{turtleIRI(value.id)}
	case *elmThing:
		return []string{turtleIRI(value.id)}
	case elmReference:
		return []string{turtleIRI(governance.URI(value))}
	case string:
		return []string{turtleLiteral(value, property.datatype)}
	default:
		panic(fmt.Sprintf("%T is no value of the model", value))
	}
}

// remember keeps a concept for the end of the file, with the first label of each language that comes.
func (w *turtleWriter) remember(c elmConcept) {
	old, ok := w.concepts[c.id]
	if !ok {
		old = elmConcept{id: c.id, scheme: c.scheme, notation: c.notation}
	}
	label := maps.Clone(c.label)
	if label == nil {
		label = governance.Text{}
	}
	maps.Copy(label, old.label)
	old.label = label
	w.concepts[c.id] = old
}

// vocabulary writes the concepts that were named and their schemes. The LOQ profile refuses the true scheme of ESCO's
// skills, so that theirs is not said.
func (w *turtleWriter) vocabulary() {
	schemes := map[governance.URI]bool{}
	for _, id := range slices.Sorted(maps.Keys(w.concepts)) {
		c := w.concepts[id]
		var lines []string
		if len(c.label) > 0 {
			lines = append(lines, "skos:prefLabel "+strings.Join(turtleText(c.label), ", "))
		}
		if c.notation != "" {
			lines = append(lines, "skos:notation "+turtleLiteral(c.notation, ""))
		}
		if c.scheme != "" && c.scheme != schemeESCOSkill {
			lines = append(lines, "skos:inScheme "+turtleIRI(c.scheme))
			schemes[c.scheme] = true
		}
		w.block(id, "skos:Concept", lines...)
	}
	for _, scheme := range slices.Sorted(maps.Keys(schemes)) {
		w.block(scheme, "skos:ConceptScheme")
	}
}

func turtleText(text governance.Text) []string {
	var literals []string
	for _, tag := range slices.Sorted(maps.Keys(text)) {
		literals = append(literals, turtleLiteral(text[tag], "")+"@"+tag)
	}
	return literals
}

func turtleLiteral(words, datatype string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range words {
		switch {
		case c == '"' || c == '\\':
			out.WriteRune('\\')
			out.WriteRune(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&out, `\u%04X`, c)
		default:
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
	if datatype != "" {
		out.WriteString("^^" + datatype)
	}
	return out.String()
}

// turtleIRI writes an address; what Turtle does not allow between the brackets is percent-encoded.
func turtleIRI(uri governance.URI) string {
	var out strings.Builder
	out.WriteByte('<')
	for _, c := range []byte(uri) {
		if c <= ' ' || strings.IndexByte("<>\"{}|^`\\", c) >= 0 {
			fmt.Fprintf(&out, "%%%02X", c)
			continue
		}
		out.WriteByte(c)
	}
	out.WriteByte('>')
	return out.String()
}
