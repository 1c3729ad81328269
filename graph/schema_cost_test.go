package graph_test

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/graph"
)

// realHandler serves the real schema without a store: enough to read the schema, and to be refused.
func realHandler(limits graph.Limits) http.Handler {
	return graph.NewHandler(graph.Config{Schema: graph.NewSchema(&graph.Resolver{}), Limits: limits, Log: slog.New(slog.DiscardHandler)})
}

func TestReadingTheRealSchemaCostsLittle(t *testing.T) {
	requests := map[string]string{
		"what GraphiQL asks for":               introspection,
		"types of fields":                      "{__schema{types{fields{name args{name type{name}} type{name kind ofType{name kind}}}}}}",
		"fields of types of fields":            "{__schema{types{fields{type{fields{name}}}}}}",
		"fields of types of fields, at length": "{__schema{types{fields{type{fields{name description isDeprecated type{name}}}}}}}",
		"input fields of input fields":         "{__schema{types{inputFields{type{ofType{inputFields{name description}}}}}}}",
		"interfaces and their types":           "{__schema{types{interfaces{possibleTypes{name description kind}}}}}",
		"types of one interface":               `{__type(name:"Node"){possibleTypes{fields{name type{name kind}}}}}`,
		"values of enums":                      "{__schema{types{fields{type{enumValues{name}ofType{enumValues{name}}}}}}}",
		"arguments with their types' fields":   "{__schema{types{fields{args{type{ofType{inputFields{name}}}}}}}}",
		"mutations with their inputs' fields":  `{__type(name:"Mutation"){fields{args{type{ofType{inputFields{name description type{name kind}}}}}}}}`,
	}
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		t.Run(name, func(t *testing.T) {
			request := func() *http.Request { return post(`{"query":` + quoted(t, requests[name]) + `}`) }
			got, status, size := cheapest(t, func() http.Handler { return realHandler(graph.Limits{}) }, request)
			t.Logf("%.1f ms, answered with %d and %d bytes", got.Seconds()*1000, status, size)
			assert.Less(t, got, mostCPU*slower)
		})
	}
}

func TestPagesOfPermissionsAreDear(t *testing.T) {
	got := ask(t, realHandler(graph.Limits{}), `{
		a: needs(first: 100) { nodes { viewerMay { step allowed code reason message } } }
		b: needs(first: 100) { nodes { viewerMay { step allowed code reason message } } }
	}`, "")
	assert.Equal(t, "too-many-fields-in-the-answer", got.reason(), "%s", got.body)
}
