package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
)

// WorkItem is one thing that waits for a person.
type WorkItem struct {
	Step         governance.Step
	Organization *Organization // nil where the person speaks for itself
	Title        governance.Text
	DueAt        *time.Time
	Object       string // its id
	Path         string // on the site

	place workPlace // in the list
}

// waitingLimit is how many things of one kind Waiting names: those that press most, then the oldest.
const waitingLimit = 100

// Waiting reads what waits for the person, the soonest deadline first and what has none last: for the organization that
// it acts for, or, where it acts for none, for itself and every organization in which it holds a mandate. Who may take
// a step, and in which stage, is read from governance's table; each kind of work is one statement, asked only of those
// who may do it. A suspended organization has no work. WorkList reads the same by pages.
func (db *DB) Waiting(ctx context.Context, actor governance.Actor) (items []*WorkItem, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		items, _, err = q.gatherWork(ctx, actor, waitingLimit, nil)
		if err != nil {
			return err
		}
		return q.fillWork(ctx, items)
	})
	if err != nil {
		return nil, fmt.Errorf("read what waits: %w", err)
	}
	return items, nil
}

// gatherWork reads so many things of each kind behind a place, in order. Where there were more of a kind it answers the
// place up to which nothing is missing; nil: there is nothing else.
func (q *Query) gatherWork(ctx context.Context, actor governance.Actor, most int, after *workPlace) ([]*WorkItem, *workPlace, error) {
	items := []*WorkItem{}
	if actor.Person == "" {
		return items, nil, nil
	}
	voices, err := q.voicesOf(ctx, actor)
	if err != nil {
		return nil, nil, err
	}
	var whole *workPlace
	for rank, kind := range workKinds {
		search := &workSearch{
			rule: governance.RuleOf(kind.step), voices: voices, person: actor.Person, alone: actor.Organization == "", now: q.now,
			rank: rank, after: after, most: most,
		}
		found, last, err := q.work(ctx, kind, search)
		if err != nil {
			return nil, nil, err
		}
		if last != nil && (whole == nil || last.compare(*whole) < 0) {
			whole = last
		}
		items = append(items, found...)
	}
	slices.SortFunc(items, func(a, b *WorkItem) int { return a.place.compare(b.place) })
	return items, whole, nil
}

func (q *Query) fillWork(ctx context.Context, items []*WorkItem) error {
	organizations := make([]*Organization, len(items))
	for i, item := range items {
		organizations[i] = item.Organization
	}
	return q.fillOrganizations(ctx, organizations...)
}

// voice is an organization for which a person may take steps now, and a role that it holds there.
type voice struct {
	organization governance.OrganizationID
	role         governance.Role
	platform     bool
	deputy       bool // it holds the role as a deputy
}

// voicesOf reads for whom the person may take steps: the organization that it acts for, or all of its own.
func (q *Query) voicesOf(ctx context.Context, actor governance.Actor) ([]voice, error) {
	scan := func(row scanner) (voice, error) {
		var v voice
		return v, row.Scan(&v.organization, &v.role, &v.platform, &v.deputy)
	}
	voices, err := collect(ctx, q, scan, `
		SELECT m.organization_id, m.role, o.is_platform, CASE WHEN m.delegated_from IS NULL THEN 0 ELSE 1 END
		FROM mandates m
		JOIN organizations o ON o.id = m.organization_id
		WHERE m.person_id = $1 AND m.ended_at IS NULL AND m.from_at <= $2 AND (m.until_at IS NULL OR m.until_at > $2)
			AND o.suspended = 0 AND (CAST($3 AS TEXT) = '' OR o.id = $3)
		ORDER BY m.organization_id, m.role`,
		actor.Person, q.now, actor.Organization)
	if err != nil {
		return nil, fmt.Errorf("read mandates: %w", err)
	}
	return voices, nil
}

// workSearch is the statement for one kind of work in the making: for whom, and with which parameters.
type workSearch struct {
	rule   governance.StepRule
	voices []voice
	person governance.PersonID
	alone  bool // the person may speak for itself
	now    time.Time
	args   []any

	rank  int        // of the kind in the list
	after *workPlace // behind which is looked; nil: from the beginning
	most  int        // rows
}

// bind adds a parameter and answers its place.
func (s *workSearch) bind(arg any) string {
	s.args = append(s.args, arg)
	return fmt.Sprintf("$%d", len(s.args))
}

// in answers "IN (…)" with the values as parameters; no values are in nothing.
func (s *workSearch) in(args []any) string {
	if len(args) == 0 {
		return "IN (NULL)"
	}
	from := len(s.args) + 1
	s.args = append(s.args, args...)
	return "IN (" + placeholders(from, len(args)) + ")"
}

// speakers are the organizations for which the person holds a role that may take the step, if they stand in the relation
// to its object.
func (s *workSearch) speakers(relation governance.Relation) []any {
	var organizations []any
	for _, grant := range s.rule.By {
		if grant.Relation != relation {
			continue
		}
		for _, v := range s.voices {
			fits := slices.Contains(grant.Roles, v.role) && (relation != governance.RelationPlatform || v.platform) &&
				!(v.deputy && slices.Contains(s.rule.Needs, governance.NeedNotDeputy))
			if fits && !slices.Contains(organizations, any(v.organization)) {
				organizations = append(organizations, v.organization)
			}
		}
	}
	return organizations
}

// spokenFor is "IN (…)" of the speakers in a relation.
func (s *workSearch) spokenFor(relation governance.Relation) string {
	return s.in(s.speakers(relation))
}

// stages is "IN (…)" of the stages in which the step may be taken.
func (s *workSearch) stages() string {
	stages := make([]any, len(s.rule.Stages))
	for i, stage := range s.rule.Stages {
		stages[i] = stage
	}
	return s.in(stages)
}

// asked says whether anybody whom the person speaks for may take the step at all.
func (s *workSearch) asked() bool {
	for _, grant := range s.rule.By {
		if grant.Relation == governance.RelationSelf && s.alone || len(s.speakers(grant.Relation)) > 0 {
			return true
		}
	}
	return false
}

// workFound is a row that a search answers.
type workFound struct {
	item     *WorkItem
	title    string // JSON, or plain words in the language
	language string
	edition  governance.EditionID // empty: of none
}

// work runs the search of one kind. Where there may be more it answers the place of the last row that it read, whether or
// not that is work.
func (q *Query) work(ctx context.Context, kind workKind, search *workSearch) ([]*WorkItem, *workPlace, error) {
	if !kind.anybodys && !search.asked() {
		return nil, nil, nil
	}
	statement := search.window(kind.source(search).statement())
	found, err := collect(ctx, q, scanWork, statement, search.args...)
	if err != nil {
		return nil, nil, fmt.Errorf("look for %s: %w", kind.step, err)
	}
	var last *workPlace
	for i := range found {
		found[i].item.place = found[i].placeAt(search.rank)
	}
	if len(found) == search.most {
		last = &found[len(found)-1].item.place
	}
	if kind.only != nil {
		if found, err = kind.only(ctx, q, found); err != nil {
			return nil, nil, fmt.Errorf("look for %s: %w", kind.step, err)
		}
	}
	items := make([]*WorkItem, len(found))
	for i, one := range found {
		items[i] = one.item
		one.item.Step = kind.step
		if one.item.Organization.ID == "" {
			one.item.Organization = nil
		}
		if one.item.Title, err = one.text(); err != nil {
			return nil, nil, fmt.Errorf("read the title of %s: %w", one.item.Object, err)
		}
	}
	return items, last, nil
}

func (f workFound) text() (governance.Text, error) {
	if f.language != "" {
		return governance.Text{f.language: f.title}, nil
	}
	var text governance.Text
	return text, json.Unmarshal([]byte(f.title), &text)
}

// scanWork reads workSource's columns; the organization carries its id alone.
func scanWork(row scanner) (workFound, error) {
	f := workFound{item: &WorkItem{Organization: &Organization{}}}
	return f, row.Scan(orEmpty(&f.item.Organization.ID), &f.item.Object, &f.title, &f.language,
		atOrNil(&f.item.DueAt), &f.item.Path, orEmpty(&f.edition))
}
