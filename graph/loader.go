package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/graph-gophers/dataloader/v7"
	"github.com/vektah/gqlparser/v2/ast"

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
	organizations  *dataloader.Loader[governance.OrganizationID, *store.Organization]
	councils       *dataloader.Loader[governance.OrganizationID, *store.Council]      // nil: the organization is none
	rollEntries    *dataloader.Loader[governance.OrganizationID, []*store.RollEntry]  // of an organization
	memberships    *dataloader.Loader[governance.OrganizationID, []*store.Membership] // of an organization
	charters       *dataloader.Loader[governance.CharterID, *store.Charter]
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
	fresh := newLoaders(s.store, graphql.GetOperationContext(ctx).Operation.Operation == ast.Query)
	return func(ctx context.Context) *graphql.Response {
		return respond(context.WithValue(ctx, loadersKey{}, fresh))
	}
}

// newLoaders makes loaders that remember what they read where keep says so: in a query, whose fields all ask at once. In a
// mutation or a subscription what was read before a change would be shown after it.
func newLoaders(db *store.DB, keep bool) *loaders {
	return &loaders{
		editions:       newLoader(db.EditionsByID, keep),
		specifications: newLoader(db.SpecificationsByID, keep),
		organizations:  newLoader(public(db.OrganizationsByID), keep),
		councils:       newLoader(public(db.CouncilsByID), keep),
		rollEntries:    newLoader(public(db.RollEntriesOf), keep),
		memberships:    newLoader(public(db.MembershipsOf), keep),
		charters:       newLoader(public(db.ChartersByID), keep),
	}
}

// public puts what everybody may read, found by id, in the order of the ids.
func public[ID comparable, T any](
	read func(ctx context.Context, ids []ID) (map[ID]T, error),
) func(ctx context.Context, actor governance.Actor, ids []ID) ([]T, error) {
	return func(ctx context.Context, _ governance.Actor, ids []ID) ([]T, error) {
		found, err := read(ctx, ids)
		ordered := make([]T, len(ids))
		for i, id := range ids {
			ordered[i] = found[id]
		}
		return ordered, err
	}
}

// newLoader gathers ids for a read that answers in their order, nil where there is none or the actor may not see it.
func newLoader[ID comparable, T any](
	read func(ctx context.Context, actor governance.Actor, ids []ID) ([]T, error), keep bool,
) *dataloader.Loader[ID, T] {
	batch := func(ctx context.Context, ids []ID) []*dataloader.Result[T] {
		results := make([]*dataloader.Result[T], len(ids))
		found, err := read(ctx, auth.ActorFrom(ctx), ids)
		for i := range ids {
			if err != nil {
				results[i] = &dataloader.Result[T]{Error: err}
				continue
			}
			results[i] = &dataloader.Result[T]{Data: found[i]}
		}
		return results
	}
	options := []dataloader.Option[ID, T]{dataloader.WithWait[ID, T](loaderWait), dataloader.WithBatchCapacity[ID, T](loaderBatch)}
	if !keep {
		options = append(options, dataloader.WithCache[ID, T](&dataloader.NoCache[ID, T]{}))
	}
	return dataloader.NewBatchedLoader(batch, options...)
}

// loadEdition fetches an edition in passing; NOT_FOUND where the actor may not see it.
func loadEdition(ctx context.Context, id governance.EditionID) (*store.Edition, error) {
	return load(ctx, loadersFrom(ctx).editions, "edition", id)
}

// loadSpecification fetches a specification in passing; NOT_FOUND where the actor may not see it.
func loadSpecification(ctx context.Context, id governance.SpecificationID) (*store.Specification, error) {
	return load(ctx, loadersFrom(ctx).specifications, "specification", id)
}

// loadOrganization fetches an organization in passing.
func loadOrganization(ctx context.Context, id governance.OrganizationID) (*store.Organization, error) {
	return load(ctx, loadersFrom(ctx).organizations, "organization", id)
}

// loadCharter fetches a charter in passing.
func loadCharter(ctx context.Context, id governance.CharterID) (*store.Charter, error) {
	return load(ctx, loadersFrom(ctx).charters, "charter", id)
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
