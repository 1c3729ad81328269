package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// RollEntry is an organization on a council's roll as it is read.
type RollEntry struct {
	ID           governance.RollEntryID
	Council      *Organization
	Organization *Organization
	Chamber      governance.Chamber
	State        governance.RollState
	Ground       string
	Weight       string // exact
	FromAt       *time.Time
	UntilAt      *time.Time
	createdAt    time.Time
}

// RollEntryConnection is a page of a roll.
type RollEntryConnection struct {
	Nodes    []*RollEntry
	PageInfo *PageInfo
}

const rollColumns = `
	id,
	council_id,
	organization_id,
	chamber,
	state,
	ground,
	weight,
	from_at,
	until_at,
	created_at`

// scanRollEntry reads rollColumns; council and organization carry their ids alone.
func scanRollEntry(row scanner) (*RollEntry, error) {
	e := RollEntry{Council: &Organization{}, Organization: &Organization{}}
	err := row.Scan(&e.ID, &e.Council.ID, &e.Organization.ID, &e.Chamber, &e.State, &e.Ground, &e.Weight,
		atOrNil(&e.FromAt), atOrNil(&e.UntilAt), at(&e.createdAt))
	if err != nil {
		return nil, err
	}
	return &e, nil
}

func (q *Query) fillRollEntries(ctx context.Context, entries []*RollEntry) error {
	organizations := make([]*Organization, 0, 2*len(entries))
	for _, e := range entries {
		organizations = append(organizations, e.Council, e.Organization)
	}
	return q.fillOrganizations(ctx, organizations...)
}

// rollEntry reads an entry. NOT_FOUND where there is none.
func (q *Query) rollEntry(ctx context.Context, id governance.RollEntryID) (*RollEntry, error) {
	found, err := collect(ctx, q, scanRollEntry, `SELECT `+rollColumns+` FROM roll_entries WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read roll entry: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("roll entry", string(id))
	}
	return found[0], nil
}

// rollEntrySubject is an entry on a council's roll: public.
func (q *Query) rollEntrySubject(ctx context.Context, actor governance.Actor, e *RollEntry) (subject, error) {
	s, err := q.councilSubject(ctx, actor, e.Council.ID)
	if err != nil {
		return subject{}, err
	}
	s.kind, s.noun, s.id, s.visible = governance.KindRollEntry, "roll entry", string(e.ID), true
	return s, nil
}

// unmetNoOpenBallot refuses to change a roll inside an open ballot of its council.
func (q *Query) unmetNoOpenBallot(ctx context.Context, council governance.OrganizationID) (*governance.Error, error) {
	open, err := q.exists(ctx, `SELECT 1 FROM ballots WHERE council_id = $1 AND state = 'OPEN' LIMIT 1`, council)
	if err != nil {
		return nil, fmt.Errorf("look for open ballots: %w", err)
	}
	if !open {
		return nil, nil
	}
	return governance.Refuse(governance.CodeConflict, "ballot-open", "The roll does not change inside an open ballot."), nil
}

// RollEntry reads an entry: public. NOT_FOUND where there is none.
func (db *DB) RollEntry(ctx context.Context, id governance.RollEntryID) (entry *RollEntry, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		if entry, err = q.rollEntry(ctx, id); err != nil {
			return err
		}
		return q.fillRollEntries(ctx, []*RollEntry{entry})
	})
	if err != nil {
		return nil, err
	}
	return entry, nil
}

// Roll reads a page of a council's roll in the order of entry: public. An empty chamber means all.
func (db *DB) Roll(ctx context.Context, council governance.OrganizationID, chamber governance.Chamber, page Page) (*RollEntryConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	var entries []*RollEntry
	err = db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		entries, err = collect(ctx, q, scanRollEntry, `
			SELECT `+rollColumns+`
			FROM roll_entries
			WHERE council_id = $1 AND (created_at, id) > ($2, $3) AND (CAST($4 AS TEXT) = '' OR chamber = $4)
			ORDER BY created_at, id
			LIMIT $5`,
			council, after.CreatedAt, after.ID, chamber, limit+1)
		if err != nil {
			return err
		}
		return q.fillRollEntries(ctx, entries)
	})
	if err != nil {
		return nil, fmt.Errorf("read the roll: %w", err)
	}
	nodes, info := cut(entries, limit, func(e *RollEntry) Cursor { return Cursor{e.createdAt, string(e.ID)} })
	return &RollEntryConnection{Nodes: nodes, PageInfo: info}, nil
}

// RollEntriesOf reads the entries of organizations on councils' rolls, of each the oldest first: public.
func (db *DB) RollEntriesOf(ctx context.Context, organizations []governance.OrganizationID) (map[governance.OrganizationID][]*RollEntry, error) {
	found := make(map[governance.OrganizationID][]*RollEntry, len(organizations))
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var all []*RollEntry
		for batch := range batches(organizations) {
			entries, err := collect(ctx, q, scanRollEntry, `
				SELECT `+rollColumns+`
				FROM roll_entries
				WHERE organization_id IN (`+placeholders(1, len(batch))+`)
				ORDER BY created_at, id`, batch...)
			if err != nil {
				return fmt.Errorf("read roll entries: %w", err)
			}
			all = append(all, entries...)
		}
		for _, e := range all {
			found[e.Organization.ID] = append(found[e.Organization.ID], e)
		}
		return q.fillRollEntries(ctx, all)
	})
	return found, err
}

// RollEntryMay says what the viewer may do to an entry.
func (db *DB) RollEntryMay(ctx context.Context, actor governance.Actor, e *RollEntry) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.rollEntrySubject(ctx, actor, e) })
}
