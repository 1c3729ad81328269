package exchange

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"concordat/governance"
)

// ctdlObject is a JSON-LD object of CTDL.
type ctdlObject map[string]any

// add gives the object a member unless it says nothing.
func (o ctdlObject) add(name string, value any) {
	switch value := value.(type) {
	case governance.Text:
		if len(value) == 0 {
			return
		}
	case string:
		if value == "" {
			return
		}
	case []any:
		if len(value) == 0 {
			return
		}
	case ctdlObject:
		if len(value) < 2 { // nothing but its type
			return
		}
	}
	o["ceterms:"+name] = value
}

// ctdlExporter fills a graph.
type ctdlExporter struct {
	*exporter
	credential ctdlObject
	others     []any // nodes of the graph that the credential refers to
}

// ExportCTDL makes a graph of CTDL around a ceterms:MicroCredential, as the Credential Registry publishes them: texts as
// language maps, organizations and assessments as nodes of their own, codes as alignments. The CTID is made of the edition's
// UUID. A publication that the registry would refuse is refused with INVALID.
func ExportCTDL(p Published) (Export, error) {
	if err := refusalOf(CheckCTDL(p)); err != nil {
		return Export{}, err
	}
	ctid := ctidOf(p)
	e := &ctdlExporter{exporter: newExporter(p), credential: ctdlObject{
		"@type": ctdlMicroCredential, "@id": ctdlResources + ctid, "ceterms:ctid": ctid,
		"ceterms:subjectWebpage": string(p.EditionURI()),
	}}
	e.describe()
	e.requires()
	e.stacksInto()
	e.durations()
	e.classification()
	e.organizations()
	e.costs()
	content, err := encodeJSON(map[string]any{
		"@context": ctdlContext, "@id": "https://credentialengineregistry.org/graph/" + ctid,
		"@graph": append([]any{e.credential}, e.others...),
	})
	if err != nil {
		return Export{}, err
	}
	return e.done(content), nil
}

// CheckCTDL answers why the Credential Registry would refuse the publication.
func CheckCTDL(p Published) []governance.Finding {
	findings := checkAddress(p)
	language := string(p.Document.PrimaryLanguage())
	if len(p.Document.Title) == 0 {
		findings = append(findings, formatFinding("text-missing", "/title", "language", language))
	}
	if len(p.Document.Summary) == 0 {
		findings = append(findings, formatFinding("text-missing", "/summary", "language", language))
	}
	for _, tag := range slices.Sorted(maps.Keys(p.Document.Summary)) {
		if count := utf8.RuneCountInString(p.Document.Summary[tag]); count < ctdlLeastDescription {
			findings = append(findings, formatFinding("description-too-short", "/summary/"+tag, "count", strconv.Itoa(count),
				"least", strconv.Itoa(ctdlLeastDescription)))
		}
	}
	if ctidOf(p) == "" {
		findings = append(findings, formatFinding("edition-not-uuid", ""))
	}
	if !ctdlOwned(p) {
		findings = append(findings, formatFinding("owner-missing", "/offer/awardingBody/name"))
	}
	return findings
}

// ctidOf makes the CTID: ce- and the edition's UUID in lower case.
func ctidOf(p Published) string {
	id, err := uuid.Parse(string(p.EditionID))
	if err != nil {
		return ""
	}
	return "ce-" + id.String()
}

// ctdlOwned says whether somebody is named who owns the credential.
func ctdlOwned(p Published) bool {
	if p.Offer != nil && (len(p.Offer.AwardingBody.Name) > 0 || registryEntry(p.Offer.AwardingBody.Identifiers) != "") {
		return true
	}
	return p.Publisher.LegalName != "" || registryEntry(p.Publisher.Identifiers) != ""
}

// registryEntry is the address of an organization's entry in the Credential Registry; "" where none is known.
func registryEntry(identifiers []governance.LegalIdentity) string {
	for _, identifier := range identifiers {
		if identifier.Scheme == ctdlScheme {
			if strings.HasPrefix(identifier.Number, "ce-") {
				return ctdlResources + identifier.Number
			}
			return identifier.Number
		}
	}
	return ""
}

// text carries a text and answers it.
func (e *ctdlExporter) text(path string, text governance.Text) governance.Text {
	e.carry(path)
	return text
}

// describe writes what the credential is.
func (e *ctdlExporter) describe() {
	d, c := e.Document, e.credential
	c.add("name", e.text("/title", d.Title))
	c.add("description", e.text("/summary", d.Summary))
	c.add("credentialStatusType", alignment(ctdlTerms+"CredentialStatus", ctdlStatus+e.status(), governance.Text{"en": e.status()}))
	languages := d.Languages
	if e.Offer != nil && len(e.Offer.Languages) > 0 {
		languages = e.Offer.Languages
		e.carry("/offer/languages")
	}
	c.add("inLanguage", listOf(languages))
	c.add("dateEffective", string(e.ValidFrom))
	c.add("versionIdentifier", []any{ctdlObject{"@type": "ceterms:IdentifierValue",
		"ceterms:identifierTypeName": governance.Text{"en": "Edition"}, "ceterms:identifierValueCode": e.Number}})
	if d.Stackability.BlockCode != "" {
		c.add("codedNotation", d.Stackability.BlockCode)
		e.carry("/stackability/blockCode")
		if d.Stackability.Kind == governance.StackPartial {
			e.carry("/stackability/kind")
		}
	}
	if d.Validity.Months > 0 {
		c.add("renewalFrequency", "P"+strconv.Itoa(d.Validity.Months)+"M")
		e.carry("/validity/months")
	}
	if len(d.Validity.Renewal) > 0 {
		c.add("renewal", []any{condition("description", e.text("/validity/renewal", d.Validity.Renewal))})
	}
}

// status is the credential's status in CTDL's vocabulary.
func (e *ctdlExporter) status() string {
	switch e.State {
	case governance.PublicationPublished:
		return "Active"
	case governance.PublicationSuspended:
		return "Suspended"
	default:
		return "Deprecated"
	}
}

// alignment points to a term of a framework.
func alignment(framework, target string, name governance.Text) ctdlObject {
	o := ctdlObject{"@type": "ceterms:CredentialAlignmentObject"}
	o.add("framework", framework)
	o.add("targetNode", target)
	o.add("targetNodeName", name)
	return o
}

// condition is a ConditionProfile with one member.
func condition(name string, value any) ctdlObject {
	o := ctdlObject{"@type": "ceterms:ConditionProfile"}
	o.add(name, value)
	return o
}

func listOf[T ~string](words []T) []any {
	list := make([]any, len(words))
	for i, word := range words {
		list[i] = string(word)
	}
	return list
}

// requires writes what it takes to earn the credential: prerequisites, credits, outcomes, assessments and the credentials
// that must be held.
func (e *ctdlExporter) requires() {
	d := e.Document
	profile := condition("description", e.text("/prerequisites", d.Prerequisites))
	var credits, competencies, needs, assessments []any
	for _, credit := range d.Workload.Credits {
		path := "/workload/credits/" + string(credit.ID)
		e.carry(path)
		credits = append(credits, e.value(credit.System, credit.Points))
	}
	for _, outcome := range d.Outcomes {
		competencies = append(competencies, e.competencies(outcome)...)
	}
	for _, needed := range d.Stackability.Needs {
		if needed.URI != "" {
			e.carry("/stackability/needs/" + string(needed.ID) + "/uri")
			needs = append(needs, string(needed.URI))
		}
	}
	for _, assessment := range d.Assessments {
		assessments = append(assessments, e.assessment(assessment))
	}
	profile.add("creditValue", credits)
	profile.add("targetCompetency", competencies)
	profile.add("targetCredential", needs)
	profile.add("targetAssessment", assessments)
	if len(profile) > 1 {
		e.credential.add("requires", []any{profile})
	}
}

// value writes credit points in a system: a unit of CTDL's vocabulary, or one by its name.
func (e *ctdlExporter) value(system string, points governance.Decimal) ctdlObject {
	o := ctdlObject{"@type": "schema:ValueProfile"}
	switch {
	case strings.HasPrefix(system, ctdlCreditUnit):
		o.add("creditUnitType", []any{alignment(ctdlTerms+"CreditUnit", system, nil)})
	case system != "":
		o.add("creditUnitType", []any{alignment("", "", governance.Text{string(e.Document.PrimaryLanguage()): system})})
	}
	if points != "" {
		o["schema:value"] = json.Number(points)
	}
	return o
}

// competencies writes an outcome, and its skills after it: CTDL does not say which belongs to which. An outcome that says
// only what its one skill is called is that skill.
func (e *ctdlExporter) competencies(outcome governance.LearningOutcome) []any {
	path := "/outcomes/" + string(outcome.ID)
	e.carry(path + "/statement")
	own := alignment(string(e.EditionURI()), string(e.PartURI("outcomes", string(outcome.ID))), outcome.Statement)
	own["ceterms:codedNotation"] = string(outcome.ID)
	list := []any{own}
	if len(outcome.Skills) == 1 && sameText(outcome.Skills[0].Label, outcome.Statement) {
		list = nil
	}
	for _, skill := range outcome.Skills {
		at := path + "/skills/" + escapeSegment(string(skill.ID))
		e.carry(at)
		if list != nil {
			e.change(at, "detached")
		}
		competency := alignment(escoFramework, string(skill.ID), skill.Label)
		if list == nil {
			competency["ceterms:codedNotation"] = string(outcome.ID)
		}
		list = append(list, competency)
	}
	return list
}

// assessment writes an AssessmentProfile as a node of its own.
func (e *ctdlExporter) assessment(assessment governance.Assessment) string {
	path := "/assessments/" + string(assessment.ID)
	id := blankNode(e.PartURI("assessments", string(assessment.ID)))
	node := ctdlObject{"@id": id, "@type": "ceterms:AssessmentProfile"}
	node.add("name", e.text(path+"/title", assessment.Title))
	node.add("description", e.text(path+"/description", assessment.Description))
	e.others = append(e.others, node)
	return id
}

// blankNode names a node of the graph that the registry does not know.
func blankNode(uri governance.URI) string { return "_:" + uuidOf(uri) }

// stacksInto writes what the credential counts towards.
func (e *ctdlExporter) stacksInto() {
	var profiles []any
	for _, target := range e.Document.Stackability.Into {
		path := "/stackability/into/" + string(target.ID)
		profile := condition("description", e.text(path+"/title", target.Title))
		if target.URI != "" {
			e.carry(path + "/uri")
			profile.add("targetCredential", []any{string(target.URI)})
		}
		if target.System != "" || target.Credits != "" {
			e.carry(path+"/system", path+"/credits")
			profile.add("creditValue", []any{e.value(target.System, target.Credits)})
		}
		profiles = append(profiles, profile)
	}
	e.credential.add("isAdvancedStandingFor", profiles)
	if len(profiles) > 0 && e.Document.Stackability.Kind == governance.StackStackable {
		e.carry("/stackability/kind")
	}
}

// durations writes the workload, and how long the learning takes in calendar time.
func (e *ctdlExporter) durations() {
	var profiles []any
	if hours := elmHours(e.Document.Workload.Hours); hours != "" {
		e.carry("/workload/hours")
		profiles = append(profiles, ctdlObject{"@type": "ceterms:DurationProfile", "ceterms:exactDuration": hours})
	}
	profile := ctdlObject{"@type": "ceterms:DurationProfile"}
	if days := e.Document.Participation.MaximumDurationDays; days > 0 {
		e.carry("/participation/maximumDurationDays")
		profile.add("maximumDuration", calendarDuration(days))
	}
	if e.Offer != nil {
		profile.add("description", e.text("/offer/schedule/note", e.Offer.Schedule.Note))
		if days := e.Offer.Schedule.DurationDays; days > 0 {
			e.carry("/offer/schedule/durationDays")
			profile.add("exactDuration", calendarDuration(days))
		}
	}
	if len(profile) > 1 {
		profiles = append(profiles, profile)
	}
	e.credential.add("estimatedDuration", profiles)
}

// calendarDuration writes days as CTDL's samples do: whole weeks as weeks.
func calendarDuration(days int) string {
	if days%7 == 0 {
		return fmt.Sprintf("P%dW", days/7)
	}
	return fmt.Sprintf("P%dD", days)
}
