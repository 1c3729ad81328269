package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// PublishEdition makes the endorsed text public with the provider's offer, signed where the provider has a key. The specification's earlier publication is
// superseded, and the needs behind it are addressed. Errors: NOT_FOUND; FORBIDDEN but for the publisher of the provider
// that publishes; CONFLICT outside ENDORSED, for another digest than the endorsed one, without an offer and for one with
// errors, and where the provider's own key is to sign first; INVALID for dates that make no sense and for a signature of
// something else.
func (db *DB) PublishEdition(ctx context.Context, actor governance.Actor, in PublishEditionInput) (governance.PublicationID, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	asked := in
	if in.ID == "" {
		drawn, err := db.newID()
		if err != nil {
			return "", err
		}
		in.ID = governance.PublicationID(drawn)
	}
	signature, err := db.signature(ctx, in.Signature, db.permittedPublication(actor, in))
	if err != nil {
		return "", err
	}
	in.Signature = signature
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "publishEdition", rule: governance.PublishEdition, edition: in.Edition, key: in.IdempotencyKey, input: asked,
		withNeeds: true,
		needs:     func(_ *Tx, _ standing, e *Edition) map[governance.Need]unmet { return publishingNeeds(e, in) },
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return tx.publish(ctx, s, e, in)
		},
	})
	return governance.PublicationID(id), err
}

// publishingNeeds are the conditions of publishing that follow from what is published.
func publishingNeeds(e *Edition, in PublishEditionInput) map[governance.Need]unmet {
	return map[governance.Need]unmet{
		governance.NeedEndorsedDigest: func(context.Context) (*governance.Error, error) { return unmetEndorsedDigest(e, in.Digest), nil },
	}
}

func (in PublishEditionInput) check() error {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	for _, date := range []struct {
		field string
		date  governance.Date
		must  bool
	}{{"input.validFrom", in.ValidFrom, true}, {"input.enrolUntil", in.EnrolUntil, false}, {"input.awardUntil", in.AwardUntil, false}} {
		if date.date == "" && !date.must {
			continue
		}
		if _, err := time.Parse(time.DateOnly, string(date.date)); err != nil {
			return governance.Invalid(date.field, "date-malformed", "A date looks like 2026-03-31.")
		}
	}
	return nil
}

// rootsOfEdition are what a step on an edition locks: the specification and, where they are asked for, the needs behind it.
// NOT_FOUND where there is no such edition.
func (db *DB) rootsOfEdition(ctx context.Context, edition governance.EditionID, withNeeds bool) ([]root, error) {
	above, err := db.specificationRoot(ctx, edition)
	if err != nil || !withNeeds {
		return []root{above}, err
	}
	roots := []root{above}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		needs, err := q.needsBehind(ctx, governance.SpecificationID(above.id))
		for _, need := range needs {
			roots = append(roots, root{rootNeed, string(need)})
		}
		return err
	})
	return roots, err
}

// needsBehind lists the needs that a specification answers.
func (q *Query) needsBehind(ctx context.Context, specification governance.SpecificationID) ([]governance.NeedID, error) {
	needs, err := collect(ctx, q, func(row scanner) (governance.NeedID, error) {
		var id governance.NeedID
		return id, row.Scan(&id)
	}, `SELECT need_id FROM specification_needs WHERE specification_id = $1 ORDER BY need_id`, specification)
	if err != nil {
		return nil, fmt.Errorf("read the needs behind %s: %w", specification, err)
	}
	return needs, nil
}

// unmetEndorsedDigest refuses to publish another text than the endorsed one.
func unmetEndorsedDigest(e *Edition, digest governance.Digest) *governance.Error {
	if e.ApprovedDigest != nil && digest == *e.ApprovedDigest {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "another-digest", "{digest} is not the text that was endorsed.", "digest", string(digest))
}

// checkDates refuses dates that contradict each other or are over already, by the council's calendar.
func (q *Query) checkDates(ctx context.Context, e *Edition, in PublishEditionInput) error {
	charter, err := q.charterOf(ctx, e)
	if err != nil {
		return err
	}
	today, err := charter.Body.Calendar.DateOf(q.now)
	if err != nil {
		return fmt.Errorf("find today's date: %w", errStored{err})
	}
	switch {
	case in.AwardUntil != "" && in.AwardUntil < in.ValidFrom:
		return governance.Invalid("input.awardUntil", "dates-crossed", "It could be awarded until a day before it may be awarded.")
	case in.AwardUntil != "" && in.EnrolUntil > in.AwardUntil:
		return governance.Invalid("input.enrolUntil", "dates-crossed", "Learners could enrol after it may be awarded no more.")
	case in.AwardUntil != "" && in.AwardUntil < today:
		return governance.Invalid("input.awardUntil", "date-over", "This day is over.")
	case in.EnrolUntil != "" && in.EnrolUntil < today:
		return governance.Invalid("input.enrolUntil", "date-over", "This day is over.")
	}
	return nil
}

func (tx *Tx) publish(ctx context.Context, s subject, e *Edition, in PublishEditionInput) (string, error) {
	if err := tx.checkDates(ctx, e, in); err != nil {
		return "", err
	}
	if err := tx.requireFree(ctx, "publications", string(in.ID)); err != nil {
		return "", err
	}
	offer, err := tx.offerOf(ctx, e.ID, s.standing.organization)
	if err != nil {
		return "", err
	}
	prepared, err := tx.db.preparePublication(ctx, tx.Query, e, offer, in, in.Signature.at(tx.now))
	if err != nil {
		return "", err
	}
	signed, err := tx.accept(prepared, in.Signature)
	if err != nil {
		return "", err
	}
	if err := tx.supersedeEarlier(ctx, e); err != nil {
		return "", err
	}
	if err := tx.insertPublication(ctx, e, offer, in); err != nil {
		return "", err
	}
	if err := tx.insertPublicationSignature(ctx, in.ID, signed); err != nil {
		return "", err
	}
	if err := tx.setStage(ctx, e, move{to: governance.StagePublished, at: tx.now}); err != nil {
		return "", err
	}
	if err := tx.addressNeeds(ctx, e); err != nil {
		return "", err
	}
	if err := tx.filePublication(ctx, in.ID); err != nil {
		return "", err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "EDITION_PUBLISHED", Object: Object{"PUBLICATION", string(in.ID)}, Role: s.actingRole(governance.PublishEdition),
		Root:    root{rootSpecification, string(e.SpecificationID)},
		Digests: signed.digest(map[string]governance.Digest{"document": in.Digest, "offer": offer.Digest}),
		Words: said(map[string]string{"edition": string(e.ID), "signed": inWords(signed != nil), "validFrom": string(in.ValidFrom),
			"enrolUntil": string(in.EnrolUntil), "awardUntil": string(in.AwardUntil)}),
	})
	return string(in.ID), err
}

// supersedeEarlier sets the specification's earlier publication and edition aside; their dates stand. One that is suspended
// comes back as superseded, if it does.
func (tx *Tx) supersedeEarlier(ctx context.Context, e *Edition) error {
	earlier, err := collect(ctx, tx.Query, scanEdition, `SELECT `+editionColumns+editionTables+`
		WHERE e.specification_id = $1 AND e.stage = 'PUBLISHED'`, e.SpecificationID)
	if err != nil {
		return fmt.Errorf("look for the earlier edition: %w", err)
	}
	for _, before := range earlier {
		m := move{to: governance.StageSuperseded, at: tx.now, reason: "Edition " + e.Number + " was published."}
		if err := tx.movePublication(ctx, before, m); err != nil {
			return err
		}
	}
	_, err = tx.exec(ctx, `UPDATE publications SET returns_to = 'SUPERSEDED' WHERE specification_id = $1 AND state = 'SUSPENDED'`,
		e.SpecificationID)
	if err != nil {
		return fmt.Errorf("set suspended publications aside: %w", err)
	}
	return nil
}

func (tx *Tx) insertPublication(ctx context.Context, e *Edition, offer *Offer, in PublishEditionInput) error {
	document, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return err
	}
	title, err := canonicalText(document.Title)
	if err != nil {
		return err
	}
	var level any
	if document.Level.EQF > 0 {
		level = document.Level.EQF
	}
	_, err = tx.exec(ctx, `
		INSERT INTO publications (
			id, specification_id, edition_id, organization_id, offer_id, digest, title, language, sector, country, eqf_level,
			search_text, valid_from, enrol_until, award_until, state, published_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'PUBLISHED', $16)`,
		in.ID, e.SpecificationID, e.ID, offer.Organization.ID, offer.ID, in.Digest, title, document.PrimaryLanguage(),
		document.Classification.Sector, offer.Facts.AwardingBody.Country, level, searchText(document), in.ValidFrom,
		orNull(in.EnrolUntil), orNull(in.AwardUntil), tx.now)
	if err != nil {
		return fmt.Errorf("insert publication: %w", err)
	}
	return tx.setReviewDue(ctx, e, document.Validity.ReviewDate)
}

// addressNeeds moves the accepted needs that the specification answers, each with an act of its own.
func (tx *Tx) addressNeeds(ctx context.Context, e *Edition) error {
	needs, err := tx.needsBehind(ctx, e.SpecificationID)
	if err != nil {
		return err
	}
	for _, need := range needs {
		changed, err := tx.exec(ctx, `UPDATE needs SET stage = 'ADDRESSED', stage_reason = $2 WHERE id = $1 AND stage = 'ACCEPTED'`,
			need, "Edition "+e.Number+" of a specification that answers it was published.")
		if err != nil {
			return fmt.Errorf("address need %s: %w", need, err)
		}
		if changed == 0 {
			continue
		}
		_, err = tx.appendAct(ctx, Act{
			Type: "NEED_ADDRESSED", Object: Object{"NEED", string(need)}, Root: root{rootNeed, string(need)},
			Words: map[string]string{"edition": string(e.ID)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
