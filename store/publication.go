package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"concordat/governance"
)

// Publication is an edition made public by a provider, as it is read.
type Publication struct {
	ID              governance.PublicationID
	SpecificationID governance.SpecificationID
	Slug            string // of the specification
	EditionID       governance.EditionID
	EditionNumber   string
	Organization    *Organization
	OfferID         governance.OfferID
	Digest          governance.Digest
	Title           governance.Text
	Language        string
	Sector          string
	EQFLevel        *int
	ValidFrom       governance.Date
	EnrolUntil      *governance.Date
	AwardUntil      *governance.Date
	State           governance.PublicationState
	StateReason     string
	StateAt         time.Time // since when it stands so
	PublishedAt     time.Time
	ReviewOn        *governance.Date // until when it is reviewed next; none: no review is due
	LapsedAt        *time.Time       // since when an endorsement that the charter asks for is missing; none: none is

	returnsTo governance.PublicationState // while it is suspended: as what it comes back
	on        governance.Date             // the day that was asked for; empty: now
}

// Lapsed says whether an endorsement that the charter asks for is missing now.
func (p *Publication) Lapsed() bool { return p.LapsedAt != nil }

// PublicationConnection is a page of the register.
type PublicationConnection struct {
	Nodes    []*Publication
	PageInfo *PageInfo
}

// PublicationFilter narrows the register; its zero value narrows nothing.
type PublicationFilter struct {
	Search   string // words, in any language
	Sector   string
	EQFLevel *int
	Country  string          // of the awarding body that the first offer names: ISO 3166-1 alpha-2, upper case
	Language string          // that the agreed text is in, authentic, as a BCP 47 tag
	ValidOn  governance.Date // what was published on that day; empty: now
	Lapsed   *bool           // those alone that lapsed, or that did not, on that day or now
}

const publicationColumns = `
	p.id,
	p.specification_id,
	s.slug,
	p.edition_id,
	e.number,
	p.organization_id,
	p.offer_id,
	p.digest,
	p.title,
	p.language,
	p.sector,
	p.eqf_level,
	p.valid_from,
	p.enrol_until,
	p.award_until,
	p.state,
	e.stage_reason,
	e.stage_at,
	p.published_at,
	p.review_on,
	p.returns_to,
	(SELECT lapse.lapsed_at FROM publication_lapses lapse WHERE lapse.publication_id = p.id AND lapse.healed_at IS NULL)`

// publicationTables is what publicationColumns are of.
const publicationTables = `
	FROM publications p
	JOIN editions e ON e.id = p.edition_id
	JOIN specifications s ON s.id = p.specification_id `

// scanPublication reads publicationColumns; the organization carries its id alone.
func scanPublication(row scanner) (*Publication, error) {
	p := Publication{Organization: &Organization{}}
	var title string
	err := row.Scan(&p.ID, &p.SpecificationID, &p.Slug, &p.EditionID, &p.EditionNumber, &p.Organization.ID, &p.OfferID,
		&p.Digest, &title, &p.Language, &p.Sector, &p.EQFLevel, &p.ValidFrom, orNil(&p.EnrolUntil), orNil(&p.AwardUntil),
		&p.State, &p.StateReason, at(&p.StateAt), at(&p.PublishedAt), orNil(&p.ReviewOn), orEmpty(&p.returnsTo),
		atOrNil(&p.LapsedAt))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(title), &p.Title); err != nil {
		return nil, fmt.Errorf("read the title of publication %s: %w", p.ID, err)
	}
	return &p, nil
}

func (p *Publication) cursor() Cursor { return Cursor{p.PublishedAt, string(p.ID)} }

// Publication reads the publication of an exact text, whatever became of it: public. NOT_FOUND where there is none.
func (db *DB) Publication(ctx context.Context, digest governance.Digest) (*Publication, error) {
	return db.onePublication(ctx, string(digest), `p.digest = $1 ORDER BY p.published_at DESC, p.id DESC LIMIT 1`, digest)
}

// PublicationByID reads a publication: public. NOT_FOUND where there is none.
func (db *DB) PublicationByID(ctx context.Context, id governance.PublicationID) (*Publication, error) {
	return db.onePublication(ctx, string(id), `p.id = $1`, id)
}

// PublicationAt reads the publication of an edition by the specification's short name and the edition's number, as its
// address in the register has them: public. NOT_FOUND where there is none.
func (db *DB) PublicationAt(ctx context.Context, slug, number string) (*Publication, error) {
	return db.onePublication(ctx, slug+"/"+number, `s.slug = $1 AND e.number = $2`, slug, number)
}

// PublicationOf reads the publication of an edition: public. Nil where there is none.
func (db *DB) PublicationOf(ctx context.Context, edition governance.EditionID) (*Publication, error) {
	p, err := db.onePublication(ctx, string(edition), `p.edition_id = $1`, edition)
	if governance.CodeOf(err) == governance.CodeNotFound {
		return nil, nil
	}
	return p, err
}

// onePublication reads the publication for which the condition holds; name is for the refusal.
func (db *DB) onePublication(ctx context.Context, name, condition string, args ...any) (p *Publication, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		if p, err = q.onePublication(ctx, name, condition, args...); err != nil {
			return err
		}
		return q.fillOrganizations(ctx, p.Organization)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (q *Query) onePublication(ctx context.Context, name, condition string, args ...any) (*Publication, error) {
	found, err := collect(ctx, q, scanPublication,
		`SELECT `+publicationColumns+publicationTables+` WHERE `+condition, args...)
	if err != nil {
		return nil, fmt.Errorf("read publication: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("publication", name)
	}
	return found[0], nil
}

// publicationOf reads the publication of an edition. NOT_FOUND where there is none.
func (q *Query) publicationOf(ctx context.Context, edition governance.EditionID) (*Publication, error) {
	return q.onePublication(ctx, string(edition), `p.edition_id = $1`, edition)
}

// Register reads a page of what is published now: public. Without a search it goes from the newest back; with one, from
// the best match on, of the newest few hundred matches.
func (db *DB) Register(ctx context.Context, filter PublicationFilter, page Page) (*PublicationConnection, error) {
	limit, err := page.limit()
	if err != nil {
		return nil, err
	}
	after, err := page.cursor()
	if err != nil {
		return nil, err
	}
	var found []*Publication
	err = db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		moments, err := q.momentsOn(ctx, filter.ValidOn)
		if err != nil {
			return err
		}
		narrow := registerSearch{filter, moments}
		if filter.Search == "" {
			found, err = q.newestPublications(ctx, narrow, after, limit+1)
		} else {
			found, err = q.bestPublications(ctx, db.Postgres(), narrow, after, limit+1)
		}
		if err != nil {
			return err
		}
		for _, p := range found {
			p.on = filter.ValidOn
		}
		organizations := make([]*Organization, len(found))
		for i, p := range found {
			organizations[i] = p.Organization
		}
		return q.fillOrganizations(ctx, organizations...)
	})
	if err != nil {
		return nil, wrapStep("read the register", err)
	}
	nodes, info := cut(found, limit, (*Publication).cursor)
	return &PublicationConnection{Nodes: nodes, PageInfo: info}, nil
}

// registerSearch is the filter with what its day means to each council.
type registerSearch struct {
	PublicationFilter
	moments []dayMoment // none: now
}

// narrowed is the filter as a condition on the rows "p" of publications and "s" of specifications, with its parameters
// after those given.
func (f registerSearch) narrowed(args ...any) (string, []any) {
	condition, args := f.standing(args)
	if f.Sector != "" {
		args = append(args, f.Sector)
		condition += fmt.Sprintf(` AND p.sector = $%d`, len(args))
	}
	if f.EQFLevel != nil {
		args = append(args, *f.EQFLevel)
		condition += fmt.Sprintf(` AND p.eqf_level = $%d`, len(args))
	}
	if f.Country != "" {
		args = append(args, f.Country)
		condition += fmt.Sprintf(` AND p.country = $%d`, len(args))
	}
	if f.Language != "" {
		args = append(args, titleIn(f.Language))
		condition += fmt.Sprintf(` AND LOWER(p.title) LIKE $%d ESCAPE '!'`, len(args))
	}
	return condition, args
}

// titleIn is the pattern of a title's JSON that has a language, both in lower case. A quotation mark within a text is
// written \", so that no text looks like a key.
func titleIn(language string) string {
	return `%"` + strings.NewReplacer(`!`, `!!`, `%`, `!%`, `_`, `!_`, `"`, ``).Replace(strings.ToLower(language)) + `":%`
}

// newestPublications reads a page from the newest back.
func (q *Query) newestPublications(ctx context.Context, filter registerSearch, after *Cursor, limit int) ([]*Publication, error) {
	condition, args := filter.narrowed(limit)
	if after != nil {
		args = append(args, after.CreatedAt, after.ID)
		condition += fmt.Sprintf(` AND (p.published_at, p.id) < ($%d, $%d)`, len(args)-1, len(args))
	}
	return collect(ctx, q, scanPublication, `SELECT `+publicationColumns+publicationTables+`
		WHERE `+condition+`
		ORDER BY p.published_at DESC, p.id DESC
		LIMIT $1`, args...)
}

// bestPublications reads a page of what matches every word of the search, the best first. A page goes on behind the
// publication that its cursor names.
func (q *Query) bestPublications(
	ctx context.Context, postgres bool, filter registerSearch, after *Cursor, limit int,
) ([]*Publication, error) {
	words := searchWords(filter.Search)
	if len(words) == 0 {
		return nil, nil // signs alone match nothing
	}
	search, match := sqliteSearch, sqliteMatch(words)
	if postgres {
		search, match = postgresSearch, postgresMatch(words)
	}
	condition, args := filter.narrowed(match)
	ids, err := collect(ctx, q, func(row scanner) (governance.PublicationID, error) {
		var id governance.PublicationID
		return id, row.Scan(&id)
	}, fmt.Sprintf(search, condition, mostRanked), args...)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	if after != nil {
		ids = ids[slices.Index(ids, governance.PublicationID(after.ID))+1:]
	}
	ids = ids[:min(len(ids), limit)]
	return q.publicationsInOrder(ctx, ids)
}

// mostRanked is how many matches are ranked: the newest.
const mostRanked = 400

// publicationsInOrder reads publications in the order of their ids.
func (q *Query) publicationsInOrder(ctx context.Context, ids []governance.PublicationID) ([]*Publication, error) {
	byID := make(map[governance.PublicationID]*Publication, len(ids))
	for batch := range batches(ids) {
		found, err := collect(ctx, q, scanPublication, `SELECT `+publicationColumns+publicationTables+`
			WHERE p.id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read what was found: %w", err)
		}
		for _, p := range found {
			byID[p.ID] = p
		}
	}
	ordered := make([]*Publication, len(ids))
	for i, id := range ids {
		ordered[i] = byID[id]
	}
	return ordered, nil
}
