package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// ResolveComment closes the discussion on a plain comment: its thread is folded away. It is no answer to the comment and
// opens no gate: what came in time wants its disposition all the same. Errors: FORBIDDEN but for authors in the working
// group and for the commenter; CONFLICT for an objection, for an answer in a thread, and for one that is resolved.
func (db *DB) ResolveComment(ctx context.Context, actor governance.Actor, in ResolveCommentInput) (governance.CommentID, error) {
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "resolveComment", rule: governance.ResolveComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			changed, err := tx.exec(ctx, `
				UPDATE comments
				SET resolved_at = $2, resolved_by = $3, resolved_for = $4
				WHERE id = $1 AND resolved_at IS NULL`, c.ID, tx.now, tx.actor.Person, orNull(tx.actor.Organization))
			if err != nil {
				return fmt.Errorf("resolve the thread of %s: %w", c.ID, err)
			}
			if changed == 0 {
				return errThreadResolved
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "THREAD_RESOLVED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.ResolveComment),
			})
			return err
		},
	})
}

// ReopenComment opens the discussion on a comment again, as an answer in its thread does. Errors: FORBIDDEN as
// ResolveComment; CONFLICT where it is not resolved.
func (db *DB) ReopenComment(ctx context.Context, actor governance.Actor, in ReopenCommentInput) (governance.CommentID, error) {
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "reopenComment", rule: governance.ReopenComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			reopened, err := tx.reopenThread(ctx, c.ID)
			if err != nil {
				return err
			}
			if !reopened {
				return errThreadOpen
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "THREAD_REOPENED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.ReopenComment),
			})
			return err
		},
	})
}

// reopenThread opens a thread that is resolved, and says whether it was.
func (tx *Tx) reopenThread(ctx context.Context, head governance.CommentID) (bool, error) {
	if head == "" {
		return false, nil
	}
	changed, err := tx.exec(ctx, `
		UPDATE comments
		SET resolved_at = NULL, resolved_by = NULL, resolved_for = NULL
		WHERE id = $1 AND resolved_at IS NOT NULL`, head)
	if err != nil {
		return false, fmt.Errorf("reopen the thread of %s: %w", head, err)
	}
	return changed > 0, nil
}

var (
	errThreadResolved = governance.Refuse(governance.CodeConflict, "thread-resolved", "The thread is resolved.")
	errThreadOpen     = governance.Refuse(governance.CodeConflict, "thread-open", "The thread is not resolved.")
)

// unmetDiscussionOpen refuses to resolve what is no thread of a plain comment, or is resolved.
func unmetDiscussionOpen(c *Comment) *governance.Error {
	switch {
	case c.Parent != nil:
		return inThread(c)
	case c.IsObjection:
		return governance.Refuse(governance.CodeConflict, "is-objection",
			"An objection is settled by its answer and the reply to it, or by the council.")
	case c.State == governance.StateWithdrawn:
		return commentSettled(c)
	case c.ResolvedAt != nil:
		return errThreadResolved
	}
	return nil
}

// unmetDiscussionResolved refuses to reopen what is not resolved.
func unmetDiscussionResolved(c *Comment) *governance.Error {
	if c.ResolvedAt == nil {
		return errThreadOpen
	}
	return nil
}
