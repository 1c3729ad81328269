package exchange_test

import (
	"encoding/json"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
)

// exported writes a publication that the format can hold.
func exported(t testing.TB, p exchange.Published, format exchange.ELMFormat) exchange.Export {
	t.Helper()
	export, err := exportELM(p, format, governance.Codes{})
	require.NoError(t, err)
	return export
}

// credential is the template as a tree.
func credential(t testing.TB, export exchange.Export) map[string]any {
	t.Helper()
	var tree map[string]any
	require.NoError(t, json.Unmarshal(export.Bytes, &tree))
	return tree
}

// at walks down a tree by names and the first elements of lists.
func at(tree any, names ...string) any {
	for _, name := range names {
		if list, ok := tree.([]any); ok {
			tree = list[0]
		}
		object, _ := tree.(map[string]any)
		tree = object[name]
	}
	return tree
}

func TestADocumentWithoutANationalLevelIsALearningAchievementSpecification(t *testing.T) {
	document := sample.Document()
	document.Level.NQF = nil
	p := publish(t, document, new(sample.Offer()))
	for format, classes := range map[exchange.ELMFormat][2]string{
		exchange.ELMDataset: {"a elm:LearningAchievementSpecification", "a elm:Qualification"},
		exchange.QDRDataset: {"<learningAchievementSpecification id=", "<qualification id="},
	} {
		export := exported(t, p, format)
		assert.Contains(t, string(export.Bytes), classes[0])
		assert.NotContains(t, string(export.Bytes), classes[1])
		assert.NotContains(t, string(export.Bytes), "EQFLevel", "the class has none")
		assert.Regexp(t, `educationLevel.*http://data.europa.eu/snb/eqf/4`, string(export.Bytes))
		assert.Equal(t, []string{"/level"}, reasons(export.Report)["no-national-level"])
		findings := exchange.CheckELM(p, format, governance.Codes{})
		require.Len(t, findings, 1)
		assert.Equal(t, "elm-no-nqf-level", findings[0].Rule)
		assert.Equal(t, governance.SeverityWarning, findings[0].Severity)
	}
	assert.Empty(t, exchange.CheckELM(published(t), exchange.ELMDataset, governance.Codes{}))
}

func TestTheSchemeOfESCOSkillsIsInTheCredentialAndNotInTheDataset(t *testing.T) {
	const scheme = "http://data.europa.eu/esco/concept-scheme/skills"
	tree := credential(t, exported(t, published(t), exchange.ELMCredential))
	skill := at(tree, "credentialSubject", "hasClaim", "specifiedBy", "learningOutcome", "relatedESCOSkill")
	assert.Equal(t, scheme, at(skill, "inScheme", "id"))
	dataset := string(exported(t, published(t), exchange.ELMDataset).Bytes)
	assert.Contains(t, dataset, "elm:relatedESCOSkill")
	assert.NotContains(t, dataset, scheme)
	assert.Contains(t, dataset, "skos:inScheme <http://data.europa.eu/snb/isced-f/25831c2>")
	assert.Contains(t, dataset, "<http://data.europa.eu/snb/isced-f/25831c2> a skos:ConceptScheme")
}

func TestTheDatasetHasNoAddressThatItsShapesHoldAgainstAnExpressionOfJavas(t *testing.T) {
	export := exported(t, published(t), exchange.ELMDataset)
	dataset := string(export.Bytes)
	assert.NotContains(t, dataset, "elm:WebResource")
	assert.NotContains(t, dataset, "elm:LearningOpportunity")
	assert.Contains(t, dataset, "Regulation (EU) 2024/573 <https://eur-lex.europa.eu/eli/reg/2024/573/oj>", "a note names it")
	assert.Contains(t, reasons(export.Report)["as-note"], "/furtherInformation/links/f-gas")
}

func TestTheProvenanceIsADocumentOfItsOwn(t *testing.T) {
	p := published(t)
	dataset := string(exported(t, p, exchange.ELMDataset).Bytes)
	provenance := string(exchange.ExportELMProvenance(p))
	assert.Contains(t, dataset, `skos:notation "https://register.example/register/heat-pumps/1.0?format=elm-provenance"`)
	assert.Contains(t, string(exported(t, p, exchange.QDRDataset).Bytes), "https://register.example/register/heat-pumps/1.0?format=elm-provenance")
	for _, said := range []string{string(p.Digest), "skills-council-heating", `"ENDORSEMENT"`, "licenses/by/4.0", "2031-12-31"} {
		assert.Contains(t, provenance, said)
	}
	for _, foreign := range []string{"prov:", "ENDORSEMENT", "licenses/by", "skills-council-heating"} {
		assert.NotContains(t, dataset, foreign)
	}
}

// childrenOf lists the elements inside of the first element of a name.
func childrenOf(t *testing.T, data []byte, name string) []string {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(string(data)))
	var names []string
	depth := 0
	for {
		token, err := decoder.Token()
		require.NoError(t, err, "no end of %s", name)
		switch token := token.(type) {
		case xml.StartElement:
			if depth == 1 {
				names = append(names, token.Name.Local)
			}
			if depth > 0 || token.Name.Local == name {
				depth++
			}
		case xml.EndElement:
			if depth > 0 {
				if depth--; depth == 0 {
					return names
				}
			}
		}
	}
}

func TestTheElementsOfTheRegistersXMLStandInTheOrderOfItsSchema(t *testing.T) {
	var without []string
	for _, name := range childrenOf(t, exported(t, published(t), exchange.QDRDataset).Bytes, "qualification") {
		if len(without) == 0 || without[len(without)-1] != name {
			without = append(without, name)
		}
	}
	assert.Equal(t, []string{"identifier", "title", "description", "additionalNote", "homepage", "supplementaryDocument", "category",
		"modified", "type", "ISCEDFCode", "volumeOfLearning", "creditPoint", "language", "mode", "maximumDuration", "targetGroup",
		"entryRequirement", "learningOutcome", "provenBy", "isPartOf", "awardingOpportunity", "isPartialQualification", "EQFLevel",
		"NQFLevel"}, without)
}

func TestTheRegistersXMLNamesALanguageEvenWhereNoOfferDoes(t *testing.T) {
	export := exported(t, publish(t, sample.Document(), nil), exchange.QDRDataset)
	assert.Contains(t, string(export.Bytes), `<language uri="http://publications.europa.eu/resource/authority/language/ENG"/>`)
	assert.Equal(t, []string{"/languages"}, reasons(export.Report)["language-of-text"][:1])
}

func TestANoteOfTheRegistersXMLIsInOneLanguage(t *testing.T) {
	export := exported(t, published(t), exchange.QDRDataset)
	assert.NotRegexp(t, `</noteLiteral>\s*<noteLiteral`, string(export.Bytes))
	assert.Contains(t, string(export.Bytes), "Sie lernen, eine Wärmepumpe", "notes that may be many are")
	assert.Contains(t, reasons(export.Report)["language-left-out"], "/prerequisites/de")
}

func TestACredentialHasItsContextsAndTheirNames(t *testing.T) {
	tree := credential(t, exported(t, published(t), exchange.ELMCredential))
	assert.Equal(t, []any{"https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"}, tree["@context"])
	assert.NotContains(t, tree, "issuer", "the seal adds it")
	assert.NotContains(t, tree, "issued")
	specification, _ := at(tree, "credentialSubject", "hasClaim", "specifiedBy").(map[string]any)
	for _, name := range []string{"thematicArea", "eqfLevel", "nqfLevel", "dcType"} {
		assert.Contains(t, specification, name)
	}
	for _, name := range []string{"ISCEDFCode", "EQFLevel", "NQFLevel", "type:", "contentUrl"} {
		assert.NotContains(t, specification, name)
	}
	assert.Equal(t, map[string]any{"en": []any{"Installing and commissioning heat pumps"},
		"de": []any{"Wärmepumpen einbauen und in Betrieb nehmen"}}, specification["title"])
	assert.Equal(t, "http://data.europa.eu/snb/credential/e34929035b", at(tree, "credentialProfiles", "id"), "generic")
	assert.Equal(t, "http://data.europa.eu/snb/learning-opportunity/74a4a268e8", at(specification, "dcType", "id"))
	assert.Equal(t, "4", at(specification, "creditPoint", "point"), "a text, not a number")
}

func TestDurationsAreHoursAndDaysNeverMonths(t *testing.T) {
	document := sample.Document()
	for hours, want := range map[governance.Decimal]string{
		"60": "PT60H", "7.5": "PT7H30M", "0.25": "PT0H15M", "7.5005": "PT7H30M1.8S", "1.0001": "PT1H0.36S", "200000": "PT200000H",
	} {
		document.Workload = governance.Workload{Hours: hours}
		tree := credential(t, exported(t, publish(t, document, new(sample.Offer())), exchange.ELMCredential))
		assert.Equal(t, want, at(tree, "credentialSubject", "hasClaim", "specifiedBy", "volumeOfLearning"))
		assert.Equal(t, "P180D", at(tree, "credentialSubject", "hasClaim", "specifiedBy", "maximumDuration"))
	}
}

func TestEachFormatSaysWhatItCannotBeWrittenOfBeforeItIsWritten(t *testing.T) {
	change := func(do func(d *governance.Document, o *governance.OfferFacts)) exchange.Published {
		document, offer := sample.Document(), sample.Offer()
		do(&document, &offer)
		return publish(t, document, &offer)
	}
	noOffer := publish(t, sample.Document(), nil)
	noAddress := published(t)
	noAddress.Slug = ""
	both := []exchange.ELMFormat{exchange.ELMDataset, exchange.QDRDataset}
	for name, test := range map[string]struct {
		p            exchange.Published
		formats      []exchange.ELMFormat
		reason, path string
	}{
		"no title": {change(func(d *governance.Document, _ *governance.OfferFacts) { d.Title = nil }), exchange.ELMFormats, "elm-required", "/title"},
		"no words in a language": {change(func(d *governance.Document, _ *governance.OfferFacts) { d.Outcomes[1].Statement["de"] = "" }),
			exchange.ELMFormats, "elm-not-complete", "/outcomes/source/statement/de"},
		"no outcome": {change(func(d *governance.Document, _ *governance.OfferFacts) { d.Outcomes, d.Assessments = nil, nil }), both,
			"elm-required", "/outcomes"},
		"no field of education": {change(func(d *governance.Document, _ *governance.OfferFacts) { d.Classification.ISCEDF = nil }), both,
			"elm-required", "/classification/iscedf"},
		"an assessment without title": {change(func(d *governance.Document, _ *governance.OfferFacts) { d.Assessments[0].Title = nil }),
			exchange.ELMFormats, "elm-required", "/assessments/written/title"},
		"a skill of another scheme": {change(func(d *governance.Document, _ *governance.OfferFacts) {
			d.Outcomes[0].Skills[0].ID = "http://data.europa.eu/esco/concept-scheme/x"
		}), exchange.ELMFormats, "elm-not-esco", "/outcomes/types/skills/http:~1~1data.europa.eu~1esco~1concept-scheme~1x"},
		"a field of education that ISCED-F writes otherwise": {change(func(d *governance.Document, _ *governance.OfferFacts) {
			d.Classification.ISCEDF[0].ID = "http://data.europa.eu/snb/isced-f/heat"
		}), exchange.ELMFormats, "elm-unknown-code", "/classification/iscedf/http:~1~1data.europa.eu~1snb~1isced-f~1heat"},
		"an assessment type that there is not": {change(func(d *governance.Document, _ *governance.OfferFacts) {
			d.Assessments[0].Type.ID = "http://data.europa.eu/snb/assessment/0000000000"
		}), exchange.ELMFormats, "elm-unknown-code", "/assessments/written/type"},
		"a national level by another address": {change(func(d *governance.Document, _ *governance.OfferFacts) {
			d.Level.NQF[0].URI = "https://www.dqr.de/4"
		}), exchange.ELMFormats, "elm-unknown-code", "/level/nqf/dqr"},
		"no awarding body": {change(func(_ *governance.Document, o *governance.OfferFacts) { o.AwardingBody.Name = nil }), exchange.ELMFormats,
			"elm-required", "/offer/awardingBody/name"},
		"no country": {change(func(_ *governance.Document, o *governance.OfferFacts) { o.AwardingBody.Country = "" }), exchange.ELMFormats,
			"elm-required", "/offer/awardingBody/country"},
		"a country that there is not": {change(func(_ *governance.Document, o *governance.OfferFacts) { o.AwardingBody.Country = "ZZ" }),
			exchange.ELMFormats, "elm-country", "/offer/awardingBody/country"},
		"no offer":   {noOffer, []exchange.ELMFormat{exchange.ELMCredential}, "elm-no-offer", "/offer"},
		"no address": {noAddress, exchange.ELMFormats, "elm-register-page", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range test.formats {
				export, err := exportELM(test.p, format, governance.Codes{})
				assertRefused(t, err, test.reason, test.path)
				assert.Empty(t, export.Bytes, "nothing is written")
			}
		})
	}
}

func TestALoadedVocabularyKnowsItsCodes(t *testing.T) {
	p := published(t)
	codes := governance.Codes{Loaded: map[governance.Scheme]map[governance.URI]governance.CodeFacts{
		governance.SchemeNQF: {"http://data.europa.eu/snb/qdr/c_12a84182": {EQF: 4}},
	}}
	_, err := exchange.ExportELMDataset(p, codes)
	assertRefused(t, err, "elm-unknown-code", "/level/nqf/nqr")
	codes.Loaded[governance.SchemeNQF]["http://data.europa.eu/snb/qdr/c_67af56a4"] = governance.CodeFacts{EQF: 4}
	_, err = exchange.ExportELMDataset(p, codes)
	require.NoError(t, err)
}

func TestThePagesOfACredentialShowNoLearnerAndDependOnNothingElse(t *testing.T) {
	one, two := exported(t, published(t), exchange.ELMCredential), exported(t, published(t), exchange.ELMCredential)
	assert.Equal(t, one.Bytes, two.Bytes)
	display, _ := at(credential(t, one), "displayParameter").(map[string]any)
	pages, _ := display["individualDisplay"].([]any)
	require.Len(t, pages, 2, "one a language")
	english, german := at(pages[0], "displayDetail", "image", "content"), at(pages[1], "displayDetail", "image", "content")
	assert.NotEqual(t, english, german)
	assert.Less(t, len(english.(string)), 40_000, "characters of base64")
	slots := regexp.MustCompile(`\{\{[^}]*\}\}`).FindAllString(string(one.Bytes), -1)
	assert.ElementsMatch(t, []string{"{{certificate_number}}", "{{given_name}}", "{{family_name}}", "{{full_name}}", "{{grade:written}}",
		"{{grade:practical}}"}, slots)
}
