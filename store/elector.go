package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
)

// Elector is an organization that may vote in a ballot, and what it took where it may be shown.
type Elector struct {
	Organization *Organization
	Chamber      governance.Chamber
	Groups       []string
	Weight       string
	Voted        *bool
	Position     *Position
	Told         *bool       // nil: the announcement is on its way; false: nobody spoke for it then
	ToldAt       *time.Time  // when the first of those who speak for it was told; nil: nobody was
	Deliveries   []*Delivery // nil but for the council's secretary

	announcedAt time.Time
}

// ElectorConnection is a page of electors.
type ElectorConnection struct {
	Nodes    []*Elector
	PageInfo *PageInfo
}

const electorColumns = `
	organization_id,
	chamber,
	groups,
	weight,
	announced_at`

// scanElector reads electorColumns; the organization carries its id alone.
func scanElector(row scanner) (*Elector, error) {
	e := Elector{Organization: &Organization{}}
	var groups string
	if err := row.Scan(&e.Organization.ID, &e.Chamber, &groups, &e.Weight, at(&e.announcedAt)); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(groups), &e.Groups); err != nil {
		return nil, fmt.Errorf("read the groups of elector %s: %w", e.Organization.ID, err)
	}
	return &e, nil
}

// Electors reads a page of the frozen electorate of a ballot that the actor was shown, with what each took where that
// may be shown. An empty chamber means all.
func (db *DB) Electors(
	ctx context.Context, actor governance.Actor, b *Ballot, chamber governance.Chamber, page Page, fields Fields,
) (*ElectorConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	connection := &ElectorConnection{}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		electors, err := collect(ctx, q, scanElector, `
			SELECT `+electorColumns+`
			FROM electors
			WHERE ballot_id = $1 AND (announced_at, organization_id) > ($2, $3) AND (CAST($4 AS TEXT) = '' OR chamber = $4)
			ORDER BY announced_at, organization_id
			LIMIT $5`, b.ID, after.CreatedAt, after.ID, chamber, limit+1)
		if err != nil {
			return err
		}
		connection.Nodes, connection.PageInfo = cut(electors, limit, func(e *Elector) Cursor {
			return Cursor{e.announcedAt, string(e.Organization.ID)}
		})
		if !fields.Of("nodes").spares("told", "toldAt", "deliveries") {
			if err := q.fillAnnouncements(ctx, actor, b, connection.Nodes); err != nil {
				return err
			}
		}
		return q.fillElectors(ctx, b, connection.Nodes)
	})
	if err != nil {
		return nil, fmt.Errorf("read the electors of ballot %s: %w", b.ID, err)
	}
	return connection, nil
}

// fillElectors completes electors: their organizations, and what each took where that may be shown.
func (q *Query) fillElectors(ctx context.Context, b *Ballot, electors []*Elector) error {
	organizations := make([]*Organization, len(electors))
	for i, e := range electors {
		organizations[i] = e.Organization
	}
	if err := q.fillOrganizations(ctx, organizations...); err != nil || !b.shows() || len(electors) == 0 {
		return err
	}
	args := []any{b.ID}
	for _, e := range electors {
		args = append(args, e.Organization.ID)
	}
	positions, err := collect(ctx, q, scanPosition, `SELECT `+positionColumns+`
		FROM positions
		WHERE ballot_id = $1 AND is_latest = 1 AND organization_id IN (`+placeholders(2, len(electors))+`)`, args...)
	if err != nil {
		return fmt.Errorf("read positions: %w", err)
	}
	taken := make(map[governance.OrganizationID]*Position, len(positions))
	for _, p := range positions {
		taken[p.Organization.ID] = p
	}
	for _, e := range electors {
		p := taken[e.Organization.ID]
		voted := p != nil
		e.Voted, e.Position = &voted, p
		if voted {
			p.Organization = e.Organization
		}
	}
	return nil
}
