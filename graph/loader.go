package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/graph-gophers/dataloader/v7"

	"concordat/auth"
	"concordat/governance"
	"concordat/graph/generated"
	"concordat/store"
)

// loaderWait is how long a loader gathers ids before it asks the store. What a heavy field reads along is handed over
// without a loader and waits for nothing.
const loaderWait = time.Millisecond

// loaderBatch is how many ids a loader asks for at once.
const loaderBatch = 100

// loaders gather, within one request, what is fetched by id in passing. They live as long as the request does, so that
// nothing is remembered from one viewer to another.
type loaders struct {
	editions       *dataloader.Loader[governance.EditionID, *store.Edition]
	specifications *dataloader.Loader[governance.SpecificationID, *store.Specification]
}

// loadersKey is the context key of a request's loaders.
type loadersKey struct{}

// NewSchema makes the executable schema that the resolver answers. What it says about itself is what clients are
// offered. Each execution gets loaders of its own.
func NewSchema(resolver *Resolver) graphql.ExecutableSchema {
	config := generated.Config{Resolvers: resolver}
	config.Schema = PublicSchema(generated.NewExecutableSchema(config).Schema())
	return schemaWithLoaders{generated.NewExecutableSchema(config), resolver.Store}
}

// schemaWithLoaders is a schema whose executions find loaders in their context.
type schemaWithLoaders struct {
	graphql.ExecutableSchema
	store *store.DB
}

// Exec executes an operation with fresh loaders.
func (s schemaWithLoaders) Exec(ctx context.Context) graphql.ResponseHandler {
	respond := s.ExecutableSchema.Exec(ctx)
	fresh := newLoaders(s.store)
	return func(ctx context.Context) *graphql.Response {
		return respond(context.WithValue(ctx, loadersKey{}, fresh))
	}
}

func newLoaders(db *store.DB) *loaders {
	return &loaders{
		editions: newLoader(db.EditionsByID), specifications: newLoader(db.SpecificationsByID),
	}
}

// newLoader gathers ids for a read that answers in their order, nil where the actor may not see one.
func newLoader[ID comparable, T any](
	read func(ctx context.Context, actor governance.Actor, ids []ID) ([]*T, error),
) *dataloader.Loader[ID, *T] {
	batch := func(ctx context.Context, ids []ID) []*dataloader.Result[*T] {
		results := make([]*dataloader.Result[*T], len(ids))
		found, err := read(ctx, auth.ActorFrom(ctx), ids)
		for i := range ids {
			if err != nil {
				results[i] = &dataloader.Result[*T]{Error: err}
				continue
			}
			results[i] = &dataloader.Result[*T]{Data: found[i]}
		}
		return results
	}
	return dataloader.NewBatchedLoader(batch,
		dataloader.WithWait[ID, *T](loaderWait), dataloader.WithBatchCapacity[ID, *T](loaderBatch))
}

// loadEdition fetches an edition in passing; NOT_FOUND where the actor may not see it.
func loadEdition(ctx context.Context, id governance.EditionID) (*store.Edition, error) {
	return load(ctx, loadersFrom(ctx).editions, "edition", id)
}

// loadSpecification fetches a specification in passing; NOT_FOUND where the actor may not see it.
func loadSpecification(ctx context.Context, id governance.SpecificationID) (*store.Specification, error) {
	return load(ctx, loadersFrom(ctx).specifications, "specification", id)
}

func load[ID ~string, T any](ctx context.Context, loader *dataloader.Loader[ID, *T], noun string, id ID) (*T, error) {
	found, err := loader.Load(ctx, id)()
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, governance.NotFound(noun, string(id))
	}
	return found, nil
}

// loadersFrom answers the request's loaders: every execution of a NewSchema has them.
func loadersFrom(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }
