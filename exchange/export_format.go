package exchange

import (
	"slices"

	"concordat/governance"
)

// ExportFormat is a format that publications are served in, by the name that ?format= takes.
type ExportFormat string

// The formats that a publication is written in.
const (
	ToELMCredential ExportFormat = "elm-edc"
	ToELMDataset    ExportFormat = "elm-loq"
	ToProvenance    ExportFormat = "elm-provenance"
	ToQDR           ExportFormat = "qdr-xml"
	ToAchievement   ExportFormat = "ob3"
	ToCTDL          ExportFormat = "ctdl"
	ToCASE          ExportFormat = "case"
	ToSchemaOrg     ExportFormat = "schema-org"
	ToCSV           ExportFormat = "csv"
	ToXLSX          ExportFormat = "xlsx"
)

// Exporter is a format with what a reader and a program need to know of it.
type Exporter struct {
	Format    ExportFormat
	Name      string // what it is, for people
	MediaType string // of its files
	Extension string // of their names, without a dot
	Profile   string // URI that names the profile within the media type; "": none
	write     func(Published) (Export, error)
}

// Exporters lists every format, in the order in which a page names them. The vocabularies of ELM are checked by their form,
// as they are where drafts are checked.
var Exporters = []Exporter{
	{ToELMCredential, "European Digital Credential, template", "application/ld+json", "jsonld", edcGenericSchema,
		func(p Published) (Export, error) { return ExportELMCredential(p, governance.Codes{}) }},
	{ToELMDataset, "European Learning Model, dataset (Turtle)", "text/turtle", "ttl", "",
		func(p Published) (Export, error) { return ExportELMDataset(p, governance.Codes{}) }},
	{ToQDR, "Qualification Dataset Register (XML)", "application/xml", "xml", "",
		func(p Published) (Export, error) { return ExportQDR(p, governance.Codes{}) }},
	{ToProvenance, "Provenance (Turtle)", "text/turtle", "provenance.ttl", "",
		func(p Published) (Export, error) { return Export{Bytes: ExportELMProvenance(p)}, nil }},
	{ToAchievement, "Open Badges 3.0 achievement", "application/json", "ob3.json", "",
		func(p Published) (Export, error) { return ExportAchievement(p, "") }},
	{ToCTDL, "Credential Registry (CTDL)", "application/ld+json", "ctdl.jsonld", "https://purl.org/ctdl/terms/", ExportCTDL},
	{ToCASE, "1EdTech CASE 1.1 package", "application/json", "case.json", "", ExportCASE},
	{ToSchemaOrg, "schema.org, for search engines", "application/ld+json", "schema-org.jsonld", "https://schema.org/", ExportSchemaOrg},
	{ToCSV, "Learning outcomes as a table (CSV)", "text/csv", "csv", "", ExportOutcomesCSV},
	{ToXLSX, "Learning outcomes as a workbook (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "", ExportOutcomesXLSX},
}

// ExporterOf finds a format by its name.
func ExporterOf(format ExportFormat) (Exporter, bool) {
	i := slices.IndexFunc(Exporters, func(e Exporter) bool { return e.Format == format })
	if i < 0 {
		return Exporter{}, false
	}
	return Exporters[i], true
}

// Write writes a publication in the format. INVALID says why it cannot be.
func (e Exporter) Write(p Published) (Export, error) { return e.write(p) }
