package exchange

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

const xmlNames = "http://www.w3.org/XML/1998/namespace"

// rdfXML reads RDF/XML statement by statement, as far as vocabularies are published in it: typed and nested nodes, resources,
// and literals in a language. Collections and XML literals are passed over.
type rdfXML struct {
	decoder *xml.Decoder
	name    string
	told    told
	blanks  int
}

func readRDFXML(in io.Reader, name string, told told) error {
	r := &rdfXML{decoder: xml.NewDecoder(in), name: name, told: told}
	for {
		token, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return xmlError(r.decoder, name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Space == rdfNames && start.Name.Local == "RDF" {
			continue
		}
		if start.Name.Space == "" {
			return r.fail("the element " + start.Name.Local + " is not RDF/XML")
		}
		if _, err := r.node(start, "", 0); err != nil {
			return err
		}
	}
}

func (r *rdfXML) fail(why string) error {
	line, _ := r.decoder.InputPos()
	return vocabularyError(r.name, line, "", why)
}

// node reads an element that stands for a resource, and answers what it is called.
func (r *rdfXML) node(start xml.StartElement, language string, depth int) (subject string, err error) {
	if depth > maxImportNesting {
		return "", r.fail("the elements are nested too deeply")
	}
	if subject = attribute(start, rdfNames, "about"); subject == "" {
		r.blanks++
		subject = "_:" + strconv.Itoa(r.blanks)
	}
	if start.Name.Space != rdfNames || start.Name.Local != "Description" {
		if err := r.told(subject, rdfNames+"type", rdfObject{resource: start.Name.Space + start.Name.Local}); err != nil {
			return "", err
		}
	}
	language = languageOf(start, language)
	for {
		token, err := r.decoder.Token()
		if err != nil {
			return "", xmlError(r.decoder, r.name, err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			return subject, nil
		case xml.StartElement:
			if err := r.property(subject, t, languageOf(t, language), depth); err != nil {
				return "", err
			}
		}
	}
}

func languageOf(start xml.StartElement, inherited string) string {
	for _, a := range start.Attr {
		if a.Name.Local == "lang" && (a.Name.Space == xmlNames || a.Name.Space == "xml") {
			return a.Value
		}
	}
	return inherited
}

// property reads an element that says something of the subject.
func (r *rdfXML) property(subject string, start xml.StartElement, language string, depth int) error {
	predicate := start.Name.Space + start.Name.Local
	if attribute(start, rdfNames, "parseType") != "" {
		return r.skip()
	}
	if resource := attribute(start, rdfNames, "resource"); resource != "" {
		if err := r.told(subject, predicate, rdfObject{resource: resource}); err != nil {
			return err
		}
		return r.skip()
	}
	var words strings.Builder
	nested := false
	for {
		token, err := r.decoder.Token()
		if err != nil {
			return xmlError(r.decoder, r.name, err)
		}
		switch t := token.(type) {
		case xml.CharData:
			words.Write(t)
		case xml.StartElement:
			nested = true
			object, err := r.node(t, language, depth+1)
			if err == nil {
				err = r.told(subject, predicate, rdfObject{resource: object})
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			if nested {
				return nil
			}
			return r.told(subject, predicate, rdfObject{words: strings.TrimSpace(words.String()), language: language})
		}
	}
}

func (r *rdfXML) skip() error {
	if err := r.decoder.Skip(); err != nil {
		return xmlError(r.decoder, r.name, err)
	}
	return nil
}
