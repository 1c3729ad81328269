package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"concordat/governance"
)

// Mandate is a dated role of a person in an organization as it is read.
type Mandate struct {
	ID           governance.MandateID
	Person       *Person
	Organization *Organization
	Role         governance.Role
	Source       governance.MandateSource
	Ground       string
	FromAt       time.Time
	UntilAt      *time.Time
	EndedAt      *time.Time
	PrincipalID  governance.MandateID // the mandate that it was delegated from, with which it ends; empty: it is no deputy's

	may *together[Mandate, []*Permission]
}

// DelegatedFrom is the mandate that it was delegated from, nil where it is no deputy's.
func (m *Mandate) DelegatedFrom() *governance.MandateID { return orNoID(m.PrincipalID) }

// orNoID is an id that may be missing, as the API has it.
func orNoID[ID ~string](id ID) *ID {
	if id == "" {
		return nil
	}
	return &id
}

// Person is somebody who signs in, as others see it: Name is nil where the viewer may not see names.
type Person struct {
	ID   governance.PersonID
	Name *string
}

const mandateColumns = `
	id,
	person_id,
	organization_id,
	role,
	source,
	ground,
	from_at,
	until_at,
	ended_at,
	delegated_from`

// scanMandate reads mandateColumns; person and organization carry their ids alone.
func scanMandate(row scanner) (*Mandate, error) {
	m := Mandate{Person: &Person{}, Organization: &Organization{}}
	err := row.Scan(&m.ID, &m.Person.ID, &m.Organization.ID, &m.Role, &m.Source, &m.Ground, at(&m.FromAt), atOrNil(&m.UntilAt),
		atOrNil(&m.EndedAt), orEmpty(&m.PrincipalID))
	if err != nil {
		return nil, err
	}
	return &m, nil
}

// mandate reads a mandate's row. NOT_FOUND where there is none.
func (q *Query) mandate(ctx context.Context, id governance.MandateID) (*Mandate, error) {
	found, err := collect(ctx, q, scanMandate, `SELECT `+mandateColumns+` FROM mandates WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read mandate: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("mandate", string(id))
	}
	return found[0], nil
}

// organizationSubject is an organization, for steps on its mandates.
func (q *Query) organizationSubject(ctx context.Context, actor governance.Actor, id governance.OrganizationID) (subject, error) {
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return subject{}, err
	}
	exists, err := q.exists(ctx, `SELECT 1 FROM organizations WHERE id = $1`, id)
	if err != nil {
		return subject{}, fmt.Errorf("look for organization %s: %w", id, err)
	}
	return subject{
		kind: governance.KindOrganization, noun: "organization", id: string(id), visible: exists,
		relations: s.relationsInside(id), standing: s, needs: s.mandateNeeds(),
	}.with(q.suspensionNeeds(id)).with(q.keyNeeds(id)), nil
}

// relationsInside are the actor's relations to what an organization decides for itself.
func (s standing) relationsInside(id governance.OrganizationID) []governance.Relation {
	relations := s.relations()
	if s.organization == id && id != "" {
		relations = append(relations, governance.RelationOwn)
	}
	return relations
}

// mandateNeeds are the conditions of giving and ending mandates that follow from who asks.
func (s standing) mandateNeeds() map[governance.Need]unmet {
	return map[governance.Need]unmet{
		governance.NeedNotDeputy: func(context.Context) (*governance.Error, error) { return s.unmetNotDeputy(), nil },
	}
}

// unmetNotDeputy refuses to let a deputy decide who else speaks for the organization.
func (s standing) unmetNotDeputy() *governance.Error {
	if s.administers() || !slices.Contains(s.deputizes, governance.RoleRepresentative) {
		return nil
	}
	return governance.Refuse(governance.CodeForbidden, "deputy",
		"A deputy speaks for the organization, and decides on no mandate, control, membership or key of it.")
}

// mandateSubject is a mandate: its organization's own members, its holder and the administrator see it.
func (q *Query) mandateSubject(ctx context.Context, actor governance.Actor, m *Mandate) (subject, error) {
	subjects, err := q.mandateSubjects(ctx, actor, []*Mandate{m})
	if err != nil {
		return subject{}, err
	}
	return subjects[0], nil
}

// mandateSubjects are mandates, with as many statements for all of them as for one.
func (q *Query) mandateSubjects(ctx context.Context, actor governance.Actor, mandates []*Mandate) ([]subject, error) {
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return nil, err
	}
	holders, err := q.holdersThatStay(ctx, mandates)
	if err != nil {
		return nil, err
	}
	subjects := make([]subject, len(mandates))
	for i, m := range mandates {
		subjects[i] = subject{
			kind: governance.KindMandate, noun: "mandate", id: string(m.ID),
			visible:   s.seesMandatesOf(m.Organization.ID) || actor.Person == m.Person.ID,
			relations: s.relationsInside(m.Organization.ID), standing: s, needs: s.mandateNeeds(),
		}.with(map[governance.Need]unmet{
			governance.NeedNotLastHolder: func(context.Context) (*governance.Error, error) { return unmetNotLastHolder(holders, m), nil },
			governance.NeedMandateStands: func(context.Context) (*governance.Error, error) { return unmetMandateStands(m, q.now), nil },
			governance.NeedDelegable:     func(context.Context) (*governance.Error, error) { return unmetDelegable(m), nil },
			governance.NeedExtensible:    func(context.Context) (*governance.Error, error) { return unmetExtensible(m), nil },
		})
	}
	return subjects, nil
}

// seesMandatesOf says whether the viewer acts for the organization, or administers the platform.
func (s standing) seesMandatesOf(id governance.OrganizationID) bool {
	return s.organization == id && id != "" || s.administers()
}

// administers says whether the actor acts as the platform's administrator.
func (s standing) administers() bool {
	return s.platform && slices.Contains(s.roles, governance.RoleAdmin)
}

// stays says whether a mandate is of a role that must not fall vacant: the platform's administrator, a council's
// secretary. A deputy's is not: it ends with another one.
func (m *Mandate) stays() bool {
	return (m.Role == governance.RoleAdmin || m.Role == governance.RoleSecretary) && m.PrincipalID == ""
}

// office is a role in an organization.
type office struct {
	organization governance.OrganizationID
	role         governance.Role
}

// holdersThatStay finds who holds now, and not as a deputy, the offices among the mandates that must not fall vacant. It
// asks nothing where there are none.
func (q *Query) holdersThatStay(ctx context.Context, mandates []*Mandate) (map[office][]governance.MandateID, error) {
	holders := map[office][]governance.MandateID{}
	var organizations []governance.OrganizationID
	for _, m := range mandates {
		if m.stays() && !slices.Contains(organizations, m.Organization.ID) {
			organizations = append(organizations, m.Organization.ID)
		}
	}
	for batch := range batches(organizations) {
		err := q.query(ctx, func(row scanner) error {
			var held office
			var id governance.MandateID
			if err := row.Scan(&held.organization, &held.role, &id); err != nil {
				return err
			}
			holders[held] = append(holders[held], id)
			return nil
		}, `
			SELECT m.organization_id, m.role, m.id
			FROM mandates m
			WHERE m.role IN ('ADMIN', 'SECRETARY') AND m.delegated_from IS NULL AND `+standsAt("m", "$"+strconv.Itoa(len(batch)+1))+`
				AND m.organization_id IN (`+placeholders(1, len(batch))+`)`, append(slices.Clone(batch), q.now)...)
		if err != nil {
			return nil, fmt.Errorf("count the administrators and secretaries: %w", err)
		}
	}
	return holders, nil
}

// standsAt says, of a mandate of that name in a statement, that it stands at the instant that is the parameter: "$2".
func standsAt(mandate, parameter string) string {
	return fmt.Sprintf(`%[1]s.ended_at IS NULL AND %[1]s.from_at <= %[2]s AND (%[1]s.until_at IS NULL OR %[1]s.until_at > %[2]s)`,
		mandate, parameter)
}

// unmetNotLastHolder refuses to end the last administrator's and a council's last secretary's mandate.
func unmetNotLastHolder(holders map[office][]governance.MandateID, m *Mandate) *governance.Error {
	if !m.stays() || m.EndedAt != nil {
		return nil
	}
	others := slices.ContainsFunc(holders[office{m.Organization.ID, m.Role}], func(id governance.MandateID) bool { return id != m.ID })
	if others {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "last-holder",
		"This is the last {role}; grant another one first.", "role", string(m.Role))
}

// MandatesOf reads who holds which mandate in an organization: for its own members and the administrator; others read
// an empty list.
func (db *DB) MandatesOf(ctx context.Context, actor governance.Actor, id governance.OrganizationID) (mandates []*Mandate, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil || !s.seesMandatesOf(id) {
			return err
		}
		mandates, err = collect(ctx, q, scanMandate,
			`SELECT `+mandateColumns+` FROM mandates WHERE organization_id = $1 ORDER BY created_at, id`, id)
		if err != nil {
			return fmt.Errorf("read mandates: %w", err)
		}
		may := listed[Mandate, []*Permission](mandates)
		for _, m := range mandates {
			m.may = may
		}
		return q.fillMandates(ctx, s, mandates)
	})
	return mandates, err
}

// Mandate reads one mandate. NOT_FOUND for those who may not see it.
func (db *DB) Mandate(ctx context.Context, actor governance.Actor, id governance.MandateID) (m *Mandate, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		if m, err = q.mandate(ctx, id); err != nil {
			return err
		}
		s, err := q.mandateSubject(ctx, actor, m)
		if err != nil {
			return err
		}
		if !s.visible {
			return governance.NotFound("mandate", string(id))
		}
		return q.fillMandates(ctx, s.standing, []*Mandate{m})
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (q *Query) fillMandates(ctx context.Context, viewer standing, mandates []*Mandate) error {
	persons, organizations := make([]*Person, len(mandates)), make([]*Organization, len(mandates))
	for i, m := range mandates {
		persons[i], organizations[i] = m.Person, m.Organization
	}
	if err := q.fillPersons(ctx, viewer, persons...); err != nil {
		return err
	}
	return q.fillOrganizations(ctx, organizations...)
}

// MandateMay says what the viewer may do to a mandate. Those of one list are looked at together.
func (db *DB) MandateMay(ctx context.Context, actor governance.Actor, m *Mandate) ([]*Permission, error) {
	return m.may.of(m, func(mandates []*Mandate) ([][]*Permission, error) {
		return db.viewerMayEach(ctx, func(ctx context.Context, q *Query) ([]subject, error) { return q.mandateSubjects(ctx, actor, mandates) })
	})
}

// OrganizationMay says what the viewer may do to an organization.
func (db *DB) OrganizationMay(ctx context.Context, actor governance.Actor, id governance.OrganizationID) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.organizationSubject(ctx, actor, id) })
}
