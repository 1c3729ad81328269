package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// MergeConflict is what came of saving a text that contradicts what others saved since its base. Nothing was stored: the
// author decides about each element, and saves upon the head.
type MergeConflict struct {
	EditionID governance.EditionID
	Head      *Revision // the newest revision
	Conflicts []*Conflict
}

// Conflict is an element at which a text or a suggestion and the newest revision cannot both be had: ours is what the text
// or the suggestion says there, theirs what the revision does.
type Conflict struct {
	governance.Conflict
	Revision *Revision `json:"-"` // that wrote theirs; nil where it stands as it was in base, and for a suggestion
}

// Error says it to whoever does not ask for it as data.
func (c *MergeConflict) Error() string { return c.Unwrap().Error() }

// Unwrap is the refusal: CONFLICT.
func (c *MergeConflict) Unwrap() error {
	return governance.Refuse(governance.CodeConflict, "merge-conflict",
		"Others changed the same elements since; the newest revision is {head}.", "head", string(c.Head.ID))
}

// IsSaveRevisionResult says that saveRevision may answer it.
func (*MergeConflict) IsSaveRevisionResult() {}

// mergeIn merges a text that was written on base with the edition's newest one, and answers the base's row.
func (tx *Tx) mergeIn(ctx context.Context, e *Edition, base governance.RevisionID, text revisionText) (*Revision, revisionText, error) {
	r, err := tx.writtenRevision(ctx, base)
	if err != nil {
		return nil, revisionText{}, err
	}
	if r.EditionID != e.ID {
		return nil, revisionText{}, governance.NotFound("revision", string(base))
	}
	head, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return nil, revisionText{}, err
	}
	merged := governance.Merge(r.Document, text.document, head)
	if len(merged.Conflicts) > 0 {
		conflict, err := tx.mergeConflict(ctx, e, r, merged.Conflicts)
		if err != nil {
			return nil, revisionText{}, err
		}
		return nil, revisionText{}, conflict
	}
	text, err = newText(merged.Document)
	return r, text, err
}

// mergeConflict finds out who wrote what the author's text contradicts.
func (q *Query) mergeConflict(ctx context.Context, e *Edition, base *Revision, found []governance.Conflict) (*MergeConflict, error) {
	since, err := q.revisionsBetween(ctx, e.ID, base.Number, 0)
	if err != nil {
		return nil, err
	}
	history := append([]*Revision{base}, since...)
	if err := q.fillDocuments(ctx, history...); err != nil {
		return nil, err
	}
	changes := make([][]governance.Change, len(since))
	for i := range since {
		changes[i] = governance.Diff(history[i].Document, history[i+1].Document)
	}
	conflict := &MergeConflict{EditionID: e.ID, Head: history[len(history)-1]}
	for _, c := range found {
		of := &Conflict{Conflict: c}
		if i := governance.LastTouched(changes, c.Path); i >= 0 {
			of.Revision = since[i]
		}
		conflict.Conflicts = append(conflict.Conflicts, of)
	}
	return conflict, nil
}

// revisionsBetween reads the revisions of an edition after one number and up to another, 0 for all, the oldest first.
func (q *Query) revisionsBetween(ctx context.Context, edition governance.EditionID, after, upTo int) ([]*Revision, error) {
	revisions, err := collect(ctx, q, scanRevision, `SELECT `+revisionColumns+` FROM revisions
		WHERE edition_id = $1 AND number > $2 AND (number <= $3 OR $3 = 0)
		ORDER BY number`, edition, after, upTo)
	if err != nil {
		return nil, fmt.Errorf("read the revisions since: %w", err)
	}
	return revisions, nil
}

// ShowConflict completes the revisions that a conflict names, as far as they are wanted.
func (db *DB) ShowConflict(ctx context.Context, actor governance.Actor, c *MergeConflict, fields Fields) error {
	return db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		if err := q.fillRevisions(ctx, s, fields.Of("head"), c.Head); err != nil {
			return err
		}
		var wrote []*Revision
		for _, of := range c.Conflicts {
			if of.Revision != nil {
				wrote = append(wrote, of.Revision)
			}
		}
		return q.fillRevisions(ctx, s, fields.Of("conflicts").Of("revision"), wrote...)
	})
}

// MergedFrom lists what a revision that the actor was shown was merged from: those saved between its base and its
// parent, the parent included, the oldest first. None where it was not merged.
func (db *DB) MergedFrom(ctx context.Context, actor governance.Actor, r *Revision, fields Fields) ([]*Revision, error) {
	if r.Base == nil {
		return []*Revision{}, nil
	}
	var revisions []*Revision
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		base, err := q.revision(ctx, *r.Base)
		if err != nil {
			return err
		}
		if revisions, err = q.revisionsBetween(ctx, r.EditionID, base.Number, r.Number-1); err != nil {
			return err
		}
		return q.fillRevisions(ctx, s, fields, revisions...)
	})
	return revisions, err
}
