package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/graph"
)

func TestEachLimitLetsThroughWhatIsAtItAndRefusesOneMore(t *testing.T) {
	repeat := strings.Repeat
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	cases := []struct {
		name   string
		limits graph.Limits
		limit  int
		reason string
		with   func(n int) string // a document that holds n of it
	}{
		{"bytes of the document", graph.Limits{Document: 40}, 40, "too-many-bytes", func(n int) string { return "{hello}" + repeat(" ", n-7) }},
		{"tokens", graph.Limits{Tokens: 20}, 20, "too-many-tokens", func(n int) string { return "{" + repeat("hello ", n-2) + "}" }},
		{"operations", graph.Limits{Operations: 3}, 3, "too-many-operations", func(n int) string { return "query Only{hello}" + numbered(n-1, "query Q#{hello}") }},
		{"fragments", graph.Limits{Fragments: 3}, 3, "too-many-fragments", func(n int) string {
			return "{" + numbered(n, "...F# ") + "}" + numbered(n, "fragment F# on Query{hello}")
		}},
		{"spreads", graph.Limits{Spreads: 4}, 4, "too-many-fragment-spreads", func(n int) string { return "{" + repeat("...{hello} ", n) + "}" }},
		{"aliases", graph.Limits{Aliases: 3}, 3, "too-many-aliases", func(n int) string { return "{" + numbered(n, "a#:hello ") + "}" }},
		{"root fields", graph.Limits{Roots: 4}, 4, "too-many-root-fields", func(n int) string { return "{" + repeat("hello ", n) + "}" }},
		{"directives", graph.Limits{Directives: 5}, 5, "too-many-directives", func(n int) string { return "{hello" + repeat(" @mark", n) + "}" }},
		{"variables", graph.Limits{Variables: 3}, 3, "too-many-variables", func(n int) string {
			return "query Only(" + numbered(n, "$v#:ID! ") + "){count(ids:[" + numbered(n, "$v# ") + "])}"
		}},
		{"depth", graph.Limits{Depth: 5}, 5, "too-many-levels", func(n int) string {
			return "{specification(id:1)" + repeat("{self", n-2) + "{id}" + repeat("}", n-2) + "}"
		}},
		{"depth by fragments", graph.Limits{Depth: 5}, 5, "too-many-levels", func(n int) string {
			return "{specification(id:1){...A}} fragment A on Specification" + repeat("{self", n-2) + "{id}" + repeat("}", n-2)
		}},
		{"depth of the schema", graph.Limits{SchemaView: 4}, 4, "too-many-levels-of-introspection", func(n int) string {
			return `{__type(name:"Query")` + repeat("{ofType", n-1) + "{name}" + repeat("}", n-1) + "}"
		}},
		{"nested values", graph.Limits{Nesting: 7}, 7, "too-many-nested-values", func(n int) string {
			return "{count(filter:" + repeat("{and:[", n/2) + "{}" + repeat("]}", n/2) + ")}"
		}},
		{"fields written out", graph.Limits{Fields: 9}, 9, "too-many-fields", func(n int) string {
			return "{specification(id:1){...A ...A " + repeat("title ", (n-1)%2) + "}} fragment A on Specification{" + repeat("id ", (n-1)/2) + "}"
		}},
		{"pairs of equal fields", graph.Limits{Overlaps: 20}, 20, "too-many-equal-fields", func(n int) string { return "{" + repeat("hello ", n/4) + "}" }},
		{"steps of the validation", graph.Limits{Steps: 10}, 10, "too-many-fields-in-fragments", func(n int) string {
			return "{...A " + repeat("hello ", n-8) + "} fragment A on Query{...B hello} fragment B on Query{hello}"
		}},
		{"fields in the answer", graph.Limits{Cost: 42}, 42, "too-many-fields-in-the-answer", func(n int) string {
			return fmt.Sprintf("{specifications(first:%d){edges{cursor}} hello}", (n-2)/2) + repeat(" ", n)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := tryoutHandler(graph.Config{Limits: c.limits})
			got := askOperation(t, h, c.with(c.limit))
			assert.Nil(t, got.reason(), "%s is within the limit: %s", c.with(c.limit), got.body)
			over := c.limit + 1
			if c.name == "fields in the answer" {
				over++ // it grows by two
			}
			if c.name == "pairs of equal fields" {
				over = c.limit + 4
			}
			got = askOperation(t, h, c.with(over))
			assert.Equal(t, c.reason, got.reason(), "%s", got.body)
			assert.Equal(t, "TOO_COMPLEX", got.code(t))
			assert.Nil(t, got.Data)
		})
	}
}

// askOperation asks for the operation called Only, where the document has one of that name, with variables for it.
func askOperation(t *testing.T, h http.Handler, document string) answer {
	t.Helper()
	if !strings.Contains(document, "Only") {
		return ask(t, h, document, "")
	}
	return send(t, h, post(`{"operationName":"Only","variables":{"v0":"0","v1":"1","v2":"2"},"query":`+quoted(t, document)+`}`))
}

func TestTheCostOfPagesIsTheirProduct(t *testing.T) {
	const two = `query($a: Int, $b: Int = 5) { specifications(first: $a) { edges { node { beside(first: $b) { edges { cursor } } } } } }`
	h := tryoutHandler(graph.Config{Limits: graph.Limits{Cost: 1000}})
	cases := map[string]struct {
		query, variables, code string
	}{
		"small pages":                            {two, `{"a":10,"b":10}`, ""},
		"the second page's default":              {two, `{"a":50}`, ""},
		"the first page's default in the schema": {two, `{}`, ""},
		"large pages by variables":               {two, `{"a":30,"b":30}`, "TOO_COMPLEX"},
		"one large page":                         {two, `{"a":2147483647,"b":1}`, ""},
		"a negative page is empty":               {two, `{"a":-5,"b":100}`, ""},
		"large pages as they are written":        {`{ specifications(first: 100) { edges { node { outcomes { id } } } } }`, "", "TOO_COMPLEX"},
		"lists in lists":                         {`{ specification(id: 1) { self { outcomes { id level } comments { id text author { id } } } } }`, "", ""},
		"the same by a fragment":                 {`{ specifications(first: 100) { ...A } } fragment A on SpecificationConnection { edges { node { outcomes { id } } } }`, "", "TOO_COMPLEX"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for range 2 { // as a new document and as a kept one
				got := ask(t, h, c.query, c.variables)
				if c.code == "" {
					assert.Empty(t, got.Errors, "%s", got.body)
				} else {
					assert.Equal(t, c.code, got.code(t))
				}
			}
		})
	}
}

func TestEverybodyMayReadTheSchemaAndNobodyMayReadItOften(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	got := ask(t, h, introspection, "")
	assert.Empty(t, got.Errors)
	assert.Contains(t, got.body, `"name":"Specification"`)

	got = ask(t, h, "{ a: __schema { types { ...F } } b: __schema { types { ...F } } c: __schema { types { ...F } } }"+
		introspection[strings.Index(introspection, "fragment FullType"):]+" fragment F on __Type { ...FullType }", "")
	assert.Equal(t, "TOO_COMPLEX", got.code(t))

	got = ask(t, h, "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "")
	require.NotEmpty(t, got.Errors)
	assert.Equal(t, "INVALID", got.Errors[0].Extensions["code"])
}

func TestMessagesDoNotRepeatTheDocumentAtLength(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	got := ask(t, h, "{"+strings.Repeat("é", 10_000)+"}", "")
	assert.Equal(t, "INVALID", got.code(t))
	assert.Less(t, len(got.body), 1000)
	got = ask(t, h, "{"+strings.Repeat("x ", 900)+"}", "")
	assert.Len(t, got.Errors, 1, "%s", got.body[:min(300, len(got.body))])
}
