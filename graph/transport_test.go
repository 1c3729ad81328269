package graph_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/graph"
	"concordat/graph/internal/tryout"
)

const (
	newer = "application/graphql-response+json"
	older = "application/json"
)

// answer is a response as a client reads it.
type answer struct {
	status int
	header http.Header
	body   string
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Locations  []any          `json:"locations"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

// code is the code of the only error.
func (a answer) code(t *testing.T) string {
	t.Helper()
	require.Len(t, a.Errors, 1, "%s", a.body)
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

func (a answer) reason() any {
	if len(a.Errors) == 0 {
		return nil
	}
	return a.Errors[0].Extensions["reason"]
}

// tryoutHandler serves the tryout schema with a silent log.
func tryoutHandler(c graph.Config) http.Handler {
	c.Schema = tryout.Schema()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return graph.NewHandler(c)
}

// send sends one request and reads the response, which must be JSON of the announced length.
func send(t *testing.T, h http.Handler, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	got := answer{status: w.Code, header: w.Header(), body: w.Body.String()}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), "%s", got.body)
	return got
}

// post is a request with a JSON body, accepting the newer media type.
func post(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", older)
	r.Header.Set("Accept", newer)
	return r
}

// ask sends a query with variables, given as JSON or "".
func ask(t *testing.T, h http.Handler, query, variables string) answer {
	t.Helper()
	if variables == "" {
		variables = "null"
	}
	return send(t, h, post(`{"query":`+quoted(t, query)+`,"variables":`+variables+`}`))
}

// quoted is a text as JSON.
func quoted(t testing.TB, text string) string {
	t.Helper()
	out, err := json.Marshal(text)
	require.NoError(t, err)
	return string(out)
}

func get(values url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/graphql?"+values.Encode(), nil)
	r.Header.Set("Accept", newer)
	return r
}

func TestAQueryIsAnsweredByPostAndByGet(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	want := `{"data":{"hello":"Hello, Ona “O” Žemaitė.","__typename":"Query"}}`
	query := `query Q($name: String) { hello(name: $name) __typename } query Other { hello }`
	variables := `{"name":"Ona “O” Žemaitė"}`

	byPost := send(t, h, post(`{"query":`+quoted(t, query)+`,"operationName":"Q","variables":`+variables+`,"extensions":{"x":1},"other":2}`))
	byGet := send(t, h, get(url.Values{"query": {query}, "operationName": {"Q"}, "variables": {variables}}))

	for _, got := range []answer{byPost, byGet} {
		assert.Equal(t, http.StatusOK, got.status)
		assert.Equal(t, want, got.body)
		assert.Equal(t, newer+"; charset=utf-8", got.header.Get("Content-Type"))
		assert.Equal(t, "no-store", got.header.Get("Cache-Control"))
		assert.Equal(t, "Accept", got.header.Get("Vary"))
	}
}

func TestRequestsThatAreNoGraphQLAreRefused(t *testing.T) {
	h := tryoutHandler(graph.Config{Limits: graph.Limits{Body: 1000, Document: 500, Values: 80}})
	plain := func(method, body string, header ...string) *http.Request {
		r := httptest.NewRequest(method, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", older)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return r
	}
	const good = `{"query":"{hello}"}`
	cases := []struct {
		name    string
		request *http.Request
		status  int
		reason  string
	}{
		{"PUT", plain(http.MethodPut, good), 405, "method-not-allowed"},
		{"DELETE", plain(http.MethodDelete, ""), 405, "method-not-allowed"},
		{"OPTIONS", plain(http.MethodOptions, ""), 405, "method-not-allowed"},
		{"a mutation by GET", get(url.Values{"query": {`mutation{touch(input:{id:"1"}){id}}`}}), 405, "method-not-allowed"},
		{"a subscription", post(`{"query":"subscription{ticks}"}`), 400, "subscription-not-served"},
		{"HTML wanted", plain("POST", good, "Accept", "text/html"), 406, "not-acceptable"},
		{"JSON refused by q=0", plain("POST", good, "Accept", "application/json;q=0"), 406, "not-acceptable"},
		{"no content type", plain("POST", good, "Content-Type", ""), 415, "content-type"},
		{"a form", plain("POST", "query=%7Bhello%7D", "Content-Type", "application/x-www-form-urlencoded"), 415, "content-type"},
		{"another charset", plain("POST", good, "Content-Type", "application/json; charset=iso-8859-1"), 415, "content-type"},
		{"a compressed body", plain("POST", good, "Content-Encoding", "gzip"), 415, "content-encoding"},
		{"an empty body", plain("POST", ""), 400, "body-missing"},
		{"a body of spaces", plain("POST", "  \n"), 400, "body-missing"},
		{"a body that is too long", plain("POST", `{"query":"{hello}","x":"`+strings.Repeat("x", 1000)+`"}`), 413, "too-many-bytes"},
		{"half of a body", plain("POST", `{"query":"{hel`), 400, "body-not-json"},
		{"trailing bytes", plain("POST", good+`{"query":"{hello}"}`), 400, "body-not-json"},
		{"a trailing comma", plain("POST", `{"query":"{hello}",}`), 400, "body-not-json"},
		{"a doubled key", plain("POST", `{"query":"{hello}","query":"{fail}"}`), 400, "body-not-json"},
		{"a doubled key, one escaped", plain("POST", `{"query":"{hello}","\u0071uery":"{fail}"}`), 400, "body-not-json"},
		{"a doubled key within the variables", plain("POST", `{"query":"{hello}","variables":{"a":1,"a":2}}`), 400, "body-not-json"},
		{"Latin-1", plain("POST", "{\"query\":\"{hello(name:\\\"\xe9\\\")}\"}"), 400, "body-not-json"},
		{"half of a surrogate pair", plain("POST", `{"query":"{hello}","operationName":"\ud83c"}`), 400, "body-not-json"},
		{"deep nesting", plain("POST", `{"query":"{hello}","variables":{"a":`+strings.Repeat("[", 70)+strings.Repeat("]", 70)+`}}`), 400, "body-not-json"},
		{"many values", plain("POST", `{"query":"{hello}","variables":{"a":[`+strings.Repeat("1,", 90)+`1]}}`), 400, "too-many-values"},
		{"a batch", plain("POST", `[`+good+`]`), 400, "body-not-object"},
		{"a text", plain("POST", `"{hello}"`), 400, "body-not-object"},
		{"no query", plain("POST", `{"variables":{}}`), 400, "query-missing"},
		{"an empty query", plain("POST", `{"query":""}`), 400, "query-missing"},
		{"variables as a list", plain("POST", `{"query":"{hello}","variables":[]}`), 400, "parameter-type"},
		{"extensions as a text", plain("POST", `{"query":"{hello}","extensions":""}`), 400, "parameter-type"},
		{"an operation name that is a number", plain("POST", `{"query":"{hello}","operationName":1}`), 400, "parameter-type"},
		{"GET without a query", get(url.Values{}), 400, "query-missing"},
		{"GET with two queries", get(url.Values{"query": {"{hello}", "{fail}"}}), 400, "parameter-doubled"},
		{"GET with variables that are no JSON", get(url.Values{"query": {"{hello}"}, "variables": {"a=1"}}), 400, "parameter-not-json"},
		{"GET with variables that are a list", get(url.Values{"query": {"{hello}"}, "variables": {"[]"}}), 400, "parameter-type"},
		{"GET with a broken address", httptest.NewRequest("GET", "/graphql?query=%7Bhello%7D&x=%zz", nil), 400, "address-not-readable"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := send(t, h, c.request)
			assert.Equal(t, c.status, got.status, "%s", got.body)
			assert.Equal(t, c.reason, got.reason(), "%s", got.body)
			assert.Nil(t, got.Data, "nothing was executed")
			assert.NotContains(t, got.body, "hello", "nothing of the request is repeated")
			if c.status == http.StatusMethodNotAllowed {
				assert.NotEmpty(t, got.header.Get("Allow"))
			}
		})
	}
}

func TestAcceptHeadersAreWeighed(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	cases := map[string]string{
		"":                                   older,
		"*/*":                                older,
		"application/*":                      older,
		older:                                older,
		newer:                                newer,
		newer + ", " + older + ";q=0.9":      newer,
		newer + ";q=0.5, " + older:           older,
		older + ", " + newer:                 newer, // both wanted alike: the newer says more
		older + ";q=0.2, */*;q=0.1":          older,
		newer + ";q=0, */*":                  older,
		"text/html, */*;q=0.8":               older,
		"application/*;q=0.5, " + newer:      newer,
		newer + "; charset=utf-8":            newer,
		newer + "; charset=latin1, " + older: older,
		newer + ";q=nonsense, " + older + ";q=0.1":  older,
		`text/plain; a="x,` + newer + `", ` + older: older,
		strings.ToUpper(newer):                      newer,
	}
	for accept, want := range cases {
		t.Run(accept, func(t *testing.T) {
			r := post(`{"query":"{hello}"}`)
			r.Header.Set("Accept", accept)
			got := send(t, h, r)
			assert.Equal(t, http.StatusOK, got.status)
			assert.Equal(t, want+"; charset=utf-8", got.header.Get("Content-Type"))
		})
	}
}

func TestARefusedDocumentIs200OnlyForTheOlderMediaType(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	cases := map[string]struct{ body, reason string }{
		"a text that is no GraphQL":      {`{"query":"{"}`, "document-syntax"},
		"a field that is not there":      {`{"query":"{ helo }"}`, "document-invalid"},
		"a variable of the wrong type":   {`{"query":"query($n:Int!){count(ids:[$n])}","variables":{"n":1}}`, "document-invalid"},
		"a variable without its value":   {`{"query":"query($i:ID!){specification(id:$i){id}}"}`, "value-missing"},
		"no operation of that name":      {`{"query":"query A{hello} query B{hello}","operationName":"C"}`, "operation-unknown"},
		"two operations and no name":     {`{"query":"query A{hello} query B{hello}"}`, "operation-name-missing"},
		"only a fragment":                {`{"query":"fragment A on Query{hello}"}`, "operation-missing"},
		"a fragment that spreads itself": {`{"query":"{...A} fragment A on Query{...A}"}`, "fragment-cycle"},
		"@defer, which is not served":    {`{"query":"{... @defer {hello}}"}`, "document-invalid"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for media, status := range map[string]int{newer: 400, older: 200} {
				r := post(c.body)
				r.Header.Set("Accept", media)
				got := send(t, h, r)
				assert.Equal(t, status, got.status, media)
				assert.Equal(t, c.reason, got.reason(), "%s", got.body)
				assert.Equal(t, "INVALID", got.code(t))
				assert.NotContains(t, got.body, `"data"`)
				assert.NotContains(t, got.body, "Did you mean")
			}
		})
	}
}

func TestErrorsOfTheRulesAreShownWhole(t *testing.T) {
	h := tryoutHandler(graph.Config{})

	got := ask(t, h, `{ hello refuse(field: "input.texts[2]") }`, "")
	assert.Equal(t, http.StatusOK, got.status, "a part of the data is there")
	assert.JSONEq(t, `{"hello":"Hello, world.","refuse":null}`, string(got.Data))
	require.Len(t, got.Errors, 1)
	assert.Equal(t, "At least 3 words.", got.Errors[0].Message)
	assert.Equal(t, []any{"refuse"}, got.Errors[0].Path)
	assert.Len(t, got.Errors[0].Locations, 1)
	assert.Equal(t, map[string]any{
		"code": "INVALID", "reason": "too-short", "params": map[string]any{"least": "3"}, "field": "input.texts[2]",
	}, got.Errors[0].Extensions)

	got = ask(t, h, `{ hello refuseHard }`, "")
	assert.Equal(t, "FORBIDDEN", got.code(t))
	assert.Equal(t, "null", string(got.Data), "a null that may not be there spreads upwards")
}

func TestNothingOfOurFaultsIsShownAndEverythingIsLogged(t *testing.T) {
	for name, query := range map[string]string{"an error": `{ fail }`, "a panic": `{ panic }`} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			h := tryoutHandler(graph.Config{
				Log:       slog.New(slog.NewTextHandler(&log, nil)),
				RequestID: func(context.Context) string { return "r-17" },
			})
			got := ask(t, h, query, "")
			assert.Equal(t, "INTERNAL", got.code(t))
			assert.Equal(t, "Internal error.", got.Errors[0].Message)
			assert.Equal(t, "r-17", got.Errors[0].Extensions["requestId"])
			assert.NotContains(t, got.body, "secret")
			assert.Contains(t, log.String(), "the secret inner life")
			assert.Contains(t, log.String(), "request=r-17")
		})
	}
}

func TestAHandlerThatPanicsBeforeAnyFieldAnswers500(t *testing.T) {
	h := tryoutHandler(graph.Config{Prepare: func(context.Context) context.Context { panic("the secret inner life") }})
	got := ask(t, h, `{ hello }`, "")
	assert.Equal(t, http.StatusInternalServerError, got.status)
	assert.Equal(t, "INTERNAL", got.code(t))
	assert.NotContains(t, got.body, "secret")
}

func TestAnOperationEndsAfterItsTime(t *testing.T) {
	h := tryoutHandler(graph.Config{Limits: graph.Limits{Duration: time.Millisecond}})
	got := ask(t, h, `{ wait }`, "")
	assert.Equal(t, "TOO_COMPLEX", got.code(t))
	assert.Equal(t, "took-too-long", got.reason())
}

func TestAClientThatGoesAwayIsNoFaultOfOurs(t *testing.T) {
	var log strings.Builder
	h := tryoutHandler(graph.Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := send(t, h, post(`{"query":"{ wait }"}`).WithContext(ctx))
	assert.Equal(t, "cancelled", got.reason())
	assert.Empty(t, log.String())
}

func TestABodyThatStopsShortIsRefused(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	r := post("")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"query":`), brokenReader{}))
	got := send(t, h, r)
	assert.Equal(t, http.StatusBadRequest, got.status)
	assert.Equal(t, "body-cut-off", got.reason())
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestMutationsAreExecutedByPost(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	got := ask(t, h, `mutation($in: TouchInput!) { touch(input: $in) { id times } }`, `{"in":{"id":"x"}}`)
	assert.JSONEq(t, `{"touch":{"id":"x","times":1}}`, string(got.Data))
}

func TestWhoMayNotAskIsToldBeforeAnyFieldIsExecuted(t *testing.T) {
	refusals := map[bool]*governance.Error{
		false: governance.Refuse(governance.CodeForbidden, "no-mandate", "You have no mandate there."),
		true:  governance.Refuse(governance.CodeUnauthenticated, "sign-in-needed", "Sign in first."),
	}
	h := tryoutHandler(graph.Config{Refusal: func(_ context.Context, changes bool) *governance.Error { return refusals[changes] }})

	got := ask(t, h, `{ hello }`, "")
	assert.Equal(t, http.StatusForbidden, got.status)
	assert.Equal(t, "no-mandate", got.reason())
	assert.Nil(t, got.Data)

	got = ask(t, h, `mutation { touch(input: {id: "1"}) { id } }`, "")
	assert.Equal(t, http.StatusUnauthorized, got.status)
	assert.Equal(t, "UNAUTHENTICATED", got.code(t))
}
