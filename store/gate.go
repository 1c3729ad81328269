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
	edition    governance.EditionID
	id         governance.CommentID
	state      governance.CommentState
	objection  bool
	replied    bool
	replyDueAt time.Time
}

// blocks says why the comment stands in the way of a ballot now.
func (g gated) blocks(now time.Time) governance.Blocking {
	return governance.Blocks(g.state, g.objection, !g.replied && now.Before(g.replyDueAt))
}

// gatedComments reads the unsettled comments received in time on the editions, in the order in which they were made.
// What came late gates nothing.
func (q *Query) gatedComments(ctx context.Context, editions ...governance.EditionID) ([]gated, error) {
	var all []gated
	for batch := range batches(editions) {
		found, err := collect(ctx, q, func(row scanner) (gated, error) {
			var g gated
			return g, row.Scan(&g.edition, &g.id, &g.state, &g.objection, &g.replied, at(&g.replyDueAt))
		}, `
			SELECT c.edition_id, c.id, c.state, c.is_objection, CASE WHEN d.reply IS NULL THEN 0 ELSE 1 END, d.reply_due_at
			FROM comments c
			LEFT JOIN dispositions d ON d.comment_id = c.id
			WHERE c.edition_id IN (`+placeholders(1, len(batch))+`) AND c.parent_id IS NULL AND c.suggestion_id IS NULL
				AND c.late = 0
				AND c.state IN ('OPEN', 'ANSWERED', 'REFERRED', 'UPHELD')
			ORDER BY c.created_at, c.id`, batch...)
		if err != nil {
			return nil, fmt.Errorf("look for what is not dealt with: %w", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// unmetDisposed refuses while a comment received in time stands in the way of a ballot, and says how many and which.
func (q *Query) unmetDisposed(ctx context.Context, e *Edition) (*governance.Error, error) {
	found, err := q.gatedComments(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	counts := map[governance.Blocking]int{}
	var ids []string
	for _, g := range found {
		blocking := g.blocks(q.now)
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
		"{count} comments are not dealt with: {unanswered} unanswered, {awaiting} awaiting a reply, {objections} objections.",
		"count", strconv.Itoa(len(ids)),
		"unanswered", strconv.Itoa(counts[governance.BlockingAnswer]),
		"awaiting", strconv.Itoa(counts[governance.BlockingReply]),
		"objections", strconv.Itoa(counts[governance.BlockingObjection]),
		"ids", strings.Join(named, ", "))
}
