package store

import (
	"context"
	"fmt"
	"time"
)

// How long idempotency keys are kept, and how many of them one tick of the clock forgets: a step waits behind no more.
const (
	keptKeys      = 30 * 24 * time.Hour
	forgottenKeys = 500
)

// forgetKeys forgets idempotency keys that nobody will repeat any more, the oldest first and a bounded number at a time.
// A step that is repeated later is a step of its own. What the clock takes once, it takes once all the same: the state of
// what fell due says so.
func (db *DB) forgetKeys(ctx context.Context) error {
	var old bool
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		old, err = q.exists(ctx, `SELECT 1 FROM idempotency_keys WHERE created_at <= $1 LIMIT 1`, q.now.Add(-keptKeys))
		return err
	})
	if err == nil && old {
		err = db.write(ctx, "forgetKeys", func(ctx context.Context, tx *Tx) error {
			_, err := tx.exec(ctx, `
				DELETE FROM idempotency_keys
				WHERE (person_id, organization_id, mutation, key) IN (
					SELECT person_id, organization_id, mutation, key
					FROM idempotency_keys
					WHERE created_at <= $1
					ORDER BY created_at
					LIMIT $2
				)`, tx.now.Add(-keptKeys), forgottenKeys)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("forget idempotency keys: %w", err)
	}
	return nil
}
