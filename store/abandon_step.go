package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// actAbandonmentAnnounced is the notice that an edition will be given up.
const actAbandonmentAnnounced = "ABANDONMENT_ANNOUNCED"

// AnnounceAbandonment gives notice that an edition will be given up. Errors: FORBIDDEN but for the lead's authors, until
// APPROVED, and the secretary; CONFLICT once it is published; INVALID without a reason.
func (db *DB) AnnounceAbandonment(ctx context.Context, actor governance.Actor, in AnnounceAbandonmentInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "announceAbandonment", rule: governance.AnnounceAbandonment, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			_, err := tx.appendAct(ctx, Act{
				Type: actAbandonmentAnnounced, Object: Object{"EDITION", string(e.ID)},
				Role: s.actingRole(governance.AnnounceAbandonment), Texts: map[string]string{"reason": in.Reason},
			})
			return string(e.ID), err
		},
	})
	return governance.EditionID(id), err
}

// AbandonEdition gives an edition up. Errors: FORBIDDEN but for the lead's authors, until APPROVED, and the secretary;
// CONFLICT once it is published, and before the charter's days of notice are over; INVALID without a reason.
func (db *DB) AbandonEdition(ctx context.Context, actor governance.Actor, in AbandonEditionInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "abandonEdition", rule: governance.AbandonEdition, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if err := tx.abandon(ctx, e, in.Reason); err != nil {
				return "", err
			}
			_, err := tx.appendAct(ctx, Act{
				Type: "EDITION_ABANDONED", Object: Object{"EDITION", string(e.ID)}, Role: s.actingRole(governance.AbandonEdition),
				Texts: map[string]string{"reason": in.Reason},
			})
			return string(e.ID), err
		},
	})
	return governance.EditionID(id), err
}

// abandon ends the edition, and with it a consultation or a ballot that is open on it.
func (tx *Tx) abandon(ctx context.Context, e *Edition, reason string) error {
	_, err := tx.exec(ctx, `
		UPDATE consultations
		SET state = 'RECALLED', closed_at = $2, reason = $3
		WHERE edition_id = $1 AND state = 'OPEN'`, e.ID, tx.now, reason)
	if err != nil {
		return fmt.Errorf("recall the consultation on %s: %w", e.ID, err)
	}
	if err := tx.endOpenBallot(ctx, e, governance.OutcomeRecalled); err != nil {
		return err
	}
	return tx.setStage(ctx, e, move{to: governance.StageAbandoned, at: tx.now, reason: reason})
}

// unmetNoticeKept refuses to give an edition up before the charter's days of notice are over. Nobody needs notice of an
// edition that was never consulted on.
func (q *Query) unmetNoticeKept(ctx context.Context, e *Edition) (*governance.Error, error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil || charter == nil || charter.Body.AbandonNoticeDays == 0 || !e.Consulted {
		return nil, err
	}
	var announced time.Time
	err = q.queryRow(ctx, `SELECT MIN(created_at) FROM acts WHERE object_id = $1 AND type = $2`,
		e.ID, actAbandonmentAnnounced).Scan(at(&announced))
	if err != nil {
		return nil, fmt.Errorf("look for the notice on %s: %w", e.ID, err)
	}
	days := fmt.Sprint(charter.Body.AbandonNoticeDays)
	if announced.IsZero() {
		return governance.Refuse(governance.CodeConflict, "notice-missing",
			"By the charter an edition is given up {days} days after notice of it.", "days", days), nil
	}
	over, err := charter.Body.Calendar.AddDays(announced, charter.Body.AbandonNoticeDays)
	if err != nil || !q.now.Before(over) {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "notice-running", "The notice runs until {until}.", "until", formatTime(over)), nil
}
