package store

import (
	"context"
)

// charterOf reads the charter that an edition goes by: the one that it keeps from its consultation on, before that the
// council's in force; nil where there is none.
func (q *Query) charterOf(ctx context.Context, e *Edition) (*Charter, error) {
	if e.CharterID != "" {
		return q.charter(ctx, e.CharterID)
	}
	return q.charterInForce(ctx, e.CouncilID)
}
