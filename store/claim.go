package store

import (
	"context"
	"slices"
	"time"

	"concordat/governance"
)

// Claim is what a text or an offer claims of itself, with who confirms it.
type Claim struct {
	Kind        governance.ClaimKind
	Path        string
	OfferID     governance.OfferID // whose claim it is; empty: the text's
	ConfirmedBy []*Statement
}

// ClaimsOf lists what the text of an edition that the actor was shown, and its offers, claim now.
func (db *DB) ClaimsOf(ctx context.Context, e *Edition) (claims []*Claim, err error) {
	statements, err := db.StatementsOf(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	offers, err := db.OffersOf(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	offers = slices.DeleteFunc(offers, func(o *Offer) bool { return o.State != governance.OfferCurrent })
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		document, err := q.document(ctx, e.HeadID, e.HeadDigest)
		if err != nil {
			return err
		}
		claims = claimsOf(document, e.HeadDigest, offers, Standing(statements, q.now))
		return nil
	})
	return claims, err
}

// Standing keeps the statements that stood at an instant.
func Standing(statements []*Statement, instant time.Time) []*Statement {
	return slices.DeleteFunc(slices.Clone(statements), func(s *Statement) bool { return !s.StandsAt(instant) })
}

// claimsOf lists what a text with a digest and its offers claim, and which of the standing statements confirm it: those about
// that very text, or about an offer as it is.
func claimsOf(d governance.Document, digest governance.Digest, offers []*Offer, standing []*Statement) []*Claim {
	facts := make([]governance.OfferedFacts, len(offers))
	about := map[governance.OfferID]governance.Digest{"": digest}
	for i, o := range offers {
		facts[i], about[o.ID] = governance.OfferedFacts{ID: o.ID, Facts: o.Facts}, o.Digest
	}
	byID := make(map[governance.StatementID]*Statement, len(standing))
	var heard []governance.Testimony
	for _, s := range standing {
		if about[s.OfferID] == s.Digest {
			byID[s.ID] = s
			heard = append(heard, governance.Testimony{ID: s.ID, Kind: s.Kind, Offer: s.OfferID, Facts: s.StatementFacts})
		}
	}
	var claims []*Claim
	for _, c := range governance.Claims(d, facts, heard) {
		claim := &Claim{Kind: c.Kind, Path: c.Path, OfferID: c.Offer, ConfirmedBy: []*Statement{}}
		for _, id := range c.ConfirmedBy {
			claim.ConfirmedBy = append(claim.ConfirmedBy, byID[id])
		}
		claims = append(claims, claim)
	}
	return claims
}
