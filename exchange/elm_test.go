package exchange_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
	"concordat/notary"
)

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

// everything is all that an import answers, as JSON, for looking for what must not be in it.
func everything(t testing.TB, imported exchange.Import) string {
	t.Helper()
	data, err := json.Marshal(imported)
	require.NoError(t, err)
	return string(data)
}

func reasons(report []exchange.Loss) map[string][]string {
	found := map[string][]string{}
	for _, loss := range report {
		found[loss.Reason] = append(found[loss.Reason], loss.Path)
	}
	return found
}

func TestACredentialBecomesADraftInAllItsLanguages(t *testing.T) {
	imported, err := exchange.ImportELM(testdata(t, "elm-credential.json"))
	require.NoError(t, err)
	d := imported.Document
	assert.Equal(t, []governance.LanguageTag{"lt", "en"}, d.Languages, "the primary language first")
	assert.Equal(t, governance.Text{"lt": "Suvirinimas", "en": "Welding"}, d.Title)
	assert.Equal(t, governance.Text{"lt": "Lankinis suvirinimas", "en": "Arc\nwelding"}, d.Summary)
	assert.Equal(t, []governance.LearningOutcome{
		{ID: "outcome-1", Kind: governance.OutcomeSkill,
			Statement: governance.Text{"en": "Welds a seam\nin position PF", "lt": "Suvirina siūlę\npadėtyje PF"},
			Skills: []governance.Concept{
				{ID: "http://data.europa.eu/esco/skill/a", Label: governance.Text{"en": "weld"}},
				{ID: "http://data.europa.eu/esco/skill/b"},
			}},
		{ID: "outcome-2", Kind: governance.OutcomeKnowledge, Statement: governance.Text{"en": "Names the gases", "lt": "Įvardija dujas"}},
	}, d.Outcomes)
	assert.Equal(t, governance.Workload{Hours: "45", Credits: []governance.Credit{
		{ID: "credit-1", System: "ECVET", Points: "3.5"}, {ID: "credit-2", System: "LTK"},
	}}, d.Workload)
	assert.Equal(t, governance.Level{EQF: 4, NQF: []governance.NQFReference{
		{ID: "nqf-1", Country: "AT", Framework: "AT: NQF", Level: "4", URI: "http://data.europa.eu/snb/qdr/x"},
	}}, d.Level)
	assert.Equal(t, []governance.Assessment{{
		ID:          "assessment-1",
		Type:        governance.Concept{ID: "http://data.europa.eu/snb/assessment/6a4db9f11d", Label: governance.Text{"en": "practical assessment"}},
		Title:       governance.Text{"en": "Weld test", "lt": "Suvirinimo bandymas"},
		Description: governance.Text{"en": "Two seams & one corner", "lt": "Dvi siūlės"},
		Grading:     governance.Text{"en": "Pass or fail", "lt": "Įskaityta arba neįskaityta"},
		Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
		Proves: []governance.ElementID{"outcome-1", "outcome-2"},
	}}, d.Assessments)
	assert.Equal(t, governance.Participation{Modes: []governance.Mode{governance.ModeOnSite}, MaximumDurationDays: 366 + 62 + 4}, d.Participation)
	assert.Equal(t, governance.Text{"en": "None", "lt": "Nėra"}, d.Prerequisites)
	assert.Equal(t, governance.Stackability{Kind: governance.StackPartial, BlockCode: "LT-WELD-1", Into: []governance.StackTarget{
		{ID: "into-1", Title: governance.Text{"en": "Welder", "lt": "Suvirintojas"}, URI: "https://qualifications.example/welder"},
	}}, d.Stackability)
	assert.Equal(t, governance.FurtherInformation{
		Note:  governance.Text{"en": "Bring gloves", "lt": "Atsineškite pirštines"},
		Links: []governance.Reference{{ID: "link-1", URI: "https://welding.example"}},
	}, d.FurtherInformation)
}

func TestWhatIsTheProvidersBecomesAnOffer(t *testing.T) {
	imported, err := exchange.ImportELM(testdata(t, "elm-credential.json"))
	require.NoError(t, err)
	assert.Equal(t, &governance.OfferFacts{
		AwardingBody: governance.AwardingBody{
			Name:    governance.Text{"lt": "Suvirintojų mokykla", "en": "School of Welders"},
			Country: "LT", Homepage: "https://school.example",
			Identifiers: []governance.LegalIdentity{{ID: "number-1", Scheme: "eIDAS", Number: "LT-123"}},
		},
		Accreditations: []governance.Accreditation{{
			ID: "accreditation-1", Title: governance.Text{"en": "Licence"}, Agency: governance.Text{"en": "Ministry"},
			Type:      governance.Concept{ID: "http://data.europa.eu/snb/accreditation/e57dddfcf3", Label: governance.Text{"en": "Program License"}},
			ValidFrom: "2024-05-01", ValidUntil: "2029-04-30",
		}},
		Modes:     []governance.Mode{governance.ModeOnSite, governance.ModeWorkBased},
		Languages: []governance.LanguageTag{"lt"},
	}, imported.Offer)
}

func TestTheReportSaysWhatDidNotFit(t *testing.T) {
	imported, err := exchange.ImportELM(testdata(t, "elm-credential.json"))
	require.NoError(t, err)
	const claim = "/credential/credentialSubject/hasClaim/0"
	found := reasons(imported.Report)
	for reason, paths := range map[string][]string{
		"duration-in-months": {claim + "/influencedBy/0/specifiedBy/volumeOfLearning"},
		"not-a-decimal":      {claim + "/specifiedBy/creditPoint/1/point"},
		"not-a-uri":          {claim + "/specifiedBy/homepage/1"},
		"unknown-code":       {claim + "/specifiedBy/language/1", claim + "/specifiedBy/mode/1"},
		"days-of-months":     {claim + "/specifiedBy/maximumDuration"},
		"markup-removed":     {claim + "/provenBy/0/specifiedBy/description/en"},
		"assumed-all":        {claim + "/provenBy/0/specifiedBy"},
		"split-label":        {claim + "/specifiedBy/nqfLevel/0"},
		"further-one":        {"/credential/credentialSubject/hasClaim/1"},
		"personal-data":      {claim + "/influencedBy/0/directedBy/0"},
		"issuance":           {claim + "/awardedBy/awardingDate", "/credential/issued", "/credential/issuer"},
		"presentation":       {"/credential/displayParameter"},
		"learner-data": {"/credential/credentialSubject/contactPoint", "/credential/credentialSubject/dateOfBirth", "/credential/credentialSubject/givenName", claim + "/additionalNote", claim + "/influencedBy/0/temporal",
			claim + "/provenBy/0/grade", "/deliveryDetails"},
	} {
		assert.ElementsMatch(t, paths, found[reason], reason)
	}
	for _, loss := range imported.Report {
		assert.NotContains(t, loss.Message, "{", loss.Path)
		assert.NotEmpty(t, loss.Kind, loss.Path)
		if loss.Path == claim+"/specifiedBy/learningOutcome/0/relatedSkill/1" {
			assert.Equal(t, governance.Text{"en": "Sharing", "lt": "Dalijimasis"}, loss.Text, "in all its languages")
		}
	}
}

func TestLearnersDataIsNeverImported(t *testing.T) {
	data := testdata(t, "elm-credential.json")
	require.Contains(t, string(data), "LEARNER-SECRET")
	imported, err := exchange.ImportELM(data)
	require.NoError(t, err)
	assert.NotContains(t, everything(t, imported), "SECRET")
	assert.NotContains(t, everything(t, imported), "1990")
}

func TestABareQualificationInExpandedNamesIsRead(t *testing.T) {
	imported, err := exchange.ImportELM(testdata(t, "elm-qualification.jsonld"))
	require.NoError(t, err)
	d := imported.Document
	assert.Equal(t, governance.Document{
		Languages: []governance.LanguageTag{"de", "de-AT", "en"},
		Title:     governance.Text{"de": "Pumpen prüfen"},
		Summary:   governance.Text{"en": "Ohne Sprache"},
		Outcomes: []governance.LearningOutcome{{ID: "outcome-1",
			Statement: governance.Text{"de": "Prüft eine Pumpe", "de-AT": "Prüft a Pumpn"}}},
		Workload:       governance.Workload{Hours: "7.5"},
		Level:          governance.Level{EQF: 3, NQF: []governance.NQFReference{{ID: "nqf-1", URI: "http://data.europa.eu/snb/qdr/c_c37d888a"}}},
		Classification: governance.Classification{ISCEDF: []governance.Concept{{ID: "http://data.europa.eu/snb/isced-f/0715"}}},
	}, d)
	assert.Nil(t, imported.Offer)
	found := reasons(imported.Report)
	assert.Contains(t, found, "language-assumed")
	assert.Contains(t, found, "not-a-duration")
	assert.Len(t, found["language-incomplete"], 3)
}

func TestASignedEnvelopeIsOpened(t *testing.T) {
	plain, err := exchange.ImportELM(testdata(t, "elm-credential.json"))
	require.NoError(t, err)
	payload := string(testdata(t, "elm-credential.json"))
	for name, payload := range map[string]string{
		"unencoded": payload, "base64url": base64.RawURLEncoding.EncodeToString([]byte(payload)),
	} {
		envelope, err := json.Marshal(map[string]any{"payload": payload, "signatures": []any{map[string]any{"signature": "x"}}})
		require.NoError(t, err)
		signed, err := exchange.ImportELM(envelope)
		require.NoError(t, err, name)
		assert.Equal(t, plain.Document, signed.Document, name)
		assert.Equal(t, plain.Offer, signed.Offer, name)
		assert.Contains(t, reasons(signed.Report), "signature", name)
	}
}

func TestImportRefusals(t *testing.T) {
	for name, test := range map[string]struct{ data, reason, field string }{
		"nothing":               {"", "json", ""},
		"not JSON":              {"<xml/>", "json", ""},
		"cut off":               {`{"credential":{"id":"x"`, "json", "/credential"},
		"bytes after the end":   {`{} {}`, "trailing-bytes", ""},
		"a doubled member":      {`{"credential":{"id":"x","id":"y"}}`, "doubled-member", "/credential/id"},
		"too deep":              {strings.Repeat(`{"a":`, 102), "too-deep", strings.Repeat("/a", 101)},
		"another format":        {`{"type":"Achievement","name":"x"}`, "not-elm", ""},
		"a list":                {`[1]`, "not-elm", ""},
		"a credential of ours":  {`{"credential":{"type":"Badge"}}`, "not-elm", "/credential"},
		"no claim":              {`{"type":["EuropeanDigitalCredential"],"credentialSubject":{"type":"Person"}}`, "no-claim", "/credentialSubject/hasClaim"},
		"a payload of nonsense": {`{"payload":"???"}`, "not-base64", "/payload"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.ImportELM([]byte(test.data))
			refused, ok := errors.AsType[*governance.Error](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, governance.CodeInvalid, refused.Code)
			assert.Equal(t, test.reason, refused.Reason)
			assert.Equal(t, test.field, refused.Field)
		})
	}
}

func TestAFileBeyond50MBIsRefused(t *testing.T) {
	_, err := exchange.ImportELM(make([]byte, exchange.MaxImportBytes+1))
	assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
	assert.ErrorContains(t, err, "bytes")
}

func TestMoreOutcomesThanADocumentHoldsAreRefusedByName(t *testing.T) {
	outcomes := strings.Repeat(`{"type":"LearningOutcome","title":{"en":"x"}},`, governance.MaxOutcomes+1)
	_, err := exchange.ImportELM([]byte(`{"type":"Qualification","learningOutcome":[` + strings.TrimSuffix(outcomes, ",") + `]}`))
	refused, ok := errors.AsType[*governance.Error](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "/outcomes", refused.Field)
}

func FuzzImportELM(f *testing.F) {
	f.Add(testdata(f, "elm-credential.json"))
	f.Add(testdata(f, "elm-qualification.jsonld"))
	f.Fuzz(func(t *testing.T, data []byte) {
		imported, err := exchange.ImportELM(data)
		if err != nil {
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "%v", err)
			return
		}
		_, _, err = notary.EncodeDocument(imported.Document)
		require.NoError(t, err)
		again, err := exchange.ImportELM(data)
		require.NoError(t, err)
		assert.Equal(t, everything(t, imported), everything(t, again), "not deterministic")
	})
}
