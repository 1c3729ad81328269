package store

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lined is how many wait for a root's turn.
func (t *turns) lined(r root) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.waiting[r])
}

func TestTurnsComeInTheOrderOfThoseWhoWait(t *testing.T) {
	var line turns
	a, b := root{rootNeed, "a"}, root{rootSpecification, "b"}
	end, err := line.take(t.Context(), []root{a, b})
	require.NoError(t, err)
	came := make(chan int)
	ends := make([]func(), 3)
	for i := range ends {
		go func() {
			ends[i], _ = line.take(t.Context(), []root{b})
			came <- i
		}()
		for line.lined(b) <= i {
			runtime.Gosched()
		}
	}
	end()
	for i := range ends {
		assert.Equal(t, i, <-came)
		ends[i]()
	}
	assert.Empty(t, line.waiting, "nothing is kept of a root at which nobody is")
}

func TestWhoLeavesTheLineHoldsNobodyUp(t *testing.T) {
	var line turns
	a, b := root{rootNeed, "a"}, root{rootSpecification, "b"}
	end, err := line.take(t.Context(), []root{b})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := line.take(ctx, []root{a, b})
		left <- err
	}()
	for line.lined(b) == 0 {
		runtime.Gosched()
	}
	cancel()
	require.ErrorIs(t, <-left, context.Canceled)
	other, err := line.take(t.Context(), []root{a})
	require.NoError(t, err, "what it had already is free again")
	other()
	end()
	assert.Empty(t, line.waiting)
}

func TestATurnThatComesWhileItsOwnerLeavesIsHandedOn(t *testing.T) {
	var line turns
	b := root{rootSpecification, "b"}
	require.NoError(t, line.wait(t.Context(), b))
	mine := make(chan struct{})
	line.waiting[b] = append(line.waiting[b], mine)
	line.end([]root{b})
	<-mine
	line.leave(b, mine)
	assert.Empty(t, line.waiting)
}
