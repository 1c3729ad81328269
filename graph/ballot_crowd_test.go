package graph_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/governance"
	"concordat/graph"
	"concordat/store"
	"concordat/store/storetest"
)

// assembly is an open ballot of a thousand organizations in seven chambers, served over HTTP. A request's header
// X-Person says whose it is.
type assembly struct {
	*storetest.Cast
	ballot *store.Ballot
	people []governance.Actor
	url    string
}

// assemblySize counts the organizations of the cast in.
const assemblySize = 1000

func newAssembly(t testing.TB, kind string) *assembly {
	t.Helper()
	clock := storetest.NewClock()
	address := storetest.URL(t, kind)
	a := &assembly{Cast: storetest.NewCast(t, storetest.OpenWith(t, store.Config{URL: address, Clock: clock.Now}))}
	a.people = a.Crowd(address, assemblySize-10, governance.Chambers[:7])
	for _, slug := range []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy", "quality", "learners", "office"} {
		a.people = append(a.people, a.As(slug, governance.RoleRepresentative))
	}
	clock.Advance(10 * 24 * time.Hour)
	a.ballot = a.OpenBallot(t, address, "assembly", "2026-03-31")
	require.Equal(t, assemblySize, a.ballot.ElectorCount)
	api := graph.NewHandler(graph.Config{
		Schema: graph.NewSchema(&graph.Resolver{Store: a.DB, PublicURL: "http://127.0.0.1"}), Clock: clock.Now,
		Rates: graph.Rates{Address: graph.Rate{PerSecond: 1e9, Burst: 1e9}},
	})
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if n, err := strconv.Atoi(r.Header.Get("X-Person")); err == nil {
			ctx = auth.WithActor(ctx, a.people[n])
		}
		api.ServeHTTP(w, r.WithContext(ctx))
	}))
	t.Cleanup(served.Close)
	a.url = served.URL
	return a
}

// answered is what the API answers to the queries of an assembly.
type answered struct {
	Data struct {
		TakePosition, ChangePosition struct{ Position struct{ ID string } }
		Node                         struct {
			State         string
			PositionCount int
			Outcome       string
			Tally         *struct {
				Outcome    string
				Conditions []struct {
					ID     string
					Params map[string]string
				}
			}
			Electors struct {
				Nodes []struct {
					Organization struct{ ID string }
					Position     *struct{ Position string }
				}
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
	}
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
}

// ask sends a query as the numbered person, or as nobody.
func (a *assembly) ask(client *http.Client, person int, query string, variables map[string]any) (answered, error) {
	var got answered
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return got, err
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, a.url, strings.NewReader(string(body)))
	if err != nil {
		return got, err
	}
	r.Header.Set("Content-Type", "application/json")
	if person >= 0 {
		r.Header.Set("X-Person", strconv.Itoa(person))
	}
	response, err := client.Do(r)
	if err != nil {
		return got, err
	}
	defer response.Body.Close()
	return got, json.NewDecoder(response.Body).Decode(&got)
}

const (
	takeInAssembly   = `mutation ($i: TakePositionInput!) { takePosition(input: $i) { position { id } } }`
	changeInAssembly = `mutation ($i: ChangePositionInput!) { changePosition(input: $i) { position { id } } }`
	tallyPage        = `query ($id: ID!, $after: String) { node(id: $id) { ... on Ballot { state positionCount outcome
		tally { outcome conditions { id met actual required explanation params } }
		electors(first: 100, after: $after) { nodes { organization { id } chamber position { position } } pageInfo { hasNextPage endCursor } } } } }`
)

// TestAThousandOrganizationsVoteAtOnce has 64 clients cast for a thousand organizations, and change some of what they
// cast, while another one reads the tally: all are answered, each has one position, and the last one closes the ballot.
func TestAThousandOrganizationsVoteAtOnce(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			a := newAssembly(t, kind)
			const seed = 20261123
			t.Logf("seed %d", seed)
			want := a.castAll(t, seed)

			got := map[string]string{}
			page := map[string]any{"id": a.ballot.ID}
			for more := true; more; {
				read, err := a.ask(http.DefaultClient, -1, tallyPage, page)
				require.NoError(t, err)
				require.Empty(t, read.Errors)
				for _, e := range read.Data.Node.Electors.Nodes {
					require.NotNil(t, e.Position)
					got[e.Organization.ID] = e.Position.Position
				}
				more, page["after"] = read.Data.Node.Electors.PageInfo.HasNextPage, read.Data.Node.Electors.PageInfo.EndCursor
				assert.Equal(t, "CLOSED", read.Data.Node.State, "the last one's position closes it")
				assert.Equal(t, assemblySize, read.Data.Node.PositionCount)
			}
			assert.Equal(t, want, got)
			b, err := a.DB.Ballot(t.Context(), governance.Actor{}, a.ballot.ID, store.Fields{"record": nil})
			require.NoError(t, err)
			require.Len(t, b.Record.Votes, assemblySize)
			for _, vote := range b.Record.Votes {
				assert.Equal(t, want[string(vote.Organization)], string(vote.Position))
			}
			problems, err := a.DB.Check(t.Context())
			require.NoError(t, err)
			for _, problem := range problems {
				assert.NotContains(t, problem.Where, "ballot")
			}
		})
	}
}

// castAll casts for everybody from 64 clients and answers what each organization takes in the end. Every fifth changes
// its position. The last one waits for all others, since its position closes the ballot.
func (a *assembly) castAll(t *testing.T, seed uint64) map[string]string {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	order := random.Perm(assemblySize)
	takes := make([][]string, assemblySize)
	want := map[string]string{}
	for n := range takes {
		for range 1 + (n%5)/4 {
			takes[n] = append(takes[n], string(governance.Positions[random.IntN(len(governance.Positions))]))
		}
		want[string(a.people[n].Organization)] = takes[n][len(takes[n])-1]
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	defer client.CloseIdleConnections()
	cast := func(n int) {
		query := takeInAssembly
		for _, position := range takes[n] {
			got, err := a.ask(client, n, query, map[string]any{"i": map[string]any{
				"ballot": a.ballot.ID, "digest": a.ballot.Digest, "position": position, "reason": "Too short.", "remedy": "60 hours."}})
			assert.NoError(t, err)
			assert.Empty(t, got.Errors)
			assert.NotEmpty(t, got.Data.TakePosition.Position.ID+got.Data.ChangePosition.Position.ID)
			query = changeInAssembly
		}
	}
	var next atomic.Int64
	var voters, readers sync.WaitGroup
	done := make(chan struct{})
	readers.Go(func() { a.watchTally(t, client, done) })
	began := time.Now()
	for range 64 {
		voters.Go(func() {
			for k := next.Add(1); k < assemblySize; k = next.Add(1) {
				cast(order[k])
			}
		})
	}
	voters.Wait()
	cast(order[0])
	t.Logf("all cast in %s", time.Since(began))
	close(done)
	readers.Wait()
	return want
}

// watchTally reads the tally again and again: it never goes back, and never counts more than there are.
func (a *assembly) watchTally(t *testing.T, client *http.Client, done chan struct{}) {
	var took []time.Duration
	before := 0
	for {
		select {
		case <-done:
			slices.Sort(took)
			t.Logf("%d tallies read meanwhile: half within %s, 95 in 100 within %s, 99 within %s, all within %s", len(took),
				took[len(took)/2], took[len(took)*95/100], took[len(took)*99/100], took[len(took)-1])
			return
		default:
		}
		began := time.Now()
		got, err := a.ask(client, -1, tallyPage, map[string]any{"id": a.ballot.ID})
		took = append(took, time.Since(began))
		if !assert.NoError(t, err) || !assert.Empty(t, got.Errors) || !assert.NotNil(t, got.Data.Node.Tally) {
			return
		}
		for _, condition := range got.Data.Node.Tally.Conditions {
			if condition.ID != "overall" {
				continue
			}
			base, err := strconv.Atoi(condition.Params["base"])
			assert.NoError(t, err)
			assert.LessOrEqual(t, base, assemblySize)
		}
		assert.GreaterOrEqual(t, got.Data.Node.PositionCount, before)
		before = got.Data.Node.PositionCount
	}
}

// BenchmarkTallyPage reads the tally of an open ballot of a thousand organizations with a page of them, when all but one
// have cast: beside it, the count alone, with no database and no HTTP.
func BenchmarkTallyPage(b *testing.B) {
	for _, kind := range storetest.Kinds {
		b.Run(kind, func(b *testing.B) {
			a := newAssembly(b, kind)
			for _, actor := range a.people[1:] {
				_, err := a.DB.TakePosition(b.Context(), actor, store.TakePositionInput{
					Ballot: a.ballot.ID, Digest: a.ballot.Digest, Position: governance.PositionApprove})
				require.NoError(b, err)
			}
			for b.Loop() {
				got, err := a.ask(http.DefaultClient, -1, tallyPage, map[string]any{"id": a.ballot.ID})
				require.NoError(b, err)
				require.Equal(b, "CARRIED", got.Data.Node.Tally.Outcome)
			}
		})
	}
	b.Run("the count alone", func(b *testing.B) {
		preset, err := governance.PresetByID(governance.PresetTripartite)
		require.NoError(b, err)
		crowds := make([]governance.Crowd, 7)
		for i := range crowds {
			crowds[i] = governance.Crowd{Chamber: governance.Chambers[i], Electors: 143, Approve: 142}
		}
		electors, votes, err := governance.CrowdElectors(crowds)
		require.NoError(b, err)
		for b.Loop() {
			_, err := governance.Tally(governance.TallyRecord{Rule: preset.Rule, Electors: electors, Votes: votes})
			require.NoError(b, err)
		}
	})
}
