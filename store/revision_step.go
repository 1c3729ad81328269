package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// SaveRevision saves the text of an edition as a new revision, which becomes its head. Its class follows from what
// changed, and the person may raise it. Errors: FORBIDDEN but for authors in the working group; CONFLICT outside
// DRAFTING and DISPOSITION and where base is not the newest revision; INVALID for a document that is none, one that
// changes nothing, and a class that is lowered.
func (db *DB) SaveRevision(ctx context.Context, actor governance.Actor, in SaveRevisionInput) (governance.RevisionID, error) {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return "", err
		}
	}
	if err := CheckID("input.base", string(in.Base)); err != nil {
		return "", err
	}
	if err := checkLength("input.message", in.Message, 1, maxMessage); err != nil {
		return "", err
	}
	text, unreadable := newText(in.Document)
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "saveRevision", rule: governance.SaveRevision, edition: in.Edition, key: in.IdempotencyKey, input: in,
		needs: func(tx *Tx, _ standing, e *Edition) map[governance.Need]unmet {
			return map[governance.Need]unmet{governance.NeedBaseIsHead: func(context.Context) (*governance.Error, error) {
				return unmetBaseIsHead(e, in.Base), nil
			}}
		},
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if unreadable != nil {
				return "", unreadable
			}
			return tx.saveRevision(ctx, s, e, in, text)
		},
	})
	return governance.RevisionID(id), err
}

// unmetBaseIsHead refuses a change that was made on a text which somebody has changed since.
func unmetBaseIsHead(e *Edition, base governance.RevisionID) *governance.Error {
	if base == e.HeadID {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "stale-base",
		"Somebody saved the text since; the newest revision is {head}.", "head", string(e.HeadID), "base", string(base))
}

func (tx *Tx) saveRevision(ctx context.Context, s subject, e *Edition, in SaveRevisionInput, text revisionText) (string, error) {
	if text.digest == e.HeadDigest {
		return "", governance.Invalid("input.document", "nothing-changed", "This is the newest text already.")
	}
	if in.ID == "" {
		in.ID = governance.RevisionID(tx.newID())
	}
	taken, err := tx.exists(ctx, `SELECT 1 FROM revisions WHERE id = $1`, in.ID)
	if err != nil {
		return "", fmt.Errorf("look for revision %s: %w", in.ID, err)
	}
	if taken {
		return "", governance.Refuse(governance.CodeConflict, "revision-exists", "There is a revision {id} already.", "id", string(in.ID))
	}
	class, err := tx.classOf(ctx, e, in.Class, text.document)
	if err != nil {
		return "", err
	}
	number, err := tx.revisionNumber(ctx, e)
	if err != nil {
		return "", err
	}
	parent := e.HeadID
	err = tx.insertRevision(ctx, Revision{
		ID: in.ID, EditionID: e.ID, Number: number + 1, Digest: text.digest, Bytes: text.bytes, Parent: &parent,
		Organization: &Organization{ID: s.standing.organization}, Message: in.Message, Class: class,
	})
	if err != nil {
		return "", err
	}
	if err := tx.setHead(ctx, e, in.ID, class, text); err != nil {
		return "", err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "REVISION_SAVED", Object: Object{"REVISION", string(in.ID)}, Role: s.actingRole(governance.SaveRevision),
		Digests: map[string]governance.Digest{"document": text.digest, "base": e.HeadDigest},
		Texts:   words("message", in.Message),
	})
	return string(in.ID), err
}

// classOf answers the class of what would change, raised by the person.
func (tx *Tx) classOf(ctx context.Context, e *Edition, chosen governance.Class, document governance.Document) (governance.Class, error) {
	before, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return "", err
	}
	charter, err := tx.charterOf(ctx, e)
	if err != nil {
		return "", err
	}
	var paths []string
	if charter != nil {
		paths = charter.Body.SubstantivePaths
	}
	class, err := governance.RaiseClass(governance.Classify(governance.Diff(before, document), paths), chosen)
	if err != nil {
		return "", atInput("input.", err)
	}
	return class, nil
}

func (tx *Tx) revisionNumber(ctx context.Context, e *Edition) (int, error) {
	var number int
	err := tx.queryRow(ctx, `SELECT MAX(number) FROM revisions WHERE edition_id = $1`, e.ID).Scan(&number)
	if err != nil {
		return 0, fmt.Errorf("count the revisions of %s: %w", e.ID, err)
	}
	return number, nil
}

// insertRevision writes a revision of the acting person.
func (tx *Tx) insertRevision(ctx context.Context, r Revision) error {
	_, err := tx.exec(ctx, `
		INSERT INTO revisions (
			id, edition_id, number, parent_id, digest, document, person_id, organization_id, message, class, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		r.ID, r.EditionID, r.Number, r.Parent, r.Digest, r.Bytes, tx.actor.Person, r.Organization.ID, r.Message, r.Class,
		tx.now)
	if err != nil {
		return fmt.Errorf("insert revision: %w", err)
	}
	return nil
}

// setHead makes a revision the edition's text, and holds the undecided suggestions against it. The edition is as weighty
// as the weightiest of its changes: what was called substantive stays so even when it is taken back.
func (tx *Tx) setHead(ctx context.Context, e *Edition, head governance.RevisionID, class governance.Class, text revisionText) error {
	if e.Class == governance.ClassSubstantive {
		class = e.Class
	}
	changed, err := tx.exec(ctx, `
		UPDATE editions
		SET head_id = $3, head_digest = $4, class = $5
		WHERE id = $1 AND head_id = $2`, e.ID, e.HeadID, head, text.digest, class)
	if err != nil {
		return fmt.Errorf("set the head of %s: %w", e.ID, err)
	}
	if changed == 0 {
		return fmt.Errorf("the head of edition %s moved under the lock", e.ID)
	}
	_, err = tx.exec(ctx, `UPDATE specifications SET title = $2, language = $3 WHERE id = $1`,
		e.SpecificationID, text.title, text.language)
	if err != nil {
		return fmt.Errorf("set the title of %s: %w", e.SpecificationID, err)
	}
	return tx.rebaseSuggestions(ctx, e, text.document)
}
