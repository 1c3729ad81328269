package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"concordat/governance"
)

// namedBlocking is how many comments a refusal names.
const namedBlocking = 50

// gated is what the gate before a ballot looks at in a comment.
type gated struct {
	id         governance.CommentID
	state      governance.CommentState
	objection  bool
	replied    bool
	replyDueAt time.Time
}

// unmetDisposed refuses while a comment received in time stands in the way of a ballot, and says how many and which.
// What came late gates nothing.
func (q *Query) unmetDisposed(ctx context.Context, e *Edition) (*governance.Error, error) {
	found, err := collect(ctx, q, func(row scanner) (gated, error) {
		var g gated
		return g, row.Scan(&g.id, &g.state, &g.objection, &g.replied, at(&g.replyDueAt))
	}, `
		SELECT c.id, c.state, c.is_objection, CASE WHEN d.reply IS NULL THEN 0 ELSE 1 END, d.reply_due_at
		FROM comments c
		LEFT JOIN dispositions d ON d.comment_id = c.id
		WHERE c.edition_id = $1 AND c.parent_id IS NULL AND c.late = 0
			AND c.state IN ('OPEN', 'ANSWERED', 'REFERRED', 'UPHELD')
		ORDER BY c.created_at, c.id`, e.ID)
	if err != nil {
		return nil, fmt.Errorf("look for what is not dealt with on %s: %w", e.ID, err)
	}
	counts := map[governance.Blocking]int{}
	var ids []string
	for _, g := range found {
		replyable := !g.replied && q.now.Before(g.replyDueAt)
		blocking := governance.Blocks(g.state, g.objection, replyable)
		if blocking == governance.BlockingNothing {
			continue
		}
		counts[blocking]++
		ids = append(ids, string(g.id))
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return refuseUndisposed(counts, ids), nil
}

func refuseUndisposed(counts map[governance.Blocking]int, ids []string) *governance.Error {
	named := ids[:min(len(ids), namedBlocking)]
	return governance.Refuse(governance.CodeConflict, "undisposed",
		"{count} comments are not dealt with: {unanswered} unanswered, {awaiting} awaiting a reply, {objections} objections ({ids}).",
		"count", strconv.Itoa(len(ids)),
		"unanswered", strconv.Itoa(counts[governance.BlockingAnswer]),
		"awaiting", strconv.Itoa(counts[governance.BlockingReply]),
		"objections", strconv.Itoa(counts[governance.BlockingObjection]),
		"ids", strings.Join(named, ", "))
}
