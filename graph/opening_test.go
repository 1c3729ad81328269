package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/governance"
	"concordat/governance/sample"
	"concordat/graph"
	"concordat/store"
	"concordat/store/storetest"
)

// openSpecification is what a page asks for when somebody opens a specification: its text with 8 outcomes, 20 comments
// with author and organization, the tally and the endorsements.
const openSpecification = `query Open($slug: String!) {
  specification(slug: $slug) {
    id slug title language
    council { id slug legalName }
    edition {
      id number stage stageAt commentCount unansweredCount approvedDigest
      lead { id slug legalName }
      head {
        id number digest createdAt
        document {
          languages title summary
          outcomes { id kind statement eqfLevel skills { id label } }
          workload { hours credits { system points } }
          level { eqf }
        }
      }
      comments(first: 20) {
        nodes {
          id kind path quote body proposedChange state late createdAt
          author { id name }
          organization { id slug legalName }
          disposition { kind reason reply }
        }
        pageInfo { hasNextPage endCursor }
      }
      ballots { id state outcome closesAt electorCount positionCount tally { outcome conditions { id met actual required explanation } } }
      statements { id kind state digest answeredAt organization { id slug legalName } }
    }
  }
}`

// opened is a database with one specification that has been voted on and endorsed.
type opened struct {
	*storetest.Cast
	clock   *storetest.Clock
	address string
	edition governance.EditionID
}

// newOpened makes it through the steps of the process.
func newOpened(t testing.TB, kind string) *opened {
	clock := storetest.NewClock()
	address := storetest.URL(t, kind)
	db := storetest.OpenWith(t, store.Config{URL: address, Clock: clock.Now})
	o := &opened{Cast: storetest.NewCast(t, db), clock: clock, address: address}
	ctx := context.Background()
	clock.Advance(10 * 24 * time.Hour)
	document := sample.Document()
	for i := range 4 {
		outcome := sample.Document().Outcomes[i]
		outcome.ID = governance.ElementID(fmt.Sprintf("more-%d", i))
		document.Outcomes = append(document.Outcomes, outcome)
		document.Assessments[0].Proves = append(document.Assessments[0].Proves, outcome.ID)
	}
	author := o.As("college", governance.RoleAuthor)
	id, err := o.DB.StartSpecification(ctx, author, store.StartSpecificationInput{Council: o.Council, Slug: "heat-pumps", Document: document})
	require.NoError(t, err)
	specification, err := o.DB.SpecificationByID(ctx, author, id, nil)
	require.NoError(t, err)
	e, err := o.DB.NewestEdition(ctx, author, specification, nil)
	require.NoError(t, err)
	o.edition = e.ID
	_, err = o.DB.OpenConsultation(ctx, o.Secretary(), store.OpenConsultationInput{Edition: e.ID, ClosesOn: "2026-04-30", IsPublic: true})
	require.NoError(t, err)
	o.discuss(t)
	o.vote(t, e.HeadDigest)
	return o
}

// discuss makes 20 comments and answers them.
func (o *opened) discuss(t testing.TB) {
	ctx := context.Background()
	var comments []governance.CommentID
	for i := range 20 {
		o.clock.Advance(time.Minute)
		slug := []string{"acme", "bolt", "union-a", "union-b", "academy"}[i%5]
		id, err := o.DB.AddComment(ctx, o.As(slug, governance.RoleAuthor), store.AddCommentInput{
			Edition: o.edition, Kind: governance.CommentTechnical, Path: "/outcomes/install", Quote: "Installs",
			Body: fmt.Sprintf("Remark %d: the pressure test belongs here, since nobody should hand over a plant without it.", i),
		})
		require.NoError(t, err)
		comments = append(comments, id)
	}
	o.clock.Set(time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC))
	_, err := o.DB.TakeDue(ctx)
	require.NoError(t, err)
	for _, id := range comments {
		_, err := o.DB.DisposeComment(ctx, o.As("college", governance.RoleAuthor), store.DisposeCommentInput{
			Comment: id, Kind: governance.DispositionNoted, Reason: "It is said in another place.",
		})
		require.NoError(t, err)
	}
	o.clock.Advance(20 * 24 * time.Hour)
}

// vote carries the ballot and has the council endorse.
func (o *opened) vote(t testing.TB, digest governance.Digest) {
	ctx := context.Background()
	ballot, err := o.DB.OpenBallot(ctx, o.Secretary(), store.OpenBallotInput{Edition: o.edition, Digest: digest, ClosesOn: "2026-07-01"})
	require.NoError(t, err)
	for _, slug := range []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy"} {
		_, err := o.DB.TakePosition(ctx, o.As(slug, governance.RoleRepresentative), store.TakePositionInput{
			Ballot: ballot, Position: governance.PositionApprove, Digest: digest,
		})
		require.NoError(t, err)
	}
	o.clock.Set(time.Date(2026, 7, 2, 8, 0, 0, 0, time.UTC))
	_, err = o.DB.TakeDue(ctx)
	require.NoError(t, err)
	_, err = o.DB.RequestEndorsement(ctx, o.Secretary(), store.RequestEndorsementInput{Edition: o.edition, Organization: o.Council})
	require.NoError(t, err)
}

// handler serves the API as the actor.
func (o *opened) handler(actor governance.Actor) http.Handler {
	api := graph.NewHandler(graph.Config{
		Schema: graph.NewSchema(&graph.Resolver{Store: o.DB, PublicURL: "http://127.0.0.1"}),
		Rates:  graph.Rates{Address: graph.Rate{PerSecond: 1e9, Burst: 1e9}},
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.ServeHTTP(w, r.WithContext(auth.WithActor(r.Context(), actor)))
	})
}

// dataOf answers the data of a query.
func dataOf(t testing.TB, h http.Handler, query string, variables map[string]any) map[string]any {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var answer struct {
		Data   map[string]any
		Errors []map[string]any
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer), w.Body.String())
	require.Empty(t, answer.Errors)
	return answer.Data
}

func TestOpeningASpecificationShowsAllOfIt(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			o := newOpened(t, kind)
			for name, actor := range map[string]governance.Actor{"anonymous": {}, "the union": o.As("union-a", governance.RoleAuthor)} {
				data := dataOf(t, o.handler(actor), openSpecification, map[string]any{"slug": "heat-pumps"})
				edition := data["specification"].(map[string]any)["edition"].(map[string]any)
				assert.Equal(t, "APPROVED", edition["stage"], name)
				comments := edition["comments"].(map[string]any)["nodes"].([]any)
				require.Len(t, comments, 20, name)
				first := comments[0].(map[string]any)
				assert.Equal(t, "Acme Ltd", first["organization"].(map[string]any)["legalName"])
				assert.Equal(t, actor.Person == "", first["author"].(map[string]any)["name"] == nil, "names are for members")
				assert.Equal(t, "NOTED", first["disposition"].(map[string]any)["kind"])
				document := edition["head"].(map[string]any)["document"].(map[string]any)
				assert.Len(t, document["outcomes"], 8)
				ballot := edition["ballots"].([]any)[0].(map[string]any)
				assert.Equal(t, "CARRIED", ballot["tally"].(map[string]any)["outcome"])
				assert.Len(t, edition["statements"], 1)
			}
		})
	}
}

func TestTheBareHandlerAnswersTheSame(t *testing.T) {
	o := newOpened(t, storetest.SQLite)
	w := httptest.NewRecorder()
	newBare(t, o.address).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	var answer struct {
		Data struct{ Specification bareSpecification }
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
	assert.Len(t, answer.Data.Specification.Edition.Comments, 20)
	assert.Equal(t, "Acme Ltd", answer.Data.Specification.Edition.Comments[0].Organization.LegalName)
	assert.Len(t, answer.Data.Specification.Edition.Ballots, 1)
	assert.Len(t, answer.Data.Specification.Edition.Statements, 1)
}

func BenchmarkOpenSpecification(b *testing.B) {
	o := newOpened(b, storetest.SQLite)
	body, err := json.Marshal(map[string]any{"query": openSpecification, "variables": map[string]any{"slug": "heat-pumps"}})
	require.NoError(b, err)
	handlers := map[string]http.Handler{
		"anonymous": o.handler(governance.Actor{}), "a member": o.handler(o.As("union-a", governance.RoleAuthor)), "bare": newBare(b, o.address),
	}
	for _, name := range []string{"bare", "anonymous", "a member"} {
		h := handlers[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			before := processorTime(b)
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				w := &discard{header: http.Header{}}
				h.ServeHTTP(w, r)
				require.Greater(b, w.size, 8000)
			}
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-us/op")
		})
	}
}
