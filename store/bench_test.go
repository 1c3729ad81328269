package store_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/store"
	"concordat/store/storetest"
)

// BenchmarkStep takes steps with one row and one act on one root, by so many clients at once.
func BenchmarkStep(b *testing.B) {
	for _, kind := range storetest.Kinds {
		for _, clients := range []int{1, 16, 64} {
			b.Run(kind+"/"+[]string{1: "one client", 16: "16 clients", 64: "64 clients"}[clients], func(b *testing.B) {
				db := storetest.Open(b, kind)
				makeProofs(b, db)
				benchmarkClients(b, clients, func() error {
					_, err := db.Take(context.Background(), note("bench"))
					return err
				})
			})
		}
	}
}

// BenchmarkRead reads one row by its key in a snapshot of its own.
func BenchmarkRead(b *testing.B) {
	for _, kind := range storetest.Kinds {
		b.Run(kind, func(b *testing.B) {
			db := storetest.Open(b, kind)
			makeProofs(b, db)
			benchmarkClients(b, 16, func() error {
				return db.Read(context.Background(), func(ctx context.Context, q *store.Query) error {
					_, err := q.Number(ctx, `SELECT version FROM proofs WHERE id = $1`, "p1")
					return err
				})
			})
		})
	}
}

// benchmarkClients shares b.N calls among so many goroutines.
func benchmarkClients(b *testing.B, clients int, call func() error) {
	b.Helper()
	b.ReportAllocs()
	calls := make(chan struct{}, clients)
	errs := make(chan error, clients)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for range calls {
				if err := call(); err != nil {
					select {
					case errs <- err:
					default:
					}
				}
			}
		})
	}
	b.ResetTimer()
	for range b.N {
		calls <- struct{}{}
	}
	close(calls)
	all.Wait()
	b.StopTimer()
	select {
	case err := <-errs:
		require.NoError(b, err)
	default:
	}
}
