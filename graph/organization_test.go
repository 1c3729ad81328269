package graph_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/governance"
	"concordat/graph"
	"concordat/store"
	"concordat/store/storetest"
)

// askAs sends a query to the real schema over a store, in somebody's name, and reads its data.
func askAs(t *testing.T, db *store.DB, actor governance.Actor, query string) map[string]any {
	t.Helper()
	h := graph.NewHandler(graph.Config{Schema: graph.NewSchema(&graph.Resolver{Store: db}), Log: slog.New(slog.DiscardHandler)})
	request := post(`{"query":` + quoted(t, query) + `}`)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request.WithContext(auth.WithActor(request.Context(), actor)))
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	var got struct {
		Data   map[string]any
		Errors []any
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
	require.Empty(t, got.Errors)
	return got.Data
}

func TestTheViewerSeesItselfAndItsWork(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	cast := storetest.NewCast(t, db)
	const query = `{ viewer { person { name } actingFor { slug } mandates { role organization { slug } } scopes
		waiting { step organization { slug } title dueAt object path } } }`
	assert.Equal(t, map[string]any{"viewer": nil}, askAs(t, db, governance.Actor{}, query))

	need, err := db.ProposeNeed(t.Context(), cast.As("acme", governance.RoleAuthor), store.ProposeNeedInput{
		Council: cast.Council, Sector: "construction", Title: "Heat pump fitters", Description: "We lack them.",
		Language: "en", Country: "LV", HeadCount: 12, Urgency: governance.UrgencyNow,
	})
	require.NoError(t, err)
	assert.Equal(t, map[string]any{
		"person": map[string]any{"name": "Person council-SECRETARY"}, "actingFor": map[string]any{"slug": "council"},
		"mandates": []any{map[string]any{"role": "SECRETARY", "organization": map[string]any{"slug": "council"}}},
		"scopes":   []any{"read", "write", "act"},
		"waiting": []any{map[string]any{
			"step": "REVIEW_NEED", "organization": map[string]any{"slug": "council"}, "title": map[string]any{"en": "Heat pump fitters"},
			"dueAt": nil, "object": string(need), "path": "/needs/" + string(need),
		}},
	}, askAs(t, db, cast.Secretary(), query)["viewer"])
}

func TestAWorkListGoesOnFromItsCursor(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	cast := storetest.NewCast(t, db)
	for _, title := range []string{"Fitters", "Welders", "Tilers"} {
		_, err := db.ProposeNeed(t.Context(), cast.As("acme", governance.RoleAuthor), store.ProposeNeedInput{
			Council: cast.Council, Sector: "construction", Title: title, Description: "We lack them.",
			Language: "en", Country: "LV", HeadCount: 12, Urgency: governance.UrgencyNow,
		})
		require.NoError(t, err)
	}
	var titles []any
	after := "null"
	for range 3 {
		data := askAs(t, db, cast.Secretary(), `{ viewer { workList(first: 1, after: `+after+`) { nodes { step title } pageInfo { hasNextPage endCursor } } } }`)
		page := data["viewer"].(map[string]any)["workList"].(map[string]any)
		nodes, info := page["nodes"].([]any), page["pageInfo"].(map[string]any)
		require.Len(t, nodes, 1)
		titles = append(titles, nodes[0].(map[string]any)["title"].(map[string]any)["en"])
		after = quoted(t, info["endCursor"].(string))
		if info["hasNextPage"] == false {
			break
		}
	}
	assert.Equal(t, []any{"Fitters", "Welders", "Tilers"}, titles)
}

func TestListsOfOrganizationsKnowWhatBelongsToEach(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	cast := storetest.NewCast(t, db)
	_, err := db.RegisterOrganization(t.Context(), cast.Admin(), store.RegisterOrganizationInput{
		Slug: "acme-sub", LegalName: "Acme Sub SIA", Country: "LV", ControlledBy: cast.Organizations["acme"]})
	require.NoError(t, err)
	data := askAs(t, db, governance.Actor{}, `{ organizations(first: 100) { nodes {
		slug controlledBy { slug } council { sectors charter { number } } rollEntries { chamber council { slug } } } } }`)
	bySlug := map[string]map[string]any{}
	for _, node := range data["organizations"].(map[string]any)["nodes"].([]any) {
		o := node.(map[string]any)
		bySlug[o["slug"].(string)] = o
	}
	require.Len(t, bySlug, 13)
	assert.Equal(t, map[string]any{"slug": "acme"}, bySlug["acme-sub"]["controlledBy"])
	assert.Nil(t, bySlug["acme"]["controlledBy"])
	assert.Nil(t, bySlug["acme"]["council"])
	assert.Equal(t, map[string]any{"sectors": []any{"construction"}, "charter": map[string]any{"number": 1.0}}, bySlug["council"]["council"])
	assert.Equal(t, []any{map[string]any{"chamber": "UNION", "council": map[string]any{"slug": "council"}}}, bySlug["union-a"]["rollEntries"])
	assert.Equal(t, []any{}, bySlug["platform"]["rollEntries"])
}

func TestAMutationShowsWhatTheOneBeforeItChanged(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	cast := storetest.NewCast(t, db)
	entries, err := db.RollEntriesOf(t.Context(), []governance.OrganizationID{cast.Organizations["acme"]})
	require.NoError(t, err)
	entry := string(entries[cast.Organizations["acme"]][0].ID)
	data := askAs(t, db, cast.Secretary(), `mutation {
		first: suspendRollEntry(input: {rollEntry: "`+entry+`", ground: "fees"}) { rollEntry { organization { rollEntries { state } } } }
		second: reinstateRollEntry(input: {rollEntry: "`+entry+`", ground: "paid"}) { rollEntry { organization { rollEntries { state } } } }
	}`)
	state := func(name string) any {
		o := data[name].(map[string]any)["rollEntry"].(map[string]any)["organization"].(map[string]any)
		return o["rollEntries"].([]any)[0].(map[string]any)["state"]
	}
	assert.Equal(t, "SUSPENDED", state("first"))
	assert.Equal(t, "ACTIVE", state("second"))
}

// TestListsOfRollsAndMandatesAskOnce counts what a list with viewerMay costs: the same for few rows as for many.
func TestListsOfRollsAndMandatesAskOnce(t *testing.T) {
	var statements atomic.Int64
	db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, storetest.SQLite), Statements: func(string) { statements.Add(1) }})
	cast := storetest.NewCast(t, db)
	count := func(actor governance.Actor, query string) int64 {
		statements.Store(0)
		askAs(t, db, actor, query)
		return statements.Load()
	}
	secretary, boss := cast.Secretary(), cast.As("acme", governance.RoleRepresentative)
	for n := range 10 {
		_, err := db.GrantMandate(t.Context(), boss, store.GrantMandateInput{Organization: cast.Organizations["acme"],
			Issuer: storetest.CastIssuer, Subject: "author-" + string(rune('a'+n)), Role: governance.RoleAuthor, Ground: "joins"})
		require.NoError(t, err)
		_, err = db.InviteToMandate(t.Context(), boss, store.InviteToMandateInput{
			Organization: cast.Organizations["acme"], Role: governance.RoleAuthor, Ground: "joins"})
		require.NoError(t, err)
	}
	roll := func(first string) string {
		return `{ council(slug: "council") { roll(first: ` + first + `) { nodes { chamber organization { slug } viewerMay { step allowed reason } } } } }`
	}
	assert.Equal(t, count(secretary, roll("2")), count(secretary, roll("10")))
	const mandates = `mandates { role person { name } viewerMay { step allowed reason } }`
	few := count(cast.As("crane", governance.RoleRepresentative), `{ organization(slug: "crane") { `+mandates+` } }`)
	assert.Equal(t, few, count(boss, `{ organization(slug: "acme") { `+mandates+` } }`))
	invitations := func(first string) string {
		return `{ organization(slug: "acme") { mandateInvitations(first: ` + first + `) { nodes { url state viewerMay { step allowed } } } } }`
	}
	few, many := count(boss, invitations("1")), count(boss, invitations("10"))
	assert.Equal(t, few, many)
}
