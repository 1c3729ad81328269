package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// RequestRedaction asks that the words of a comment are erased for good, which another person has to confirm. Errors:
// FORBIDDEN but for secretaries and representatives of the council and administrators; CONFLICT while one waits; INVALID
// without a reason.
func (db *DB) RequestRedaction(ctx context.Context, actor governance.Actor, in RequestRedactionInput) (governance.CommentID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "requestRedaction", rule: governance.RequestRedaction, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			_, err := tx.exec(ctx, `
				INSERT INTO redactions (id, comment_id, reason, with_name, with_answer, asked_by, asked_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				tx.newID(), c.ID, in.Reason, in.Name, in.Answer, tx.actor.Person, tx.now)
			if err != nil {
				return fmt.Errorf("ask to redact %s: %w", c.ID, err)
			}
			if _, err := tx.exec(ctx, `UPDATE comments SET redaction_asked_at = $2 WHERE id = $1`, c.ID, tx.now); err != nil {
				return fmt.Errorf("note that %s is to be redacted: %w", c.ID, err)
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "REDACTION_REQUESTED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.RequestRedaction),
				Texts: words("reason", in.Reason),
			})
			return err
		},
	})
}

// ConfirmRedaction erases the words of a comment wherever they lie: in the comment and every text that it had, in the
// reply to its answer, in its reports and beside its acts, whose salted digests stay. Errors: FORBIDDEN but for
// secretaries and representatives of the council and administrators, and for the person who asked; CONFLICT where nobody
// asked.
func (db *DB) ConfirmRedaction(ctx context.Context, actor governance.Actor, in ConfirmRedactionInput) (governance.CommentID, error) {
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "confirmRedaction", rule: governance.ConfirmRedaction, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			r, err := tx.redactionAsked(ctx, c)
			if err != nil {
				return err
			}
			if err := tx.redact(ctx, c, r); err != nil {
				return fmt.Errorf("redact comment %s: %w", c.ID, err)
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "COMMENT_REDACTED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.ConfirmRedaction),
				Words: r.words(), Texts: words("reason", r.reason),
			})
			return err
		},
	})
}

// redaction is one that waits for its second person.
type redaction struct {
	id     string
	reason string
	name   bool
	answer bool
}

// words say for good what was erased.
func (r redaction) words() map[string]string {
	erased := map[string]string{"comment": "ERASED"}
	if r.name {
		erased["name"] = "ERASED"
	}
	if r.answer {
		erased["answer"] = "ERASED"
	}
	return erased
}

func (tx *Tx) redactionAsked(ctx context.Context, c *Comment) (redaction, error) {
	var r redaction
	err := tx.queryRow(ctx, `
		SELECT id, reason, with_name, with_answer
		FROM redactions
		WHERE comment_id = $1 AND confirmed_at IS NULL`, c.ID).Scan(&r.id, &r.reason, &r.name, &r.answer)
	if err != nil {
		return r, fmt.Errorf("read the redaction of %s: %w", c.ID, err)
	}
	return r, nil
}

// redact erases, and leaves the tombstone.
func (tx *Tx) redact(ctx context.Context, c *Comment, r redaction) error {
	if err := tx.overwrite(ctx, true); err != nil {
		return err
	}
	for _, erase := range []struct {
		when bool
		text string
		args []any
	}{
		{true, `UPDATE redactions SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1`, []any{r.id, tx.actor.Person, tx.now}},
		{true, `
			UPDATE comments
			SET body = '', proposed_change = '', remedy = '', quote = '', redacted_at = $2, redaction_reason = $3,
				redaction_asked_at = NULL, hidden_at = NULL, hidden_reason = ''
			WHERE id = $1`, []any{c.ID, tx.now, r.reason}},
		{true, `UPDATE comment_texts SET body = '', proposed_change = '', remedy = '' WHERE comment_id = $1`, []any{c.ID}},
		{true, `UPDATE dispositions SET reply_text = '' WHERE comment_id = $1`, []any{c.ID}},
		{true, `
			UPDATE comment_sources
			SET body = '', line = '', clause = '', quote = '', observations = ''
			WHERE comment_id = $1`, []any{c.ID}},
		{true, `UPDATE comment_reports SET reason = '' WHERE comment_id = $1`, []any{c.ID}},
		{true, eraseTexts(saidIn), []any{c.ID}},
		{r.name, `UPDATE comments SET public_name = '' WHERE id = $1`, []any{c.ID}},
		{r.answer, `UPDATE dispositions SET reason = '' WHERE comment_id = $1`, []any{c.ID}},
		{r.answer, `UPDATE comments SET decision_reason = '' WHERE id = $1`, []any{c.ID}},
		{r.answer, eraseTexts(answeredIn), []any{c.ID}},
	} {
		if !erase.when {
			continue
		}
		if _, err := tx.exec(ctx, erase.text, erase.args...); err != nil {
			return err
		}
	}
	if err := tx.settleReports(ctx, c); err != nil {
		return err
	}
	return tx.overwrite(ctx, false)
}

// The types of the acts that hold what was said in a comment or about it, and those that hold what was answered.
const (
	saidIn     = `'COMMENT_ADDED', 'COMMENT_EDITED', 'OBJECTION_RAISED', 'DISPOSITION_REPLIED', 'COMMENT_REPORTED'`
	answeredIn = `'COMMENT_DISPOSED', 'OBJECTION_UPHELD', 'OBJECTION_OVERRULED'`
)

// eraseTexts erases the texts beside a comment's acts of the types. With a text its salt goes: nobody shall prove by
// trying what the digest was of.
func eraseTexts(types string) string {
	return `
			UPDATE act_texts
			SET text = NULL, salt = ''
			WHERE act_id IN (SELECT id FROM acts WHERE object_id = $1 AND object_kind = 'COMMENT' AND type IN (` + types + `))`
}

// unmetRedactionUnasked refuses a second request while one waits.
func unmetRedactionUnasked(c *Comment) *governance.Error {
	if !c.redaction {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "redaction-asked", "A redaction of this comment waits for its second person.")
}

// unmetRedactionAsked refuses to confirm what nobody asked for.
func unmetRedactionAsked(c *Comment) *governance.Error {
	if c.redaction {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "redaction-unasked", "Nobody asked for a redaction of this comment.")
}

// unmetSecondPerson refuses the person who asked.
func unmetSecondPerson(actor governance.Actor, asked governance.PersonID) *governance.Error {
	if asked != actor.Person {
		return nil
	}
	return governance.Refuse(governance.CodeForbidden, "second-person", "You asked for it; another person confirms it.")
}
