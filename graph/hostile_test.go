package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/graph"
)

// mostCPU is what a request may cost, on one core.
const mostCPU = 100 * time.Millisecond

// hostile are requests that try to cost as much as they can. Most are refused; those that are not stay just within
// the limits.
func hostile(t testing.TB) map[string]func() *http.Request {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	nest := func(n int, open, inner, end string) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	// chain is n fragments, each of which spreads the next one times over.
	chain := func(n int, spread, last string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " fragment F%d on Specification {%s}", i, strings.ReplaceAll(spread, "#", fmt.Sprint(i+1)))
		}
		fmt.Fprintf(&b, " fragment F%d on Specification {%s}", n, last)
		return b.String()
	}
	under := func(inside string) string { return `{specification(id:"1"){` + inside + `}}` }
	documents := map[string]string{
		"fragments that spread each other twice":    under("...F0") + chain(25, "...F# ...F#", "id"),
		"fragments twice below a field":             under("...F0") + chain(11, "a:self{...F#} b:self{...F#}", "id"),
		"fragments in a chain":                      under("...F0") + chain(62, "id title ...F#", strings.Repeat("id ", 80)),
		"fragments that all meet each other":        under(many(50, "...F# ")) + many(50, " fragment F# on Specification{id outcomes{id}}"),
		"fragments below fields that meet":          under(many(8, "self{...F#} ")) + many(8, " fragment F# on Specification{self{self{id comments{id author{id name}}}}}"),
		"a fragment that spreads itself":            under("...A") + " fragment A on Specification{id ...A}",
		"fragments in a ring":                       under("...F0") + chain(40, "id ...F#", "...F0"),
		"many aliases":                              "{" + many(1000, "a#:hello ") + "}",
		"as many aliases as there may be":           "{" + many(20, `a#:specifications(first:100){edges{cursor}} `) + "}",
		"deep nesting":                              "{specification(id:1)" + nest(990, "{self", "{id}", "}") + "}",
		"deep inline fragments":                     under(nest(290, "...{", "id", "}")),
		"deep lists in an argument":                 "{count(ids:" + nest(950, "[", "1", "]") + ")}",
		"deep objects in an argument":               "{count(filter:" + nest(450, "{and:[", `{text:"x"}`, "]}") + ")}",
		"a long list in an argument":                "{count(ids:[" + many(3900, "# ") + "])}",
		"many operations":                           many(500, "query Q#{hello} "),
		"as many operations as there may be":        many(19, "query Q#{specification(id:1){...F0}} ") + "query Z{hello}" + chain(40, "id title ...F#", "id stage"),
		"many directives in one place":              "{hello " + strings.Repeat("@mark ", 3000) + "}",
		"many unknown directives":                   "{hello " + many(1900, "@x# ") + "}",
		"many directives in many places":            "{" + strings.Repeat("hello @include(if:true) ", 600) + "}",
		"many variables":                            "query(" + many(900, "$v#:ID ") + "){count(ids:[" + many(900, "$v# ") + "])}",
		"equal fields side by side":                 "{" + strings.Repeat("hello ", 3000) + "}",
		"equal fields within the limit":             under(strings.Repeat("id ", 190)),
		"equal objects that have to be merged":      under(strings.Repeat("self{id title stage} ", 60)),
		"equal objects in equal objects":            under(strings.Repeat("self{"+strings.Repeat("self{"+strings.Repeat("self{id}", 5)+"}", 5)+"}", 5)),
		"equal objects with arguments":              under(strings.Repeat("beside(first:1){edges{cursor}} ", 90)),
		"unknown fields":                            under(many(1900, "x# ")),
		"unknown arguments":                         "{hello(" + many(900, "x#:1 ") + ")}",
		"a very long text":                          `{hello(name:"` + strings.Repeat("x", 120_000) + `")}`,
		"a very long text of escapes":               `{hello(name:"` + strings.Repeat(`\u00e9`, 20_000) + `")}`,
		"a very long block text":                    `{hello(name:"""` + strings.Repeat("\n   é", 20_000) + `""")}`,
		"a text of many bytes a character":          `{hello(name:"` + strings.Repeat("👩🏽‍🚒", 8_000) + `")}`,
		"only commas and spaces":                    "{hello" + strings.Repeat(" ,\n\ufeff", 20_000) + "}",
		"many comments":                             "{hello" + strings.Repeat("\n#x", 40_000) + "\n}",
		"a text that never ends":                    `{hello(name:"` + strings.Repeat("x", 120_000),
		"only brackets":                             strings.Repeat("{", 120_000),
		"a very long name":                          "{" + strings.Repeat("x", 120_000) + "}",
		"control characters":                        "{hello(name:\"" + strings.Repeat("\x01", 1000) + "\")}",
		"a document that is too long":               "{hello" + strings.Repeat(" ", 1_900_000) + "}",
		"pages in pages":                            `{specifications(first:100){edges{node{beside(first:100){edges{node{beside(first:100){edges{node{id}}}}}}}}}}`,
		"pages as full as they may be":              `{specifications(first:100){edges{node{outcomes{id statement level}comments{id text author{id name}}}}}}`,
		"a page of pages as full as it may be":      `{specifications(first:90){edges{node{beside(first:100){edges{node{id}}}}}}}`,
		"the whole schema":                          introspection,
		"the whole schema twice":                    strings.Replace(introspection, "__schema {", "b: __schema { types { ...FullType } } __schema {", 1),
		"fields of fields of the schema":            "{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}",
		"types of fields of the schema":             "{__schema{types{fields{type{fields{name args{name type{name}}}}}}}}",
		"possible types of possible types":          "{__schema{types{possibleTypes{interfaces{possibleTypes{interfaces{name}}}}}}}",
		"many single types":                         "{" + many(20, `a#:__type(name:"Specification"){fields{name type{fields{name}}}} `) + "}",
		"the schema by fragments that spread twice": "{__schema{types{...F0}}}" + strings.ReplaceAll(chain(25, "...F# ...F#", "name"), "Specification", "__Type"),
	}
	bodies := map[string]string{
		"a list of 2 MB as a variable":       `{"query":"query($v:[ID!]){count(ids:$v)}","variables":{"v":[` + strings.Repeat("1,", 950_000) + `1]}}`,
		"as long a list as there may be":     `{"query":"query($v:[ID!]){count(ids:$v)}","variables":{"v":[` + strings.Repeat("1,", 19_900) + `1]}}`,
		"a long list of objects":             `{"query":"query($v:[Filter!]){count(filters:$v)}","variables":{"v":[` + strings.Repeat(`{"limit":1},`, 9_900) + `{}]}}`,
		"deep objects as a variable":         `{"query":"query($v:Filter){count(filter:$v)}","variables":{"v":` + nest(30, `{"and":[`, "{}", "]}") + `}}`,
		"a wide tree of objects":             `{"query":"query($v:Filter){count(filter:$v)}","variables":{"v":{"and":[` + strings.Repeat(`{"and":[{"text":"x"},{"text":"y"},{"text":"z"}]},`, 2_000) + `{}]}}}`,
		"many unknown variables":             `{"query":"{hello}","variables":{` + many(19_000, `"v#":1,`) + `"w":1}}`,
		"an object of many unknown fields":   `{"query":"query($v:Filter){count(filter:$v)}","variables":{"v":{` + many(19_000, `"v#":1,`) + `"w":1}}}`,
		"a text of 2 MB as a variable":       `{"query":"query($v:String){hello(name:$v)}","variables":{"v":"` + strings.Repeat("x", 1_900_000) + `"}}`,
		"a text of escapes as a variable":    `{"query":"query($v:String){hello(name:$v)}","variables":{"v":"` + strings.Repeat(`\u0001`, 300_000) + `"}}`,
		"a text of quotes as a variable":     `{"query":"query($v:String){hello(name:$v)}","variables":{"v":"` + strings.Repeat(`\"`, 950_000) + `"}}`,
		"deep JSON":                          `{"query":"{hello}","variables":{"v":` + nest(900_000, "[", "", "]") + `}}`,
		"JSON with a long number":            `{"query":"{hello}","variables":{"v":1` + strings.Repeat("0", 1_900_000) + `}}`,
		"JSON with a long fraction":          `{"query":"{hello}","variables":{"v":1.` + strings.Repeat("3", 1_900_000) + `}}`,
		"JSON of nothing but space":          strings.Repeat(" ", 1_990_000),
		"JSON with a doubled key at its end": `{` + many(19_000, `"v#":1,`) + `"v1":1}`,
		"extensions nobody asked for":        `{"query":"{hello}","extensions":{"persistedQuery":{` + many(19_000, `"v#":1,`) + `"w":1}}}`,
	}
	for name, document := range documents {
		text, err := json.Marshal(map[string]string{"query": document})
		require.NoError(t, err)
		require.NotContains(t, bodies, name)
		bodies[name] = string(text)
	}
	requests := map[string]func() *http.Request{
		"a GET with many parameters": func() *http.Request {
			return httptest.NewRequest(http.MethodGet, "/graphql?query=%7Bhello%7D"+many(60_000, "&v#=1"), nil)
		},
		"a GET with long variables": func() *http.Request {
			return get(url.Values{"query": {"{hello}"}, "variables": {"{" + many(19_000, `"v#":1,`) + `"w":1}`}})
		},
		"an Accept of many ranges": func() *http.Request {
			r := post(`{"query":"{hello}"}`)
			r.Header.Set("Accept", strings.Repeat("application/json;q=0.1;x=y,", 35_000))
			return r
		},
		"an Accept of many parameters": func() *http.Request {
			r := post(`{"query":"{hello}"}`)
			r.Header.Set("Accept", "application/json"+many(60_000, ";p#=1"))
			return r
		},
		"a content type of many parameters": func() *http.Request {
			r := post(`{"query":"{hello}"}`)
			r.Header.Set("Content-Type", "application/json"+many(60_000, ";p#=1"))
			return r
		},
	}
	for name, body := range bodies {
		require.NotContains(t, requests, name)
		requests[name] = func() *http.Request { return post(body) }
	}
	return requests
}

// introspection is what GraphiQL and code generators ask for.
const introspection = `query IntrospectionQuery {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description locations args { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description
  fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
    kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}`

// processorTime is what this process has used of the processor so far.
func processorTime(t testing.TB) time.Duration {
	var usage syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// cheapest sends a request a few times, each to a handler without anything in its cache, and answers the least that
// it cost: other work of the process can only add to a single figure.
func cheapest(t testing.TB, handler func() http.Handler, request func() *http.Request) (least time.Duration, status, size int) {
	least = time.Hour
	for range 4 {
		h := handler()
		r, w := request(), &discard{header: http.Header{}}
		runtime.GC()
		before := processorTime(t)
		h.ServeHTTP(w, r)
		least = min(least, processorTime(t)-before)
		require.NotZero(t, w.status)
		status, size = w.status, w.size
	}
	return least, status, size
}

// discard is a ResponseWriter that keeps nothing but the status.
type discard struct {
	header http.Header
	status int
	size   int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { d.size += len(p); return len(p), nil }

func TestNoRequestCostsMoreThanItMay(t *testing.T) {
	requests := hostile(t)
	fresh := func() http.Handler { return tryoutHandler(graph.Config{}) }
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		t.Run(name, func(t *testing.T) {
			got, status, size := cheapest(t, fresh, requests[name])
			t.Logf("%.1f ms, answered with %d and %d bytes", got.Seconds()*1000, status, size)
			assert.Less(t, got, mostCPU*slower)
		})
	}
}
