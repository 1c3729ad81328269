package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
)

// RollApplication is an application to a council's roll for an organization that is not registered yet, as it is read: for
// the person who made it, the council's secretaries and the administrator.
type RollApplication struct {
	ID           governance.ApplicationID
	Council      *Organization
	Applicant    *Person
	Slug         string // asked for
	LegalName    string
	Country      string
	Region       string
	Size         *governance.OrganizationSize
	Homepage     string
	Identifiers  []OrganizationIdentifier
	ControlledBy *Organization // nil: by nobody
	MemberOf     []*Organization
	Chamber      governance.Chamber // asked for
	Ground       string
	State        governance.ApplicationState
	Reason       string // of what became of it; empty: it is open, or was taken back
	CreatedAt    time.Time
	AnsweredAt   *time.Time
	Organization *Organization // that came of it; nil: none

	entry governance.RollEntryID
	may   *together[RollApplication, []*Permission]
}

// RollApplicationConnection is a page of applications.
type RollApplicationConnection struct {
	Nodes    []*RollApplication
	PageInfo *PageInfo
}

// RollEntry is the entry on the roll that came of it, nil where none did.
func (a *RollApplication) RollEntry() *governance.RollEntryID { return orNoID(a.entry) }

// applicationsPath is where a council's applications are shown, under its own page.
const applicationsPath = "/applications#"

// Path is where the application is shown on the site.
func (a *RollApplication) Path() string {
	return "/councils/" + a.Council.Slug + applicationsPath + string(a.ID)
}

const applicationColumns = `
	id,
	council_id,
	person_id,
	slug,
	legal_name,
	country,
	region,
	size,
	homepage,
	identifiers,
	controlled_by,
	member_of,
	chamber,
	ground,
	state,
	reason,
	created_at,
	answered_at,
	organization_id,
	roll_entry_id`

// scanApplication reads applicationColumns; organizations and the person carry their ids alone.
func scanApplication(row scanner) (*RollApplication, error) {
	a := RollApplication{Council: &Organization{}, Applicant: &Person{}, ControlledBy: &Organization{}, Organization: &Organization{}}
	var size, identifiers, memberOf string
	err := row.Scan(&a.ID, &a.Council.ID, &a.Applicant.ID, &a.Slug, &a.LegalName, &a.Country, &a.Region, &size, &a.Homepage,
		&identifiers, orEmpty(&a.ControlledBy.ID), &memberOf, &a.Chamber, &a.Ground, &a.State, &a.Reason, at(&a.CreatedAt),
		atOrNil(&a.AnsweredAt), orEmpty(&a.Organization.ID), orEmpty(&a.entry))
	if err != nil {
		return nil, err
	}
	if size != "" {
		a.Size = (*governance.OrganizationSize)(&size)
	}
	if a.ControlledBy.ID == "" {
		a.ControlledBy = nil
	}
	if a.Organization.ID == "" {
		a.Organization = nil
	}
	var associations []governance.OrganizationID
	if err := json.Unmarshal([]byte(memberOf), &associations); err != nil {
		return nil, fmt.Errorf("read the memberships of application %s: %w", a.ID, err)
	}
	a.MemberOf = make([]*Organization, len(associations))
	for i, id := range associations {
		a.MemberOf[i] = &Organization{ID: id}
	}
	if err := json.Unmarshal([]byte(identifiers), &a.Identifiers); err != nil {
		return nil, fmt.Errorf("read the identifiers of application %s: %w", a.ID, err)
	}
	return &a, nil
}

// rollApplication reads an application with its organizations. NOT_FOUND where there is none.
func (q *Query) rollApplication(ctx context.Context, id governance.ApplicationID) (*RollApplication, error) {
	found, err := collect(ctx, q, scanApplication, `SELECT `+applicationColumns+` FROM roll_applications WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read the application: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("application", string(id))
	}
	return found[0], q.fillApplications(ctx, found)
}

func (q *Query) fillApplications(ctx context.Context, applications []*RollApplication) error {
	var organizations []*Organization
	may := listed[RollApplication, []*Permission](applications)
	for _, a := range applications {
		a.may = may
		organizations = append(append(organizations, a.MemberOf...), a.Council, a.ControlledBy, a.Organization)
	}
	return q.fillOrganizations(ctx, organizations...)
}

// shownTo says whether somebody may see the application: who made it, the council's secretary, the administrator.
func (a *RollApplication) shownTo(s standing) bool {
	impostor := s.organization == "" && s.actor.Organization != ""
	return s.receivesApplications(a.Council.ID) || !impostor && s.actor.Person == a.Applicant.ID
}

// receivesApplications says whether somebody sees every application to the council.
func (s standing) receivesApplications(council governance.OrganizationID) bool {
	return s.organization == council && slices.Contains(s.roles, governance.RoleSecretary) || s.administers()
}

// applicationSubjects are applications, for steps and for showing them, with as many statements for all of them as for one.
func (q *Query) applicationSubjects(ctx context.Context, actor governance.Actor, applications []*RollApplication) ([]subject, error) {
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return nil, err
	}
	ballots := openBallots{q: q, councils: distinct(applications, func(a *RollApplication) governance.OrganizationID { return a.Council.ID })}
	subjects := make([]subject, len(applications))
	for i, a := range applications {
		subjects[i] = subject{
			kind: governance.KindApplication, noun: "application", id: string(a.ID), visible: a.shownTo(s),
			relations: a.relations(s), standing: s,
			needs: map[governance.Need]unmet{
				governance.NeedApplicationOpen: func(context.Context) (*governance.Error, error) { return a.unmetOpen(), nil },
				governance.NeedNoOpenBallot: func(ctx context.Context) (*governance.Error, error) {
					return ballots.unmetNone(ctx, a.Council.ID)
				},
			},
		}
	}
	return subjects, nil
}

// relations are somebody's to the application.
func (a *RollApplication) relations(s standing) []governance.Relation {
	relations := s.relationsOn(a.Council.ID, rollPlace{})
	if len(relations) > 0 && s.actor.Person == a.Applicant.ID {
		relations = append(relations, governance.RelationSelf)
	}
	return relations
}

// unmetOpen refuses what needs an application that is not decided on.
func (a *RollApplication) unmetOpen() *governance.Error {
	if a.State == governance.ApplicationOpen {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "application-closed",
		"This application was decided on or taken back: it is {state}.", "state", string(a.State))
}

// RollApplication reads an application. NOT_FOUND for those who may not see it.
func (db *DB) RollApplication(ctx context.Context, actor governance.Actor, id governance.ApplicationID) (a *RollApplication, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, s, err := q.applicationSubject(ctx, actor, id)
		if err != nil {
			return err
		}
		if !s.visible {
			return governance.NotFound("application", string(id))
		}
		a = found
		return q.fillPersons(ctx, s.standing, a.Applicant)
	})
	return a, err
}

func (q *Query) applicationSubject(
	ctx context.Context, actor governance.Actor, id governance.ApplicationID,
) (*RollApplication, subject, error) {
	a, err := q.rollApplication(ctx, id)
	if err != nil {
		return nil, subject{}, err
	}
	subjects, err := q.applicationSubjects(ctx, actor, []*RollApplication{a})
	if err != nil {
		return nil, subject{}, err
	}
	return a, subjects[0], nil
}

// RollApplications reads a page of the applications to a council's roll, the newest last: for its secretaries and the
// administrator; others read their own alone.
func (db *DB) RollApplications(
	ctx context.Context, actor governance.Actor, council governance.OrganizationID, page Page,
) (*RollApplicationConnection, error) {
	return db.pageOfApplications(ctx, actor, page, func(s standing) (string, []any) {
		if s.receivesApplications(council) {
			return `council_id = $1`, []any{council}
		}
		return `council_id = $1 AND person_id = $2`, []any{council, actor.Person}
	})
}

// OwnRollApplications reads a page of the applications that the person made, the newest last.
func (db *DB) OwnRollApplications(ctx context.Context, actor governance.Actor, page Page) (*RollApplicationConnection, error) {
	return db.pageOfApplications(ctx, actor, page, func(standing) (string, []any) { return `person_id = $1`, []any{actor.Person} })
}

func (db *DB) pageOfApplications(
	ctx context.Context, actor governance.Actor, page Page, which func(s standing) (where string, args []any),
) (*RollApplicationConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	var applications []*RollApplication
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		where, args := which(s)
		n := len(args)
		applications, err = collect(ctx, q, scanApplication, fmt.Sprintf(`
			SELECT `+applicationColumns+`
			FROM roll_applications
			WHERE %s AND (created_at, id) > ($%d, $%d)
			ORDER BY created_at, id
			LIMIT $%d`, where, n+1, n+2, n+3), append(args, after.CreatedAt, after.ID, limit+1)...)
		if err != nil {
			return err
		}
		applicants := make([]*Person, len(applications))
		for i, a := range applications {
			applicants[i] = a.Applicant
		}
		if err := q.fillPersons(ctx, s, applicants...); err != nil {
			return err
		}
		return q.fillApplications(ctx, applications)
	})
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	nodes, info := cut(applications, limit, func(a *RollApplication) Cursor { return Cursor{a.CreatedAt, string(a.ID)} })
	return &RollApplicationConnection{Nodes: nodes, PageInfo: info}, nil
}

// RollApplicationMay says what the viewer may do to an application. Those of one list are looked at together.
func (db *DB) RollApplicationMay(ctx context.Context, actor governance.Actor, a *RollApplication) ([]*Permission, error) {
	return a.may.of(a, func(applications []*RollApplication) ([][]*Permission, error) {
		return db.viewerMayEach(ctx, func(ctx context.Context, q *Query) ([]subject, error) {
			return q.applicationSubjects(ctx, actor, applications)
		})
	})
}
