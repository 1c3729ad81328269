package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"concordat/governance"
	"concordat/notary"
)

// MakeOffer makes a provider's offer of an edition; its facts may be incomplete until publication. Errors: NOT_FOUND;
// FORBIDDEN but for a publisher of a provider on the council's roll; CONFLICT for the stage and where the provider makes
// an offer already; INVALID for facts that are malformed.
func (db *DB) MakeOffer(ctx context.Context, actor governance.Actor, in MakeOfferInput) (governance.OfferID, error) {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return "", err
		}
	}
	stored, digest, unreadable := notary.EncodeOffer(in.Facts)
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "makeOffer", rule: governance.MakeOffer, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if unreadable != nil {
				return "", atInput("input.facts", unreadable)
			}
			return tx.makeOffer(ctx, s, e, in.ID, offerText{string(stored), digest})
		},
	})
	return governance.OfferID(id), err
}

// offerText is the facts of an offer as stored, and their digest.
type offerText struct {
	facts  string
	digest governance.Digest
}

func (tx *Tx) makeOffer(ctx context.Context, s subject, e *Edition, id governance.OfferID, text offerText) (string, error) {
	current, err := tx.offerOf(ctx, e.ID, s.standing.organization)
	if err != nil {
		return "", err
	}
	if current != nil {
		return "", governance.Refuse(governance.CodeConflict, "offer-exists", "Your organization makes an offer already; it may be changed.")
	}
	if id == "" {
		id = governance.OfferID(tx.newID())
	} else if err := tx.requireFree(ctx, "offers", string(id)); err != nil {
		return "", err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO offers (id, edition_id, organization_id, state, number, facts, digest, created_at)
		VALUES ($1, $2, $3, 'CURRENT', 1, $4, $5, $6)`,
		id, e.ID, s.standing.organization, text.facts, text.digest, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert offer: %w", err)
	}
	if err := tx.insertOfferVersion(ctx, id, 1, text); err != nil {
		return "", err
	}
	return string(id), tx.tellOffer(ctx, s, governance.MakeOffer, Act{Type: "OFFER_MADE", Object: Object{"OFFER", string(id)},
		Digests: map[string]governance.Digest{"document": e.HeadDigest, "offer": text.digest}})
}

func (tx *Tx) insertOfferVersion(ctx context.Context, id governance.OfferID, number int, text offerText) error {
	_, err := tx.exec(ctx, `
		INSERT INTO offer_versions (offer_id, number, facts, digest, person_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, id, number, text.facts, text.digest, tx.actor.Person, tx.now)
	if err != nil {
		return fmt.Errorf("insert the offer's version: %w", err)
	}
	return nil
}

func (tx *Tx) tellOffer(ctx context.Context, s subject, step governance.Step, a Act) error {
	a.Role = s.actingRole(step)
	_, err := tx.appendAct(ctx, a)
	return err
}

// offerStep is what the steps on an offer differ in.
type offerStep struct {
	mutation string
	rule     governance.Step
	id       governance.OfferID
	write    func(ctx context.Context, tx *Tx, s subject, o *Offer, e *Edition) error
}

// takeOnOffer reads the offer under its specification's lock, asks whether the actor may, and writes. An offer that has
// ended is a CONFLICT.
func (db *DB) takeOnOffer(ctx context.Context, actor governance.Actor, repeat Repeat, os offerStep) (governance.OfferID, error) {
	if err := CheckID("input.offer", string(os.id)); err != nil {
		return "", err
	}
	above := root{table: rootSpecification}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		return q.queryRow(ctx, `SELECT e.specification_id FROM offers o JOIN editions e ON e.id = o.edition_id WHERE o.id = $1`,
			os.id).Scan(&above.id)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return "", governance.NotFound("offer", string(os.id))
	}
	if err != nil {
		return "", fmt.Errorf("find the root of offer %s: %w", os.id, err)
	}
	id, err := db.take(ctx, step{name: os.mutation, actor: actor, roots: []root{above}, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			o, err := tx.offer(ctx, os.id)
			if err != nil {
				return "", err
			}
			s, e, err := tx.offerSubject(ctx, actor, o)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, os.rule); err != nil {
				return "", err
			}
			if o.State != governance.OfferCurrent {
				return "", governance.Refuse(governance.CodeConflict, "offer-ended", "This offer has ended.")
			}
			return string(os.id), os.write(ctx, tx, s, o, e)
		}})
	return governance.OfferID(id), err
}

// ChangeOffer changes an offer; its earlier version is kept. Errors: NOT_FOUND; FORBIDDEN but for a publisher of its
// provider; CONFLICT for the stage, where it has ended, and for errors in an offer that is published; INVALID for facts
// that are malformed or the same.
func (db *DB) ChangeOffer(ctx context.Context, actor governance.Actor, in ChangeOfferInput) (governance.OfferID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	stored, digest, unreadable := notary.EncodeOffer(in.Facts)
	return db.takeOnOffer(ctx, actor, repeat, offerStep{mutation: "changeOffer", rule: governance.ChangeOffer, id: in.Offer,
		write: func(ctx context.Context, tx *Tx, s subject, o *Offer, e *Edition) error {
			if unreadable != nil {
				return atInput("input.facts", unreadable)
			}
			if digest == o.Digest {
				return governance.Invalid("input.facts", "nothing-changed", "These are the offer's facts already.")
			}
			if err := tx.requirePublishable(ctx, o, e, in.Facts); err != nil {
				return err
			}
			return tx.changeOffer(ctx, s, o, offerText{string(stored), digest})
		}})
}

// requirePublishable refuses to bring errors into an offer that the register shows.
func (tx *Tx) requirePublishable(ctx context.Context, o *Offer, e *Edition, facts governance.OfferFacts) error {
	published, err := tx.exists(ctx, `SELECT 1 FROM publications WHERE offer_id = $1`, o.ID)
	if err != nil {
		return fmt.Errorf("look for the offer's publication: %w", err)
	}
	if !published {
		return nil
	}
	refusal, err := tx.refuseOffer(ctx, e, facts)
	if err != nil {
		return err
	}
	if refusal != nil {
		return refusal
	}
	return nil
}

func (tx *Tx) changeOffer(ctx context.Context, s subject, o *Offer, text offerText) error {
	_, err := tx.exec(ctx, `UPDATE offers SET number = $2, facts = $3, digest = $4 WHERE id = $1 AND state = 'CURRENT'`,
		o.ID, o.Number+1, text.facts, text.digest)
	if err != nil {
		return fmt.Errorf("change offer: %w", err)
	}
	if err := tx.insertOfferVersion(ctx, o.ID, o.Number+1, text); err != nil {
		return err
	}
	return tx.tellOffer(ctx, s, governance.ChangeOffer, Act{Type: "OFFER_CHANGED", Object: Object{"OFFER", string(o.ID)},
		Digests: map[string]governance.Digest{"offer": text.digest, "before": o.Digest}})
}

// EndOffer ends an offer, with a reason. Errors: NOT_FOUND; FORBIDDEN but for a publisher of its provider; CONFLICT for
// the stage and where it has ended; INVALID without a reason.
func (db *DB) EndOffer(ctx context.Context, actor governance.Actor, in EndOfferInput) (governance.OfferID, error) {
	repeat, err := repeatWithReason(in.IdempotencyKey, in, in.Reason)
	if err != nil {
		return "", err
	}
	return db.takeOnOffer(ctx, actor, repeat, offerStep{mutation: "endOffer", rule: governance.EndOffer, id: in.Offer,
		write: func(ctx context.Context, tx *Tx, s subject, o *Offer, _ *Edition) error {
			_, err := tx.exec(ctx, `UPDATE offers SET state = 'ENDED', ended_at = $2, end_reason = $3 WHERE id = $1 AND state = 'CURRENT'`,
				o.ID, tx.now, in.Reason)
			if err != nil {
				return fmt.Errorf("end offer: %w", err)
			}
			return tx.tellOffer(ctx, s, governance.EndOffer, Act{Type: "OFFER_ENDED", Object: Object{"OFFER", string(o.ID)},
				Digests: map[string]governance.Digest{"offer": o.Digest}, Texts: map[string]string{"reason": in.Reason}})
		}})
}
