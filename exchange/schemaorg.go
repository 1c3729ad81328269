package exchange

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"concordat/governance"
)

// schemaObject is a JSON-LD object of schema.org.
type schemaObject map[string]any

// add gives the object a member unless it says nothing.
func (o schemaObject) add(name string, value any) {
	switch value := value.(type) {
	case nil:
		return
	case string:
		if value == "" {
			return
		}
	case []any:
		if len(value) == 0 {
			return
		}
	case schemaObject:
		if len(value) < 2 { // nothing but its type
			return
		}
	}
	o[name] = value
}

// schemaExporter fills a graph.
type schemaExporter struct{ *exporter }

// ExportSchemaOrg makes JSON-LD of schema.org: an EducationalOccupationalCredential and, where there is an offer, the Course that
// leads to it, with its instance and what it costs. Search engines read it within a page, so whatever could end a script
// is escaped. A publication without address, title or description is refused with INVALID.
func ExportSchemaOrg(p Published) (Export, error) {
	if err := refusalOf(CheckSchemaOrg(p)); err != nil {
		return Export{}, err
	}
	e := schemaExporter{newExporter(p)}
	graph := []any{e.credential()}
	if p.Offer != nil {
		graph = append(graph, e.course())
	}
	content, err := json.MarshalIndent(schemaObject{"@context": "https://schema.org", "@graph": graph}, "", "  ")
	if err != nil {
		return Export{}, fmt.Errorf("encode the file: %w", err)
	}
	return e.done(append(content, '\n')), nil
}

// CheckSchemaOrg answers why nothing can be made of the publication that a search engine would read.
func CheckSchemaOrg(p Published) []governance.Finding {
	findings := checkAddress(p)
	language := string(p.Document.PrimaryLanguage())
	if len(p.Document.Title) == 0 {
		findings = append(findings, formatFinding("text-missing", "/title", "language", language))
	}
	if len(p.Document.Summary) == 0 {
		findings = append(findings, formatFinding("text-missing", "/summary", "language", language))
	}
	return findings
}

// text carries a text, each of its languages with its tag.
func (e schemaExporter) text(path string, text governance.Text) any {
	e.carry(path)
	return schemaText(text)
}

func schemaText(text governance.Text) any {
	if len(text) == 0 {
		return nil
	}
	var values []any
	for _, tag := range slices.Sorted(maps.Keys(text)) {
		values = append(values, schemaObject{"@language": tag, "@value": text[tag]})
	}
	return values
}

func (e schemaExporter) credential() schemaObject {
	d := e.Document
	o := schemaObject{"@type": "EducationalOccupationalCredential", "@id": string(e.EditionURI()), "url": string(e.EditionURI()),
		"credentialCategory": schemaObject{"@type": "DefinedTerm", "name": "Micro-credential"}}
	o.add("name", e.text("/title", d.Title))
	o.add("description", e.text("/summary", d.Summary))
	o.add("inLanguage", listOf(d.Languages))
	o.add("version", e.Number)
	o.add("isBasedOn", string(e.TextURI()))
	if !e.PublishedAt.IsZero() {
		o.add("datePublished", e.PublishedAt.UTC().Format(time.RFC3339))
	}
	if !e.ModifiedAt.IsZero() {
		o.add("dateModified", e.ModifiedAt.UTC().Format(time.RFC3339))
	}
	e.carry("/licence")
	o.add("license", string(d.EffectiveLicence()))
	o.add("creator", e.party(e.Council))
	o.add("publisher", e.party(e.Publisher))
	o.add("educationalLevel", e.levels())
	o.add("competencyRequired", e.competencies())
	var recognized, about []any
	for _, statement := range e.Statements {
		if statement.Kind == governance.StatementEndorsement || statement.Kind == governance.StatementRecognition {
			recognized = append(recognized, e.party(statement.Issuer))
		}
	}
	o.add("recognizedBy", recognized)
	for _, field := range d.Classification.ISCEDF {
		e.carry("/classification/iscedf/" + escapeSegment(string(field.ID)))
		about = append(about, definedTerm(string(field.ID), "ISCED-F 2013", field.Label))
	}
	o.add("about", about)
	if d.Validity.Months > 0 {
		e.carry("/validity/months")
		o.add("validFor", "P"+strconv.Itoa(d.Validity.Months)+"M")
	}
	return o
}

func (e schemaExporter) party(party Party) schemaObject {
	o := schemaObject{"@type": "Organization"}
	if party.Slug != "" {
		o.add("@id", string(e.PartyURI(party)))
	}
	o.add("name", party.LegalName)
	o.add("url", string(party.Homepage))
	return o
}

// definedTerm is a term of a vocabulary.
func definedTerm(uri, set string, name governance.Text) schemaObject {
	o := schemaObject{"@type": "DefinedTerm"}
	o.add("@id", uri)
	o.add("inDefinedTermSet", set)
	o.add("name", schemaText(name))
	return o
}

func (e schemaExporter) levels() []any {
	var levels []any
	if level := e.Document.Level.EQF; level > 0 {
		e.carry("/level/eqf")
		term := definedTerm(eqfLevels+strconv.Itoa(level), "European Qualifications Framework", nil)
		term.add("termCode", strconv.Itoa(level))
		levels = append(levels, term)
	}
	for _, national := range e.Document.Level.NQF {
		e.carry("/level/nqf/" + string(national.ID))
		term := definedTerm(string(national.URI), string(national.Country)+": "+national.Framework, nil)
		term.add("termCode", national.Level)
		levels = append(levels, term)
	}
	return levels
}

// competencies writes outcomes, and their skills after them: schema.org does not say which belongs to which.
func (e schemaExporter) competencies() []any {
	var terms []any
	for _, outcome := range e.Document.Outcomes {
		path := "/outcomes/" + string(outcome.ID)
		e.carry(path + "/statement")
		terms = append(terms, definedTerm(string(e.PartURI("outcomes", string(outcome.ID))), "", outcome.Statement))
		for _, skill := range outcome.Skills {
			at := path + "/skills/" + escapeSegment(string(skill.ID))
			e.carry(at)
			e.change(at, "detached")
			terms = append(terms, definedTerm(string(skill.ID), "ESCO", skill.Label))
		}
	}
	return terms
}

// schemaModes are the modes as schema.org's courseMode has them, or as near as may be.
var schemaModes = map[governance.Mode]string{
	governance.ModeOnSite: "onsite", governance.ModeOnline: "online", governance.ModeBlended: "blended", governance.ModeWorkBased: "work-based",
	governance.ModeProjectBased: "project-based", governance.ModeResearchLab: "research lab",
}

// course writes the offer.
func (e schemaExporter) course() schemaObject {
	d := e.Document
	o := schemaObject{"@type": "Course", "@id": string(e.PartURI("course")), "url": string(e.EditionURI()),
		"educationalCredentialAwarded": schemaObject{"@id": string(e.EditionURI())}}
	o.add("name", schemaText(d.Title))
	o.add("description", schemaText(d.Summary))
	o.add("provider", e.provider())
	o.add("coursePrerequisites", e.text("/prerequisites", d.Prerequisites))
	var credits []any
	for _, credit := range d.Workload.Credits {
		e.carry("/workload/credits/" + string(credit.ID))
		value := schemaObject{"@type": "StructuredValue"}
		value.add("name", credit.System)
		if credit.Points != "" {
			value["value"] = json.Number(credit.Points)
		}
		credits = append(credits, value)
	}
	o.add("numberOfCredits", credits)
	o.add("hasCourseInstance", e.instance())
	o.add("offers", e.price())
	return o
}

// provider is the awarding body, else the publisher.
func (e schemaExporter) provider() schemaObject {
	body := e.Offer.AwardingBody
	if len(body.Name) == 0 {
		return e.party(e.Publisher)
	}
	o := schemaObject{"@type": "Organization"}
	o.add("name", e.text("/offer/awardingBody/name", body.Name))
	e.carry("/offer/awardingBody/homepage", "/offer/awardingBody/country")
	o.add("url", string(body.Homepage))
	address := schemaObject{"@type": "PostalAddress"}
	address.add("streetAddress", e.text("/offer/awardingBody/address", body.Address))
	address.add("addressCountry", string(body.Country))
	o.add("address", address)
	return o
}

func (e schemaExporter) instance() schemaObject {
	offer := e.Offer
	o := schemaObject{"@type": "CourseInstance"}
	e.carry("/workload/hours", "/offer/modes", "/offer/languages", "/offer/schedule/starts", "/offer/schedule/ends", "/offer/groupSize")
	o.add("courseWorkload", elmHours(e.Document.Workload.Hours))
	var modes []any
	for _, mode := range offer.Modes {
		modes = append(modes, schemaModes[mode])
	}
	o.add("courseMode", modes)
	o.add("inLanguage", listOf(offer.Languages))
	o.add("startDate", string(offer.Schedule.Starts))
	o.add("endDate", string(offer.Schedule.Ends))
	o.add("description", e.text("/offer/schedule/note", offer.Schedule.Note))
	if offer.GroupSize > 0 {
		o["maximumAttendeeCapacity"] = offer.GroupSize
	}
	var places []any
	for _, place := range offer.Places {
		path := "/offer/places/" + string(place.ID)
		e.carry(path + "/country")
		at := schemaObject{"@type": "Place"}
		at.add("name", e.text(path+"/name", place.Name))
		address := schemaObject{"@type": "PostalAddress"}
		address.add("streetAddress", e.text(path+"/address", place.Address))
		address.add("addressCountry", string(place.Country))
		at.add("address", address)
		places = append(places, at)
	}
	o.add("location", places)
	return o
}

func (e schemaExporter) price() schemaObject {
	fee := e.Offer.Fee
	o := schemaObject{"@type": "Offer"}
	e.carry("/offer/fee/amount", "/offer/fee/currency")
	if amount := fee.Amount.Rat(); amount != nil {
		o["price"] = json.Number(fee.Amount)
		o["category"] = "Paid"
		if amount.Sign() == 0 {
			o["category"] = "Free"
		}
	}
	o.add("priceCurrency", string(fee.Currency))
	o.add("description", e.text("/offer/fee/note", fee.Note))
	o.add("availabilityEnds", string(e.EnrolUntil))
	return o
}
