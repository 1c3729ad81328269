package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// SaveRevision saves the text of an edition as a new revision, which becomes its head. Where others saved since base,
// the text is merged with theirs. The class is that of what the person brings: of what the new text changes against the
// newest one, so that a small correction stays EDITORIAL whatever somebody else changed in between; the person may raise
// it.
//
// Errors: *MergeConflict where the two contradict each other, which changes nothing; FORBIDDEN but for authors in the
// working group; CONFLICT outside DRAFTING and DISPOSITION; NOT_FOUND for a base that is no revision of the edition;
// INVALID for a document that is none, one that changes nothing, and a class that is lowered.
func (db *DB) SaveRevision(ctx context.Context, actor governance.Actor, in SaveRevisionInput) (governance.RevisionID, error) {
	if err := CheckID("input.base", string(in.Base)); err != nil {
		return "", err
	}
	if err := checkNewRevision(in.ID, in.Message); err != nil {
		return "", err
	}
	text, unreadable := newText(in.Document)
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "saveRevision", rule: governance.SaveRevision, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if unreadable != nil {
				return "", unreadable
			}
			draft := newRevision{id: in.ID, message: in.Message, class: in.Class, text: text, act: "REVISION_SAVED"}
			if in.Base != e.HeadID {
				var err error
				if draft.base, draft.text, err = tx.mergeIn(ctx, e, in.Base, text); err != nil {
					return "", err
				}
			}
			return tx.saveRevision(ctx, s, e, draft)
		},
	})
	return governance.RevisionID(id), err
}

// RestoreRevision makes the text of an earlier revision, of this edition or another of the specification, the newest one
// again: a new revision, for nothing that was saved is ever taken away. Errors: as SaveRevision; CONFLICT where a base
// is given and somebody saved since; NOT_FOUND for a revision that the person may not see.
func (db *DB) RestoreRevision(ctx context.Context, actor governance.Actor, in RestoreRevisionInput) (governance.RevisionID, error) {
	if err := CheckID("input.revision", string(in.Revision)); err != nil {
		return "", err
	}
	if err := checkNewRevision(in.ID, in.Message); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "restoreRevision", rule: governance.SaveRevision, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if in.Base != "" && in.Base != e.HeadID {
				return "", governance.Refuse(governance.CodeConflict, "stale-base",
					"Somebody saved the text since; the newest revision is {head}.", "head", string(e.HeadID), "base", string(in.Base))
			}
			old, text, err := tx.textOf(ctx, s.standing, e, in.Revision)
			if err != nil {
				return "", err
			}
			return tx.saveRevision(ctx, s, e, newRevision{
				id: in.ID, message: in.Message, class: in.Class, text: text, restored: old, act: "REVISION_RESTORED",
			})
		},
	})
	return governance.RevisionID(id), err
}

func checkNewRevision(id governance.RevisionID, message string) error {
	if id != "" {
		if err := CheckID("input.id", string(id)); err != nil {
			return err
		}
	}
	return checkLength("input.message", message, 1, maxMessage)
}

// textOf answers an earlier revision of the edition's specification that somebody may see, with its text.
func (tx *Tx) textOf(ctx context.Context, s standing, e *Edition, id governance.RevisionID) (*Revision, revisionText, error) {
	r, of, err := tx.shownRevision(ctx, s, id)
	if err != nil {
		return nil, revisionText{}, err
	}
	if of.SpecificationID != e.SpecificationID {
		return nil, revisionText{}, governance.NotFound("revision", string(id))
	}
	document, err := tx.document(ctx, r.ID, r.Digest)
	if err != nil {
		return nil, revisionText{}, err
	}
	text, err := newText(document)
	return r, text, err
}

// newRevision is a revision on its way into the database.
type newRevision struct {
	id       governance.RevisionID // empty: one is made
	message  string
	class    governance.Class // as the person chose; empty: as found
	text     revisionText
	base     *Revision // that it was written on, where it was merged
	restored *Revision // whose text it takes back
	act      string    // its act's type
}

// saveRevision writes the revision upon the head, makes it the head, and writes the act. The act binds to the text and
// to the digest of what it was written on; of a merged one also to that of the text that it was merged with.
func (tx *Tx) saveRevision(ctx context.Context, s subject, e *Edition, n newRevision) (string, error) {
	if n.text.digest == e.HeadDigest {
		return "", governance.Invalid("input.document", "nothing-changed", "This is the newest text already.")
	}
	if n.id == "" {
		n.id = governance.RevisionID(tx.newID())
	}
	taken, err := tx.exists(ctx, `SELECT 1 FROM revisions WHERE id = $1`, n.id)
	if err != nil {
		return "", fmt.Errorf("look for revision %s: %w", n.id, err)
	}
	if taken {
		return "", governance.Refuse(governance.CodeConflict, "revision-exists", "There is a revision {id} already.", "id", string(n.id))
	}
	digests := map[string]governance.Digest{"document": n.text.digest, "base": e.HeadDigest}
	if n.base != nil {
		digests["base"], digests["parent"] = n.base.Digest, e.HeadDigest
	}
	_, class, err := tx.insertUponHead(ctx, s, e, n)
	if err != nil {
		return "", err
	}
	if err := tx.setHead(ctx, e, n.id, class, n.text); err != nil {
		return "", err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: n.act, Object: Object{"REVISION", string(n.id)}, Role: s.actingRole(governance.SaveRevision),
		Digests: digests, Texts: words("message", n.message),
	})
	return string(n.id), err
}

// insertUponHead writes a revision of the acting organization upon the head, and answers its id and class.
func (tx *Tx) insertUponHead(ctx context.Context, s subject, e *Edition, n newRevision) (governance.RevisionID, governance.Class, error) {
	class, err := tx.classOf(ctx, e, n.class, n.text.document)
	if err != nil {
		return "", "", err
	}
	number, err := tx.revisionNumber(ctx, e)
	if err != nil {
		return "", "", err
	}
	if n.id == "" {
		n.id = governance.RevisionID(tx.newID())
	}
	parent := e.HeadID
	r := Revision{
		ID: n.id, EditionID: e.ID, Number: number + 1, Digest: n.text.digest, Bytes: n.text.bytes, Parent: &parent,
		Organization: &Organization{ID: s.standing.organization}, Message: n.message, Class: class,
	}
	if n.base != nil {
		r.Base = &n.base.ID
	}
	if n.restored != nil {
		r.Restored = &n.restored.ID
	}
	return n.id, class, tx.insertRevision(ctx, r)
}

// classOf answers the class of what would change, raised by the person.
func (tx *Tx) classOf(ctx context.Context, e *Edition, chosen governance.Class, document governance.Document) (governance.Class, error) {
	before, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return "", err
	}
	paths, err := tx.substantivePaths(ctx, e)
	if err != nil {
		return "", err
	}
	class, err := governance.RaiseClass(governance.Classify(governance.Diff(before, document), paths), chosen)
	if err != nil {
		return "", atInput("input.", err)
	}
	return class, nil
}

// substantivePaths are the charter's own, of which every change is substantive.
func (q *Query) substantivePaths(ctx context.Context, e *Edition) ([]string, error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil || charter == nil {
		return nil, err
	}
	return charter.Body.SubstantivePaths, nil
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
			id, edition_id, number, parent_id, base_id, restored_id, digest, document, person_id, organization_id, message,
			class, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.ID, r.EditionID, r.Number, r.Parent, r.Base, r.Restored, r.Digest, r.Bytes, tx.actor.Person, r.Organization.ID,
		r.Message, r.Class, tx.now)
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
