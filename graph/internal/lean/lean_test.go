package lean_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"concordat/graph/internal/lean"
)

func fields(aliases ...string) []graphql.CollectedField {
	list := make([]graphql.CollectedField, len(aliases))
	for i, alias := range aliases {
		list[i] = graphql.CollectedField{Field: &ast.Field{Alias: alias, Name: alias}}
	}
	return list
}

func TestAnObjectIsWrittenInTheOrderOfItsFields(t *testing.T) {
	many := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	cases := map[string]struct {
		aliases []string
		want    string
	}{
		"no field":                              {nil, `{}`},
		"one":                                   {[]string{"a"}, `{"a":0}`},
		"a response name twice is written once": {[]string{"a", "b", "a"}, `{"a":0,"b":1}`},
		"more than fit inline":                  {many, `{"a":0,"b":1,"c":2,"d":3,"e":4,"f":5,"g":6,"h":7,"i":8,"j":9}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := lean.NewObject(fields(c.aliases...))
			for i := range o.Values {
				o.Values[i] = graphql.MarshalInt(i)
			}
			var got bytes.Buffer
			o.MarshalGQL(&got)
			assert.Equal(t, c.want, got.String())
		})
	}
}

func TestAnElementThatPanicsIsNullAndLeavesAnErrorWithItsPath(t *testing.T) {
	ctx := graphql.WithResponseContext(context.Background(), graphql.DefaultErrorPresenter,
		func(context.Context, any) error { return errors.New("it panicked") })
	ctx = lean.At(ctx, "Query", fields("list")[0])

	list := lean.Slice(ctx, 3, func(_ context.Context, i int) graphql.Marshaler {
		if i == 1 {
			panic("at once")
		}
		return graphql.MarshalInt(i)
	})

	var got bytes.Buffer
	list.MarshalGQL(&got)
	assert.Equal(t, `[0,null,2]`, got.String())
	errs := graphql.GetErrors(ctx)
	require.Len(t, errs, 1)
	assert.Equal(t, "list[1]", errs[0].Path.String())
}
