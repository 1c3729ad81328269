package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Revision is one immutable saved state of an edition's text as it is read.
type Revision struct {
	ID           governance.RevisionID
	EditionID    governance.EditionID
	Number       int
	Digest       governance.Digest
	Bytes        []byte // the exact canonical bytes that Digest names
	Document     governance.Document
	Parent       *governance.RevisionID
	Base         *governance.RevisionID // that it was written on, where that is not its parent: it was merged
	Restored     *governance.RevisionID // whose text it took back
	Author       *Person
	Organization *Organization
	Message      string
	Class        governance.Class
	CreatedAt    time.Time
}

// JSON is the document, for the scalar of that name.
func (r *Revision) JSON() governance.Document { return r.Document }

// Canonical is the stored bytes as text: they are UTF-8 by construction.
func (r *Revision) Canonical() string { return string(r.Bytes) }

// RevisionConnection is a page of an edition's history.
type RevisionConnection struct {
	Nodes    []*Revision
	PageInfo *PageInfo
}

const revisionColumns = `
	id,
	edition_id,
	number,
	digest,
	parent_id,
	base_id,
	restored_id,
	person_id,
	organization_id,
	message,
	class,
	created_at`

// scanRevision reads revisionColumns; author and organization carry their ids alone, and the text is not read.
func scanRevision(row scanner) (*Revision, error) { return scanRevisionAnd(row) }

// scanRevisionAnd reads revisionColumns and what is selected behind them.
func scanRevisionAnd(row scanner, behind ...any) (*Revision, error) {
	r := Revision{Author: &Person{}, Organization: &Organization{}}
	err := row.Scan(append([]any{
		&r.ID, &r.EditionID, &r.Number, &r.Digest, orNil(&r.Parent), orNil(&r.Base), orNil(&r.Restored),
		&r.Author.ID, &r.Organization.ID, &r.Message, &r.Class, at(&r.CreatedAt),
	}, behind...)...)
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// revision reads a revision's row, whoever may see it. NOT_FOUND where there is none.
func (q *Query) revision(ctx context.Context, id governance.RevisionID) (*Revision, error) {
	found, err := collect(ctx, q, scanRevision, `SELECT `+revisionColumns+` FROM revisions WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read revision: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("revision", string(id))
	}
	return found[0], nil
}

// writtenRevisions reads revisions along with their texts, with one statement, whoever may see them. NOT_FOUND where one
// is missing.
func (q *Query) writtenRevisions(ctx context.Context, ids ...governance.RevisionID) (map[governance.RevisionID]*Revision, error) {
	found := make(map[governance.RevisionID]*Revision, len(ids))
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var stored []byte
			r, err := scanRevisionAnd(row, &stored)
			if err != nil {
				return err
			}
			kept, err := q.memory.documents.of(r.Digest, stored)
			if err != nil {
				return err
			}
			r.Bytes, r.Document = kept.bytes, kept.document
			found[r.ID] = r
			return nil
		}, `SELECT `+revisionColumns+`, document FROM revisions WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read revisions and their texts: %w", err)
		}
	}
	for _, id := range ids {
		if found[id] == nil {
			return nil, governance.NotFound("revision", string(id))
		}
	}
	return found, nil
}

// writtenRevision is writtenRevisions for one.
func (q *Query) writtenRevision(ctx context.Context, id governance.RevisionID) (*Revision, error) {
	found, err := q.writtenRevisions(ctx, id)
	return found[id], err
}

// document answers the text of a revision, which nobody may change.
func (q *Query) document(ctx context.Context, id governance.RevisionID, digest governance.Digest) (governance.Document, error) {
	r := &Revision{ID: id, Digest: digest}
	err := q.fillDocuments(ctx, r)
	return r.Document, err
}

// fillRevisions completes revisions: who saved them, and their texts where they are wanted.
func (q *Query) fillRevisions(ctx context.Context, s standing, fields Fields, revisions ...*Revision) error {
	if fields.Has("document") || fields.Has("json") || fields.Has("canonical") || fields.Has("changes") {
		if err := q.fillDocuments(ctx, revisions...); err != nil {
			return err
		}
	}
	if fields.Has("organization") {
		organizations := make([]*Organization, len(revisions))
		for i, r := range revisions {
			organizations[i] = r.Organization
		}
		if err := q.fillOrganizations(ctx, organizations...); err != nil {
			return err
		}
	}
	if !fields.Has("author") {
		return nil
	}
	authors := make([]*Person, len(revisions))
	for i, r := range revisions {
		authors[i] = r.Author
	}
	return q.fillPersons(ctx, s, authors...)
}

// fillHeads reads the head revisions of editions along with them.
func (q *Query) fillHeads(ctx context.Context, s standing, fields Fields, editions []*Edition) error {
	ids := make([]governance.RevisionID, 0, len(editions))
	for _, e := range editions {
		if e != nil {
			ids = append(ids, e.HeadID)
		}
	}
	heads := make(map[governance.RevisionID]*Revision, len(ids))
	var all []*Revision
	for batch := range batches(ids) {
		revisions, err := collect(ctx, q, scanRevision,
			`SELECT `+revisionColumns+` FROM revisions WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return fmt.Errorf("read head revisions: %w", err)
		}
		for _, r := range revisions {
			heads[r.ID] = r
		}
		all = append(all, revisions...)
	}
	for _, e := range editions {
		if e != nil {
			e.head = heads[e.HeadID]
		}
	}
	return q.fillRevisions(ctx, s, fields, all...)
}

// Head reads the newest revision of an edition that the actor was shown.
func (db *DB) Head(ctx context.Context, actor governance.Actor, e *Edition, fields Fields) (*Revision, error) {
	if e.head != nil {
		return e.head, nil
	}
	var head *Revision
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		if head, err = q.revision(ctx, e.HeadID); err != nil {
			return err
		}
		return q.fillRevisions(ctx, s, fields, head)
	})
	return head, err
}

// Revision reads a revision. NOT_FOUND where the actor may not see it.
func (db *DB) Revision(ctx context.Context, actor governance.Actor, id governance.RevisionID, fields Fields) (*Revision, error) {
	var r *Revision
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		if r, _, err = q.shownRevision(ctx, s, id); err != nil {
			return err
		}
		return q.fillRevisions(ctx, s, fields, r)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// shownRevision reads a revision's row and its edition. NOT_FOUND where somebody may not see it.
func (q *Query) shownRevision(ctx context.Context, s standing, id governance.RevisionID) (*Revision, *Edition, error) {
	r, err := q.revision(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	e, err := q.edition(ctx, r.EditionID)
	if err != nil {
		return nil, nil, err
	}
	viewer, err := q.lookAt(ctx, s, e)
	if err != nil {
		return nil, nil, err
	}
	shown, err := q.showsFrom(ctx, viewer, e)
	if err != nil {
		return nil, nil, err
	}
	if !viewer.sees || r.Number < shown {
		return nil, nil, governance.NotFound("revision", string(id))
	}
	return r, e, nil
}

// showsFrom is the number of the first revision of a visible edition that the viewer may see: drafts from before the
// first consultation that it was invited to stay with those who saw them.
func (q *Query) showsFrom(ctx context.Context, viewer editionViewer, e *Edition) (int, error) {
	if viewer.insider {
		return 0, nil
	}
	var number int
	err := q.queryRow(ctx, `
		SELECT MIN(number)
		FROM revisions
		WHERE edition_id = $1
			AND (id = $2 OR id IN (SELECT p.revision_id FROM consultations p WHERE p.edition_id = $1`+viewer.consultedIn("p")+`))`,
		e.ID, e.HeadID).Scan(&number)
	if err != nil {
		return 0, fmt.Errorf("find the first public revision: %w", err)
	}
	return number, nil
}

// Revisions lists the history of an edition that the actor was shown, the newest first.
func (db *DB) Revisions(ctx context.Context, actor governance.Actor, e *Edition, page Page, fields Fields) (*RevisionConnection, error) {
	limit, err := page.limit()
	if err != nil {
		return nil, err
	}
	before, err := page.cursor()
	if err != nil {
		return nil, err
	}
	connection := &RevisionConnection{}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		nodes, err := q.revisions(ctx, viewer, e, before, limit+1)
		if err != nil {
			return err
		}
		connection.Nodes, connection.PageInfo = cut(nodes, limit, func(r *Revision) Cursor {
			return Cursor{r.CreatedAt, string(r.ID)}
		})
		return q.fillRevisions(ctx, viewer.standing, fields.Of("nodes"), connection.Nodes...)
	})
	if err != nil {
		return nil, err
	}
	return connection, nil
}

func (q *Query) revisions(ctx context.Context, viewer editionViewer, e *Edition, before *Cursor, limit int) ([]*Revision, error) {
	shown, err := q.showsFrom(ctx, viewer, e)
	if err != nil {
		return nil, err
	}
	args := []any{e.ID, shown, limit}
	older := ""
	if before != nil {
		args = append(args, before.ID)
		older = ` AND number < (SELECT c.number FROM revisions c WHERE c.id = $4)`
	}
	revisions, err := collect(ctx, q, scanRevision, `SELECT `+revisionColumns+` FROM revisions
		WHERE edition_id = $1 AND number >= $2`+older+`
		ORDER BY number DESC
		LIMIT $3`, args...)
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	return revisions, nil
}
