package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"concordat/governance"
)

// Council is a skills council as it is read.
type Council struct {
	ID           governance.OrganizationID
	Organization *Organization
	Jurisdiction []string
	Sectors      []string
	Zone         string
	CharterID    governance.CharterID // empty before the founding act
}

const councilColumns = `
	id,
	jurisdiction,
	zone,
	COALESCE(charter_id, '')`

func scanCouncil(row scanner) (*Council, error) {
	var c Council
	var jurisdiction string
	if err := row.Scan(&c.ID, &jurisdiction, &c.Zone, &c.CharterID); err != nil {
		return nil, err
	}
	c.Organization = &Organization{ID: c.ID}
	if err := json.Unmarshal([]byte(jurisdiction), &c.Jurisdiction); err != nil {
		return nil, fmt.Errorf("read jurisdiction of council %s: %w", c.ID, err)
	}
	return &c, nil
}

// fillCouncils completes councils with their organizations and sectors.
func (q *Query) fillCouncils(ctx context.Context, councils []*Council) error {
	organizations := make([]*Organization, len(councils))
	byID := make(map[governance.OrganizationID]*Council, len(councils))
	ids := make([]governance.OrganizationID, len(councils))
	for i, c := range councils {
		organizations[i], byID[c.ID], ids[i] = c.Organization, c, c.ID
	}
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var council governance.OrganizationID
			var sector string
			if err := row.Scan(&council, &sector); err != nil {
				return err
			}
			byID[council].Sectors = append(byID[council].Sectors, sector)
			return nil
		}, `SELECT council_id, sector FROM council_sectors WHERE council_id IN (`+placeholders(1, len(batch))+`) ORDER BY council_id, sector`, batch...)
		if err != nil {
			return fmt.Errorf("read sectors: %w", err)
		}
	}
	return q.fillOrganizations(ctx, organizations...)
}

// Councils reads all councils, the oldest first: public.
func (db *DB) Councils(ctx context.Context) (councils []*Council, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		councils, err = collect(ctx, q, scanCouncil, `SELECT `+councilColumns+` FROM councils ORDER BY created_at, id`)
		if err != nil {
			return fmt.Errorf("read councils: %w", err)
		}
		return q.fillCouncils(ctx, councils)
	})
	return councils, err
}

// CouncilBySlug reads a council by its organization's short name; nil where there is none.
func (db *DB) CouncilBySlug(ctx context.Context, slug string) (council *Council, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, scanCouncil,
			`SELECT `+councilColumns+` FROM councils WHERE id = (SELECT id FROM organizations WHERE slug = $1)`, slug)
		if err != nil || len(found) == 0 {
			return err
		}
		council = found[0]
		return q.fillCouncils(ctx, found)
	})
	return council, err
}

// Council reads a council by its organization's id; nil where that is no council.
func (db *DB) Council(ctx context.Context, id governance.OrganizationID) (*Council, error) {
	found, err := db.CouncilsByID(ctx, []governance.OrganizationID{id})
	return found[id], err
}

// CouncilsByID reads the councils among the organizations: public.
func (db *DB) CouncilsByID(ctx context.Context, ids []governance.OrganizationID) (map[governance.OrganizationID]*Council, error) {
	found := make(map[governance.OrganizationID]*Council, len(ids))
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		for batch := range batches(ids) {
			councils, err := collect(ctx, q, scanCouncil,
				`SELECT `+councilColumns+` FROM councils WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
			if err != nil {
				return fmt.Errorf("read councils: %w", err)
			}
			for _, c := range councils {
				found[c.ID] = c
			}
			if err := q.fillCouncils(ctx, councils); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// EstablishCouncil makes an organization a council. Errors: FORBIDDEN but for the administrator, NOT_FOUND for the
// organization, INVALID for zone or sectors, CONFLICT where it is one already.
func (db *DB) EstablishCouncil(ctx context.Context, actor governance.Actor, in EstablishCouncilInput) (governance.OrganizationID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "establishCouncil", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(in.Organization)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			platform, err := tx.platformSubject(ctx, actor)
			if err != nil {
				return "", err
			}
			if err := platform.permit(ctx, governance.EstablishCouncil); err != nil {
				return "", err
			}
			if err := tx.insertCouncil(ctx, in); err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "COUNCIL_ESTABLISHED", Object: Object{"COUNCIL", string(in.Organization)},
				Role: platform.actingRole(governance.EstablishCouncil),
			})
			return string(in.Organization), err
		}})
	return governance.OrganizationID(id), err
}

func (in EstablishCouncilInput) check() error {
	if _, err := (governance.Calendar{Zone: in.Zone}).Location(); err != nil {
		return governance.Invalid("input.zone", "zone-unknown", "{zone} is not a time zone such as Europe/Riga.", "zone", in.Zone)
	}
	if len(in.Jurisdiction) > 100 {
		return governance.Invalid("input.jurisdiction", "too-many", "A council names at most 100 countries and regions.")
	}
	for i, place := range in.Jurisdiction {
		if !regionForm.MatchString(place) {
			return governance.Invalid(fmt.Sprintf("input.jurisdiction[%d]", i), "region-malformed",
				"{place} is neither a country such as LV nor a NUTS region such as LV006.", "place", place)
		}
	}
	if len(in.Sectors) == 0 || len(in.Sectors) > 100 {
		return governance.Invalid("input.sectors", "sectors-missing", "A council has 1 to 100 sectors.")
	}
	for i, sector := range in.Sectors {
		if err := checkLength(fmt.Sprintf("input.sectors[%d]", i), sector, 1, 80); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) insertCouncil(ctx context.Context, in EstablishCouncilInput) error {
	if err := tx.requireOrganization(ctx, in.Organization); err != nil {
		return err
	}
	council, err := tx.exists(ctx, `SELECT 1 FROM councils WHERE id = $1`, in.Organization)
	if err != nil {
		return fmt.Errorf("look for council %s: %w", in.Organization, err)
	}
	if council {
		return governance.Refuse(governance.CodeConflict, "council-exists", "This organization is a council already.")
	}
	jurisdiction, err := json.Marshal(slices.Concat([]string{}, in.Jurisdiction))
	if err != nil {
		return fmt.Errorf("encode jurisdiction: %w", err)
	}
	_, err = tx.exec(ctx, `INSERT INTO councils (id, jurisdiction, zone, created_at) VALUES ($1, $2, $3, $4)`,
		in.Organization, string(jurisdiction), in.Zone, tx.now)
	if err != nil {
		return fmt.Errorf("insert council: %w", err)
	}
	for _, sector := range slices.Compact(slices.Sorted(slices.Values(in.Sectors))) {
		_, err := tx.exec(ctx, `INSERT INTO council_sectors (council_id, sector) VALUES ($1, $2)`, in.Organization, sector)
		if err != nil {
			return fmt.Errorf("insert sector: %w", err)
		}
	}
	return nil
}

// CouncilMay says what the viewer may do to a council.
func (db *DB) CouncilMay(ctx context.Context, actor governance.Actor, id governance.OrganizationID) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.councilSubject(ctx, actor, id) })
}
