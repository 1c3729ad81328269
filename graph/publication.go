package graph

import (
	"context"

	"concordat/auth"
	"concordat/governance"
	"concordat/store"
)

// published reads a published edition after a step on it, with its publication.
func (r *Resolver) published(ctx context.Context, id governance.EditionID) (*store.Publication, *store.Edition, error) {
	publication, err := r.Store.PublicationOf(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	edition, err := r.Store.Edition(ctx, auth.ActorFrom(ctx), id, wanted(ctx).Of("edition"))
	return publication, edition, err
}

// putToVote reads a ballot on a publication after it was opened, and the publication.
func (r *Resolver) putToVote(ctx context.Context, id governance.BallotID, edition governance.EditionID) (*store.Ballot, *store.Publication, error) {
	ballot, err := r.Store.Ballot(ctx, auth.ActorFrom(ctx), id, wanted(ctx).Of("ballot"))
	if err != nil {
		return nil, nil, err
	}
	publication, err := r.Store.PublicationOf(ctx, edition)
	return ballot, publication, err
}

// offerOrNone reads an offer that something is about; none where it is about none.
func (r *Resolver) offerOrNone(ctx context.Context, id governance.OfferID) (*store.Offer, error) {
	if id == "" {
		return nil, nil
	}
	return r.Store.Offer(ctx, auth.ActorFrom(ctx), id)
}
