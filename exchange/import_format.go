package exchange

import (
	"slices"

	"concordat/governance"
)

// ImportFormat is a format that drafts are made of, by the name that a command and an address call it.
type ImportFormat string

// The formats that are imported.
const (
	FromELM      ImportFormat = "elm"      // the European Learning Model 3
	FromCTDL     ImportFormat = "ctdl"     // the Credential Transparency Description Language
	FromCASE     ImportFormat = "case"     // 1EdTech CASE 1.0 and 1.1
	FromRSD      ImportFormat = "rsd"      // Rich Skill Descriptors of the Open Skills Management Tool
	FromOutcomes ImportFormat = "outcomes" // a table of outcomes
)

// ImportFormats lists every format that is imported.
var ImportFormats = []ImportFormat{FromELM, FromCTDL, FromCASE, FromRSD, FromOutcomes}

// importFormatNames say what each format is, in a sentence.
var importFormatNames = map[ImportFormat]string{
	FromELM: "the European Learning Model", FromCTDL: "CTDL", FromCASE: "CASE", FromRSD: "Rich Skill Descriptors", FromOutcomes: "learning outcomes",
}

// Name says in a sentence what the format is; "" where there is none of that name.
func (f ImportFormat) Name() string { return importFormatNames[f] }

// Known says whether there is such a format.
func (f ImportFormat) Known() bool { return slices.Contains(ImportFormats, f) }

// ImportFile makes a draft of a file in a format; see ImportELM and the others. Where the file does not say in which language
// its texts are, they are in the assumed one. A format that is not known is NOT_FOUND; what is wrong with the file is INVALID.
func ImportFile(format ImportFormat, file []byte, assumed governance.LanguageTag) (Import, error) {
	switch format {
	case FromELM:
		return ImportELM(file)
	case FromCTDL:
		return ImportCTDL(file)
	case FromCASE:
		return ImportCASE(file)
	case FromRSD:
		return ImportRSD(file, assumed)
	case FromOutcomes:
		return ImportOutcomes(file, assumed)
	default:
		return Import{}, governance.NotFound("format", string(format))
	}
}
