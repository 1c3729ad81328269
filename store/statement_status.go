package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// StatusURL is the address of a status list.
func StatusURL(base string, list int) string { return fmt.Sprintf("%s/status/%d", base, list) }

// statusIndex is a statement's bit in a status list: drawn from its id, so that it is known before the statement is given.
func statusIndex(id governance.StatementID) int {
	sum := sha256.Sum256([]byte(id))
	return int(binary.BigEndian.Uint64(sum[:8]) % notary.StatusListSize)
}

// freeStatus is the first status list in which a bit is nobody's.
func (q *Query) freeStatus(ctx context.Context, index int) (int, error) {
	taken, err := collect(ctx, q, func(row scanner) (int, error) {
		var list int
		return list, row.Scan(&list)
	}, `SELECT status_list FROM statement_signatures WHERE status_index = $1 ORDER BY status_list`, index)
	if err != nil {
		return 0, fmt.Errorf("look for a place in the status lists: %w", err)
	}
	free := 1
	for _, list := range taken {
		if list == free {
			free++
		}
	}
	return free, nil
}

// StatusList reads a status list: which statements are revoked, have lapsed with their text, or were signed by a key that is
// not believed any more; and when that changed last. NOT_FOUND where no statement is in it.
func (db *DB) StatusList(ctx context.Context, number int) (list *notary.StatusList, changed time.Time, err error) {
	list = &notary.StatusList{}
	found := false
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		return q.query(ctx, func(row scanner) error {
			found = true
			var index int
			var given time.Time
			var ends [3]*time.Time
			if err := row.Scan(&index, at(&given), atOrNil(&ends[0]), atOrNil(&ends[1]), atOrNil(&ends[2])); err != nil {
				return err
			}
			if given.After(changed) {
				changed = given
			}
			for _, end := range ends {
				if end == nil {
					continue
				}
				if end.After(changed) {
					changed = *end
				}
				if err := list.Revoke(index); err != nil {
					return err
				}
			}
			return nil
		}, `
			SELECT g.status_index, g.created_at, s.revoked_at, s.lapsed_at,
				CASE WHEN k.revoked_from <= g.prepared_at THEN k.revoked_at END
			FROM statement_signatures g
			JOIN statements s ON s.id = g.statement_id
			JOIN keys k ON k.id = g.key_id
			WHERE g.status_list = $1`, number)
	})
	if err != nil {
		return nil, changed, fmt.Errorf("read status list %d: %w", number, err)
	}
	if !found {
		return nil, changed, governance.NotFound("status list", fmt.Sprint(number))
	}
	return list, changed, nil
}
