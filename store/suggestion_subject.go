package store

import (
	"context"

	"concordat/governance"
)

// suggestionSubject is a suggestion, with everything that follows from it, its edition and the actor.
func (q *Query) suggestionSubject(ctx context.Context, actor governance.Actor, e *Edition, p *Suggestion) (subject, error) {
	edition, err := q.editionSubject(ctx, actor, e)
	if err != nil {
		return subject{}, err
	}
	s := q.suggestionOf(edition, p)
	viewer, err := q.viewerIn(ctx, edition.standing, e, edition.relations)
	if err != nil {
		return subject{}, err
	}
	s.visible, err = q.seesSuggestion(ctx, viewer, e, p)
	return s, err
}

// suggestionOf makes the subject of a visible suggestion of that of its edition, without a statement.
func (q *Query) suggestionOf(edition subject, p *Suggestion) subject {
	s := edition
	s.kind, s.noun, s.id = governance.KindSuggestion, "suggestion", string(p.ID)
	s.relations = append([]governance.Relation(nil), edition.relations...)
	if p.Organization != nil && p.Organization.ID == s.standing.organization {
		s.relations = append(s.relations, governance.RelationOwn)
	}
	if p.Organization == nil && p.Author.ID == s.standing.actor.Person {
		s.relations = append(s.relations, governance.RelationSelf)
	}
	s.needs = q.moderationNeeds(s.standing.actor, &p.moderated)
	s.needs[governance.NeedUndecided] = func(context.Context) (*governance.Error, error) { return unmetUndecided(p), nil }
	return s
}

// unmetUndecided refuses to decide on, or to take back, what was decided on or taken back.
func unmetUndecided(p *Suggestion) *governance.Error {
	if p.State.Undecided() {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "suggestion-state", "The suggestion is {state}.", "state", string(p.State))
}

// fillSuggestionPermissions says of each visible suggestion which steps the actor may take on it.
func (q *Query) fillSuggestionPermissions(ctx context.Context, actor governance.Actor, e *Edition, suggestions []*Suggestion) error {
	edition, err := q.editionSubject(ctx, actor, e)
	if err != nil {
		return err
	}
	if err := q.fillModeration(ctx, actor, spokenSuggestion, moderatedOf(suggestions)); err != nil {
		return err
	}
	for _, p := range suggestions {
		if p.may, err = q.suggestionOf(edition, p).viewerMay(ctx); err != nil {
			return err
		}
	}
	return nil
}

// EditionOf answers the edition of a suggestion that somebody was shown.
func (p *Suggestion) EditionOf() *Edition { return p.edition }

// SuggestedChanges answers what a suggestion that the actor was shown would change.
func (db *DB) SuggestedChanges(ctx context.Context, p *Suggestion) ([]*SuggestedChange, error) {
	if p.changes != nil {
		return p.changes, nil
	}
	copied := *p // the same suggestion may be asked for its changes twice at once
	err := db.read(ctx, func(ctx context.Context, q *Query) error { return q.fillSuggestedChanges(ctx, &copied) })
	return copied.changes, err
}

// SuggestionsTaken answers the suggestions that a revision which the actor was shown takes into the text, as far as the
// actor may see them.
func (db *DB) SuggestionsTaken(ctx context.Context, actor governance.Actor, r *Revision, fields Fields) ([]*Suggestion, error) {
	var found []*Suggestion
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		taken, err := collect(ctx, q, scanSuggestion,
			`SELECT `+suggestionColumns+` FROM suggestions sg WHERE sg.revision_id = $1 ORDER BY sg.created_at, sg.id`, r.ID)
		if err != nil || len(taken) == 0 {
			return err
		}
		e, err := q.edition(ctx, r.EditionID)
		if err != nil {
			return err
		}
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		for _, p := range taken {
			seen, err := q.seesSuggestion(ctx, viewer, e, p)
			if err != nil {
				return err
			}
			if seen {
				found = append(found, p)
			}
		}
		e.viewer = &viewer
		if !fields.spares("edition") {
			if err := q.fillEditions(ctx, viewer.standing, fields.Of("edition"), e); err != nil {
				return err
			}
		}
		return q.fillSuggestions(ctx, viewer, e, fields, found...)
	})
	return found, err
}

// SuggestionPermissions says which steps the actor may take on a suggestion that it was shown, and why not the others.
func (db *DB) SuggestionPermissions(ctx context.Context, actor governance.Actor, p *Suggestion) ([]*Permission, error) {
	if p.may != nil {
		return p.may, nil
	}
	copied := *p
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) {
		edition, err := q.editionSubject(ctx, actor, p.edition)
		return q.suggestionOf(edition, &copied), err
	})
}

// SuggestionComments lists what was said about a suggestion that the actor was shown, in the order of its coming.
func (db *DB) SuggestionComments(
	ctx context.Context, actor governance.Actor, p *Suggestion, page Page, fields Fields,
) (*CommentConnection, error) {
	return db.Comments(ctx, actor, p.edition, CommentFilter{Suggestion: p.ID}, page, fields)
}

// suggestionStep is a step on a suggestion: the actor's subject, the suggestion and its edition, fresh under the lock.
type suggestionStep struct {
	mutation   string
	rule       governance.Step
	suggestion governance.SuggestionID
	key        string // the client's idempotency key
	input      any    // of the mutation, with the key
	do         func(ctx context.Context, tx *Tx, s subject, e *Edition, p *Suggestion) error
}

// takeOnSuggestion is takeOnEdition for a suggestion.
func (db *DB) takeOnSuggestion(ctx context.Context, actor governance.Actor, ss suggestionStep) (governance.SuggestionID, error) {
	if err := CheckID("input.suggestion", string(ss.suggestion)); err != nil {
		return "", err
	}
	if actor.Anonymous() {
		return "", errSignIn
	}
	repeat, err := RepeatOf(ss.key, ss.input)
	if err != nil {
		return "", err
	}
	above, err := db.rootAbove(ctx, rootSpecification,
		`SELECT e.specification_id FROM suggestions p JOIN editions e ON e.id = p.edition_id WHERE p.id = $1`,
		"suggestion", string(ss.suggestion))
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: ss.mutation, actor: actor, roots: []root{above}, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			p, err := tx.suggestion(ctx, ss.suggestion)
			if err != nil {
				return "", err
			}
			e, err := tx.edition(ctx, p.EditionID)
			if err != nil {
				return "", err
			}
			s, err := tx.suggestionSubject(ctx, actor, e, p)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, ss.rule); err != nil {
				return "", err
			}
			if err := ss.do(ctx, tx, s, e, p); err != nil {
				return "", err
			}
			return string(p.ID), nil
		}})
	return governance.SuggestionID(id), err
}
