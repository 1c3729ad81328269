package exchange_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

// sharedDir is the folder with the standards and samples of others, beside the module or named by CONCORDAT_SHARED.
func sharedDir(t testing.TB) string {
	t.Helper()
	shared := os.Getenv("CONCORDAT_SHARED")
	if shared == "" {
		dir, err := os.Getwd()
		require.NoError(t, err)
		for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
		}
		shared = filepath.Join(filepath.Dir(dir), "shared")
	}
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("the shared samples are not here (%v); set CONCORDAT_SHARED to run this test", err)
	}
	return shared
}

func importSample(t testing.TB, name string) exchange.Import {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(sharedDir(t), "standards", "elm", "examples", name))
	require.NoError(t, err)
	imported, err := exchange.ImportELM(data)
	require.NoError(t, err)
	return imported
}

func TestTheCommissionsAnnexISampleBecomesADraft(t *testing.T) {
	imported := importSample(t, "Sample-MC-Annex1-unsigned.jsonld")
	d := imported.Document
	assert.Equal(t, []governance.LanguageTag{"en", "es"}, d.Languages)
	assert.Equal(t, "Digital micro-credential creation", d.Title["en"])
	assert.Contains(t, d.Summary["en"], "Annex 1 of the Proposal for a Council Recommendation")
	require.Len(t, d.Outcomes, 2)
	assert.Len(t, d.Outcomes[0].Skills, 3)
	assert.Equal(t, governance.Text{"en": "Developing digital content", "es": "Contento digital"}, d.Outcomes[1].Statement)
	assert.Equal(t, governance.Workload{Hours: "60", Credits: []governance.Credit{{ID: "credit-1", System: "ECTS", Points: "2"}}}, d.Workload)
	assert.Equal(t, 6, d.Level.EQF)
	assert.Equal(t, []governance.NQFReference{{ID: "nqf-1", Framework: "RQF", Level: "6", URI: "http://data.europa.eu/snb/qdr/c_c392e7a2"}}, d.Level.NQF)
	require.Len(t, d.Assessments, 1)
	assert.Equal(t, governance.SupervisionNone, d.Assessments[0].Supervision)
	assert.Equal(t, governance.IdentityNotVerified, d.Assessments[0].IdentityCheck)
	assert.Equal(t, []governance.Mode{governance.ModeBlended}, d.Participation.Modes)
	assert.Len(t, d.Classification.ISCEDF, 2)

	require.NotNil(t, imported.Offer)
	assert.Equal(t, governance.Text{"en": "University of Zed"}, imported.Offer.AwardingBody.Name)
	assert.Equal(t, governance.CountryCode("IE"), imported.Offer.AwardingBody.Country)
	assert.Len(t, imported.Offer.AwardingBody.Identifiers, 3)
	assert.Equal(t, []governance.LanguageTag{"en"}, imported.Offer.Languages)

	found := reasons(imported.Report)
	assert.Equal(t, []string{"/credentialSubject/hasClaim/influencedBy/specifiedBy/volumeOfLearning"}, found["duration-in-months"])
	assert.Contains(t, found["learner-data"], "/credentialSubject/dateOfBirth")
	assert.Equal(t, []string{""}, found["language-incomplete"])
	assert.Len(t, found["kind-missing"], 2)
}

func TestEveryFormOfTheSampleMakesTheSameDraft(t *testing.T) {
	plain := importSample(t, "Sample-MC-Annex1-unsigned.jsonld")
	uploadable := importSample(t, "Sample-MC-Annex1-unsigned-uploadable.json")
	assert.Equal(t, plain.Document, uploadable.Document)
	assert.Equal(t, plain.Offer, uploadable.Offer)
	signed := importSample(t, "Sample-MC-Annex1-signed.jsonld")
	assert.Equal(t, plain.Document.Outcomes[1].Statement["en"], signed.Document.Outcomes[1].Statement["en"])
	assert.Contains(t, reasons(signed.Report), "signature")
}

func TestTheNewerSampleWithListsEverywhereBecomesADraft(t *testing.T) {
	imported := importSample(t, "AA-Annex1-MC-unsigned.json")
	d := imported.Document
	assert.Equal(t, []governance.LanguageTag{"en"}, d.Languages)
	assert.Equal(t, governance.Decimal("60"), d.Workload.Hours, "P2DT12H")
	assert.Equal(t, governance.URI("http://data.europa.eu/snb/assessment/de4d165a6c"), d.Assessments[0].Type.ID)
	assert.Equal(t, governance.CountryCode("IE"), d.Level.NQF[0].Country)
	assert.Len(t, d.Outcomes[0].Skills, 4, "an ESCO skill among the related skills as well")
	require.NotNil(t, imported.Offer)
	assert.NotEmpty(t, imported.Offer.AwardingBody.Name)
}

func TestACertificateOfParticipationBecomesADraftWithoutOutcomes(t *testing.T) {
	imported := importSample(t, "Sample-CertOfPart-unsigned.jsonld")
	assert.Equal(t, "EDC Updates Webinar", imported.Document.Title["en"])
	assert.Empty(t, imported.Document.Outcomes)
	assert.Equal(t, governance.Decimal("2"), imported.Document.Workload.Hours)
	assert.Contains(t, reasons(imported.Report), "no-achievement")
	assert.True(t, governance.HasErrors(governance.Check(imported.Document, governance.EUProfile(), governance.Codes{})))
}

func TestNoLearnerOfASampleIsImported(t *testing.T) {
	for _, name := range []string{"Sample-MC-Annex1-unsigned.jsonld", "Sample-MC-Annex1-unsigned-uploadable.json", "Sample-MC-Annex1-signed.jsonld",
		"AA-Annex1-MC-unsigned.json", "AA-Annex1-MC-signed.jsonld", "Sample-CertOfPart-unsigned.jsonld", "Sample-MastersDegree-unsigned.json"} {
		t.Run(name, func(t *testing.T) {
			imported := importSample(t, name)
			all := everything(t, imported)
			for _, secret := range []string{"Andromeda", "andromeda", "1999-10", "LA-234218", "IT-12345678", "Via da Vinci", "Calle Iglesia", `"Pass"`} {
				assert.NotContains(t, all, secret)
			}
			assert.Contains(t, reasons(imported.Report), "learner-data")
			assert.NotContains(t, all, "iVBORw0KGgo", "no image either")
		})
	}
}

// TestTheSampleIsCompletedUntilItIsReady takes the way of somebody who starts from the Commission's example.
func TestTheSampleIsCompletedUntilItIsReady(t *testing.T) {
	imported := importSample(t, "Sample-MC-Annex1-unsigned.jsonld")
	d, err := imported.Document.InLanguages("en")
	require.NoError(t, err)
	d, err = governance.Apply(d, []governance.Change{
		{Kind: "SET", Path: "/outcomes/outcome-1/kind", Value: []byte(`"RESPONSIBILITY_AUTONOMY"`)},
		{Kind: "SET", Path: "/outcomes/outcome-2/kind", Value: []byte(`"SKILL"`)},
		{Kind: "SET", Path: "/level/nqf/nqf-1/country", Value: []byte(`"GB"`)},
		{Kind: "INSERT", Path: "/qualityAssurance/esg", Value: []byte(`{"id":"esg","framework":"ESG"}`)},
	})
	require.NoError(t, err)
	findings := governance.Check(d, governance.EUProfile(), governance.Codes{})
	assert.False(t, governance.HasErrors(findings), "%v", findings)
}
