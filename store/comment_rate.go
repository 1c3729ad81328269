package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"concordat/governance"
)

// checkPublicRate refuses to hear more of somebody who speaks for nobody, in comments and suggestions together, than is
// heard of one person in an hour.
func (tx *Tx) checkPublicRate(ctx context.Context, s standing) error {
	most := tx.db.publicCommentsPerHour
	if s.organization != "" || most <= 0 {
		return nil
	}
	var since time.Time // of the oldest of as many as there may be
	err := tx.queryRow(ctx, `
		SELECT created_at
		FROM (
			SELECT created_at FROM comments WHERE person_id = $1 AND organization_id IS NULL AND created_at > $2
			UNION ALL
			SELECT created_at FROM suggestions WHERE person_id = $1 AND organization_id IS NULL AND created_at > $2
		) AS said
		ORDER BY created_at DESC
		LIMIT 1 OFFSET $3`, s.actor.Person, tx.now.Add(-time.Hour), most-1).Scan(at(&since))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("count what somebody said: %w", err)
	}
	again := since.Add(time.Hour)
	return governance.Refuse(governance.CodeRateLimited, "comments-per-hour",
		"Who speaks for nobody comments and suggests {most} times an hour at most; the next time is {again}.",
		"most", strconv.Itoa(most), "again", again.Format(time.RFC3339), "seconds", strconv.Itoa(int(again.Sub(tx.now)/time.Second)+1))
}
