package store

import (
	"context"

	"concordat/governance"
)

// Comparison is what stands between two revisions of a specification.
type Comparison struct {
	From    *Revision
	To      *Revision
	Changes []*governance.Change // in document order
	Class   governance.Class     // as the charter of To's edition has it
}

// Changes answers what a revision changed against its parent; none for the first.
func (db *DB) Changes(ctx context.Context, r *Revision) ([]*governance.Change, error) {
	if r.Parent == nil {
		return []*governance.Change{}, nil
	}
	var changes []governance.Change
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		parent, err := q.revision(ctx, *r.Parent)
		if err != nil {
			return err
		}
		changes, err = q.difference(ctx, parent, r)
		return err
	})
	return pointersTo(changes), err
}

// Compare answers what stands between two revisions of any editions of one specification. NOT_FOUND where the actor may
// not see one of them; INVALID where they belong to different specifications.
func (db *DB) Compare(ctx context.Context, actor governance.Actor, from, to governance.RevisionID, fields Fields) (*Comparison, error) {
	for name, id := range map[string]governance.RevisionID{"from": from, "to": to} {
		if err := CheckID(name, string(id)); err != nil {
			return nil, err
		}
	}
	c := &Comparison{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		var before, after *Edition
		if c.From, before, err = q.shownRevision(ctx, s, from); err != nil {
			return err
		}
		if c.To, after, err = q.shownRevision(ctx, s, to); err != nil {
			return err
		}
		if before.SpecificationID != after.SpecificationID {
			return governance.Invalid("to", "another-specification", "The two are revisions of different specifications.")
		}
		changes, err := q.difference(ctx, c.From, c.To)
		if err != nil {
			return err
		}
		paths, err := q.substantivePaths(ctx, after)
		if err != nil {
			return err
		}
		c.Changes, c.Class = pointersTo(changes), governance.Classify(changes, paths)
		if err := q.fillRevisions(ctx, s, fields.Of("from"), c.From); err != nil {
			return err
		}
		return q.fillRevisions(ctx, s, fields.Of("to"), c.To)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// difference compares the texts of two revisions.
func (q *Query) difference(ctx context.Context, from, to *Revision) ([]governance.Change, error) {
	if err := q.fillDocuments(ctx, from, to); err != nil {
		return nil, err
	}
	return governance.Diff(from.Document, to.Document), nil
}

func pointersTo[T any](values []T) []*T {
	shown := make([]*T, len(values))
	for i := range values {
		shown[i] = &values[i]
	}
	return shown
}
