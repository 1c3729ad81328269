package exchange_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
)

// bare is a document that says no more than it must.
func bare() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"sr-Latn"}, Title: governance.Text{"sr-Latn": "Naslov\nu dva reda"},
		Outcomes: []governance.LearningOutcome{{ID: "o1", Statement: governance.Text{"sr-Latn": "Radi nešto."}}},
	}
}

func TestAPackageOfCASEIsValidAndSaysWhatItLeavesOut(t *testing.T) {
	whole, err := exchange.ExportCASE(published(t))
	require.NoError(t, err)
	least, err := exchange.ExportCASE(publish(t, bare(), nil))
	require.NoError(t, err)
	found := reasons(whole.Report)
	assert.Contains(t, found["language-left-out"], "/title/de")
	assert.NotContains(t, found["language-left-out"], "/outcomes/types/statement/de", "a translation of the item")
	for _, path := range []string{"/workload", "/level", "/assessments", "/stackability", "/offer"} {
		assert.Contains(t, found["no-place-there"], path)
	}
	assert.Equal(t, map[string][]string{"line-breaks-removed": {"/title/sr-Latn"}}, reasons(least.Report))

	again, err := exchange.ExportCASE(published(t))
	require.NoError(t, err)
	assert.Equal(t, whole.Bytes, again.Bytes, "the same publication gives the same bytes")
	judge(t, "case-package", ".json", whole.Bytes, least.Bytes)
}

func TestIdentifiersOfCASEAreUUIDsOfOurAddresses(t *testing.T) {
	exported, err := exchange.ExportCASE(published(t))
	require.NoError(t, err)
	var pack struct {
		CFDocument     struct{ Identifier string }
		CFItems        []struct{ Identifier, URI, FullStatement, Language, HumanCodingScheme string }
		CFAssociations []struct {
			Identifier, AssociationType string
			OriginNodeURI               struct{ URI string }
			DestinationNodeURI          struct{ URI, TargetType string }
		}
	}
	require.NoError(t, json.Unmarshal(exported.Bytes, &pack))
	// From the namespace of URLs (RFC 9562) and https://register.example/register/heat-pumps/1.0.
	assert.Equal(t, "e8a3ef40-8bd2-5c18-87a1-424a0cf0b0df", pack.CFDocument.Identifier)
	seen := map[string]bool{}
	relations := map[string]int{}
	for _, item := range pack.CFItems {
		assert.False(t, seen[item.Identifier], "twice: %s", item.URI)
		seen[item.Identifier] = true
	}
	for _, association := range pack.CFAssociations {
		assert.False(t, seen[association.Identifier])
		seen[association.Identifier] = true
		relations[association.AssociationType]++
		if association.AssociationType == "isRelatedTo" {
			assert.Equal(t, "ext:ESCOSkill", association.DestinationNodeURI.TargetType)
		}
	}
	// 4 outcomes and 4 criteria, in two languages, with 6 skills.
	assert.Len(t, pack.CFItems, 16)
	assert.Equal(t, map[string]int{"isChildOf": 8, "isTranslationOf": 8, "isRelatedTo": 6}, relations)
}

func TestADocumentComesBackFromCASEAsFarAsItWasCarried(t *testing.T) {
	exported, err := exchange.ExportCASE(published(t))
	require.NoError(t, err)
	imported, err := exchange.ImportCASE(exported.Bytes)
	require.NoError(t, err)
	d := sample.Document()
	for at := range d.Outcomes {
		for skill := range d.Outcomes[at].Skills {
			delete(d.Outcomes[at].Skills[skill].Label, "de")
		}
	}
	assert.Equal(t, d.Outcomes, imported.Document.Outcomes)
	assert.Equal(t, d.Languages, imported.Document.Languages)
	assert.Equal(t, d.Title["en"], imported.Document.Title["en"])
	assert.Equal(t, d.FurtherInformation.Note["en"], imported.Document.FurtherInformation.Note["en"])
}

func TestNoPackageOfCASEIsMadeOfWhatCannotBeOne(t *testing.T) {
	for name, test := range map[string]struct {
		spoil        func(p *exchange.Published)
		reason, path string
	}{
		"a title not in the primary language": {func(p *exchange.Published) { p.Document.Title = governance.Text{"de": "x"} }, "text-missing", "/title"},
		"no address":                          {func(p *exchange.Published) { p.Base = "register" }, "address-missing", ""},
		"no outcomes":                         {func(p *exchange.Published) { p.Document.Outcomes = nil }, "outcomes-missing", "/outcomes"},
		"an outcome that says nothing": {func(p *exchange.Published) { p.Document.Outcomes[1].Statement = nil },
			"text-missing", "/outcomes/source/statement"},
		"a criterion in another language only": {func(p *exchange.Published) { delete(p.Document.Outcomes[2].Criteria[0].Statement, "en") },
			"text-missing", "/outcomes/install/criteria/c1/statement"},
		"nobody it comes from": {func(p *exchange.Published) { p.Council, p.Lead = exchange.Party{}, exchange.Party{} }, "creator-missing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := published(t)
			test.spoil(&p)
			exported, err := exchange.ExportCASE(p)
			assertRefused(t, err, test.reason, test.path)
			assert.Empty(t, exported.Bytes)
			assert.Len(t, exchange.CheckCASE(p), 1)
		})
	}
	assert.Empty(t, exchange.CheckCASE(published(t)))
}

// caseLeaves names items by what they say, because a draft gets addresses of its own.
func caseLeaves(t testing.TB, data []byte) []leaf {
	t.Helper()
	tree := treeOf(t, data)
	root := tree.(map[string]any)
	names := map[string]string{}
	document := root["CFDocument"].(map[string]any)
	names[fmt.Sprint(document["uri"])] = "the document"
	owner := map[string]string{} // by path
	items, _ := root["CFItems"].([]any)
	for at, node := range items {
		item := node.(map[string]any)
		names[fmt.Sprint(item["uri"])] = fmt.Sprint(item["fullStatement"])
		owner[fmt.Sprintf("/CFItems/%d", at)] = fmt.Sprint(item["fullStatement"])
	}
	named := func(link any) string {
		uri := fmt.Sprint(link.(map[string]any)["uri"])
		if name, ok := names[uri]; ok {
			return name
		}
		return uri
	}
	associations, _ := root["CFAssociations"].([]any)
	for at, node := range associations {
		association := node.(map[string]any)
		owner[fmt.Sprintf("/CFAssociations/%d", at)] = "association of " + named(association["originNodeURI"])
		association["originNodeURI"], association["destinationNodeURI"] = named(association["originNodeURI"]), named(association["destinationNodeURI"])
	}
	plumbing := []string{"/identifier", "/lastChangeDateTime", "/CFDocumentURI", "/CFPackageURI", "/caseVersion", "/sequenceNumber"}
	return leaves(tree, func(path, member string, value any) (string, bool) {
		for _, name := range plumbing {
			if strings.Contains(member, name) {
				return "", false
			}
		}
		if strings.HasSuffix(member, "/uri") && !strings.Contains(member, "URI/") && strings.Count(member, "/") <= 3 {
			return "", false // of the document, an item, an association or a definition
		}
		parts := strings.SplitN(path, "/", 4)
		return owner[strings.Join(parts[:min(3, len(parts))], "/")] + " | " + member + " = " + said(value), true
	})
}

func TestWhatAPackageOfCASELosesIsExactlyReported(t *testing.T) {
	for _, name := range []string{"case-1.0.json", "case-1.1.json"} {
		t.Run(name, func(t *testing.T) {
			data := testdata(t, name)
			imported, err := exchange.ImportCASE(data)
			require.NoError(t, err)
			exported, err := exchange.ExportCASE(publish(t, imported.Document, imported.Offer))
			require.NoError(t, err)
			trip := roundTrip{caseLeaves(t, data), caseLeaves(t, exported.Bytes), imported.Report}
			trip.assertExactly(t, func(key string) bool {
				for _, filled := range []string{"/CFDocument/", "/humanCodingScheme", "/language", "/associationType = isRelatedTo", "= Assessment criterion", "/destinationNodeURI = "} {
					if strings.Contains(key, filled) {
						return true
					}
				}
				return false
			})
			judge(t, "case-package", ".json", exported.Bytes)
		})
	}
}

func TestAPackageOfCASE10BecomesADraft(t *testing.T) {
	imported, err := exchange.ImportCASE(testdata(t, "case-1.0.json"))
	require.NoError(t, err)
	d := imported.Document
	assert.Equal(t, governance.Document{
		Languages: []governance.LanguageTag{"en"},
		Title:     governance.Text{"en": "Handling refrigerants"},
		Summary:   governance.Text{"en": "What somebody can do who handles refrigerants."},
		Licence:   "https://case.example/ims/case/v1p0/CFLicenses/97c883b4-8590-454f-b222-f28298ec9a81",
		Outcomes: []governance.LearningOutcome{
			{ID: "outcome-1", Statement: governance.Text{"en": "Wears the equipment that the data sheet asks for."}},
			{ID: "S.2", Statement: governance.Text{"en": "Recovers refrigerant from a plant without a leak."},
				Skills: []governance.Concept{{ID: "http://data.europa.eu/esco/skill/bce60ecd-ceee-4dbd-b619-70c9789ec634",
					Label: governance.Text{"en": "recover refrigerant"}}},
				Criteria: []governance.Criterion{
					{ID: "criterion-1", Statement: governance.Text{"en": "The plant is empty when it is opened."}},
					{ID: "criterion-2", Statement: governance.Text{"en": "The gauge shows less than 0.3 bar."}},
				}},
		},
	}, d, "in the order of the sequence numbers, the heading left out, the third level flattened")
	found := reasons(imported.Report)
	assert.Equal(t, []string{"/CFAssociations/0", "/CFItems/0"}, found["heading"])
	assert.Equal(t, []string{"/CFAssociations/4/destinationNodeURI"}, found["flattened"])
	assert.Equal(t, []string{"/CFAssociations/5/associationType"}, found["relation-weakened"])
	assert.Nil(t, imported.Offer)
}

func TestTranslationsInCASE11BecomeOneText(t *testing.T) {
	imported, err := exchange.ImportCASE(testdata(t, "case-1.1.json"))
	require.NoError(t, err)
	d := imported.Document
	assert.Equal(t, []governance.LanguageTag{"de", "en"}, d.Languages)
	require.Len(t, d.Outcomes, 1)
	assert.Equal(t, governance.Text{"de": "Wartet eine Kälteanlage nach Plan.", "en": "Maintains a refrigeration plant to plan."}, d.Outcomes[0].Statement)
	assert.Equal(t, governance.OutcomeSkill, d.Outcomes[0].Kind)
	assert.Equal(t, 4, d.Outcomes[0].EQFLevel)
	assert.Equal(t, "c1", string(d.Outcomes[0].Criteria[0].ID))
	assert.Equal(t, governance.URI("http://data.europa.eu/snb/isced-f/0713"), d.Classification.ISCEDF[0].ID)
}

func TestStrangePackagesOfCASE(t *testing.T) {
	_, err := exchange.ImportCASE([]byte(`{"CFItems":[]}`))
	assertRefused(t, err, "not-case", "")
	_, err = exchange.ImportCASE([]byte(`[]`))
	assertRefused(t, err, "not-case", "")
	t.Run("items that are each other's parent are reported and nothing loops", func(t *testing.T) {
		imported, err := exchange.ImportCASE([]byte(`{"CFDocument":{"title":"x"},"CFItems":[{"identifier":"a","fullStatement":"A"},{"identifier":"b","fullStatement":"B"},
			{"identifier":"c","fullStatement":"C"},{"identifier":"c","fullStatement":"C again"}],
			"CFAssociations":[{"associationType":"isChildOf","originNodeURI":"a","destinationNodeURI":"b"},
			{"associationType":"isChildOf","originNodeURI":"b","destinationNodeURI":"a"},{"associationType":"isChildOf","originNodeURI":"c","destinationNodeURI":"c"}]}`))
		require.NoError(t, err)
		assert.Len(t, imported.Document.Outcomes, 2, "neither of the two has a place; C and C again have")
		found := reasons(imported.Report)
		assert.Contains(t, found["no-place"], "/CFItems/0")
		assert.Contains(t, found["no-place"], "/CFItems/1")
		assert.NotEmpty(t, found["language-assumed"])
	})
}
