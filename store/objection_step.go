package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// RaiseObjection objects, with a reason and what would remove the objection. Errors: FORBIDDEN but for representatives
// of active organizations; CONFLICT from the ballot on, and after the consultation's close for text that has not changed
// since; INVALID for what is wrong in it.
func (db *DB) RaiseObjection(ctx context.Context, actor governance.Actor, in RaiseObjectionInput) (governance.CommentID, error) {
	draft := commentDraft{
		id: in.ID, revision: in.Revision, kind: governance.CommentTechnical, path: in.Path, quote: in.Quote, body: in.Reason,
		objection: true, remedy: in.Remedy, mentions: in.Mentions,
	}
	if err := draft.check("input.reason"); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "raiseObjection", rule: governance.RaiseObjection, edition: in.Edition, key: in.IdempotencyKey, input: in,
		needs: func(tx *Tx, _ standing, e *Edition) map[governance.Need]unmet {
			return map[governance.Need]unmet{governance.NeedChangedSince: func(ctx context.Context) (*governance.Error, error) {
				return tx.unmetChangedSince(ctx, e, in.Path)
			}}
		},
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			raised, err := tx.insertComment(ctx, s, e, draft, Act{Type: "OBJECTION_RAISED", Role: s.actingRole(governance.RaiseObjection)})
			if err != nil {
				return "", err
			}
			return string(raised.ID), nil
		},
	})
	return governance.CommentID(id), err
}

// ReferObjection refers an objection to the council. Errors: FORBIDDEN but for authors in the working group; CONFLICT
// for what is no objection, or one that was referred or settled.
func (db *DB) ReferObjection(ctx context.Context, actor governance.Actor, in ReferObjectionInput) (governance.CommentID, error) {
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "referObjection", rule: governance.ReferObjection, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition, c *Comment) error {
			if err := tx.setState(ctx, e, c, governance.StateReferred); err != nil {
				return err
			}
			_, err := tx.appendAct(ctx, Act{
				Type: "OBJECTION_REFERRED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.ReferObjection),
			})
			return err
		},
	})
}

// UpholdObjection sides with the objector: the editors must change the text. Errors: FORBIDDEN but for representatives
// of the council who did not answer the objection; CONFLICT unless it was referred, and where the charter leaves
// objections to a ballot; INVALID without a reason.
func (db *DB) UpholdObjection(ctx context.Context, actor governance.Actor, in UpholdObjectionInput) (governance.CommentID, error) {
	return db.decideObjection(ctx, actor, objectionDecision{
		step: commentStep{
			mutation: "upholdObjection", rule: governance.UpholdObjection, comment: in.Comment, key: in.IdempotencyKey, input: in,
		},
		state: governance.StateUpheld, act: "OBJECTION_UPHELD", reason: in.Reason,
	})
}

// OverruleObjection sides with the editors: the objection blocks no more. Errors: as UpholdObjection.
func (db *DB) OverruleObjection(ctx context.Context, actor governance.Actor, in OverruleObjectionInput) (governance.CommentID, error) {
	return db.decideObjection(ctx, actor, objectionDecision{
		step: commentStep{
			mutation: "overruleObjection", rule: governance.OverruleObjection, comment: in.Comment, key: in.IdempotencyKey, input: in,
		},
		state: governance.StateOverruled, act: "OBJECTION_OVERRULED", reason: in.Reason,
	})
}

// objectionDecision is what the council decides on an objection.
type objectionDecision struct {
	step   commentStep
	state  governance.CommentState
	act    string
	reason string
}

func (db *DB) decideObjection(ctx context.Context, actor governance.Actor, d objectionDecision) (governance.CommentID, error) {
	if err := checkReason("input.reason", d.reason); err != nil {
		return "", err
	}
	d.step.do = func(ctx context.Context, tx *Tx, s subject, e *Edition, c *Comment) error {
		if err := tx.setState(ctx, e, c, d.state); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `
			UPDATE comments
			SET decision_reason = $2, decided_by = $3, decided_at = $4
			WHERE id = $1`, c.ID, d.reason, actor.Person, tx.now)
		if err != nil {
			return fmt.Errorf("decide on objection %s: %w", c.ID, err)
		}
		_, err = tx.appendAct(ctx, Act{
			Type: d.act, Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(d.step.rule),
			Texts: map[string]string{"reason": d.reason},
		})
		return err
	}
	return db.takeOnComment(ctx, actor, d.step)
}
