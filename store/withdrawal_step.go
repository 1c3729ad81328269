package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// The acts on a request for withdrawal.
const (
	actWithdrawalAsked     = "WITHDRAWAL_ASKED"
	actWithdrawalTakenBack = "WITHDRAWAL_TAKEN_BACK"
	actWithdrawalDeclined  = "WITHDRAWAL_DECLINED"
)

// AskWithdrawal asks the council to withdraw a publication. Errors: NOT_FOUND; FORBIDDEN but for the publisher of the
// organization that published; CONFLICT for the stage and while a request waits; INVALID without a reason.
func (db *DB) AskWithdrawal(ctx context.Context, actor governance.Actor, in AskWithdrawalInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "askWithdrawal", rule: governance.AskWithdrawal, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			_, err := tx.exec(ctx, `
				INSERT INTO withdrawals (publication_id, number, state, organization_id, reason, asked_at)
				SELECT p.id, (SELECT COUNT(*) + 1 FROM withdrawals w WHERE w.publication_id = p.id), 'ASKED', p.organization_id, $2, $3
				FROM publications p
				WHERE p.edition_id = $1`, e.ID, in.Reason, tx.now)
			if err != nil {
				return "", fmt.Errorf("insert withdrawal: %w", err)
			}
			return string(e.ID), tx.tellWithdrawal(ctx, e, s.actingRole(governance.AskWithdrawal), actWithdrawalAsked, in.Reason)
		},
	})
	return governance.EditionID(id), err
}

// TakeBackWithdrawal takes a request for withdrawal back. Errors: NOT_FOUND; FORBIDDEN but for the publisher of the
// organization that published; CONFLICT where no request waits.
func (db *DB) TakeBackWithdrawal(ctx context.Context, actor governance.Actor, in TakeBackWithdrawalInput) (governance.EditionID, error) {
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "takeBackWithdrawal", rule: governance.TakeBackWithdrawal, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if err := tx.settleWithdrawal(ctx, e, governance.WithdrawalTakenBack, ""); err != nil {
				return "", err
			}
			return string(e.ID), tx.tellWithdrawal(ctx, e, s.actingRole(governance.TakeBackWithdrawal), actWithdrawalTakenBack, "")
		},
	})
	return governance.EditionID(id), err
}

// DeclineWithdrawal declines a request for withdrawal. Errors: NOT_FOUND; FORBIDDEN but for the secretary; CONFLICT where
// no request waits; INVALID without a reason.
func (db *DB) DeclineWithdrawal(ctx context.Context, actor governance.Actor, in DeclineWithdrawalInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "declineWithdrawal", rule: governance.DeclineWithdrawal, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if err := tx.settleWithdrawal(ctx, e, governance.WithdrawalDeclined, in.Reason); err != nil {
				return "", err
			}
			return string(e.ID), tx.tellWithdrawal(ctx, e, s.actingRole(governance.DeclineWithdrawal), actWithdrawalDeclined, in.Reason)
		},
	})
	return governance.EditionID(id), err
}

// ConfirmWithdrawal withdraws a publication: as its publisher asked, or where the publisher is gone on the secretary's own
// reason. Errors: NOT_FOUND; FORBIDDEN but for the secretary; CONFLICT for the stage, and where nobody has asked although
// the publisher could; INVALID without a reason where nobody has asked.
func (db *DB) ConfirmWithdrawal(ctx context.Context, actor governance.Actor, in ConfirmWithdrawalInput) (governance.EditionID, error) {
	if err := checkLength("input.reason", in.Reason, 0, 2000); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "confirmWithdrawal", rule: governance.ConfirmWithdrawal, edition: in.Edition, key: in.IdempotencyKey, input: in,
		withNeeds: true,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return string(e.ID), tx.confirmWithdrawal(ctx, s, e, in.Reason)
		},
	})
	return governance.EditionID(id), err
}

// confirmWithdrawal withdraws a publication for the publisher's reason, or where nobody has asked for the secretary's.
func (tx *Tx) confirmWithdrawal(ctx context.Context, s subject, e *Edition, answer string) error {
	w := withdrawal{role: s.actingRole(governance.ConfirmWithdrawal), answer: answer}
	err := tx.query(ctx, func(row scanner) error { return row.Scan(&w.reason) }, `
		SELECT w.reason
		FROM withdrawals w
		JOIN publications p ON p.id = w.publication_id
		WHERE p.edition_id = $1 AND w.state = 'ASKED'`, e.ID)
	if err != nil {
		return fmt.Errorf("read the request to withdraw %s: %w", e.ID, err)
	}
	if w.reason == "" { // nobody has asked: the publisher is gone
		if err := checkReason("input.reason", answer); err != nil {
			return err
		}
		w.reason = answer
	}
	return tx.withdrawPublication(ctx, e, w)
}

// settleWithdrawal ends the request that waits, if one does.
func (tx *Tx) settleWithdrawal(ctx context.Context, e *Edition, state governance.WithdrawalState, answer string) error {
	_, err := tx.exec(ctx, `
		UPDATE withdrawals
		SET state = $2, answer = $3, settled_at = $4
		WHERE state = 'ASKED' AND publication_id IN (SELECT id FROM publications WHERE edition_id = $1)`,
		e.ID, state, answer, tx.now)
	if err != nil {
		return fmt.Errorf("settle the request to withdraw %s: %w", e.ID, err)
	}
	return nil
}

// tellWithdrawal appends the act of a step on a request for withdrawal.
func (tx *Tx) tellWithdrawal(ctx context.Context, e *Edition, role governance.Role, act, reason string) error {
	p, err := tx.publicationOf(ctx, e.ID)
	if err != nil {
		return err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: act, Object: Object{"PUBLICATION", string(p.ID)}, Role: role, Root: rootOver(e.CouncilID, e),
		Words: map[string]string{"edition": string(e.ID)}, Texts: said(map[string]string{"reason": reason}),
	})
	return err
}
