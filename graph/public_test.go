package graph_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"concordat/graph"
	"concordat/graph/generated"
	"concordat/graph/internal/tryout"
)

func TestThePublicSchemaHidesWhatIsNotOffered(t *testing.T) {
	whole := tryout.Schema().Schema()
	require.Contains(t, whole.Directives, "defer")
	public := graph.PublicSchema(whole)
	assert.NotContains(t, public.Directives, "defer")
	assert.Contains(t, public.Directives, "include")
	assert.Contains(t, whole.Directives, "defer", "the schema itself is left as it is")

	got := ask(t, realHandler(graph.Limits{}), `{ __schema { directives { name } } }`, "")
	assert.Contains(t, got.body, `"include"`)
	assert.NotContains(t, got.body, "goField")
	assert.NotContains(t, got.body, "defer")
}

func TestTheSchemaCanBeDownloadedAndReadAgain(t *testing.T) {
	whole := generated.NewExecutableSchema(generated.Config{Resolvers: &graph.Resolver{}}).Schema()
	w := httptest.NewRecorder()
	graph.SDL(whole).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/graphql/schema.graphqls", nil))
	require.Equal(t, http.StatusOK, w.Code)
	assert.NotContains(t, w.Body.String(), "goField")

	read, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: w.Body.String()})
	require.NoError(t, err)
	for name, definition := range whole.Types {
		require.Contains(t, read.Types, name)
		assert.Len(t, read.Types[name].Fields, len(definition.Fields), name)
		assert.Equal(t, definition.Description, read.Types[name].Description)
	}
}
