package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
)

// TakeDue takes every step whose deadline has come, each once however many servers ask at the same time: it closes
// consultations and ballots, refers objections whose objectors stay silent, lets endorsements expire, and forgets
// idempotency keys that are too old and the addresses of invitations that nobody accepted. It answers when the next
// deadline falls due, the zero time where none is known. What fails is told and keeps nothing else from being taken.
func (db *DB) TakeDue(ctx context.Context) (next time.Time, err error) {
	failed := errors.Join(
		db.closeDueConsultations(ctx),
		db.referDueObjections(ctx),
		db.closeDueBallots(ctx),
		db.expireEndorsements(ctx),
		db.forgetKeys(ctx),
		db.forgetAddresses(ctx),
	)
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		next, err = q.nextDeadline(ctx)
		return err
	})
	return next, errors.Join(failed, err)
}

// nextDeadline is the earliest deadline that is not taken yet, due or not.
func (q *Query) nextDeadline(ctx context.Context) (time.Time, error) {
	var next time.Time
	err := q.queryRow(ctx, `
		SELECT MIN(due_at)
		FROM (
			SELECT MIN(closes_at) AS due_at FROM consultations WHERE state = 'OPEN'
			UNION ALL
			SELECT MIN(d.reply_due_at) AS due_at
			FROM dispositions d
			JOIN comments c ON c.id = d.comment_id
			JOIN editions e ON e.id = c.edition_id
			WHERE c.is_objection = 1 AND c.state = 'ANSWERED' AND d.reply IS NULL AND e.stage IN ('DRAFTING', 'DISPOSITION')
				AND NOT `+originalWaits+`
			UNION ALL
			SELECT MIN(closes_at) AS due_at FROM ballots WHERE state = 'OPEN'
			UNION ALL
			SELECT MIN(s.valid_until) AS due_at
			FROM statements s
			JOIN editions e ON e.id = s.edition_id
			WHERE `+expiring+`
		) AS deadlines`).Scan(at(&next))
	if err != nil {
		return time.Time{}, fmt.Errorf("look for the next deadline: %w", err)
	}
	return next, nil
}

// dueKey is the key under which the clock takes a step once: "close:<id>".
func dueKey(what, id string) Repeat { return Repeat{Key: what + ":" + id} }

// alreadyTaken says whether somebody else has taken a step that was due: another server, or the last elector.
func alreadyTaken(err error) bool { return governance.CodeOf(err) == governance.CodeConflict }

// closeDueBallots closes the open ballots whose deadline has come.
func (db *DB) closeDueBallots(ctx context.Context) error {
	var due []governance.BallotID
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		due, err = collect(ctx, q, func(row scanner) (governance.BallotID, error) {
			var id governance.BallotID
			return id, row.Scan(&id)
		}, `
			SELECT b.id
			FROM ballots b
			WHERE b.state = 'OPEN' AND b.closes_at <= $1
			ORDER BY b.closes_at, b.id`, q.now)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for ballots that are due: %w", err)
	}
	var failed []error
	for _, id := range due {
		if err := db.closeDueBallot(ctx, id); err != nil && !alreadyTaken(err) {
			failed = append(failed, fmt.Errorf("close ballot %s: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

func (db *DB) closeDueBallot(ctx context.Context, id governance.BallotID) error {
	roots, err := db.closingRoots(ctx, id)
	if err != nil {
		return err
	}
	_, err = db.take(ctx, step{
		name: "closeBallot", actor: governance.ClockActor, roots: roots, repeat: dueKey("close", string(id)),
		do: func(ctx context.Context, tx *Tx) (string, error) {
			b, err := tx.ballot(ctx, id)
			if err != nil {
				return "", err
			}
			s, e, err := tx.ballotSubject(ctx, governance.ClockActor, b)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.CloseBallot); err != nil {
				return "", err
			}
			charter, err := tx.charter(ctx, b.CharterID)
			if err != nil {
				return "", err
			}
			return string(id), tx.closeBallot(ctx, b, e, charter)
		}})
	return err
}
