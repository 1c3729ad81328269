package exchange

import (
	"encoding/json"
	"strconv"
	"strings"

	"concordat/governance"
)

// OB3Contexts are the JSON-LD contexts of Open Badges 3.0, in their order.
var OB3Contexts = []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}

// Achievement is an Achievement of Open Badges 3.0 of the type MicroCredential. Its texts are in one language: the schema
// would allow language maps, but the context has no term for them, so that a reader of JSON-LD loses them.
type Achievement struct {
	Context     []string             `json:"@context,omitempty"`
	ID          string               `json:"id"`
	Type        []string             `json:"type"`
	Kind        string               `json:"achievementType"`
	Name        string               `json:"name"`
	Description string               `json:"description"`
	Criteria    ob3Criteria          `json:"criteria"`
	Creator     ob3Profile           `json:"creator"`
	InLanguage  string               `json:"inLanguage"`
	Version     string               `json:"version,omitempty"`
	Field       string               `json:"fieldOfStudy,omitempty"`
	Credits     json.Number          `json:"creditsAvailable,omitempty"`
	Alignment   []ob3Alignment       `json:"alignment,omitempty"`
	Identifier  []ob3Identifier      `json:"otherIdentifier,omitempty"`
	Results     []ob3ResultDescribed `json:"resultDescription,omitempty"`
}

type ob3Criteria struct {
	ID        string `json:"id"`
	Narrative string `json:"narrative"`
}

type ob3Profile struct {
	ID   string   `json:"id"`
	Type []string `json:"type"`
	Name string   `json:"name"`
	URL  string   `json:"url,omitempty"`
}

type ob3Alignment struct {
	Type      []string `json:"type"`
	Code      string   `json:"targetCode,omitempty"`
	Framework string   `json:"targetFramework,omitempty"`
	Name      string   `json:"targetName"`
	Kind      string   `json:"targetType"`
	URL       string   `json:"targetUrl"`
}

type ob3Identifier struct {
	Type       string `json:"type"`
	Identifier string `json:"identifier"`
	Kind       string `json:"identifierType"`
}

type ob3ResultDescribed struct {
	ID   string   `json:"id"`
	Type []string `json:"type"`
	Name string   `json:"name"`
	Kind string   `json:"resultType"`
}

// ob3Exporter fills an achievement.
type ob3Exporter struct {
	*exporter
	language string
	made     Achievement
}

// ExportAchievement makes an Achievement of Open Badges 3.0 in one of the document's languages; "" is the primary one. Skills
// of ESCO, and the levels of frameworks, are alignments. A publication that no valid achievement can be made of is refused
// with INVALID.
func ExportAchievement(p Published, language governance.LanguageTag) (Export, error) {
	if language == "" {
		language = p.Document.PrimaryLanguage()
	}
	if err := refusalOf(CheckAchievement(p, language)); err != nil {
		return Export{}, err
	}
	e := &ob3Exporter{exporter: newExporter(p), language: string(language)}
	e.describe()
	e.credits()
	e.outcomes()
	e.levels()
	content, err := encodeJSON(e.made)
	if err != nil {
		return Export{}, err
	}
	return e.done(content), nil
}

// CheckAchievement answers why no valid achievement can be made of the publication in the language.
func CheckAchievement(p Published, language governance.LanguageTag) []governance.Finding {
	findings := checkAddress(p)
	find := func(rule, path string, pairs ...string) {
		findings = append(findings, formatFinding(rule, path, pairs...))
	}
	if p.Document.Title[string(language)] == "" {
		find("text-missing", "/title", "language", string(language))
	}
	if p.Document.Summary[string(language)] == "" {
		find("text-missing", "/summary", "language", string(language))
	}
	if len(p.Document.Outcomes) == 0 {
		find("outcomes-missing", "/outcomes")
	}
	if caseCreator(p) == "" {
		find("creator-missing", "")
	}
	for _, outcome := range p.Document.Outcomes {
		for _, skill := range outcome.Skills {
			if !strings.HasPrefix(string(skill.ID), escoSkills) {
				find("not-esco", "/outcomes/"+string(outcome.ID)+"/skills/"+escapeSegment(string(skill.ID)), "code", string(skill.ID))
			}
		}
	}
	return findings
}

// words answers a text in the achievement's language and carries it.
func (e *ob3Exporter) words(path string, text governance.Text) string {
	e.carry(path + "/" + e.language)
	return text[e.language]
}

func (e *ob3Exporter) describe() {
	d := e.Document
	creator, from := e.Council, e.Council.LegalName
	if from == "" {
		creator = e.Lead
	}
	e.made = Achievement{
		Context: OB3Contexts, ID: string(e.EditionURI()), Type: []string{"Achievement"}, Kind: "MicroCredential",
		Name: e.words("/title", d.Title), Description: e.words("/summary", d.Summary), InLanguage: e.language, Version: e.Number,
		Creator: ob3Profile{ID: string(e.PartyURI(creator)), Type: []string{"Profile"}, Name: creator.LegalName, URL: string(creator.Homepage)},
	}
	if creator.DID != "" {
		e.made.Creator.ID = creator.DID
	}
	if e.Digest != "" {
		e.made.Identifier = []ob3Identifier{{"IdentifierEntry", string(e.Digest), "ext:sha256"}}
	}
	var fields []string
	for _, field := range d.Classification.ISCEDF {
		if words := field.Label[e.language]; words != "" {
			e.carry("/classification/iscedf/" + escapeSegment(string(field.ID)))
			fields = append(fields, words)
		}
	}
	e.made.Field = strings.Join(fields, "; ")
}

// credits writes the points of one credit system, ECTS if there are any; the format does not say which.
func (e *ob3Exporter) credits() {
	credits := e.Document.Workload.Credits
	at := -1
	for i, credit := range credits {
		if credit.Points != "" && (at < 0 || credit.System == governance.CreditECTS && credits[at].System != governance.CreditECTS) {
			at = i
		}
	}
	if at < 0 {
		return
	}
	path := "/workload/credits/" + string(credits[at].ID)
	e.carry(path)
	e.change(path+"/system", "system-unsaid", "system", credits[at].System)
	e.made.Credits = json.Number(credits[at].Points)
}

// outcomes writes outcomes, criteria and assessments as the narrative of what it takes, and skills as alignments.
func (e *ob3Exporter) outcomes() {
	var narrative strings.Builder
	for _, outcome := range e.Document.Outcomes {
		path := "/outcomes/" + string(outcome.ID)
		narrative.WriteString("- " + oneLine(e.words(path+"/statement", outcome.Statement)) + "\n")
		for _, criterion := range outcome.Criteria {
			narrative.WriteString("  - " + oneLine(e.words(path+"/criteria/"+string(criterion.ID)+"/statement", criterion.Statement)) + "\n")
		}
		for _, skill := range outcome.Skills {
			at := path + "/skills/" + escapeSegment(string(skill.ID))
			e.carry(at)
			e.change(at, "detached")
			e.align("ESCO", escoTarget, skill.ID, skill.Label[e.language])
		}
	}
	for _, assessment := range e.Document.Assessments {
		e.assessment(assessment, &narrative)
	}
	e.made.Criteria = ob3Criteria{ID: string(e.EditionURI()), Narrative: narrative.String()}
}

func (e *ob3Exporter) assessment(assessment governance.Assessment, narrative *strings.Builder) {
	path := "/assessments/" + string(assessment.ID)
	if words := e.words(path+"/description", assessment.Description); words != "" {
		narrative.WriteString("\n" + words + "\n")
	}
	if title := e.words(path+"/title", assessment.Title); title != "" {
		e.made.Results = append(e.made.Results, ob3ResultDescribed{
			ID: string(e.PartURI("assessments", string(assessment.ID))), Type: []string{"ResultDescription"}, Name: title, Kind: "Result",
		})
	}
}

// levels aligns the achievement to the levels of frameworks that have an address.
func (e *ob3Exporter) levels() {
	if level := e.Document.Level.EQF; level > 0 {
		e.carry("/level/eqf")
		e.align("EQF", "ext:EQFLevel", governance.URI(eqfLevels+strconv.Itoa(level)), "EQF level "+strconv.Itoa(level))
	}
	for _, national := range e.Document.Level.NQF {
		if national.URI == "" {
			continue
		}
		e.carry("/level/nqf/" + string(national.ID))
		e.align(national.Framework, "ext:NQFLevel", national.URI, strings.TrimSpace(national.Framework+" level "+national.Level))
	}
}

func (e *ob3Exporter) align(framework, kind string, target governance.URI, name string) {
	if name == "" {
		name = string(target)
	}
	e.made.Alignment = append(e.made.Alignment, ob3Alignment{
		Type: []string{"Alignment"}, Framework: framework, Name: name, Kind: kind, URL: string(target),
	})
}
