package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// StagePeriod is how long an edition was in a stage: from the moment that it came there to that of the next one.
type StagePeriod struct {
	Stage    governance.Stage
	From     time.Time
	To       *time.Time // none: it still is
	Reason   string
	Decision string // of the council, where the step needed one
}

// insertStage keeps that an edition came to a stage.
func (tx *Tx) insertStage(ctx context.Context, edition governance.EditionID, m move) error {
	_, err := tx.exec(ctx, `
		INSERT INTO edition_stages (edition_id, number, stage, entered_at, reason, decision)
		SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5
		FROM edition_stages
		WHERE edition_id = $1`, edition, m.to, m.at, m.reason, m.decision)
	if err != nil {
		return fmt.Errorf("keep that edition %s came to %s: %w", edition, m.to, err)
	}
	return nil
}

// StagesOf reads the stages that an edition which the actor was shown has passed, in their order.
func (db *DB) StagesOf(ctx context.Context, edition governance.EditionID) (periods []*StagePeriod, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		periods, err = q.stagesOf(ctx, edition)
		return err
	})
	return periods, err
}

func (q *Query) stagesOf(ctx context.Context, edition governance.EditionID) ([]*StagePeriod, error) {
	periods, err := collect(ctx, q, func(row scanner) (*StagePeriod, error) {
		var p StagePeriod
		return &p, row.Scan(&p.Stage, at(&p.From), atOrNil(&p.To), &p.Reason, &p.Decision)
	}, `
		SELECT stage, entered_at, LEAD(entered_at) OVER (ORDER BY number), reason, decision
		FROM edition_stages
		WHERE edition_id = $1
		ORDER BY number`, edition)
	if err != nil {
		return nil, fmt.Errorf("read the stages of edition %s: %w", edition, err)
	}
	return periods, nil
}
