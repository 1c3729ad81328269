package graph

import (
	"context"

	"concordat/auth"
	"concordat/governance"
	"concordat/graph/generated"
	"concordat/store"
)

// savedRevision reads a revision that a step wrote, and its edition, as far as the query asks for them.
func (r *Resolver) savedRevision(ctx context.Context, id governance.RevisionID) (*store.Revision, *store.Edition, error) {
	actor, fields := auth.ActorFrom(ctx), wanted(ctx)
	revision, err := r.Store.Revision(ctx, actor, id, fields.Of("revision"))
	if err != nil {
		return nil, nil, err
	}
	edition, err := r.Store.Edition(ctx, actor, revision.EditionID, fields.Of("edition"))
	return revision, edition, err
}

// revisionSaved answers a saved revision with what it was merged from.
func (r *Resolver) revisionSaved(ctx context.Context, id governance.RevisionID) (*generated.RevisionSaved, error) {
	revision, edition, err := r.savedRevision(ctx, id)
	if err != nil {
		return nil, err
	}
	from, err := r.Store.MergedFrom(ctx, auth.ActorFrom(ctx), revision, wanted(ctx).Of("mergedFrom"))
	return &generated.RevisionSaved{Revision: revision, Edition: edition, MergedFrom: from}, err
}
