package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// BackNeed says that the acting organization needs it too; said again, its head count is the new one. Errors: NOT_FOUND,
// FORBIDDEN, CONFLICT for the stage (a merged need names the one that it goes on in) or where it is the organization's
// own need, INVALID for the head count.
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
			return tx.writeBacking(ctx, n, s.standing.organization, in)
		},
	})
}

// maxHeads bounds a head count: more people than any sector of the Union employs.
const maxHeads = 10_000_000

// writeBacking keeps what the organization says. Another head count than before is not in what is shown yet.
func (tx *Tx) writeBacking(ctx context.Context, n *Need, organization governance.OrganizationID, in BackNeedInput) error {
	_, err := tx.exec(ctx, `
		INSERT INTO need_backings (need_id, organization_id, person_id, head_count, comment, text_number, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (need_id, organization_id) DO UPDATE
		SET person_id = excluded.person_id, head_count = excluded.head_count, comment = excluded.comment,
			text_number = excluded.text_number,
			shown = CASE WHEN excluded.head_count = need_backings.head_count THEN need_backings.shown ELSE 0 END,
			reported = CASE WHEN excluded.head_count = need_backings.head_count THEN need_backings.reported ELSE 0 END`,
		n.ID, organization, tx.actor.Person, in.HeadCount, in.Comment, n.TextNumber, tx.now)
	if err != nil {
		return fmt.Errorf("write backing: %w", err)
	}
	return tx.countBackings(ctx, n.ID)
}

// fewestBackers is how many organizations must stand behind a sum that is shown, and behind every change of one: fewer
// would tell what one of them said, to whoever read the sum before. An organization that has itself reported a need that
// was merged does not count as one of them, for everybody sees its head count there.
const fewestBackers = 3

// countBackings brings the sums that live with the need up to date, and what is shown of them as far as that gives
// nobody away.
func (tx *Tx) countBackings(ctx context.Context, need governance.NeedID) error {
	_, err := tx.exec(ctx, `
		UPDATE needs
		SET backing_count = (SELECT COUNT(*) FROM need_backings b WHERE b.need_id = needs.id),
			backing_heads = (SELECT CAST(COALESCE(SUM(b.head_count), 0) AS BIGINT) FROM need_backings b WHERE b.need_id = needs.id)
		WHERE id = $1`, need)
	if err != nil {
		return fmt.Errorf("count backings: %w", err)
	}
	shown, err := tx.exec(ctx, `
		UPDATE needs
		SET shown_count = backing_count, shown_heads = backing_heads, show_at = $2
		WHERE id = $1
			AND (SELECT COUNT(*) FROM need_backings b WHERE b.need_id = $1 AND b.reported = 0) >= $2
			AND (SELECT COUNT(*) FROM need_backings b WHERE b.need_id = $1 AND b.reported = 0 AND b.shown = 0) >= show_at`,
		need, fewestBackers)
	if err != nil {
		return fmt.Errorf("show backings: %w", err)
	}
	if shown == 0 {
		return nil
	}
	if _, err := tx.exec(ctx, `UPDATE need_backings SET shown = 1 WHERE need_id = $1 AND shown = 0`, need); err != nil {
		return fmt.Errorf("show backings: %w", err)
	}
	return nil
}
