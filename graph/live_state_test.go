package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/graph"
	"concordat/graph/live"
	"concordat/store"
)

// consult opens a public consultation and lets it end.
func (n *newsroom) consult() {
	n.t.Helper()
	_, err := n.DB.OpenConsultation(n.t.Context(), n.Secretary(), store.OpenConsultationInput{Edition: n.edition, ClosesOn: "2026-04-30", IsPublic: true})
	require.NoError(n.t, err)
	n.clock.Set(time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC))
	_, err = n.DB.TakeDue(n.t.Context())
	require.NoError(n.t, err)
	n.settle()
}

// ballot opens one after a consultation.
func (n *newsroom) ballot() *store.Ballot {
	n.t.Helper()
	n.consult()
	edition, err := n.DB.Edition(n.t.Context(), n.author(), n.edition, nil)
	require.NoError(n.t, err)
	id, err := n.DB.OpenBallot(n.t.Context(), n.Secretary(), store.OpenBallotInput{Edition: n.edition, Digest: edition.HeadDigest, ClosesOn: "2026-06-30"})
	require.NoError(n.t, err)
	b, err := n.DB.Ballot(n.t.Context(), n.author(), id, nil)
	require.NoError(n.t, err)
	n.settle()
	return b
}

func (n *newsroom) approve(b *store.Ballot, slug string) {
	n.t.Helper()
	_, err := n.DB.TakePosition(n.t.Context(), n.As(slug, governance.RoleRepresentative), store.TakePositionInput{
		Ballot: b.ID, Digest: b.Digest, Position: governance.PositionApprove,
	})
	require.NoError(n.t, err)
}

const followTally = `subscription ($id: ID!) { ballotTally(ballot: $id) { id state positionCount tally { outcome conditions { actual } } } }`

func TestABallotIsToldAtOnceAndWheneverItsTallyChanges(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		b := n.ballot()
		l := n.listen(governance.Actor{}, followTally, map[string]any{"id": b.ID}, "")
		first := l.object()
		assert.EqualValues(t, 0, first["positionCount"])
		assert.NotNil(t, first["tally"])
		n.approve(b, "acme")
		assert.EqualValues(t, 1, l.object()["positionCount"])
		n.clock.Set(time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC))
		_, err := n.DB.TakeDue(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "CLOSED", l.object()["state"])
	})
}

func TestNothingOfASecretBallotIsToldBeforeItsClose(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		b := n.ballot()
		n.execute(`UPDATE ballots SET secrecy = 'AT_CLOSE'`)
		tally := n.listen(n.author(), followTally, map[string]any{"id": b.ID}, "")
		assert.Nil(t, tally.object()["tally"])
		events, own := n.follow(n.author(), ""), n.follow(n.As("acme", governance.RoleRepresentative), "")
		n.approve(b, "acme")
		assert.Equal(t, "POSITION_TAKEN", own.object()["kind"], "one's own is no secret")
		n.clock.Set(time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC))
		_, err := n.DB.TakeDue(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "BALLOT_CLOSED", events.object()["kind"])
		closed := tally.object()
		assert.Equal(t, "CLOSED", closed["state"])
		assert.NotNil(t, closed["tally"])
	})
}

// pulse lets the hub look at what is not the log's, until the listener is told something.
func (n *newsroom) pulse(l *listener) any {
	n.t.Helper()
	told := make(chan any, 1)
	go func() {
		defer close(told)
		told <- l.tell()
	}()
	for {
		select {
		case value := <-told:
			return value
		case n.pulses <- time.Time{}:
		}
	}
}

const attend = `mutation ($input: ReportPresenceInput!) { reportPresence(input: $input) { until } }`

// attend says where somebody is, and answers the reason of a refusal.
func (n *newsroom) attend(as governance.Actor, path string, more map[string]any) string {
	n.t.Helper()
	input := map[string]any{"edition": n.edition, "path": path}
	for name, value := range more {
		input[name] = value
	}
	body, err := json.Marshal(map[string]any{"query": attend, "variables": map[string]any{"input": input}})
	require.NoError(n.t, err)
	request, err := http.NewRequest(http.MethodPost, n.server.URL+"/graphql", bytes.NewReader(body))
	require.NoError(n.t, err)
	name := string(as.Person) + "/" + string(as.Organization)
	n.mu.Lock()
	n.actors[name] = as
	n.mu.Unlock()
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Actor", name)
	response, err := http.DefaultClient.Do(request)
	require.NoError(n.t, err)
	defer response.Body.Close()
	var answer struct {
		Errors []struct{ Extensions struct{ Reason string } }
	}
	require.NoError(n.t, json.NewDecoder(response.Body).Decode(&answer))
	if len(answer.Errors) > 0 {
		return answer.Errors[0].Extensions.Reason
	}
	return ""
}

func presentIn(value any) []any {
	event, _ := value.(map[string]any)
	present, _ := event["present"].([]any)
	return present
}

func TestWhoIsThereIsToldToMembersAndLeavesNoTrace(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		acme := n.As("acme", governance.RoleAuthor)
		before := n.settle()
		assert.Equal(t, "sign-in-needed", n.attend(governance.Actor{}, "", nil))
		assert.Equal(t, "not-found", n.attend(n.Somebody("stranger"), "", nil))
		l := n.follow(n.author(), "")
		require.Empty(t, n.attend(acme, "/outcomes/install", map[string]any{"editing": true}))
		present := presentIn(n.pulse(l))
		require.Len(t, present, 1)
		one := present[0].(map[string]any)
		assert.Equal(t, "/outcomes/install", one["path"])
		assert.Equal(t, true, one["editing"])
		assert.Equal(t, map[string]any{"name": "Person acme-AUTHOR"}, one["person"])
		assert.Equal(t, map[string]any{"slug": "acme"}, one["organization"])

		require.Empty(t, n.attend(n.author(), "/title", nil))
		assert.Len(t, presentIn(n.pulse(l)), 2)
		require.Empty(t, n.attend(acme, "", map[string]any{"leaving": true}))
		assert.Len(t, presentIn(n.pulse(l)), 1)
		late := n.follow(n.As("bolt", governance.RoleAuthor), "")
		assert.Len(t, presentIn(n.pulse(late)), 1, "who comes later is told who is there")
		n.clock.Advance(live.PresenceFor + time.Second)
		assert.Empty(t, presentIn(n.pulse(l)), "who says nothing for a while is gone")
		assert.Equal(t, before, n.settle(), "nothing of it is in the log")

		for n.attend(acme, "", nil) == "" {
		}
		assert.Equal(t, "too-many-reports", n.attend(acme, "", nil))
	})
}

func TestThePublicIsNotToldWhoIsThere(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		n.consult()
		everybody, member := n.follow(governance.Actor{}, ""), n.follow(n.author(), "")
		stranger := n.follow(n.Somebody("stranger"), "")
		assert.Equal(t, "members-only", n.attend(n.Somebody("stranger"), "", nil))
		require.Empty(t, n.attend(n.author(), "/title", nil))
		require.Len(t, presentIn(n.pulse(member)), 1)
		n.comment(n.author(), "everybody")
		assert.Equal(t, "everybody", bodyOf(everybody.object()))
		assert.Equal(t, "everybody", bodyOf(stranger.object()))
	})
}

func TestAWorkListIsToldAtOnceAndWhenItChanges(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		acme := n.As("acme", governance.RoleRepresentative)
		l := n.listen(acme, `subscription { workList { step title object dueAt } }`, nil, "")
		assert.Empty(t, l.tell(), "nothing waits yet")

		n.Register("unrelated")
		n.settle()
		n.clock.Advance(time.Minute)
		n.pulses <- time.Time{}
		n.pulses <- time.Time{} // the first has been worked off
		n.mu.Lock()
		asked := n.renewals
		n.mu.Unlock()
		assert.Equal(t, 1, asked, "what does not concern the viewer is not looked at")

		b := n.ballot()
		list := n.pulse(l).([]any)
		require.Len(t, list, 1)
		assert.Equal(t, "TAKE_POSITION", list[0].(map[string]any)["step"])
		n.approve(b, "acme")
		n.clock.Advance(time.Minute)
		assert.Empty(t, n.pulse(l))
	})
}
