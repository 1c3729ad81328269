package server

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notice"
	"concordat/store"
	"concordat/store/storetest"
)

// stage is a running demo server with nothing in it, people who are signed in to it, and what a script has kept.
type stage struct {
	t        *testing.T
	server   *Server
	clock    *storetest.Clock
	rows     *sql.DB // beside the server, to see what a refusal left behind
	browsers map[string]*browser
	persona  string
	acting   string // the organization's id; empty: not said
	kept     map[string]any
	answer   map[string]any
}

func newStage(t *testing.T, kind string) *stage {
	url := storetest.URL(t, kind)
	clock := storetest.NewClock()
	s := &stage{
		t: t, clock: clock, browsers: map[string]*browser{}, kept: map[string]any{},
		server: served(t, Config{Demo: true, unseeded: true, Database: url, Now: clock.Now, Rates: Rates{PerAddress: 1e9, PerPerson: 1e9}}),
	}
	s.kept["$today"] = clock.Now().Format(time.DateOnly)
	s.rows = openRows(t, url)
	_, err := s.server.db.GrantAdmin(context.Background(), store.AdminGrant{
		Issuer: s.server.URL() + demo.Path, Subject: "admin",
		Platform: store.RegisterOrganizationInput{Slug: "concordat-office", LegalName: "Concordat Office", Country: "LV"},
	})
	require.NoError(t, err)
	return s
}

func openRows(t *testing.T, url string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(url, "postgres") {
		driver = "pgx"
	}
	rows, err := sql.Open(driver, url)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, rows.Close()) })
	return rows
}

// play runs every scene of a script as a sub-test; a scene that fails ends the play.
func play(t *testing.T, s *stage, path string) {
	for _, scene := range readScript(t, path).scenes {
		played := t.Run(scene.title, func(t *testing.T) {
			s.t = t
			for _, l := range scene.lines {
				s.perform(l)
			}
		})
		if !played {
			t.Fatalf("the story ends at %q", scene.title)
		}
	}
}

func (s *stage) perform(l line) {
	s.t.Helper()
	switch l.verb {
	case "as":
		s.as(l)
	case "do":
		s.do(l)
	case "ask":
		s.answer = s.mustAnswer(l, words(s.t, l.number, l.block, s.kept), nil)
		s.check(l)
	case "later":
		s.later(l)
	case "told":
		s.told(l)
	case "take":
		s.take(l)
	case "in":
		s.change(l)
	default:
		require.Fail(s.t, "unknown instruction", "line %d: %s", l.number, l.verb)
	}
}

// as says who acts from here on, and for whom.
func (s *stage) as(l line) {
	persona, organization, named := strings.Cut(l.rest, " for ")
	s.persona, s.acting = persona, ""
	if named {
		s.acting = words(s.t, l.number, organization, s.kept)
	}
}

// do sends a mutation and holds its answer against the lines below it.
func (s *stage) do(l line) {
	s.t.Helper()
	typed := strings.ToUpper(l.rest[:1]) + l.rest[1:]
	query := fmt.Sprintf("mutation($input: %sInput!) { %s(input: $input)%s }", typed, l.rest, l.selection())
	variables := map[string]any{"input": l.input(s.t, s.kept)}
	if len(l.follows) == 0 || l.follows[0].verb != "refused" {
		answer := s.mustAnswer(l, query, variables)
		s.answer, _ = answer[l.rest].(map[string]any)
		s.check(l)
		return
	}
	s.client() // a first sign-in is no part of what is refused
	before := s.countRows()
	response := s.post(query, variables)
	require.NotEmpty(s.t, response.Errors, "line %d: %s was not refused: %v", l.number, l.rest, response.Data)
	extensions := response.Errors[0].Extensions
	got := strings.TrimSpace(extensions.Code + " " + extensions.Reason)
	require.Equal(s.t, l.follows[0].rest, got, "line %d: %s", l.number, response.Errors[0].Message)
	require.Equal(s.t, before, s.countRows(), "line %d: a refusal left something behind", l.number)
}

type graphAnswer struct {
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string `json:"message"`
		Extensions struct {
			Code   string         `json:"code"`
			Reason string         `json:"reason"`
			Params map[string]any `json:"params"`
		} `json:"extensions"`
	} `json:"errors"`
}

func (s *stage) mustAnswer(l line, query string, variables map[string]any) map[string]any {
	s.t.Helper()
	response := s.post(query, variables)
	require.Empty(s.t, response.Errors, "line %d: %s", l.number, query)
	return response.Data
}

// post sends a request as the persona whose turn it is.
func (s *stage) post(query string, variables map[string]any) graphAnswer {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(s.t, err)
	request, err := http.NewRequest(http.MethodPost, s.server.URL()+"/graphql", bytes.NewReader(body))
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", "application/json")
	if s.acting != "" {
		request.Header.Set(auth.ActingForHeader, s.acting)
	}
	response, err := s.client().Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	var answer graphAnswer
	require.NoError(s.t, json.Unmarshal(data, &answer), "%s", data)
	return answer
}

// client is the browser of the persona whose turn it is, signed in at the provider when it is first needed.
func (s *stage) client() *http.Client {
	s.t.Helper()
	if s.persona == "nobody" {
		return http.DefaultClient
	}
	if s.browsers[s.persona] == nil {
		b := newBrowser(s.t, s.server)
		b.signIn(s.persona)
		s.browsers[s.persona] = b
	}
	return s.browsers[s.persona].client
}

// check keeps and compares what the lines below an instruction name.
func (s *stage) check(l line) {
	s.t.Helper()
	for _, f := range l.follows {
		path, rest, _ := strings.Cut(f.rest, " ")
		got := find(s.t, f.number, s.answer, path)
		relation, want, _ := strings.Cut(rest, " ")
		switch {
		case f.verb == "keep":
			s.kept[want] = got
		case relation == "is":
			require.Equal(s.t, words(s.t, f.number, want, s.kept), toText(got), "line %d: %s", f.number, path)
		case relation == "has":
			require.Contains(s.t, toText(got), words(s.t, f.number, want, s.kept), "line %d: %s", f.number, path)
		default:
			require.Fail(s.t, "unknown comparison", "line %d", f.number)
		}
	}
}

// find follows a path of names and places into an answer.
func find(t *testing.T, number int, value any, path string) any {
	t.Helper()
	for _, name := range strings.Split(path, ".") {
		if isType(name) {
			continue
		}
		switch v := value.(type) {
		case map[string]any:
			require.Contains(t, v, name, "line %d: %s", number, path)
			value = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			require.NoError(t, err, "line %d: %s", number, path)
			require.Less(t, i, len(v), "line %d: %s", number, path)
			value = v[i]
		default:
			require.Fail(t, "nothing there", "line %d: %s", number, path)
		}
	}
	return value
}

func toText(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

// later moves the clock and lets it do what is due, as the server's own ticking would.
func (s *stage) later(l line) {
	s.t.Helper()
	var days int
	_, err := fmt.Sscanf(l.rest, "%d days", &days)
	require.NoError(s.t, err, "line %d", l.number)
	s.clock.Advance(time.Duration(days) * 24 * time.Hour)
	clear(s.browsers) // their sessions have ended
	_, err = s.server.db.TakeDue(context.Background())
	require.NoError(s.t, err)
	s.kept["$today"] = s.clock.Now().Format(time.DateOnly)
}

// told tells everybody what concerns them, as the server's own desk does a moment later.
func (s *stage) told(l line) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		measures, err := s.server.db.Measures(context.Background())
		return err == nil && measures.Queued == 0
	}, 10*time.Second, 5*time.Millisecond, "line %d: an act has no leaf", l.number)
	require.NoError(s.t, notice.Desk{Store: s.server.db, Log: s.server.log}.Turn(context.Background()), "line %d", l.number)
}

// take imports the Commission's own Annex I example; where it is absent, our own sample stands in and the log says so.
func (s *stage) take(l line) {
	s.t.Helper()
	name := variable.FindString(l.rest)
	document, offer := sample.Document(), sample.Offer()
	if file, found := sharedFile("standards/elm/examples/Sample-MC-Annex1-unsigned.jsonld"); found {
		data, err := os.ReadFile(file)
		require.NoError(s.t, err)
		imported, err := exchange.ImportELM(data)
		require.NoError(s.t, err)
		document, err = imported.Document.InLanguages("en")
		require.NoError(s.t, err)
		document, err = governance.Apply(document, completion)
		require.NoError(s.t, err)
		require.NotNil(s.t, imported.Offer)
		offer = completedOffer(*imported.Offer, offer)
	} else {
		s.t.Log("the Commission's example is not here; the story starts from our own sample")
	}
	s.kept[name] = asMap(s.t, document)
	s.kept["$offerFacts"] = asMap(s.t, offer)
}

// completedOffer is what the provider makes of the offer in the Commission's example: what that leaves out it says in
// its own words.
func completedOffer(imported, own governance.OfferFacts) governance.OfferFacts {
	imported.QualityAssurance = []governance.QualityRequirement{{ID: "esg", Framework: governance.QualityESG, Description: own.QualityAssurance[0].Description}}
	imported.Adjustments, imported.Complaints = own.Adjustments, own.Complaints
	imported.Schedule.DurationDays = 30
	return imported
}

// completion is what the provider adds to the Commission's example until it is ready.
var completion = []governance.Change{
	{Kind: "SET", Path: "/outcomes/outcome-1/kind", Value: []byte(`"RESPONSIBILITY_AUTONOMY"`)},
	{Kind: "SET", Path: "/outcomes/outcome-2/kind", Value: []byte(`"SKILL"`)},
	{Kind: "SET", Path: "/level/nqf/nqf-1/country", Value: []byte(`"GB"`)},
	{Kind: "INSERT", Path: "/qualityAssurance/esg", Value: []byte(`{"id":"esg","framework":"ESG"}`)},
}

func asMap(t *testing.T, value any) map[string]any {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(data, &m))
	return m
}

func sharedFile(path string) (string, bool) {
	root := os.Getenv("CONCORDAT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	file := filepath.Join(root, filepath.FromSlash(path))
	_, err := os.Stat(file)
	return file, err == nil
}

// change changes a kept document as an editor would: in $document set /title/en = "…".
func (s *stage) change(l line) {
	s.t.Helper()
	var name, verb, path string
	_, err := fmt.Sscan(l.rest, &name, &verb, &path)
	require.NoError(s.t, err, "line %d", l.number)
	_, value, found := strings.Cut(l.rest, " = ")
	require.True(s.t, found, "line %d", l.number)
	if rules, isMap := s.kept[name].(map[string]any); isMap && rules["schema"] == governance.CharterSchema {
		var member any
		require.NoError(s.t, json.Unmarshal([]byte(value), &member), "line %d", l.number)
		rules[strings.TrimPrefix(path, "/")] = member
		return
	}
	data, err := json.Marshal(s.kept[name])
	require.NoError(s.t, err)
	document, err := governance.ParseDocument(data)
	require.NoError(s.t, err)
	document, err = governance.Apply(document, []governance.Change{
		{Kind: governance.ChangeKind(strings.ToUpper(verb)), Path: path, Value: json.RawMessage(value)},
	})
	require.NoError(s.t, err, "line %d", l.number)
	s.kept[name] = asMap(s.t, document)
}

// quietTables change by themselves: sessions are seen, leaves follow their acts, and notices follow the log.
var quietTables = map[string]bool{
	"sessions": true, "logout_tokens": true, "leaves": true, "act_queue": true, "goose_db_version": true,
	"notices": true, "outbox": true, "notice_preferences": true, "notice_reminders": true, "announcements": true,
}

// countRows counts the rows of every table of the process.
func (s *stage) countRows() map[string]int {
	s.t.Helper()
	counts := map[string]int{}
	for _, table := range s.tables() {
		if quietTables[table] {
			continue
		}
		var count int
		require.NoError(s.t, s.rows.QueryRow(`SELECT COUNT(*) FROM `+table).Scan(&count))
		counts[table] = count
	}
	return counts
}

func (s *stage) tables() []string {
	query := `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if s.server.db.Postgres() {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	rows, err := s.rows.Query(query)
	require.NoError(s.t, err)
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		require.NoError(s.t, rows.Scan(&name))
		tables = append(tables, name)
	}
	require.NoError(s.t, rows.Err())
	return tables
}
