package exchange

import (
	"strings"
	"time"

	"concordat/governance"
)

// Published is a publication as every export takes it: the text that was agreed, one provider's offer of it, who stands
// behind it and what has been said about it. Nothing else goes into an export, so the same Published gives the same
// bytes. A field that says nothing is zero.
type Published struct {
	Document governance.Document
	Digest   governance.Digest // of the document's stored bytes

	Offer       *governance.OfferFacts // nil: the export is of the text alone
	OfferID     governance.OfferID
	OfferDigest governance.Digest // of the offer's stored bytes

	Base            governance.URI // the installation's public URL, without a slash at its end
	Slug            string         // of the specification
	SpecificationID governance.SpecificationID
	EditionID       governance.EditionID
	Number          string // of the edition: "1.1"
	PublicationID   governance.PublicationID

	Council   Party // whose rules the text was agreed under
	Lead      Party // who led the work on it
	Publisher Party // who published it

	State       governance.PublicationState
	PublishedAt time.Time       // UTC
	ModifiedAt  time.Time       // when the publication, its offer or what is said about it changed last; UTC
	ValidFrom   governance.Date // from when credentials may be awarded
	EnrolUntil  governance.Date
	AwardUntil  governance.Date

	Statements []Confirmation // that stand now, the oldest first
}

// Party is an organization as an export names it.
type Party struct {
	ID          governance.OrganizationID
	Slug        string
	LegalName   string // in no particular language
	Country     governance.CountryCode
	Region      governance.URI // NUTS or ATU
	Homepage    governance.URI
	DID         string // did:web of the organization's keys; "": it has none
	Identifiers []governance.LegalIdentity
}

// Confirmation is a statement that stands: what a body says about the text or the offer (an endorsement, the inclusion in
// a national framework, …). A claim of the document that none confirms is only a claim.
type Confirmation struct {
	ID         governance.StatementID
	Kind       governance.StatementKind
	Issuer     Party
	Conditions string
	GivenAt    time.Time  // UTC
	ValidUntil *time.Time // UTC; nil: without end
	Signed     bool
}

// EditionURI is the edition's address in the register, and the identifier of what is exported.
func (p Published) EditionURI() governance.URI {
	return p.Base + governance.URI("/register/"+p.Slug+"/"+p.Number)
}

// SpecificationURI is the identifier of the specification, whatever its edition.
func (p Published) SpecificationURI() governance.URI {
	return p.Base + governance.URI("/register/"+p.Slug)
}

// TextURI is the address of the exact text: it answers the same bytes for ever.
func (p Published) TextURI() governance.URI {
	return p.Base + governance.URI("/register/sha256/"+strings.TrimPrefix(string(p.Digest), "sha256:"))
}

// PartURI is the identifier of an element of the edition, a fragment of its address: PartURI("outcomes", "o1").
func (p Published) PartURI(segments ...string) governance.URI {
	return p.EditionURI() + governance.URI("#"+strings.Join(segments, "/"))
}

// PartyURI is the identifier of an organization: its address here.
func (p Published) PartyURI(party Party) governance.URI {
	return p.Base + governance.URI("/orgs/"+party.Slug)
}

// Export is what an export makes of a publication.
type Export struct {
	Bytes []byte
	// Report says what the publication has and the file does not, or not as it stood there. Paths are the document's,
	// as in a diff; those of the offer begin with /offer.
	Report []Loss
}
