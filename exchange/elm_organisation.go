package exchange

import (
	"slices"

	"concordat/governance"
)

// awardingBody makes the Organisation that awards the credential.
func (e *elmExporter) awardingBody() *elmThing {
	b := e.Offer.AwardingBody
	const path = "/offer/awardingBody"
	t := e.part("Organisation", "offer", "awardingBody")
	if e.isPublisher(b) {
		t.id = e.PartyURI(e.Publisher)
	}
	t.add("legalName", e.text(path+"/name", b.Name))
	if e.format == ELMDataset {
		e.homepageNote(t, path+"/homepage", b.Homepage)
	} else {
		t.add("homepage", e.web(path+"/homepage", b.Homepage, nil))
	}
	for _, number := range b.Identifiers {
		e.number(t, path+"/identifiers/"+string(number.ID), number, b.Country)
	}
	t.add("location", e.location(path, governance.Place{Country: b.Country, Region: b.Region, Address: b.Address}))
	return t
}

// homepageNote tells a homepage in a note, as document does.
func (e *elmExporter) homepageNote(t *elmThing, path string, homepage governance.URI) {
	words := governance.Text{}
	for _, tag := range e.Document.Languages {
		words[string(tag)] = string(homepage)
	}
	if homepage != "" {
		t.add("additionalNote", e.note(path, words, "homepage"))
	}
}

// isPublisher says whether the awarding body is the organization that published.
func (e *elmExporter) isPublisher(b governance.AwardingBody) bool {
	for _, name := range b.Name {
		if name == e.Publisher.LegalName {
			return true
		}
	}
	return false
}

// number gives an organization a number. One of a register of a country is a LegalIdentifier; of each kind there is one
// at most, and further ones are plain identifiers.
func (e *elmExporter) number(t *elmThing, path string, n governance.LegalIdentity, country governance.CountryCode) {
	member := codeOf(elmSchemes, n.Scheme)
	spatial := countryConcept(country, e.Document.Languages)
	single := member == "registration" || member == "eIDASIdentifier"
	identifier := e.part("LegalIdentifier", "offer", "awardingBody", "identifiers", string(n.ID))
	if member == "" || spatial.id == "" || single && t.member(member) != nil {
		member, identifier.class = "identifier", "Identifier"
		if e.format == QDRDataset && hasNumber(t, n.Number) {
			e.lose(path, "number-twice", "number", n.Number)
			return
		}
	}
	e.carry(path)
	identifier.add("notation", n.Number)
	if member == "identifier" {
		identifier.add("schemeName", n.Scheme)
	} else {
		identifier.add("spatial", spatial)
	}
	t.add(member, identifier)
}

// hasNumber says whether the organization has the number already: the XML of a register takes each plain one once.
func hasNumber(t *elmThing, number string) bool {
	return slices.ContainsFunc(t.member("identifier"), func(held any) bool {
		return slices.Contains(held.(*elmThing).member("notation"), any(number))
	})
}

// location makes a Location, which has an address with a country.
func (e *elmExporter) location(path string, p governance.Place) *elmThing {
	segments := segmentsOf(path)
	country := countryConcept(p.Country, e.Document.Languages)
	if country.id == "" {
		return nil // CheckELM says that it is missing
	}
	e.carry(path + "/country")
	address := e.part("Address", append(slices.Clone(segments), "postal")...)
	address.add("fullAddress", e.singleNote(path+"/address", p.Address))
	address.add("countryCode", country)
	t := e.part("Location", append(slices.Clone(segments), "location")...)
	t.add("geographicName", e.text(path+"/name", p.Name))
	t.add("spatialCode", e.region(path+"/region", p.Region))
	t.add("address", address)
	return t
}

// region carries a region. The register's XML knows countries and NUTS, the credential's profile every scheme.
func (e *elmExporter) region(path string, uri governance.URI) elmConcept {
	if uri == "" {
		return elmConcept{}
	}
	concept := regionConcept(uri)
	if concept.id == "" || e.format != ELMCredential && concept.scheme != schemeNUTS {
		e.lose(path, "not-in-vocabulary", "code", string(uri))
		return elmConcept{}
	}
	e.carry(path)
	return concept
}
