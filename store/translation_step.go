package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"concordat/governance"
)

// AddTranslation adds a translation beside an edition's text, at any time in its life; the text and its digest stay as they
// are. Errors: FORBIDDEN but for authors on the roll or in the working group, and the secretary; INVALID for an authentic
// language, a digest that is no text of the edition, and paths that the text does not have; CONFLICT where the edition has
// a translation into the language already, or as many languages as a document may have.
func (db *DB) AddTranslation(ctx context.Context, actor governance.Actor, in AddTranslationInput) (governance.TranslationID, error) {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return "", err
		}
	}
	if err := checkTranslationStatus(in.Status); err != nil {
		return "", err
	}
	version, err := newTranslation(in.Language, in.Of, in.Texts)
	if err != nil {
		return "", err
	}
	version.Status = in.Status
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "addTranslation", rule: governance.AddTranslation, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			id, err := tx.addTranslation(ctx, s, e, in, version)
			if err != nil {
				return "", err
			}
			act := version.act("TRANSLATION_ADDED")
			act.Object, act.Role = Object{"TRANSLATION", string(id)}, s.actingRole(governance.AddTranslation)
			_, err = tx.appendAct(ctx, act)
			return string(id), err
		},
	})
	return governance.TranslationID(id), err
}

// checkTranslationStatus takes what a translator may say of a translation; that it is confirmed is for somebody else.
func checkTranslationStatus(status governance.TranslationStatus) error {
	if status == governance.TranslationMachine || status == governance.TranslationUnofficial {
		return nil
	}
	return governance.Invalid("input.status", "not-confirmed-yet", "A translation is saved as MACHINE or UNOFFICIAL; somebody else confirms it.")
}

// act is what the log says of a new version.
func (v TranslationVersion) act(kind string) Act {
	return Act{
		Type: kind, Digests: map[string]governance.Digest{"translation": v.Digest, "document": v.Of},
		Words: map[string]string{"language": string(v.body.Language), "status": string(v.Status), "number": strconv.Itoa(max(v.Number, 1))},
	}
}

// translatedRevision finds the revision that a version translates, which its author must be able to see, and holds the
// version against it.
func (tx *Tx) translatedRevision(ctx context.Context, s standing, e *Edition, v TranslationVersion) (governance.RevisionID, error) {
	viewer, err := tx.lookAt(ctx, s, e)
	if err != nil {
		return "", err
	}
	shown, err := tx.showsFrom(ctx, viewer, e)
	if err != nil {
		return "", err
	}
	var id governance.RevisionID
	err = tx.queryRow(ctx, `
		SELECT id
		FROM revisions
		WHERE edition_id = $1 AND digest = $2 AND number >= $3
		ORDER BY number DESC
		LIMIT 1`, e.ID, v.Of, shown).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", governance.Invalid("input.of", "no-such-revision", "The edition has no revision with the digest {digest}.", "digest", string(v.Of))
	}
	if err != nil {
		return "", fmt.Errorf("find the revision that is translated: %w", err)
	}
	document, err := tx.document(ctx, id, v.Of)
	if err != nil {
		return "", err
	}
	return id, atInput("input", v.body.Check(document))
}

// addTranslation finds what is translated, draws the id where the client made none, and writes.
func (tx *Tx) addTranslation(ctx context.Context, s subject, e *Edition, in AddTranslationInput, v TranslationVersion) (governance.TranslationID, error) {
	var err error
	if v.revision, err = tx.translatedRevision(ctx, s.standing, e, v); err != nil {
		return "", err
	}
	if in.ID == "" {
		in.ID = governance.TranslationID(tx.newID())
	} else if err := tx.requireFree(ctx, "translations", string(in.ID)); err != nil {
		return "", err
	}
	if err := tx.checkNewLanguage(ctx, e, in.Language); err != nil {
		return "", err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO translations (id, edition_id, language, organization_id, state, number, created_at)
		VALUES ($1, $2, $3, $4, 'CURRENT', 1, $5)`, in.ID, e.ID, in.Language, tx.actor.Organization, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert translation: %w", err)
	}
	v.Number = 1
	return in.ID, tx.insertTranslationVersion(ctx, in.ID, v)
}

// checkNewLanguage refuses a second translation into one language, and more languages than a document may have.
func (tx *Tx) checkNewLanguage(ctx context.Context, e *Edition, language governance.LanguageTag) error {
	current, err := tx.currentTranslations(ctx, e.ID)
	if err != nil {
		return err
	}
	for _, t := range current {
		if t.Language == language {
			return governance.Refuse(governance.CodeConflict, "translation-exists",
				"The edition has a translation into {language} already: {translation}.", "language", string(language), "translation", string(t.ID))
		}
	}
	document, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return err
	}
	if len(document.Languages)+len(current) >= governance.MaxLanguages {
		return governance.Refuse(governance.CodeConflict, "too-many-languages", "There are more than {most} languages.",
			"most", strconv.Itoa(governance.MaxLanguages))
	}
	return nil
}

func (tx *Tx) insertTranslationVersion(ctx context.Context, id governance.TranslationID, v TranslationVersion) error {
	_, err := tx.exec(ctx, `
		INSERT INTO translation_versions (
			translation_id, number, revision_id, revision_digest, digest, body, status, person_id, organization_id, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, v.Number, v.revision, v.Of, v.Digest, v.bytes, v.Status, tx.actor.Person, tx.actor.Organization, tx.now)
	if err != nil {
		return fmt.Errorf("insert a version of translation %s: %w", id, err)
	}
	return nil
}

// SaveTranslation saves a translation anew, as a version of its own. It is not confirmed any more. Errors: FORBIDDEN but for
// authors of the organization that added it or in the working group, and the secretary; CONFLICT where somebody saved a
// version since, or it was withdrawn; INVALID as for AddTranslation, and for a version that says the same.
func (db *DB) SaveTranslation(ctx context.Context, actor governance.Actor, in SaveTranslationInput) (governance.TranslationID, error) {
	if err := checkTranslationStatus(in.Status); err != nil {
		return "", err
	}
	return db.takeOnTranslation(ctx, actor, translationStep{
		mutation: "saveTranslation", rule: governance.SaveTranslation, translation: in.Translation, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, e *Edition, t *Translation) (Act, error) {
			v, err := newTranslation(t.Language, in.Of, in.Texts)
			if err != nil {
				return Act{}, err
			}
			v.Status, v.Number = in.Status, t.Number+1
			if in.Base != t.Number {
				return Act{}, governance.Refuse(governance.CodeConflict, "stale-base",
					"Somebody saved the text since; the newest revision is {head}.", "head", strconv.Itoa(t.Number), "base", strconv.Itoa(in.Base))
			}
			if v.Digest == t.Digest && v.Status == t.Status {
				return Act{}, governance.Invalid("input.texts", "nothing-changed", "This is the newest text already.")
			}
			return v.act("TRANSLATION_SAVED"), tx.saveTranslation(ctx, e, t, v)
		},
	})
}

func (tx *Tx) saveTranslation(ctx context.Context, e *Edition, t *Translation, v TranslationVersion) error {
	s, err := tx.standingOf(ctx, tx.actor)
	if err != nil {
		return err
	}
	if v.revision, err = tx.translatedRevision(ctx, s, e, v); err != nil {
		return err
	}
	if err := tx.insertTranslationVersion(ctx, t.ID, v); err != nil {
		return err
	}
	changed, err := tx.exec(ctx, `UPDATE translations SET number = $3 WHERE id = $1 AND number = $2`, t.ID, t.Number, v.Number)
	if err != nil {
		return fmt.Errorf("set the newest version of translation %s: %w", t.ID, err)
	}
	if changed == 0 {
		return fmt.Errorf("translation %s has moved under its own lock", t.ID)
	}
	return nil
}

// ConfirmTranslation says, for the working group or the council, that a version says what the text says. Errors: FORBIDDEN
// but for authors and representatives in the working group and the secretary, and for who wrote the version; CONFLICT
// where something is missing or out of date, and for another digest than the newest version's.
func (db *DB) ConfirmTranslation(ctx context.Context, actor governance.Actor, in ConfirmTranslationInput) (governance.TranslationID, error) {
	return db.takeOnTranslation(ctx, actor, translationStep{
		mutation: "confirmTranslation", rule: governance.ConfirmTranslation, translation: in.Translation, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, _ *Edition, t *Translation) (Act, error) {
			if in.Digest != t.Digest {
				return Act{}, governance.Refuse(governance.CodeConflict, "another-digest",
					"The newest version of the translation is {digest}.", "digest", string(t.Digest))
			}
			changed, err := tx.exec(ctx, `
				UPDATE translation_versions
				SET status = 'CONFIRMED', confirmed_by = $3, confirmed_at = $4
				WHERE translation_id = $1 AND number = $2 AND status <> 'CONFIRMED'`,
				t.ID, t.Number, tx.actor.Organization, tx.now)
			if err != nil {
				return Act{}, fmt.Errorf("confirm translation %s: %w", t.ID, err)
			}
			if changed == 0 {
				return Act{}, governance.Refuse(governance.CodeConflict, "confirmed-already", "The translation is confirmed already.")
			}
			v := t.TranslationVersion
			v.Status = governance.TranslationConfirmed
			return v.act("TRANSLATION_CONFIRMED"), nil
		},
	})
}

// WithdrawTranslation takes a translation back; its versions are kept, and another one may be added. Errors: FORBIDDEN but
// for authors of the organization that added it and the secretary; CONFLICT where it was withdrawn; INVALID without a
// reason.
func (db *DB) WithdrawTranslation(ctx context.Context, actor governance.Actor, in WithdrawTranslationInput) (governance.TranslationID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return db.takeOnTranslation(ctx, actor, translationStep{
		mutation: "withdrawTranslation", rule: governance.WithdrawTranslation, translation: in.Translation, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, _ *Edition, t *Translation) (Act, error) {
			changed, err := tx.exec(ctx, `
				UPDATE translations
				SET state = 'WITHDRAWN', end_reason = $2, ended_at = $3
				WHERE id = $1 AND state = 'CURRENT'`, t.ID, in.Reason, tx.now)
			if err != nil {
				return Act{}, fmt.Errorf("withdraw translation %s: %w", t.ID, err)
			}
			if changed == 0 {
				return Act{}, fmt.Errorf("translation %s has moved under its own lock", t.ID)
			}
			act := t.act("TRANSLATION_WITHDRAWN")
			act.Texts = words("reason", in.Reason)
			return act, nil
		},
	})
}
