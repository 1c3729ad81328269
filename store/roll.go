package store

import (
	"context"
	"fmt"
	"slices"
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
	may          *together[RollEntry, []*Permission]
	past         *together[RollEntry, []*RollChange]
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
	may, past := listed[RollEntry, []*Permission](entries), listed[RollEntry, []*RollChange](entries)
	for _, e := range entries {
		e.may, e.past = may, past
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
	subjects, err := q.rollEntrySubjects(ctx, actor, []*RollEntry{e})
	if err != nil {
		return subject{}, err
	}
	return subjects[0], nil
}

// rollEntrySubjects are entries on councils' rolls, with as many statements for all of them as for one.
func (q *Query) rollEntrySubjects(ctx context.Context, actor governance.Actor, entries []*RollEntry) ([]subject, error) {
	var councils []governance.OrganizationID
	for _, e := range entries {
		if !slices.Contains(councils, e.Council.ID) {
			councils = append(councils, e.Council.ID)
		}
	}
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return nil, err
	}
	places, err := q.placesOnRolls(ctx, councils, s.organization)
	if err != nil {
		return nil, err
	}
	ballots := openBallots{q: q, councils: councils}
	subjects := make([]subject, len(entries))
	for i, e := range entries {
		place := places[e.Council.ID]
		subjects[i] = subject{
			kind: governance.KindRollEntry, noun: "roll entry", id: string(e.ID), visible: true,
			relations: s.relationsOn(e.Council.ID, place), suspended: place.suspended, standing: s,
			needs: map[governance.Need]unmet{
				governance.NeedNoOpenBallot: func(ctx context.Context) (*governance.Error, error) { return ballots.unmetNone(ctx, e.Council.ID) },
			},
		}
	}
	return subjects, nil
}

// openBallots knows which of the councils have an open ballot. It looks when it is first asked.
type openBallots struct {
	q        *Query
	councils []governance.OrganizationID
	open     map[governance.OrganizationID]bool
}

// unmetNone refuses to change a roll inside an open ballot of its council.
func (b *openBallots) unmetNone(ctx context.Context, council governance.OrganizationID) (*governance.Error, error) {
	if b.open == nil {
		b.open = map[governance.OrganizationID]bool{}
		for batch := range batches(b.councils) {
			err := b.q.query(ctx, func(row scanner) error {
				var found governance.OrganizationID
				err := row.Scan(&found)
				b.open[found] = true
				return err
			}, `SELECT DISTINCT council_id FROM ballots WHERE state = 'OPEN' AND council_id IN (`+placeholders(1, len(batch))+`)`, batch...)
			if err != nil {
				return nil, fmt.Errorf("look for open ballots: %w", err)
			}
		}
	}
	if !b.open[council] {
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

// RollEntryMay says what the viewer may do to an entry. Those of one list are looked at together.
func (db *DB) RollEntryMay(ctx context.Context, actor governance.Actor, e *RollEntry) ([]*Permission, error) {
	return e.may.of(e, func(entries []*RollEntry) ([][]*Permission, error) {
		return db.viewerMayEach(ctx, func(ctx context.Context, q *Query) ([]subject, error) {
			return q.rollEntrySubjects(ctx, actor, entries)
		})
	})
}
