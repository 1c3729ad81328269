package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// A need, the specifications that answer it, their editions and publications are a chain that is read from either end.
// Each link is shown to whom it may be shown: needs to members of active organizations, a specification with the first
// edition of it that the viewer may see, a publication to everybody.

// NeedsOf lists the needs that a specification answers, the oldest first; empty for those who may see none.
func (db *DB) NeedsOf(ctx context.Context, actor governance.Actor, id governance.SpecificationID, fields Fields) ([]*Need, error) {
	needs := []*Need{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil || !s.seesNeeds() {
			return err
		}
		needs, err = collect(ctx, q, scanNeed, `
			SELECT `+needColumns+`
			FROM needs n
			JOIN specification_needs a ON a.need_id = n.id
			WHERE a.specification_id = $1
			ORDER BY n.created_at, n.id`, id)
		if err != nil {
			return fmt.Errorf("read the needs that %s answers: %w", id, err)
		}
		return q.fillNeeds(ctx, s, needs, fields)
	})
	return needs, err
}

// SpecificationsFor lists the specifications that answer a need and of which the actor may see an edition, the oldest
// first.
func (db *DB) SpecificationsFor(ctx context.Context, actor governance.Actor, need governance.NeedID, fields Fields) ([]*Specification, error) {
	specifications := []*Specification{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		found, err := collect(ctx, q, scanSpecification, `
			SELECT `+specificationColumns+`
			FROM specifications s
			JOIN specification_needs a ON a.specification_id = s.id
			WHERE a.need_id = $1
			ORDER BY s.created_at, s.id`, need)
		if err != nil {
			return fmt.Errorf("read the specifications that answer %s: %w", need, err)
		}
		if err := q.fillSpecifications(ctx, s, fields.Of("edition"), found...); err != nil {
			return err
		}
		for _, specification := range found {
			if specification.newest != nil {
				specifications = append(specifications, specification)
			}
		}
		return nil
	})
	return specifications, err
}

// PublicationsFor lists the publications that address a need that the actor was shown, the newest first: public.
func (db *DB) PublicationsFor(ctx context.Context, need governance.NeedID) ([]*Publication, error) {
	var publications []*Publication
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		publications, err = collect(ctx, q, scanPublication, `SELECT `+publicationColumns+publicationTables+`
			JOIN specification_needs a ON a.specification_id = p.specification_id
			WHERE a.need_id = $1
			ORDER BY p.published_at DESC, p.id DESC`, need)
		if err != nil {
			return fmt.Errorf("read the publications that address %s: %w", need, err)
		}
		organizations := make([]*Organization, len(publications))
		for i, p := range publications {
			organizations[i] = p.Organization
		}
		return q.fillOrganizations(ctx, organizations...)
	})
	return publications, err
}

// MergedNeeds reads a page of the needs that were merged into one that the actor was shown, the oldest first.
func (db *DB) MergedNeeds(ctx context.Context, actor governance.Actor, n *Need, page Page, fields Fields) (*NeedConnection, error) {
	return db.Needs(ctx, actor, NeedFilter{MergedInto: n.ID}, page, fields)
}
