package exchange_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

func TestACredentialOfCTDLIsValidAndSaysWhatItLeavesOut(t *testing.T) {
	whole, err := exchange.ExportCTDL(published(t))
	require.NoError(t, err)
	least := bare()
	least.Summary = governance.Text{"sr-Latn": "Petnaest slova."}
	minimal, err := exchange.ExportCTDL(publish(t, least, nil))
	require.NoError(t, err)

	found := reasons(whole.Report)
	assert.Equal(t, []string{"/outcomes/handover/skills/http:~1~1data.europa.eu~1esco~1skill~18614b988-b907-473e-a701-47b525959dc8"},
		found["detached"][:1])
	for _, path := range []string{"/validation", "/qualityAssurance", "/workload/split", "/offer/places", "/outcomes/types/criteria",
		"/assessments/written/proves", "/offer/accreditations/azav-2025/title", "/plainLanguageSummary"} {
		assert.Contains(t, found["no-place-there"], path)
	}
	for _, path := range []string{"/title", "/workload", "/workload/hours", "/level", "/offer/fee", "/outcomes"} {
		assert.NotContains(t, found["no-place-there"], path)
	}
	again, err := exchange.ExportCTDL(published(t))
	require.NoError(t, err)
	assert.Equal(t, whole.Bytes, again.Bytes, "the same publication gives the same bytes")
	judge(t, "ctdl", ".json", whole.Bytes, minimal.Bytes)
}

func TestTheCTIDIsTheEditionsUUIDAndTextsAreLanguageMaps(t *testing.T) {
	exported, err := exchange.ExportCTDL(published(t))
	require.NoError(t, err)
	var graph struct {
		Graph []map[string]any `json:"@graph"`
	}
	require.NoError(t, json.Unmarshal(exported.Bytes, &graph))
	credential := graph.Graph[0]
	assert.Equal(t, "ceterms:MicroCredential", credential["@type"])
	assert.Equal(t, "ce-01900000-0000-7000-8000-000000000002", credential["ceterms:ctid"])
	assert.Equal(t, map[string]any{"en": "Installing and commissioning heat pumps", "de": "Wärmepumpen einbauen und in Betrieb nehmen"}, credential["ceterms:name"])
	assert.Equal(t, []any{"de"}, credential["ceterms:inLanguage"], "the offer's")
	described := map[any]bool{}
	for _, node := range graph.Graph[1:] {
		described[node["@id"]] = true
	}
	for _, list := range []string{"ceterms:ownedBy", "ceterms:accreditedBy", "ceterms:recognizedBy"} {
		require.Len(t, credential[list], 1, list)
		assert.True(t, described[credential[list].([]any)[0]], "%s is described in the graph", list)
	}
}

func TestTheStatusOfCTDLFollowsThePublications(t *testing.T) {
	for state, want := range map[governance.PublicationState]string{
		governance.PublicationPublished: "credentialStat:Active", governance.PublicationSuspended: "credentialStat:Suspended",
		governance.PublicationSuperseded: "credentialStat:Deprecated", governance.PublicationWithdrawn: "credentialStat:Deprecated",
	} {
		p := published(t)
		p.State = state
		exported, err := exchange.ExportCTDL(p)
		require.NoError(t, err)
		assert.Contains(t, string(exported.Bytes), want)
	}
}

func TestNoCredentialOfCTDLIsMadeOfWhatTheRegistryWouldRefuse(t *testing.T) {
	for name, test := range map[string]struct {
		spoil        func(p *exchange.Published)
		reason, path string
	}{
		"no title":       {func(p *exchange.Published) { p.Document.Title = nil }, "text-missing", "/title"},
		"no address":     {func(p *exchange.Published) { p.Slug = "" }, "address-missing", ""},
		"no description": {func(p *exchange.Published) { p.Document.Summary = nil }, "text-missing", "/summary"},
		"14 characters": {func(p *exchange.Published) { p.Document.Summary["de"] = "Vierzehn Züge." },
			"description-too-short", "/summary/de"},
		"an edition without a UUID": {func(p *exchange.Published) { p.EditionID = "1" }, "edition-not-uuid", ""},
		"nobody who owns it": {func(p *exchange.Published) { p.Offer, p.Publisher = nil, exchange.Party{} },
			"owner-missing", "/offer/awardingBody/name"},
	} {
		t.Run(name, func(t *testing.T) {
			p := published(t)
			test.spoil(&p)
			exported, err := exchange.ExportCTDL(p)
			assertRefused(t, err, test.reason, test.path)
			assert.Empty(t, exported.Bytes)
			assert.Len(t, exchange.CheckCTDL(p), 1)
		})
	}
	p := published(t)
	p.Document.Summary["de"] = "Fünfzehn Züge.."
	assert.Empty(t, exchange.CheckCTDL(p), "15 characters are enough")
}

// ctdlSamples are the published samples that are CTDL; the Assistant's input is another format.
var ctdlSamples = []string{
	"CredentialGraphSampleInput.json", "CredentialWithMultipleLanguages_Api_output.json", "Credential_PublishDetailedRecord_API_output.json",
	"microcredential-minimal.json", "registry-credential-1_valid.json",
}

func ctdlSample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(sharedDir(t), "standards", "ctdl", name))
	require.NoError(t, err)
	return data
}

// ctdlLeaves names a node of the graph by the members that refer to it, and leaves out its identifiers. Terms of CTDL's own
// status vocabulary are named by their code alone.
func ctdlLeaves(t testing.TB, data []byte) []leaf {
	t.Helper()
	tree := treeOf(t, data)
	graph, _ := tree.(map[string]any)
	prefix := ""
	if input, ok := graph["GraphInput"].(map[string]any); ok {
		graph, prefix = input, "/GraphInput"
	}
	nodes, _ := graph["@graph"].([]any)
	names, owner := map[string]string{}, map[string]string{}
	for at, node := range nodes {
		object := node.(map[string]any)
		if id := fmt.Sprint(object["@id"]); strings.HasPrefix(id, "_:") {
			names[id] = "node " + strings.ToLower(said(object["ceterms:name"]))
			owner[fmt.Sprintf("%s/@graph/%d", prefix, at)] = names[id]
		}
	}
	return leaves(tree, func(path, member string, value any) (string, bool) {
		member = strings.TrimSuffix(strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(member, "/GraphInput"), "/@graph"), "/@value", ""), "/@id")
		for _, plumbing := range []string{"/@context", "/ceterms:ctid", "/DefaultLanguage", "/PublishForOrganizationIdentifier"} {
			if strings.HasPrefix(member, plumbing) {
				return "", false
			}
		}
		if member == "" || strings.Count(member, "/") > 1 && strings.HasSuffix(member, "/@type") {
			return "", false
		}
		if strings.HasPrefix(member, "/ceterms:credentialStatusType/") && !strings.HasSuffix(member, "/ceterms:targetNode") {
			return "", false
		}
		belongs := ""
		for at, name := range owner {
			if strings.HasPrefix(path, at+"/") {
				belongs = name
			}
		}
		if belongs != "" && member == "/@type" {
			return "", false
		}
		if name, ok := names[fmt.Sprint(value)]; ok {
			value = name
		}
		// Case does not count in language tags (BCP 47), which stand last in a text's path.
		cut := strings.LastIndexByte(member, '/')
		return belongs + " | " + member[:cut] + strings.ToLower(member[cut:]) + " = " + said(value), true
	})
}

// ctdlFilled are the members that an export fills in of the publication.
var ctdlFilled = []string{
	"/@type", "/ceterms:subjectwebpage", "/ceterms:versionIdentifier/", "/ceterms:dateeffective", "/ceterms:offeredby", "/ceterms:ownedby",
	"/ceterms:costdetails", "/ceterms:codednotation", "/ceterms:financialAssistance/ceterms:name", "/ceterms:recognizedby",
	"/ceterms:inlanguage", "/ceterms:credentialStatusType/",
}

func TestWhatACredentialOfCTDLLosesIsExactlyReported(t *testing.T) {
	for _, name := range ctdlSamples {
		t.Run(name, func(t *testing.T) {
			data := ctdlSample(t, name)
			imported, err := exchange.ImportCTDL(data)
			require.NoError(t, err)
			p := publish(t, imported.Document, imported.Offer)
			p.Statements = nil
			exported, err := exchange.ExportCTDL(p)
			require.NoError(t, err)
			trip := roundTrip{ctdlLeaves(t, data), ctdlLeaves(t, exported.Bytes), imported.Report}
			joined := map[string]bool{}
			for _, loss := range imported.Report {
				joined[loss.Reason] = true
			}
			trip.assertExactly(t, func(key string) bool {
				for _, filled := range ctdlFilled {
					if strings.Contains(key, filled) {
						return true
					}
				}
				// A text that was joined of several, a length in days and a node's name are where the report says CHANGED.
				return joined["joined"] && (strings.Contains(key, "/ceterms:requires/ceterms:description") || strings.Contains(key, "/ceterms:financialAssistance/ceterms:description")) ||
					joined["days-of-months"] && strings.Contains(key, "duration = P") ||
					joined["language-assumed"] && strings.HasSuffix(strings.SplitN(key, " = ", 2)[0], "/en")
			})
			judge(t, "ctdl", ".json", exported.Bytes)
		})
	}
}

func TestTheRegistrysSampleBecomesADraftAndAnOffer(t *testing.T) {
	imported, err := exchange.ImportCTDL(ctdlSample(t, "CredentialWithMultipleLanguages_Api_output.json"))
	require.NoError(t, err)
	d := imported.Document
	assert.ElementsMatch(t, []governance.LanguageTag{"en", "ar-SA"}, d.Languages)
	assert.Equal(t, "Bachelor of Science in Accounting", d.Title["en"])
	assert.Equal(t, "To earn this credential the following conditions must be met, and the target learning opportunity must be completed.\n"+
		"Complete High School\nHave a drivers licence", d.Prerequisites["en"])
	assert.Equal(t, []governance.Credit{{ID: "credit-1", System: "creditUnit:SemesterHour", Points: "10.0"}}, d.Workload.Credits)
	assert.Equal(t, 84, d.Participation.MaximumDurationDays)
	require.NotNil(t, imported.Offer)
	assert.Equal(t, governance.Decimal("100.0"), imported.Offer.Fee.Amount)
	assert.Equal(t, governance.CurrencyCode("USD"), imported.Offer.Fee.Currency)
	assert.Equal(t, []governance.LanguageTag{"ar-SA", "en"}, imported.Offer.Languages)
	assert.Equal(t, governance.Text{"en": "Some Accreditation Body", "ar-SA": "بعض هيئات الاعتماد"}, imported.Offer.Accreditations[0].Agency)
	assert.Contains(t, reasons(imported.Report)["further-one"], "/@graph/0/ceterms:estimatedCost/1")
	assert.Contains(t, reasons(imported.Report)["type-changed"], "/@graph/0/@type")
}

func TestTheAssistantsInputIsReadAsWhatTheRegistryMakesOfIt(t *testing.T) {
	input, err := exchange.ImportCTDL(ctdlSample(t, "Credential_PublishDetailedRecord_API_Input.json"))
	require.NoError(t, err)
	output, err := exchange.ImportCTDL(ctdlSample(t, "Credential_PublishDetailedRecord_API_output.json"))
	require.NoError(t, err)
	assert.Equal(t, output.Document.Title, input.Document.Title)
	assert.Equal(t, output.Document.Summary, input.Document.Summary)
	assert.Equal(t, output.Document.Prerequisites, input.Document.Prerequisites)
	assert.Equal(t, output.Document.Languages, input.Document.Languages)
	assert.Equal(t, output.Offer.Fee.Currency, input.Offer.Fee.Currency)
	assert.Equal(t, output.Offer.Fee.Amount, input.Offer.Fee.Amount)
	assert.Equal(t, "ce-a588a18b-2616-4c74-bdcd-6507c0693d0e", input.Offer.AwardingBody.Identifiers[0].Number)
	found := reasons(input.Report)
	assert.Equal(t, []string{""}, found["trailing-comma"])
	assert.Empty(t, found["language-assumed"], "the file names its language")
}

func TestStrangeCredentialsOfCTDL(t *testing.T) {
	for name, test := range map[string]struct{ data, reason, field string }{
		"two commas":             {`{"@type":"ceterms:Badge",,}`, "json", ""},
		"another format":         {`{"type":"Achievement"}`, "not-ctdl", ""},
		"a graph without one":    {`{"@graph":[{"@type":"ceterms:CredentialOrganization"}]}`, "not-ctdl", ""},
		"a comma by itself":      {`{"a":[,]}`, "json", "/a/0"},
		"an input without one":   {`{"GraphInput":{"@graph":[]}}`, "not-ctdl", "/GraphInput"},
		"cut off after a string": {`{"@type":"ceterms:`, "json", "/@type"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.ImportCTDL([]byte(test.data))
			assertRefused(t, err, test.reason, test.field)
		})
	}
	t.Run("a comma within a text stays", func(t *testing.T) {
		imported, err := exchange.ImportCTDL([]byte(`{"@type":"ceterms:MicroCredential","ceterms:name":{"en":"a,} \" b,]"},}`))
		require.NoError(t, err)
		assert.Equal(t, `a,} " b,]`, imported.Document.Title["en"])
		assert.Equal(t, "1", imported.Report[0].Params["count"])
	})
}
