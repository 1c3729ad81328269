package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// needStep is what the steps on one need differ in.
type needStep struct {
	name  string
	step  governance.Step
	need  governance.NeedID
	also  []root // further roots than the need
	act   string
	words map[string]string
	texts map[string]string
	write func(ctx context.Context, tx *Tx, s subject, n *Need) error
}

// takeNeedStep reads the need under its lock, asks whether the actor may, writes and tells.
func (db *DB) takeNeedStep(ctx context.Context, actor governance.Actor, repeat Repeat, n needStep) (governance.NeedID, error) {
	id, err := db.take(ctx, step{name: n.name, actor: actor, repeat: repeat,
		roots: append(n.also, root{rootNeed, string(n.need)}),
		do: func(ctx context.Context, tx *Tx) (string, error) {
			need, err := tx.needRow(ctx, n.need)
			if err != nil {
				return "", err
			}
			s, err := tx.needSubject(ctx, actor, need)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, n.step); err != nil {
				return "", err
			}
			if err := n.write(ctx, tx, s, need); err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: n.act, Object: Object{"NEED", string(need.ID)}, Root: root{rootNeed, string(need.ID)},
				Role: s.actingRole(n.step), Words: n.words, Texts: n.texts,
			})
			return string(need.ID), err
		}})
	return governance.NeedID(id), err
}

// moveNeed writes the need's next stage, from the table, guarded by the stage it was read in.
func (tx *Tx) moveNeed(ctx context.Context, step governance.Step, n *Need, reason string) error {
	changed, err := tx.exec(ctx, `UPDATE needs SET stage = $3, stage_reason = $4 WHERE id = $1 AND stage = $2`,
		n.ID, n.Stage, governance.RuleOf(step).Next, reason)
	if err != nil {
		return fmt.Errorf("move need: %w", err)
	}
	if changed == 0 {
		return fmt.Errorf("move need %s: it is not %s under its own lock", n.ID, n.Stage)
	}
	return nil
}

// decideNeed takes a step that does nothing but move the need, with a reason where one is asked for.
func (db *DB) decideNeed(ctx context.Context, actor governance.Actor, repeat Repeat, n needStep, reason string) (governance.NeedID, error) {
	n.texts = map[string]string{"reason": reason}
	if reason == "" {
		n.texts = nil
	}
	n.write = func(ctx context.Context, tx *Tx, _ subject, need *Need) error {
		return tx.moveNeed(ctx, n.step, need, reason)
	}
	return db.takeNeedStep(ctx, actor, repeat, n)
}

// WithdrawNeed takes a need back. Errors: NOT_FOUND, FORBIDDEN, CONFLICT for the stage, INVALID without a reason.
func (db *DB) WithdrawNeed(ctx context.Context, actor governance.Actor, in WithdrawNeedInput) (governance.NeedID, error) {
	repeat, err := repeatWithReason(in.IdempotencyKey, in, in.Reason)
	if err != nil {
		return "", err
	}
	return db.decideNeed(ctx, actor, repeat,
		needStep{name: "withdrawNeed", step: governance.WithdrawNeed, need: in.Need, act: "NEED_WITHDRAWN"}, in.Reason)
}

// ReviewNeed takes a need under review. Errors: NOT_FOUND, FORBIDDEN, CONFLICT for the stage.
func (db *DB) ReviewNeed(ctx context.Context, actor governance.Actor, in ReviewNeedInput) (governance.NeedID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	return db.decideNeed(ctx, actor, repeat,
		needStep{name: "reviewNeed", step: governance.ReviewNeed, need: in.Need, act: "NEED_UNDER_REVIEW"}, "")
}

// AcceptNeed accepts a need under review. Errors: NOT_FOUND, FORBIDDEN, CONFLICT for the stage, INVALID without a reason.
func (db *DB) AcceptNeed(ctx context.Context, actor governance.Actor, in AcceptNeedInput) (governance.NeedID, error) {
	repeat, err := repeatWithReason(in.IdempotencyKey, in, in.Reason)
	if err != nil {
		return "", err
	}
	return db.decideNeed(ctx, actor, repeat,
		needStep{name: "acceptNeed", step: governance.AcceptNeed, need: in.Need, act: "NEED_ACCEPTED"}, in.Reason)
}

// DeclineNeed declines a need. Errors: NOT_FOUND, FORBIDDEN, CONFLICT for the stage, INVALID without a reason.
func (db *DB) DeclineNeed(ctx context.Context, actor governance.Actor, in DeclineNeedInput) (governance.NeedID, error) {
	repeat, err := repeatWithReason(in.IdempotencyKey, in, in.Reason)
	if err != nil {
		return "", err
	}
	return db.decideNeed(ctx, actor, repeat,
		needStep{name: "declineNeed", step: governance.DeclineNeed, need: in.Need, act: "NEED_DECLINED"}, in.Reason)
}

func repeatWithReason(key string, in any, reason string) (Repeat, error) {
	if err := checkReason("input.reason", reason); err != nil {
		return Repeat{}, err
	}
	return RepeatOf(key, in)
}
