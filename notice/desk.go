package notice

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"concordat/store"
)

// The paces. What happens at once in the log is followed together, so that telling people costs steps next to nothing.
const (
	followPace = 500 * time.Millisecond
	deskTick   = time.Second
	longest    = time.Minute // between attempts after errors
)

// Desk makes notices of what happens, reminds of deadlines and makes digests. Several nodes may have one.
type Desk struct {
	Store *store.DB
	Mails bool // whether mails are sent anywhere
	Log   *slog.Logger
}

// Run works until ctx ends. An error is logged and the work done again later: nothing is lost by being late.
func (d Desk) Run(ctx context.Context) {
	failures, head := 0, int64(-1)
	for ctx.Err() == nil {
		err := d.Turn(ctx)
		if err != nil && ctx.Err() == nil {
			failures++
			d.Log.ErrorContext(ctx, "notices could not be made", "error", err, "failures", failures)
			pause(ctx, min(deskTick<<min(failures, 10), longest))
			continue
		}
		failures = 0
		head = d.await(ctx, head)
	}
}

// await waits until the log has grown or a tick is over, and lets what comes together gather.
func (d Desk) await(ctx context.Context, head int64) int64 {
	tick, cancel := context.WithTimeout(ctx, deskTick)
	defer cancel()
	grown, err := d.Store.WaitForLeaf(tick, head)
	if err == nil {
		pause(ctx, followPace)
		return grown
	}
	<-tick.Done() // also where the store is closed
	return head
}

// Turn does once what there is to do.
func (d Desk) Turn(ctx context.Context) error {
	for {
		more, err := d.Store.FollowLog(ctx, d.Mails)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	err := d.Store.Remind(ctx, d.Mails)
	if d.Mails {
		err = errors.Join(err, d.Store.MakeDigests(ctx))
	}
	return err
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
