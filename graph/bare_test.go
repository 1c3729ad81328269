package graph_test

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

// bare is the least that opening a specification can cost: a hand-written handler over prepared statements on the same
// database, which fills plain structs and writes them with encoding/json.
type bare struct {
	specification, edition, head, comments, ballots, statements, organizations *sql.Stmt
}

func newBare(t testing.TB, address string) *bare {
	db, err := sql.Open("sqlite", address+"?_pragma=query_only(1)")
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	prepare := func(text string) *sql.Stmt {
		statement, err := db.Prepare(text)
		require.NoError(t, err)
		t.Cleanup(func() { statement.Close() })
		return statement
	}
	return &bare{
		specification: prepare(`SELECT id, slug, title, language, council_id FROM specifications WHERE slug = $1`),
		edition: prepare(`SELECT id, number, stage, stage_at, comment_count, unanswered_count, approved_digest, lead_id, head_id
			FROM editions WHERE specification_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1`),
		head: prepare(`SELECT id, number, digest, created_at, document FROM revisions WHERE id = $1`),
		comments: prepare(`SELECT c.id, c.kind, c.path, c.quote, c.body, c.proposed_change, c.state, c.late, c.created_at, c.person_id,
				c.organization_id, d.kind, d.reason, d.reply
			FROM comments c LEFT JOIN dispositions d ON d.comment_id = c.id
			WHERE c.edition_id = $1 AND c.parent_id IS NULL ORDER BY c.created_at, c.id LIMIT 21`),
		ballots: prepare(`SELECT id, state, outcome, closes_at, elector_count, position_count, result
			FROM ballots WHERE edition_id = $1 ORDER BY opened_at DESC, id DESC`),
		statements: prepare(`SELECT id, kind, state, digest, answered_at, organization_id
			FROM statements WHERE edition_id = $1 ORDER BY asked_at, id`),
		organizations: prepare(`SELECT id, slug, legal_name FROM organizations WHERE id IN ($1, $2, $3, $4, $5, $6, $7)`),
	}
}

type (
	bareOrganization struct{ ID, Slug, LegalName string }
	bareComment      struct {
		ID, Kind, Path, Quote, Body, ProposedChange, State string
		Late                                               bool
		CreatedAt                                          string
		Author                                             struct {
			ID   string
			Name *string
		}
		Organization *bareOrganization
		Disposition  struct {
			Kind, Reason string
			Reply        *string
		}
	}
	bareBallot struct {
		ID, State, Outcome, ClosesAt string
		ElectorCount, PositionCount  int
		Tally                        json.RawMessage
	}
	bareStatement struct {
		ID, Kind, State, Digest string
		AnsweredAt              *string
		Organization            *bareOrganization
	}
	bareSpecification struct {
		ID, Slug string
		Title    json.RawMessage
		Language string
		Council  *bareOrganization
		Edition  struct {
			ID, Number, Stage, StageAt    string
			CommentCount, UnansweredCount int
			ApprovedDigest                *string
			Lead                          *bareOrganization
			Head                          struct {
				ID        string
				Number    int
				Digest    string
				CreatedAt string
				Document  json.RawMessage
			}
			Comments   []bareComment
			Ballots    []bareBallot
			Statements []bareStatement
		}
	}
)

// ServeHTTP answers the specification "heat-pumps".
func (h *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, err := h.read(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer, err := json.Marshal(map[string]any{"data": map[string]any{"specification": s}})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(answer)
}

func (h *bare) read(r *http.Request) (*bareSpecification, error) {
	ctx := r.Context()
	var s bareSpecification
	var title, council, lead, head string
	if err := h.specification.QueryRowContext(ctx, "heat-pumps").Scan(&s.ID, &s.Slug, &title, &s.Language, &council); err != nil {
		return nil, err
	}
	s.Title = json.RawMessage(title)
	e := &s.Edition
	err := h.edition.QueryRowContext(ctx, s.ID).Scan(&e.ID, &e.Number, &e.Stage, &e.StageAt, &e.CommentCount, &e.UnansweredCount,
		&e.ApprovedDigest, &lead, &head)
	if err != nil {
		return nil, err
	}
	err = h.head.QueryRowContext(ctx, head).Scan(&e.Head.ID, &e.Head.Number, &e.Head.Digest, &e.Head.CreatedAt, (*[]byte)(&e.Head.Document))
	if err != nil {
		return nil, err
	}
	spoke := map[string]*bareOrganization{council: {}, lead: {}}
	s.Council, e.Lead = spoke[council], spoke[lead]
	named := func(id string) *bareOrganization {
		if spoke[id] == nil {
			spoke[id] = &bareOrganization{}
		}
		return spoke[id]
	}
	if err := h.readLists(r, &s, named); err != nil {
		return nil, err
	}
	ids := make([]any, 7)
	i := 0
	for id := range spoke {
		ids[i] = id
		i++
	}
	rows, err := h.organizations.QueryContext(ctx, ids...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o bareOrganization
		if err := rows.Scan(&o.ID, &o.Slug, &o.LegalName); err != nil {
			return nil, err
		}
		*spoke[o.ID] = o
	}
	return &s, rows.Err()
}

func (h *bare) readLists(r *http.Request, s *bareSpecification, named func(string) *bareOrganization) error {
	e := &s.Edition
	each := func(statement *sql.Stmt, scan func(rows *sql.Rows) error) error {
		rows, err := statement.QueryContext(r.Context(), e.ID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	err := each(h.comments, func(rows *sql.Rows) error {
		var c bareComment
		var organization string
		err := rows.Scan(&c.ID, &c.Kind, &c.Path, &c.Quote, &c.Body, &c.ProposedChange, &c.State, &c.Late, &c.CreatedAt, &c.Author.ID,
			&organization, &c.Disposition.Kind, &c.Disposition.Reason, &c.Disposition.Reply)
		c.Organization = named(organization)
		e.Comments = append(e.Comments, c)
		return err
	})
	if err != nil {
		return err
	}
	err = each(h.ballots, func(rows *sql.Rows) error {
		var b bareBallot
		var tally string
		err := rows.Scan(&b.ID, &b.State, &b.Outcome, &b.ClosesAt, &b.ElectorCount, &b.PositionCount, &tally)
		b.Tally = json.RawMessage(tally)
		e.Ballots = append(e.Ballots, b)
		return err
	})
	if err != nil {
		return err
	}
	return each(h.statements, func(rows *sql.Rows) error {
		var one bareStatement
		var organization string
		err := rows.Scan(&one.ID, &one.Kind, &one.State, &one.Digest, &one.AnsweredAt, &organization)
		one.Organization = named(organization)
		e.Statements = append(e.Statements, one)
		return err
	})
}
