package store

import (
	"context"
	"fmt"
	"slices"
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
	ended_at`

// scanMandate reads mandateColumns; person and organization carry their ids alone.
func scanMandate(row scanner) (*Mandate, error) {
	m := Mandate{Person: &Person{}, Organization: &Organization{}}
	err := row.Scan(&m.ID, &m.Person.ID, &m.Organization.ID, &m.Role, &m.Source, &m.Ground, at(&m.FromAt), atOrNil(&m.UntilAt), atOrNil(&m.EndedAt))
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
	relations := s.relations()
	if s.organization == id && id != "" {
		relations = append(relations, governance.RelationOwn)
	}
	return subject{
		kind: governance.KindOrganization, noun: "organization", id: string(id), visible: exists,
		relations: relations, standing: s,
	}, nil
}

// mandateSubject is a mandate: its organization's own members, its holder and the administrator see it.
func (q *Query) mandateSubject(ctx context.Context, actor governance.Actor, m *Mandate) (subject, error) {
	s, err := q.organizationSubject(ctx, actor, m.Organization.ID)
	if err != nil {
		return subject{}, err
	}
	s.kind, s.noun, s.id = governance.KindMandate, "mandate", string(m.ID)
	s.visible = s.standing.seesMandatesOf(m.Organization.ID) || actor.Person == m.Person.ID
	s.needs = map[governance.Need]unmet{
		governance.NeedNotLastHolder: func(ctx context.Context) (*governance.Error, error) { return q.unmetNotLastHolder(ctx, m) },
	}
	return s, nil
}

// seesMandatesOf says whether the viewer acts for the organization, or administers the platform.
func (s standing) seesMandatesOf(id governance.OrganizationID) bool {
	return s.organization == id && id != "" || s.administers()
}

// administers says whether the actor acts as the platform's administrator.
func (s standing) administers() bool {
	return s.platform && slices.Contains(s.roles, governance.RoleAdmin)
}

// unmetNotLastHolder refuses to end the last administrator's and a council's last secretary's mandate.
func (q *Query) unmetNotLastHolder(ctx context.Context, m *Mandate) (*governance.Error, error) {
	if m.Role != governance.RoleAdmin && m.Role != governance.RoleSecretary || m.EndedAt != nil {
		return nil, nil
	}
	others, err := q.exists(ctx, `
		SELECT 1
		FROM mandates
		WHERE organization_id = $1 AND role = $2 AND id <> $3 AND ended_at IS NULL
			AND from_at <= $4 AND (until_at IS NULL OR until_at > $4)
		LIMIT 1`,
		m.Organization.ID, m.Role, m.ID, q.now)
	if err != nil {
		return nil, fmt.Errorf("count the holders of %s: %w", m.Role, err)
	}
	if others {
		return nil, nil
	}
	return governance.Refuse(governance.CodeConflict, "last-holder",
		"This is the last {role}; grant another one first.", "role", string(m.Role)), nil
}

// GrantMandate gives a person, named by who it is at its identity provider, a role in an organization. The person need
// not have signed in yet. Errors: FORBIDDEN, INVALID, CONFLICT where it holds that role already.
func (db *DB) GrantMandate(ctx context.Context, actor governance.Actor, in GrantMandateInput) (governance.MandateID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "grantMandate", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(in.Organization)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.organizationSubject(ctx, actor, in.Organization)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.GrantMandate); err != nil {
				return "", err
			}
			if err := tx.checkGrant(ctx, s, in); err != nil {
				return "", err
			}
			person, err := tx.personNamed(ctx, in.Issuer, in.Subject)
			if err != nil {
				return "", err
			}
			return tx.insertGrant(ctx, person, in, governance.SourceGrant, s.actingRole(governance.GrantMandate))
		}})
	return governance.MandateID(id), err
}

func (in GrantMandateInput) check() error {
	if err := checkLength("input.issuer", in.Issuer, 1, 500); err != nil {
		return err
	}
	if err := checkLength("input.subject", in.Subject, 1, 500); err != nil {
		return err
	}
	return checkReason("input.ground", in.Ground)
}

// checkGrant keeps roles where they belong: SECRETARY in councils, ADMIN in the platform's organization and given by an
// administrator alone.
func (tx *Tx) checkGrant(ctx context.Context, s subject, in GrantMandateInput) error {
	from := tx.now
	if in.FromAt != nil {
		from = *in.FromAt
	}
	if in.UntilAt != nil && (!in.UntilAt.After(from) || !in.UntilAt.After(tx.now)) {
		return governance.Invalid("input.untilAt", "ends-before-start", "A mandate ends after it begins, and not in the past.")
	}
	switch in.Role {
	case governance.RoleSecretary:
		council, err := tx.exists(ctx, `SELECT 1 FROM councils WHERE id = $1`, in.Organization)
		if err != nil {
			return fmt.Errorf("look for council %s: %w", in.Organization, err)
		}
		if !council {
			return governance.Invalid("input.role", "role-of-councils", "SECRETARY is a role in a council, and this organization is none.")
		}
	case governance.RoleAdmin:
		platform, err := tx.exists(ctx, `SELECT 1 FROM organizations WHERE id = $1 AND is_platform = 1`, in.Organization)
		if err != nil {
			return fmt.Errorf("look for the platform: %w", err)
		}
		if !platform {
			return governance.Invalid("input.role", "role-of-platform", "ADMIN is a role in the platform's own organization, and this is another one.")
		}
		if !s.standing.administers() {
			return governance.Refuse(governance.CodeForbidden, "administrator-needed", "ADMIN is given by an administrator.")
		}
	case governance.RoleAuthor, governance.RoleRepresentative, governance.RolePublisher, governance.RoleObserver:
	}
	return nil
}

// personNamed finds the person whom the provider calls so, or makes it: it is filled when it first signs in. One that was
// erased is CONFLICT.
func (tx *Tx) personNamed(ctx context.Context, issuer, name string) (governance.PersonID, error) {
	_, err := tx.exec(ctx, `
		INSERT INTO persons (id, issuer, subject, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (issuer, subject) DO NOTHING`,
		tx.newID(), issuer, name, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert person: %w", err)
	}
	var id governance.PersonID
	var erasedAt time.Time
	err = tx.queryRow(ctx, `SELECT id, erased_at FROM persons WHERE issuer = $1 AND subject = $2`, issuer, name).Scan(&id, at(&erasedAt))
	if err != nil {
		return "", fmt.Errorf("look for the person: %w", err)
	}
	if !erasedAt.IsZero() {
		return "", governance.Refuse(governance.CodeConflict, "person-erased", "This account was erased at its owner's request.")
	}
	return id, nil
}

// requireNotHeld refuses a mandate that the person holds already, or will. One that has lapsed is closed at its end, for a
// new one comes in its place.
func (tx *Tx) requireNotHeld(ctx context.Context, person governance.PersonID, in GrantMandateInput) error {
	held, err := collect(ctx, tx.Query, scanMandate, `
		SELECT `+mandateColumns+`
		FROM mandates
		WHERE person_id = $1 AND organization_id = $2 AND role = $3 AND ended_at IS NULL`,
		person, in.Organization, in.Role)
	if err != nil {
		return fmt.Errorf("look for the mandate: %w", err)
	}
	for _, m := range held {
		if m.UntilAt == nil || m.UntilAt.After(tx.now) {
			return governance.Refuse(governance.CodeConflict, "mandate-held", "This person has the role {role} there already.",
				"role", string(in.Role))
		}
		if err := tx.closeMandate(ctx, m.ID, *m.UntilAt); err != nil {
			return err
		}
	}
	return nil
}

// insertGrant writes the mandate; role is the one in which it is given.
func (tx *Tx) insertGrant(
	ctx context.Context, person governance.PersonID, in GrantMandateInput, source governance.MandateSource, role governance.Role,
) (string, error) {
	if err := tx.requireNotHeld(ctx, person, in); err != nil {
		return "", err
	}
	id, from := tx.newID(), tx.now
	if in.FromAt != nil {
		from = *in.FromAt
	}
	_, err := tx.exec(ctx, `
		INSERT INTO mandates (id, person_id, organization_id, role, source, ground, from_at, until_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, person, in.Organization, in.Role, source, in.Ground, from, in.UntilAt, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert mandate: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "MANDATE_GRANTED", Object: Object{"MANDATE", id}, Root: root{rootOrganization, string(in.Organization)}, Role: role,
		Texts: map[string]string{"ground": in.Ground},
	})
	return id, err
}

// EndMandate ends a mandate. Errors: NOT_FOUND, FORBIDDEN, CONFLICT where it has ended or is the last of its kind.
func (db *DB) EndMandate(ctx context.Context, actor governance.Actor, in EndMandateInput) (governance.MandateID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := checkReason("input.ground", in.Ground); err != nil {
		return "", err
	}
	organization, err := db.organizationOfMandate(ctx, in.Mandate)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "endMandate", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(organization)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			m, err := tx.mandate(ctx, in.Mandate)
			if err != nil {
				return "", err
			}
			s, err := tx.mandateSubject(ctx, actor, m)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.EndMandate); err != nil {
				return "", err
			}
			return string(m.ID), tx.endMandate(ctx, m, in.Ground, s.actingRole(governance.EndMandate))
		}})
	return governance.MandateID(id), err
}

// organizationOfMandate finds what to lock: a mandate never moves to another organization.
func (db *DB) organizationOfMandate(ctx context.Context, id governance.MandateID) (organization governance.OrganizationID, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		m, err := q.mandate(ctx, id)
		if err == nil {
			organization = m.Organization.ID
		}
		return err
	})
	return organization, err
}

func (tx *Tx) endMandate(ctx context.Context, m *Mandate, ground string, role governance.Role) error {
	changed, err := tx.exec(ctx, `UPDATE mandates SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, m.ID, tx.now)
	if err != nil {
		return fmt.Errorf("end mandate: %w", err)
	}
	if changed == 0 {
		return governance.Refuse(governance.CodeConflict, "mandate-ended", "This mandate has ended already.")
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "MANDATE_ENDED", Object: Object{"MANDATE", string(m.ID)}, Root: root{rootOrganization, string(m.Organization.ID)},
		Role: role, Texts: map[string]string{"ground": ground},
	})
	return err
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

// MandateMay says what the viewer may do to a mandate.
func (db *DB) MandateMay(ctx context.Context, actor governance.Actor, m *Mandate) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.mandateSubject(ctx, actor, m) })
}

// OrganizationMay says what the viewer may do to an organization.
func (db *DB) OrganizationMay(ctx context.Context, actor governance.Actor, id governance.OrganizationID) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.organizationSubject(ctx, actor, id) })
}
