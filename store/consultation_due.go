package store

import (
	"context"
	"errors"
	"fmt"

	"concordat/governance"
)

// dueConsultation is a consultation whose deadline has passed.
type dueConsultation struct {
	id            governance.ConsultationID
	edition       governance.EditionID
	specification governance.SpecificationID
}

// closeDueConsultations closes, as the clock, every consultation whose deadline has passed, each exactly once. One that
// somebody closed or extended in the meantime is passed over.
func (db *DB) closeDueConsultations(ctx context.Context) error {
	var due []dueConsultation
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		due, err = collect(ctx, q, func(row scanner) (dueConsultation, error) {
			var d dueConsultation
			return d, row.Scan(&d.id, &d.edition, &d.specification)
		}, `
			SELECT c.id, c.edition_id, e.specification_id
			FROM consultations c
			JOIN editions e ON e.id = c.edition_id
			WHERE c.state = 'OPEN' AND c.closes_at <= $1
			ORDER BY c.closes_at, c.id`, q.now)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for consultations that are due: %w", err)
	}
	var failed []error
	for _, d := range due {
		if err := db.closeDueConsultation(ctx, d); err != nil && !alreadyTaken(err) {
			failed = append(failed, fmt.Errorf("close consultation %s: %w", d.id, err))
		}
	}
	return errors.Join(failed...)
}

func (db *DB) closeDueConsultation(ctx context.Context, d dueConsultation) error {
	above := root{rootSpecification, string(d.specification)}
	_, err := db.take(ctx, step{
		name: "closeConsultation", actor: governance.ClockActor, roots: []root{above}, repeat: dueKey("close", string(d.id)),
		do: func(ctx context.Context, tx *Tx) (string, error) {
			e, err := tx.edition(ctx, d.edition)
			if err != nil {
				return "", err
			}
			s, err := tx.editionSubject(ctx, governance.ClockActor, e)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.CloseConsultation); err != nil {
				return "", err
			}
			last, err := tx.lastConsultation(ctx, e)
			if err != nil {
				return "", err
			}
			if last == nil || last.ID != d.id || tx.now.Before(last.ClosesAt) {
				return "", governance.Refuse(governance.CodeConflict, "not-due", "The consultation is not due.")
			}
			if err := tx.closeConsultation(ctx, s, e, ""); err != nil {
				return "", err
			}
			return string(d.id), nil
		}})
	return err
}

// referDueObjections refers, as the clock, every objection that was answered and whose objector was silent until the
// reply days were over: silence settles a comment, but an objection is then for the council.
func (db *DB) referDueObjections(ctx context.Context) error {
	var due []governance.CommentID
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		due, err = collect(ctx, q, func(row scanner) (governance.CommentID, error) {
			var id governance.CommentID
			return id, row.Scan(&id)
		}, `
			SELECT c.id
			FROM comments c
			JOIN dispositions d ON d.comment_id = c.id
			JOIN editions e ON e.id = c.edition_id
			WHERE c.is_objection = 1 AND c.state = 'ANSWERED' AND d.reply IS NULL AND d.reply_due_at <= $1
				AND e.stage IN ('DRAFTING', 'DISPOSITION') AND NOT `+originalWaits+`
			ORDER BY d.reply_due_at, c.id`, q.now)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for objections that nobody replied on: %w", err)
	}
	var failed []error
	for _, id := range due {
		_, err := db.ReferObjection(ctx, governance.ClockActor, ReferObjectionInput{IdempotencyKey: "refer:" + string(id), Comment: id})
		if err != nil && !alreadyTaken(err) {
			failed = append(failed, fmt.Errorf("refer objection %s: %w", id, err))
		}
	}
	return errors.Join(failed...)
}
