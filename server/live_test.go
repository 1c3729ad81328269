package server

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/store"
	"concordat/store/storetest"
)

// subscribe opens a stream as the persona whose turn it is.
func (s *stage) subscribe(query string) *http.Response {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query})
	require.NoError(s.t, err)
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.server.URL()+"/graphql", strings.NewReader(string(body)))
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := s.client().Do(request)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { response.Body.Close() })
	require.Equal(s.t, http.StatusOK, response.StatusCode)
	return response
}

// data answers the next data of a stream.
func data(t *testing.T, lines *bufio.Reader) string {
	t.Helper()
	for {
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		if text, ok := strings.CutPrefix(line, "data: "); ok {
			return strings.TrimSpace(text)
		}
	}
}

// TestASubscriptionEndsWithItsSession goes through everything that stands before the API: sign-in, rates, metrics, limits.
func TestASubscriptionEndsWithItsSession(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			s := newStage(t, kind)
			s.persona = "admin"
			response := s.subscribe(`subscription { workList { title } }`)
			assert.NotEmpty(t, response.Header.Get("X-Request-Id"))
			assert.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
			lines := bufio.NewReader(response.Body)
			assert.JSONEq(t, `{"data": {"workList": []}}`, data(t, lines))
			_, figures := get(t, s.server.URL()+"/metrics")
			assert.Contains(t, figures, "concordat_subscriptions_open 1\n")

			_, err := s.client().PostForm(s.server.URL()+auth.LogoutPath, url.Values{})
			require.NoError(t, err)
			s.clock.Advance(time.Minute)
			_, err = s.server.db.GrantAdmin(context.Background(), store.AdminGrant{
				Issuer: s.server.URL() + demo.Path, Subject: "second", Platform: store.RegisterOrganizationInput{},
			})
			require.NoError(t, err)
			assert.Contains(t, data(t, lines), `"reason":"signed-out"`)
			rest, err := io.ReadAll(lines)
			require.NoError(t, err)
			assert.Contains(t, string(rest), "event: complete")
		})
	}
}

func TestSubscriptionsDoNotHoldUpStopping(t *testing.T) {
	s := opened(t, Config{StopTimeout: time.Minute, Demo: true})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	specifications, err := s.db.LeavesAfter(t.Context(), -1, 500)
	require.NoError(t, err)
	var published string
	for _, leaf := range specifications {
		if leaf.Type == "EDITION_PUBLISHED" {
			published = leaf.Root
		}
	}
	address := s.URL() + "/graphql?" + url.Values{
		"query": {`subscription { specificationEvents(specification: "` + published + `") { at } }`},
	}.Encode()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	request.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	stream := bufio.NewReader(response.Body)
	line, err := stream.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, ":\n", line)
	assert.Equal(t, 1, s.streams.Open())
	stop()
	require.NoError(t, <-ended)
	rest, err := io.ReadAll(stream)
	require.NoError(t, err)
	assert.NotContains(t, string(rest), "complete", "the client is to come back")
	assert.Equal(t, 0, s.streams.Open())
}

// councils are the acts on specifications that are the council's to know: subscribers are not told.
var councils = map[string]bool{
	"COMMENT_REPORTED": true, "SUGGESTION_REPORTED": true, "REPORTS_DISMISSED": true, "REDACTION_REQUESTED": true,
	"REDACTION_WITHDRAWN": true,
	"RECALL_REQUESTED":    true, "RECALL_DECLINED": true, "RECALL_WITHDRAWN": true,
	"REOPENING_REQUESTED": true, "REOPENING_DECLINED": true, "REOPENING_WITHDRAWN": true,
}

// everyActIsTold holds the acts of specifications that the stage has seen against those that subscribers are told.
func (s *stage) everyActIsTold() {
	s.t.Helper()
	rows, err := s.rows.Query(`SELECT DISTINCT type FROM acts WHERE root_kind = 'specification'`)
	require.NoError(s.t, err)
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var act string
		require.NoError(s.t, rows.Scan(&act))
		_, _, told := store.Leaf{Type: act}.Told()
		assert.Equal(s.t, !councils[act], told, "whether %s is told", act)
		seen++
	}
	require.NoError(s.t, rows.Err())
	assert.Greater(s.t, seen, 10)
}
