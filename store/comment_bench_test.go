package store_test

import (
	"context"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storebench"
	"concordat/store/storetest"
)

// BenchmarkComment comments on consulted editions of the standard data set by 64 clients, and says how much processor
// time a comment takes: on a busy machine that tells more than the rate.
func BenchmarkComment(b *testing.B) {
	for _, kind := range storetest.Kinds {
		b.Run(kind, func(b *testing.B) {
			url := storetest.URL(b, kind)
			set := storebench.At(0.02, "https://issuer.example", time.Now())
			require.NoError(b, set.Fill(b.Context(), url))
			db := storetest.OpenWith(b, store.Config{URL: url, Clock: time.Now})
			consulted := set.Consulted()
			var taken atomic.Int64
			before := processorTime(b)
			benchmarkClients(b, 64, func() error {
				n := int(taken.Add(1))
				actor := set.Viewer(n % 64)
				actor.Scopes = []governance.Scope{governance.ScopeWrite, governance.ScopeAct}
				_, err := db.AddComment(context.Background(), actor, store.AddCommentInput{
					Edition: consulted[n%len(consulted)].Edition, Kind: governance.CommentGeneral,
					Body: "The statement should name the standard by which the work is judged.",
				})
				return err
			})
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// processorTime is what this process has used, in the system and outside of it.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
