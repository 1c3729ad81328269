package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"concordat/governance"
)

// defaultReplyDays is how long a commenter has to reply where no charter says it: before the council's founding act.
const defaultReplyDays = 7

// DisposeComment answers a comment or an objection. An objection that the council upheld is answered again, with the
// revision that does what it asked for, and is resolved by it. Errors: FORBIDDEN but for authors in the working group;
// CONFLICT once it is answered or settled; INVALID without a reason (unless ACCEPTED), and for a duplicate of nothing.
func (db *DB) DisposeComment(ctx context.Context, actor governance.Actor, in DisposeCommentInput) (governance.CommentID, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "disposeComment", rule: governance.DisposeComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition, c *Comment) error {
			in := in // checkDisposition completes it, and a step may run twice
			if err := tx.checkDisposition(ctx, e, c, &in); err != nil {
				return err
			}
			return tx.dispose(ctx, s, e, c, in)
		},
	})
}

func (in DisposeCommentInput) check() error {
	least := 0
	if in.Kind.NeedsReason() {
		least = 1
	}
	if err := checkLength("input.reason", in.Reason, least, maxComment); err != nil {
		return err
	}
	if in.Revision != "" {
		if err := CheckID("input.revision", string(in.Revision)); err != nil {
			return err
		}
	}
	if in.Kind != governance.DispositionDuplicate {
		if in.DuplicateOf != "" {
			return governance.Invalid("input.duplicateOf", "no-duplicate", "Only a DUPLICATE names another comment.")
		}
		return nil
	}
	return CheckID("input.duplicateOf", string(in.DuplicateOf))
}

// checkDisposition holds an answer against what is there, and lets a duplicate name its last original.
func (tx *Tx) checkDisposition(ctx context.Context, e *Edition, c *Comment, in *DisposeCommentInput) error {
	done, err := tx.changeIn(ctx, e, c, in.Revision)
	if err != nil {
		return err
	}
	if c.State == governance.StateUpheld {
		return checkUpheld(c, *in, done)
	}
	if in.Kind != governance.DispositionDuplicate {
		return nil
	}
	original, err := tx.originalOf(ctx, e, c, in.DuplicateOf)
	if err != nil {
		return err
	}
	in.DuplicateOf = original.ID
	return nil
}

// changeIn finds the revision with the change that a comment asked for: it comes after the one that the comment was made
// on. Nil where none is named.
func (tx *Tx) changeIn(ctx context.Context, e *Edition, c *Comment, id governance.RevisionID) (*Revision, error) {
	if id == "" {
		return nil, nil
	}
	done, err := tx.revisionOn(ctx, e, "input.revision", id)
	if err != nil || c.State == governance.StateUpheld { // then it must come after the council's decision
		return done, err
	}
	made, err := tx.revision(ctx, c.Revision)
	if err != nil {
		return nil, err
	}
	if done.Number <= made.Number {
		return nil, governance.Invalid("input.revision", "revision-before",
			"Revision {number} cannot have the change: the comment was made on revision {made}.",
			"number", strconv.Itoa(done.Number), "made", strconv.Itoa(made.Number))
	}
	return done, nil
}

// checkUpheld holds an answer to an upheld objection to the council's decision: the text changes, and has changed since.
func checkUpheld(c *Comment, in DisposeCommentInput, done *Revision) error {
	if in.Kind != governance.DispositionAccepted && in.Kind != governance.DispositionAcceptedInPart {
		return governance.Invalid("input.kind", "upheld", "The council upheld the objection; it is accepted, and the text changes.")
	}
	if done == nil || c.DecidedAt == nil || done.CreatedAt.Before(*c.DecidedAt) {
		return governance.Invalid("input.revision", "upheld-undone", "Name a revision since the council's decision that does it.")
	}
	return nil
}

func (tx *Tx) dispose(ctx context.Context, s subject, e *Edition, c *Comment, in DisposeCommentInput) error {
	due, err := tx.replyDue(ctx, e)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO dispositions (
			id, comment_id, kind, reason, duplicate_of, revision_id, organization_id, person_id, created_at, reply_due_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (comment_id) DO UPDATE SET
			kind = excluded.kind, reason = excluded.reason, duplicate_of = excluded.duplicate_of,
			revision_id = excluded.revision_id, organization_id = excluded.organization_id, person_id = excluded.person_id,
			created_at = excluded.created_at, reply_due_at = excluded.reply_due_at, reply = NULL, reply_text = '',
			replied_at = NULL`,
		tx.newID(), c.ID, in.Kind, in.Reason, orNull(in.DuplicateOf), orNull(in.Revision), s.standing.organization,
		tx.actor.Person, tx.now, due)
	if err != nil {
		return fmt.Errorf("answer comment %s: %w", c.ID, err)
	}
	if err := tx.settleByAnswer(ctx, e, c, in.Revision); err != nil {
		return err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "COMMENT_DISPOSED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.DisposeComment),
		Words: in.words(), Texts: words("reason", in.Reason),
	})
	if err != nil {
		return err
	}
	if in.Kind == governance.DispositionDuplicate {
		return tx.moveDuplicates(ctx, s, c, in.DuplicateOf)
	}
	if c.Disposition != nil {
		return nil // an upheld objection, answered again
	}
	return tx.answerDuplicates(ctx, c, due)
}

// words are those of an answer that stay in its act for good.
func (in DisposeCommentInput) words() map[string]string {
	said := map[string]string{"kind": string(in.Kind)}
	if in.DuplicateOf != "" {
		said["duplicateOf"] = string(in.DuplicateOf)
	}
	if in.Revision != "" {
		said["revision"] = string(in.Revision)
	}
	return said
}

// settleByAnswer moves a comment on by the editors' answer: to ANSWERED; an upheld objection to RESOLVED; one that lies
// with the council stays there.
func (tx *Tx) settleByAnswer(ctx context.Context, e *Edition, c *Comment, done governance.RevisionID) error {
	if c.State == governance.StateReferred {
		return nil
	}
	if c.State == governance.StateUpheld {
		if _, err := tx.exec(ctx, `UPDATE comments SET done_revision = $2 WHERE id = $1`, c.ID, done); err != nil {
			return fmt.Errorf("note what was done about %s: %w", c.ID, err)
		}
		return tx.setState(ctx, e, c, governance.StateResolved)
	}
	return tx.setState(ctx, e, c, governance.StateAnswered)
}

// replyDue is until when the commenter may reply to an answer of now.
func (q *Query) replyDue(ctx context.Context, e *Edition) (time.Time, error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil {
		return time.Time{}, err
	}
	if charter == nil {
		return governance.Calendar{Zone: "UTC"}.AddDays(q.now, defaultReplyDays)
	}
	return charter.Body.Calendar.AddDays(q.now, charter.Body.ReplyDays)
}

// ReplyToDisposition says whether an answer satisfies. An objection is resolved by SATISFIED, and referred to the
// council by NOT_SATISFIED. Who was not satisfied may say later that it is; nothing else is taken back. Errors:
// FORBIDDEN but for the commenter's organization, or the person where it spoke for itself; CONFLICT without an answer,
// after the reply days and for a second reply.
func (db *DB) ReplyToDisposition(ctx context.Context, actor governance.Actor, in ReplyToDispositionInput) (governance.CommentID, error) {
	if err := checkLength("input.text", in.Text, 0, maxComment); err != nil {
		return "", err
	}
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "replyToDisposition", rule: governance.ReplyToDisposition, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition, c *Comment) error {
			if refusal := tx.unmetReplyable(c, in.Reply); refusal != nil {
				return refusal
			}
			_, err := tx.exec(ctx, `UPDATE dispositions SET reply = $2, reply_text = $3, replied_at = $4 WHERE comment_id = $1`,
				c.ID, in.Reply, in.Text, tx.now)
			if err != nil {
				return fmt.Errorf("reply to the answer to %s: %w", c.ID, err)
			}
			if state := governance.AfterReply(c.IsObjection, in.Reply); state != c.State {
				if err := tx.setState(ctx, e, c, state); err != nil {
					return err
				}
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "DISPOSITION_REPLIED", Object: Object{"COMMENT", string(c.ID)},
				Role:  s.actingRole(governance.ReplyToDisposition),
				Words: map[string]string{"reply": string(in.Reply)}, Texts: words("text", in.Text),
			})
			return err
		},
	})
}

// NotSatisfied lists the comments on a ballot's edition whose commenters replied that the answer does not satisfy them, as
// far as the actor may see them.
func (db *DB) NotSatisfied(ctx context.Context, actor governance.Actor, b *Ballot, page Page, fields Fields) (*CommentConnection, error) {
	reply := governance.ReplyNotSatisfied
	e, err := db.Edition(ctx, actor, b.EditionID, Fields{})
	if governance.CodeOf(err) == governance.CodeNotFound { // a ballot on something else
		return &CommentConnection{Nodes: []*Comment{}, PageInfo: &PageInfo{}}, nil
	}
	if err != nil {
		return nil, err
	}
	return db.Comments(ctx, actor, e, CommentFilter{Reply: &reply}, page, fields)
}

// unmetReplyable refuses a reply that comes too late or takes back another one.
func (q *Query) unmetReplyable(c *Comment, reply governance.Reply) *governance.Error {
	if c.State != governance.StateAnswered && c.State != governance.StateReferred {
		return commentSettled(c)
	}
	given := c.Disposition.Reply
	if given != nil {
		if *given == governance.ReplyNotSatisfied && reply == governance.ReplySatisfied {
			return nil
		}
		return governance.Refuse(governance.CodeConflict, "replied", "The answer was replied to with {reply}.", "reply", string(*given))
	}
	if reply == governance.ReplyNotSatisfied && !q.now.Before(c.Disposition.ReplyDueAt) {
		return governance.Refuse(governance.CodeConflict, "reply-days-over", "The days to reply were over on {due}.",
			"due", c.Disposition.ReplyDueAt.Format(time.RFC3339))
	}
	return nil
}
