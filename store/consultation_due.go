package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// dueConsultation is a consultation whose deadline has passed.
type dueConsultation struct {
	ID            governance.ConsultationID  `json:"id"`
	Edition       governance.EditionID       `json:"edition"`
	Specification governance.SpecificationID `json:"specification"`
}

// closeDueConsultations closes, as the clock, every consultation whose deadline has passed, each exactly once, and says
// how many it closed. One that somebody closed or extended in the meantime is passed over.
func (db *DB) closeDueConsultations(ctx context.Context) (int, error) {
	var due []dueConsultation
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		due, err = collect(ctx, q, func(row scanner) (dueConsultation, error) {
			var d dueConsultation
			return d, row.Scan(&d.ID, &d.Edition, &d.Specification)
		}, `
			SELECT c.id, c.edition_id, e.specification_id
			FROM consultations c
			JOIN editions e ON e.id = c.edition_id
			WHERE c.state = 'OPEN' AND c.closes_at <= $1
			ORDER BY c.closes_at, c.id`, q.now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("find the consultations that are due: %w", err)
	}
	closed := 0
	for _, d := range due {
		done, err := db.closeDue(ctx, d)
		if err != nil {
			return closed, fmt.Errorf("close consultation %s: %w", d.ID, err)
		}
		if done {
			closed++
		}
	}
	return closed, nil
}

// closeDue closes one consultation as the clock.
func (db *DB) closeDue(ctx context.Context, d dueConsultation) (bool, error) {
	repeat, err := RepeatOf("close:"+string(d.ID), d)
	if err != nil {
		return false, err
	}
	above := root{rootSpecification, string(d.Specification)}
	done := false
	_, err = db.take(ctx, step{name: "closeConsultation", actor: governance.ClockActor, roots: []root{above}, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			done = true
			e, err := tx.edition(ctx, d.Edition)
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
			if last == nil || last.ID != d.ID || tx.now.Before(last.ClosesAt) {
				return "", governance.Refuse(governance.CodeConflict, "not-due", "The consultation is not due.")
			}
			if err := tx.closeConsultation(ctx, s, e, ""); err != nil {
				return "", err
			}
			return string(d.ID), tx.touch(ctx, above)
		}})
	if governance.CodeOf(err) == governance.CodeConflict {
		return false, nil
	}
	return done && err == nil, err
}

// referDueObjections refers, as the clock, every objection that was answered and whose objector was silent until the
// reply days were over: silence settles a comment, and an objection is then for the council. It says how many.
func (db *DB) referDueObjections(ctx context.Context) (int, error) {
	var due []governance.CommentID
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		due, err = collect(ctx, q, func(row scanner) (governance.CommentID, error) {
			var id governance.CommentID
			return id, row.Scan(&id)
		}, `
			SELECT c.id
			FROM comments c
			JOIN dispositions d ON d.comment_id = c.id
			JOIN editions e ON e.id = c.edition_id
			WHERE c.is_objection = 1 AND c.state = 'ANSWERED' AND d.reply IS NULL AND d.reply_due_at <= $1
				AND e.stage IN ('DRAFTING', 'DISPOSITION')
			ORDER BY d.reply_due_at, c.id`, q.now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("find the objections that nobody replied on: %w", err)
	}
	referred := 0
	for _, id := range due {
		_, err := db.ReferObjection(ctx, governance.ClockActor, ReferObjectionInput{IdempotencyKey: "refer:" + string(id), Comment: id})
		if governance.CodeOf(err) == governance.CodeConflict {
			continue // somebody was faster
		}
		if err != nil {
			return referred, fmt.Errorf("refer objection %s: %w", id, err)
		}
		referred++
	}
	return referred, nil
}
