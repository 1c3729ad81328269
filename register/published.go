package register

import (
	"context"
	"fmt"
	"slices"

	"concordat/exchange"
	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

// Published is the publication as exports take it, with one of its offers; "" is the first, with which it was published.
// NOT_FOUND for an offer that it does not have.
func (e *Entry) Published(base governance.URI, id governance.OfferID) (exchange.Published, error) {
	p := e.Publication
	published := exchange.Published{
		Document: e.Document, Digest: p.Digest, Base: base, Slug: p.Slug, SpecificationID: p.SpecificationID, EditionID: p.EditionID,
		Number: p.EditionNumber, PublicationID: p.ID, Council: e.partyOf(e.Council), Lead: e.partyOf(e.Lead), Publisher: e.partyOf(p.Organization),
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
			published.Statements = append(published.Statements, e.confirmationOf(s))
		}
	}
	return published, nil
}

func (e *Entry) confirmationOf(s *store.Statement) exchange.Confirmation {
	c := exchange.Confirmation{ID: s.ID, Kind: s.Kind, Issuer: e.partyOf(s.Organization), Conditions: s.Conditions, ValidUntil: s.ValidUntil, Signed: s.Signed()}
	if s.AnsweredAt != nil {
		c.GivenAt = *s.AnsweredAt
	}
	return c
}

// partyOf is an organization as an export names it; nil is nobody.
func (e *Entry) partyOf(o *store.Organization) exchange.Party {
	if o == nil {
		return exchange.Party{}
	}
	party := exchange.Party{ID: o.ID, Slug: o.Slug, LegalName: o.LegalName, Country: governance.CountryCode(o.Country),
		Region: governance.URI(o.Region), Homepage: governance.URI(o.Homepage), DID: e.DIDs[o.ID]}
	for n, identifier := range o.Identifiers {
		party.Identifiers = append(party.Identifiers, governance.LegalIdentity{
			ID: governance.ElementID(fmt.Sprintf("identifier-%d", n+1)), Scheme: identifier.Scheme, Number: identifier.Value,
		})
	}
	return party
}

// dids names the organizations of an entry that have a key to sign with, by their did:web.
func (g *Register) dids(ctx context.Context, e *Entry) (map[governance.OrganizationID]string, error) {
	named := []*store.Organization{e.Council, e.Lead, e.Publication.Organization}
	for _, s := range e.Standing.Statements {
		named = append(named, s.Organization)
	}
	var ids []governance.OrganizationID
	for _, o := range named {
		if o != nil && !slices.Contains(ids, o.ID) {
			ids = append(ids, o.ID)
		}
	}
	signers, err := g.Store.Signers(ctx, ids)
	if err != nil {
		return nil, err
	}
	dids := make(map[governance.OrganizationID]string, len(signers))
	for _, o := range named {
		if o == nil || !signers[o.ID] {
			continue
		}
		if dids[o.ID], err = notary.DIDOf(store.OrganizationURL(g.PublicURL, o.Slug)); err != nil {
			return nil, err
		}
	}
	return dids, nil
}
