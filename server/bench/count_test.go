package bench_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/governance"
	"concordat/graph"
	"concordat/store"
	"concordat/store/storebench"
	"concordat/store/storetest"
)

// The three heaviest queries, each with the number of rows that it asks for.
var heaviest = []struct {
	name       string
	document   string
	statements int // whatever the number of rows
}{
	{
		"opening a specification with its comments, ballots and statements",
		`query ($first: Int) { specification(slug: "specification-0000000") {
			title council { legalName }
			edition {
				lead { legalName }
				head { document { title outcomes { statement } } author { name } organization { legalName } }
				comments(first: $first) { nodes { id body author { name } organization { legalName } disposition { kind } replies { id } } }
				ballots { id council { legalName } tally { outcome conditions { explanation } } }
				statements { id organization { legalName } }
			}
		} }`, 16,
	},
	{
		"a ballot with its electors and what they took",
		`query ($first: Int) { node(id: "01900000-000c-7000-8000-000000000000") { ... on Ballot {
			id digest council { legalName } tally { outcome conditions { explanation } }
			electors(first: $first) { nodes { id: chamber organization { legalName } position { position organization { legalName } } } }
			myPosition { position }
		} } }`, 12,
	},
	{
		"the list of specifications with all that they refer to",
		`query ($first: Int) { specifications(first: $first) { nodes {
			id title council { legalName }
			edition { number stage lead { legalName } head { digest author { name } organization { legalName } } }
		} } }`, 7,
	},
}

// lists are pages that take as many statements for many elements as for few. What is fetched by id in passing is not
// asked for: a loader gathers ids for a moment, and how many statements it makes of them is the machine's.
var lists = []struct {
	name, document string
	statements     int // whatever the number of rows
}{
	{
		"a roll with its history, its organizations and what may be done",
		`query ($first: Int) { council(slug: "council-00") { roll(first: $first) { nodes {
			id history { event ground } viewerMay { step } organization { legalName }
		} } } }`, 8,
	},
	{
		"who took part, whatever else is asked for",
		`query ($first: Int) {
			council(slug: "council-00") { balance { participation { value organizations } stages { stage } } }
			organizations(first: $first) { nodes { id } }
		}`, 8, // four of them count
	},
}

// TestListsTakeAsManyStatementsForManyAsForFew finds what is read anew for each element of a list.
func TestListsTakeAsManyStatementsForManyAsForFew(t *testing.T) {
	c := newCounted(t, storetest.SQLite)
	for _, query := range lists {
		t.Run(query.name, func(t *testing.T) {
			c.ask(t, query.document, 10)
			few, fewRows := c.ask(t, query.document, 2)
			more, moreRows := c.ask(t, query.document, 10)
			require.Greater(t, moreRows, fewRows, "the second answer holds more")
			assert.Len(t, few, query.statements, "statements:\n%s", strings.Join(few, "\n---\n"))
			assert.Len(t, more, query.statements, "statements:\n%s", strings.Join(more, "\n---\n"))
		})
	}
}

// TestTheHeaviestQueriesReadLevelByLevel counts the statements of a query that answers few rows, and of the same query
// that answers more: they are as many.
func TestTheHeaviestQueriesReadLevelByLevel(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			c := newCounted(t, kind)
			for _, query := range heaviest {
				t.Run(query.name, func(t *testing.T) {
					c.ask(t, query.document, 10) // documents are parsed, statements prepared
					few, fewRows := c.ask(t, query.document, 2)
					more, moreRows := c.ask(t, query.document, 10)
					require.Greater(t, moreRows, fewRows, "the second answer holds more")
					assert.Equal(t, query.statements, len(few), "statements:\n%s", strings.Join(few, "\n---\n"))
					assert.Equal(t, query.statements, len(more), "statements:\n%s", strings.Join(more, "\n---\n"))
				})
			}
		})
	}
}

// counted is the API over a database that tells its statements.
type counted struct {
	handler http.Handler
	viewer  governance.Actor

	mu   sync.Mutex // guards told
	told []string
}

func newCounted(t *testing.T, kind string) *counted {
	t.Helper()
	c := &counted{}
	set := storebench.At(0.01, "https://idp.example", storetest.Start)
	url := storetest.URL(t, kind)
	require.NoError(t, set.Fill(t.Context(), url))
	db := storetest.OpenWith(t, store.Config{URL: url, Statements: func(text string) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.told = append(c.told, text)
	}})
	c.viewer = set.Viewer(0)
	c.viewer.Scopes = []governance.Scope{governance.ScopeRead}
	c.handler = graph.NewHandler(graph.Config{Schema: graph.NewSchema(&graph.Resolver{Store: db, PublicURL: "http://localhost"})})
	return c
}

// ask answers the statements that a query took, and how many rows with an id it answered.
func (c *counted) ask(t *testing.T, document string, first int) (statements []string, rows int) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": map[string]any{"first": first}})
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(auth.WithActor(t.Context(), c.viewer), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	c.mu.Lock()
	c.told = nil
	c.mu.Unlock()
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	require.NotContains(t, w.Body.String(), `"errors"`)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.told, strings.Count(w.Body.String(), `"id":`)
}
