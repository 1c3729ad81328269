package store

import (
	"context"

	"concordat/governance"
)

// translationSubject is a translation, with everything that follows from it, its edition and the actor. Who sees the
// edition sees its translations.
func (q *Query) translationSubject(ctx context.Context, actor governance.Actor, e *Edition, t *Translation) (subject, error) {
	s, err := q.editionSubject(ctx, actor, e)
	if err != nil {
		return subject{}, err
	}
	s.kind, s.noun, s.id = governance.KindTranslation, "translation", string(t.ID)
	s.relations = append([]governance.Relation(nil), s.relations...)
	if t.Organization.ID == s.standing.organization {
		s.relations = append(s.relations, governance.RelationOwn)
	}
	s.needs = map[governance.Need]unmet{
		governance.NeedTranslationStands: func(context.Context) (*governance.Error, error) { return unmetTranslationStands(t), nil },
		governance.NeedNotItsTranslator: func(context.Context) (*governance.Error, error) {
			return unmetNotItsTranslator(s.standing, t), nil
		},
		governance.NeedTranslationFits: func(ctx context.Context) (*governance.Error, error) { return q.unmetTranslationFits(ctx, e, t) },
	}
	return s, nil
}

func unmetTranslationStands(t *Translation) *governance.Error {
	if t.State == governance.TranslationCurrent {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "translation-withdrawn", "The translation was withdrawn.")
}

// unmetNotItsTranslator keeps who wrote the words from confirming them.
func unmetNotItsTranslator(s standing, t *Translation) *governance.Error {
	if t.Author.ID != s.actor.Person {
		return nil
	}
	return governance.Refuse(governance.CodeForbidden, "own-translation", "You wrote this translation; somebody else confirms it.")
}

// unmetTranslationFits refuses to confirm what does not say all of the text as it stands now.
func (q *Query) unmetTranslationFits(ctx context.Context, e *Edition, t *Translation) (*governance.Error, error) {
	standing, err := q.translationStanding(ctx, t, e.HeadID, e.HeadDigest)
	if err != nil {
		return nil, err
	}
	if t.Of == e.HeadDigest && standing.Complete() {
		return nil, nil
	}
	for _, paths := range [][]string{standing.Missing, standing.Outdated, standing.Gone, {""}} {
		if len(paths) > 0 {
			return governance.Refuse(governance.CodeConflict, "translation-unfit",
				"The translation does not have every text as it stands now; see {path}.", "path", paths[0]), nil
		}
	}
	return nil, nil
}

// rootOfTranslation is specificationRoot for a translation.
func (db *DB) rootOfTranslation(ctx context.Context, id governance.TranslationID) (root, error) {
	return db.rootAbove(ctx, rootSpecification, `
		SELECT e.specification_id
		FROM translations t
		JOIN editions e ON e.id = t.edition_id
		WHERE t.id = $1`, "translation", string(id))
}

// translationStep is a step on a translation: the actor's subject, the edition and the translation, fresh under the lock.
type translationStep struct {
	mutation    string
	rule        governance.Step
	translation governance.TranslationID
	key         string // the client's idempotency key
	input       any    // of the mutation, with the key
	do          func(ctx context.Context, tx *Tx, e *Edition, t *Translation) (Act, error)
}

// takeOnTranslation is takeOnEdition for a translation.
func (db *DB) takeOnTranslation(ctx context.Context, actor governance.Actor, ts translationStep) (governance.TranslationID, error) {
	if err := CheckID("input.translation", string(ts.translation)); err != nil {
		return "", err
	}
	if actor.Anonymous() {
		return "", errSignIn
	}
	repeat, err := RepeatOf(ts.key, ts.input)
	if err != nil {
		return "", err
	}
	above, err := db.rootOfTranslation(ctx, ts.translation)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: ts.mutation, actor: actor, roots: []root{above}, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			t, err := tx.translation(ctx, ts.translation)
			if err != nil {
				return "", err
			}
			e, err := tx.edition(ctx, t.EditionID)
			if err != nil {
				return "", err
			}
			s, err := tx.translationSubject(ctx, actor, e, t)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, ts.rule); err != nil {
				return "", err
			}
			act, err := ts.do(ctx, tx, e, t)
			if err != nil {
				return "", err
			}
			act.Object, act.Role = Object{"TRANSLATION", string(t.ID)}, s.actingRole(ts.rule)
			_, err = tx.appendAct(ctx, act)
			return string(t.ID), err
		}})
	return governance.TranslationID(id), err
}

// TranslationMay says which steps the actor may take on a translation that it was shown.
func (db *DB) TranslationMay(ctx context.Context, actor governance.Actor, t *Translation) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) {
		e, err := q.edition(ctx, t.EditionID)
		if err != nil {
			return subject{}, err
		}
		fresh, err := q.translation(ctx, t.ID)
		if err != nil {
			return subject{}, err
		}
		return q.translationSubject(ctx, actor, e, fresh)
	})
}
