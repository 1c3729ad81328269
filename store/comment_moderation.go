package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// HideComment puts a public reason in the place of a comment's words, for everybody but its author and the secretary.
// The comment, its thread, its answer and its acts stay; it gates as before. Errors: FORBIDDEN but for the council's
// secretary; CONFLICT where it is hidden or was redacted; INVALID without a reason.
func (db *DB) HideComment(ctx context.Context, actor governance.Actor, in HideCommentInput) (governance.CommentID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "hideComment", rule: governance.HideComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			_, err := tx.exec(ctx, `UPDATE comments SET hidden_at = $2, hidden_reason = $3 WHERE id = $1`, c.ID, tx.now, in.Reason)
			if err != nil {
				return fmt.Errorf("hide comment %s: %w", c.ID, err)
			}
			if err := tx.settleReports(ctx, c); err != nil {
				return err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "COMMENT_HIDDEN", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.HideComment),
				Texts: words("reason", in.Reason),
			})
			return err
		},
	})
}

// UnhideComment shows the words of a hidden comment again. Errors: FORBIDDEN but for the council's secretary; CONFLICT
// where it is not hidden.
func (db *DB) UnhideComment(ctx context.Context, actor governance.Actor, in UnhideCommentInput) (governance.CommentID, error) {
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "unhideComment", rule: governance.UnhideComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			_, err := tx.exec(ctx, `UPDATE comments SET hidden_at = NULL, hidden_reason = '' WHERE id = $1`, c.ID)
			if err != nil {
				return fmt.Errorf("show comment %s: %w", c.ID, err)
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "COMMENT_SHOWN", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.UnhideComment),
			})
			return err
		},
	})
}

// unmetWordsStand refuses where the words were redacted.
func unmetWordsStand(c *Comment) *governance.Error {
	if c.Moderation == nil || c.Moderation.State != governance.ModerationRedacted {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "redacted", "The words of this comment were redacted.")
}

// unmetShown refuses where the comment is hidden.
func unmetShown(c *Comment) *governance.Error {
	if c.Moderation == nil || c.Moderation.State != governance.ModerationHidden {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "hidden", "The comment is hidden.")
}

// unmetHidden refuses where the comment is not hidden.
func unmetHidden(c *Comment) *governance.Error {
	if unmetShown(c) != nil {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "not-hidden", "The comment is not hidden.")
}
