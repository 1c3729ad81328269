package store

import (
	"context"
	"errors"
	"fmt"

	"concordat/governance"
)

// endorser is a body whose endorsement of the approved text stands now. The chamber is its place on the roll now, empty
// where it has none.
type endorser struct {
	organization governance.OrganizationID
	chamber      governance.Chamber
}

// endorsers reads whose endorsements of the approved text stand. What a suspended body has said stands.
func (q *Query) endorsers(ctx context.Context, e *Edition) ([]endorser, error) {
	found, err := collect(ctx, q, func(row scanner) (endorser, error) {
		var one endorser
		return one, row.Scan(&one.organization, &one.chamber)
	}, `
		SELECT DISTINCT s.organization_id, COALESCE(r.chamber, '')
		FROM statements s
		LEFT JOIN roll_entries r ON r.organization_id = s.organization_id AND r.council_id = $4
			AND r.state IN ('ACTIVE', 'SUSPENDED')
		WHERE s.edition_id = $1 AND s.digest = $2 AND s.kind = 'ENDORSEMENT' AND s.state = 'GIVEN' AND s.lapsed_at IS NULL
			AND (s.valid_until IS NULL OR s.valid_until > $3)`,
		e.ID, e.ApprovedDigest, q.now, e.CouncilID)
	if err != nil {
		return nil, fmt.Errorf("read the endorsements of edition %s: %w", e.ID, err)
	}
	return found, nil
}

// endorsed says whether every endorsement that the edition's charter asks for stands.
func (q *Query) endorsed(ctx context.Context, e *Edition) (bool, error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil {
		return false, err
	}
	given, err := q.endorsers(ctx, e)
	if err != nil {
		return false, err
	}
	for _, asked := range charter.Body.Endorsements {
		count := 0
		for _, one := range given {
			if one.chamber == asked.By || asked.By == governance.EndorsedByCouncil && one.organization == e.CouncilID {
				count++
			}
		}
		if count < asked.AtLeast {
			return false, nil
		}
	}
	return true, nil
}

// weighEndorsements moves an approved edition to ENDORSED where every endorsement asked for stands, and an endorsed one
// back where one is missing; a published one stays and lapses, or is whole again. It answers the stage afterwards.
func (tx *Tx) weighEndorsements(ctx context.Context, e *Edition) (governance.Stage, error) {
	published := e.Stage.Lapses()
	if !published && e.Stage != governance.StageApproved && e.Stage != governance.StageEndorsed {
		return e.Stage, nil
	}
	endorsed, err := tx.endorsed(ctx, e)
	if err != nil {
		return "", err
	}
	if published {
		return e.Stage, tx.weighPublication(ctx, e, endorsed)
	}
	m := move{to: governance.StageApproved, at: tx.now, reason: "An endorsement that the charter asks for stands no more."}
	if endorsed {
		m = move{to: governance.StageEndorsed, at: tx.now}
	}
	if m.to == e.Stage {
		return e.Stage, nil
	}
	return m.to, tx.setStage(ctx, e, m)
}

// expireEndorsements tells, as the clock, of each endorsement that has expired, and moves an edition back, or lets its
// publication lapse, where the charter asks for it.
func (db *DB) expireEndorsements(ctx context.Context) error {
	var due []governance.StatementID
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		due, err = collect(ctx, q, func(row scanner) (governance.StatementID, error) {
			var id governance.StatementID
			return id, row.Scan(&id)
		}, `
			SELECT s.id
			FROM statements s
			JOIN editions e ON e.id = s.edition_id
			WHERE `+expiring+` AND s.valid_until <= $1
			ORDER BY s.valid_until, s.id`, q.now)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for endorsements that have expired: %w", err)
	}
	var failed []error
	for _, id := range due {
		if err := db.expireEndorsement(ctx, id); err != nil && !alreadyTaken(err) {
			failed = append(failed, fmt.Errorf("let endorsement %s expire: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

// expiring says of a statement s on an edition e that it is an endorsement whose end the clock will take note of.
const expiring = `s.state = 'GIVEN' AND s.kind = 'ENDORSEMENT' AND s.lapsed_at IS NULL AND s.expired_at IS NULL
				AND s.valid_until IS NOT NULL AND e.stage IN ('APPROVED', 'ENDORSED', 'PUBLISHED', 'SUPERSEDED', 'SUSPENDED')`

func (db *DB) expireEndorsement(ctx context.Context, id governance.StatementID) error {
	above, err := db.statementRoot(ctx, id)
	if err != nil {
		return err
	}
	_, err = db.take(ctx, step{
		name: "expireEndorsement", actor: governance.ClockActor, roots: []root{above},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			statement, err := tx.statement(ctx, id)
			if err != nil {
				return "", err
			}
			changed, err := tx.exec(ctx, `
				UPDATE statements
				SET expired_at = $2
				WHERE id = $1 AND state = 'GIVEN' AND lapsed_at IS NULL AND expired_at IS NULL AND valid_until <= $2`, id, tx.now)
			if err != nil {
				return "", fmt.Errorf("take note of the end of %s: %w", id, err)
			}
			if changed == 0 {
				return "", governance.Refuse(governance.CodeConflict, "not-due", "The endorsement does not expire now.")
			}
			e, err := tx.edition(ctx, statement.EditionID)
			if err != nil {
				return "", err
			}
			stage, err := tx.weighEndorsements(ctx, e)
			if err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "ENDORSEMENT_EXPIRED", Object: Object{"STATEMENT", string(id)},
				Digests: map[string]governance.Digest{"document": statement.Digest},
				Words:   map[string]string{"stage": string(stage)},
			})
			return string(id), err
		}})
	return err
}
