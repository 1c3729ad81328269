package store

import (
	"context"
	"maps"

	"concordat/governance"
)

// commentSubject is a comment or an objection, with everything that follows from it, its edition and the actor.
func (q *Query) commentSubject(ctx context.Context, actor governance.Actor, e *Edition, c *Comment) (subject, error) {
	edition, err := q.editionSubject(ctx, actor, e)
	if err != nil {
		return subject{}, err
	}
	s := q.commentOf(edition, e, c)
	viewer, err := q.viewerIn(ctx, edition.standing, e, edition.relations)
	if err != nil {
		return subject{}, err
	}
	s.visible, err = q.seesComment(ctx, viewer, e, c)
	return s, err
}

// commentOf makes the subject of a visible comment of that of its edition, without a statement.
func (q *Query) commentOf(edition subject, e *Edition, c *Comment) subject {
	s := edition
	s.kind, s.noun, s.id = governance.KindComment, "comment", string(c.ID)
	s.relations = append([]governance.Relation(nil), edition.relations...)
	if c.Organization != nil && c.Organization.ID == s.standing.organization {
		own := governance.RelationOwn
		if c.IsObjection {
			own = governance.RelationObjector // representatives speak of it, as they raised it
		}
		s.relations = append(s.relations, own)
	}
	if c.Organization == nil && c.Author.ID == s.standing.actor.Person {
		s.relations = append(s.relations, governance.RelationSelf)
	}
	s.needs = q.commentNeeds(s.standing, e, c)
	return s
}

// commentNeeds looks at the conditions that follow from a comment alone.
func (q *Query) commentNeeds(s standing, e *Edition, c *Comment) map[governance.Need]unmet {
	plain := func(look func(*Comment) *governance.Error) unmet {
		return func(context.Context) (*governance.Error, error) { return look(c), nil }
	}
	needs := map[governance.Need]unmet{
		governance.NeedUnanswered:         plain(unmetUnanswered),
		governance.NeedDiscussionOpen:     plain(unmetDiscussionOpen),
		governance.NeedDiscussionResolved: plain(unmetDiscussionResolved),
		governance.NeedAnswerable:         plain(unmetAnswerable),
		governance.NeedAnswered:           plain(q.unmetAnswered),
		governance.NeedUnsettled:          plain(unmetUnsettled),
		governance.NeedObjectionOpen:      plain(unmetObjectionOpen),
		governance.NeedReferred:           plain(unmetReferred),
		governance.NeedNotItsAnswerer: plain(func(c *Comment) *governance.Error {
			if c.answeredBy != s.actor.Person {
				return nil
			}
			return governance.Refuse(governance.CodeForbidden, "own-answer", "You answered this objection; somebody else decides on it.")
		}),
		governance.NeedByBallot:    func(ctx context.Context) (*governance.Error, error) { return q.unmetByBallot(ctx, e) },
		governance.NeedNotBalloted: func(ctx context.Context) (*governance.Error, error) { return q.unmetNotBalloted(ctx, c) },
		governance.NeedElectors: func(ctx context.Context) (*governance.Error, error) {
			charter, err := q.charterOf(ctx, e)
			if err != nil {
				return nil, err
			}
			return q.unmetElectors(ctx, e.CouncilID, charter)
		},
		governance.NeedRepresentatives: func(ctx context.Context) (*governance.Error, error) { return q.unmetRepresentatives(ctx, e) },
	}
	maps.Copy(needs, q.moderationNeeds(s.actor, &c.moderated))
	return needs
}

// moderatedIn is what the moderation knows of comments.
func moderatedIn(comments []*Comment) []*moderated {
	all := make([]*moderated, len(comments))
	for i, c := range comments {
		all[i] = &c.moderated
	}
	return all
}

// unmetUnanswered refuses what its author may do only before the first answer, of the editors or the council.
func unmetUnanswered(c *Comment) *governance.Error {
	switch {
	case c.Disposition != nil:
		return governance.Refuse(governance.CodeConflict, "answered", "The comment has been answered.")
	case c.State == governance.StateOpen, c.State == governance.StateReferred:
		return nil
	}
	return commentSettled(c)
}

// unmetAnswerable refuses to answer what wants no answer, or none any more. An objection that the council upheld wants
// an answer again; an answer in a thread is dealt with by the comment that it hangs on, what is about a suggestion by the
// decision on that.
func unmetAnswerable(c *Comment) *governance.Error {
	if c.Parent != nil {
		return inThread(c)
	}
	if c.Suggestion != nil {
		return governance.Refuse(governance.CodeConflict, "about-suggestion",
			"A comment about a suggestion is dealt with by the decision on {suggestion}.", "suggestion", string(*c.Suggestion))
	}
	if c.State == governance.StateUpheld {
		return nil
	}
	return unmetUnanswered(c)
}

// unmetAnswered refuses a reply where there is no answer, or none that could be replied to any more.
func (q *Query) unmetAnswered(c *Comment) *governance.Error {
	if c.Disposition == nil {
		return governance.Refuse(governance.CodeConflict, "unanswered", "The comment has not been answered yet.")
	}
	return q.unmetReplyable(c, governance.ReplySatisfied)
}

// unmetUnsettled refuses to take back what is settled.
func unmetUnsettled(c *Comment) *governance.Error {
	if c.State.Withdrawable() {
		return nil
	}
	return commentSettled(c)
}

// unmetObjectionOpen refuses to refer what is no objection, or one that was referred or settled.
func unmetObjectionOpen(c *Comment) *governance.Error {
	if !c.IsObjection {
		return governance.Refuse(governance.CodeConflict, "no-objection", "This is a comment and no objection.")
	}
	if c.State == governance.StateOpen || c.State == governance.StateAnswered {
		return nil
	}
	return commentSettled(c)
}

// unmetReferred refuses to decide on an objection that does not lie with the council.
func unmetReferred(c *Comment) *governance.Error {
	if c.State == governance.StateReferred {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "not-referred", "The objection does not lie with the council; it is {state}.",
		"state", string(c.State))
}

func inThread(c *Comment) *governance.Error {
	return governance.Refuse(governance.CodeConflict, "in-thread", "An answer in a thread is dealt with by the comment {comment}.",
		"comment", string(*c.Parent))
}

func commentSettled(c *Comment) *governance.Error {
	return governance.Refuse(governance.CodeConflict, "comment-state", "The comment is {state}.", "state", string(c.State))
}

// unmetRepresentatives refuses where the charter leaves objections to a ballot.
func (q *Query) unmetRepresentatives(ctx context.Context, e *Edition) (*governance.Error, error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil || charter == nil || charter.Body.ObjectionsDecidedBy == governance.ObjectionsByRepresentative {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "decided-by-ballot", "By the charter a ballot decides on objections."), nil
}

// fillPermissions says of each visible comment which steps the actor may take on it.
func (q *Query) fillPermissions(ctx context.Context, actor governance.Actor, e *Edition, comments []*Comment) error {
	edition, err := q.editionSubject(ctx, actor, e)
	if err != nil {
		return err
	}
	if err := q.fillModeration(ctx, actor, spokenComment, moderatedIn(comments)); err != nil {
		return err
	}
	for _, c := range comments {
		if c.may, err = q.commentOf(edition, e, c).viewerMay(ctx); err != nil {
			return err
		}
	}
	return nil
}

// commentStep is a step on a comment: the actor's subject, the comment and its edition, fresh under the lock.
type commentStep struct {
	mutation string
	rule     governance.Step
	comment  governance.CommentID
	key      string // the client's idempotency key
	input    any    // of the mutation, with the key
	do       func(ctx context.Context, tx *Tx, s subject, e *Edition, c *Comment) error
}

// takeOnComment is takeOnEdition for a comment.
func (db *DB) takeOnComment(ctx context.Context, actor governance.Actor, cs commentStep) (governance.CommentID, error) {
	if err := CheckID("input.comment", string(cs.comment)); err != nil {
		return "", err
	}
	if actor.Anonymous() {
		return "", errSignIn
	}
	repeat, err := RepeatOf(cs.key, cs.input)
	if err != nil {
		return "", err
	}
	above, err := db.rootOfComment(ctx, cs.comment)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: cs.mutation, actor: actor, roots: []root{above}, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			c, err := tx.comment(ctx, cs.comment)
			if err != nil {
				return "", err
			}
			e, err := tx.edition(ctx, c.EditionID)
			if err != nil {
				return "", err
			}
			s, err := tx.commentSubject(ctx, actor, e, c)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, cs.rule); err != nil {
				return "", err
			}
			if err := cs.do(ctx, tx, s, e, c); err != nil {
				return "", err
			}
			return string(c.ID), nil
		}})
	return governance.CommentID(id), err
}
