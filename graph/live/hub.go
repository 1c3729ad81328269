// Package live hands out what happens to those who follow it on this node. One reader follows the log and sorts its new
// leaves to the followers' roots in memory; who comes back, or falls behind, reads what it missed from the store. It does
// not decide who may see what, and sends nothing: package graph does, one event after the other.
package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"concordat/store"
)

// Config says what a Hub hands out. Store is needed, everything else has a useful zero value.
type Config struct {
	Store *store.DB
	Clock func() time.Time // time.Now if nil
	Log   *slog.Logger     // nil: nobody is told
	// Gap is how many leaves a follower may have missed; after more it is told to read anew: 10,000.
	Gap int64
	// Recent is how many leaves of a root are kept in memory for its followers: 256.
	Recent int
	// Pulses paces what is not the log's: presence that ends, work lists that may have changed. Nil: a tick a second.
	Pulses <-chan time.Time
}

// Hub follows the log. Its goroutines end in Close, which waits for them.
type Hub struct {
	store  *store.DB
	clock  func() time.Time
	log    *slog.Logger
	gap    int64
	recent int

	mu     sync.Mutex // guards what follows and the fields of topics and of followers; held for no longer than a look
	at     int64      // the newest leaf that was sorted
	topics map[string]*topic
	works  map[*WorkList]bool
	people map[string]*room // by specification

	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// topic is a root that somebody follows.
type topic struct {
	since     int64        // every leaf of the root behind this one is in leaves
	leaves    []store.Leaf // the newest last
	followers map[*Follower]bool
}

// batch is how many leaves are read at once.
const batch = 500

// Start begins to follow the log at its head. The caller closes the hub.
func Start(ctx context.Context, c Config) (*Hub, error) {
	h := &Hub{
		store: c.Store, clock: c.Clock, log: c.Log, gap: c.Gap, recent: c.Recent,
		topics: map[string]*topic{}, works: map[*WorkList]bool{}, people: map[string]*room{},
	}
	if h.clock == nil {
		h.clock = time.Now
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	if h.gap == 0 {
		h.gap = 10_000
	}
	if h.recent == 0 {
		h.recent = 256
	}
	head, err := h.store.LogHead(ctx)
	if err != nil {
		return nil, fmt.Errorf("follow the log: %w", err)
	}
	h.at = head
	h.ctx, h.cancel = context.WithCancel(context.WithoutCancel(ctx))
	h.store.HearPresence(h.hearPresence)
	h.running.Go(h.tail)
	h.running.Go(func() { h.beat(c.Pulses) })
	return h, nil
}

// Close ends the goroutines and waits for them. Followers are told nothing more.
func (h *Hub) Close() {
	h.store.HearPresence(nil)
	h.cancel()
	h.running.Wait()
}

// Time reads the hub's clock.
func (h *Hub) Time() time.Time { return h.clock().UTC().Truncate(time.Microsecond) }

// retry is how long the reader waits when the log cannot be read.
const retry = time.Second

// tail reads the log's new leaves, each once, until the hub is closed.
func (h *Hub) tail() {
	at := h.at // this goroutine alone changes it
	for {
		head, err := h.store.WaitForLeaf(h.ctx, at)
		if err != nil {
			return // the hub or the store is closed
		}
		if h.pass(head) {
			at = head
			continue
		}
		leaves, err := h.store.LeavesAfter(h.ctx, at, batch)
		if err == nil && len(leaves) > 0 {
			at = leaves[len(leaves)-1].Number
			h.sort(leaves)
			continue
		}
		if err != nil && h.ctx.Err() == nil {
			h.log.Warn("the log could not be read for its followers; trying again", "error", err)
		}
		select {
		case <-h.ctx.Done():
			return
		case <-time.After(retry):
		}
	}
}

// pass goes on behind a leaf without reading what came before, where nobody follows anything.
func (h *Hub) pass(head int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.topics)+len(h.works) > 0 {
		return false
	}
	h.at = head
	return true
}

// sort puts new leaves to their topics and wakes who follows them.
func (h *Hub) sort(leaves []store.Leaf) {
	var wake []func()
	h.mu.Lock()
	for _, leaf := range leaves {
		h.at = leaf.Number
		t := h.topics[leaf.Root]
		if t == nil {
			continue
		}
		t.add(leaf, h.recent)
		for f := range t.followers {
			wake = append(wake, f.wake)
		}
	}
	h.concern(leaves)
	h.mu.Unlock()
	for _, w := range wake {
		w()
	}
}

// add keeps the leaf, and forgets the oldest where there are too many.
func (t *topic) add(leaf store.Leaf, most int) {
	t.leaves = append(t.leaves, leaf)
	if len(t.leaves) > most {
		cut := len(t.leaves) / 2
		t.since = t.leaves[cut-1].Number
		t.leaves = slices.Clone(t.leaves[cut:])
	}
}

// beat ends presences and wakes work lists, once a pulse.
func (h *Hub) beat(pulses <-chan time.Time) {
	if pulses == nil {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		pulses = ticker.C
	}
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-pulses:
			h.pulse()
		}
	}
}

func (h *Hub) pulse() {
	now := h.clock()
	h.mu.Lock()
	wake := append(h.leave(now), h.stale(now)...)
	h.mu.Unlock()
	for _, w := range wake {
		w()
	}
}

// Now is where a follower begins that has seen nothing.
const Now int64 = -2

// Follower is somebody who follows a root. Its methods but Close belong to one goroutine at a time.
type Follower struct {
	hub  *Hub
	root string
	wake func()

	after    int64 // the last leaf handed out or passed by; owned by the caller of Next
	presence int   // the change of the room that was handed out; likewise
	behind   bool  // it has missed too much, or claims to have seen what is not there: the log is another one
}

// Follow begins to follow a root behind a leaf, or Now. wake is called from any goroutine whenever there may be something
// next; it must not block. The caller closes the follower.
func (h *Hub) Follow(ctx context.Context, root string, after int64, wake func()) (*Follower, error) {
	f := &Follower{hub: h, root: root, after: after, wake: wake}
	if after != Now { // the hub itself may be a little behind, and another node further
		head, err := h.store.LogHead(ctx)
		if err != nil {
			return nil, err
		}
		if f.behind = after > head || head-after > h.gap; f.behind {
			f.after = head
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[root]
	if t == nil {
		t = &topic{since: h.at, followers: map[*Follower]bool{}}
		h.topics[root] = t
	}
	t.followers[f] = true
	if after == Now {
		f.after = h.at
	}
	return f, nil
}

// Close ends following. Closing twice does nothing more.
func (f *Follower) Close() {
	h := f.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topics[f.root]
	if t == nil {
		return
	}
	delete(t.followers, f)
	if len(t.followers) == 0 {
		delete(h.topics, f.root)
	}
}

// After answers the number of the leaf up to which the follower was told everything; -1 while it is not told that it has
// missed too much.
func (f *Follower) After() int64 {
	if f.behind {
		return -1
	}
	return f.after
}

// ErrGap says that the follower has missed too much to be told one by one: it goes on from After.
var ErrGap = errors.New("too much was missed")

// Next answers the leaves of the root that come next, in their order, at most so many; none where there are none yet. Where
// the answer is full there may be more at once.
func (f *Follower) Next(ctx context.Context, most int) ([]store.Leaf, error) {
	h := f.hub
	h.mu.Lock()
	at, leaves, known := h.at, []store.Leaf(nil), false
	if t := h.topics[f.root]; t != nil && f.after >= t.since {
		known = true
		from, _ := slices.BinarySearchFunc(t.leaves, f.after+1, func(l store.Leaf, n int64) int { return int(l.Number - n) })
		leaves = slices.Clone(t.leaves[from:min(len(t.leaves), from+most)])
	}
	h.mu.Unlock()
	switch {
	case f.behind:
		f.behind = false
		return nil, ErrGap
	case !known && at-f.after > h.gap:
		f.after = at
		return nil, ErrGap
	case !known:
		var err error
		if leaves, err = h.store.LeavesOf(ctx, f.root, f.after, at, most); err != nil {
			return nil, err
		}
	}
	if len(leaves) == most {
		f.after = leaves[most-1].Number
	} else {
		f.after = max(f.after, at)
	}
	return leaves, nil
}
