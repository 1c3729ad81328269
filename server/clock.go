package server

import (
	"context"
	"log/slog"
	"time"
)

// dueTaker is the store as the clock sees it. TakeDue takes every step whose deadline has come, each once however many
// servers ask at the same time, and answers when the next one falls due: the zero time where none is known.
type dueTaker interface {
	TakeDue(ctx context.Context) (next time.Time, err error)
}

// The clock's pace. Deadlines that are set while it waits are met within a tick.
const (
	tick         = time.Second
	shortestWait = 200 * time.Millisecond // so that a deadline which cannot be met does not keep a processor busy
	longestWait  = time.Minute            // after errors, doubled each time up to this
)

// clock closes consultations and ballots when their time has come: at start, on each tick, and at the very moment of
// the next known deadline. Fields are set before run and not changed.
type clock struct {
	steps dueTaker
	now   func() time.Time
	log   *slog.Logger
}

// run asks what is due until ctx ends. An error is logged and asked again, ever more slowly: a database that is away
// comes back, and no deadline is lost by being late.
func (c clock) run(ctx context.Context) {
	failures := 0
	for {
		next, err := c.steps.TakeDue(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failures++
			c.log.ErrorContext(ctx, "the clock could not take the steps that are due", "error", err, "failures", failures)
		default:
			failures = 0
		}
		timer := time.NewTimer(c.wait(next, failures))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// wait is how long to sleep: until the next deadline or the next tick, whichever is sooner; after failures longer.
func (c clock) wait(next time.Time, failures int) time.Duration {
	if failures > 0 {
		return min(tick<<min(failures-1, 10), longestWait)
	}
	if next.IsZero() {
		return tick
	}
	return min(max(next.Sub(c.now()), shortestWait), tick)
}
