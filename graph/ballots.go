package graph

import (
	"context"

	"concordat/auth"
	"concordat/governance"
	"concordat/store"
)

// taken reads what a position was taken with, as the answer wants it.
func (r *Resolver) taken(ctx context.Context, id governance.PositionID) (store.Taken, error) {
	return r.Store.Taken(ctx, auth.ActorFrom(ctx), id, wanted(ctx))
}
