package tryout

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
)

// BenchmarkOpening drives the generated executor alone, without any transport.
func BenchmarkOpening(b *testing.B) {
	es := Schema()
	doc, errs := gqlparser.LoadQueryWithRules(es.Schema(), Opening, nil)
	require.Empty(b, errs)
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		op := &graphql.OperationContext{
			Doc: doc, Operation: doc.Operations[0], Variables: map[string]any{"id": "x"},
			RecoverFunc:            graphql.DefaultRecover,
			ResolverMiddleware:     func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) },
			RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
		}
		ctx := graphql.WithOperationContext(context.Background(), op)
		ctx = graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover)
		size = len(es.Exec(ctx)(ctx).Data)
	}
	b.ReportMetric(float64(size), "bytes")
}
