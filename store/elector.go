package store

import (
	"context"
	"database/sql"
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
	e.organization_id,
	e.chamber,
	e.groups,
	e.weight,
	e.announced_at`

// scanElector reads electorColumns; the organization carries its id alone.
func scanElector(row scanner) (*Elector, error) { return scanElectorAnd(row) }

// scanVoted is scanElector, with what the elector took.
func scanVoted(row scanner) (*Elector, error) {
	var p Position
	var number sql.NullInt64
	e, err := scanElectorAnd(row, orEmpty(&p.ID), orEmpty(&p.BallotID), orEmpty(&p.Position), orEmpty(&p.Reason),
		orEmpty(&p.Remedy), orEmpty(&p.Comment), &number, at(&p.TakenAt))
	if err != nil {
		return nil, err
	}
	voted := p.ID != ""
	e.Voted = &voted
	if voted {
		p.Organization, p.Number = e.Organization, int(number.Int64)
		e.Position = &p
	}
	return e, nil
}

// scanElectorAnd is scanElector, with more columns after it.
func scanElectorAnd(row scanner, more ...any) (*Elector, error) {
	e := Elector{Organization: &Organization{}}
	var groups string
	if err := row.Scan(append([]any{&e.Organization.ID, &e.Chamber, &groups, &e.Weight, at(&e.announcedAt)}, more...)...); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(groups), &e.Groups); err != nil {
		return nil, fmt.Errorf("read the groups of elector %s: %w", e.Organization.ID, err)
	}
	return &e, nil
}

// The pages of a ballot's electors, without what they took and with it, which is looked for elector by elector: where
// PostgreSQL knows no statistics of the two tables, which in a young ballot it does not, it joins them badly.
const (
	electorPage = `
		SELECT ` + electorColumns + `
		FROM electors e` + electorsAfter
	votedPage = `
		SELECT ` + electorColumns + `, p.id, p.ballot_id, p.position, p.reason, p.remedy, p.comment, p.number, p.taken_at
		FROM (
			SELECT ` + electorColumns + `, (
				SELECT t.id
				FROM positions t
				WHERE t.ballot_id = e.ballot_id AND t.organization_id = e.organization_id AND t.is_latest = 1
			) AS taken
			FROM electors e` + electorsAfter + `
		) AS e
		LEFT JOIN positions p ON p.id = e.taken
		ORDER BY e.announced_at, e.organization_id`
	electorsAfter = `
		WHERE e.ballot_id = $1 AND (e.announced_at, e.organization_id) > ($2, $3) AND (CAST($4 AS TEXT) = '' OR e.chamber = $4)
		ORDER BY e.announced_at, e.organization_id
		LIMIT $5`
)

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
		text, scan := electorPage, scanElector
		if b.shows() {
			text, scan = votedPage, scanVoted
		}
		electors, err := collect(ctx, q, scan, text, b.ID, after.CreatedAt, after.ID, chamber, limit+1)
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
		organizations := make([]*Organization, len(connection.Nodes))
		for i, e := range connection.Nodes {
			organizations[i] = e.Organization
		}
		return q.fillOrganizations(ctx, organizations...)
	})
	if err != nil {
		return nil, fmt.Errorf("read the electors of ballot %s: %w", b.ID, err)
	}
	return connection, nil
}
