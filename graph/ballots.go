package graph

import (
	"context"

	"concordat/auth"
	"concordat/governance"
	"concordat/store"
)

// taken is what a step on a position answers with.
type taken struct {
	position *store.Position
	receipt  *store.PositionReceipt
	ballot   *store.Ballot
}

// taken reads what a position was taken with, and the ballot as the answer wants it.
func (r *Resolver) taken(ctx context.Context, id governance.PositionID, ballot governance.BallotID) (t taken, err error) {
	actor := auth.ActorFrom(ctx)
	if t.position, err = r.Store.Position(ctx, actor, id); err != nil {
		return t, err
	}
	if t.receipt, err = r.Store.ReceiptOf(ctx, actor, id); err != nil {
		return t, err
	}
	t.ballot, err = r.Store.Ballot(ctx, actor, ballot, wanted(ctx).Of("ballot"))
	return t, err
}
