package live

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/store"
)

// workAgain is how often a work list is looked at at most.
const workAgain = 2 * time.Second

// WorkList is somebody who follows what waits for it. Its methods but Close belong to one goroutine at a time.
type WorkList struct {
	hub  *Hub
	wake func()

	// Guarded by the hub's mu.
	concerns store.Concerns // what may change it
	dirty    bool           // something has, perhaps
	readAt   time.Time      // when it was read last
	dueAt    time.Time      // of the soonest deadline on it; zero: none
	told     bool           // it was told at all

	seen [sha256.Size]byte // names what was told last; owned by the caller of Next
}

// FollowWork begins to follow what waits for somebody. wake is called from any goroutine whenever it may have changed; it
// must not block. The caller closes it.
func (h *Hub) FollowWork(wake func()) *WorkList {
	w := &WorkList{hub: h, wake: wake, dirty: true}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.works[w] = true
	return w
}

// Close ends following. Closing twice does nothing more.
func (w *WorkList) Close() {
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	delete(w.hub.works, w)
}

// concern marks the work lists that the leaves may have changed; h.mu is held.
func (h *Hub) concern(leaves []store.Leaf) {
	for w := range h.works {
		for _, leaf := range leaves {
			if w.dirty {
				break
			}
			w.dirty = w.concerns.Touches(leaf)
		}
	}
}

// stale answers whom to wake because its work list may have changed; h.mu is held.
func (h *Hub) stale(now time.Time) (wake []func()) {
	for w := range h.works {
		if !w.dueAt.IsZero() && now.After(w.dueAt) {
			w.dirty, w.dueAt = true, time.Time{}
		}
		if w.dirty && (now.Sub(w.readAt) >= workAgain || now.Before(w.readAt)) {
			wake = append(wake, w.wake)
		}
	}
	return wake
}

// Next answers what waits for the actor, where that has changed since it was told last; false where it has not. after is the
// leaf up to which everything is in it.
func (w *WorkList) Next(ctx context.Context, actor governance.Actor) (items []*store.WorkItem, after int64, changed bool, err error) {
	h := w.hub
	h.mu.Lock()
	after = h.at
	if !w.dirty {
		h.mu.Unlock()
		return nil, after, false, nil
	}
	w.dirty, w.readAt = false, h.clock()
	h.mu.Unlock()
	items, concerns, err := h.work(ctx, actor)
	if err != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		w.dirty = true
		return nil, after, false, err
	}
	name, err := digestOf(items)
	if err != nil {
		return nil, after, false, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	w.concerns, w.dueAt = concerns, time.Time{}
	if len(items) > 0 && items[0].DueAt != nil {
		w.dueAt = *items[0].DueAt
	}
	changed = !w.told || name != w.seen
	w.told, w.seen = true, name
	return items, after, changed, nil
}

// work reads what waits for the actor and, before that, what may change it.
func (h *Hub) work(ctx context.Context, actor governance.Actor) ([]*store.WorkItem, store.Concerns, error) {
	concerns, err := h.store.Concerns(ctx, actor)
	if err != nil {
		return nil, concerns, err
	}
	items, err := h.store.Waiting(ctx, actor)
	return items, concerns, err
}

// digestOf names what stands on a work list.
func digestOf(items []*store.WorkItem) ([sha256.Size]byte, error) {
	text, err := json.Marshal(items)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("name a work list: %w", err)
	}
	return sha256.Sum256(text), nil
}
