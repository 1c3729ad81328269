package governance

import "strings"

// ClaimKind is what a document or an offer claims, until a body that can tell confirms it.
type ClaimKind string

// The kinds of claims.
const (
	ClaimLevel         ClaimKind = "LEVEL"         // confirmed by NQF_INCLUSION
	ClaimCredit        ClaimKind = "CREDIT"        // confirmed by CREDIT_TOWARDS
	ClaimAccreditation ClaimKind = "ACCREDITATION" // of an offer; confirmed by ACCREDITATION
)

// Claim is something that a text or an offer says of itself.
type Claim struct {
	Kind        ClaimKind
	Path        string  // of the element: "/level/nqf/dqr"; in the offer's facts for an ACCREDITATION
	Offer       OfferID // whose claim it is; empty: the document's
	ConfirmedBy []StatementID
}

// Testimony is a statement that stands, as far as it can confirm a claim.
type Testimony struct {
	ID    StatementID
	Kind  StatementKind
	Offer OfferID
	Facts StatementFacts
}

// OfferedFacts are an offer's facts by its id.
type OfferedFacts struct {
	ID    OfferID
	Facts OfferFacts
}

// Claims lists what a document and its offers claim of level, credit and accreditation, in their order, each with the
// statements that confirm it: the level by its inclusion in a framework at that level, the EQF level by any of those, or
// where the document names no framework by the inclusion in any; credit by who grants as much towards the same target; an
// accreditation by an accrediting body's word on that offer.
func Claims(d Document, offers []OfferedFacts, standing []Testimony) []Claim {
	claims := levelClaims(d, standing)
	for _, into := range d.Stackability.Into {
		claims = append(claims, Claim{Kind: ClaimCredit, Path: "/stackability/into/" + string(into.ID), ConfirmedBy: confirming(standing, func(t Testimony) bool {
			return t.Kind == StatementCreditTowards && t.Facts.Target == into.URI && grants(t.Facts, into)
		})})
	}
	for _, o := range offers {
		for _, accreditation := range o.Facts.Accreditations {
			claims = append(claims, Claim{Kind: ClaimAccreditation, Path: "/accreditations/" + string(accreditation.ID), Offer: o.ID,
				ConfirmedBy: confirming(standing, func(t Testimony) bool {
					return t.Kind == StatementAccreditation && t.Offer == o.ID && (t.Facts.URI == "" || accreditation.URI == "" || t.Facts.URI == accreditation.URI)
				})})
		}
	}
	return claims
}

// levelClaims are the claims of a level: the EQF's first, then each national framework's.
func levelClaims(d Document, standing []Testimony) []Claim {
	var national []Claim
	var eqf []StatementID
	for _, nqf := range d.Level.NQF {
		confirmed := confirming(standing, func(t Testimony) bool {
			return t.Kind == StatementNqfInclusion && strings.EqualFold(t.Facts.Framework, nqf.Framework) && strings.EqualFold(t.Facts.Level, nqf.Level)
		})
		eqf = append(eqf, confirmed...)
		national = append(national, Claim{Kind: ClaimLevel, Path: "/level/nqf/" + string(nqf.ID), ConfirmedBy: confirmed})
	}
	if len(d.Level.NQF) == 0 {
		eqf = confirming(standing, func(t Testimony) bool { return t.Kind == StatementNqfInclusion })
	}
	if d.Level.EQF == 0 {
		return national
	}
	return append([]Claim{{Kind: ClaimLevel, Path: "/level/eqf", ConfirmedBy: eqf}}, national...)
}

// grants says whether who speaks grants at least the credits claimed, in the same system.
func grants(said StatementFacts, claimed StackTarget) bool {
	if claimed.Credits == "" {
		return true
	}
	granted, wanted := said.Credits.Rat(), claimed.Credits.Rat()
	return granted != nil && wanted != nil && granted.Cmp(wanted) >= 0 && strings.EqualFold(said.System, claimed.System)
}

func confirming(standing []Testimony, fits func(Testimony) bool) []StatementID {
	var ids []StatementID
	for _, t := range standing {
		if fits(t) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
