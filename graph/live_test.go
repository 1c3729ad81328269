package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/governance"
	"concordat/governance/sample"
	"concordat/graph"
	"concordat/graph/live"
	"concordat/store"
	"concordat/store/storetest"
)

// newsroom is a council with a specification that is being drafted, served over real connections.
type newsroom struct {
	*storetest.Cast
	t             *testing.T
	clock         *storetest.Clock
	hub           *live.Hub
	streams       *graph.Streams
	server        *httptest.Server
	pulses, beats chan time.Time
	url           string
	specification governance.SpecificationID
	edition       governance.EditionID
	head          governance.RevisionID

	mu       sync.Mutex // guards what follows
	actors   map[string]governance.Actor
	ended    map[governance.PersonID]bool // whose sign-in has ended
	renewals int
}

// newsrooms runs f on both databases.
func newsrooms(t *testing.T, c live.Config, limits graph.StreamConfig, f func(t *testing.T, n *newsroom)) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) { f(t, newNewsroom(t, kind, c, limits)) })
	}
}

func newNewsroom(t *testing.T, kind string, c live.Config, limits graph.StreamConfig) *newsroom {
	clock, url := storetest.NewClock(), storetest.URL(t, kind)
	n := &newsroom{
		Cast: storetest.NewCast(t, storetest.OpenWith(t, store.Config{URL: url, Clock: clock.Now})), t: t, clock: clock, url: url,
		pulses: make(chan time.Time), beats: make(chan time.Time),
		actors: map[string]governance.Actor{}, ended: map[governance.PersonID]bool{},
	}
	n.start(sample.Document())
	n.settle()
	c.Store, c.Clock, c.Pulses = n.DB, clock.Now, n.pulses
	var err error
	n.hub, err = live.Start(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(n.hub.Close)
	limits.Beats, limits.Renew = n.beats, n.renew
	n.streams = graph.NewStreams(limits)
	handler := graph.NewHandler(graph.Config{
		Schema:  graph.NewSchema(&graph.Resolver{Store: n.DB, PublicURL: "http://localhost", Live: n.hub}),
		Streams: n.streams, Clock: clock.Now, Refusal: auth.Refusal,
		Person: func(ctx context.Context) string { return string(auth.ActorFrom(ctx).Person) },
	})
	n.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		actor := n.actors[r.Header.Get("X-Actor")]
		n.mu.Unlock()
		handler.ServeHTTP(w, r.WithContext(auth.WithActor(r.Context(), actor)))
	}))
	t.Cleanup(n.server.Close)
	t.Cleanup(n.streams.Close)
	return n
}

// renew finds the person signed in unless the test has ended that.
func (n *newsroom) renew(ctx context.Context) (context.Context, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.renewals++
	if n.ended[auth.ActorFrom(ctx).Person] {
		return nil, governance.Refuse(governance.CodeUnauthenticated, "signed-out", "The session has ended.")
	}
	return ctx, nil
}

func (n *newsroom) author() governance.Actor { return n.As("college", governance.RoleAuthor) }

// start starts the specification, kept to the working group.
func (n *newsroom) start(document governance.Document) {
	id, err := n.DB.StartSpecification(n.t.Context(), n.author(), store.StartSpecificationInput{
		Council: n.Council, Slug: "heat-pumps", Document: document,
	})
	require.NoError(n.t, err)
	specification, err := n.DB.SpecificationByID(n.t.Context(), n.author(), id, nil)
	require.NoError(n.t, err)
	edition, err := n.DB.NewestEdition(n.t.Context(), n.author(), specification, nil)
	require.NoError(n.t, err)
	n.specification, n.edition, n.head = id, edition.ID, edition.HeadID
}

// sorted waits until the hub, if there is one, has handed out the leaf.
func (n *newsroom) sorted(leaf int64) {
	for at := int64(-1); n.hub != nil && at < leaf; {
		f, err := n.hub.Follow(n.t.Context(), "nothing", live.Now, func() {})
		require.NoError(n.t, err)
		at = f.After()
		f.Close()
	}
}

// settle waits until every act has its leaf, and the hub has handed it out.
func (n *newsroom) settle() int64 {
	n.t.Helper()
	for {
		head, err := n.DB.LogHead(n.t.Context())
		require.NoError(n.t, err)
		m, err := n.DB.Measures(n.t.Context())
		require.NoError(n.t, err)
		if m.Queued == 0 {
			head, err = n.DB.LogHead(n.t.Context())
			require.NoError(n.t, err)
			n.sorted(head)
			return head
		}
		_, err = n.DB.WaitForLeaf(n.t.Context(), head)
		require.NoError(n.t, err)
	}
}

// execute runs a statement behind the store's back.
func (n *newsroom) execute(text string) {
	n.t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(n.url, "postgres") {
		driver = "pgx"
	}
	rows, err := sql.Open(driver, n.url)
	require.NoError(n.t, err)
	defer rows.Close()
	_, err = rows.Exec(text)
	require.NoError(n.t, err)
}

// comment adds a comment and answers its id.
func (n *newsroom) comment(by governance.Actor, body string) governance.CommentID {
	n.t.Helper()
	id, err := n.DB.AddComment(context.Background(), by, store.AddCommentInput{Edition: n.edition, Kind: governance.CommentGeneral, Body: body})
	require.NoError(n.t, err)
	return id
}

// message is one server-sent event.
type message struct {
	id, event string
	hasID     bool
	data      struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Path       []any
			Extensions struct{ Code, Reason string }
		}
	}
}

// listener is a client of a stream.
type listener struct {
	t        *testing.T
	response *http.Response
	messages chan message
	last     string // id seen, also in messages without an event
	stop     context.CancelFunc
}

// listen subscribes as somebody, behind the event that was seen last ("": none).
func (n *newsroom) listen(as governance.Actor, query string, variables map[string]any, last string) *listener {
	n.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(n.t, err)
	ctx, stop := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, n.server.URL+"/graphql", bytes.NewReader(body))
	require.NoError(n.t, err)
	request.Header.Set("Content-Type", "application/json")
	return n.open(request, stop, as, last)
}

func (n *newsroom) open(request *http.Request, stop context.CancelFunc, as governance.Actor, last string) *listener {
	n.t.Helper()
	name := string(as.Person) + "/" + string(as.Organization)
	n.mu.Lock()
	n.actors[name] = as
	n.mu.Unlock()
	request.Header.Set("X-Actor", name)
	request.Header.Set("Accept", "text/event-stream")
	if last != "" {
		request.Header.Set("Last-Event-ID", last)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	require.NoError(n.t, err)
	l := &listener{t: n.t, response: response, messages: make(chan message, 20_000), last: last, stop: stop}
	n.t.Cleanup(l.close)
	go l.read()
	return l
}

func (l *listener) close() {
	l.stop()
	_ = l.response.Body.Close()
}

// read splits the stream into messages until it ends.
func (l *listener) read() {
	defer close(l.messages)
	lines := bufio.NewReader(l.response.Body)
	m, filled := message{}, false
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "\n":
			if filled {
				l.messages <- m
			}
			m, filled = message{}, false
		case name == "id":
			m.id, m.hasID, filled = value, true, true
		case name == "event":
			m.event, filled = value, true
		case name == "data" && value != "":
			if json.Unmarshal([]byte(value), &m.data) != nil {
				m.event = "unreadable: " + value
			}
		}
	}
}

var errOver = errors.New("the stream is over")

// next answers the next message with an event.
func (l *listener) next() (message, error) {
	l.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		select {
		case m, open := <-l.messages:
			if !open {
				return message{}, errOver
			}
			if m.hasID {
				l.last = m.id
			}
			if m.event != "" {
				return m, nil
			}
		case <-timeout:
			return message{}, errors.New("nothing came")
		}
	}
}

// tell is next without errors: what the subscription's field holds.
func (l *listener) tell() any {
	l.t.Helper()
	m, err := l.next()
	require.NoError(l.t, err)
	require.Equal(l.t, "next", m.event)
	require.Empty(l.t, m.data.Errors)
	for _, value := range m.data.Data {
		return value
	}
	return nil
}

// event is tell for an object.
func (l *listener) object() map[string]any {
	l.t.Helper()
	value, ok := l.tell().(map[string]any)
	require.True(l.t, ok)
	return value
}

// over waits for the end, and answers the reason of the error that came before it.
func (l *listener) over() string {
	l.t.Helper()
	reason := ""
	for {
		m, err := l.next()
		if errors.Is(err, errOver) {
			return reason
		}
		require.NoError(l.t, err)
		if len(m.data.Errors) > 0 {
			reason = m.data.Errors[0].Extensions.Reason
		}
	}
}

const followSpecification = `subscription ($id: ID!, $after: String) {
  specificationEvents(specification: $id, after: $after) {
    __typename at
    ... on StepTaken { kind act leaf object { id ... on Comment { body author { name } } ... on Revision { number message } } }
    ... on PresenceChanged { present { edition path editing person { name } organization { slug } } }
    ... on Resync { leaf }
  }
}`

func (n *newsroom) follow(as governance.Actor, last string) *listener {
	n.t.Helper()
	return n.listen(as, followSpecification, map[string]any{"id": n.specification}, last)
}

func bodyOf(event map[string]any) string {
	object, _ := event["object"].(map[string]any)
	body, _ := object["body"].(string)
	return body
}

func TestWhatHappensToASpecificationIsToldInItsOrder(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		l := n.follow(n.author(), "")
		assert.Equal(t, "text/event-stream; charset=utf-8", l.response.Header.Get("Content-Type"))
		assert.Equal(t, "no", l.response.Header.Get("X-Accel-Buffering"))
		n.comment(n.As("acme", governance.RoleAuthor), "the first")
		id := n.comment(n.As("bolt", governance.RoleAuthor), "the second")
		_, err := n.DB.WithdrawComment(t.Context(), n.As("bolt", governance.RoleAuthor), store.WithdrawCommentInput{Comment: id})
		require.NoError(t, err)

		first := l.object()
		assert.Equal(t, "StepTaken", first["__typename"])
		assert.Equal(t, "COMMENT_ADDED", first["kind"])
		assert.Equal(t, "the first", bodyOf(first))
		assert.Equal(t, l.last, fmt.Sprint(first["leaf"]), "the event's id is the number of its leaf")
		assert.Equal(t, "the second", bodyOf(l.object()))
		third := l.object()
		assert.Equal(t, "COMMENT_CHANGED", third["kind"])
		assert.Equal(t, "COMMENT_WITHDRAWN", third["act"])
	})
}

func TestARefusedStepIsNotTold(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		l := n.follow(n.author(), "")
		_, err := n.DB.OpenBallot(t.Context(), n.Secretary(), store.OpenBallotInput{Edition: n.edition, ClosesOn: "2026-09-01"})
		require.Error(t, err)
		n.comment(n.author(), "what was done")
		assert.Equal(t, "what was done", bodyOf(l.object()))
	})
}

func TestRightsAreAskedAgainAtEachEvent(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		acme := n.As("acme", governance.RoleAuthor)
		ours, theirs := n.follow(n.author(), ""), n.follow(acme, "")
		n.comment(n.author(), "everybody on the roll")
		assert.Equal(t, "everybody on the roll", bodyOf(theirs.object()))

		entry := n.entryOf("acme")
		_, err := n.DB.EndRollEntry(t.Context(), n.Secretary(), store.EndRollEntryInput{RollEntry: entry, Ground: "it asked to go"})
		require.NoError(t, err)
		n.comment(n.author(), "those who stayed")
		n.clock.Advance(time.Minute)
		_, err = n.DB.OpenConsultation(t.Context(), n.Secretary(), store.OpenConsultationInput{Edition: n.edition, ClosesOn: "2026-04-30", IsPublic: true})
		require.NoError(t, err)
		n.clock.Advance(time.Minute)
		n.comment(n.author(), "everybody")

		assert.Equal(t, "CONSULTATION_OPENED", theirs.object()["kind"], "nothing of what was said while it saw nothing")
		assert.Equal(t, "everybody", bodyOf(theirs.object()))
		for _, want := range []string{"everybody on the roll", "those who stayed", "", "everybody"} {
			assert.Equal(t, want, bodyOf(ours.object()))
		}
	})
}

func (n *newsroom) entryOf(slug string) governance.RollEntryID {
	entries, err := n.DB.RollEntriesOf(n.t.Context(), []governance.OrganizationID{n.Organizations[slug]})
	require.NoError(n.t, err)
	return entries[n.Organizations[slug]][0].ID
}

func TestAStreamEndsWithItsSignIn(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		acme := n.As("acme", governance.RoleAuthor)
		l := n.follow(acme, "")
		n.mu.Lock()
		n.ended[acme.Person] = true
		n.mu.Unlock()
		n.comment(n.author(), "not for those who left")
		m, err := l.next()
		require.NoError(t, err)
		require.Len(t, m.data.Errors, 1)
		assert.Equal(t, "UNAUTHENTICATED", m.data.Errors[0].Extensions.Code)
		assert.Nil(t, m.data.Data)
		m, err = l.next()
		require.NoError(t, err)
		assert.Equal(t, "complete", m.event)
		assert.Equal(t, "", l.over())
	})
}

func TestAStreamThatIsToldNothingEndsWithItsSignInToo(t *testing.T) {
	until := storetest.Start.Add(time.Hour)
	n := newNewsroom(t, storetest.SQLite, live.Config{}, graph.StreamConfig{Until: func(context.Context) time.Time { return until }})
	l := n.follow(n.author(), "")
	for range 32 {
		n.beats <- time.Time{}
	}
	n.mu.Lock()
	n.ended[n.author().Person] = true
	asked := n.renewals
	n.mu.Unlock()
	assert.LessOrEqual(t, asked, 1, "a beat alone asks nobody anything")
	n.clock.Set(until)
	for n.streams.Open() > 0 {
		select {
		case n.beats <- time.Time{}:
		case <-time.After(20 * time.Second):
			require.FailNow(t, "nobody takes the beats")
		}
	}
	assert.Equal(t, "signed-out", l.over())
}

func TestWhoComesBackAfterTooMuchIsToldToReadAnew(t *testing.T) {
	newsrooms(t, live.Config{Gap: 5, Recent: 2}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		l := n.follow(n.author(), "")
		n.comment(n.author(), "seen")
		require.Equal(t, "seen", bodyOf(l.object()))
		l.close()
		for i := range 6 {
			n.comment(n.author(), fmt.Sprint("missed ", i))
		}
		head := n.settle()

		again := n.follow(n.author(), l.last)
		resync := again.object()
		assert.Equal(t, "Resync", resync["__typename"])
		assert.EqualValues(t, head, resync["leaf"])
		assert.Equal(t, strconv.FormatInt(head, 10), again.last)
		n.comment(n.author(), "after that")
		assert.Equal(t, "after that", bodyOf(again.object()))

		near := n.listen(n.author(), followSpecification, map[string]any{"id": n.specification, "after": strconv.FormatInt(head-5, 10)}, "")
		assert.Equal(t, "Resync", near.object()["__typename"], "six leaves behind is one too many")
		future := n.follow(n.author(), strconv.FormatInt(head+1000, 10))
		assert.Equal(t, "Resync", future.object()["__typename"], "an id of another log")
	})
}

func TestWhoComesBackInTimeIsToldWhatItMissed(t *testing.T) {
	newsrooms(t, live.Config{Recent: 2}, graph.StreamConfig{}, func(t *testing.T, n *newsroom) {
		l := n.follow(n.author(), "")
		n.comment(n.author(), "seen")
		require.Equal(t, "seen", bodyOf(l.object()))
		l.close()
		for i := range 120 {
			n.comment(n.author(), fmt.Sprint("missed ", i))
		}
		for _, again := range []*listener{
			n.follow(n.author(), l.last),
			n.listen(n.author(), followSpecification, map[string]any{"id": n.specification, "after": l.last}, ""),
		} {
			for i := range 120 {
				require.Equal(t, fmt.Sprint("missed ", i), bodyOf(again.object()))
			}
		}
	})
}

func TestASubscriptionThatCannotBeOpenedSaysWhy(t *testing.T) {
	newsrooms(t, live.Config{}, graph.StreamConfig{PerPerson: 2}, func(t *testing.T, n *newsroom) {
		stranger := n.Somebody("stranger")
		assert.Equal(t, "not-found", n.follow(stranger, "").over(), "whoever may not see the draft")
		assert.Equal(t, "event-id", n.follow(n.author(), "yesterday").over())
		assert.Equal(t, "sign-in-needed", n.listen(governance.Actor{}, `subscription { workList { title } }`, nil, "").over())
		assert.Equal(t, "document-invalid", n.listen(n.author(), `subscription { nothing }`, nil, "").over())
		assert.Equal(t, 0, n.streams.Open(), "what was refused leaves nothing open")

		first := n.follow(n.author(), "")
		n.follow(n.author(), "")
		third := n.follow(n.author(), "")
		require.Equal(t, http.StatusTooManyRequests, third.response.StatusCode)
		require.Equal(t, http.StatusOK, n.follow(n.As("acme", governance.RoleAuthor), "").response.StatusCode, "each person for itself")
		first.close()
		require.EventuallyWithT(t, func(c *assert.CollectT) {
			l := n.follow(n.author(), "")
			assert.Equal(c, http.StatusOK, l.response.StatusCode, "whoever closes one may open another")
		}, 10*time.Second, 10*time.Millisecond)
	})
}

func TestASubscriptionIsAskedForAsAStream(t *testing.T) {
	n := newNewsroom(t, storetest.SQLite, live.Config{}, graph.StreamConfig{})
	post := func(accept, query string) (*http.Response, string) {
		body, err := json.Marshal(map[string]any{"query": query})
		require.NoError(t, err)
		request, err := http.NewRequest(http.MethodPost, n.server.URL+"/graphql", bytes.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Accept", accept)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response, string(text)
	}
	refused, text := post("application/json", `subscription { workList { title } }`)
	assert.Equal(t, http.StatusNotAcceptable, refused.StatusCode)
	assert.Contains(t, text, "stream-not-accepted")
	_, text = post("text/event-stream", `{ viewer { scopes } }`)
	assert.Equal(t, "event: next\ndata: {\"data\":{\"viewer\":null}}\n\nevent: complete\ndata:\n\n", text, "a query is one event")
	_, text = post("application/json, text/event-stream", `{ viewer { scopes } }`)
	assert.Equal(t, `{"data":{"viewer":null}}`, text)
	answered, text := post("text/event-stream", `{ nothing }`)
	assert.Equal(t, http.StatusOK, answered.StatusCode, "an EventSource cannot read the body of a refusal")
	assert.Contains(t, text, "document-invalid")
}

func TestAStreamIsOpenedByGETToo(t *testing.T) {
	n := newNewsroom(t, storetest.SQLite, live.Config{}, graph.StreamConfig{})
	ctx, stop := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, n.server.URL+"/graphql", nil)
	require.NoError(t, err)
	query := request.URL.Query()
	query.Set("query", followSpecification)
	query.Set("variables", `{"id": "`+string(n.specification)+`"}`)
	request.URL.RawQuery = query.Encode()
	l := n.open(request, stop, n.author(), "")
	n.comment(n.author(), "by GET")
	assert.Equal(t, "by GET", bodyOf(l.object()))
}

func TestConnectionsAreKeptAliveAndClosedWithTheirStreams(t *testing.T) {
	n := newNewsroom(t, storetest.SQLite, live.Config{}, graph.StreamConfig{})
	l := n.follow(n.author(), "")
	<-l.messages // the opening's own
	head := n.settle()
	for range 32 {
		n.beats <- time.Time{}
	}
	m := <-l.messages
	assert.Empty(t, m.event)
	assert.Equal(t, strconv.FormatInt(head, 10), m.id, "a beat says up to where everything was told")
	l.close()
	require.Eventually(t, func() bool {
		select {
		case n.beats <- time.Time{}:
		default:
		}
		return n.streams.Open() == 0
	}, 10*time.Second, time.Millisecond, "a client that went is noticed at a beat")

	other := n.follow(n.author(), "")
	n.streams.Close()
	assert.Equal(t, "", other.over())
	assert.Equal(t, http.StatusServiceUnavailable, n.follow(n.author(), "").response.StatusCode)
}

func TestAClientThatTakesNothingIsLetGoAndHoldsUpNobody(t *testing.T) {
	n := newNewsroom(t, storetest.SQLite, live.Config{}, graph.StreamConfig{Write: 100 * time.Millisecond})
	query := `subscription ($id: ID!) { specificationEvents(specification: $id) { ... on StepTaken { object { ... on Comment {` +
		more(25) + ` } } } } }`
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"id": n.specification}})
	require.NoError(t, err)
	n.actors["slow"] = n.author()
	conn, err := net.Dial("tcp", n.server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Actor: slow\r\nAccept: text/event-stream\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	first := make([]byte, 12)
	_, err = io.ReadFull(conn, first)
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 200", string(first))

	other := n.follow(n.As("acme", governance.RoleAuthor), "")
	said := strings.Repeat("x", 10_000)
	for i := 0; n.streams.Open() == 2; i++ {
		require.Less(t, i, 500, "the slow client was never let go")
		n.comment(n.author(), said)
		assert.Equal(t, said, bodyOf(other.object()))
	}
	n.comment(n.author(), "and on")
	for bodyOf(other.object()) != "and on" {
	}
}

// more asks for a comment's text under so many names.
func more(names int) string {
	var list strings.Builder
	for i := range names {
		fmt.Fprintf(&list, " b%d: body", i)
	}
	return list.String()
}
