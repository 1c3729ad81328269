package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
)

// Position is what an organization takes in a ballot, as it is read.
type Position struct {
	ID           governance.PositionID
	BallotID     governance.BallotID
	Organization *Organization
	Position     governance.Position
	Reason       string
	Remedy       string
	Comment      string
	Number       int
	TakenAt      time.Time
}

const positionColumns = `
	id,
	ballot_id,
	organization_id,
	position,
	reason,
	remedy,
	comment,
	number,
	taken_at`

// scanPosition reads positionColumns; the organization carries its id alone.
func scanPosition(row scanner) (*Position, error) {
	p := Position{Organization: &Organization{}}
	err := row.Scan(&p.ID, &p.BallotID, &p.Organization.ID, &p.Position, &p.Reason, &p.Remedy, &p.Comment, &p.Number,
		at(&p.TakenAt))
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// Position reads a position ever taken. NOT_FOUND where the actor may not see its ballot, and while positions are secret
// to all but the organization's own.
func (db *DB) Position(ctx context.Context, actor governance.Actor, id governance.PositionID) (*Position, error) {
	var p *Position
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		if p, _, err = q.visiblePosition(ctx, actor, id); err != nil {
			return err
		}
		return q.fillOrganizations(ctx, p.Organization)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Taken is what a step on a position answers with.
type Taken struct {
	Position *Position
	Receipt  *PositionReceipt // nil where it is not wanted
	Ballot   *Ballot          // nil where it is not wanted
}

// Taken reads what a position was taken with, at one moment: what is wanted of "position", "receipt" and "ballot". NOT_FOUND
// as Position.
func (db *DB) Taken(ctx context.Context, actor governance.Actor, id governance.PositionID, fields Fields) (t Taken, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		position, ballot, err := q.visiblePosition(ctx, actor, id)
		if err != nil {
			return err
		}
		t.Position = position
		if !fields.Of("position").spares("organization") {
			if err := q.fillOrganizations(ctx, position.Organization); err != nil {
				return err
			}
		}
		if !fields.spares("receipt") {
			if t.Receipt, err = q.receipt(ctx, receiptOfPosition, string(id)); err != nil {
				return err
			}
		}
		if fields.spares("ballot") {
			return nil
		}
		t.Ballot = ballot
		return q.fillBallots(ctx, fields.Of("ballot"), ballot)
	})
	return t, err
}

// visiblePosition reads a position ever taken, and its ballot. NOT_FOUND where the actor may not see the ballot, and while
// positions are secret to all but the organization's own.
func (q *Query) visiblePosition(ctx context.Context, actor governance.Actor, id governance.PositionID) (*Position, *Ballot, error) {
	missing := governance.NotFound("position", string(id))
	found, err := collect(ctx, q, scanPosition, `SELECT `+positionColumns+` FROM positions WHERE id = $1`, id)
	if err != nil {
		return nil, nil, fmt.Errorf("read position: %w", err)
	}
	if len(found) == 0 {
		return nil, nil, missing
	}
	b, s, err := q.ballotBefore(ctx, actor, found[0].BallotID)
	if governance.CodeOf(err) == governance.CodeNotFound {
		return nil, nil, missing
	}
	if err != nil {
		return nil, nil, err
	}
	if !b.shows() && s.organization != found[0].Organization.ID {
		return nil, nil, missing
	}
	return found[0], b, nil
}

// MyPosition reads what the acting organization takes in a ballot that the actor was shown; nil where it takes none.
func (db *DB) MyPosition(ctx context.Context, actor governance.Actor, ballot governance.BallotID) (p *Position, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil || s.organization == "" {
			return err
		}
		found, err := collect(ctx, q, scanPosition,
			`SELECT `+positionColumns+` FROM positions WHERE ballot_id = $1 AND organization_id = $2 AND is_latest = 1`,
			ballot, s.organization)
		if err != nil || len(found) == 0 {
			return err
		}
		p = found[0]
		return q.fillOrganizations(ctx, p.Organization)
	})
	if err != nil {
		return nil, fmt.Errorf("read the organization's position: %w", err)
	}
	return p, nil
}

// positionCountOf is how many positions the organization has taken in the ballot, changes included.
func (q *Query) positionCountOf(ctx context.Context, ballot governance.BallotID, organization governance.OrganizationID) (int, error) {
	var count int
	err := q.queryRow(ctx, `SELECT COALESCE(MAX(number), 0) FROM positions WHERE ballot_id = $1 AND organization_id = $2`,
		ballot, organization).Scan(&count)
	if err != nil {
		return 0, fmt.Errorf("count the organization's positions: %w", err)
	}
	return count, nil
}

// unmetNoPosition refuses to take a position twice, and tells the one that counts.
func (q *Query) unmetNoPosition(ctx context.Context, s standing, b *Ballot) (*governance.Error, error) {
	var position governance.Position
	var takenAt time.Time
	var person string
	err := q.queryRow(ctx, `
		SELECT p.position, p.taken_at, CASE WHEN w.erased_at IS NULL THEN w.name ELSE '' END
		FROM positions p
		JOIN persons w ON w.id = p.person_id
		WHERE p.ballot_id = $1 AND p.organization_id = $2 AND p.is_latest = 1`, b.ID, s.organization).
		Scan(&position, at(&takenAt), &person)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the organization's position: %w", err)
	}
	return governance.Refuse(governance.CodeConflict, "position-taken",
		"Your organization has taken a position in this ballot: {position}, at {takenAt}. It may be changed.",
		"position", string(position), "takenAt", formatTime(takenAt), "person", person), nil
}

// unmetPosition refuses to change a position where there is none.
func (q *Query) unmetPosition(ctx context.Context, s standing, b *Ballot) (*governance.Error, error) {
	count, err := q.positionCountOf(ctx, b.ID, s.organization)
	if err != nil || count > 0 {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "no-position", "Your organization has taken no position in this ballot yet."), nil
}

// spokeFor is the organization for which the person spoke in the ballot; empty where it did not speak.
func (q *Query) spokeFor(ctx context.Context, ballot governance.BallotID, person governance.PersonID) (governance.OrganizationID, error) {
	var organization governance.OrganizationID
	err := q.queryRow(ctx, `SELECT organization_id FROM ballot_speakers WHERE ballot_id = $1 AND person_id = $2`,
		ballot, person).Scan(&organization)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("look for whom the person spoke: %w", err)
	}
	return organization, nil
}

// unmetOneOrganization refuses a person who has spoken for another organization in this ballot.
func (q *Query) unmetOneOrganization(ctx context.Context, s standing, b *Ballot) (*governance.Error, error) {
	spoke, err := q.spokeFor(ctx, b.ID, s.actor.Person)
	if err != nil || spoke == "" || spoke == s.organization {
		return nil, err
	}
	return governance.Refuse(governance.CodeForbidden, "spoke-for-another",
		"You have spoken for another organization in this ballot; one person speaks for one."), nil
}
