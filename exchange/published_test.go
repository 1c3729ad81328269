package exchange_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
)

// published is a complete publication of the sample document with the sample offer.
func published(t testing.TB) exchange.Published {
	t.Helper()
	return publish(t, sample.Document(), new(sample.Offer()))
}

// publish makes a publication of a document and an offer.
func publish(t testing.TB, document governance.Document, offer *governance.OfferFacts) exchange.Published {
	t.Helper()
	_, digest, err := notary.EncodeDocument(document)
	require.NoError(t, err)
	p := exchange.Published{
		Document: document, Digest: digest, Offer: offer,
		Base: "https://register.example", Slug: "heat-pumps", Number: "1.0",
		SpecificationID: "01900000-0000-7000-8000-000000000001", EditionID: "01900000-0000-7000-8000-000000000002",
		PublicationID: "01900000-0000-7000-8000-000000000003",
		Council: exchange.Party{ID: "01900000-0000-7000-8000-000000000010", Slug: "skills-council-heating", LegalName: "Skills Council Heating",
			Country: "DE", Homepage: "https://council.example"},
		Lead: exchange.Party{ID: "01900000-0000-7000-8000-000000000011", Slug: "heating-employers", LegalName: "Heating Employers", Country: "DE"},
		Publisher: exchange.Party{ID: "01900000-0000-7000-8000-000000000012", Slug: "bbz-rhein", LegalName: "Berufsbildungszentrum Rhein", Country: "DE",
			Homepage: "https://bbz-rhein.example", Identifiers: []governance.LegalIdentity{{ID: "registration", Scheme: "registration", Number: "HRB 12345"}}},
		State:       governance.PublicationPublished,
		PublishedAt: time.Date(2027, 1, 15, 10, 0, 0, 0, time.UTC), ModifiedAt: time.Date(2027, 2, 1, 8, 30, 0, 0, time.UTC),
		ValidFrom: "2027-02-01", EnrolUntil: "2030-12-31", AwardUntil: "2031-12-31",
		Statements: []exchange.Confirmation{{ID: "01900000-0000-7000-8000-000000000020", Kind: governance.StatementEndorsement,
			Issuer:  exchange.Party{Slug: "skills-council-heating", LegalName: "Skills Council Heating", Country: "DE"},
			GivenAt: time.Date(2027, 1, 10, 9, 0, 0, 0, time.UTC)}},
	}
	if offer != nil {
		_, p.OfferDigest, err = notary.EncodeOffer(*offer)
		require.NoError(t, err)
		p.OfferID = "01900000-0000-7000-8000-000000000004"
	}
	return p
}

func TestAPublicationsPartsHaveAddressesOfTheRegister(t *testing.T) {
	p := published(t)
	assert.Equal(t, governance.URI("https://register.example/register/heat-pumps/1.0"), p.EditionURI())
	assert.Equal(t, governance.URI("https://register.example/register/heat-pumps"), p.SpecificationURI())
	assert.Equal(t, governance.URI("https://register.example/register/heat-pumps/1.0#outcomes/install"), p.PartURI("outcomes", "install"))
	assert.Equal(t, "https://register.example/register/sha256/"+string(p.Digest[len("sha256:"):]), string(p.TextURI()))
	assert.Equal(t, governance.URI("https://register.example/orgs/bbz-rhein"), p.PartyURI(p.Publisher))
}
