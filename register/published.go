package register

import (
	"fmt"
	"slices"

	"concordat/exchange"
	"concordat/governance"
	"concordat/store"
)

// Published is the publication as exports take it, with one of its offers; "" is the first, with which it was published.
// NOT_FOUND for an offer that it does not have.
func (e *Entry) Published(base governance.URI, id governance.OfferID) (exchange.Published, error) {
	p := e.Publication
	published := exchange.Published{
		Document: e.Document, Digest: p.Digest, Base: base, Slug: p.Slug, SpecificationID: p.SpecificationID, EditionID: p.EditionID,
		Number: p.EditionNumber, PublicationID: p.ID, Council: partyOf(e.Council), Lead: partyOf(e.Lead), Publisher: partyOf(p.Organization),
		State: p.State, PublishedAt: p.PublishedAt, ModifiedAt: e.ChangedAt, ValidFrom: p.ValidFrom,
	}
	if p.EnrolUntil != nil {
		published.EnrolUntil = *p.EnrolUntil
	}
	if p.AwardUntil != nil {
		published.AwardUntil = *p.AwardUntil
	}
	offers := e.Standing.Offers
	if at := slices.IndexFunc(offers, func(o *store.Offer) bool { return id == "" || o.ID == id }); at >= 0 {
		offer := offers[at]
		published.Offer, published.OfferID, published.OfferDigest = &offer.Facts, offer.ID, offer.Digest
	} else if id != "" {
		return published, governance.NotFound("offer", string(id))
	}
	for _, s := range e.Standing.Statements {
		if s.OfferID == "" || s.OfferID == published.OfferID {
			published.Statements = append(published.Statements, confirmationOf(s))
		}
	}
	return published, nil
}

func confirmationOf(s *store.Statement) exchange.Confirmation {
	c := exchange.Confirmation{ID: s.ID, Kind: s.Kind, Issuer: partyOf(s.Organization), Conditions: s.Conditions, ValidUntil: s.ValidUntil, Signed: s.Signed()}
	if s.AnsweredAt != nil {
		c.GivenAt = *s.AnsweredAt
	}
	return c
}

// partyOf is an organization as an export names it; nil is nobody.
func partyOf(o *store.Organization) exchange.Party {
	if o == nil {
		return exchange.Party{}
	}
	party := exchange.Party{ID: o.ID, Slug: o.Slug, LegalName: o.LegalName, Country: governance.CountryCode(o.Country),
		Region: governance.URI(o.Region), Homepage: governance.URI(o.Homepage)}
	for n, identifier := range o.Identifiers {
		party.Identifiers = append(party.Identifiers, governance.LegalIdentity{
			ID: governance.ElementID(fmt.Sprintf("identifier-%d", n+1)), Scheme: identifier.Scheme, Number: identifier.Value,
		})
	}
	return party
}
