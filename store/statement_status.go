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

// statusLists is a series of status lists.
type statusLists string

const (
	statementLists   statusLists = "statement_signatures"
	publicationLists statusLists = "publication_signatures"
)

func (l statusLists) url(base string, list int) string {
	if l == publicationLists {
		return PublicationStatusURL(base, list)
	}
	return StatusURL(base, list)
}

// StatusURL is the address of a status list of statements.
func StatusURL(base string, list int) string { return fmt.Sprintf("%s/status/%d", base, list) }

// PublicationStatusURL is the address of a status list of publications.
func PublicationStatusURL(base string, list int) string {
	return fmt.Sprintf("%s/status/publications/%d", base, list)
}

// statusIndex is the bit of a statement or a publication in a status list: drawn from its id, so that it is known before.
func statusIndex(id string) int {
	sum := sha256.Sum256([]byte(id))
	return int(binary.BigEndian.Uint64(sum[:8]) % notary.StatusListSize)
}

// freeStatus is the first status list in which a bit is nobody's.
func (q *Query) freeStatus(ctx context.Context, lists statusLists, index int) (int, error) {
	taken, err := collect(ctx, q, func(row scanner) (int, error) {
		var list int
		return list, row.Scan(&list)
	}, `SELECT status_list FROM `+string(lists)+` WHERE status_index = $1 ORDER BY status_list`, index)
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
	return db.statusList(ctx, number, `
		SELECT g.status_index, g.created_at, s.revoked_at, s.lapsed_at,
			CASE WHEN k.revoked_from <= g.prepared_at THEN k.revoked_at END
		FROM statement_signatures g
		JOIN statements s ON s.id = g.statement_id
		JOIN keys k ON k.id = g.key_id
		WHERE g.status_list = $1`)
}

// PublicationStatusList reads a status list of publications: which are withdrawn, or were signed by a key that is not believed
// any more; and when that changed last. NOT_FOUND where no publication is in it.
func (db *DB) PublicationStatusList(ctx context.Context, number int) (list *notary.StatusList, changed time.Time, err error) {
	return db.statusList(ctx, number, `
		SELECT g.status_index, g.created_at, CASE WHEN p.state = 'WITHDRAWN' THEN e.stage_at END, CAST(NULL AS TEXT),
			CASE WHEN k.revoked_from <= g.prepared_at THEN k.revoked_at END
		FROM publication_signatures g
		JOIN publications p ON p.id = g.publication_id
		JOIN editions e ON e.id = p.edition_id
		JOIN keys k ON k.id = g.key_id
		WHERE g.status_list = $1`)
}

// statusList makes a list of rows of a bit, when it was given to what was signed, and up to three moments that revoke it.
func (db *DB) statusList(ctx context.Context, number int, rows string) (list *notary.StatusList, changed time.Time, err error) {
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
		}, rows, number)
	})
	if err != nil {
		return nil, changed, fmt.Errorf("read status list %d: %w", number, err)
	}
	if !found {
		return nil, changed, governance.NotFound("status list", fmt.Sprint(number))
	}
	return list, changed, nil
}
