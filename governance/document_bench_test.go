package governance_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

func BenchmarkParseDocument(b *testing.B) {
	data, err := json.Marshal(sample.Document())
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := governance.ParseDocument(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	d, p, c := sample.Document(), governance.EUProfile(), sample.Codes()
	for b.Loop() {
		governance.Check(d, p, c)
	}
}

func BenchmarkDiff(b *testing.B) {
	a, changed := sample.Document(), sample.Document()
	changed.Title["en"] = "x"
	for b.Loop() {
		governance.Diff(a, changed)
	}
}
