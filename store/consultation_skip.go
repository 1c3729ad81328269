package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// SkipConsultation takes an edition that changes a published one editorially straight to DISPOSITION, where the charter
// of this moment, by which the edition goes from here on, lets such a change skip the consultation. Errors: FORBIDDEN but
// for the secretary; CONFLICT outside DRAFTING, without a charter or where it does not allow it, for a substantive change
// or one of nothing published, and for a text with readiness errors; INVALID without a reason.
func (db *DB) SkipConsultation(ctx context.Context, actor governance.Actor, in SkipConsultationInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "skipConsultation", rule: governance.SkipConsultation, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return string(e.ID), tx.skipConsultation(ctx, s, e, in.Reason)
		},
	})
	return governance.EditionID(id), err
}

func (tx *Tx) skipConsultation(ctx context.Context, s subject, e *Edition, reason string) error {
	charter, err := tx.charterInForce(ctx, e.CouncilID)
	if err != nil {
		return err
	}
	base, err := tx.edition(ctx, e.basedOn)
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `UPDATE editions SET charter_id = $2 WHERE id = $1`, e.ID, charter.ID); err != nil {
		return fmt.Errorf("note the charter of %s: %w", e.ID, err)
	}
	if err := tx.setStage(ctx, e, move{to: governance.StageDisposition, at: tx.now, reason: reason}); err != nil {
		return err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "CONSULTATION_SKIPPED", Object: Object{"EDITION", string(e.ID)}, Role: s.actingRole(governance.SkipConsultation),
		Digests: map[string]governance.Digest{"document": e.HeadDigest, "base": base.HeadDigest, "charter": charter.Digest},
		Texts:   map[string]string{"reason": reason},
	})
	return err
}

// unmetEditorial refuses what the charter in force does not let skip the consultation: anything but an editorial change
// of a published edition. What somebody called substantive is so, and so is what the charter's paths say now.
func (q *Query) unmetEditorial(ctx context.Context, e *Edition) (*governance.Error, error) {
	charter, err := q.charterInForce(ctx, e.CouncilID)
	if err != nil || charter == nil {
		return nil, err // another condition says so
	}
	if !charter.Body.EditorialSkipsConsultation {
		return governance.Refuse(governance.CodeConflict, "no-skipping", "The charter lets no change skip the consultation."), nil
	}
	substantive, err := q.changesSubstance(ctx, e, charter)
	if err != nil || !substantive {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "not-editorial",
		"Only an editorial change of a published edition may skip the consultation."), nil
}

// changesSubstance says whether the edition's newest text is more than an editorial change of a published edition.
func (q *Query) changesSubstance(ctx context.Context, e *Edition, charter *Charter) (bool, error) {
	if e.basedOn == "" || e.Class != governance.ClassEditorial {
		return true, nil
	}
	base, err := q.edition(ctx, e.basedOn)
	if err != nil {
		return false, err
	}
	if base.Stage != governance.StagePublished && base.Stage != governance.StageSuperseded {
		return true, nil
	}
	before, err := q.document(ctx, base.HeadID, base.HeadDigest)
	if err != nil {
		return false, err
	}
	now, err := q.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return false, err
	}
	class := governance.Classify(governance.Diff(before, now), charter.Body.SubstantivePaths)
	return class != governance.ClassEditorial, nil
}

// unmetConsulted refuses to vote on a text whose consultation was skipped and that was then changed substantively.
func (q *Query) unmetConsulted(ctx context.Context, e *Edition) (*governance.Error, error) {
	last, err := q.lastConsultation(ctx, e)
	if err != nil || last != nil {
		return nil, err
	}
	charter, err := q.charterOf(ctx, e)
	if err != nil || charter == nil {
		return nil, err
	}
	substantive, err := q.changesSubstance(ctx, e, charter)
	if err != nil || !substantive {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "not-consulted",
		"Nobody was consulted on this text, and it is more than an editorial change of a published edition."), nil
}
