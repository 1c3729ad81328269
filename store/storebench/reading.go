package storebench

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"concordat/governance"
)

// reading is one specification on its way from the statements to the bytes.
type reading struct {
	*connection
	documents *sync.Map
	viewer    governance.Actor

	id, slug, title, council                   string
	edition, number, stage, lead, head, digest string
	document                                   governance.Document
	comments                                   []comment
	ballots                                    []ballot
	statements                                 []statement
	organizations, persons                     map[string]string
}

type comment struct{ id, kind, path, body, state, created, organization, person string }

type ballot struct {
	id, state, council string
	outcome, result    sql.NullString
}

type statement struct{ id, kind, state, organization string }

// specification reads everything, with the statements of the store: the viewer's mandates and its places among them.
func (r *reading) specification(ctx context.Context, slug string) error {
	for _, step := range []func(context.Context) error{
		r.readViewer,
		func(ctx context.Context) error { return r.readEdition(ctx, slug) },
		r.readDocument, r.readComments, r.readBallots, r.readStatements, r.readOrganizations, r.readPersons,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) readViewer(ctx context.Context) error {
	var role string
	err := r.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&role) }, `
		SELECT role
		FROM mandates
		WHERE person_id = $1 AND organization_id = $2 AND ended_at IS NULL
			AND from_at <= $3 AND (until_at IS NULL OR until_at > $3)
		ORDER BY role`, string(r.viewer.Person), string(r.viewer.Organization), time.Now().UTC().Format(stamp))
	if err != nil {
		return err
	}
	var suspended, platform int
	return r.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&suspended, &platform) },
		`SELECT suspended, is_platform FROM organizations WHERE id = $1`, string(r.viewer.Organization))
}

func (r *reading) readEdition(ctx context.Context, slug string) error {
	err := r.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&r.id, &r.slug, &r.title, &r.council) },
		`SELECT id, slug, title, council_id FROM specifications WHERE slug = $1`, slug)
	if err != nil {
		return err
	}
	if r.id == "" {
		return sql.ErrNoRows
	}
	err = r.each(ctx, func(rows *sql.Rows) error {
		return rows.Scan(&r.edition, &r.number, &r.stage, &r.lead, &r.head)
	}, `
		SELECT e.id, e.number, e.stage, e.lead_id, e.head_id
		FROM editions e
		JOIN specifications s ON s.id = e.specification_id
		WHERE e.specification_id = $2 AND (
			e.stage IN ('APPROVED', 'ENDORSED', 'PUBLISHED', 'SUPERSEDED', 'SUSPENDED', 'WITHDRAWN')
			OR (e.consulted = 1 AND e.invited_only = 0)
			OR s.council_id = $1)
		ORDER BY e.created_at, e.id`, string(r.viewer.Organization), r.id)
	if err != nil {
		return err
	}
	return r.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&r.digest) },
		`SELECT digest FROM revisions WHERE id = $1`, r.head)
}

func (r *reading) readDocument(ctx context.Context) error {
	if known, ok := r.documents.Load(r.digest); ok {
		r.document, _ = known.(governance.Document)
		return nil
	}
	var stored []byte
	err := r.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&stored) },
		`SELECT document FROM revisions WHERE id = $1`, r.head)
	if err != nil {
		return err
	}
	if r.document, err = governance.ParseDocument(stored); err != nil {
		return err
	}
	r.documents.Store(r.digest, r.document)
	return nil
}

func (r *reading) readComments(ctx context.Context) error {
	var place, group string
	err := r.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&place) },
		`SELECT chamber FROM roll_entries WHERE council_id = $1 AND organization_id = $2 AND state IN ('ACTIVE', 'SUSPENDED')`,
		r.council, string(r.viewer.Organization))
	if err != nil {
		return err
	}
	err = r.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&group) },
		`SELECT state FROM working_group WHERE edition_id = $1 AND organization_id = $2`,
		r.edition, string(r.viewer.Organization))
	if err != nil {
		return err
	}
	r.comments = make([]comment, 0, CommentsEach)
	return r.each(ctx, func(rows *sql.Rows) error {
		var c comment
		r.comments = append(r.comments, c)
		to := &r.comments[len(r.comments)-1]
		return rows.Scan(&to.id, &to.kind, &to.path, &to.body, &to.state, &to.created, &to.organization, &to.person)
	}, `
		SELECT c.id, c.kind, c.path, c.body, c.state, c.created_at, c.organization_id, c.person_id
		FROM comments c
		LEFT JOIN dispositions d ON d.comment_id = c.id
		WHERE c.edition_id = $1 AND c.parent_id IS NULL
			AND c.created_at >= (SELECT MIN(p.opened_at) FROM consultations p WHERE p.edition_id = c.edition_id AND p.is_public = 1)
		ORDER BY c.created_at, c.id
		LIMIT $2`, r.edition, CommentsEach+1)
}

func (r *reading) readBallots(ctx context.Context) error {
	return r.each(ctx, func(rows *sql.Rows) error {
		var b ballot
		err := rows.Scan(&b.id, &b.state, &b.council, &b.outcome, &b.result)
		r.ballots = append(r.ballots, b)
		return err
	}, `
		SELECT id, state, council_id, outcome, result
		FROM ballots
		WHERE edition_id = $1
		ORDER BY opened_at DESC, id DESC`, r.edition)
}

func (r *reading) readStatements(ctx context.Context) error {
	return r.each(ctx, func(rows *sql.Rows) error {
		var s statement
		err := rows.Scan(&s.id, &s.kind, &s.state, &s.organization)
		r.statements = append(r.statements, s)
		return err
	}, `
		SELECT id, kind, state, organization_id
		FROM statements
		WHERE edition_id = $1
		ORDER BY created_at, id`, r.edition)
}

func (r *reading) readOrganizations(ctx context.Context) error {
	ids := []any{r.council}
	for _, c := range r.comments {
		ids = append(ids, c.organization)
	}
	for _, s := range r.statements {
		ids = append(ids, s.organization)
	}
	for _, b := range r.ballots {
		ids = append(ids, b.council)
	}
	ids = append(ids, r.lead)
	r.organizations = make(map[string]string, len(ids))
	return r.readNames(ctx, r.organizations, `SELECT id, legal_name FROM organizations WHERE id IN (`, ids)
}

func (r *reading) readPersons(ctx context.Context) error {
	ids := make([]any, len(r.comments))
	for i, c := range r.comments {
		ids[i] = c.person
	}
	r.persons = make(map[string]string, len(ids))
	return r.readNames(ctx, r.persons, `SELECT id, name FROM persons WHERE erased_at IS NULL AND id IN (`, ids)
}

func (r *reading) readNames(ctx context.Context, into map[string]string, text string, ids []any) error {
	return r.each(ctx, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		into[id] = name
		return err
	}, text+parameters(len(ids))+`)`, ids...)
}

// parameters writes "$1, $2, …" for n.
func parameters(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("$%d", i+1)
	}
	return strings.Join(list, ", ")
}

// append writes the answer.
func (r *reading) append(b []byte) []byte {
	b = append(b, `{"data":{"specification":{"id":`...)
	b = text(b, r.id)
	b = text(append(b, `,"slug":`...), r.slug)
	b = append(append(b, `,"title":`...), r.title...)
	b = r.organization(append(b, `,"council":`...), r.council)
	b = text(append(b, `,"edition":{"id":`...), r.edition)
	b = text(append(b, `,"number":`...), r.number)
	b = text(append(b, `,"stage":`...), r.stage)
	b = r.organization(append(b, `,"lead":`...), r.lead)
	b = r.appendHead(append(b, `,"head":`...))
	b = append(b, `,"comments":{"nodes":[`...)
	for i, c := range r.comments[:min(len(r.comments), CommentsEach)] {
		b = r.appendComment(comma(b, i), c)
	}
	b = append(b, `]},"ballots":[`...)
	for i, one := range r.ballots {
		b = appendBallot(comma(b, i), one)
	}
	b = append(b, `],"statements":[`...)
	for i, s := range r.statements {
		b = text(append(comma(b, i), `{"id":`...), s.id)
		b = text(append(b, `,"kind":`...), s.kind)
		b = text(append(b, `,"state":`...), s.state)
		b = append(r.organization(append(b, `,"organization":`...), s.organization), '}')
	}
	return append(b, `]}}}}`...)
}

func (r *reading) appendHead(b []byte) []byte {
	b = text(append(b, `{"digest":`...), r.digest)
	b = words(append(b, `,"document":{"title":`...), r.document.Title)
	b = words(append(b, `,"summary":`...), r.document.Summary)
	b = append(b, `,"outcomes":[`...)
	for i, o := range r.document.Outcomes {
		b = text(append(comma(b, i), `{"id":`...), string(o.ID))
		b = text(append(b, `,"kind":`...), string(o.Kind))
		b = words(append(b, `,"statement":`...), o.Statement)
		b = fmt.Appendf(b, `,"eqfLevel":%d}`, o.EQFLevel)
	}
	b = text(append(b, `],"workload":{"hours":`...), string(r.document.Workload.Hours))
	return append(b, `}}}`...)
}

func (r *reading) appendComment(b []byte, c comment) []byte {
	b = text(append(b, `{"id":`...), c.id)
	b = text(append(b, `,"kind":`...), c.kind)
	b = text(append(b, `,"path":`...), c.path)
	b = text(append(b, `,"body":`...), c.body)
	b = text(append(b, `,"state":`...), c.state)
	created, err := time.Parse(stamp, c.created)
	if err == nil {
		b = created.AppendFormat(append(b, `,"createdAt":`...), `"2006-01-02T15:04:05.999999Z"`)
	}
	b = text(append(b, `,"author":{"id":`...), c.person)
	b = text(append(b, `,"name":`...), r.persons[c.person])
	return append(r.organization(append(b, `},"organization":`...), c.organization), '}')
}

func appendBallot(b []byte, one ballot) []byte {
	var counted governance.TallyResult
	if err := json.Unmarshal([]byte(one.result.String), &counted); err != nil {
		return append(b, `null`...)
	}
	b = text(append(b, `{"id":`...), one.id)
	b = text(append(b, `,"state":`...), one.state)
	b = text(append(b, `,"outcome":`...), one.outcome.String)
	b = text(append(b, `,"tally":{"outcome":`...), string(counted.Outcome))
	b = append(b, `,"conditions":[`...)
	for i, c := range counted.Conditions {
		b = text(append(comma(b, i), `{"id":`...), c.ID)
		b = fmt.Appendf(b, `,"met":%t`, c.Met)
		b = text(append(b, `,"actual":`...), c.Actual)
		b = text(append(b, `,"required":`...), c.Required)
		b = append(text(append(b, `,"explanation":`...), c.Explanation), '}')
	}
	return append(b, `]}}`...)
}

func (r *reading) organization(b []byte, id string) []byte {
	b = text(append(b, `{"id":`...), id)
	b = text(append(b, `,"legalName":`...), r.organizations[id])
	return append(b, '}')
}

// words writes a text in the sample's two languages.
func words(b []byte, t governance.Text) []byte {
	b = text(append(b, `{"de":`...), t["de"])
	return append(text(append(b, `,"en":`...), t["en"]), '}')
}

// text writes a string of the data set, which holds nothing that JSON would escape but quotation marks.
func text(b []byte, s string) []byte {
	b = append(b, '"')
	if strings.IndexByte(s, '"') < 0 {
		return append(append(b, s...), '"')
	}
	return append(append(b, strings.ReplaceAll(s, `"`, `\"`)...), '"')
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}
