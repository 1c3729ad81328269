package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Offer is a provider's own facts about an edition as they are read.
type Offer struct {
	ID           governance.OfferID
	EditionID    governance.EditionID
	Organization *Organization
	State        governance.OfferState
	Number       int
	Facts        governance.OfferFacts
	Digest       governance.Digest
	CreatedAt    time.Time
	EndedAt      *time.Time
	EndReason    string
}

const offerColumns = `
	id,
	edition_id,
	organization_id,
	state,
	number,
	facts,
	digest,
	created_at,
	ended_at,
	end_reason`

// scanOffer reads offerColumns; the organization carries its id alone.
func scanOffer(row scanner) (*Offer, error) {
	o := Offer{Organization: &Organization{}}
	var facts string
	err := row.Scan(&o.ID, &o.EditionID, &o.Organization.ID, &o.State, &o.Number, &facts, &o.Digest, at(&o.CreatedAt),
		atOrNil(&o.EndedAt), &o.EndReason)
	if err != nil {
		return nil, err
	}
	if o.Facts, err = governance.ParseOfferFacts([]byte(facts)); err != nil {
		return nil, fmt.Errorf("read the facts of offer %s: %w", o.ID, errStored{err})
	}
	return &o, nil
}

// offer reads an offer's row, whoever may see it. NOT_FOUND where there is none.
func (q *Query) offer(ctx context.Context, id governance.OfferID) (*Offer, error) {
	found, err := collect(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM offers WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read offer: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("offer", string(id))
	}
	return found[0], nil
}

// offerOf reads the offer that a provider makes of an edition now; nil where it makes none.
func (q *Query) offerOf(ctx context.Context, edition governance.EditionID, provider governance.OrganizationID) (*Offer, error) {
	found, err := collect(ctx, q, scanOffer,
		`SELECT `+offerColumns+` FROM offers WHERE edition_id = $1 AND organization_id = $2 AND state = 'CURRENT'`, edition, provider)
	if err != nil {
		return nil, fmt.Errorf("read the provider's offer: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

// offerSubject is an offer: visible as its edition is, whose stage is its own.
func (q *Query) offerSubject(ctx context.Context, actor governance.Actor, o *Offer) (subject, *Edition, error) {
	e, err := q.edition(ctx, o.EditionID)
	if err != nil {
		return subject{}, nil, err
	}
	s, err := q.editionSubject(ctx, actor, e)
	if err != nil {
		return subject{}, nil, err
	}
	s.kind, s.noun, s.id = governance.KindOffer, "offer", string(o.ID)
	if s.standing.organization == o.Organization.ID {
		s.relations = append(s.relations, governance.RelationOwn)
	}
	return s, e, nil
}

// offerFindings answers what is missing in an offer, or breaks a bound of the edition.
func (q *Query) offerFindings(ctx context.Context, e *Edition, facts governance.OfferFacts) ([]governance.Finding, error) {
	document, err := q.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return nil, err
	}
	return governance.CheckOffer(document, facts), nil
}

// unmetOffer refuses to publish for a provider that makes no offer of the edition, or one with errors.
func (q *Query) unmetOffer(ctx context.Context, s standing, e *Edition) (*governance.Error, error) {
	offer, err := q.offerOf(ctx, e.ID, s.organization)
	if err != nil {
		return nil, err
	}
	if offer == nil {
		return governance.Refuse(governance.CodeConflict, "no-offer", "Your organization makes no offer of this edition yet."), nil
	}
	return q.refuseOffer(ctx, e, offer.Facts)
}

// refuseOffer refuses facts with errors and says how many and the first of them.
func (q *Query) refuseOffer(ctx context.Context, e *Edition, facts governance.OfferFacts) (*governance.Error, error) {
	findings, err := q.offerFindings(ctx, e, facts)
	if err != nil {
		return nil, err
	}
	count, first := 0, ""
	for _, finding := range findings {
		if finding.Severity != governance.SeverityError {
			continue
		}
		if count++; count == 1 {
			first = finding.Message
		}
	}
	if count == 0 {
		return nil, nil
	}
	return governance.Refuse(governance.CodeConflict, "offer-not-ready", "The offer has {count} errors; the first: {first}",
		"count", fmt.Sprint(count), "first", first), nil
}

// Offer reads an offer. NOT_FOUND where the actor may not see its edition.
func (db *DB) Offer(ctx context.Context, actor governance.Actor, id governance.OfferID) (*Offer, error) {
	var o *Offer
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		if o, err = q.offer(ctx, id); err != nil {
			return err
		}
		s, _, err := q.offerSubject(ctx, actor, o)
		if err != nil {
			return err
		}
		if !s.visible {
			return governance.NotFound("offer", string(id))
		}
		return q.fillOrganizations(ctx, o.Organization)
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// OffersOf reads the offers of an edition that the actor was shown, ended ones too, the oldest first.
func (db *DB) OffersOf(ctx context.Context, edition governance.EditionID) (offers []*Offer, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		offers, err = collect(ctx, q, scanOffer,
			`SELECT `+offerColumns+` FROM offers WHERE edition_id = $1 ORDER BY created_at, id`, edition)
		if err != nil {
			return fmt.Errorf("read the offers of edition %s: %w", edition, err)
		}
		organizations := make([]*Organization, len(offers))
		for i, o := range offers {
			organizations[i] = o.Organization
		}
		return q.fillOrganizations(ctx, organizations...)
	})
	return offers, err
}

// OfferFindings answers what is missing in an offer that the actor was shown, or breaks a bound of its edition.
func (db *DB) OfferFindings(ctx context.Context, o *Offer) (findings []governance.Finding, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		e, err := q.edition(ctx, o.EditionID)
		if err != nil {
			return err
		}
		findings, err = q.offerFindings(ctx, e, o.Facts)
		return err
	})
	return findings, err
}

// OfferMay says what the viewer may do to an offer that it was shown.
func (db *DB) OfferMay(ctx context.Context, actor governance.Actor, o *Offer) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) {
		s, _, err := q.offerSubject(ctx, actor, o)
		return s, err
	})
}

// OfferVersion reads the exact facts of an offer that a digest names, as they are or were. NOT_FOUND where the actor may not
// see the offer, and where it never had such facts.
func (db *DB) OfferVersion(ctx context.Context, actor governance.Actor, id governance.OfferID, digest governance.Digest) ([]byte, error) {
	if _, err := db.Offer(ctx, actor, id); err != nil {
		return nil, err
	}
	var found []string
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		found, err = collect(ctx, q, func(row scanner) (string, error) {
			var facts string
			return facts, row.Scan(&facts)
		}, `SELECT facts FROM offer_versions WHERE offer_id = $1 AND digest = $2`, id, digest)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read a version of offer %s: %w", id, err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("version of an offer", string(digest))
	}
	return []byte(found[0]), nil
}
