package store

import (
	"context"
	"fmt"
	"slices"

	"concordat/governance"
)

// MergeNeeds merges a need into another of the same council, which takes over its backers and, as a backer, the
// organization that reported it, if it said for how many. An organization that backed both is counted once, with the
// larger of its head counts. What was merged into the need before goes along, so that a merged need always names the one
// that goes on. Errors: NOT_FOUND, FORBIDDEN, CONFLICT, INVALID.
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
		act: "NEED_MERGED", words: map[string]string{"into": string(in.Into)}, texts: map[string]string{"reason": in.Reason},
		write: func(ctx context.Context, tx *Tx, _ subject, n *Need) error {
			into, err := tx.needRow(ctx, in.Into)
			if err != nil {
				return err
			}
			if into.MergedID != "" {
				return needMerged(into.MergedID)
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

// needMerged refuses a step on a need that goes on in another one.
func needMerged(into governance.NeedID) *governance.Error {
	return governance.Refuse(governance.CodeConflict, "need-merged", "The need was merged into {into}; it goes on there.", "into", string(into))
}

func (tx *Tx) mergeNeed(ctx context.Context, n, into *Need, reason string) error {
	if err := tx.moveNeed(ctx, governance.MergeNeeds, n, reason); err != nil {
		return err
	}
	// What was merged into it is in no other step's hands: a merged need changes no more.
	_, err := tx.exec(ctx, `UPDATE needs SET merged_into = $2, version = version + 1 WHERE merged_into = $1`, n.ID, into.ID)
	if err != nil {
		return fmt.Errorf("take along what was merged before: %w", err)
	}
	if _, err := tx.exec(ctx, `UPDATE needs SET merged_into = $2 WHERE id = $1`, n.ID, into.ID); err != nil {
		return fmt.Errorf("merge need: %w", err)
	}
	tells, err := tx.mergeTells(ctx, n, into)
	if err != nil {
		return err
	}
	if err := tx.takeOverBackers(ctx, n, into); err != nil {
		return err
	}
	if tells {
		_, err := tx.exec(ctx, `
			UPDATE needs
			SET show_at = $2 + (
				SELECT COUNT(*) FROM need_backings b WHERE b.need_id = $1 AND b.reported = 0 AND b.shown = 0
			)
			WHERE id = $1`, into.ID, fewestBackers)
		if err != nil {
			return fmt.Errorf("hold the sums back: %w", err)
		}
	}
	return tx.countBackings(ctx, into.ID)
}

// mergeTells says whether somebody who knows the sums of the need that ends could subtract them from those of the other
// and be left with what one or two organizations said: with those that back both, those that come along, or those that
// were there. The sums then wait until three more have spoken.
func (tx *Tx) mergeTells(ctx context.Context, n, into *Need) (bool, error) {
	if n.Backing.Organizations == nil {
		return false, nil // nobody knows its sums
	}
	var both, all, others int
	err := tx.queryRow(ctx, `
		SELECT
			(SELECT COUNT(*) FROM need_backings m WHERE m.need_id = $1 AND m.reported = 0 AND (
				m.organization_id = $3
				OR EXISTS (SELECT 1 FROM need_backings t WHERE t.need_id = $2 AND t.organization_id = m.organization_id))),
			(SELECT COUNT(*) FROM need_backings m WHERE m.need_id = $1 AND m.reported = 0),
			(SELECT COUNT(*) FROM need_backings t WHERE t.need_id = $2 AND t.reported = 0 AND NOT EXISTS (
				SELECT 1 FROM need_backings m WHERE m.need_id = $1 AND m.organization_id = t.organization_id))`,
		n.ID, into.ID, into.Organization.ID).Scan(&both, &all, &others)
	if err != nil {
		return false, fmt.Errorf("compare the backers: %w", err)
	}
	return slices.ContainsFunc([]int{both, all - both, others}, func(n int) bool { return n > 0 && n < fewestBackers }), nil
}

// takeOverBackers lets those who backed the one need, and the organization that reported it, back the other. They have
// backed no text of the other: its number is 0. The one that reported the other has its head count there.
func (tx *Tx) takeOverBackers(ctx context.Context, n, into *Need) error {
	_, err := tx.exec(ctx, `
		INSERT INTO need_backings (need_id, organization_id, person_id, head_count, comment, reported, text_number, created_at)
		SELECT $2, organization_id, person_id, head_count, comment, reported, 0, created_at
		FROM (
			SELECT organization_id, person_id, head_count, comment, reported, created_at FROM need_backings WHERE need_id = $1
			UNION ALL
			SELECT organization_id, person_id, head_count, '', 1, created_at FROM needs WHERE id = $1 AND head_count > 0
		) AS merged
		WHERE organization_id <> $3
		ON CONFLICT (need_id, organization_id) DO UPDATE
		SET head_count = CASE WHEN excluded.head_count > need_backings.head_count THEN excluded.head_count ELSE need_backings.head_count END,
			shown = CASE WHEN excluded.head_count > need_backings.head_count THEN 0 ELSE need_backings.shown END,
			reported = CASE
				WHEN excluded.head_count > need_backings.head_count THEN excluded.reported
				WHEN excluded.head_count = need_backings.head_count AND excluded.reported = 1 THEN 1
				ELSE need_backings.reported
			END`,
		n.ID, into.ID, into.Organization.ID)
	if err != nil {
		return fmt.Errorf("take over backers: %w", err)
	}
	return nil
}
