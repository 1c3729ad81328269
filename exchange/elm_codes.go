package exchange

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"concordat/governance"
)

// The schemes of the vocabularies that ELM takes its terms from.
const (
	schemeISCEDF        = "http://data.europa.eu/snb/isced-f/25831c2"
	schemeEQF           = "http://data.europa.eu/snb/eqf/25831c2"
	schemeNQF           = "http://data.europa.eu/snb/qdr/25831c2"
	schemeCredit        = "http://data.europa.eu/snb/education-credit/25831c2"
	schemeMode          = "http://data.europa.eu/snb/learning-assessment/25831c2"
	schemeAssessment    = "http://data.europa.eu/snb/assessment/25831c2"
	schemeTargetGroup   = "http://data.europa.eu/snb/target-group/25831c2"
	schemeOpportunity   = "http://data.europa.eu/snb/learning-opportunity/25831c2"
	schemeSkillType     = "http://data.europa.eu/snb/skill-type/25831c2"
	schemeSupervision   = "http://data.europa.eu/snb/supervision-verification/25831c2"
	schemeCredential    = "http://data.europa.eu/snb/credential/25831c2"
	schemeEncoding      = "http://data.europa.eu/snb/encoding/25831c2"
	schemeFileType      = "http://publications.europa.eu/resource/authority/file-type"
	schemeLanguage      = "http://publications.europa.eu/resource/authority/language"
	schemeCountry       = "http://publications.europa.eu/resource/authority/country"
	schemeCurrency      = "http://publications.europa.eu/resource/authority/currency"
	schemeATU           = "http://publications.europa.eu/resource/authority/atu"
	schemeNUTS          = "http://data.europa.eu/nuts"
	schemeESCOSkill     = "http://data.europa.eu/esco/concept-scheme/skills"
	escoSkillPrefix     = "http://data.europa.eu/esco/skill/"
	nutsPrefix          = "http://data.europa.eu/nuts/code/"
	atuPrefix           = schemeATU + "/"
	credentialGeneric   = "http://data.europa.eu/snb/credential/e34929035b"
	unsupervisedWithout = "http://data.europa.eu/snb/supervision-verification/c598449d64"
	supervisedWith      = "http://data.europa.eu/snb/supervision-verification/70be69aaf9"
)

// elmCodeForms say what a code of each vocabulary looks like. Which of these exist the loaded vocabularies know, and for
// the short lists elmShortLists.
var elmCodeForms = map[governance.Scheme]*regexp.Regexp{
	governance.SchemeESCOSkill:       regexp.MustCompile(`^http://data\.europa\.eu/esco/skill/[0-9A-Za-z-]+$`),
	governance.SchemeISCEDF:          regexp.MustCompile(`^http://data\.europa\.eu/snb/isced-f/[0-9]{2,4}$`),
	governance.SchemeNQF:             regexp.MustCompile(`^http://data\.europa\.eu/snb/qdr/c_[0-9a-f]{8}$`),
	governance.SchemeAssessmentType:  regexp.MustCompile(`^http://data\.europa\.eu/snb/assessment/[0-9a-f]{10}$`),
	governance.SchemeTargetGroup:     regexp.MustCompile(`^http://data\.europa\.eu/snb/target-group/[0-9a-f]{10}$`),
	governance.SchemeOpportunityType: regexp.MustCompile(`^http://data\.europa\.eu/snb/learning-opportunity/[0-9a-f]{10}$`),
}

// elmShortLists are the members of the vocabularies that are short and closed, by the last part of their codes.
var elmShortLists = map[governance.Scheme]string{
	governance.SchemeAssessmentType: "19a2e5e671 2939dae15f 3484bd7e51 4f03b91c0e 56539a6507 6a4db9f11d 6e6cb2cc78 " +
		"7331eb4762 795dac4096 812e3b0ae1 b1b68f6735 c4256a2726 d30284d7df de4d165a6c",
	governance.SchemeOpportunityType: "05053c1cbe 0f7dac46ca 11252a5207 17744a2647 63f9f6180c 65a4cf5de2 74a4a268e8 " +
		"77b99de990 79343569f3 7e1ac538db 8b965da2d4 b2434ca358",
	governance.SchemeTargetGroup: "022beab85a 0247b300b0 05f11c859b 1599531db0 1cfca7f767 46806e0244 527a6f97eb 5b1417fd15 " +
		"5e56931138 808b99d38f 919082b88b acb7f20f25 b0bf4f9fe9 c900d8ecb1 cbedf28444 d45b47b458 de9cd193ce e3782a33ab " +
		"e7627913ad fd1279fd9f",
}

// knownCode says whether a code has its vocabulary's form and is, as far as that can be said, one of its members.
func knownCode(scheme governance.Scheme, uri governance.URI, codes governance.Codes) bool {
	form, ok := elmCodeForms[scheme]
	if !ok {
		return true // ELM has no place for it
	}
	if !form.MatchString(string(uri)) {
		return false
	}
	if list, ok := elmShortLists[scheme]; ok {
		return slices.Contains(strings.Fields(list), localName(string(uri)))
	}
	loaded, ok := codes.Loaded[scheme]
	if !ok {
		return true
	}
	_, ok = loaded[uri]
	return ok
}

// elmModeLabels are what the Europass vocabulary calls the modes.
var elmModeLabels = map[governance.Mode]string{
	governance.ModeOnSite: "Presential", governance.ModeOnline: "Online", governance.ModeBlended: "Blended",
	governance.ModeWorkBased: "Workbased", governance.ModeProjectBased: "Project based",
	governance.ModeResearchLab: "Research-Lab based",
}

// elmCreditLabels are what the Europass vocabulary calls the credit systems.
var elmCreditLabels = map[string]string{
	governance.CreditECTS:  "European Credit Transfer System",
	governance.CreditECVET: "European credit system for vocational education and training",
}

// codeOf answers the code that a table of the import reads as the word; "" where there is none.
func codeOf[K ~string, V comparable](table map[K]V, word V) K {
	least := K("")
	for code, read := range table {
		if read == word && (least == "" || code < least) {
			least = code
		}
	}
	return least
}

// languageConcept is a language of the EU's authority table, or its base language where only that is in it.
func languageConcept(tag governance.LanguageTag, in []governance.LanguageTag) elmConcept {
	code := codeOf(elmLanguages, tag)
	if base, _, found := strings.Cut(string(tag), "-"); code == "" && found {
		code = codeOf(elmLanguages, governance.LanguageTag(base))
	}
	if code == "" {
		return elmConcept{}
	}
	parsed, err := language.Parse(string(elmLanguages[code]))
	label := governance.Text{}
	for _, reader := range in {
		if names := display.Languages(language.Make(string(reader))); err == nil && names != nil {
			label[string(reader)] = names.Name(parsed)
		}
	}
	return elmConcept{id: governance.URI(schemeLanguage + "/" + code), scheme: schemeLanguage, label: said(label)}
}

// countryConcept is a country of the EU's authority table.
func countryConcept(country governance.CountryCode, in []governance.LanguageTag) elmConcept {
	iso := country
	switch country {
	case "EL":
		iso = "GR"
	case "UK":
		iso = "GB"
	}
	code := codeOf(elmCountries, iso)
	if code == "" {
		return elmConcept{}
	}
	label := governance.Text{}
	for _, reader := range in {
		if names := display.Regions(language.Make(string(reader))); names != nil {
			label[string(reader)] = names.Name(language.MustParseRegion(string(iso)))
		}
	}
	return elmConcept{id: governance.URI(schemeCountry + "/" + code), scheme: schemeCountry, label: said(label)}
}

// said answers the text without empty words.
func said(text governance.Text) governance.Text {
	for tag, words := range text {
		if words == "" {
			delete(text, tag)
		}
	}
	return text
}

// regionConcept is a region of NUTS or of the EU's authority table of administrative units.
func regionConcept(uri governance.URI) elmConcept {
	for prefix, scheme := range map[string]governance.URI{nutsPrefix: schemeNUTS, atuPrefix: schemeATU} {
		if strings.HasPrefix(string(uri), prefix) {
			return elmConcept{id: uri, scheme: scheme}
		}
	}
	return elmConcept{}
}

// english is a label in English.
func english(words string) governance.Text { return governance.Text{"en": words} }
