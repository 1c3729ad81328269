package server

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// takes is a dueTaker that notes when it was asked and answers with the function given.
type takes struct {
	asked  []time.Duration // since the start
	start  time.Time
	answer func(call int) (time.Time, error)
}

func (t *takes) TakeDue(context.Context) (time.Time, error) {
	t.asked = append(t.asked, time.Since(t.start))
	return t.answer(len(t.asked))
}

// runFor lets the clock run for a while of the bubble's time and says when it asked.
func runFor(t *testing.T, while time.Duration, answer func(call int) (time.Time, error)) []time.Duration {
	t.Helper()
	var asked []time.Duration
	synctest.Test(t, func(t *testing.T) {
		steps := &takes{start: time.Now(), answer: answer}
		ctx, cancel := context.WithTimeout(t.Context(), while)
		defer cancel()
		clock{steps: steps, now: time.Now, log: slog.New(slog.DiscardHandler)}.run(ctx)
		asked = steps.asked
	})
	return asked
}

func TestClock(t *testing.T) {
	t.Run("asks at the start and then at each tick", func(t *testing.T) {
		got := runFor(t, 2500*time.Millisecond, func(int) (time.Time, error) { return time.Time{}, nil })
		assert.Equal(t, []time.Duration{0, time.Second, 2 * time.Second}, got)
	})
	t.Run("asks again at the very moment of the next deadline", func(t *testing.T) {
		got := runFor(t, 1200*time.Millisecond, func(call int) (time.Time, error) {
			if call == 1 {
				return time.Now().Add(300 * time.Millisecond), nil
			}
			return time.Time{}, nil
		})
		assert.Equal(t, []time.Duration{0, 300 * time.Millisecond}, got)
	})
	t.Run("does not sleep past a tick for a deadline that is far away", func(t *testing.T) {
		got := runFor(t, 1500*time.Millisecond, func(int) (time.Time, error) { return time.Now().Add(time.Hour), nil })
		assert.Equal(t, []time.Duration{0, time.Second}, got)
	})
	t.Run("slows down while asking fails and recovers at once", func(t *testing.T) {
		got := runFor(t, 8500*time.Millisecond, func(call int) (time.Time, error) {
			if call <= 3 {
				return time.Time{}, errors.New("the database is away")
			}
			return time.Time{}, nil
		})
		assert.Equal(t, []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second, 8 * time.Second}, got)
	})
	t.Run("never waits longer than a minute after failures", func(t *testing.T) {
		assert.Equal(t, time.Minute, clock{}.wait(time.Time{}, 50))
	})
}
