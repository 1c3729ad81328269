package graph

import (
	"context"
	"errors"
	"strings"

	"concordat/auth"
	"concordat/governance"
	"concordat/graph/live"
	"concordat/store"
)

// eventsAtOnce is how many events of a stream are told before another one has its turn.
const eventsAtOnce = 50

// specificationSource is what happens to a specification.
type specificationSource struct{ *live.Follower }

func (s specificationSource) after() int64 { return s.After() }

// next answers store.Leaf, *store.Resync and []*store.Presence.
func (s specificationSource) next(ctx context.Context) ([]event, bool, error) {
	leaves, err := s.Next(ctx, eventsAtOnce)
	if errors.Is(err, live.ErrGap) {
		return []event{{leaf: s.After(), value: &store.Resync{Leaf: int(s.After())}}}, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	events := make([]event, 0, len(leaves)+1)
	for _, leaf := range leaves {
		if _, _, told := leaf.Told(); told {
			events = append(events, event{leaf: leaf.Number, value: leaf})
		}
	}
	if present, changed := s.Present(); changed {
		events = append(events, event{leaf: -1, value: present})
	}
	return events, len(leaves) == eventsAtOnce, nil
}

// openSpecification follows a specification, behind what the client saw last. NOT_FOUND where the viewer may see none of its
// editions.
func (r *Resolver) openSpecification(ctx context.Context, o *opening, id string, after *string) (source, error) {
	if r.Live == nil {
		return nil, errNotServed
	}
	from := o.after
	if from == live.Now && after != nil {
		var err error
		if from, err = parseLeaf(*after); err != nil {
			return nil, governance.Invalid("after", "event-id", "This is not the id of an event.")
		}
	}
	_, err := r.Store.SpecificationByID(ctx, auth.ActorFrom(ctx), governance.SpecificationID(id), store.Fields{})
	if err != nil {
		return nil, err
	}
	follower, err := r.Live.Follow(ctx, id, from, o.stream.wake)
	if err != nil {
		return nil, err
	}
	return specificationSource{follower}, nil
}

// errNotServed is a subscription where nothing is followed.
var errNotServed = governance.Refuse(governance.CodeInvalid, "subscription-not-served", "Subscriptions are not served here.")

// specificationEvent reads what the viewer may be told of an event.
func (r *Resolver) specificationEvent(ctx context.Context, value any) (store.SpecificationEvent, error) {
	switch v := value.(type) {
	case store.Leaf:
		return r.stepTaken(ctx, v)
	case *store.Resync:
		return &store.Resync{At: r.Live.Time(), Leaf: v.Leaf}, nil
	case []*store.Presence:
		present, err := r.Store.ShowPresence(ctx, auth.ActorFrom(ctx), v)
		if err == nil && present == nil {
			err = errNothing
		}
		return &store.PresenceChanged{At: r.Live.Time(), Present: present}, err
	}
	return nil, errNotServed
}

func (r *Resolver) stepTaken(ctx context.Context, leaf store.Leaf) (store.SpecificationEvent, error) {
	kind, as, _ := leaf.Told()
	read, known := nodeReaders[as]
	if !known {
		return nil, errNothing
	}
	object, err := read(wantedBelow(ctx, "object"), r.Store, auth.ActorFrom(ctx), leaf.Object.ID)
	if err == nil && object == nil {
		err = errNothing
	}
	return &store.StepTaken{At: leaf.At, Kind: kind, Act: leaf.Type, Leaf: int(leaf.Number), Object: object}, err
}

// ballotSource is a ballot, each time that it may have changed.
type ballotSource struct {
	*live.Follower
	id   string
	told bool // it was told at the opening
}

func (s *ballotSource) after() int64 { return s.After() }

// next answers a ballotChange at most.
func (s *ballotSource) next(ctx context.Context) ([]event, bool, error) {
	leaves, err := s.Next(ctx, eventsAtOnce)
	if err != nil && !errors.Is(err, live.ErrGap) {
		return nil, false, err
	}
	change, changed := ballotChange{}, !s.told || err != nil
	change.positions = !changed
	for _, leaf := range leaves {
		position := strings.HasPrefix(leaf.Type, "POSITION_")
		if position || leaf.Object.ID == s.id {
			changed = true
			change.positions = change.positions && position
		}
	}
	s.told = true
	if !changed {
		return nil, len(leaves) == eventsAtOnce, nil
	}
	return []event{{leaf: s.After(), value: change}}, len(leaves) == eventsAtOnce, nil
}

// ballotChange is a reason to tell a ballot again.
type ballotChange struct{ positions bool } // positions alone: told only where they are shown

// openBallot follows a ballot. NOT_FOUND where the viewer may not see it.
func (r *Resolver) openBallot(ctx context.Context, o *opening, id string) (source, error) {
	if r.Live == nil {
		return nil, errNotServed
	}
	root, err := r.Store.BallotRoot(ctx, auth.ActorFrom(ctx), governance.BallotID(id))
	if err != nil {
		return nil, err
	}
	follower, err := r.Live.Follow(ctx, root, live.Now, o.stream.wake)
	if err != nil {
		return nil, err
	}
	return &ballotSource{Follower: follower, id: id}, nil
}

// ballotNow reads a ballot that may have changed.
func (r *Resolver) ballotNow(ctx context.Context, id string, value any) (*store.Ballot, error) {
	ballot, err := r.Store.Ballot(ctx, auth.ActorFrom(ctx), governance.BallotID(id), wanted(ctx))
	if err != nil {
		return nil, err
	}
	if change, _ := value.(ballotChange); change.positions && !ballot.Shows() {
		return nil, errNothing
	}
	return ballot, nil
}

// workSource is what waits for the viewer.
type workSource struct {
	*live.WorkList
	at int64
}

func (s *workSource) after() int64 { return s.at }

// next answers []*store.WorkItem at most.
func (s *workSource) next(ctx context.Context) ([]event, bool, error) {
	items, after, changed, err := s.Next(ctx, auth.ActorFrom(ctx))
	if err != nil || !changed {
		return nil, false, err
	}
	s.at = after
	return []event{{leaf: after, value: items}}, false, nil
}

// openWorkList follows what waits for the viewer, who is signed in.
func (r *Resolver) openWorkList(ctx context.Context, o *opening) (source, error) {
	switch {
	case r.Live == nil:
		return nil, errNotServed
	case auth.ActorFrom(ctx).Anonymous():
		return nil, governance.Refuse(governance.CodeUnauthenticated, "sign-in-needed", "Sign in first.")
	}
	return &workSource{WorkList: r.Live.FollowWork(o.stream.wake), at: -1}, nil
}

func workItems(value any) ([]*store.WorkItem, error) {
	items, ok := value.([]*store.WorkItem)
	if !ok {
		return nil, errNotServed
	}
	return items, nil
}
