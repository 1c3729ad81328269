package exchange_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

// strange replaces values of a tree by odd ones, and wraps or unwraps lists, by a seeded chance.
func strange(rng *rand.Rand, node any) any {
	if rng.IntN(60) == 0 {
		odd := []any{nil, true, 7, "", "x", "urn:epass:org:1", []any{}, []any{nil, "x", []any{}}, map[string]any{},
			map[string]any{"id": "urn:epass:org:1"}, map[string]any{"en": 1}, map[string]any{"x-y": "a"}, "P1M", "\u0007"}
		return odd[rng.IntN(len(odd))]
	}
	switch value := node.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			value[name] = strange(rng, value[name])
		}
	case []any:
		for i := range value {
			value[i] = strange(rng, value[i])
		}
		if len(value) == 1 && rng.IntN(4) == 0 {
			return value[0]
		}
	}
	if rng.IntN(20) == 0 {
		return []any{node, node}
	}
	return node
}

func TestAStrangeFileIsRefusedOrMakesADraftThatParses(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	drafts := 0
	for range 60 {
		var tree any
		require.NoError(t, json.Unmarshal(testdata(t, "elm-credential.json"), &tree))
		data, err := json.Marshal(strange(rng, tree))
		require.NoError(t, err)
		imported, err := exchange.ImportELM(data)
		if err != nil {
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "%v in %s", err, data)
			continue
		}
		drafts++
		assert.NotContains(t, everything(t, imported), "LEARNER-SECRET", "%s", data)
		written, err := json.Marshal(imported.Document)
		require.NoError(t, err)
		_, err = governance.ParseDocument(written)
		require.NoError(t, err, "%s", data)
	}
	assert.Positive(t, drafts)
}
