package governance_test

import (
	"encoding/json"
	"fmt"
	"slices"
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

// largeDocument has as many outcomes, in five languages.
func largeDocument(b *testing.B, outcomes int) governance.Document {
	b.Helper()
	d := sample.Document()
	pattern := d.Outcomes
	d.Languages, d.Outcomes = []governance.LanguageTag{"en", "de", "fr", "lt", "pl"}, nil
	inFive := func(text governance.Text) governance.Text {
		return governance.Text{"en": text["en"], "de": text["de"], "fr": text["en"], "lt": text["de"], "pl": text["en"]}
	}
	for i := range outcomes {
		o := pattern[i%len(pattern)]
		o.ID, o.Statement, o.Criteria = governance.ElementID(fmt.Sprintf("o%d", i)), inFive(o.Statement), slices.Clone(o.Criteria)
		for j := range o.Criteria {
			o.Criteria[j].Statement = inFive(o.Criteria[j].Statement)
		}
		d.Outcomes = append(d.Outcomes, o)
	}
	return roundTrip(b, d)
}

func BenchmarkLargeDocument(b *testing.B) {
	for _, changed := range []int{10, 100} { // of the 200 outcomes, by each side
		base := largeDocument(b, 200)
		ours, theirs := roundTrip(b, base), roundTrip(b, base)
		for i := range changed {
			ours.Outcomes[2*i].Statement["fr"], theirs.Outcomes[2*i].Statement["lt"] = "changed by us", "changed by them"
		}
		slices.Reverse(ours.Outcomes[:50])
		slices.Reverse(theirs.Outcomes[30:])
		b.Run(fmt.Sprintf("diff/%d", changed), func(b *testing.B) {
			for b.Loop() {
				governance.Diff(base, ours)
			}
		})
		b.Run(fmt.Sprintf("merge/%d", changed), func(b *testing.B) {
			for b.Loop() {
				governance.Merge(base, ours, theirs)
			}
		})
	}
}
