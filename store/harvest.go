package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Harvested is a publication as somebody takes it who takes the whole register.
type Harvested struct {
	Publication *Publication
	Council     *Organization
	Document    governance.Document
	Bytes       []byte            // of the document, as they were agreed on
	OfferDigest governance.Digest // of the offer that it was published with, as it is now
	ChangedAt   time.Time         // when the publication, its first offer or what is said about it changed last
}

// Place is where in the register it stands, for the next call of Harvest.
func (h *Harvested) Place() *Cursor { return new(h.Publication.cursor()) }

// Harvest reads the next publications after a place, whatever became of them, the oldest first; nil is the beginning, and
// an empty answer the end: public. It takes the same number of statements however many there are.
func (db *DB) Harvest(ctx context.Context, after *Cursor, limit int) (found []*Harvested, err error) {
	if after == nil {
		after = &beforeAll
	}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err = q.harvest(ctx, `(p.published_at, p.id) > ($1, $2)
			ORDER BY p.published_at, p.id
			LIMIT $3`, after.CreatedAt, after.ID, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the register: %w", err)
	}
	return found, nil
}

// harvest reads the publications of a condition with all that Harvested has.
func (q *Query) harvest(ctx context.Context, condition string, args ...any) ([]*Harvested, error) {
	publications, err := collect(ctx, q, scanPublication, `SELECT `+publicationColumns+publicationTables+` WHERE `+condition, args...)
	if err != nil {
		return nil, err
	}
	byID := make(map[governance.PublicationID]*Harvested, len(publications))
	ids := make([]governance.PublicationID, len(publications))
	found := make([]*Harvested, len(publications))
	for i, p := range publications {
		found[i] = &Harvested{Publication: p, Council: &Organization{}}
		byID[p.ID], ids[i] = found[i], p.ID
	}
	heads := make([]*Revision, 0, len(publications))
	for batch := range batches(ids) {
		more, err := q.harvestMore(ctx, byID, batch)
		if err != nil {
			return nil, err
		}
		heads = append(heads, more...)
	}
	if err := q.fillDocuments(ctx, heads...); err != nil {
		return nil, err
	}
	for i, h := range heads {
		harvested := byID[ids[i]]
		harvested.Document, harvested.Bytes = h.Document, h.Bytes
	}
	organizations := make([]*Organization, 0, 2*len(found))
	for _, h := range found {
		organizations = append(organizations, h.Publication.Organization, h.Council)
	}
	return found, q.fillOrganizations(ctx, organizations...)
}

// harvestMore reads what else Harvested has, and answers the revisions of the texts in the order of the ids.
func (q *Query) harvestMore(ctx context.Context, byID map[governance.PublicationID]*Harvested, ids []any) ([]*Revision, error) {
	texts := make(map[governance.PublicationID]*Revision, len(ids))
	err := q.query(ctx, func(row scanner) error {
		var id governance.PublicationID
		var council governance.OrganizationID
		var head Revision
		var offer governance.Digest
		var staged time.Time
		var offered, said *time.Time
		if err := row.Scan(&id, &council, &head.ID, &head.Digest, &offer, at(&staged), atOrNil(&offered), atOrNil(&said)); err != nil {
			return err
		}
		h := byID[id]
		h.Council.ID, h.OfferDigest, h.ChangedAt = council, offer, newest(staged, offered, said)
		texts[id] = &head
		return nil
	}, `
		SELECT
			p.id,
			s.council_id,
			e.head_id,
			e.head_digest,
			f.digest,
			e.stage_at,
			(SELECT MAX(v.created_at) FROM offer_versions v WHERE v.offer_id = p.offer_id),
			`+lastSaid+
		publicationTables+`
		JOIN offers f ON f.id = p.offer_id
		WHERE p.id IN (`+placeholders(1, len(ids))+`)`, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what publications are of: %w", err)
	}
	ordered := make([]*Revision, len(ids))
	for i, id := range ids {
		ordered[i] = texts[governance.PublicationID(id.(string))]
	}
	return ordered, nil
}

// newest answers the last of the moments that there are.
func newest(last time.Time, others ...*time.Time) time.Time {
	for _, other := range others {
		if other != nil && other.After(last) {
			last = *other
		}
	}
	return last
}

// RegisterChanges are publications whose specifications a step was taken on.
type RegisterChanges struct {
	Publications []*Harvested
	To           int64 // the last leaf that was looked at: go on behind it
	More         bool  // whether there are leaves behind it
}

// How much one call of RegisterChanges looks at.
const (
	changeLeaves         = 5000
	changeSpecifications = 100
)

// RegisterChanges reads the publications, whatever became of them, of every specification that the log tells a step on behind
// a leaf (-1: from the beginning): public. What changed is among them; not all of them changed. It is INVALID to ask for what
// is behind leaves that there are not: a backup was restored, and who harvests starts again.
func (db *DB) RegisterChanges(ctx context.Context, after int64) (changes RegisterChanges, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		var head int64
		if err := q.queryRow(ctx, `SELECT COALESCE(MAX(number), -1) FROM leaves`).Scan(&head); err != nil {
			return err
		}
		if after > head {
			return governance.Invalid("since", "token-ahead", "The register went back to an earlier state since this token was given: harvest it from its index again.")
		}
		var roots []string
		roots, changes.To, err = q.touchedAfter(ctx, after)
		changes.More = changes.To < head
		if err != nil || len(roots) == 0 {
			return err
		}
		args := make([]any, len(roots))
		for i, id := range roots {
			args[i] = id
		}
		changes.Publications, err = q.harvest(ctx, `p.specification_id IN (`+placeholders(1, len(args))+`)
			ORDER BY p.published_at, p.id`, args...)
		return err
	})
	if err != nil {
		return RegisterChanges{}, wrapStep("read what changed in the register", err)
	}
	return changes, nil
}

// touchedAfter lists the specifications that the next leaves tell of, each once, and the last leaf looked at.
func (q *Query) touchedAfter(ctx context.Context, after int64) (roots []string, to int64, err error) {
	to = after
	specification := root{table: rootSpecification}
	seen := map[string]bool{}
	err = q.query(ctx, func(row scanner) error {
		var number int64
		var id, kind string
		if err := row.Scan(&number, &kind, &id); err != nil || len(roots) == changeSpecifications {
			return err
		}
		to = number
		if kind == specification.noun() && !seen[id] {
			seen[id] = true
			roots = append(roots, id)
		}
		return nil
	}, `
		SELECT l.number, a.root_kind, a.root_id
		FROM leaves l
		JOIN acts a ON a.id = l.act_id
		WHERE l.number > $1
		ORDER BY l.number
		LIMIT $2`, after, changeLeaves)
	if err != nil {
		return nil, 0, fmt.Errorf("read the log: %w", err)
	}
	return roots, to, nil
}

// RegisterAddress is where a publication is, for a map of the site.
type RegisterAddress struct {
	Slug, Number string
	ChangedAt    time.Time
}

// RegisterAddresses reads the nth part of the addresses of what is published or superseded, the oldest first: public. A part
// that is empty is behind the last one.
func (db *DB) RegisterAddresses(ctx context.Context, n, size int) (found []RegisterAddress, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err = collect(ctx, q, func(row scanner) (RegisterAddress, error) {
			var a RegisterAddress
			return a, row.Scan(&a.Slug, &a.Number, at(&a.ChangedAt))
		}, `
			SELECT s.slug, e.number, e.stage_at `+publicationTables+`
			WHERE p.state IN ('PUBLISHED', 'SUPERSEDED')
			ORDER BY p.published_at, p.id
			LIMIT $1 OFFSET $2`, size, n*size)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the register's addresses: %w", err)
	}
	return found, nil
}

// RegisterSize counts what RegisterAddresses lists: public.
func (db *DB) RegisterSize(ctx context.Context) (size int, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		return q.queryRow(ctx, `SELECT COUNT(*) FROM publications WHERE state IN ('PUBLISHED', 'SUPERSEDED')`).Scan(&size)
	})
	if err != nil {
		return 0, fmt.Errorf("count the register: %w", err)
	}
	return size, nil
}
