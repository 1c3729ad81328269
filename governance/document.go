package governance

import "reflect"

// DocumentSchema is the first member of every stored document and says how to read the rest.
const DocumentSchema = "concordat/document/1"

// DefaultLicence is the licence of a document that names none: CC BY 4.0.
const DefaultLicence URI = "https://creativecommons.org/licenses/by/4.0/"

// The sizes that a document keeps (DESIGN section 10).
const (
	MaxDocumentBytes  = 1 << 20 // of its JSON
	MaxOutcomes       = 300
	MaxLanguages      = 24
	MaxTextCharacters = 20000 // in one text in one language
	MaxListElements   = 300   // of any other list
	MaxNameCharacters = 2000  // of a code, a URI or another short string
)

// Document is the agreed text of an edition: everything that Annex I of Council Recommendation 2022/C 243/02 asks for
// and that is not the provider's own (that is OfferFacts) or the learner's (which is never here).
//
// As JSON it is {"schema":"concordat/document/1","text":{...}}, so that its canonical form, which sorts members, begins
// with the schema (docs/decisions/0002-schema-member.md). An element that says nothing is absent: an empty text, list
// or object is never written. Lists of objects carry stable ids, lists of words and URIs are their own ids, so that
// every element has one path, as in /outcomes/<id>/statement/en. Paths leave out "text".
//
// Where each element of Annex I is found: docs/document.md.
type Document struct {
	Languages            []LanguageTag        `json:"languages,omitempty"` // the authentic ones (BCP 47), the primary one first
	Title                Text                 `json:"title,omitempty"`
	Summary              Text                 `json:"summary,omitempty"`
	PlainLanguageSummary Text                 `json:"plainLanguageSummary,omitempty"`
	Outcomes             []LearningOutcome    `json:"outcomes,omitempty"`
	Workload             Workload             `json:"workload,omitzero"`
	Level                Level                `json:"level,omitzero"`
	Assessments          []Assessment         `json:"assessments,omitempty"`
	Participation        Participation        `json:"participation,omitzero"`
	QualityAssurance     []QualityRequirement `json:"qualityAssurance,omitempty"`
	Prerequisites        Text                 `json:"prerequisites,omitempty"` // what a learner needs to enrol
	Stackability         Stackability         `json:"stackability,omitzero"`
	Validation           Validation           `json:"validation,omitzero"`
	Classification       Classification       `json:"classification,omitzero"`
	Validity             Validity             `json:"validity,omitzero"`
	Licence              URI                  `json:"licence,omitempty"` // none: DefaultLicence
	FurtherInformation   FurtherInformation   `json:"furtherInformation,omitzero"`
}

// Text says the same in several languages: BCP 47 language tag to words. A finished document's texts have every
// authentic language and no other.
type Text map[string]string

// LanguageTag is a language as BCP 47 writes it ("de", "de-AT", "sr-Latn"), in the recommended case.
type LanguageTag string

// ElementID names an element of a list for good: 1 to 64 letters, digits, dots, hyphens and underscores, a letter or
// digit first (a UUID, or a short word such as "o1"). It is unique in its list.
type ElementID string

// Decimal is an exact number of zero or more, as people write it: at most 9 digits, a point, at most 4 digits ("2.5").
type Decimal string

// Date is a calendar day, "2006-01-02". Where a time matters it means the end of that day in the council's zone.
type Date string

// URI is an absolute address or name: "https://…", "urn:…", "did:…".
type URI string

// CountryCode is a country as ISO 3166-1 alpha-2 has it, in capitals, with EL and UK as the Union writes them allowed.
type CountryCode string

// Concept is a term of a vocabulary (ESCO, ISCED-F, NACE, Europass): its URI and what it was called when it was chosen.
// The label is for readers; only the URI counts, and the label need not be in every language.
type Concept struct {
	ID    URI  `json:"id,omitempty"`
	Label Text `json:"label,omitempty"`
}

// Reference names something outside the document, by URI and, where it is a specification of ours, by the digest of
// the exact text meant.
type Reference struct {
	ID     ElementID `json:"id,omitempty"`
	Title  Text      `json:"title,omitempty"`
	URI    URI       `json:"uri,omitempty"`
	Digest Digest    `json:"digest,omitempty"`
}

// Validity says how long a credential holds and when the edition is looked at again.
type Validity struct {
	Months     int  `json:"months,omitempty"`     // a credential holds from its issue; 0: without end
	Renewal    Text `json:"renewal,omitempty"`    // how it is renewed
	ReviewDate Date `json:"reviewDate,omitempty"` // the edition is reviewed by then
}

// FurtherInformation is whatever else a reader may want: Annex I ends with it.
type FurtherInformation struct {
	Note  Text        `json:"note,omitempty"`
	Links []Reference `json:"links,omitempty"`
}

// EffectiveLicence is the licence under which the document may be used: its own, or CC BY 4.0.
func (d Document) EffectiveLicence() URI {
	if d.Licence == "" {
		return DefaultLicence
	}
	return d.Licence
}

// PrimaryLanguage is the first authentic language, which readers fall back to; "" where the document has none.
func (d Document) PrimaryLanguage() LanguageTag {
	if len(d.Languages) == 0 {
		return ""
	}
	return d.Languages[0]
}

// InLanguages answers the document with these authentic languages: texts and labels in others are left out. The new
// ones' texts are for its editors to write. It is INVALID for no language, a wrong tag, or too many.
func (d Document) InLanguages(languages ...LanguageTag) (Document, error) {
	if err := checkLanguages(languages); err != nil {
		return Document{}, err
	}
	d.Languages = languages
	tree := treeOf(reflect.ValueOf(d))
	return documentOf(onlyLanguages(reflect.TypeFor[Document](), tree, languages))
}

// In answers the text in the language asked for, else in its base language ("de" for "de-AT"), else in fallback, and
// which of them it is. A text that has none of them answers "", "".
func (t Text) In(language, fallback string) (words, used string) {
	for _, candidate := range []string{language, baseLanguage(language), fallback} {
		if words, ok := t[candidate]; ok {
			return words, candidate
		}
	}
	return "", ""
}
