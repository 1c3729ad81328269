package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// KeepSetting stores value under name if nothing is stored there yet, and answers what is: a thing that is decided at
// the first start and kept, such as the public address.
func (db *DB) KeepSetting(ctx context.Context, name, value string) (string, error) {
	kept := value
	err := db.write(ctx, "keepSetting", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			INSERT INTO settings (name, value, created_at)
			VALUES ($1, $2, $3)
			ON CONFLICT (name) DO NOTHING`, name, value, tx.now)
		if err != nil {
			return err
		}
		return tx.queryRow(ctx, `SELECT value FROM settings WHERE name = $1`, name).Scan(&kept)
	})
	if err != nil {
		return "", fmt.Errorf("keep setting %s: %w", name, err)
	}
	return kept, nil
}

// Setting answers what is stored under name, or "".
func (db *DB) Setting(ctx context.Context, name string) (string, error) {
	var value string
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		return q.queryRow(ctx, `SELECT value FROM settings WHERE name = $1`, name).Scan(&value)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read setting %s: %w", name, err)
	}
	return value, nil
}

// sortedKeys lists a map's keys in order, so that what is made of a map is the same at each attempt.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
