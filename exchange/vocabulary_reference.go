package exchange

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
)

// naceURIs is where the codes of NACE are, written without dots.
const naceURIs = "http://data.europa.eu/ux2/nace2/"

// ReadVocabulary reads a vocabulary from a file as its publisher offers it, by the ending of the file's name: SKOS in RDF/XML
// (.rdf, .xml) or Turtle (.ttl, .nt), the enumeration of an XML Schema (.xsd), Eurostat's CSV of NACE, or a CSV with columns
// "uri", "label_en", "altLabels_en", "code", "broader", "kind", "eqf" and "obsolete" (.csv). Where the file says a version, the
// answer has it. INVALID names file, line and field; a file with terms of another scheme is INVALID too.
func ReadVocabulary(in io.Reader, name string, scheme governance.Scheme) (governance.Vocabulary, error) {
	var read vocabularyReader
	var version string
	var err error
	switch ending := strings.ToLower(path.Ext(name)); ending {
	case ".rdf", ".xml":
		version, err = readSKOS(&read, func(told told) error { return readRDFXML(bounded(in, name), name, told) })
	case ".ttl", ".nt":
		version, err = readSKOS(&read, func(told told) error { return readTurtle(bounded(in, name), name, told) })
	case ".xsd":
		err = readEnumeration(in, name, &read)
	case ".csv":
		err = readTermTable(in, name, &read)
	default:
		err = vocabularyError(name, 0, "", "it is none of .rdf, .xml, .ttl, .nt, .xsd and .csv")
	}
	if err != nil {
		return governance.Vocabulary{}, err
	}
	v := read.vocabulary(scheme, version)
	if len(v.Terms) == 0 {
		return v, vocabularyError(name, 0, "", "there is no term in it")
	}
	if form, ok := elmCodeForms[scheme]; ok && !slices.ContainsFunc(v.Terms, func(t governance.Term) bool { return form.MatchString(string(t.URI)) }) {
		return v, vocabularyError(name, 0, "", "its terms, such as "+string(v.Terms[0].URI)+", are not of "+string(scheme))
	}
	return v, nil
}

// The names of RDF that vocabularies are told with.
const (
	skosNames = "http://www.w3.org/2004/02/skos/core#"
	rdfNames  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	owlNames  = "http://www.w3.org/2002/07/owl#"
	euNames   = "http://publications.europa.eu/ontology/"
)

// rdfObject is what a statement of RDF says of its subject: a resource, or words in a language.
type rdfObject struct {
	resource string
	words    string
	language string
}

// told is handed each statement of a file.
type told func(subject, predicate string, object rdfObject) error

// skosTerm is what a file says of a subject, before it is known whether that is a concept.
type skosTerm struct {
	term      *governance.Term
	preferred map[string]string
	others    map[string][]string
	isConcept bool
}

// readSKOS puts concepts together from statements, which come in any order, and answers the version that they tell.
func readSKOS(into *vocabularyReader, statements func(told) error) (version string, err error) {
	found, order := map[string]*skosTerm{}, []string{}
	err = statements(func(subject, predicate string, object rdfObject) error {
		t := found[subject]
		if t == nil {
			t = &skosTerm{term: &governance.Term{}, preferred: map[string]string{}, others: map[string][]string{}}
			found[subject], order = t, append(order, subject)
		}
		if predicate == owlNames+"versionInfo" && version == "" {
			version = object.words
		}
		t.say(predicate, object)
		return nil
	})
	if err != nil {
		return "", err
	}
	for _, subject := range order {
		if t := found[subject]; t.isConcept && len(t.preferred) > 0 && strings.Contains(subject, "://") {
			term := into.term(governance.URI(subject))
			term.Code, term.Broader, term.Obsolete = t.term.Code, t.term.Broader, t.term.Obsolete
			for tag, words := range t.preferred {
				labels(term, tag, words, t.others[tag]...)
			}
		}
	}
	return version, nil
}

// say takes in one statement about the subject; what vocabularies do not need is passed over.
func (t *skosTerm) say(predicate string, object rdfObject) {
	tag := languageTag(object.language)
	if tag == "" || object.language == "" {
		tag = "en"
	}
	switch predicate {
	case rdfNames + "type":
		t.isConcept = t.isConcept || object.resource == skosNames+"Concept"
	case skosNames + "prefLabel":
		t.preferred[tag] = object.words
	case skosNames + "altLabel":
		t.others[tag] = append(t.others[tag], object.words)
	case skosNames + "notation":
		if t.term.Code == "" || len(object.words) < len(t.term.Code) {
			t.term.Code = object.words
		}
	case skosNames + "broader":
		if strings.Contains(object.resource, "://") {
			t.term.Broader = append(t.term.Broader, governance.URI(object.resource))
		}
	case owlNames + "deprecated", euNames + "authority/deprecated":
		t.term.Obsolete = t.term.Obsolete || object.words == "true" || object.words == "1"
	case euNames + "euvoc#status":
		status := path.Base(object.resource)
		t.term.Obsolete = t.term.Obsolete || status == "DEPRECATED" || status == "RETIRED"
	}
}

// readEnumeration reads the values of an XML Schema's enumerations that are URIs, each with its documentation in English.
func readEnumeration(in io.Reader, name string, into *vocabularyReader) error {
	decoder := xml.NewDecoder(bounded(in, name))
	var t *governance.Term
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return xmlError(decoder, name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "enumeration":
			value := attribute(start, "", "value")
			if !strings.Contains(value, "://") {
				line, _ := decoder.InputPos()
				return vocabularyError(name, line, "value", "“"+value+"” is not a URI")
			}
			t = into.term(governance.URI(value))
		case "documentation":
			var words string
			if err := decoder.DecodeElement(&words, &start); err != nil {
				return xmlError(decoder, name, err)
			}
			if t != nil {
				labels(t, "en", words)
			}
		}
	}
}

func xmlError(decoder *xml.Decoder, name string, err error) error {
	if refused, ok := errors.AsType[*governance.Error](err); ok {
		return refused
	}
	line, _ := decoder.InputPos()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return vocabularyError(name, syntax.Line, "", syntax.Msg)
	}
	return vocabularyError(name, line, "", err.Error())
}

func attribute(start xml.StartElement, space, local string) string {
	for _, a := range start.Attr {
		if a.Name.Local == local && a.Name.Space == space {
			return a.Value
		}
	}
	return ""
}

// readTermTable reads Eurostat's CSV of NACE, or a CSV with a column "uri".
func readTermTable(in io.Reader, name string, into *vocabularyReader) error {
	table, err := openTable(in, name)
	if err != nil {
		return err
	}
	row := readTermRow
	if _, ok := table.columns["uri"]; !ok {
		for _, column := range []string{"Code", "Parent", "Description"} {
			if _, ok := table.columns[column]; !ok {
				return vocabularyError(name, 1, "", "there is neither a column uri nor Eurostat's column "+column)
			}
		}
		row = readNACERow
	}
	for {
		more, err := table.next()
		if err != nil || !more {
			return err
		}
		if err := row(table, into); err != nil {
			return err
		}
	}
}

func naceURI(code string) governance.URI {
	return governance.URI(naceURIs + strings.ReplaceAll(code, ".", ""))
}

func readNACERow(table *vocabularyTable, into *vocabularyReader) error {
	code, parent := table.cell("Code"), table.cell("Parent")
	if code == "" || strings.ContainsAny(code, " /<>\"") {
		return vocabularyError(table.file, table.line, "Code", "“"+code+"” is not a code of NACE")
	}
	t := into.term(naceURI(code))
	t.Code = code
	if parent != "" {
		t.Broader = append(t.Broader, naceURI(parent))
	}
	labels(t, "en", table.cell("Description"))
	return nil
}

func readTermRow(table *vocabularyTable, into *vocabularyReader) error {
	uri, err := table.uri("uri")
	if err != nil {
		return err
	}
	t := into.term(uri)
	t.Code, t.Kind, t.Obsolete = table.cell("code"), table.cell("kind"), table.cell("obsolete") == "true"
	for _, broader := range strings.Fields(strings.ReplaceAll(table.cell("broader"), "|", " ")) {
		t.Broader = append(t.Broader, governance.URI(broader))
	}
	if eqf := table.cell("eqf"); eqf != "" {
		if t.EQF, err = strconv.Atoi(eqf); err != nil || t.EQF < 1 || t.EQF > 8 {
			return vocabularyError(table.file, table.line, "eqf", "“"+eqf+"” is not a level from 1 to 8")
		}
	}
	for column := range table.columns {
		language, ok := strings.CutPrefix(column, "label_")
		if !ok {
			continue
		}
		tag := languageTag(language)
		if tag == "" {
			return vocabularyError(table.file, 1, column, "“"+language+"” is not a language")
		}
		labels(t, tag, table.cell(column), strings.Split(table.cell("altLabels_"+language), "|")...)
	}
	return nil
}
