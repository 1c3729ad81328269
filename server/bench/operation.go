package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"concordat/store/storebench"
)

// bed is what the operations are made on.
type bed struct {
	set    storebench.Set
	issuer *issuer
	server string // host and port
	alone  string // of a server whose steps share no commit; empty on PostgreSQL, where none do
	limits string
	rounds int
}

// operation is something measured: requests, and how many clients send them.
type operation struct {
	Name     string
	Clients  int
	Beside   []string // keys of the limits that it is held against
	address  string
	requests [][]byte
	once     bool // a request cannot be sent twice
}

// key names an operation at its number of clients.
func (o operation) key() string { return key(o.Name, o.Clients) }

func key(name string, clients int) string { return fmt.Sprintf("%s ×%d", name, clients) }

// The operations' names. Those of the limits say what they are made by.
const (
	openOne     = "open a specification"
	listAll     = "list specifications"
	listEntries = "list the register"
	searchThem  = "search the register"
	addOne      = "comment"
	addAlone    = "comment, one fsync a step"
	takeOne     = "take a position"
	countOne    = "tally of an open ballot"
	fixedBytes  = "net/http, fixed bytes"
	openByHand  = "open, written by hand"
	writeByHand = "comment by hand, one fsync each"
)

// The documents that clients send.
const (
	opening = `query Open($slug: String!) { specification(slug: $slug) {
	id slug title council { id legalName }
	edition {
		id number stage lead { id legalName }
		head { digest document { title summary outcomes { id kind statement eqfLevel } workload { hours } } }
		comments(first: 20) { nodes { id kind path body state createdAt author { id name } organization { id legalName } } }
		ballots { id state outcome tally { outcome conditions { id met actual required explanation } } }
		statements { id kind state organization { id legalName } }
	}
} }`
	listing = `query List($council: ID) { specifications(first: 20, council: $council) {
	nodes { id slug title council { id legalName } edition { number stage commentCount lead { id legalName } } }
	pageInfo { hasNextPage endCursor }
} }`
	register = `query Register($search: String) { register(first: 20, search: $search) {
	nodes { id title sector eqfLevel validFrom organization { id legalName } publishedAt }
	pageInfo { hasNextPage endCursor }
} }`
	commentOn = `mutation Comment($input: AddCommentInput!) { addComment(input: $input) { comment { state } } }`
	counting  = `query Tally($id: ID!) { node(id: $id) { ... on Ballot {
	state electorCount positionCount tally { outcome conditions { id met actual required explanation } }
	electors(first: 100) { nodes { organization { id legalName } chamber position { position } } pageInfo { hasNextPage } }
} } }`
	position = `mutation Take($input: TakePositionInput!) { takePosition(input: $input) { position { number } } }`
)

// operations lists everything that is measured, the limits among them.
func (b bed) operations(ctx context.Context) ([]operation, error) {
	var list []operation
	var errs []error
	add := func(o operation, requests [][]byte, err error) {
		errs = append(errs, err)
		o.requests = requests
		list = append(list, o)
	}
	opened, err := b.openings()
	errs = append(errs, err)
	for _, clients := range []int{1, 16, 64} {
		add(operation{Name: openOne, Clients: clients, address: b.server,
			Beside: []string{key(openByHand, clients), key(fixedBytes, clients)}}, opened, nil)
		add(operation{Name: openByHand, Clients: clients, address: b.limits, Beside: []string{key(fixedBytes, clients)}}, b.openingsByHand(), nil)
		add(operation{Name: fixedBytes, Clients: clients, address: b.limits}, [][]byte{get(b.limits, "/fixed")}, nil)
	}
	for _, read := range []struct {
		name, document string
		variables      []any
	}{
		{listAll, listing, []any{map[string]any{}}},
		{listEntries, register, []any{map[string]any{}}},
		{searchThem, register, []any{map[string]any{"search": "heat pumps"}, map[string]any{"search": "#0000042#"}}},
	} {
		requests, err := b.asked(0, read.document, read.variables...)
		add(operation{Name: read.name, Clients: 16, address: b.server, Beside: []string{key(fixedBytes, 16)}}, requests, err)
	}
	tallies, err := b.tallies()
	add(operation{Name: countOne, Clients: 16, address: b.server, Beside: []string{key(fixedBytes, 16)}}, tallies, err)
	for _, clients := range []int{1, 64} {
		requests, err := b.comments(clients)
		add(operation{Name: addOne, Clients: clients, address: b.server,
			Beside: []string{key(writeByHand, clients), key(addAlone, clients)}}, requests, err)
		byHand, err := b.commentsByHand(clients)
		add(operation{Name: writeByHand, Clients: clients, address: b.limits}, byHand, err)
		if b.alone == "" {
			continue
		}
		one := b
		one.server = b.alone
		requests, err = one.comments(clients)
		add(operation{Name: addAlone, Clients: clients, address: b.alone}, requests, err)
	}
	requests, err := b.positions()
	add(operation{Name: takeOne, Clients: 16, address: b.server, once: true, Beside: []string{key(writeByHand, 64)}}, requests, err)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return list, b.agree(ctx, opened[0], b.openingsByHand()[0])
}

// opened is how many different specifications are opened in turn, and commented on.
const opened = 200

// openings asks for complete specifications as one signed-in person.
func (b bed) openings() ([][]byte, error) {
	complete := b.set.Complete()
	variables := make([]any, min(opened, len(complete)))
	for i := range variables {
		variables[i] = map[string]any{"slug": storebench.Slug(complete[i*len(complete)/len(variables)])}
	}
	return b.asked(0, opening, variables...)
}

func (b bed) openingsByHand() [][]byte {
	complete := b.set.Complete()
	requests := make([][]byte, min(opened, len(complete)))
	for i := range requests {
		requests[i] = get(b.limits, "/specification/0/"+storebench.Slug(complete[i*len(complete)/len(requests)]))
	}
	return requests
}

// said is what the comments say.
const said = "The statement should name the standard by which the work is judged, and the tolerance that it allows."

// comments are those of so many people, each on editions of its own.
func (b bed) comments(people int) ([][]byte, error) {
	consulted := b.set.Consulted()
	var requests [][]byte
	for i := range max(people, min(opened, len(consulted))) {
		one, err := b.asked(i%people, commentOn, map[string]any{"input": map[string]any{
			"edition": consulted[i%len(consulted)].Edition, "kind": "GENERAL", "body": said,
		}})
		if err != nil {
			return nil, err
		}
		requests = append(requests, one...)
	}
	return requests, nil
}

func (b bed) commentsByHand(people int) ([][]byte, error) {
	consulted := b.set.Consulted()
	var requests [][]byte
	for i := range max(people, min(opened, len(consulted))) {
		body, err := json.Marshal(commentByHand{Person: i % people, Open: i % len(consulted), Body: said})
		if err != nil {
			return nil, err
		}
		requests = append(requests, request("POST", b.limits, "/comment", nil, body))
	}
	return requests, nil
}

// tallies ask for the counts of open ballots, each with its first hundred electors.
func (b bed) tallies() ([][]byte, error) {
	balloted := b.set.Balloted()
	variables := make([]any, min(opened, len(balloted)))
	for i := range variables {
		variables[i] = map[string]any{"id": balloted[i].Ballot}
	}
	return b.asked(0, counting, variables...)
}

// positions are every elector's in every open ballot, until there are more than can be taken.
func (b bed) positions() ([][]byte, error) {
	const enough = 20_000
	var requests [][]byte
	for _, open := range b.set.Balloted() {
		for _, person := range b.set.Electors(open.Number) {
			if len(requests) == enough {
				return requests, nil
			}
			one, err := b.asked(person, position, map[string]any{"input": map[string]any{
				"ballot": open.Ballot, "digest": open.Digest, "position": "APPROVE",
			}})
			if err != nil {
				return nil, err
			}
			requests = append(requests, one...)
		}
	}
	return requests, nil
}

// asked makes the nth person's requests with a document, one for each set of variables.
func (b bed) asked(n int, document string, variables ...any) ([][]byte, error) {
	headers, err := b.issuer.asking(n, "http://"+b.server)
	if err != nil {
		return nil, err
	}
	requests := make([][]byte, len(variables))
	for i, of := range variables {
		body, err := json.Marshal(map[string]any{"query": document, "variables": of})
		if err != nil {
			return nil, err
		}
		requests[i] = request("POST", b.server, "/graphql", headers, body)
	}
	return requests, nil
}

func get(host, path string) []byte { return request("GET", host, path, nil, nil) }

// request is a request's bytes.
func request(method, host, path string, headers http.Header, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, host)
	for name, values := range headers {
		for _, value := range values {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	if body != nil {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// address is the host and port of a URL.
func address(url string) string { return strings.TrimPrefix(url, "http://") }

// agree makes sure that the server and the hand-written handler answer the same: otherwise they were not comparable.
func (b bed) agree(ctx context.Context, asked, byHand []byte) error {
	ours, err := ask(ctx, b.server, asked)
	if err != nil {
		return fmt.Errorf("open a specification: %w", err)
	}
	theirs, err := ask(ctx, b.limits, byHand)
	if err != nil {
		return fmt.Errorf("open a specification by hand: %w", err)
	}
	if !reflect.DeepEqual(ours, theirs) {
		return fmt.Errorf("the hand-written handler answers otherwise than the server:\n%.2000v\n%.2000v", theirs, ours)
	}
	return nil
}

// ask sends one request and reads the answer as JSON.
func ask(ctx context.Context, host string, bytesOf []byte) (any, error) {
	method, rest, _ := strings.Cut(string(bytesOf), " ")
	path, _, _ := strings.Cut(rest, " ")
	head, body, _ := strings.Cut(string(bytesOf), "\r\n\r\n")
	r, err := http.NewRequestWithContext(ctx, method, "http://"+host+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(head, "\r\n") {
		if name, value, ok := strings.Cut(line, ": "); ok && name != "Host" && name != "Content-Length" {
			r.Header.Set(name, value)
		}
	}
	client := http.Client{Timeout: 30 * time.Second}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var value any
	return value, errors.Join(json.NewDecoder(answer.Body).Decode(&value))
}
