package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// spokenKind is a kind of things that people say and the council moderates: what differs between comments and
// suggestions.
type spokenKind struct {
	kind  string // in acts, reports and redactions
	noun  string // for people
	table string // its rows, with veilColumns and a public_name

	said       []string // statements that erase the words of $1
	saidIn     string   // types of the acts that hold them
	answered   []string // statements that erase what it was answered
	answeredIn string   // types of the acts that hold that
}

var spokenComment = &spokenKind{
	kind: "COMMENT", noun: "comment", table: "comments",
	said: []string{
		`UPDATE comments SET body = '', proposed_change = '', remedy = '', quote = '' WHERE id = $1`,
		`UPDATE comment_texts SET body = '', proposed_change = '', remedy = '' WHERE comment_id = $1`,
		`UPDATE dispositions SET reply_text = '' WHERE comment_id = $1`,
		`UPDATE matters SET salt = '' WHERE object_id = $1`,
		`UPDATE comment_sources SET body = '', line = '', clause = '', quote = '', observations = '' WHERE comment_id = $1`,
	},
	saidIn: `'COMMENT_ADDED', 'COMMENT_EDITED', 'OBJECTION_RAISED', 'DISPOSITION_REPLIED', 'COMMENT_REPORTED'`,
	answered: []string{
		`UPDATE dispositions SET reason = '' WHERE comment_id = $1`,
		`UPDATE comments SET decision_reason = '' WHERE id = $1`,
	},
	answeredIn: `'COMMENT_DISPOSED', 'OBJECTION_UPHELD', 'OBJECTION_OVERRULED'`,
}

// The changes of a suggestion go with its words, also the places that they name: ids of elements are words, too. Without
// changes it fits every text.
var spokenSuggestion = &spokenKind{
	kind: "SUGGESTION", noun: "suggestion", table: "suggestions",
	said: []string{
		`
			UPDATE suggestions
			SET reason = '', conflicts = '[]', state = CASE WHEN state = 'CONFLICTING' THEN 'OPEN' ELSE state END
			WHERE id = $1`,
		`DELETE FROM suggestion_changes WHERE suggestion_id = $1`,
	},
	saidIn:     `'SUGGESTION_MADE', 'SUGGESTION_REPORTED'`,
	answered:   []string{`UPDATE suggestions SET decision_reason = '' WHERE id = $1`},
	answeredIn: `'SUGGESTION_REJECTED'`,
}

// moderating is a step of moderation, the same on a comment and on a suggestion.
type moderating struct {
	tacit  bool   // it needs no reason
	reason string // why it is taken
	// do takes the step and answers its act, without what it was taken on and in which role.
	do func(ctx context.Context, tx *Tx, m *moderated) (Act, error)
}

func (step moderating) check() error {
	if step.tacit {
		return nil
	}
	return checkReason("input.reason", step.reason)
}

// on takes the step on something under its lock.
func (step moderating) on(ctx context.Context, tx *Tx, role governance.Role, m *moderated) error {
	act, err := step.do(ctx, tx, m)
	if err != nil {
		return err
	}
	act.Object, act.Role = Object{m.kind.kind, m.id}, role
	_, err = tx.appendAct(ctx, act)
	return err
}

func (db *DB) moderateComment(
	ctx context.Context, actor governance.Actor, step moderating, cs commentStep,
) (governance.CommentID, error) {
	if err := step.check(); err != nil {
		return "", err
	}
	cs.do = func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
		return step.on(ctx, tx, s.actingRole(cs.rule), &c.moderated)
	}
	return db.takeOnComment(ctx, actor, cs)
}

func (db *DB) moderateSuggestion(
	ctx context.Context, actor governance.Actor, step moderating, ss suggestionStep,
) (governance.SuggestionID, error) {
	if err := step.check(); err != nil {
		return "", err
	}
	ss.do = func(ctx context.Context, tx *Tx, s subject, _ *Edition, p *Suggestion) error {
		return step.on(ctx, tx, s.actingRole(ss.rule), &p.moderated)
	}
	return db.takeOnSuggestion(ctx, actor, ss)
}

// HideComment puts a public reason in the place of a comment's words, for everybody but its author and the secretary.
// The comment, its thread, its answer and its acts stay; it gates as before. Errors: FORBIDDEN but for the council's
// secretary; CONFLICT where it is hidden or was redacted; INVALID without a reason.
func (db *DB) HideComment(ctx context.Context, actor governance.Actor, in HideCommentInput) (governance.CommentID, error) {
	return db.moderateComment(ctx, actor, hide(in.Reason), commentStep{
		mutation: "hideComment", rule: governance.HideComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
	})
}

// HideSuggestion puts a public reason in the place of a suggestion's own, and withholds its changes, from everybody but its
// author and the secretary. It is kept in step with the text as before, and cannot be accepted. Errors: as HideComment's.
func (db *DB) HideSuggestion(ctx context.Context, actor governance.Actor, in HideSuggestionInput) (governance.SuggestionID, error) {
	return db.moderateSuggestion(ctx, actor, hide(in.Reason), suggestionStep{
		mutation: "hideSuggestion", rule: governance.HideSuggestion, suggestion: in.Suggestion, key: in.IdempotencyKey, input: in,
	})
}

func hide(reason string) moderating {
	return moderating{reason: reason, do: func(ctx context.Context, tx *Tx, m *moderated) (Act, error) {
		_, err := tx.exec(ctx, `UPDATE `+m.kind.table+` SET hidden_at = $2, hidden_reason = $3 WHERE id = $1`, m.id, tx.now, reason)
		if err != nil {
			return Act{}, fmt.Errorf("hide %s %s: %w", m.kind.noun, m.id, err)
		}
		return Act{Type: m.kind.kind + "_HIDDEN", Texts: words("reason", reason)}, tx.settleReports(ctx, m)
	}}
}

// UnhideComment shows the words of a hidden comment again. Errors: FORBIDDEN but for the council's secretary; CONFLICT
// where it is not hidden.
func (db *DB) UnhideComment(ctx context.Context, actor governance.Actor, in UnhideCommentInput) (governance.CommentID, error) {
	return db.moderateComment(ctx, actor, unhide, commentStep{
		mutation: "unhideComment", rule: governance.UnhideComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
	})
}

// UnhideSuggestion shows the words and the changes of a hidden suggestion again. Errors: as UnhideComment's.
func (db *DB) UnhideSuggestion(ctx context.Context, actor governance.Actor, in UnhideSuggestionInput) (governance.SuggestionID, error) {
	return db.moderateSuggestion(ctx, actor, unhide, suggestionStep{
		mutation: "unhideSuggestion", rule: governance.UnhideSuggestion, suggestion: in.Suggestion, key: in.IdempotencyKey, input: in,
	})
}

var unhide = moderating{tacit: true, do: func(ctx context.Context, tx *Tx, m *moderated) (Act, error) {
	_, err := tx.exec(ctx, `UPDATE `+m.kind.table+` SET hidden_at = NULL, hidden_reason = '' WHERE id = $1`, m.id)
	if err != nil {
		return Act{}, fmt.Errorf("show %s %s: %w", m.kind.noun, m.id, err)
	}
	return Act{Type: m.kind.kind + "_SHOWN"}, nil
}}

// moderationNeeds looks at the conditions that follow from the moderation of a comment or a suggestion.
func (q *Query) moderationNeeds(actor governance.Actor, m *moderated) map[governance.Need]unmet {
	plain := func(look func(*moderated) *governance.Error) unmet {
		return func(context.Context) (*governance.Error, error) { return look(m), nil }
	}
	read := func(look func(*moderated) *governance.Error) unmet {
		return func(ctx context.Context) (*governance.Error, error) {
			if err := q.fillModeration(ctx, actor, m.kind, []*moderated{m}); err != nil {
				return nil, err
			}
			return look(m), nil
		}
	}
	return map[governance.Need]unmet{
		governance.NeedWordsStand:       plain(unmetWordsStand),
		governance.NeedShown:            plain(unmetShown),
		governance.NeedHidden:           plain(unmetHidden),
		governance.NeedUnreported:       read(unmetUnreported),
		governance.NeedReported:         read(unmetReported),
		governance.NeedRedactionUnasked: plain(unmetRedactionUnasked),
		governance.NeedRedactionAsked:   plain(unmetRedactionAsked),
		governance.NeedSecondPerson:     read(func(m *moderated) *governance.Error { return unmetSecondPerson(actor, m.moderation.askedBy) }),
	}
}

// refuse refuses a step for how something stands with the council; {noun} is what it is.
func (m *moderated) refuse(reason, message string) *governance.Error {
	return governance.Refuse(governance.CodeConflict, reason, message, "noun", m.kind.noun)
}

// unmetWordsStand refuses where the words were redacted.
func unmetWordsStand(m *moderated) *governance.Error {
	if !m.is(governance.ModerationRedacted) {
		return nil
	}
	return m.refuse("redacted", "The words of this {noun} were redacted.")
}

// unmetShown refuses where the words are hidden.
func unmetShown(m *moderated) *governance.Error {
	if !m.is(governance.ModerationHidden) {
		return nil
	}
	return m.refuse("hidden", "The {noun} is hidden.")
}

// unmetHidden refuses where the words are not hidden.
func unmetHidden(m *moderated) *governance.Error {
	if m.is(governance.ModerationHidden) {
		return nil
	}
	return m.refuse("not-hidden", "The {noun} is not hidden.")
}
