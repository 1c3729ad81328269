package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
)

// Notice is something that a person is told, as it is read: what it is about is looked up anew, and with the person's
// rights of that moment.
type Notice struct {
	ID           governance.NoticeID
	Kind         governance.NoticeKind
	Event        string
	Audience     governance.Audience
	Text         string        // what happened, in English
	Why          string        // why the person is told, in English
	Organization *Organization // for which the person is told; nil: for itself
	Title        governance.Text
	Number       string // of the edition; empty: it is about none
	About        string // id of the specification, need or council, under which notices are put together
	Object       string // id of what it is about
	Path         string // on the site
	DueAt        *time.Time
	CreatedAt    time.Time
	ReadAt       *time.Time

	person  governance.PersonID
	object  Object
	edition governance.EditionID
	by      governance.OrganizationID
	source  string // the act's id, or the reminder's
}

// NoticeConnection is a page of notices.
type NoticeConnection struct {
	Nodes    []*Notice
	PageInfo *PageInfo
}

const noticeColumns = `
	n.id,
	n.kind,
	n.event,
	n.audience,
	n.organization_id,
	n.object_kind,
	n.object_id,
	n.edition_id,
	n.by_id,
	n.due_at,
	n.created_at,
	n.read_at,
	n.person_id,
	n.source`

// scanNotice reads noticeColumns; the organization carries its id alone.
func scanNotice(row scanner) (*Notice, error) {
	n := Notice{Organization: &Organization{}}
	err := row.Scan(&n.ID, &n.Kind, &n.Event, &n.Audience, orEmpty(&n.Organization.ID), &n.object.Kind, &n.object.ID,
		orEmpty(&n.edition), orEmpty(&n.by), atOrNil(&n.DueAt), at(&n.CreatedAt), atOrNil(&n.ReadAt), &n.person, &n.source)
	if n.Organization.ID == "" {
		n.Organization = nil
	}
	n.Object = n.object.ID
	return &n, err
}

// Notices reads a page of what the person was told, the newest first; only what it has not read, where unread is set. What
// it may no longer see is left out, so that a page can be shorter than asked for. UNAUTHENTICATED without a person.
func (db *DB) Notices(ctx context.Context, actor governance.Actor, unread bool, page Page) (*NoticeConnection, error) {
	if actor.Person == "" {
		return nil, errSignIn
	}
	limit, err := page.limit()
	if err != nil {
		return nil, err
	}
	before, err := page.cursor()
	if err != nil {
		return nil, err
	}
	if before == nil {
		before = &Cursor{CreatedAt: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	}
	connection := &NoticeConnection{}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, scanNotice, `SELECT `+noticeColumns+`
			FROM notices n
			WHERE n.person_id = $1 AND (n.created_at, n.id) < ($2, $3) AND (n.read_at IS NULL OR $4 = 0)
			ORDER BY n.created_at DESC, n.id DESC
			LIMIT $5`, actor.Person, before.CreatedAt, before.ID, unread, limit+1)
		if err != nil {
			return err
		}
		found, connection.PageInfo = cut(found, limit, func(n *Notice) Cursor { return Cursor{n.CreatedAt, string(n.ID)} })
		connection.Nodes, err = q.showNotices(ctx, found)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	return connection, nil
}

// noticeReader looks up what notices are about, each thing once.
type noticeReader struct {
	q        *Query
	editions map[governance.EditionID]*Edition
	viewers  map[string]editionViewer // by edition, person and organization
}

// showNotices completes those of the notices whose person may see what they are about, and answers them in their order.
func (q *Query) showNotices(ctx context.Context, notices []*Notice) ([]*Notice, error) {
	reader := noticeReader{q: q, editions: map[governance.EditionID]*Edition{}, viewers: map[string]editionViewer{}}
	shown := make([]*Notice, 0, len(notices))
	var organizations []*Organization
	for _, n := range notices {
		sees, err := reader.look(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("look up what notice %s is about: %w", n.ID, err)
		}
		if !sees {
			continue
		}
		shown = append(shown, n)
		if n.Organization != nil {
			organizations = append(organizations, n.Organization)
		}
	}
	if err := q.fillOrganizations(ctx, organizations...); err != nil {
		return nil, err
	}
	names, err := q.namesOf(ctx, shown)
	if err != nil {
		return nil, err
	}
	people, err := q.colleaguesOf(ctx, shown)
	if err != nil {
		return nil, err
	}
	for _, n := range shown {
		n.word(names[n.by], people[n.source])
	}
	return shown, nil
}

// look fills in what the notice is about and says whether its person may see that now.
func (r noticeReader) look(ctx context.Context, n *Notice) (bool, error) {
	actor := governance.Actor{Person: n.person}
	if n.Organization != nil {
		actor.Organization = n.Organization.ID
	}
	s, err := r.q.standingOf(ctx, actor)
	if err != nil || s.organization != actor.Organization {
		return false, err // it has left the organization for which it was told
	}
	if n.edition == "" {
		return r.lookAtNoEdition(ctx, s, n)
	}
	e, err := r.edition(ctx, n.edition)
	if err != nil {
		return false, err
	}
	viewer, err := r.viewer(ctx, s, e)
	if err != nil || !viewer.sees {
		return false, err
	}
	n.About, n.Number = string(e.SpecificationID), e.Number
	n.Title, n.Path = e.specification.Title, "/specifications/"+e.specification.Slug+"/"+e.Number
	switch n.object.Kind {
	case "BALLOT":
		n.Path = "/ballots/" + n.object.ID
	case "COMMENT":
		n.Path += "#" + n.object.ID
		c, err := r.q.comment(ctx, governance.CommentID(n.object.ID))
		if err != nil {
			return false, err
		}
		return r.q.seesComment(ctx, viewer, e, c)
	}
	return true, nil
}

// lookAtNoEdition fills in what hangs on no edition.
func (r noticeReader) lookAtNoEdition(ctx context.Context, s standing, n *Notice) (bool, error) {
	switch n.object.Kind {
	case "BALLOT":
		return r.lookAtCharterBallot(ctx, n)
	case string(governance.KindCharter):
		return r.lookAtCharter(ctx, n)
	case string(governance.KindApplication):
		return r.lookAtApplication(ctx, s, n)
	case string(governance.KindOrganization):
		return r.lookAtOrganization(ctx, n)
	}
	return r.lookAtNeed(ctx, s, n)
}

// lookAtCharter fills in a charter, which everybody sees.
func (r noticeReader) lookAtCharter(ctx context.Context, n *Notice) (bool, error) {
	c, err := r.q.charter(ctx, governance.CharterID(n.object.ID))
	if err != nil {
		return false, err
	}
	council := &Organization{ID: c.CouncilID}
	if err := r.q.fillOrganizations(ctx, council); err != nil {
		return false, err
	}
	n.About, n.Path = string(c.CouncilID), "/councils/"+council.Slug+chartersPath+n.object.ID
	n.Title = governance.Text{noLanguage: c.Body.Name}
	return true, nil
}

// lookAtApplication fills in an application to a roll, which is the applicant's and the council's to see.
func (r noticeReader) lookAtApplication(ctx context.Context, s standing, n *Notice) (bool, error) {
	a, err := r.q.rollApplication(ctx, governance.ApplicationID(n.object.ID))
	if err != nil || !a.shownTo(s) {
		return false, err
	}
	n.About, n.Path, n.Title = string(a.Council.ID), a.Path(), governance.Text{noLanguage: a.LegalName}
	return true, nil
}

// lookAtOrganization fills in an organization whose keys were changed: these are public.
func (r noticeReader) lookAtOrganization(ctx context.Context, n *Notice) (bool, error) {
	o := &Organization{ID: governance.OrganizationID(n.object.ID)}
	if err := r.q.fillOrganizations(ctx, o); err != nil {
		return false, err
	}
	n.About, n.Path, n.Title = n.object.ID, OrganizationURL("", o.Slug)+"/did.json", governance.Text{noLanguage: o.LegalName}
	return true, nil
}

// lookAtCharterBallot fills in a ballot on a charter, which everybody sees.
func (r noticeReader) lookAtCharterBallot(ctx context.Context, n *Notice) (bool, error) {
	b, err := r.q.ballot(ctx, governance.BallotID(n.object.ID))
	if err != nil {
		return false, err
	}
	proposal, err := r.q.charter(ctx, b.ProposalID)
	if err != nil {
		return false, err
	}
	n.About, n.Path = string(b.CouncilID), "/ballots/"+n.object.ID
	n.Title = governance.Text{noLanguage: proposal.Body.Name}
	return true, nil
}

func (r noticeReader) lookAtNeed(ctx context.Context, s standing, n *Notice) (bool, error) {
	need, err := r.q.needRow(ctx, governance.NeedID(n.object.ID))
	if err != nil || !s.seesNeeds() {
		return false, err
	}
	n.About, n.Path, n.Title = n.object.ID, "/needs/"+n.object.ID, governance.Text{need.Language: need.Title}
	return true, nil
}

// edition reads an edition with its specification's slug and title, each once.
func (r noticeReader) edition(ctx context.Context, id governance.EditionID) (*Edition, error) {
	if e := r.editions[id]; e != nil {
		return e, nil
	}
	e, err := r.q.edition(ctx, id)
	if err != nil {
		return nil, err
	}
	e.specification = &Specification{ID: e.SpecificationID}
	var title string
	err = r.q.queryRow(ctx, `SELECT slug, title FROM specifications WHERE id = $1`, e.SpecificationID).Scan(&e.specification.Slug, &title)
	if err != nil {
		return nil, err
	}
	r.editions[id] = e
	return e, json.Unmarshal([]byte(title), &e.specification.Title)
}

func (r noticeReader) viewer(ctx context.Context, s standing, e *Edition) (editionViewer, error) {
	key := string(e.ID) + string(s.actor.Person) + string(s.organization)
	if viewer, known := r.viewers[key]; known {
		return viewer, nil
	}
	viewer, err := r.q.lookAt(ctx, s, e)
	r.viewers[key] = viewer
	return viewer, err
}

// namesOf reads the names of the organizations whose acts the notices tell of.
func (q *Query) namesOf(ctx context.Context, notices []*Notice) (map[governance.OrganizationID]string, error) {
	names := map[governance.OrganizationID]string{}
	var ids []governance.OrganizationID
	for _, n := range notices {
		if n.by != "" {
			ids = append(ids, n.by)
		}
	}
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var id governance.OrganizationID
			var name string
			err := row.Scan(&id, &name)
			names[id] = name
			return err
		}, `SELECT id, legal_name FROM organizations WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read the names of organizations: %w", err)
		}
	}
	return names, nil
}

// colleaguesOf reads, by act, the names of the people who took a step of which their colleagues are told.
func (q *Query) colleaguesOf(ctx context.Context, notices []*Notice) (map[string]string, error) {
	names := map[string]string{}
	var acts []string
	for _, n := range notices {
		if n.Audience == governance.AudienceColleagues {
			acts = append(acts, n.source)
		}
	}
	for batch := range batches(acts) {
		err := q.query(ctx, func(row scanner) error {
			var act, name string
			err := row.Scan(&act, &name)
			names[act] = name
			return err
		}, `
			SELECT a.act_id, p.name
			FROM act_people a
			JOIN persons p ON p.id = a.person_id
			WHERE p.erased_at IS NULL AND a.act_id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read the names of colleagues: %w", err)
		}
	}
	return names, nil
}

// word puts the notice into words. An empty name stands for somebody.
func (n *Notice) word(by, person string) {
	organization := ""
	if by == "" {
		by = "Somebody"
	}
	if person == "" {
		person = "Somebody"
	}
	if n.Organization != nil {
		organization = n.Organization.LegalName
	}
	fill := strings.NewReplacer("{by}", by, "{person}", person, "{organization}", organization)
	n.Text = fill.Replace(governance.NoticeText(n.Event, n.Audience))
	n.Why = fill.Replace("You get this because " + n.Audience.Why() + ".")
}

// MarkNoticesReadInput is what markNoticesRead takes.
type MarkNoticesReadInput struct {
	Notices []governance.NoticeID // empty: all
	Until   *time.Time            // all until then; nil: now
}

// MarkNoticesRead notes that the person has read notices of its own, and answers how many it had not. It is no act of the
// process: it touches nobody else. UNAUTHENTICATED without a person; INVALID for more than 100 ids.
func (db *DB) MarkNoticesRead(ctx context.Context, actor governance.Actor, in MarkNoticesReadInput) (int, error) {
	if err := checkOneself(actor); err != nil {
		return 0, err
	}
	if len(in.Notices) > largestPage {
		return 0, governance.Invalid("input.notices", "too-many", "At most 100 notices are named at once.")
	}
	for _, id := range in.Notices {
		if err := CheckID("input.notices", string(id)); err != nil {
			return 0, err
		}
	}
	var changed int64
	err := db.write(ctx, "markNoticesRead", func(ctx context.Context, tx *Tx) (err error) {
		until := tx.now
		if in.Until != nil {
			until = *in.Until
		}
		args, only := []any{actor.Person, tx.now, until}, ""
		if len(in.Notices) > 0 {
			only = " AND id IN (" + placeholders(4, len(in.Notices)) + ")"
			for _, id := range in.Notices {
				args = append(args, id)
			}
		}
		changed, err = tx.exec(ctx, `
			UPDATE notices
			SET read_at = $2
			WHERE person_id = $1 AND read_at IS NULL AND created_at <= $3`+only, args...)
		return err
	})
	return int(changed), err
}
