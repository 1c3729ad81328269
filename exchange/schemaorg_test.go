package exchange_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

func schemaGraph(t testing.TB, p exchange.Published) ([]map[string]any, exchange.Export) {
	t.Helper()
	exported, err := exchange.ExportSchemaOrg(p)
	require.NoError(t, err)
	var file struct {
		Context string           `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	require.NoError(t, json.Unmarshal(exported.Bytes, &file))
	assert.Equal(t, "https://schema.org", file.Context)
	return file.Graph, exported
}

func TestSchemaOrgSaysCredentialAndCourse(t *testing.T) {
	graph, exported := schemaGraph(t, published(t))
	require.Len(t, graph, 2)
	credential, course := graph[0], graph[1]
	assert.Equal(t, "EducationalOccupationalCredential", credential["@type"])
	assert.Contains(t, credential["name"], map[string]any{"@language": "de", "@value": "Wärmepumpen einbauen und in Betrieb nehmen"})
	assert.Len(t, credential["competencyRequired"], 4+6)
	assert.Len(t, credential["educationalLevel"], 3)
	assert.Equal(t, "P60M", credential["validFor"])

	assert.Equal(t, "Course", course["@type"])
	assert.Equal(t, map[string]any{"@id": credential["@id"]}, course["educationalCredentialAwarded"])
	instance := course["hasCourseInstance"].(map[string]any)
	assert.Equal(t, "PT110H", instance["courseWorkload"])
	assert.Equal(t, []any{"blended"}, instance["courseMode"])
	offer := course["offers"].(map[string]any)
	assert.Equal(t, 1450.0, offer["price"])
	assert.Equal(t, "EUR", offer["priceCurrency"])

	found := reasons(exported.Report)
	assert.Len(t, found["detached"], 6)
	for _, path := range []string{"/assessments", "/validation", "/offer/funding", "/offer/complaints", "/workload/split", "/offer/accreditations"} {
		assert.Contains(t, found["no-place-there"], path)
	}
	assert.NotContains(t, found["no-place-there"], "/offer/places")
}

func TestSchemaOrgWithoutAnOfferNamesNoCourse(t *testing.T) {
	p := published(t)
	p.Offer = nil
	graph, exported := schemaGraph(t, p)
	assert.Len(t, graph, 1)
	assert.Contains(t, reasons(exported.Report)["no-place-there"], "/workload")
}

func TestAFreeCourseSaysSo(t *testing.T) {
	p := published(t)
	p.Offer.Fee = governance.Fee{Amount: "0"}
	graph, _ := schemaGraph(t, p)
	assert.Equal(t, "Free", graph[1]["offers"].(map[string]any)["category"])
}

func TestNothingInSchemaOrgEndsAScript(t *testing.T) {
	p := published(t)
	p.Document.Title["en"] = `</script><script>alert(1)</script><!--`
	_, exported := schemaGraph(t, p)
	assert.NotContains(t, string(exported.Bytes), "<")
}

func TestNothingOfSchemaOrgIsMadeWithoutWhatSearchEnginesAskFor(t *testing.T) {
	for name, test := range map[string]struct {
		spoil        func(p *exchange.Published)
		reason, path string
	}{
		"no title":       {func(p *exchange.Published) { p.Document.Title = nil }, "text-missing", "/title"},
		"no description": {func(p *exchange.Published) { p.Document.Summary = nil }, "text-missing", "/summary"},
		"no address":     {func(p *exchange.Published) { p.Base = "" }, "address-missing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := published(t)
			test.spoil(&p)
			exported, err := exchange.ExportSchemaOrg(p)
			assertRefused(t, err, test.reason, test.path)
			assert.Empty(t, exported.Bytes)
		})
	}
}

func TestAPublicationsLineOfTheIndexNamesItsFiles(t *testing.T) {
	p := published(t)
	p.Document.Title["en"] = "two\nlines"
	p.Document.Outcomes[1].Skills = append(p.Document.Outcomes[1].Skills, p.Document.Outcomes[0].Skills[0])
	line, err := exchange.NDJSONLine(p, "case", "ctdl")
	require.NoError(t, err)
	assert.Equal(t, 1, bytes.Count(line, []byte("\n")))
	assert.True(t, bytes.HasSuffix(line, []byte("\n")))
	var read exchange.RegisterLine
	require.NoError(t, json.Unmarshal(line, &read))
	assert.Equal(t, map[string]governance.URI{
		"case": "https://register.example/register/heat-pumps/1.0?format=case", "ctdl": "https://register.example/register/heat-pumps/1.0?format=ctdl",
	}, read.Formats)
	assert.Equal(t, p.Digest, read.Digest)
	assert.Equal(t, "2027-02-01T08:30:00Z", read.ModifiedAt)
	assert.Equal(t, 4, read.EQF)
	assert.Equal(t, []exchange.RegisterCredit{{System: "ECTS", Points: "4"}}, read.Credits)
	assert.Len(t, read.Skills, 6, "each once")
}
