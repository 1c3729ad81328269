package governance

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// OfferSchema is the first member of every stored offer.
const OfferSchema = "concordat/offer/1"

// OfferFacts are a provider's own facts about an edition: what Annex I of Council Recommendation 2022/C 243/02 asks for
// and a council cannot know. Its texts are in whatever languages the provider has. As JSON it is
// {"schema":"concordat/offer/1","text":{...}}; what says nothing is absent.
type OfferFacts struct {
	AwardingBody       AwardingBody         `json:"awardingBody,omitzero"`
	QualityAssurance   []QualityRequirement `json:"qualityAssurance,omitempty"` // what the provider has
	Accreditations     []Accreditation      `json:"accreditations,omitempty"`
	Modes              []Mode               `json:"modes,omitempty"`
	OnSiteHours        Decimal              `json:"onSiteHours,omitempty"`
	GroupSize          int                  `json:"groupSize,omitempty"` // learners taught together, at most
	Schedule           Schedule             `json:"schedule,omitzero"`
	Places             []Place              `json:"places,omitempty"`
	Languages          []LanguageTag        `json:"languages,omitempty"` // of delivery
	Fee                Fee                  `json:"fee,omitzero"`
	Funding            Text                 `json:"funding,omitempty"`
	Adjustments        Text                 `json:"adjustments,omitempty"` // for learners with a disability
	Complaints         Text                 `json:"complaints,omitempty"`
	FurtherInformation FurtherInformation   `json:"furtherInformation,omitzero"`
}

// AwardingBody is who awards the credential.
type AwardingBody struct {
	Name        Text            `json:"name,omitempty"`
	Country     CountryCode     `json:"country,omitempty"`
	Region      URI             `json:"region,omitempty"` // NUTS or ATU
	Address     Text            `json:"address,omitempty"`
	Homepage    URI             `json:"homepage,omitempty"`
	Identifiers []LegalIdentity `json:"identifiers,omitempty"`
}

// LegalIdentity is a number under which an organization is known.
type LegalIdentity struct {
	ID     ElementID `json:"id,omitempty"`
	Scheme string    `json:"scheme,omitempty"` // "registration", "VAT", "eIDAS", "OID" or the scheme's own name
	Number string    `json:"number,omitempty"`
}

// Accreditation is an accreditation or licence that the provider holds for this.
type Accreditation struct {
	ID         ElementID `json:"id,omitempty"`
	Type       Concept   `json:"type,omitzero"` // Europass accreditation type
	Title      Text      `json:"title,omitempty"`
	Agency     Text      `json:"agency,omitempty"`
	URI        URI       `json:"uri,omitempty"` // of the decision or the entry in a register (DEQAR, QDR)
	ValidFrom  Date      `json:"validFrom,omitempty"`
	ValidUntil Date      `json:"validUntil,omitempty"`
}

// Schedule is when the learning takes place.
type Schedule struct {
	Starts       Date `json:"starts,omitempty"` // none: at any time
	Ends         Date `json:"ends,omitempty"`
	DurationDays int  `json:"durationDays,omitempty"` // calendar days from start to end
	Note         Text `json:"note,omitempty"`
}

// Place is where the learning takes place.
type Place struct {
	ID      ElementID   `json:"id,omitempty"`
	Name    Text        `json:"name,omitempty"`
	Address Text        `json:"address,omitempty"`
	Country CountryCode `json:"country,omitempty"`
	Region  URI         `json:"region,omitempty"` // NUTS or ATU
}

// Fee is what a learner pays; an amount of "0" says that it costs nothing.
type Fee struct {
	Amount   Decimal      `json:"amount,omitempty"`
	Currency CurrencyCode `json:"currency,omitempty"`
	Note     Text         `json:"note,omitempty"`
}

// CurrencyCode is a currency as ISO 4217 has it, in capitals.
type CurrencyCode string

// ParseOfferFacts reads a provider's facts as strictly as ParseDocument reads a document. Errors are INVALID with the
// element's path in Field.
func ParseOfferFacts(data []byte) (OfferFacts, error) {
	if len(data) > MaxDocumentBytes {
		return OfferFacts{}, Invalid("", "too-large", "The offer has {count} bytes, and at most {most} are allowed.",
			"count", strconv.Itoa(len(data)), "most", strconv.Itoa(MaxDocumentBytes))
	}
	tree, err := parseTree(data)
	if err != nil {
		return OfferFacts{}, err
	}
	text, err := unwrap(tree, OfferSchema)
	if err != nil {
		return OfferFacts{}, err
	}
	var facts OfferFacts
	if err := (strictDecoder{}).decode(reflect.ValueOf(&facts).Elem(), text, ""); err != nil {
		return OfferFacts{}, err
	}
	return facts, nil
}

// MarshalJSON writes the facts without whatever says nothing.
func (f OfferFacts) MarshalJSON() ([]byte, error) {
	text := treeOf(reflect.ValueOf(f))
	if text == nil {
		text = map[string]any{}
	}
	data, err := json.Marshal(map[string]any{"schema": OfferSchema, "text": text})
	if err != nil {
		return nil, fmt.Errorf("encode offer: %w", err)
	}
	return data, nil
}

// UnmarshalJSON is ParseOfferFacts.
func (f *OfferFacts) UnmarshalJSON(data []byte) error {
	parsed, err := ParseOfferFacts(data)
	if err != nil {
		return err
	}
	*f = parsed
	return nil
}
