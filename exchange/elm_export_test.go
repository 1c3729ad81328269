package exchange_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
)

// exportELM writes a publication in one of the formats of ELM.
func exportELM(p exchange.Published, format exchange.ELMFormat, codes governance.Codes) (exchange.Export, error) {
	switch format {
	case exchange.ELMDataset:
		return exchange.ExportELMDataset(p, codes)
	case exchange.QDRDataset:
		return exchange.ExportQDR(p, codes)
	default:
		return exchange.ExportELMCredential(p, codes)
	}
}

// elmFiles are how the validators want each format's files to be called.
var elmFiles = map[exchange.ELMFormat]string{
	exchange.ELMCredential: ".jsonld", exchange.ELMDataset: ".ttl", exchange.QDRDataset: ".xml",
}

// elmCases are publications of every kind that an export meets.
func elmCases(t *testing.T) map[string]exchange.Published {
	t.Helper()
	offer := sample.Offer()
	noLevel := sample.Document()
	noLevel.Level.NQF = nil
	plain := sample.Document()
	plain.Level = governance.Level{}
	plain.Stackability = governance.Stackability{Kind: governance.StackPartial, BlockCode: "RNCP1BC02"}
	plain.Workload.Credits = append(plain.Workload.Credits, governance.Credit{ID: "points", System: "ÖCP", Points: "2.5"})
	plain.Workload.Hours = "7.5005"
	plain.Assessments[0].Type = governance.Concept{Label: governance.Text{"en": "role play", "de": "Rollenspiel"}}
	plain.FurtherInformation.Links = append(plain.FurtherInformation.Links, governance.Reference{ID: "urn", URI: "urn:isbn:123"})
	difficult := sample.Document()
	difficult.Title = governance.Text{"en": "\"Quoted\" <b>& back\\slash\nline {x}", "de": "Ümläute \u2028 und 日本語"}
	numbers := sample.Offer()
	numbers.AwardingBody.Identifiers = []governance.LegalIdentity{
		{ID: "a", Scheme: "registration", Number: "1"}, {ID: "b", Scheme: "registration", Number: "2"},
		{ID: "c", Scheme: "VAT", Number: "DE3"}, {ID: "d", Scheme: "VAT", Number: "DE4"}, {ID: "e", Scheme: "eIDAS", Number: "5"},
		{ID: "f", Scheme: "OID", Number: "6"}, {ID: "g", Scheme: "PIC", Number: "6"}, {ID: "h", Scheme: "tax", Number: "7"}}
	silent := governance.OfferFacts{AwardingBody: governance.AwardingBody{Name: governance.Text{"en": "School"}, Country: "EL"}}
	return map[string]exchange.Published{
		"complete":       publish(t, sample.Document(), &offer),
		"no NQF level":   publish(t, noLevel, &offer),
		"plain":          publish(t, plain, &offer),
		"difficult":      publish(t, difficult, &numbers),
		"a silent offer": publish(t, sample.Document(), &silent),
		"no offer":       publish(t, sample.Document(), nil),
	}
}

func TestTheValidatorsOfOthersSayThatEveryExportIsValid(t *testing.T) {
	for _, format := range exchange.ELMFormats {
		t.Run(string(format), func(t *testing.T) {
			var files [][]byte
			for name, p := range elmCases(t) {
				if format == exchange.ELMCredential && p.Offer == nil {
					continue // it names who awards it
				}
				export, err := exportELM(p, format, governance.Codes{})
				require.NoError(t, err, name)
				files = append(files, export.Bytes)
			}
			judge(t, string(format), elmFiles[format], files...)
		})
	}
}
