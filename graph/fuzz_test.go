package graph_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/graph"
	"concordat/graph/internal/tryout"
)

// FuzzRequests sends whatever comes as a document with variables: every answer is JSON, and none is a fault of ours.
func FuzzRequests(f *testing.F) {
	for _, seed := range [][2]string{
		{tryout.Opening, `{"id":"x"}`},
		{`query($c: Choice = {id: "x"}) { echo(choice: $c) }`, `{"c":{"slug":"y"}}`},
		{`{ specifications(first: 3) { edges { node { ...A } } } } fragment A on Specification { id self { ...B } } fragment B on Node { __typename id }`, ``},
		{`mutation($in: TouchInput!) { touch(input: $in) { id } }`, `{"in":{"id":"1","filter":{"and":[{"limit":null}]}}}`},
		{`query($f: Boolean!) { hello @include(if: $f) ... @skip(if: true) { node(id: 1) { ... on Person { name } } } }`, `{"f":true}`},
		{`{ __schema { types { name fields { name } } } __type(name: "Node") { possibleTypes { name } } }`, ``},
		{`{ count(filters: [{and: [{text: """x"""}]}, null]) }`, ``},
	} {
		f.Add(seed[0], seed[1])
	}
	h := tryoutHandler(graph.Config{Limits: graph.Limits{Duration: 50 * time.Millisecond}})
	f.Fuzz(func(t *testing.T, query, variables string) {
		if !json.Valid([]byte(variables)) {
			variables = "{}"
		}
		r := post(`{"query":` + quoted(t, query) + `,"variables":` + variables + `}`)
		got := send(t, h, r)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, got.status, "%s", got.body)
		if !strings.Contains(query, "panic") && !strings.Contains(query, "fail") { // fields that are at fault on purpose
			require.NotContains(t, got.body, `"INTERNAL"`)
		}
	})
}
