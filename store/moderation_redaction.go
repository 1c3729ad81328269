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
	return db.moderateComment(ctx, actor, askRedaction(redaction{reason: in.Reason, name: in.Name, answer: in.Answer}), commentStep{
		mutation: "requestRedaction", rule: governance.RequestRedaction, comment: in.Comment, key: in.IdempotencyKey, input: in,
	})
}

// RequestSuggestionRedaction asks that the words and the changes of a suggestion are erased for good, which another person
// has to confirm. Errors: as RequestRedaction's.
func (db *DB) RequestSuggestionRedaction(
	ctx context.Context, actor governance.Actor, in RequestSuggestionRedactionInput,
) (governance.SuggestionID, error) {
	return db.moderateSuggestion(ctx, actor, askRedaction(redaction{reason: in.Reason, name: in.Name, answer: in.Answer}), suggestionStep{
		mutation: "requestSuggestionRedaction", rule: governance.RequestSuggestionRedaction, suggestion: in.Suggestion,
		key: in.IdempotencyKey, input: in,
	})
}

func askRedaction(r redaction) moderating {
	return moderating{reason: r.reason, do: func(ctx context.Context, tx *Tx, m *moderated) (Act, error) {
		_, err := tx.exec(ctx, `
			INSERT INTO redactions (id, object_kind, object_id, reason, with_name, with_answer, asked_by, asked_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			tx.newID(), m.kind.kind, m.id, r.reason, r.name, r.answer, tx.actor.Person, tx.now)
		if err != nil {
			return Act{}, fmt.Errorf("ask to redact %s %s: %w", m.kind.noun, m.id, err)
		}
		if _, err := tx.exec(ctx, `UPDATE `+m.kind.table+` SET redaction_asked_at = $2 WHERE id = $1`, m.id, tx.now); err != nil {
			return Act{}, fmt.Errorf("note that %s %s is to be redacted: %w", m.kind.noun, m.id, err)
		}
		return Act{Type: "REDACTION_REQUESTED", Texts: words("reason", r.reason)}, nil
	}}
}

// WithdrawRedaction takes a request for the redaction of a comment back, or declines it: whoever may ask or confirm may do
// either. Errors: FORBIDDEN but for secretaries and representatives of the council and administrators; CONFLICT where
// nobody asked; INVALID without a reason.
func (db *DB) WithdrawRedaction(ctx context.Context, actor governance.Actor, in WithdrawRedactionInput) (governance.CommentID, error) {
	return db.moderateComment(ctx, actor, withdrawRedaction(in.Reason), commentStep{
		mutation: "withdrawRedaction", rule: governance.WithdrawRedaction, comment: in.Comment, key: in.IdempotencyKey, input: in,
	})
}

// WithdrawSuggestionRedaction takes a request for the redaction of a suggestion back, or declines it. Errors: as
// WithdrawRedaction's.
func (db *DB) WithdrawSuggestionRedaction(
	ctx context.Context, actor governance.Actor, in WithdrawSuggestionRedactionInput,
) (governance.SuggestionID, error) {
	return db.moderateSuggestion(ctx, actor, withdrawRedaction(in.Reason), suggestionStep{
		mutation: "withdrawSuggestionRedaction", rule: governance.WithdrawSuggestionRedaction, suggestion: in.Suggestion,
		key: in.IdempotencyKey, input: in,
	})
}

func withdrawRedaction(reason string) moderating {
	return moderating{reason: reason, do: func(ctx context.Context, tx *Tx, m *moderated) (Act, error) {
		_, err := tx.exec(ctx, `
			UPDATE redactions
			SET withdrawn_by = $3, withdrawn_at = $4
			WHERE object_kind = $1 AND object_id = $2 AND confirmed_at IS NULL AND withdrawn_at IS NULL`,
			m.kind.kind, m.id, tx.actor.Person, tx.now)
		if err != nil {
			return Act{}, fmt.Errorf("take the redaction of %s %s back: %w", m.kind.noun, m.id, err)
		}
		if _, err := tx.exec(ctx, `UPDATE `+m.kind.table+` SET redaction_asked_at = NULL WHERE id = $1`, m.id); err != nil {
			return Act{}, fmt.Errorf("note that %s %s is not to be redacted: %w", m.kind.noun, m.id, err)
		}
		return Act{Type: "REDACTION_WITHDRAWN", Texts: words("reason", reason)}, nil
	}}
}

// ConfirmRedaction erases the words of a comment wherever they lie: in the comment and every text that it had, in the
// reply to its answer, in its reports and beside its acts, whose salted digests stay. Errors: FORBIDDEN but for
// secretaries and representatives of the council and administrators, and for the person who asked; CONFLICT where nobody
// asked.
func (db *DB) ConfirmRedaction(ctx context.Context, actor governance.Actor, in ConfirmRedactionInput) (governance.CommentID, error) {
	return db.moderateComment(ctx, actor, confirmRedaction, commentStep{
		mutation: "confirmRedaction", rule: governance.ConfirmRedaction, comment: in.Comment, key: in.IdempotencyKey, input: in,
	})
}

// ConfirmSuggestionRedaction erases the words and the changes of a suggestion wherever they lie, but for what a revision
// took into the text. While it is undecided it can only be rejected or taken back afterwards. Errors: as
// ConfirmRedaction's.
func (db *DB) ConfirmSuggestionRedaction(
	ctx context.Context, actor governance.Actor, in ConfirmSuggestionRedactionInput,
) (governance.SuggestionID, error) {
	return db.moderateSuggestion(ctx, actor, confirmRedaction, suggestionStep{
		mutation: "confirmSuggestionRedaction", rule: governance.ConfirmSuggestionRedaction, suggestion: in.Suggestion,
		key: in.IdempotencyKey, input: in,
	})
}

var confirmRedaction = moderating{tacit: true, do: func(ctx context.Context, tx *Tx, m *moderated) (Act, error) {
	r, err := tx.redactionAsked(ctx, m)
	if err != nil {
		return Act{}, err
	}
	if err := tx.redact(ctx, m, r); err != nil {
		return Act{}, fmt.Errorf("redact %s %s: %w", m.kind.noun, m.id, err)
	}
	return Act{Type: m.kind.kind + "_REDACTED", Words: r.words(m.kind), Texts: words("reason", r.reason)}, nil
}}

// redaction is one that is asked for.
type redaction struct {
	id     string
	reason string
	name   bool // the name that a public commenter chose goes, too
	answer bool // what editors and council answered goes, too
}

// words say for good what was erased.
func (r redaction) words(kind *spokenKind) map[string]string {
	erased := map[string]string{kind.noun: "ERASED"}
	if r.name {
		erased["name"] = "ERASED"
	}
	if r.answer {
		erased["answer"] = "ERASED"
	}
	return erased
}

func (tx *Tx) redactionAsked(ctx context.Context, m *moderated) (redaction, error) {
	var r redaction
	err := tx.queryRow(ctx, `
		SELECT id, reason, with_name, with_answer
		FROM redactions
		WHERE object_kind = $1 AND object_id = $2 AND confirmed_at IS NULL AND withdrawn_at IS NULL`, m.kind.kind, m.id).
		Scan(&r.id, &r.reason, &r.name, &r.answer)
	if err != nil {
		return r, fmt.Errorf("read the redaction of %s %s: %w", m.kind.noun, m.id, err)
	}
	return r, nil
}

// redact erases, and leaves the tombstone.
func (tx *Tx) redact(ctx context.Context, m *moderated, r redaction) error {
	if err := tx.overwrite(ctx, true); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE redactions SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1`, r.id, tx.actor.Person, tx.now)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `
		UPDATE `+m.kind.table+`
		SET redacted_at = $2, redaction_reason = $3, redaction_asked_at = NULL, hidden_at = NULL, hidden_reason = ''
		WHERE id = $1`, m.id, tx.now, r.reason)
	if err != nil {
		return err
	}
	for _, erase := range m.kind.erasures(r) {
		if _, err := tx.exec(ctx, erase, m.id); err != nil {
			return err
		}
	}
	if err := tx.settleReports(ctx, m); err != nil {
		return err
	}
	return tx.overwrite(ctx, false)
}

// erasures are the statements that erase what is redacted; $1 is its id. What was sent under an idempotency key was
// remembered by a digest without salt: that goes too, and a repeat is refused.
func (k *spokenKind) erasures(r redaction) []string {
	statements := append([]string{
		`UPDATE moderation_reports SET reason = '' WHERE object_kind = '` + k.kind + `' AND object_id = $1`,
		`UPDATE idempotency_keys SET input_digest = '' WHERE object_id = $1`,
		k.eraseTexts(k.saidIn),
	}, k.said...)
	if r.name {
		statements = append(statements, `UPDATE `+k.table+` SET public_name = '' WHERE id = $1`)
	}
	if r.answer {
		statements = append(append(statements, k.eraseTexts(k.answeredIn)), k.answered...)
	}
	return statements
}

// eraseTexts erases the texts beside the acts of the types. With a text its salt goes: nobody shall prove by trying what
// the digest was of.
func (k *spokenKind) eraseTexts(types string) string {
	return `
			UPDATE act_texts
			SET text = NULL, salt = ''
			WHERE act_id IN (SELECT id FROM acts WHERE object_id = $1 AND object_kind = '` + k.kind + `' AND type IN (` + types + `))`
}

// unmetRedactionUnasked refuses a second request while one waits.
func unmetRedactionUnasked(m *moderated) *governance.Error {
	if !m.redaction {
		return nil
	}
	return m.refuse("redaction-asked", "A redaction of this {noun} waits for its second person.")
}

// unmetRedactionAsked refuses to confirm, or take back, what nobody asked for.
func unmetRedactionAsked(m *moderated) *governance.Error {
	if m.redaction {
		return nil
	}
	return m.refuse("redaction-unasked", "Nobody asked for a redaction of this {noun}.")
}

// unmetSecondPerson refuses the person who asked.
func unmetSecondPerson(actor governance.Actor, asked governance.PersonID) *governance.Error {
	if asked != actor.Person {
		return nil
	}
	return governance.Refuse(governance.CodeForbidden, "second-person", "You asked for it; another person confirms it.")
}
