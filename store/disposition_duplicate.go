package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// A duplicate points at the comment that is answered for both, and never at another duplicate: where its original is made
// a duplicate itself it follows to that one's original, where the original is answered its days to reply begin, and where
// the original is taken back unanswered its own answer lapses and it wants another.

// originalWaits says in SQL that a disposition "d" is of a duplicate whose original still waits for its answer: until then
// the duplicate's commenter has nothing to reply to.
const originalWaits = `EXISTS (
				SELECT 1
				FROM comments o
				LEFT JOIN dispositions a ON a.comment_id = o.id
				WHERE o.id = d.duplicate_of AND a.id IS NULL AND o.state IN ('OPEN', 'REFERRED', 'UPHELD')
			)`

// originalOf finds the comment that is answered for a duplicate too, following a duplicate to its own original.
func (tx *Tx) originalOf(ctx context.Context, e *Edition, c *Comment, id governance.CommentID) (*Comment, error) {
	other, err := tx.comment(ctx, id)
	if err == nil && other.DuplicateOf() != "" {
		other, err = tx.comment(ctx, other.DuplicateOf())
	}
	if err != nil && governance.CodeOf(err) != governance.CodeNotFound {
		return nil, err
	}
	if err != nil || other.EditionID != e.ID || other.ID == c.ID || other.Parent != nil || other.State == governance.StateWithdrawn {
		return nil, governance.Invalid("input.duplicateOf", "no-original",
			"The edition has no comment {comment} that could be answered for both.", "comment", string(id))
	}
	if other.Late && other.Disposition == nil && !c.Late {
		return nil, governance.Invalid("input.duplicateOf", "original-late",
			"The comment {comment} came late, and nothing waits for its answer; this one came in time.", "comment", string(id))
	}
	return other, nil
}

// DuplicateOf is the comment that is answered for this one too; empty where it is no duplicate.
func (c *Comment) DuplicateOf() governance.CommentID {
	if c.Disposition == nil || c.Disposition.DuplicateOf == nil {
		return ""
	}
	return *c.Disposition.DuplicateOf
}

// duplicatesOf reads the comments that a comment is answered for too.
func (tx *Tx) duplicatesOf(ctx context.Context, original *Comment) ([]*Comment, error) {
	duplicates, err := collect(ctx, tx.Query, scanComment, `SELECT `+commentColumns+commentTables+`
		WHERE d.duplicate_of = $1
		ORDER BY c.created_at, c.id`, original.ID)
	if err != nil {
		return nil, fmt.Errorf("read the duplicates of %s: %w", original.ID, err)
	}
	return duplicates, nil
}

// answerDuplicates lets the duplicates of a comment follow its first answer, to which their commenters may reply from
// now on: those who have not replied have until due.
func (tx *Tx) answerDuplicates(ctx context.Context, original *Comment, due time.Time) error {
	_, err := tx.exec(ctx, `UPDATE dispositions SET reply_due_at = $2 WHERE duplicate_of = $1 AND reply IS NULL`, original.ID, due)
	if err != nil {
		return fmt.Errorf("give the duplicates of %s their days: %w", original.ID, err)
	}
	return nil
}

// moveDuplicates lets the duplicates of a comment that became a duplicate itself point at its original. Each leaves an
// act as if it had been answered so.
func (tx *Tx) moveDuplicates(ctx context.Context, s subject, from *Comment, to governance.CommentID) error {
	duplicates, err := tx.duplicatesOf(ctx, from)
	if err != nil {
		return err
	}
	for _, d := range duplicates {
		_, err := tx.exec(ctx, `UPDATE dispositions SET duplicate_of = $2 WHERE comment_id = $1`, d.ID, to)
		if err != nil {
			return fmt.Errorf("point %s at another original: %w", d.ID, err)
		}
		_, err = tx.appendAct(ctx, Act{
			Type: "COMMENT_DISPOSED", Object: Object{"COMMENT", string(d.ID)}, Role: s.actingRole(governance.DisposeComment),
			Words: map[string]string{"kind": string(governance.DispositionDuplicate), "duplicateOf": string(to)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lapseDuplicates takes back the answers that pointed at a comment which is taken back before it was answered: what is
// not settled wants an answer of its own.
func (tx *Tx) lapseDuplicates(ctx context.Context, e *Edition, s subject, original *Comment) error {
	duplicates, err := tx.duplicatesOf(ctx, original)
	if err != nil {
		return err
	}
	for _, d := range duplicates {
		if d.State != governance.StateAnswered && d.State != governance.StateReferred {
			continue
		}
		if _, err := tx.exec(ctx, `DELETE FROM dispositions WHERE comment_id = $1`, d.ID); err != nil {
			return fmt.Errorf("take back the answer to %s: %w", d.ID, err)
		}
		if d.State == governance.StateAnswered {
			if err := tx.setState(ctx, e, d, governance.StateOpen); err != nil {
				return err
			}
		}
		_, err := tx.appendAct(ctx, Act{
			Type: "DISPOSITION_LAPSED", Object: Object{"COMMENT", string(d.ID)}, Role: s.actingRole(governance.WithdrawComment),
			Words: map[string]string{"duplicateOf": string(original.ID)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Original answers the comment that is answered for a duplicate too, with its own answer; nil where the answer names
// none, or the actor may not see it.
func (db *DB) Original(ctx context.Context, actor governance.Actor, d *Disposition, fields Fields) (*Comment, error) {
	if d.DuplicateOf == nil || d.originalRead {
		return d.original, nil
	}
	original, err := db.Comment(ctx, actor, *d.DuplicateOf, fields)
	if governance.CodeOf(err) == governance.CodeNotFound {
		return nil, nil
	}
	return original, err
}

// fillOriginals reads the originals of the duplicates among comments on an edition, as far as the viewer may see them.
func (q *Query) fillOriginals(ctx context.Context, viewer editionViewer, e *Edition, fields Fields, comments []*Comment) error {
	duplicates := map[governance.CommentID][]*Disposition{}
	var ids []governance.CommentID
	for _, c := range comments {
		id := c.DuplicateOf()
		if id == "" {
			continue
		}
		if duplicates[id] == nil {
			ids = append(ids, id)
		}
		duplicates[id] = append(duplicates[id], c.Disposition)
		c.Disposition.originalRead = true
	}
	for batch := range batches(ids) {
		originals, err := collect(ctx, q, scanComment, `SELECT `+commentColumns+commentTables+`
			WHERE c.id IN (`+placeholders(1, len(batch))+`)`+viewer.saidInPublic(), batch...)
		if err != nil {
			return fmt.Errorf("read originals: %w", err)
		}
		for _, original := range originals {
			for _, d := range duplicates[original.ID] {
				d.original = original
			}
		}
		if err := q.fillComments(ctx, viewer, e, fields, originals...); err != nil {
			return err
		}
	}
	return nil
}
