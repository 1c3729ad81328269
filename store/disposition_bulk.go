package store

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"concordat/governance"
)

// maxDisposed is how many comments are answered at once at most.
const maxDisposed = 200

// DisposeComments gives many comments on one edition the same answer, all or none: each is answered as by
// DisposeComment, and leaves its own act. Errors: as DisposeComment, naming which of the comments cannot be answered so,
// and why.
func (db *DB) DisposeComments(ctx context.Context, actor governance.Actor, in DisposeCommentsInput) (governance.EditionID, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	if actor.Anonymous() {
		return "", errSignIn
	}
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	above, err := db.rootOfComment(ctx, in.Comments[0])
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "disposeComments", actor: actor, roots: []root{above}, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			return tx.disposeComments(ctx, actor, in)
		}})
	return governance.EditionID(id), err
}

func (in DisposeCommentsInput) check() error {
	if len(in.Comments) == 0 || len(in.Comments) > maxDisposed {
		return governance.Invalid("input.comments", "comments-count", "Name 1 to {most} comments.", "most", strconv.Itoa(maxDisposed))
	}
	seen := make(map[governance.CommentID]bool, len(in.Comments))
	for i, id := range in.Comments {
		if err := CheckID(commentField(i), string(id)); err != nil {
			return err
		}
		if seen[id] {
			return governance.Invalid(commentField(i), "comment-twice", "The comment {comment} is named twice.", "comment", string(id))
		}
		seen[id] = true
	}
	return in.of("").check()
}

func commentField(i int) string { return fmt.Sprintf("input.comments.%d", i) }

// of is the answer to one of the comments.
func (in DisposeCommentsInput) of(id governance.CommentID) DisposeCommentInput {
	return DisposeCommentInput{Comment: id, Kind: in.Kind, Reason: in.Reason, DuplicateOf: in.DuplicateOf, Revision: in.Revision}
}

func (tx *Tx) disposeComments(ctx context.Context, actor governance.Actor, in DisposeCommentsInput) (string, error) {
	comments, err := tx.commentsByID(ctx, in.Comments)
	if err != nil {
		return "", err
	}
	first := comments[in.Comments[0]]
	if first == nil {
		return "", governance.NotFound("comment", string(in.Comments[0]))
	}
	e, err := tx.edition(ctx, first.EditionID)
	if err != nil {
		return "", err
	}
	edition, err := tx.editionSubject(ctx, actor, e)
	if err != nil {
		return "", err
	}
	viewer, err := tx.viewerIn(ctx, edition.standing, e, edition.relations)
	if err != nil {
		return "", err
	}
	all := editors{edition, viewer, e}
	var refused []refusedComment
	for i, id := range in.Comments {
		refusal, err := tx.disposeAmong(ctx, all, comments[id], in.of(id))
		if err != nil {
			return "", err
		}
		if refusal != nil {
			refused = append(refused, refusedComment{i, id, refusal})
		}
	}
	if len(refused) > 0 {
		return "", refuseSome(refused, len(in.Comments))
	}
	return string(e.ID), nil
}

// editors are those who answer many comments on an edition.
type editors struct {
	subject subject // the edition
	viewer  editionViewer
	edition *Edition
}

// disposeAmong answers one of many comments on the edition, or says why it cannot be answered so.
func (tx *Tx) disposeAmong(ctx context.Context, by editors, c *Comment, in DisposeCommentInput) (*governance.Error, error) {
	e := by.edition
	if c == nil || c.EditionID != e.ID {
		return governance.Refuse(governance.CodeInvalid, "comment-elsewhere", "The edition has no comment {comment}.",
			"comment", string(in.Comment)), nil
	}
	s := tx.commentOf(by.subject, e, c)
	seen, err := tx.seesComment(ctx, by.viewer, e, c)
	if err != nil {
		return nil, err
	}
	s.visible = seen
	if err := s.permit(ctx, governance.DisposeComment); err != nil {
		return asRefusal(err)
	}
	if err := tx.checkDisposition(ctx, e, c, &in); err != nil {
		return asRefusal(err)
	}
	return nil, tx.dispose(ctx, s, e, c, in)
}

// asRefusal tells a refusal from what went wrong.
func asRefusal(err error) (*governance.Error, error) {
	if refusal, ok := err.(*governance.Error); ok {
		return refusal, nil
	}
	return nil, err
}

// refusedComment is a comment among many that cannot be answered as they all should be.
type refusedComment struct {
	index   int
	comment governance.CommentID
	why     *governance.Error
}

// refuseSome tells which of the comments are refused, and why. One alone is refused with its own reason, and so are all
// of them where the actor is.
func refuseSome(refused []refusedComment, all int) error {
	first := refused[0]
	if len(refused) == 1 || first.why.Code == governance.CodeForbidden || first.why.Code == governance.CodeNotFound {
		alone := *first.why
		alone.Field = commentField(first.index)
		alone.Params = maps.Clone(first.why.Params)
		if alone.Params == nil {
			alone.Params = map[string]string{}
		}
		alone.Params["comment"] = string(first.comment)
		return &alone
	}
	reasons := make([]string, 0, len(refused))
	for _, r := range refused[:min(len(refused), namedBlocking)] {
		reasons = append(reasons, string(r.comment)+": "+r.why.Reason)
	}
	refusal := governance.Refuse(first.why.Code, "some-refused", "{count} of {all} comments cannot be answered so ({why}).",
		"count", strconv.Itoa(len(refused)), "all", strconv.Itoa(all), "why", strings.Join(reasons, ", "))
	refusal.Field = commentField(first.index)
	return refusal
}

// commentsByID reads comments' rows, whoever may see them; one that there is not is not among them.
func (q *Query) commentsByID(ctx context.Context, ids []governance.CommentID) (map[governance.CommentID]*Comment, error) {
	found := make(map[governance.CommentID]*Comment, len(ids))
	for batch := range batches(ids) {
		comments, err := collect(ctx, q, scanComment,
			`SELECT `+commentColumns+commentTables+`WHERE c.id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read comments: %w", err)
		}
		for _, c := range comments {
			found[c.ID] = c
		}
	}
	return found, nil
}

// CommentsOf reads those of the comments on an edition that the actor may see, in the order in which they are named.
func (db *DB) CommentsOf(
	ctx context.Context, actor governance.Actor, edition governance.EditionID, ids []governance.CommentID, fields Fields,
) ([]*Comment, error) {
	comments := make([]*Comment, 0, len(ids))
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		e, err := q.edition(ctx, edition)
		if err != nil {
			return err
		}
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		found, err := q.commentsByID(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c := found[id]
			if c == nil || c.EditionID != e.ID {
				continue
			}
			seen, err := q.seesComment(ctx, viewer, e, c)
			if err != nil {
				return err
			}
			if seen {
				comments = append(comments, c)
			}
		}
		return q.fillComments(ctx, viewer, e, fields, comments...)
	})
	if err != nil {
		return nil, err
	}
	return comments, nil
}
