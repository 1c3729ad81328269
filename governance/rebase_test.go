package governance_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

func TestRebasedChangesMakeTheMergedTextOfTheHead(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("first seed %d", seed)
	for i := range uint64(20) {
		base, ours, head := threeTexts(t, seed+i)
		rebased, conflicts, err := governance.Rebase(governance.Diff(base, ours), base, head)
		require.NoError(t, err, "seed %d", seed+i)
		got, err := governance.Apply(head, rebased)
		require.NoError(t, err, "seed %d", seed+i)
		want := governance.Merge(base, ours, head)
		assert.Equal(t, want, governance.Merged{Document: got, Conflicts: conflicts}, "seed %d", seed+i)
	}
}

func TestChangesThatDoNotFitTheirBaseAreNotRebased(t *testing.T) {
	base, _, head := threeTexts(t, 1)
	_, _, err := governance.Rebase([]governance.Change{{Kind: "REMOVE", Path: "/outcomes/gone"}}, base, head)
	assert.Equal(t, governance.CodeConflict, governance.CodeOf(err))
}
