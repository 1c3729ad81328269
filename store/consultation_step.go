package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
)

// OpenConsultation invites comments on the head revision until the end of a day in the council's zone. The edition goes
// by the charter of this moment from here on. What had come late before comes in time for this one. Errors: FORBIDDEN
// but for the secretary; CONFLICT outside DRAFTING and DISPOSITION, without a charter, and for a text with readiness
// errors, which are named; INVALID for a day before the charter's minimum.
func (db *DB) OpenConsultation(ctx context.Context, actor governance.Actor, in OpenConsultationInput) (governance.ConsultationID, error) {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return "", err
		}
	}
	if err := checkInvited("input.invited", in.Invited); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "openConsultation", rule: governance.OpenConsultation, edition: in.Edition, key: in.IdempotencyKey, input: in,
		needs: func(tx *Tx, _ standing, e *Edition) map[governance.Need]unmet {
			return map[governance.Need]unmet{governance.NeedMinimumDays: func(ctx context.Context) (*governance.Error, error) {
				return tx.unmetConsultationDays(ctx, e, in.ClosesOn)
			}}
		},
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return tx.openConsultation(ctx, s, e, in)
		},
	})
	return governance.ConsultationID(id), err
}

// charterToConsult is the charter under which a consultation opens now: that of this moment, unless the edition has been
// consulted on and goes on by its own.
func (q *Query) charterToConsult(ctx context.Context, e *Edition) (*Charter, error) {
	if e.Stage == governance.StageDisposition {
		return q.charterOf(ctx, e)
	}
	return q.charterInForce(ctx, e.CouncilID)
}

// unmetConsultationDays refuses a last day before the charter's minimum.
func (q *Query) unmetConsultationDays(ctx context.Context, e *Edition, closesOn governance.Date) (*governance.Error, error) {
	charter, err := q.charterToConsult(ctx, e)
	if err != nil || charter == nil {
		return nil, err
	}
	calendar := charter.Body.Calendar
	deadline, err := calendar.Deadline(closesOn)
	if err != nil {
		refusal, ok := errors.AsType[*governance.Error](err)
		if !ok {
			return nil, err
		}
		return governance.Invalid("input.closesOn", refusal.Reason, refusal.Message), nil
	}
	least, err := calendar.AddDays(q.now, charter.Body.ConsultationDays)
	if err != nil {
		return nil, fmt.Errorf("count the days of a consultation: %w", err)
	}
	if !deadline.Before(least) {
		return nil, nil
	}
	first, err := calendar.LastDay(least)
	if err != nil {
		return nil, fmt.Errorf("count the days of a consultation: %w", err)
	}
	return governance.Invalid("input.closesOn", "minimum-days",
		"By the charter a consultation lasts {days} days at least: until {first} or later.",
		"days", fmt.Sprint(charter.Body.ConsultationDays), "first", string(first)), nil
}

func (tx *Tx) openConsultation(ctx context.Context, s subject, e *Edition, in OpenConsultationInput) (string, error) {
	if in.ID == "" {
		in.ID = governance.ConsultationID(tx.newID())
	}
	taken, err := tx.exists(ctx, `SELECT 1 FROM consultations WHERE id = $1`, in.ID)
	if err != nil {
		return "", fmt.Errorf("look for consultation %s: %w", in.ID, err)
	}
	if taken {
		return "", governance.Refuse(governance.CodeConflict, "consultation-exists", "There is a consultation {id} already.", "id", string(in.ID))
	}
	charter, err := tx.charterToConsult(ctx, e)
	if err != nil {
		return "", err
	}
	closesAt, err := charter.Body.Calendar.Deadline(in.ClosesOn)
	if err != nil {
		return "", fmt.Errorf("find the deadline: %w", err)
	}
	_, err = tx.exec(ctx, `
		INSERT INTO consultations (id, edition_id, revision_id, state, is_public, opened_at, closes_at, opened_by)
		VALUES ($1, $2, $3, 'OPEN', $4, $5, $6, $7)`,
		in.ID, e.ID, e.HeadID, in.IsPublic, tx.now, closesAt, tx.actor.Person)
	if err != nil {
		return "", fmt.Errorf("insert consultation: %w", err)
	}
	if err := tx.beginConsultation(ctx, e, charter.ID, in.IsPublic); err != nil {
		return "", err
	}
	invited, err := tx.invite(ctx, in.ID, e, "input.invited", in.Invited)
	if err != nil {
		return "", err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "CONSULTATION_OPENED", Object: Object{"CONSULTATION", string(in.ID)}, Role: s.actingRole(governance.OpenConsultation),
		Digests: map[string]governance.Digest{"document": e.HeadDigest, "charter": charter.Digest},
		Words:   invitedWords(invited),
		Texts:   map[string]string{"closesAt": formatTime(closesAt)},
	})
	return string(in.ID), err
}

// beginConsultation moves the edition on. What was public once stays so, even where this consultation is not.
func (tx *Tx) beginConsultation(ctx context.Context, e *Edition, charter governance.CharterID, public bool) error {
	invitedOnly := !public && (!e.Consulted || e.InvitedOnly)
	_, err := tx.exec(ctx, `
		UPDATE editions
		SET charter_id = $2, consulted = 1, invited_only = $3,
			unanswered_count = unanswered_count + (
				SELECT COUNT(*)
				FROM comments
				WHERE edition_id = $1 AND parent_id IS NULL AND suggestion_id IS NULL AND late = 1 AND state = 'OPEN'
			)
		WHERE id = $1`, e.ID, charter, invitedOnly)
	if err != nil {
		return fmt.Errorf("note the consultation on %s: %w", e.ID, err)
	}
	if _, err := tx.exec(ctx, `UPDATE comments SET late = 0 WHERE edition_id = $1 AND late = 1`, e.ID); err != nil {
		return fmt.Errorf("take up what came late: %w", err)
	}
	return tx.setStage(ctx, e, move{to: governance.StageConsultation, at: tx.now})
}

// running reads the consultation that is open on the edition. After its deadline it can only be closed: CONFLICT.
func (tx *Tx) running(ctx context.Context, e *Edition) (*Consultation, error) {
	c, err := tx.lastConsultation(ctx, e)
	if err != nil {
		return nil, err
	}
	if c == nil || c.over(tx.now) {
		return nil, governance.Refuse(governance.CodeConflict, "consultation-over", "The consultation is over.")
	}
	return c, nil
}

// ExtendConsultation moves a consultation's last day back. Errors: FORBIDDEN but for the secretary; CONFLICT unless one
// is running; INVALID for a day that is not after the one it had, and without a reason.
func (db *DB) ExtendConsultation(ctx context.Context, actor governance.Actor, in ExtendConsultationInput) (governance.ConsultationID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "extendConsultation", rule: governance.ExtendConsultation, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			c, err := tx.running(ctx, e)
			if err != nil {
				return "", err
			}
			return string(c.ID), tx.extendConsultation(ctx, s, e, c, in)
		},
	})
	return governance.ConsultationID(id), err
}

func (tx *Tx) extendConsultation(ctx context.Context, s subject, e *Edition, c *Consultation, in ExtendConsultationInput) error {
	charter, err := tx.charterOf(ctx, e)
	if err != nil {
		return err
	}
	closesAt, err := charter.Body.Calendar.Deadline(in.ClosesOn)
	if err != nil {
		return atInput("input.closesOn", err)
	}
	if !closesAt.After(c.ClosesAt) {
		return governance.Invalid("input.closesOn", "not-later", "The new last day is not after the one it had.")
	}
	if err := tx.extend(ctx, c, closesAt, in.Reason); err != nil {
		return err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "CONSULTATION_EXTENDED", Object: Object{"CONSULTATION", string(c.ID)},
		Role:  s.actingRole(governance.ExtendConsultation),
		Texts: map[string]string{"reason": in.Reason, "closesAt": formatTime(closesAt)},
	})
	return err
}

// CloseConsultation closes a consultation: before its deadline where the charter allows that. Errors: FORBIDDEN but for
// the secretary; CONFLICT where none is open, or it is early and the charter does not allow that; INVALID without a
// reason.
func (db *DB) CloseConsultation(ctx context.Context, actor governance.Actor, in CloseConsultationInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "closeConsultation", rule: governance.CloseConsultation, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return string(e.ID), tx.closeConsultation(ctx, s, e, in.Reason)
		},
	})
	return governance.EditionID(id), err
}

// unmetEarlyClose refuses to close before the deadline where the charter does not allow it.
func (q *Query) unmetEarlyClose(ctx context.Context, e *Edition) (*governance.Error, error) {
	c, err := q.lastConsultation(ctx, e)
	if err != nil || c == nil || c.over(q.now) {
		return nil, err
	}
	charter, err := q.charterOf(ctx, e)
	if err != nil || charter != nil && charter.Body.CloseConsultationEarly {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "no-early-close",
		"The charter does not let a consultation close before its deadline, {closesAt}.", "closesAt", formatTime(c.ClosesAt)), nil
}

// closeConsultation closes the open consultation. On record is when it ended, which is its deadline where that has
// passed; the act says when it was done.
func (tx *Tx) closeConsultation(ctx context.Context, s subject, e *Edition, reason string) error {
	c, err := tx.lastConsultation(ctx, e)
	if err != nil {
		return err
	}
	if c == nil || c.State != governance.ConsultationOpen {
		return governance.Refuse(governance.CodeConflict, "consultation-over", "The consultation is over.")
	}
	closedAt := tx.now
	if c.ClosesAt.Before(closedAt) {
		closedAt = c.ClosesAt
	}
	if err := tx.endConsultation(ctx, c, governance.ConsultationClosed, closedAt, reason); err != nil {
		return err
	}
	if err := tx.setStage(ctx, e, move{to: governance.StageDisposition, at: closedAt, reason: reason}); err != nil {
		return err
	}
	texts := map[string]string{"closedAt": formatTime(closedAt)}
	if reason != "" {
		texts["reason"] = reason
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "CONSULTATION_CLOSED", Object: Object{"CONSULTATION", string(c.ID)},
		Role: s.actingRole(governance.CloseConsultation), Texts: texts,
	})
	return err
}

func (tx *Tx) endConsultation(
	ctx context.Context, c *Consultation, state governance.ConsultationState, at time.Time, reason string,
) error {
	if reason == "" {
		reason = c.Reason
	}
	changed, err := tx.exec(ctx, `
		UPDATE consultations
		SET state = $2, closed_at = $3, reason = $4
		WHERE id = $1 AND state = 'OPEN'`, c.ID, state, at, reason)
	if err != nil {
		return fmt.Errorf("end consultation %s: %w", c.ID, err)
	}
	if changed == 0 {
		return governance.Refuse(governance.CodeConflict, "consultation-over", "The consultation is over.")
	}
	return nil
}

// RecallConsultation takes a consultation back; the edition is in DRAFTING again. What was public stays readable.
// Errors: FORBIDDEN but for the secretary; CONFLICT unless one is running; INVALID without a reason.
func (db *DB) RecallConsultation(ctx context.Context, actor governance.Actor, in RecallConsultationInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "recallConsultation", rule: governance.RecallConsultation, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			c, err := tx.running(ctx, e)
			if err != nil {
				return "", err
			}
			if err := tx.endConsultation(ctx, c, governance.ConsultationRecalled, tx.now, in.Reason); err != nil {
				return "", err
			}
			if err := tx.setStage(ctx, e, move{to: governance.StageDrafting, at: tx.now, reason: in.Reason}); err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "CONSULTATION_RECALLED", Object: Object{"CONSULTATION", string(c.ID)},
				Role: s.actingRole(governance.RecallConsultation), Texts: map[string]string{"reason": in.Reason},
			})
			return string(e.ID), err
		},
	})
	return governance.EditionID(id), err
}
