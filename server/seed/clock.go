package seed

import (
	"sync"
	"time"
)

// Clock is the clock that a demo's store is opened with. It follows the real one, except while Fill holds it in the past.
type Clock struct {
	real func() time.Time

	mu   sync.Mutex // guards held, for every method
	held time.Time  // zero: not held
}

// NewClock makes a clock that follows real.
func NewClock(real func() time.Time) *Clock { return &Clock{real: real} }

// Now tells the time. A clock that is held goes on by a second each time it is asked, so that what happens one after the
// other has times one after the other.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held.IsZero() {
		return c.real()
	}
	c.held = c.held.Add(time.Second)
	return c.held
}

// hold puts the clock to a time, never back.
func (c *Clock) hold(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.held) {
		c.held = at
	}
}

// release lets the clock follow the real one again.
func (c *Clock) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = time.Time{}
}
