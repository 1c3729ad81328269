package exchange

import (
	"maps"
	"slices"

	"concordat/governance"
)

// elmSource is who asks for what CheckELM finds.
const elmSource = "European Learning Model 3"

// elmRules holds the English messages of CheckELM; parameters stand as {name}.
var elmRules = map[string]struct {
	severity governance.Severity
	message  string
}{
	"elm-required":      {governance.SeverityError, "{format} wants this, and it is missing."},
	"elm-no-offer":      {governance.SeverityError, "{format} names who awards the credential, which an offer says: there is none."},
	"elm-not-esco":      {governance.SeverityError, "{code} is no skill of ESCO's: those begin with http://data.europa.eu/esco/skill/."},
	"elm-unknown-code":  {governance.SeverityError, "{code} is no code of this vocabulary ({scheme})."},
	"elm-country":       {governance.SeverityError, "{country} is not in the EU's table of countries."},
	"elm-language":      {governance.SeverityError, "{language} is not in the EU's table of languages."},
	"elm-no-nqf-level":  {governance.SeverityWarning, "Without a level of a national framework this is no Qualification; the file holds a LearningAchievementSpecification."},
	"elm-no-eqf-level":  {governance.SeverityWarning, "Without a level of the European Qualifications Framework this is no Qualification; the file holds a LearningAchievementSpecification."},
	"elm-not-complete":  {governance.SeverityError, "A text in {language} is missing, and a text without words cannot be in {format}."},
	"elm-register-page": {governance.SeverityError, "The publication has no address: {format} is made of published editions only."},
}

// CheckELM answers what keeps a publication from being written in a format, and what becomes of it otherwise than one may
// expect, before anything is written. Codes are the vocabularies as they are loaded; of one that is not loaded the form
// alone is checked.
func CheckELM(p Published, format ELMFormat, codes governance.Codes) []governance.Finding {
	c := &elmChecking{p: p, format: format, codes: codes}
	c.elements()
	c.levels()
	c.codesOf()
	c.awarding()
	return c.findings
}

type elmChecking struct {
	p        Published
	format   ELMFormat
	codes    governance.Codes
	findings []governance.Finding
}

func (c *elmChecking) find(rule, path string, pairs ...string) {
	r := elmRules[rule]
	e := governance.Refuse(governance.CodeInvalid, rule, r.message, append(pairs, "format", string(c.format))...)
	c.findings = append(c.findings, governance.Finding{Path: path, Rule: rule, Severity: r.severity, Source: elmSource,
		Message: e.Message, Params: e.Params})
}

// require finds a text that is missing.
func (c *elmChecking) require(path string, text governance.Text) {
	if len(text) == 0 {
		c.find("elm-required", path)
	}
	for _, tag := range slices.Sorted(maps.Keys(text)) {
		if text[tag] == "" {
			c.find("elm-not-complete", path+"/"+tag, "language", tag)
		}
	}
}

func (c *elmChecking) elements() {
	d := c.p.Document
	if c.p.Base == "" || c.p.Slug == "" || c.p.Number == "" {
		c.find("elm-register-page", "")
	}
	c.require("/title", d.Title)
	for _, outcome := range d.Outcomes {
		c.require("/outcomes/"+string(outcome.ID)+"/statement", outcome.Statement)
	}
	for _, assessment := range d.Assessments {
		c.require("/assessments/"+string(assessment.ID)+"/title", assessment.Title)
	}
	if c.format == ELMCredential {
		return
	}
	if len(d.Outcomes) == 0 {
		c.find("elm-required", "/outcomes")
	}
	if len(d.Classification.ISCEDF) == 0 {
		c.find("elm-required", "/classification/iscedf")
	}
}

// levels says where a document is no Qualification of the LOQ profile.
func (c *elmChecking) levels() {
	if c.format == ELMCredential {
		return
	}
	if c.p.Document.Level.EQF == 0 {
		c.find("elm-no-eqf-level", "/level/eqf")
	}
	coded := func(n governance.NQFReference) bool { return n.URI != "" }
	if !slices.ContainsFunc(c.p.Document.Level.NQF, coded) {
		c.find("elm-no-nqf-level", "/level/nqf")
	}
}

// codesOf holds each code against its vocabulary: the formats' own rules look at the scheme that we name, not at whether
// the code is in it.
func (c *elmChecking) codesOf() {
	for _, code := range governance.CodesOf(c.p.Document) {
		switch {
		case code.URI == "" || knownCode(code.Scheme, code.URI, c.codes):
		case code.Scheme == governance.SchemeESCOSkill && !elmCodeForms[code.Scheme].MatchString(string(code.URI)):
			c.find("elm-not-esco", code.Path, "code", string(code.URI))
		default:
			c.find("elm-unknown-code", code.Path, "code", string(code.URI), "scheme", string(code.Scheme))
		}
	}
}

// awarding looks at the awarding body and at whatever else the offer gives to the file.
func (c *elmChecking) awarding() {
	if c.p.Offer == nil {
		if c.format == ELMCredential {
			c.find("elm-no-offer", "/offer")
		}
		c.textLanguages()
		return
	}
	body := c.p.Offer.AwardingBody
	c.require("/offer/awardingBody/name", body.Name)
	c.country("/offer/awardingBody/country", body.Country)
	if c.format != ELMCredential {
		for _, place := range c.p.Offer.Places {
			c.country("/offer/places/"+string(place.ID)+"/country", place.Country)
		}
	}
	c.textLanguages()
}

// country finds one that is missing or that the EU's table as it is known here does not have.
func (c *elmChecking) country(path string, country governance.CountryCode) {
	switch {
	case country == "":
		c.find("elm-required", path)
	case countryConcept(country, nil).id == "":
		c.find("elm-country", path, "country", string(country))
	}
}

// textLanguages looks at the languages of the text, which a credential shows itself in.
func (c *elmChecking) textLanguages() {
	for _, tag := range c.p.Document.Languages {
		if languageConcept(tag, nil).id == "" {
			c.find("elm-language", "/languages/"+string(tag), "language", string(tag))
		}
	}
}
