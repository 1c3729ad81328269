package store

import (
	"context"
	"fmt"

	"golang.org/x/text/unicode/norm"

	"concordat/governance"
)

// The characters that parts of a comment have at most.
const (
	maxComment    = 10_000
	maxQuote      = 2000
	maxPath       = 1000
	maxPublicName = 100
)

// AddComment comments on an edition, or answers in a thread. Errors: FORBIDDEN but for authors and representatives of
// active organizations, and anybody signed in who speaks for nobody; CONFLICT for the latter outside a public
// consultation, and from the ballot on; INVALID for what is wrong in it.
func (db *DB) AddComment(ctx context.Context, actor governance.Actor, in AddCommentInput) (governance.CommentID, error) {
	id, _, err := db.addComment(ctx, actor, in)
	return id, err
}

// AddedComment is AddComment for a reader of what was added. Where nothing is wanted beyond the comment's own row it is
// answered as it was written; else, and for a repeat, it is read.
func (db *DB) AddedComment(ctx context.Context, actor governance.Actor, in AddCommentInput, fields Fields) (*Comment, error) {
	id, added, err := db.addComment(ctx, actor, in)
	if err != nil {
		return nil, err
	}
	if added != nil && fields.spares("organization", "author", "edition", "replies", "mentions", "anchorState", "quoteFound", "reports", "viewerMay") {
		return added, nil
	}
	return db.Comment(ctx, actor, id, fields)
}

// addComment answers the comment's id, and its row as it was written; a repeat has written none.
func (db *DB) addComment(ctx context.Context, actor governance.Actor, in AddCommentInput) (governance.CommentID, *Comment, error) {
	draft := commentDraft{
		id: in.ID, revision: in.Revision, parent: in.Parent, suggestion: in.Suggestion, kind: in.Kind, path: in.Path,
		quote: in.Quote, body: in.Body, proposedChange: in.ProposedChange, publicName: in.PublicName, mentions: in.Mentions,
	}
	if err := draft.check("input.body"); err != nil {
		return "", nil, err
	}
	var added *Comment
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "addComment", rule: governance.AddComment, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			err := checkPublicName(s, draft.publicName)
			if err != nil {
				return "", err
			}
			if err := tx.checkPublicRate(ctx, s.standing); err != nil {
				return "", err
			}
			added, err = tx.insertComment(ctx, s, e, draft, Act{Type: "COMMENT_ADDED", Role: s.actingRole(governance.AddComment)})
			if err != nil {
				return "", err
			}
			return string(added.ID), nil
		},
	})
	return governance.CommentID(id), added, err
}

// commentDraft is a comment or an objection on its way into the database.
type commentDraft struct {
	id             governance.CommentID
	revision       governance.RevisionID   // empty: the head
	parent         governance.CommentID    // empty: none
	suggestion     governance.SuggestionID // empty: none
	kind           governance.CommentKind
	path           string
	quote          string
	body           string
	proposedChange string
	objection      bool
	remedy         string
	publicName     string
	mentions       []string // ids of persons and organizations, or slugs of the latter
}

// check looks at the form of a draft, whose words stand in the input at bodyField.
func (d commentDraft) check(bodyField string) error {
	for field, id := range map[string]string{
		"input.id": string(d.id), "input.revision": string(d.revision), "input.parent": string(d.parent),
		"input.suggestion": string(d.suggestion),
	} {
		if id == "" {
			continue
		}
		if err := CheckID(field, id); err != nil {
			return err
		}
	}
	remedy := 0
	if d.objection {
		remedy = 1
	}
	for _, text := range []struct {
		field, text string
		least, most int
	}{
		{bodyField, d.body, 1, maxComment},
		{"input.remedy", d.remedy, remedy, maxComment},
		{"input.proposedChange", d.proposedChange, 0, maxComment},
		{"input.quote", d.quote, 0, maxQuote},
		{"input.path", d.path, 0, maxPath},
		{"input.publicName", d.publicName, 0, maxPublicName},
	} {
		if err := checkLength(text.field, text.text, text.least, text.most); err != nil {
			return err
		}
	}
	return checkMentions(d.mentions)
}

// insertComment writes a comment, counts it on its edition and completes and appends the act. It answers the row;
// organization and author carry their ids alone.
func (tx *Tx) insertComment(ctx context.Context, s subject, e *Edition, d commentDraft, act Act) (*Comment, error) {
	if err := tx.placeComment(ctx, e, &d); err != nil {
		return nil, err
	}
	mentioned, err := tx.mentioned(ctx, s, e, d.mentions)
	if err != nil {
		return nil, err
	}
	late, err := tx.late(ctx, e, d)
	if err != nil {
		return nil, err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO comments (
			id, edition_id, revision_id, parent_id, suggestion_id, kind, path, quote, body, proposed_change, is_objection,
			remedy, state, late, organization_id, person_id, public_name, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'OPEN', $13, $14, $15, $16, $17)`,
		d.id, e.ID, d.revision, orNull(d.parent), orNull(d.suggestion), d.kind, d.path, d.quote, d.body, d.proposedChange, d.objection, d.remedy,
		late, orNull(tx.actor.Organization), tx.actor.Person, d.publicName, tx.now)
	if err != nil {
		return nil, fmt.Errorf("insert comment: %w", err)
	}
	added := tx.drafted(e, d)
	added.Late = late
	if err := tx.countComments(ctx, e, Comment{State: governance.StateWithdrawn}, *added); err != nil {
		return nil, err
	}
	if err := tx.insertMentions(ctx, d.id, mentioned); err != nil {
		return nil, err
	}
	reopened, err := tx.reopenThread(ctx, d.parent)
	if err != nil {
		return nil, err
	}
	if reopened {
		act.Words = map[string]string{"thread": "REOPENED"}
	}
	act.Object, act.Texts = Object{"COMMENT", string(d.id)}, d.texts()
	if _, err := tx.appendAct(ctx, act); err != nil {
		return nil, err
	}
	return added, nil
}

// drafted is what scanComment reads of a draft once it is written in this step.
func (tx *Tx) drafted(e *Edition, d commentDraft) *Comment {
	c := &Comment{
		ID: d.id, EditionID: e.ID, Revision: d.revision, Kind: d.kind, Path: d.path, Quote: d.quote, Body: d.body,
		ProposedChange: d.proposedChange, IsObjection: d.objection, Remedy: d.remedy, State: governance.StateOpen,
		Author: &Person{ID: tx.actor.Person}, CreatedAt: tx.now, moderated: moderated{kind: spokenComment, id: string(d.id)},
	}
	if d.parent != "" {
		c.Parent = &d.parent
	}
	if d.suggestion != "" {
		c.Suggestion = &d.suggestion
	}
	if tx.actor.Organization != "" {
		c.Organization = &Organization{ID: tx.actor.Organization}
	} else if d.publicName != "" {
		c.Author.Name = &d.publicName
	}
	return c
}

// texts are the words of a comment that its act holds salted digests of.
func (d commentDraft) texts() map[string]string {
	texts := map[string]string{"body": d.body}
	if d.proposedChange != "" {
		texts["proposedChange"] = d.proposedChange
	}
	if d.remedy != "" {
		texts["remedy"] = d.remedy
	}
	return texts
}

// placeComment finds out what a draft is on: the revision, the element in it, the thread.
func (tx *Tx) placeComment(ctx context.Context, e *Edition, d *commentDraft) error {
	if d.id == "" {
		d.id = governance.CommentID(tx.newID())
	} else if err := tx.checkNewComment(ctx, d.id); err != nil {
		return err
	}
	digest := e.HeadDigest
	if d.revision == "" {
		d.revision = e.HeadID
	} else if d.revision != e.HeadID {
		r, err := tx.revisionOn(ctx, e, "input.revision", d.revision)
		if err != nil {
			return err
		}
		digest = r.Digest
	}
	if d.parent != "" {
		if err := tx.checkThread(ctx, e, d.parent); err != nil {
			return err
		}
	}
	if d.suggestion != "" {
		if err := tx.checkAbout(ctx, e, d); err != nil {
			return err
		}
	}
	if d.path == "" && d.quote == "" {
		return nil
	}
	document, err := tx.document(ctx, d.revision, digest)
	if err != nil {
		return err
	}
	if !document.Has(d.path) {
		return governance.Invalid("input.path", "unknown-element", "The text has no element {path}.", "path", d.path)
	}
	if d.quote = norm.NFC.String(d.quote); d.quote != "" && !document.Quotes(d.path, d.quote) {
		return governance.Invalid("input.quote", "quote-not-found", "These words do not stand at this place of the revision.")
	}
	return nil
}

func (tx *Tx) checkNewComment(ctx context.Context, id governance.CommentID) error {
	taken, err := tx.exists(ctx, `SELECT 1 FROM comments WHERE id = $1`, id)
	if err != nil {
		return fmt.Errorf("look for comment %s: %w", id, err)
	}
	if taken {
		return governance.Refuse(governance.CodeConflict, "comment-exists", "There is a comment {id} already.", "id", string(id))
	}
	return nil
}

// revisionOn finds a revision of the edition that an input names.
func (q *Query) revisionOn(ctx context.Context, e *Edition, field string, id governance.RevisionID) (*Revision, error) {
	r, err := q.revision(ctx, id)
	if err != nil && governance.CodeOf(err) != governance.CodeNotFound {
		return nil, err
	}
	if err != nil || r.EditionID != e.ID {
		return nil, revisionElsewhere(field, id)
	}
	return r, nil
}

func revisionElsewhere(field string, id governance.RevisionID) error {
	return governance.Invalid(field, "revision-elsewhere", "The edition has no revision {revision}.", "revision", string(id))
}

// checkThread refuses an answer to what is no comment on the edition, or itself an answer: threads have one level.
func (tx *Tx) checkThread(ctx context.Context, e *Edition, parent governance.CommentID) error {
	head, err := tx.exists(ctx, `SELECT 1 FROM comments WHERE id = $1 AND edition_id = $2 AND parent_id IS NULL`, parent, e.ID)
	if err != nil {
		return fmt.Errorf("look for comment %s: %w", parent, err)
	}
	if !head {
		return governance.Invalid("input.parent", "no-thread", "The edition has no comment {comment} that a thread could hang on.",
			"comment", string(parent))
	}
	return nil
}

// checkAbout refuses to be about a suggestion that the author of a comment does not see on the edition, or about one in
// a thread: what an answer is about, the comment says that it answers.
func (tx *Tx) checkAbout(ctx context.Context, e *Edition, d *commentDraft) error {
	refusal := governance.Invalid("input.suggestion", "no-suggestion",
		"The edition has no suggestion {suggestion} that this could be about.", "suggestion", string(d.suggestion))
	p, err := tx.suggestion(ctx, d.suggestion)
	if err != nil && governance.CodeOf(err) != governance.CodeNotFound {
		return err
	}
	if err != nil || p.EditionID != e.ID || d.parent != "" {
		return refusal
	}
	viewer, err := tx.viewerOf(ctx, tx.actor, e)
	if err != nil {
		return err
	}
	seen, err := tx.seesSuggestion(ctx, viewer, e, p)
	if err != nil || seen {
		return err
	}
	return refusal
}

// late says whether a comment comes after the consultation's close. An objection after it is to what changed since, and
// so in time.
func (q *Query) late(ctx context.Context, e *Edition, d commentDraft) (bool, error) {
	if d.objection || e.Stage == governance.StageDrafting {
		return false, nil
	}
	return q.consultationOver(ctx, e)
}

// counted says what a comment adds to its edition's counters: answers in a thread, what is about a suggestion and what
// was taken back add nothing.
func (c *Comment) counted() (comments, unanswered int) {
	if c.Parent != nil || c.Suggestion != nil || c.State == governance.StateWithdrawn {
		return 0, 0
	}
	if c.State == governance.StateOpen && !c.Late {
		return 1, 1
	}
	return 1, 0
}

// countComments moves the edition's counters along with a comment's change.
func (tx *Tx) countComments(ctx context.Context, e *Edition, before, after Comment) error {
	had, hadUnanswered := before.counted()
	has, hasUnanswered := after.counted()
	if had == has && hadUnanswered == hasUnanswered {
		return nil
	}
	_, err := tx.exec(ctx, `
		UPDATE editions
		SET comment_count = comment_count + $2, unanswered_count = unanswered_count + $3
		WHERE id = $1`, e.ID, has-had, hasUnanswered-hadUnanswered)
	if err != nil {
		return fmt.Errorf("count the comments on %s: %w", e.ID, err)
	}
	return nil
}

// setState moves a comment to another state, with the edition's counters, guarded by the state that it had.
func (tx *Tx) setState(ctx context.Context, e *Edition, c *Comment, state governance.CommentState) error {
	changed, err := tx.exec(ctx, `UPDATE comments SET state = $3 WHERE id = $1 AND state = $2`, c.ID, c.State, state)
	if err != nil {
		return fmt.Errorf("move comment %s to %s: %w", c.ID, state, err)
	}
	if changed == 0 {
		return commentSettled(c)
	}
	after := *c
	after.State = state
	return tx.countComments(ctx, e, *c, after)
}

// EditComment changes a comment before its first answer; every text is kept. Errors: FORBIDDEN but for its author's
// organization, or the person where it spoke for itself; CONFLICT once it is answered or taken back; INVALID.
func (db *DB) EditComment(ctx context.Context, actor governance.Actor, in EditCommentInput) (governance.CommentID, error) {
	draft := commentDraft{body: in.Body, proposedChange: in.ProposedChange, remedy: in.Remedy}
	if err := draft.check("input.body"); err != nil {
		return "", err
	}
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "editComment", rule: governance.EditComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, _ *Edition, c *Comment) error {
			if err := checkRemedy(c, in.Remedy); err != nil {
				return err
			}
			if err := tx.keepTexts(ctx, c, in); err != nil {
				return err
			}
			_, err := tx.exec(ctx, `
				UPDATE comments
				SET body = $2, proposed_change = $3, remedy = $4, edit_count = edit_count + 1
				WHERE id = $1`, c.ID, in.Body, in.ProposedChange, in.Remedy)
			if err != nil {
				return fmt.Errorf("change comment %s: %w", c.ID, err)
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "COMMENT_EDITED", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.EditComment),
				Texts: draft.texts(),
			})
			return err
		},
	})
}

// checkRemedy holds a remedy to what it belongs to: every objection has one, and nothing else.
func checkRemedy(c *Comment, remedy string) error {
	if c.IsObjection {
		return checkLength("input.remedy", remedy, 1, maxComment)
	}
	if remedy != "" {
		return governance.Invalid("input.remedy", "no-objection", "Only an objection has a remedy.")
	}
	return nil
}

// keepTexts keeps the text that a comment had, the first time, and the one that it gets.
func (tx *Tx) keepTexts(ctx context.Context, c *Comment, in EditCommentInput) error {
	insert := func(number int, texts ...any) error {
		_, err := tx.exec(ctx, `
			INSERT INTO comment_texts (comment_id, number, body, proposed_change, remedy, created_at)
			VALUES ($1, $2, $3, $4, $5, $6)`, append([]any{c.ID, number}, texts...)...)
		if err != nil {
			return fmt.Errorf("keep a text of comment %s: %w", c.ID, err)
		}
		return nil
	}
	if said := c.said(); c.EditCount == 0 {
		if err := insert(0, said.body, said.proposedChange, said.remedy, c.CreatedAt); err != nil {
			return err
		}
	}
	return insert(c.EditCount+1, in.Body, in.ProposedChange, in.Remedy, tx.now)
}

// WithdrawComment takes a comment or an objection back. Errors: FORBIDDEN but for its author's organization, or the
// person where it spoke for itself; CONFLICT once it is settled.
func (db *DB) WithdrawComment(ctx context.Context, actor governance.Actor, in WithdrawCommentInput) (governance.CommentID, error) {
	return db.takeOnComment(ctx, actor, commentStep{
		mutation: "withdrawComment", rule: governance.WithdrawComment, comment: in.Comment, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition, c *Comment) error {
			if err := tx.setState(ctx, e, c, governance.StateWithdrawn); err != nil {
				return err
			}
			if err := tx.endBallotsOn(ctx, e, c); err != nil {
				return err
			}
			_, err := tx.appendAct(ctx, Act{
				Type: "COMMENT_WITHDRAWN", Object: Object{"COMMENT", string(c.ID)}, Role: s.actingRole(governance.WithdrawComment),
			})
			if err != nil || c.Disposition != nil {
				return err
			}
			return tx.lapseDuplicates(ctx, e, s, c)
		},
	})
}
