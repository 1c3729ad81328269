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
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, scanPosition, `SELECT `+positionColumns+` FROM positions WHERE id = $1`, id)
		if err != nil {
			return fmt.Errorf("read position: %w", err)
		}
		if len(found) == 0 {
			return governance.NotFound("position", string(id))
		}
		p = found[0]
		b, err := q.visibleBallot(ctx, actor, p.BallotID)
		if governance.CodeOf(err) == governance.CodeNotFound {
			return governance.NotFound("position", string(id))
		}
		if err != nil {
			return err
		}
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		if !b.shows() && s.organization != p.Organization.ID {
			return governance.NotFound("position", string(id))
		}
		return q.fillOrganizations(ctx, p.Organization)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
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

// unmetNoPosition refuses to take a position twice.
func (q *Query) unmetNoPosition(ctx context.Context, s standing, b *Ballot) (*governance.Error, error) {
	count, err := q.positionCountOf(ctx, b.ID, s.organization)
	if err != nil || count == 0 {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "position-taken",
		"Your organization has taken a position in this ballot; it may be changed."), nil
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
