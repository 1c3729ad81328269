package exchange_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

func TestStrangeFilesOfAnyFormatAreRefusedOrMakeDraftsThatParse(t *testing.T) {
	ctdl, err := exchange.ExportCTDL(published(t))
	require.NoError(t, err)
	for name, format := range map[string]struct {
		file []byte
		read func([]byte) (exchange.Import, error)
	}{
		"CASE 1.0": {testdata(t, "case-1.0.json"), exchange.ImportCASE},
		"CASE 1.1": {testdata(t, "case-1.1.json"), exchange.ImportCASE},
		"CTDL":     {ctdl.Bytes, exchange.ImportCTDL},
	} {
		t.Run(name, func(t *testing.T) {
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			rng := rand.New(rand.NewPCG(seed, 1))
			drafts := 0
			for range 100 {
				var tree any
				require.NoError(t, json.Unmarshal(format.file, &tree))
				data, err := json.Marshal(strange(rng, tree))
				require.NoError(t, err)
				imported, err := format.read(data)
				if err != nil {
					assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "%v in %s", err, data)
					continue
				}
				drafts++
				written, err := json.Marshal(imported.Document)
				require.NoError(t, err)
				_, err = governance.ParseDocument(written)
				require.NoError(t, err, "%s", data)
			}
			assert.Positive(t, drafts)
		})
	}
}
