package store

import (
	"context"
	"fmt"
	"slices"

	"concordat/governance"
)

// needStep is what the steps on one need differ in.
type needStep struct {
	name  string
	step  governance.Step
	need  governance.NeedID
	also  []root // further roots than the need
	act   string
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
				Role: s.actingRole(n.step), Texts: n.texts,
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

// BackNeed says that the acting organization needs it too; said again, its head count is the new one. Errors: NOT_FOUND,
// FORBIDDEN, CONFLICT for the stage or where it is the organization's own need, INVALID for the head count.
func (db *DB) BackNeed(ctx context.Context, actor governance.Actor, in BackNeedInput) (governance.NeedID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if in.HeadCount < 1 || in.HeadCount > maxHeads {
		return "", governance.Invalid("input.headCount", "head-count", "A head count is 1 to 10,000,000.")
	}
	if err := checkLength("input.comment", in.Comment, 0, 2000); err != nil {
		return "", err
	}
	return db.takeNeedStep(ctx, actor, repeat, needStep{
		name: "backNeed", step: governance.BackNeed, need: in.Need, act: "NEED_BACKED",
		texts: map[string]string{"comment": in.Comment},
		write: func(ctx context.Context, tx *Tx, s subject, n *Need) error {
			if n.Organization.ID == s.standing.organization {
				return governance.Refuse(governance.CodeConflict, "own-need", "The need is your organization's own; its head count is in it.")
			}
			return tx.writeBacking(ctx, n.ID, s.standing.organization, in)
		},
	})
}

// maxHeads bounds a head count: more people than any sector of the Union employs.
const maxHeads = 10_000_000

func (tx *Tx) writeBacking(ctx context.Context, need governance.NeedID, organization governance.OrganizationID, in BackNeedInput) error {
	_, err := tx.exec(ctx, `
		INSERT INTO need_backings (need_id, organization_id, person_id, head_count, comment, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (need_id, organization_id) DO UPDATE
		SET person_id = excluded.person_id, head_count = excluded.head_count, comment = excluded.comment`,
		need, organization, tx.actor.Person, in.HeadCount, in.Comment, tx.now)
	if err != nil {
		return fmt.Errorf("write backing: %w", err)
	}
	return tx.countBackings(ctx, need)
}

// countBackings brings the sums that live with the need up to date.
func (tx *Tx) countBackings(ctx context.Context, need governance.NeedID) error {
	_, err := tx.exec(ctx, `
		UPDATE needs
		SET backing_count = (SELECT COUNT(*) FROM need_backings b WHERE b.need_id = needs.id),
			backing_heads = (SELECT CAST(COALESCE(SUM(b.head_count), 0) AS BIGINT) FROM need_backings b WHERE b.need_id = needs.id)
		WHERE id = $1`, need)
	if err != nil {
		return fmt.Errorf("count backings: %w", err)
	}
	return nil
}

// MergeNeeds merges a need into another of the same council, which takes over its backers and, as a backer, the
// organization that reported it, if it said for how many; none is counted twice. Errors: NOT_FOUND, FORBIDDEN, CONFLICT, INVALID.
func (db *DB) MergeNeeds(ctx context.Context, actor governance.Actor, in MergeNeedsInput) (governance.NeedID, error) {
	repeat, err := repeatWithReason(in.IdempotencyKey, in, in.Reason)
	if err != nil {
		return "", err
	}
	if in.Need == in.Into {
		return "", governance.Invalid("input.into", "into-itself", "A need cannot be merged into itself.")
	}
	return db.takeNeedStep(ctx, actor, repeat, needStep{
		name: "mergeNeeds", step: governance.MergeNeeds, need: in.Need, also: []root{{rootNeed, string(in.Into)}},
		act: "NEED_MERGED", texts: map[string]string{"reason": in.Reason, "into": string(in.Into)},
		write: func(ctx context.Context, tx *Tx, _ subject, n *Need) error {
			into, err := tx.needRow(ctx, in.Into)
			if err != nil {
				return err
			}
			if !slices.Contains(governance.RuleOf(governance.BackNeed).Stages, into.Stage) { // those in which it takes backers
				return governance.Refuse(governance.CodeConflict, "into-ended", "The need to merge into is {stage}.", "stage", string(into.Stage))
			}
			if into.CouncilID != n.CouncilID {
				return governance.Invalid("input.into", "another-council", "Both needs must be of one council.")
			}
			return tx.mergeNeed(ctx, n, into, in.Reason)
		},
	})
}

func (tx *Tx) mergeNeed(ctx context.Context, n, into *Need, reason string) error {
	if err := tx.moveNeed(ctx, governance.MergeNeeds, n, reason); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `UPDATE needs SET merged_into = $2 WHERE id = $1`, n.ID, into.ID); err != nil {
		return fmt.Errorf("merge need: %w", err)
	}
	// An organization that backs both is counted once, with the larger of its head counts; the one that reported the need
	// merged into has its head count there.
	_, err := tx.exec(ctx, `
		INSERT INTO need_backings (need_id, organization_id, person_id, head_count, comment, created_at)
		SELECT $2, organization_id, person_id, head_count, comment, created_at
		FROM (
			SELECT organization_id, person_id, head_count, comment, created_at FROM need_backings WHERE need_id = $1
			UNION ALL
			SELECT organization_id, person_id, head_count, '', created_at FROM needs WHERE id = $1 AND head_count > 0
		) AS merged
		WHERE organization_id <> $3
		ON CONFLICT (need_id, organization_id) DO UPDATE
		SET head_count = CASE WHEN excluded.head_count > need_backings.head_count THEN excluded.head_count ELSE need_backings.head_count END`,
		n.ID, into.ID, into.Organization.ID)
	if err != nil {
		return fmt.Errorf("take over backers: %w", err)
	}
	return tx.countBackings(ctx, into.ID)
}
