package exchange

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"concordat/governance"
)

// caseVersion is the version of CASE that is written.
const caseVersion = "1.1"

// caseItemTypes are what the items of a package are called, by the kind of the outcome; criteria are caseCriterion.
var caseItemTypes = map[governance.OutcomeKind]string{
	governance.OutcomeKnowledge:      "Knowledge",
	governance.OutcomeSkill:          "Skill",
	governance.OutcomeResponsibility: "Responsibility and autonomy",
}

const (
	caseCriterion = "Assessment criterion"
	escoTarget    = "ext:ESCOSkill" // of a link to a skill of ESCO, in CASE and in Open Badges
	escoSkills    = "http://data.europa.eu/esco/skill/"
	iscedFields   = "http://data.europa.eu/snb/isced-f/"
)

// casePackage is the CFPackage of 1EdTech CASE 1.1. Its classes are closed: nothing may be in them besides.
type casePackage struct {
	Document     caseDocument      `json:"CFDocument"`
	Items        []caseItem        `json:"CFItems"`
	Associations []caseAssociation `json:"CFAssociations"`
}

type caseDocument struct {
	Identifier        string     `json:"identifier"`
	URI               string     `json:"uri"`
	FrameworkType     string     `json:"frameworkType"`
	CaseVersion       string     `json:"caseVersion"`
	Creator           string     `json:"creator"`
	Title             string     `json:"title"`
	LastChange        string     `json:"lastChangeDateTime"`
	OfficialSourceURL string     `json:"officialSourceURL"`
	Publisher         string     `json:"publisher,omitempty"`
	Description       string     `json:"description,omitempty"`
	Subject           []string   `json:"subject,omitempty"`
	SubjectURI        []caseLink `json:"subjectURI,omitempty"`
	Language          string     `json:"language"`
	Version           string     `json:"version"`
	AdoptionStatus    string     `json:"adoptionStatus"`
	StatusStartDate   string     `json:"statusStartDate,omitempty"`
	StatusEndDate     string     `json:"statusEndDate,omitempty"`
	LicenseURI        *caseLink  `json:"licenseURI,omitempty"`
	Notes             string     `json:"notes,omitempty"`
}

type caseItem struct {
	Identifier        string   `json:"identifier"`
	FullStatement     string   `json:"fullStatement"`
	ItemType          string   `json:"CFItemType,omitempty"`
	URI               string   `json:"uri"`
	HumanCodingScheme string   `json:"humanCodingScheme,omitempty"`
	Language          string   `json:"language"`
	EducationLevel    []string `json:"educationLevel,omitempty"`
	LastChange        string   `json:"lastChangeDateTime"`
}

type caseAssociation struct {
	Identifier     string   `json:"identifier"`
	Type           string   `json:"associationType"`
	SequenceNumber int      `json:"sequenceNumber,omitempty"`
	URI            string   `json:"uri"`
	Origin         caseLink `json:"originNodeURI"`
	Destination    caseLink `json:"destinationNodeURI"`
	LastChange     string   `json:"lastChangeDateTime"`
}

type caseLink struct {
	Title      string `json:"title"`
	Identifier string `json:"identifier"`
	URI        string `json:"uri"`
	TargetType string `json:"targetType,omitempty"`
}

// caseExporter fills a package.
type caseExporter struct {
	*exporter
	language string // that the package is in: the document's primary one
	changed  string
	pack     casePackage
}

// ExportCASE makes a CFPackage of CASE 1.1: outcomes and their criteria as items, in the document's primary language and,
// as translations of those, in its others. Identifiers are UUIDs of version 5 made of our own addresses, so the same
// element keeps its identifier. A publication that no valid package can be made of is refused with INVALID.
func ExportCASE(p Published) (Export, error) {
	if err := refusalOf(CheckCASE(p)); err != nil {
		return Export{}, err
	}
	e := &caseExporter{exporter: newExporter(p), language: string(p.Document.PrimaryLanguage()),
		changed: p.ModifiedAt.UTC().Format(time.RFC3339), pack: casePackage{Items: []caseItem{}, Associations: []caseAssociation{}}}
	e.describe()
	for at, outcome := range p.Document.Outcomes {
		e.outcome(outcome, at+1)
	}
	content, err := encodeJSON(e.pack)
	if err != nil {
		return Export{}, err
	}
	return e.done(content), nil
}

// CheckCASE answers why no valid package can be made of the publication.
func CheckCASE(p Published) []governance.Finding {
	findings := checkAddress(p)
	find := func(rule, path string, pairs ...string) {
		findings = append(findings, formatFinding(rule, path, pairs...))
	}
	language := string(p.Document.PrimaryLanguage())
	if p.Document.Title[language] == "" {
		find("text-missing", "/title", "language", language)
	}
	if caseCreator(p) == "" {
		find("creator-missing", "")
	}
	if len(p.Document.Outcomes) == 0 {
		find("outcomes-missing", "/outcomes")
	}
	for _, outcome := range p.Document.Outcomes {
		at := "/outcomes/" + string(outcome.ID)
		if outcome.Statement[language] == "" {
			find("text-missing", at+"/statement", "language", language)
		}
		for _, criterion := range outcome.Criteria {
			if criterion.Statement[language] == "" {
				find("text-missing", at+"/criteria/"+string(criterion.ID)+"/statement", "language", language)
			}
		}
	}
	return findings
}

// caseCreator is who stands for the framework: the council, else the lead.
func caseCreator(p Published) string {
	if p.Council.LegalName != "" {
		return p.Council.LegalName
	}
	return p.Lead.LegalName
}

// uuidOf makes the identifier of an address, always the same (RFC 9562, version 5).
func uuidOf(address governance.URI) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(address)).String()
}

// describe fills the CFDocument.
func (e *caseExporter) describe() {
	d := e.Document
	title := e.line("/title", d.Title)
	e.pack.Document = caseDocument{
		Identifier: uuidOf(e.EditionURI()), URI: string(e.EditionURI()), FrameworkType: "Micro-credential", CaseVersion: caseVersion,
		Creator: oneLine(caseCreator(e.Published)), Title: title, LastChange: e.changed, OfficialSourceURL: string(e.EditionURI()),
		Publisher: oneLine(e.Publisher.LegalName), Description: e.words("/summary", d.Summary), Language: e.language,
		Version: e.Number, AdoptionStatus: "Adopted", StatusStartDate: string(e.ValidFrom), StatusEndDate: string(e.AwardUntil),
		Notes: e.words("/furtherInformation/note", d.FurtherInformation.Note),
	}
	if e.State != governance.PublicationPublished {
		e.pack.Document.AdoptionStatus = "Deprecated"
	}
	licence := d.EffectiveLicence()
	e.carry("/licence")
	e.pack.Document.LicenseURI = &caseLink{Title: string(licence), Identifier: uuidOf(licence), URI: string(licence)}
	for _, field := range d.Classification.ISCEDF {
		path := "/classification/iscedf/" + escapeSegment(string(field.ID))
		title := e.label(path, field)
		if words := field.Label[e.language]; words != "" {
			e.pack.Document.Subject = append(e.pack.Document.Subject, title)
		}
		e.pack.Document.SubjectURI = append(e.pack.Document.SubjectURI, caseLink{Title: title, Identifier: uuidOf(field.ID), URI: string(field.ID)})
	}
}

// label answers a term's label in the package's language, else its code; a term is its code, so nothing is lost.
func (e *caseExporter) label(path string, concept governance.Concept) string {
	e.carry(path)
	if words := concept.Label[e.language]; words != "" {
		return oneLine(words)
	}
	return string(concept.ID)
}

// words answers a text in the package's language.
func (e *caseExporter) words(path string, text governance.Text) string {
	e.carry(path + "/" + e.language)
	return text[e.language]
}

// line is words where the format allows no line breaks.
func (e *caseExporter) line(path string, text governance.Text) string {
	words := e.words(path, text)
	if line := oneLine(words); line != words {
		e.change(path+"/"+e.language, "line-breaks-removed")
		return line
	}
	return words
}

// oneLine makes single spaces of line breaks and tabs (xsd:normalizedString).
func oneLine(words string) string {
	if !strings.ContainsAny(words, "\r\n\t") {
		return words
	}
	return strings.Join(strings.Fields(words), " ")
}

// outcome writes an outcome and its criteria, in all languages, and what they belong to.
func (e *caseExporter) outcome(outcome governance.LearningOutcome, number int) {
	path := "/outcomes/" + string(outcome.ID)
	item := caseItem{HumanCodingScheme: string(outcome.ID), ItemType: caseItemTypes[outcome.Kind]}
	e.carry(path + "/kind")
	if outcome.EQFLevel > 0 {
		item.EducationLevel = []string{"EQF " + strconv.Itoa(outcome.EQFLevel)}
		e.carry(path + "/eqfLevel")
	}
	document := caseLink{Title: e.pack.Document.Title, Identifier: e.pack.Document.Identifier, URI: e.pack.Document.URI}
	whole := e.statement(item, path, outcome.Statement, e.PartURI("outcomes", string(outcome.ID)))
	e.associate("isChildOf", whole, document, number)
	for at, criterion := range outcome.Criteria {
		uri := e.PartURI("outcomes", string(outcome.ID), "criteria", string(criterion.ID))
		part := e.statement(caseItem{HumanCodingScheme: string(criterion.ID), ItemType: caseCriterion},
			path+"/criteria/"+string(criterion.ID), criterion.Statement, uri)
		e.associate("isChildOf", part, whole, at+1)
	}
	for _, skill := range outcome.Skills {
		title := e.label(path+"/skills/"+escapeSegment(string(skill.ID)), skill)
		e.associate("isRelatedTo", whole, caseLink{Title: title, Identifier: string(skill.ID), URI: string(skill.ID), TargetType: escoTarget}, 0)
	}
}

// statement writes an item in the package's language and in each other as its translation; it answers the link to the
// former.
func (e *caseExporter) statement(item caseItem, path string, text governance.Text, uri governance.URI) caseLink {
	e.carry(path + "/statement")
	var original caseLink
	for _, language := range e.Document.Languages { // the primary one first
		words := text[string(language)]
		if words == "" {
			continue
		}
		at := uri
		if string(language) != e.language {
			at += governance.URI("/" + language)
		}
		item.Identifier, item.URI, item.FullStatement, item.Language, item.LastChange = uuidOf(at), string(at), words, string(language), e.changed
		e.pack.Items = append(e.pack.Items, item)
		link := caseLink{Title: oneLine(words), Identifier: item.Identifier, URI: item.URI, TargetType: "CASE"}
		if original.URI == "" {
			original = link
			continue
		}
		e.associate("isTranslationOf", link, original, 0)
	}
	return original
}

func (e *caseExporter) associate(kind string, origin, destination caseLink, sequence int) {
	uri := e.PartURI("associations", kind, origin.Identifier, uuidOf(governance.URI(destination.URI)))
	e.pack.Associations = append(e.pack.Associations, caseAssociation{
		Identifier: uuidOf(uri), Type: kind, SequenceNumber: sequence, URI: string(uri), Origin: origin, Destination: destination, LastChange: e.changed,
	})
}
