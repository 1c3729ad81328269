package tryout

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"concordat/governance"
)

// Schema is the executable schema over made-up data.
func Schema() graphql.ExecutableSchema {
	return NewExecutableSchema(Config{Resolvers: root{}})
}

// Opening asks for a specification as a person's page does: its outcomes, and its comments with author and
// organization.
const Opening = `query Opening($id: ID!) {
  specification(id: $id) {
    id title stage
    outcomes { id statement level }
    comments { id text author { id name organization { id name } } }
  }
}`

type (
	root         struct{}
	query        struct{}
	mutation     struct{}
	subscription struct{}
	below        struct{}
)

func (root) Query() QueryResolver               { return query{} }
func (root) Mutation() MutationResolver         { return mutation{} }
func (root) Subscription() SubscriptionResolver { return subscription{} }

func (root) Specification() SpecificationResolver { return below{} }

func (below) Beside(_ context.Context, _ *Specification, first *int32) (*SpecificationConnection, error) {
	return page(*first), nil
}

func (query) Hello(_ context.Context, name *string) (string, error) {
	return "Hello, " + *name + ".", nil
}

func (query) Specification(_ context.Context, id string) (*Specification, error) {
	return specification(id), nil
}

func (query) Specifications(_ context.Context, first *int32, _ *string) (*SpecificationConnection, error) {
	return page(*first), nil
}

func (query) Node(_ context.Context, id string) (Node, error) {
	return *specification(id), nil
}

func (query) Refuse(_ context.Context, field *string) (*string, error) {
	if field != nil {
		return nil, fmt.Errorf("refuse: %w", governance.Invalid(*field, "too-short", "At least {least} words.", "least", "3"))
	}
	return nil, governance.NotFound("ballot", "b1")
}

func (query) RefuseHard(context.Context) (string, error) {
	return "", governance.Refuse(governance.CodeForbidden, "not-a-representative", "Only a representative may do that.")
}

func (query) Fail(context.Context) (*string, error) {
	return nil, errors.New("dial tcp 10.1.2.3:5432: the secret inner life")
}

func (query) Panic(context.Context) (*string, error) {
	panic("the secret inner life")
}

func (query) Wait(ctx context.Context) (*string, error) {
	<-ctx.Done()
	return nil, fmt.Errorf("wait: %w", ctx.Err())
}

func (query) Count(_ context.Context, ids []string, filter *Filter, filters []Filter) (int32, error) {
	n := len(ids) + len(filters)
	if filter != nil {
		n += len(filter.And.Value())
	}
	return int32(n), nil
}

func (query) Echo(_ context.Context, choice *Choice, text *string, number *int32, ratio *float64, flag *bool, color *Color) (string, error) {
	return fmt.Sprintf("%t %s %d %g %t %s", choice != nil, deref(text), deref(number), deref(ratio), deref(flag), deref(color)), nil
}

func (mutation) Touch(_ context.Context, input TouchInput) (*TouchPayload, error) {
	return &TouchPayload{ID: input.ID, Times: input.Times}, nil
}

func (subscription) Ticks(ctx context.Context) (<-chan int32, error) {
	ticks := make(chan int32)
	go func() {
		defer close(ticks)
		for n := int32(1); ; n++ {
			select {
			case ticks <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ticks, nil
}

func deref[T any](p *T) (value T) {
	if p != nil {
		value = *p
	}
	return value
}

// example has 8 outcomes and 20 comments.
var example = makeExample()

func makeExample() *Specification {
	s := &Specification{Title: "Maintaining heat pumps", Stage: "DRAFTING"}
	s.Self = s
	for i := range 8 {
		s.Outcomes = append(s.Outcomes, Outcome{
			ID: "o" + strconv.Itoa(i), Level: int32(i + 1),
			Statement: "Checks the tightness of the refrigerant circuit and records the result in the plant's log.",
		})
	}
	council := &Organization{ID: "org-1", Name: "Union of Building Trades"}
	for i := range 20 {
		n := strconv.Itoa(i)
		s.Comments = append(s.Comments, Comment{
			ID: "c" + n, Text: "“Records” is not something that one can assess.",
			Author: &Person{ID: "person-" + n, Name: "Person " + n, Organization: council},
		})
	}
	return s
}

func specification(id string) *Specification {
	s := *example
	s.ID = id
	return &s
}

func page(size int32) *SpecificationConnection {
	connection := &SpecificationConnection{Edges: make([]SpecificationEdge, min(max(size, 0), 100))}
	for i := range connection.Edges {
		id := strconv.Itoa(i)
		connection.Edges[i] = SpecificationEdge{Cursor: id, Node: specification(id)}
	}
	return connection
}
