package graph_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/graph"
	"concordat/graph/internal/tryout"
)

// BenchmarkOpening answers the same query from the same data over and over: what the transport and the executor cost
// where the data cost nothing.
func BenchmarkOpening(b *testing.B) {
	h := tryoutHandler(graph.Config{Rates: graph.Rates{Address: graph.Rate{PerSecond: 1e9}}})
	body := `{"query":` + quoted(b, tryout.Opening) + `,"variables":{"id":"x"}}`
	b.ReportAllocs()
	for b.Loop() {
		w := &discard{header: http.Header{}}
		h.ServeHTTP(w, post(body))
		require.Equal(b, http.StatusOK, w.status)
	}
}

// BenchmarkHostile prints what each hostile request costs a server that has never seen it.
func BenchmarkHostile(b *testing.B) {
	requests := hostile(b)
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		b.Run(name, func(b *testing.B) {
			before := processorTime(b)
			for b.Loop() {
				h := tryoutHandler(graph.Config{})
				h.ServeHTTP(&discard{header: http.Header{}}, requests[name]())
			}
			spent := processorTime(b) - before
			b.ReportMetric(spent.Seconds()*1000/float64(b.N), "cpu-ms/op")
		})
	}
}
