package graph_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/graph"
	"concordat/graph/live"
	"concordat/store/storetest"
)

// TestAClientThatIsCutOffMissesNothingAndSeesNothingTwice lets twelve people write at once while a client's connection is
// cut at random, again and again; it comes back each time with the last id that it saw.
func TestAClientThatIsCutOffMissesNothingAndSeesNothingTwice(t *testing.T) {
	const each = 15
	newsrooms(t, live.Config{Recent: 16}, graph.StreamConfig{PerPerson: -1}, func(t *testing.T, n *newsroom) {
		chance := rand.New(rand.NewPCG(seedOf(t), 1))
		began := n.settle()
		writers := []governance.Actor{n.As("acme", governance.RoleRepresentative), n.As("bolt", governance.RoleRepresentative)}
		for _, slug := range []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy", "quality", "learners", "office"} {
			writers = append(writers, n.As(slug, governance.RoleAuthor))
		}
		l := n.follow(n.author(), "")
		var writing sync.WaitGroup
		for i, writer := range writers {
			writing.Go(func() {
				for j := range each {
					n.comment(writer, fmt.Sprintf("%d says %d", i, j))
				}
			})
		}
		var seen []int64
		cuts := 0
		for len(seen) < each*len(writers) {
			for range chance.IntN(25) {
				if len(seen) == each*len(writers) {
					break
				}
				told := l.object()
				require.Equal(t, "StepTaken", told["__typename"])
				seen = append(seen, int64(told["leaf"].(float64)))
				require.Equal(t, strconv.FormatInt(seen[len(seen)-1], 10), l.last)
			}
			l.close()
			l = n.follow(n.author(), l.last)
			cuts++
		}
		writing.Wait()
		head := n.settle()
		leaves, err := n.DB.LeavesOf(t.Context(), string(n.specification), began, head, 10_000)
		require.NoError(t, err)
		var want []int64
		for _, leaf := range leaves {
			want = append(want, leaf.Number)
		}
		assert.Equal(t, want, seen)
		t.Logf("cut off %d times", cuts)
	})
}

// seedOf is the seed of this run, printed where the test fails.
func seedOf(t *testing.T) uint64 {
	seed := rand.Uint64()
	if given, err := strconv.ParseUint(os.Getenv(storetest.SeedEnv), 16, 64); err == nil {
		seed = given
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat this with %s=%x", storetest.SeedEnv, seed)
		}
	})
	return seed
}
