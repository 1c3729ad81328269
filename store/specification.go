package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
)

// Specification is a credential being agreed as it is read.
type Specification struct {
	ID        governance.SpecificationID
	Slug      string
	Title     governance.Text
	Language  string
	Council   *Organization
	CreatedAt time.Time

	newest *Edition // the newest that the viewer may see, where it was read along
}

// SpecificationConnection is a page of specifications.
type SpecificationConnection struct {
	Nodes    []*Specification
	PageInfo *PageInfo
}

// SpecificationFilter narrows a list of specifications; its zero value narrows nothing.
type SpecificationFilter struct {
	Council governance.OrganizationID
	Stages  []governance.Stage
}

const specificationColumns = `
	s.id,
	s.slug,
	s.title,
	s.language,
	s.council_id,
	s.created_at`

// scanSpecification reads specificationColumns; the council carries its id alone.
func scanSpecification(row scanner) (*Specification, error) {
	s := Specification{Council: &Organization{}}
	var title string
	err := row.Scan(&s.ID, &s.Slug, &title, &s.Language, &s.Council.ID, at(&s.CreatedAt))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(title), &s.Title); err != nil {
		return nil, fmt.Errorf("read the title of specification %s: %w", s.ID, err)
	}
	return &s, nil
}

// Specification reads a specification by its short name. NOT_FOUND where the actor may see none of its editions.
func (db *DB) Specification(ctx context.Context, actor governance.Actor, slug string, fields Fields) (*Specification, error) {
	return db.specification(ctx, actor, specificationName{`s.slug = $1`, slug}, fields)
}

// SpecificationByID is Specification by the id.
func (db *DB) SpecificationByID(ctx context.Context, actor governance.Actor, id governance.SpecificationID, fields Fields) (*Specification, error) {
	return db.specification(ctx, actor, specificationName{`s.id = $1`, string(id)}, fields)
}

// specificationName is one of the two ways of naming a specification.
type specificationName struct{ condition, value string }

func (db *DB) specification(ctx context.Context, actor governance.Actor, name specificationName, fields Fields) (*Specification, error) {
	var specification *Specification
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		found, err := collect(ctx, q, scanSpecification,
			`SELECT `+specificationColumns+` FROM specifications s WHERE `+name.condition, name.value)
		if err != nil {
			return fmt.Errorf("read specification: %w", err)
		}
		if len(found) == 0 {
			return governance.NotFound("specification", name.value)
		}
		specification = found[0]
		if err := q.fillSpecifications(ctx, s, fields.Of("edition"), specification); err != nil {
			return err
		}
		if specification.newest == nil {
			return governance.NotFound("specification", name.value)
		}
		viewer, err := q.lookAt(ctx, s, specification.newest)
		specification.newest.viewer = &viewer
		return err
	})
	if err != nil {
		return nil, err
	}
	return specification, nil
}

// SpecificationsByID reads those of the specifications of which the actor may see an edition, in the order of the ids,
// nil for the others.
func (db *DB) SpecificationsByID(ctx context.Context, actor governance.Actor, ids []governance.SpecificationID) ([]*Specification, error) {
	found := make(map[governance.SpecificationID]*Specification, len(ids))
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		var all []*Specification
		for batch := range batches(ids) {
			part, err := collect(ctx, q, scanSpecification,
				`SELECT `+specificationColumns+` FROM specifications s WHERE s.id IN (`+placeholders(1, len(batch))+`)`, batch...)
			if err != nil {
				return fmt.Errorf("read specifications: %w", err)
			}
			all = append(all, part...)
		}
		for _, specification := range all {
			found[specification.ID] = specification
		}
		return q.fillSpecifications(ctx, s, nil, all...)
	})
	if err != nil {
		return nil, err
	}
	specifications := make([]*Specification, len(ids))
	for i, id := range ids {
		if specification := found[id]; specification != nil && specification.newest != nil {
			specifications[i] = specification
		}
	}
	return specifications, nil
}

// SpecificationOf answers the specification of an edition where it was read along with it; nil where not.
func (e *Edition) SpecificationOf() *Specification { return e.specification }

// fillSpecifications completes specifications: their councils, and their newest editions that the viewer may see with
// the parts of these that are wanted.
func (q *Query) fillSpecifications(ctx context.Context, s standing, fields Fields, specifications ...*Specification) error {
	ids := make([]governance.SpecificationID, len(specifications))
	for i, specification := range specifications {
		ids[i] = specification.ID
	}
	newest, err := q.newestEditions(ctx, s, ids)
	if err != nil {
		return err
	}
	organizations := make([]*Organization, 0, 2*len(specifications))
	heads := make([]*Edition, 0, len(specifications))
	for _, specification := range specifications {
		organizations = append(organizations, specification.Council)
		if specification.newest = newest[specification.ID]; specification.newest != nil {
			specification.newest.specification = specification
			organizations = append(organizations, specification.newest.Lead)
			heads = append(heads, specification.newest)
		}
	}
	if fields.Has("head") {
		if err := q.fillHeads(ctx, s, fields.Of("head"), heads); err != nil {
			return err
		}
	}
	return q.fillOrganizations(ctx, organizations...)
}

// Specifications lists the specifications of which the actor may see an edition, in the order in which they were
// started.
func (db *DB) Specifications(
	ctx context.Context, actor governance.Actor, filter SpecificationFilter, page Page, fields Fields,
) (*SpecificationConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	connection := &SpecificationConnection{}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		nodes, err := q.specifications(ctx, s, filter, after, limit+1)
		if err != nil {
			return fmt.Errorf("list specifications: %w", err)
		}
		connection.Nodes, connection.PageInfo = cut(nodes, limit, func(s *Specification) Cursor {
			return Cursor{s.CreatedAt, string(s.ID)}
		})
		return q.fillSpecifications(ctx, s, fields.Of("nodes").Of("edition"), connection.Nodes...)
	})
	if err != nil {
		return nil, err
	}
	return connection, nil
}

// specifications reads the rows of a page. A stage counts where it is that of the newest edition that the viewer may
// see.
func (q *Query) specifications(
	ctx context.Context, s standing, filter SpecificationFilter, after Cursor, limit int,
) ([]*Specification, error) {
	args := []any{s.organization}
	bind := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	seen := visibleTo(1)
	stage := ""
	if len(filter.Stages) > 0 {
		list := make([]string, len(filter.Stages))
		for i, one := range filter.Stages {
			list[i] = bind(one)
		}
		later := strings.NewReplacer("e.", "l.").Replace(seen)
		stage = ` AND e.stage IN (` + strings.Join(list, ", ") + `) AND NOT EXISTS (
			SELECT 1
			FROM editions l
			WHERE l.specification_id = s.id AND (l.created_at, l.id) > (e.created_at, e.id) AND ` + later + `
		)`
	}
	where := `EXISTS (SELECT 1 FROM editions e WHERE e.specification_id = s.id AND ` + seen + stage + `)`
	if filter.Council != "" {
		where += ` AND s.council_id = ` + bind(filter.Council)
	}
	where += ` AND (s.created_at, s.id) > (` + bind(after.CreatedAt) + `, ` + bind(after.ID) + `)`
	return collect(ctx, q, scanSpecification, `SELECT `+specificationColumns+` FROM specifications s
		WHERE `+where+`
		ORDER BY s.created_at, s.id
		LIMIT `+bind(limit), args...)
}
