package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
)

// Consultation is a period in which comments are invited, as it is read.
type Consultation struct {
	ID        governance.ConsultationID
	EditionID governance.EditionID
	Revision  governance.RevisionID
	State     governance.ConsultationState
	IsPublic  bool
	OpenedAt  time.Time
	ClosesAt  time.Time
	ClosedAt  *time.Time
	Reason    string

	edition *Edition // where it was read along
}

const consultationColumns = `
	id,
	edition_id,
	revision_id,
	state,
	is_public,
	opened_at,
	closes_at,
	closed_at,
	reason`

func scanConsultation(row scanner) (*Consultation, error) {
	var c Consultation
	err := row.Scan(&c.ID, &c.EditionID, &c.Revision, &c.State, &c.IsPublic, at(&c.OpenedAt), at(&c.ClosesAt),
		atOrNil(&c.ClosedAt), &c.Reason)
	if err != nil {
		return nil, err
	}
	return &c, nil
}

// over says whether the deadline has passed, whether or not the clock has closed the consultation yet.
func (c *Consultation) over(now time.Time) bool {
	return c.State != governance.ConsultationOpen || !now.Before(c.ClosesAt)
}

// lastConsultation reads the newest consultation on an edition that was not recalled; nil where there is none.
func (q *Query) lastConsultation(ctx context.Context, e *Edition) (*Consultation, error) {
	found, err := collect(ctx, q, scanConsultation, `SELECT `+consultationColumns+` FROM consultations
		WHERE edition_id = $1 AND state <> 'RECALLED'
		ORDER BY opened_at DESC, id DESC
		LIMIT 1`, e.ID)
	if err != nil {
		return nil, fmt.Errorf("read the consultation on %s: %w", e.ID, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

// consultationOver says whether there was a consultation on an edition, and the deadline of the newest has passed.
func (q *Query) consultationOver(ctx context.Context, e *Edition) (bool, error) {
	var last Consultation
	err := q.queryRow(ctx, `
		SELECT state, closes_at
		FROM consultations
		WHERE edition_id = $1 AND state <> 'RECALLED'
		ORDER BY opened_at DESC, id DESC
		LIMIT 1`, e.ID).Scan(&last.State, at(&last.ClosesAt))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the consultation on %s: %w", e.ID, err)
	}
	return last.over(q.now), nil
}

// Consultations lists the consultations on an edition that the actor was shown, the newest first.
func (db *DB) Consultations(ctx context.Context, e *Edition) ([]*Consultation, error) {
	var consultations []*Consultation
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		consultations, err = collect(ctx, q, scanConsultation, `SELECT `+consultationColumns+` FROM consultations
			WHERE edition_id = $1
			ORDER BY opened_at DESC, id DESC`, e.ID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the consultations on %s: %w", e.ID, err)
	}
	for _, c := range consultations {
		c.edition = e
	}
	return consultations, nil
}

// Consultation reads a consultation. NOT_FOUND where the actor may not see the edition.
func (db *DB) Consultation(ctx context.Context, actor governance.Actor, id governance.ConsultationID) (*Consultation, error) {
	var c *Consultation
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		found, err := collect(ctx, q, scanConsultation, `SELECT `+consultationColumns+` FROM consultations WHERE id = $1`, id)
		if err != nil {
			return fmt.Errorf("read consultation: %w", err)
		}
		if len(found) == 0 {
			return governance.NotFound("consultation", string(id))
		}
		c = found[0]
		if c.edition, err = q.edition(ctx, c.EditionID); err != nil {
			return err
		}
		viewer, err := q.lookAt(ctx, s, c.edition)
		if err != nil {
			return err
		}
		if !viewer.sees {
			return governance.NotFound("consultation", string(id))
		}
		c.edition.viewer = &viewer
		return q.fillEditions(ctx, s, nil, c.edition)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// EditionOf answers the edition of a consultation where it was read along with it; nil where not.
func (c *Consultation) EditionOf() *Edition { return c.edition }

// unmetPublicConsultation refuses somebody who speaks for nobody outside an open public consultation.
func (q *Query) unmetPublicConsultation(ctx context.Context, s standing, e *Edition) (*governance.Error, error) {
	if s.organization != "" {
		return nil, nil
	}
	last, err := q.lastConsultation(ctx, e)
	if err != nil || last != nil && last.IsPublic && !last.over(q.now) {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "no-public-consultation",
		"No public consultation is open; outside one, organizations comment."), nil
}

// unmetChangedSince refuses an objection after the close to what was not changed since.
func (q *Query) unmetChangedSince(ctx context.Context, e *Edition, path string) (*governance.Error, error) {
	if e.Stage == governance.StageDrafting {
		return nil, nil
	}
	last, err := q.lastConsultation(ctx, e)
	if err != nil || last == nil || !last.over(q.now) {
		return nil, err
	}
	consulted, err := q.revision(ctx, last.Revision)
	if err != nil {
		return nil, err
	}
	before, err := q.document(ctx, consulted.ID, consulted.Digest)
	if err != nil {
		return nil, err
	}
	now, err := q.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return nil, err
	}
	if governance.Touched(governance.Diff(before, now), path) {
		return nil, nil
	}
	return governance.Refuse(governance.CodeConflict, "unchanged-since",
		"The consultation is over, and the text at this place has not changed since."), nil
}
