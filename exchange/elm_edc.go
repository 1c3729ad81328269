package exchange

import (
	"strconv"
	"strings"

	"concordat/governance"
)

// elmContexts are the JSON-LD contexts of a credential. Without them a file says nothing at all to software that reads it
// as linked data, and every rule then holds.
var elmContexts = []any{"https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"}

// edcUnissued is the identifier of a credential that nobody has been awarded yet.
const edcUnissued = "urn:credential:00000000-0000-0000-0000-000000000000"

// edcGenericSchema names the shapes that a credential of the generic profile keeps to.
const edcGenericSchema = "http://data.europa.eu/snb/model/ap/edc-generic-full"

// ExportELMCredential writes a publication as the template of a European Digital Credential for Learning: JSON-LD, unsigned,
// and without a learner. What is filled in when it is issued stands as a slot, "{{given_name}}", which PackEDC fills; the
// issuer and the date of issue are added with the seal. It is INVALID where CheckELM finds an error.
func ExportELMCredential(p Published, codes governance.Codes) (Export, error) {
	if err := refusalOf(CheckELM(p, ELMCredential, codes)); err != nil {
		return Export{}, err
	}
	e := newELMExporter(p, ELMCredential)
	credential, err := e.credential()
	if err != nil {
		return Export{}, err
	}
	w := &jsonldWriter{}
	tree := w.thing(credential, "")
	tree["type"] = []any{"VerifiableCredential", credential.class}
	tree["@context"] = elmContexts
	content, err := encodeJSON(tree)
	if err != nil {
		return Export{}, err
	}
	return e.finish(content, w.added), nil
}

// own makes a thing that is of one learner's credential alone, with a name that means nothing outside of it.
func own(class, name string) *elmThing {
	return &elmThing{class: class, id: governance.URI("urn:epass:" + name)}
}

// slot is a place in the template that PackEDC fills: the whole of a text.
func (e *elmExporter) slot(column string) governance.Text {
	return governance.Text{string(e.Document.PrimaryLanguage()): slotOf(column)}
}

func slotOf(column string) string { return "{{" + column + "}}" }

func (e *elmExporter) credential() (*elmThing, error) {
	display, err := e.display()
	if err != nil {
		return nil, err
	}
	t := &elmThing{class: "EuropeanDigitalCredential", id: edcUnissued}
	t.addBecause("profile", "credentialProfiles", elmConcept{id: credentialGeneric, scheme: schemeCredential, label: english("Generic")})
	t.addBecause("profile", "credentialSchema", &elmThing{class: "ShaclValidator2017", id: edcGenericSchema})
	t.addBecause("profile", "displayParameter", display)
	number := own("Identifier", "identifier:certificate")
	number.add("notation", slotOf(edcCertificateNumber))
	number.add("schemeName", "Certificate number")
	t.addBecause("slot", "identifier", number)
	validFrom := e.ValidFrom
	if validFrom == "" {
		validFrom = governance.Date(e.PublishedAt.UTC().Format("2006-01-02"))
	}
	t.addBecause("slot", "validFrom", string(validFrom)+"T00:00:00Z")
	learner := own("Person", "person:1")
	learner.addBecause("slot", "givenName", e.slot(edcGivenName))
	learner.addBecause("slot", "familyName", e.slot(edcFamilyName))
	learner.addBecause("slot", "fullName", e.slot(edcFullName))
	learner.add("hasClaim", e.achievement())
	t.add("credentialSubject", learner)
	return t, nil
}

// achievement is what the learner has achieved: the credential's own content.
func (e *elmExporter) achievement() *elmThing {
	awarding := own("AwardingProcess", "awardingProcess:1")
	awarding.add("awardingBody", e.awarder)
	t := own("LearningAchievement", "learningAchievement:1")
	t.add("title", e.Document.Title)
	t.add("awardedBy", awarding)
	t.add("influencedBy", e.activity(awarding))
	for _, a := range e.Document.Assessments {
		t.add("provenBy", e.taken(a, awarding))
	}
	t.add("specifiedBy", e.specification())
	return t
}

// activity is how it was learned: in which modes and languages the provider teaches. Nil where the offer does not say.
func (e *elmExporter) activity(awarding *elmThing) *elmThing {
	specification := e.part("LearningActivitySpecification", "offer", "activity")
	specification.add("mode", e.modes("/offer/modes", e.Offer.Modes)...)
	specification.add("language", e.languages()...)
	if len(specification.members) == 0 {
		return nil
	}
	specification.addBecause("required", "title", e.Document.Title)
	t := own("LearningActivity", "activity:1")
	t.addBecause("required", "title", e.Document.Title)
	t.add("awardedBy", awarding)
	t.add("specifiedBy", specification)
	return t
}

// taken is an assessment as a learner took it: the grade is a slot.
func (e *elmExporter) taken(a governance.Assessment, awarding *elmThing) *elmThing {
	t := own("LearningAssessment", "learningAssessment:"+string(a.ID))
	t.add("title", a.Title)
	t.add("awardedBy", awarding)
	grade := own("Note", "note:grade:"+string(a.ID))
	grade.add("noteLiteral", e.slot(edcGrade+string(a.ID)))
	t.addBecause("slot", "grade", grade)
	t.add("idVerification", e.supervision(a))
	t.add("specifiedBy", e.assessment(a))
	return t
}

// elmSupervisions are what the vocabulary of supervision calls each kind.
var elmSupervisions = map[governance.Supervision]string{
	governance.SupervisionNone: "Unsupervised", governance.SupervisionAny: "Supervised",
	governance.SupervisionOnline: "Supervised online", governance.SupervisionOnSite: "Supervised onsite",
}

// elmIdentityChecks are what the vocabulary of supervision calls each check.
var elmIdentityChecks = map[governance.IdentityCheck]string{
	governance.IdentityVerified: " with ID Verification", governance.IdentityNotVerified: " without ID Verification", "": "",
}

// supervision says whether an assessment was watched over, in the words of the vocabulary: of its codes only two are
// published with the samples. An identity check alone is no term of it.
func (e *elmExporter) supervision(a governance.Assessment) elmConcept {
	if a.Supervision == "" {
		return elmConcept{}
	}
	path := "/assessments/" + string(a.ID)
	e.carry(path+"/supervision", path+"/identityCheck")
	c := elmConcept{id: e.PartURI("assessments", string(a.ID), "supervision"),
		label: english(elmSupervisions[a.Supervision] + elmIdentityChecks[a.IdentityCheck])}
	switch {
	case a.Supervision == governance.SupervisionNone && a.IdentityCheck == governance.IdentityNotVerified:
		c.id, c.scheme = unsupervisedWithout, schemeSupervision
	case a.Supervision == governance.SupervisionAny && a.IdentityCheck == governance.IdentityVerified:
		c.id, c.scheme = supervisedWith, schemeSupervision
	}
	return c
}

// display says how a wallet shows the credential: a page in each language.
func (e *elmExporter) display() (*elmThing, error) {
	d := e.Document
	t := own("DisplayParameter", "displayParameter:1")
	t.add("title", d.Title)
	t.add("description", d.Summary)
	t.add("primaryLanguage", languageConcept(d.PrimaryLanguage(), d.Languages))
	for _, tag := range d.Languages {
		concept := languageConcept(tag, d.Languages)
		if containsConcept(t.member("language"), concept.id) {
			continue // de and de-AT are one language of the table
		}
		t.add("language", concept)
		content, err := displayPage(e.Published, string(tag))
		if err != nil {
			return nil, err
		}
		image := own("MediaObject", "mediaObject:"+string(tag))
		image.add("content", content)
		image.add("contentEncoding", elmConcept{id: "http://data.europa.eu/snb/encoding/6146cde7dd", scheme: schemeEncoding, label: english("base64")})
		image.add("contentType", elmConcept{id: schemeFileType + "/PNG", scheme: schemeFileType, label: english("PNG")})
		detail := own("DisplayDetail", "displayDetail:"+string(tag))
		detail.add("image", image)
		detail.add("page", 1)
		page := own("IndividualDisplay", "individualDisplay:"+string(tag))
		page.add("language", concept)
		page.add("displayDetail", detail)
		t.add("individualDisplay", page)
	}
	return t, nil
}

func containsConcept(values []any, id governance.URI) bool {
	for _, value := range values {
		if c, ok := value.(elmConcept); ok && c.id == id {
			return true
		}
	}
	return false
}

// jsonldWriter writes things as JSON-LD, each where it is used, and notes what the publication does not hold itself.
type jsonldWriter struct {
	added []Loss
}

func (w *jsonldWriter) thing(t *elmThing, path string) map[string]any {
	object := map[string]any{"id": string(t.id), "type": t.class}
	if t.added != "" {
		w.added = append(w.added, lossOf(path, lastMember(path), t.added))
	}
	for _, m := range t.members {
		at := path + "/" + m.name
		if m.added != "" {
			w.added = append(w.added, lossOf(at, m.name, m.added))
		}
		var values []any
		for i, value := range m.values {
			below := at
			if elmProperties[m.name].many {
				below += "/" + strconv.Itoa(i)
			}
			values = append(values, w.value(value, m.name, below))
		}
		object[m.name] = values
		if !elmProperties[m.name].many {
			object[m.name] = values[0]
		}
	}
	return object
}

// lastMember answers the member that a pointer ends in, be it in an element of a list.
func lastMember(path string) string { return treeNode{path: path}.element() }

func (w *jsonldWriter) value(value any, name, path string) any {
	switch value := value.(type) {
	case governance.Text:
		lists := map[string]any{}
		for tag, words := range value {
			lists[tag] = []any{words}
		}
		return lists
	case elmConcept:
		return jsonldConcept(value)
	case elmReference:
		return string(value)
	case *elmThing:
		return w.thing(value, path)
	case string:
		if elmProperties[name].datatype == "xsd:boolean" {
			return strings.EqualFold(value, "true")
		}
		return value
	default:
		return value
	}
}

// jsonldConcept writes a term and its scheme, which the profile of EDC asks for, of ESCO's skills too.
func jsonldConcept(c elmConcept) map[string]any {
	object := map[string]any{"id": string(c.id), "type": "Concept"}
	if c.scheme != "" {
		object["inScheme"] = map[string]any{"id": string(c.scheme), "type": "ConceptScheme"}
	}
	if len(c.label) > 0 {
		label := map[string]any{}
		for tag, words := range c.label {
			label[tag] = []any{words}
		}
		object["prefLabel"] = label
	}
	if c.notation != "" {
		object["notation"] = c.notation
	}
	return object
}
