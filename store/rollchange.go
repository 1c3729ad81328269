package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"concordat/governance"
)

// ApplyToRoll asks for a place on a council's roll. Errors: NOT_FOUND, FORBIDDEN, INVALID, CONFLICT where the
// organization is on it or has asked already.
func (db *DB) ApplyToRoll(ctx context.Context, actor governance.Actor, in ApplyToRollInput) (governance.RollEntryID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	entry := newEntry{id: in.ID, council: in.Council, organization: actor.Organization, chamber: in.Chamber,
		state: governance.RollApplied, ground: in.Ground, weight: "1"}
	if err := entry.check(); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "applyToRoll", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(in.Council)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.councilSubject(ctx, actor, in.Council)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.ApplyToRoll); err != nil {
				return "", err
			}
			return tx.insertRollEntry(ctx, entry, "ROLL_APPLIED", s.actingRole(governance.ApplyToRoll))
		}})
	return governance.RollEntryID(id), err
}

// AdmitToRoll puts an organization on the roll, or answers its application, with a public ground. Errors: NOT_FOUND,
// FORBIDDEN, INVALID, CONFLICT where it is on it or a ballot is open.
func (db *DB) AdmitToRoll(ctx context.Context, actor governance.Actor, in AdmitToRollInput) (governance.RollEntryID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	entry := newEntry{id: in.ID, council: in.Council, organization: in.Organization, chamber: in.Chamber,
		state: governance.RollActive, ground: in.Ground, weight: in.Weight}
	if entry.weight == "" {
		entry.weight = "1"
	}
	if err := entry.check(); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "admitToRoll", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(in.Council)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.councilSubject(ctx, actor, in.Council)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.AdmitToRoll); err != nil {
				return "", err
			}
			return tx.admit(ctx, entry, s.actingRole(governance.AdmitToRoll))
		}})
	return governance.RollEntryID(id), err
}

// newEntry is an entry about to stand on a roll.
type newEntry struct {
	id           governance.RollEntryID
	council      governance.OrganizationID
	organization governance.OrganizationID
	chamber      governance.Chamber
	state        governance.RollState
	ground       string
	weight       string
}

func (e newEntry) check() error {
	if e.id != "" {
		if err := CheckID("input.id", string(e.id)); err != nil {
			return err
		}
	}
	weight, err := governance.ParseRatio(e.weight)
	if err != nil || weight.Rat().Sign() < 0 {
		return governance.Invalid("input.weight", "weight-malformed", "A weight is an integer, a fraction such as 2/3 or a decimal, zero or more.")
	}
	return checkReason("input.ground", e.ground)
}

// admit answers a standing application, or writes a new entry.
func (tx *Tx) admit(ctx context.Context, e newEntry, role governance.Role) (string, error) {
	if err := tx.requireOrganization(ctx, e.organization); err != nil {
		return "", err
	}
	var applied governance.RollEntryID
	err := tx.queryRow(ctx, `SELECT id FROM roll_entries WHERE council_id = $1 AND organization_id = $2 AND state = 'APPLIED'`,
		e.council, e.organization).Scan(&applied)
	if errors.Is(err, sql.ErrNoRows) {
		return tx.insertRollEntry(ctx, e, "ROLL_ADMITTED", role)
	}
	if err != nil {
		return "", fmt.Errorf("look for an application: %w", err)
	}
	if err := tx.checkChamber(ctx, e.council, e.chamber); err != nil {
		return "", err
	}
	_, err = tx.exec(ctx, `
		UPDATE roll_entries SET state = 'ACTIVE', chamber = $2, ground = $3, weight = $4, from_at = $5 WHERE id = $1 AND state = 'APPLIED'`,
		applied, e.chamber, e.ground, e.weight, tx.now)
	if err != nil {
		return "", fmt.Errorf("admit to the roll: %w", err)
	}
	return string(applied), tx.tellRoll(ctx, "ROLL_ADMITTED", &RollEntry{ID: applied, Organization: &Organization{ID: e.organization}, Ground: e.ground, Chamber: e.chamber}, role)
}

// checkChamber keeps the roll to the chambers of the charter in force, and before there is one to those that a council
// starts from.
func (tx *Tx) checkChamber(ctx context.Context, council governance.OrganizationID, chamber governance.Chamber) error {
	charter, err := tx.charterInForce(ctx, council)
	if err != nil {
		return err
	}
	chambers := governance.Chambers
	if charter != nil {
		chambers = charter.Body.Chambers
	}
	if !slices.Contains(chambers, chamber) {
		return governance.Invalid("input.chamber", "chamber-unknown", "The council's charter has no chamber {chamber}.", "chamber", string(chamber))
	}
	return nil
}

func (tx *Tx) insertRollEntry(ctx context.Context, e newEntry, act string, role governance.Role) (string, error) {
	if err := tx.checkChamber(ctx, e.council, e.chamber); err != nil {
		return "", err
	}
	standing, err := tx.exists(ctx, `
		SELECT 1 FROM roll_entries WHERE council_id = $1 AND organization_id = $2 AND state IN ('APPLIED', 'ACTIVE', 'SUSPENDED')`,
		e.council, e.organization)
	if err != nil {
		return "", fmt.Errorf("look for an entry: %w", err)
	}
	if standing {
		return "", governance.Refuse(governance.CodeConflict, "on-the-roll", "The organization is on this roll, or has asked to be, already.")
	}
	if e.id == "" {
		e.id = governance.RollEntryID(tx.newID())
	} else if err := tx.requireFree(ctx, "roll_entries", string(e.id)); err != nil {
		return "", err
	}
	var from any
	if e.state == governance.RollActive {
		from = tx.now
	}
	_, err = tx.exec(ctx, `
		INSERT INTO roll_entries (id, council_id, organization_id, chamber, state, ground, weight, from_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.id, e.council, e.organization, e.chamber, e.state, e.ground, e.weight, from, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert roll entry: %w", err)
	}
	return string(e.id), tx.tellRoll(ctx, act, &RollEntry{ID: e.id, Organization: &Organization{ID: e.organization}, Ground: e.ground, Chamber: e.chamber}, role)
}

// tellRoll writes the act of a change: whose entry it is, its ground, and the chamber that the entry is in from then on.
func (tx *Tx) tellRoll(ctx context.Context, act string, e *RollEntry, role governance.Role) error {
	_, err := tx.appendAct(ctx, Act{
		Type: act, Object: Object{"ROLL_ENTRY", string(e.ID)}, Role: role,
		Words: map[string]string{"organization": string(e.Organization.ID), "chamber": string(e.Chamber)},
		Texts: map[string]string{"ground": e.Ground},
	})
	return err
}

// SuspendRollEntry keeps an organization from taking new steps under a council's rules; its place in an open ballot and
// its statements stand.
func (db *DB) SuspendRollEntry(ctx context.Context, actor governance.Actor, in SuspendRollEntryInput) (governance.RollEntryID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	return db.changeRoll(ctx, actor, repeat, rollChange{name: "suspendRollEntry", step: governance.SuspendRollEntry, act: "ROLL_SUSPENDED",
		entry: in.RollEntry, ground: in.Ground, from: []governance.RollState{governance.RollActive}, to: governance.RollSuspended})
}

// ReinstateRollEntry lifts a suspension.
func (db *DB) ReinstateRollEntry(ctx context.Context, actor governance.Actor, in ReinstateRollEntryInput) (governance.RollEntryID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	return db.changeRoll(ctx, actor, repeat, rollChange{name: "reinstateRollEntry", step: governance.ReinstateRollEntry, act: "ROLL_REINSTATED",
		entry: in.RollEntry, ground: in.Ground, from: []governance.RollState{governance.RollSuspended}, to: governance.RollActive})
}

// EndRollEntry takes an organization off the roll, or refuses its application.
func (db *DB) EndRollEntry(ctx context.Context, actor governance.Actor, in EndRollEntryInput) (governance.RollEntryID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	return db.changeRoll(ctx, actor, repeat, rollChange{name: "endRollEntry", step: governance.EndRollEntry, act: "ROLL_ENDED",
		entry: in.RollEntry, ground: in.Ground, to: governance.RollEnded,
		from: []governance.RollState{governance.RollApplied, governance.RollActive, governance.RollSuspended}})
}

// ChangeChamber moves an organization to another chamber of the roll.
func (db *DB) ChangeChamber(ctx context.Context, actor governance.Actor, in ChangeChamberInput) (governance.RollEntryID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	return db.changeRoll(ctx, actor, repeat, rollChange{name: "changeChamber", step: governance.ChangeChamber, act: "ROLL_CHAMBER_CHANGED",
		entry: in.RollEntry, ground: in.Ground, chamber: in.Chamber,
		from: []governance.RollState{governance.RollActive, governance.RollSuspended}})
}

// rollChange is what the steps on an entry differ in.
type rollChange struct {
	name    string
	step    governance.Step
	act     string
	entry   governance.RollEntryID
	ground  string
	from    []governance.RollState
	to      governance.RollState // empty: as it was
	chamber governance.Chamber   // empty: as it was
}

// changeRoll takes one of the steps on an entry. Errors: NOT_FOUND, FORBIDDEN, INVALID without a ground, CONFLICT for the
// entry's state or an open ballot.
func (db *DB) changeRoll(ctx context.Context, actor governance.Actor, repeat Repeat, change rollChange) (governance.RollEntryID, error) {
	if err := checkReason("input.ground", change.ground); err != nil {
		return "", err
	}
	entry, err := db.RollEntry(ctx, change.entry)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: change.name, actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(entry.Council.ID)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			e, err := tx.rollEntry(ctx, change.entry)
			if err != nil {
				return "", err
			}
			s, err := tx.rollEntrySubject(ctx, actor, e)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, change.step); err != nil {
				return "", err
			}
			return string(e.ID), tx.writeRollChange(ctx, e, change, s.actingRole(change.step))
		}})
	return governance.RollEntryID(id), err
}

func (tx *Tx) writeRollChange(ctx context.Context, e *RollEntry, change rollChange, role governance.Role) error {
	if !slices.Contains(change.from, e.State) {
		return governance.Refuse(governance.CodeConflict, "roll-state", "The entry is {state}.", "state", string(e.State))
	}
	if change.to == "" {
		change.to = e.State
	}
	if change.chamber == "" {
		change.chamber = e.Chamber
	} else if err := tx.checkChamber(ctx, e.Council.ID, change.chamber); err != nil {
		return err
	}
	until := e.UntilAt
	switch {
	case change.to == governance.RollEnded && e.State == governance.RollApplied:
		change.to, change.act = governance.RollRefused, "ROLL_REFUSED"
	case change.to == governance.RollEnded:
		until = &tx.now
	}
	_, err := tx.exec(ctx, `UPDATE roll_entries SET state = $2, chamber = $3, ground = $4, until_at = $5 WHERE id = $1`,
		e.ID, change.to, change.chamber, change.ground, until)
	if err != nil {
		return fmt.Errorf("change roll entry: %w", err)
	}
	return tx.tellRoll(ctx, change.act, &RollEntry{ID: e.ID, Organization: e.Organization, Ground: change.ground, Chamber: change.chamber}, role)
}
