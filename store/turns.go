package store

import (
	"context"
	"fmt"
	"sync"
)

// turns lets the steps of this process on one root come one after another, the first one first. Who waits holds no
// connection, which all who read would else have to wait for; the lock that decides is the database's. The zero value is
// ready.
type turns struct {
	mu      sync.Mutex               // guards waiting
	waiting map[root][]chan struct{} // a root is there while somebody has its turn; those who wait, the first one first
}

// take waits for the turn on each root, in the order in which they stand: everybody's must be the same. What it answers
// ends the turns.
func (t *turns) take(ctx context.Context, roots []root) (end func(), err error) {
	for i, r := range roots {
		if err := t.wait(ctx, r); err != nil {
			t.end(roots[:i])
			return nil, fmt.Errorf("wait for others at %s %s: %w", r.noun(), r.id, err)
		}
	}
	return func() { t.end(roots) }, nil
}

// wait waits for the turn on a root.
func (t *turns) wait(ctx context.Context, r root) error {
	t.mu.Lock()
	others, held := t.waiting[r]
	if !held {
		if t.waiting == nil {
			t.waiting = map[root][]chan struct{}{}
		}
		t.waiting[r] = nil
		t.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	t.waiting[r] = append(others, mine)
	t.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
		t.leave(r, mine)
		return ctx.Err()
	}
}

// leave takes one who waits out of the line; one whose turn came meanwhile hands it on.
func (t *turns) leave(r root, mine chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, other := range t.waiting[r] {
		if other == mine {
			t.waiting[r] = append(t.waiting[r][:i], t.waiting[r][i+1:]...)
			return
		}
	}
	t.next(r)
}

// end hands the turns on.
func (t *turns) end(roots []root) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range roots {
		t.next(r)
	}
}

// next gives the root's turn to the first who waits; the caller holds the mutex.
func (t *turns) next(r root) {
	others := t.waiting[r]
	if len(others) == 0 {
		delete(t.waiting, r)
		return
	}
	t.waiting[r] = others[1:]
	close(others[0])
}
