package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
)

// RollChange is something that happened to an entry on a roll: public, as the roll is.
type RollChange struct {
	Event   string // the act's type: "ROLL_ADMITTED"
	At      time.Time
	Ground  string              // empty: it was erased
	Chamber *governance.Chamber // in which it was from then on; nil: the act is older than that it says so
}

// RollHistory reads what happened to an entry, the oldest first. Those of one list are looked at together.
func (db *DB) RollHistory(ctx context.Context, e *RollEntry) ([]*RollChange, error) {
	return e.past.of(e, func(entries []*RollEntry) (histories [][]*RollChange, err error) {
		err = db.read(ctx, func(ctx context.Context, q *Query) error {
			histories, err = q.rollHistories(ctx, entries)
			return err
		})
		return histories, err
	})
}

func (q *Query) rollHistories(ctx context.Context, entries []*RollEntry) ([][]*RollChange, error) {
	histories, ids := make([][]*RollChange, len(entries)), make([]governance.RollEntryID, len(entries))
	place := make(map[governance.RollEntryID]int, len(entries))
	for i, e := range entries {
		ids[i], place[e.ID] = e.ID, i
	}
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var entry governance.RollEntryID
			var change RollChange
			var body string
			if err := row.Scan(&entry, &change.Event, at(&change.At), &body, orEmpty(&change.Ground)); err != nil {
				return err
			}
			var act actBody
			if err := json.Unmarshal([]byte(body), &act); err != nil {
				return err
			}
			if chamber := governance.Chamber(act.Words["chamber"]); chamber != "" {
				change.Chamber = &chamber
			}
			histories[place[entry]] = append(histories[place[entry]], &change)
			return nil
		}, `
			SELECT a.object_id, a.type, a.created_at, a.body, g.text
			FROM acts a
			LEFT JOIN act_texts g ON g.act_id = a.id AND g.name = 'ground'
			WHERE a.object_id IN (`+placeholders(1, len(batch))+`) AND a.object_kind = 'ROLL_ENTRY'
			ORDER BY a.object_id, a.id`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read the history of roll entries: %w", err)
		}
	}
	return histories, nil
}
