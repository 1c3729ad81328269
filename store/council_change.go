package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"concordat/governance"
)

// ChangeCouncil changes a council's jurisdiction, sectors and zone. Deadlines that are set stay the instants that they are.
// Errors: FORBIDDEN but for the administrator, NOT_FOUND, INVALID as for establishing one, CONFLICT where a sector would
// lose its council while an edition is open there, or where nothing changes.
func (db *DB) ChangeCouncil(ctx context.Context, actor governance.Actor, in ChangeCouncilInput) (governance.OrganizationID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := checkReason("input.ground", in.Ground); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "changeCouncil", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(in.Council)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.councilSubject(ctx, actor, in.Council)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.ChangeCouncil); err != nil {
				return "", err
			}
			if err := tx.changeCouncil(ctx, in); err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "COUNCIL_CHANGED", Object: Object{"COUNCIL", string(in.Council)}, Role: s.actingRole(governance.ChangeCouncil),
				Texts: map[string]string{"ground": in.Ground},
			})
			return string(in.Council), err
		}})
	return governance.OrganizationID(id), err
}

// changeCouncil writes what is said; what is not said stays.
func (tx *Tx) changeCouncil(ctx context.Context, in ChangeCouncilInput) error {
	found, err := collect(ctx, tx.Query, scanCouncil, `SELECT `+councilColumns+` FROM councils WHERE id = $1`, in.Council)
	if err != nil {
		return fmt.Errorf("read the council: %w", err)
	}
	if err := tx.fillCouncils(ctx, found); err != nil {
		return err
	}
	was := found[0]
	next := EstablishCouncilInput{Organization: in.Council, Jurisdiction: was.Jurisdiction, Sectors: was.Sectors, Zone: was.Zone}
	if in.Jurisdiction != nil {
		next.Jurisdiction = in.Jurisdiction
	}
	if in.Sectors != nil {
		next.Sectors = slices.Compact(slices.Sorted(slices.Values(in.Sectors)))
	}
	if in.Zone != "" {
		next.Zone = in.Zone
	}
	if err := next.check(); err != nil {
		return err
	}
	if slices.Equal(next.Jurisdiction, was.Jurisdiction) && slices.Equal(next.Sectors, was.Sectors) && next.Zone == was.Zone {
		return governance.Refuse(governance.CodeConflict, "unchanged", "The council is so already.")
	}
	if err := tx.changeSectors(ctx, in.Council, was.Sectors, next.Sectors); err != nil {
		return err
	}
	jurisdiction, err := json.Marshal(slices.Concat([]string{}, next.Jurisdiction))
	if err != nil {
		return fmt.Errorf("encode jurisdiction: %w", err)
	}
	_, err = tx.exec(ctx, `UPDATE councils SET jurisdiction = $2, zone = $3 WHERE id = $1`, in.Council, string(jurisdiction), next.Zone)
	if err != nil {
		return fmt.Errorf("change council: %w", err)
	}
	return nil
}

// changeSectors gives and takes sectors. An edition is of a council and not of one of its sectors, so that none is taken
// while any of the council's editions is open.
func (tx *Tx) changeSectors(ctx context.Context, council governance.OrganizationID, was, next []string) error {
	for _, sector := range was {
		if slices.Contains(next, sector) {
			continue
		}
		if err := tx.requireNoOpenEditionOf(ctx, council, sector); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `DELETE FROM council_sectors WHERE council_id = $1 AND sector = $2`, council, sector)
		if err != nil {
			return fmt.Errorf("take sector %s: %w", sector, err)
		}
	}
	for _, sector := range next {
		_, err := tx.exec(ctx, `
			INSERT INTO council_sectors (council_id, sector)
			VALUES ($1, $2)
			ON CONFLICT (council_id, sector) DO NOTHING`, council, sector)
		if err != nil {
			return fmt.Errorf("give sector %s: %w", sector, err)
		}
	}
	return nil
}

func (tx *Tx) requireNoOpenEditionOf(ctx context.Context, council governance.OrganizationID, sector string) error {
	args := []any{council}
	for _, stage := range governance.EditionStages {
		if stage.Open() {
			args = append(args, stage)
		}
	}
	open, err := tx.exists(ctx, `
		SELECT 1
		FROM editions e
		JOIN specifications s ON s.id = e.specification_id
		WHERE s.council_id = $1 AND e.stage IN (`+placeholders(2, len(args)-1)+`)
		LIMIT 1`, args...)
	if err != nil {
		return fmt.Errorf("look for open editions: %w", err)
	}
	if !open {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "edition-open",
		"The sector {sector} cannot lose its council while an edition is open there.", "sector", sector)
}
