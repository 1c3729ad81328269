package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// PersonName answers the name of a person as its provider told it at the last sign-in; empty where it told none, and
// of a person that was erased.
func (db *DB) PersonName(ctx context.Context, person governance.PersonID) (string, error) {
	var name string
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		return q.queryRow(ctx, `SELECT name FROM persons WHERE id = $1`, person).Scan(&name)
	})
	if err != nil {
		return "", fmt.Errorf("read the name of %s: %w", person, err)
	}
	return name, nil
}
