package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

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
			grant := newMandate{organization: in.Organization, role: in.Role, ground: in.Ground, source: governance.SourceGrant}
			grant.from, grant.until, err = tx.term(ctx, in.Organization, mandateTerm{in.FromAt, in.UntilAt, in.FromOn, in.UntilOn})
			if err != nil {
				return "", err
			}
			if err := tx.checkOffice(ctx, s, in.Organization, in.Role); err != nil {
				return "", err
			}
			if grant.person, err = tx.personNamed(ctx, in.Issuer, in.Subject); err != nil {
				return "", err
			}
			id, err := tx.insertMandate(ctx, grant)
			if err != nil {
				return "", err
			}
			return string(id), tx.tellGrant(ctx, id, grant, s.actingRole(governance.GrantMandate), nil)
		}})
	return governance.MandateID(id), err
}

func (in GrantMandateInput) check() error {
	if err := checkNamed(in.Issuer, in.Subject); err != nil {
		return err
	}
	return checkReason("input.ground", in.Ground)
}

// checkOffice keeps roles where they belong: SECRETARY in councils, ADMIN in the platform's organization and given by an
// administrator alone.
func (tx *Tx) checkOffice(ctx context.Context, s subject, organization governance.OrganizationID, role governance.Role) error {
	switch role {
	case governance.RoleSecretary:
		council, err := tx.exists(ctx, `SELECT 1 FROM councils WHERE id = $1`, organization)
		if err != nil {
			return fmt.Errorf("look for council %s: %w", organization, err)
		}
		if !council {
			return governance.Invalid("input.role", "role-of-councils", "SECRETARY is a role in a council, and this organization is none.")
		}
	case governance.RoleAdmin:
		platform, err := tx.exists(ctx, `SELECT 1 FROM organizations WHERE id = $1 AND is_platform = 1`, organization)
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
		return "", errPersonErased
	}
	return id, nil
}

var errPersonErased = governance.Refuse(governance.CodeConflict, "person-erased", "This account was erased at its owner's request.")

// newMandate is a mandate about to be given.
type newMandate struct {
	person       governance.PersonID
	organization governance.OrganizationID
	role         governance.Role
	source       governance.MandateSource
	ground       string
	from         time.Time            // zero: now
	until        time.Time            // zero: without end
	principal    governance.MandateID // whose deputy's it is; empty: nobody's
}

// requireNotHeld refuses a mandate that the person holds already, or will. One that has lapsed is closed at its end, for a
// new one comes in its place.
func (tx *Tx) requireNotHeld(ctx context.Context, grant newMandate) error {
	held, err := collect(ctx, tx.Query, scanMandate, `
		SELECT `+mandateColumns+`
		FROM mandates
		WHERE person_id = $1 AND organization_id = $2 AND role = $3 AND ended_at IS NULL`,
		grant.person, grant.organization, grant.role)
	if err != nil {
		return fmt.Errorf("look for the mandate: %w", err)
	}
	for _, m := range held {
		if m.UntilAt == nil || m.UntilAt.After(tx.now) {
			return governance.Refuse(governance.CodeConflict, "mandate-held", "This person has the role {role} there already.",
				"role", string(grant.role))
		}
		if err := tx.closeMandate(ctx, m.ID, *m.UntilAt); err != nil {
			return err
		}
	}
	return nil
}

// insertMandate writes the mandate.
func (tx *Tx) insertMandate(ctx context.Context, grant newMandate) (governance.MandateID, error) {
	if err := tx.requireNotHeld(ctx, grant); err != nil {
		return "", err
	}
	if grant.from.IsZero() {
		grant.from = tx.now
	}
	id := governance.MandateID(tx.newID())
	_, err := tx.exec(ctx, `
		INSERT INTO mandates (
			id, person_id, organization_id, role, source, ground, from_at, until_at, delegated_from, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, grant.person, grant.organization, grant.role, grant.source, grant.ground, grant.from, grant.until,
		orNull(grant.principal), tx.now)
	if err != nil {
		return "", fmt.Errorf("insert mandate: %w", err)
	}
	return id, nil
}

// tellGrant writes the act of giving a mandate; role is the one in which it is given, and words are what the act says
// besides.
func (tx *Tx) tellGrant(
	ctx context.Context, id governance.MandateID, grant newMandate, role governance.Role, words map[string]string,
) error {
	_, err := tx.appendAct(ctx, Act{
		Type: "MANDATE_GRANTED", Object: Object{"MANDATE", string(id)}, Root: root{rootOrganization, string(grant.organization)},
		Role: role, Words: words, Texts: map[string]string{"ground": grant.ground},
	})
	return err
}

// EndMandate ends a mandate, and those of its deputies. Errors: NOT_FOUND, FORBIDDEN, CONFLICT where it has ended or is the
// last of its kind.
func (db *DB) EndMandate(ctx context.Context, actor governance.Actor, in EndMandateInput) (governance.MandateID, error) {
	if err := checkReason("input.ground", in.Ground); err != nil {
		return "", err
	}
	change := mandateChange{name: "endMandate", step: governance.EndMandate, mandate: in.Mandate, key: in.IdempotencyKey, input: in}
	return db.changeMandate(ctx, actor, change, func(ctx context.Context, tx *Tx, m *Mandate, s subject) (governance.MandateID, error) {
		return m.ID, tx.endMandate(ctx, m, in.Ground, s.actingRole(governance.EndMandate))
	})
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

// endMandate ends the mandate and those of its deputies.
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
	if err != nil {
		return err
	}
	return tx.endDeputies(ctx, m.ID, m.Organization.ID, role)
}
