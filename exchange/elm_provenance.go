package exchange

import (
	"strings"
	"time"

	"concordat/governance"
)

// ProvenanceURI is the address of the document of provenance.
func (p Published) ProvenanceURI() governance.URI { return p.EditionURI() + "?format=elm-provenance" }

// ExportELMProvenance writes, as Turtle in the W3C's PROV-O, what the closed profiles of ELM have no place for: of which
// exact text an edition is, who stands behind it, under which licence, in which period it is awarded, and who has said
// what.
func ExportELMProvenance(p Published) []byte {
	w := newTurtle("dc", "elm", "foaf", "prov", "xsd")
	lines := []string{
		"dc:identifier " + turtleLiteral(string(p.Digest), ""),
		"dc:title " + strings.Join(turtleText(p.Document.Title), ", "),
		"dc:isVersionOf " + turtleIRI(p.SpecificationURI()),
		"dc:license " + turtleIRI(p.Document.EffectiveLicence()),
		"prov:alternateOf " + turtleIRI(p.TextURI()),
		"prov:wasAttributedTo " + turtleIRI(p.PartyURI(p.Council)) + ", " + turtleIRI(p.PartyURI(p.Lead)),
		"dc:publisher " + turtleIRI(p.PartyURI(p.Publisher)),
		"dc:issued " + turtleInstant(p.PublishedAt),
	}
	if p.ValidFrom != "" {
		lines = append(lines, "dc:valid "+turtleLiteral(dcmiPeriod(p.ValidFrom, p.AwardUntil), "dc:Period"))
	}
	if review := p.Document.Validity.ReviewDate; review != "" {
		lines = append(lines, "elm:reviewDate "+turtleLiteral(string(review)+"T23:59:59Z", "xsd:dateTime"))
	}
	w.block(p.EditionURI(), "prov:Entity", lines...)
	for _, party := range []Party{p.Council, p.Lead, p.Publisher} {
		w.party(p, party)
	}
	for _, c := range p.Statements {
		w.confirmation(p, c)
	}
	return []byte(w.out.String())
}

// dcmiPeriod writes a period as DCMI encodes one; it may be without end.
func dcmiPeriod(start, end governance.Date) string {
	period := "start=" + string(start) + ";"
	if end != "" {
		period += " end=" + string(end) + ";"
	}
	return period + " scheme=W3C-DTF;"
}

func turtleInstant(at time.Time) string {
	return turtleLiteral(at.UTC().Format("2006-01-02T15:04:05Z"), "xsd:dateTime")
}

// party writes an organization, once.
func (w *turtleWriter) party(p Published, party Party) {
	id := p.PartyURI(party)
	if w.written[id] {
		return
	}
	w.written[id] = true
	lines := []string{"foaf:name " + turtleLiteral(party.LegalName, "")}
	if party.Homepage != "" {
		lines = append(lines, "foaf:homepage "+turtleIRI(party.Homepage))
	}
	if party.DID != "" {
		lines = append(lines, "dc:identifier "+turtleLiteral(party.DID, ""))
	}
	w.block(id, "prov:Organization", lines...)
}

// confirmation writes what a body has said.
func (w *turtleWriter) confirmation(p Published, c Confirmation) {
	lines := []string{
		"dc:type " + turtleLiteral(string(c.Kind), ""),
		"dc:references " + turtleIRI(p.EditionURI()),
		"prov:wasAttributedTo " + turtleIRI(p.PartyURI(c.Issuer)),
		"prov:generatedAtTime " + turtleInstant(c.GivenAt),
	}
	if c.ValidUntil != nil {
		lines = append(lines, "prov:invalidatedAtTime "+turtleInstant(*c.ValidUntil))
	}
	if c.Conditions != "" {
		lines = append(lines, "dc:description "+turtleLiteral(c.Conditions, ""))
	}
	w.block(p.PartURI("statements", string(c.ID)), "prov:Entity", lines...)
	w.party(p, c.Issuer)
}
