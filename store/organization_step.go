package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"concordat/governance"
)

// Membership is an organization's place in an association.
type Membership struct {
	Organization *Organization // the association
	FromAt       time.Time
	UntilAt      *time.Time // nil: it is a member
}

// MembershipsOf reads in which associations organizations are or were, of each the oldest first: public.
func (db *DB) MembershipsOf(ctx context.Context, ids []governance.OrganizationID) (map[governance.OrganizationID][]*Membership, error) {
	found := make(map[governance.OrganizationID][]*Membership, len(ids))
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var associations []*Organization
		for batch := range batches(ids) {
			err := q.query(ctx, func(row scanner) error {
				var member governance.OrganizationID
				m := Membership{Organization: &Organization{}}
				err := row.Scan(&member, &m.Organization.ID, at(&m.FromAt), atOrNil(&m.UntilAt))
				found[member], associations = append(found[member], &m), append(associations, m.Organization)
				return err
			}, `
				SELECT organization_id, member_of, from_at, until_at
				FROM organization_members
				WHERE organization_id IN (`+placeholders(1, len(batch))+`)
				ORDER BY organization_id, from_at, member_of`, batch...)
			if err != nil {
				return fmt.Errorf("read memberships: %w", err)
			}
		}
		return q.fillOrganizations(ctx, associations...)
	})
	return found, err
}

// suspensionNeeds are the conditions of suspending an organization and of lifting that.
func (q *Query) suspensionNeeds(id governance.OrganizationID) map[governance.Need]unmet {
	is := func(ctx context.Context, what string) (bool, error) {
		return q.exists(ctx, `SELECT 1 FROM organizations WHERE id = $1 AND (`+what+`)`, id)
	}
	return map[governance.Need]unmet{
		governance.NeedNotSuspended: func(ctx context.Context) (*governance.Error, error) {
			never, err := is(ctx, `suspended = 1 OR is_platform = 1`)
			if err != nil || !never {
				return nil, err
			}
			return governance.Refuse(governance.CodeConflict, "suspended-already",
				"The organization is suspended already, or runs the platform and cannot be."), nil
		},
		governance.NeedSuspended: func(ctx context.Context) (*governance.Error, error) {
			suspended, err := is(ctx, `suspended = 1`)
			if err != nil || suspended {
				return nil, err
			}
			return governance.Refuse(governance.CodeConflict, "not-suspended", "The organization is not suspended."), nil
		},
	}
}

// organizationChange is what the steps on an organization differ in.
type organizationChange struct {
	name   string
	step   governance.Step
	act    string
	id     governance.OrganizationID
	other  governance.OrganizationID // that is named; empty: none
	ground string
	key    string
	input  any
}

// organizationChanged is what the act of a step on an organization says, and the id of what the step is about.
type organizationChanged struct {
	id           string
	words, texts map[string]string
}

// changeOrganization takes a step on an organization that has a ground. Errors: NOT_FOUND, FORBIDDEN, INVALID without a
// ground, CONFLICT, and what do answers.
func (db *DB) changeOrganization(
	ctx context.Context, actor governance.Actor, change organizationChange, do func(ctx context.Context, tx *Tx) error,
) (governance.OrganizationID, error) {
	if err := checkReason("input.ground", change.ground); err != nil {
		return "", err
	}
	id, err := db.takeOnOrganization(ctx, actor, change, func(ctx context.Context, tx *Tx) (organizationChanged, error) {
		changed := organizationChanged{id: string(change.id), texts: map[string]string{"ground": change.ground}}
		if change.other != "" {
			changed.words = map[string]string{"other": string(change.other)}
		}
		if err := tx.requireOrganization(ctx, change.other); err != nil {
			return changed, err
		}
		return changed, do(ctx, tx)
	})
	return governance.OrganizationID(id), err
}

// takeOnOrganization takes a step on an organization, under its lock, and answers the id of what it is about. Errors:
// NOT_FOUND, FORBIDDEN, CONFLICT, and what do answers.
func (db *DB) takeOnOrganization(
	ctx context.Context, actor governance.Actor, change organizationChange,
	do func(ctx context.Context, tx *Tx) (organizationChanged, error),
) (string, error) {
	repeat, err := RepeatOf(change.key, change.input)
	if err != nil {
		return "", err
	}
	return db.take(ctx, step{name: change.name, actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(change.id)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.organizationSubject(ctx, actor, change.id)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, change.step); err != nil {
				return "", err
			}
			changed, err := do(ctx, tx)
			if err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: change.act, Object: Object{"ORGANIZATION", string(change.id)}, Role: s.actingRole(change.step),
				Words: changed.words, Texts: changed.texts,
			})
			return changed.id, err
		}})
}

// SuspendOrganization keeps an organization from taking new steps anywhere; its places in open ballots and its statements
// stand. Errors: FORBIDDEN but for the administrator, CONFLICT where it is suspended or runs the platform.
func (db *DB) SuspendOrganization(ctx context.Context, actor governance.Actor, in SuspendOrganizationInput) (governance.OrganizationID, error) {
	change := organizationChange{name: "suspendOrganization", step: governance.SuspendOrganization, act: "ORGANIZATION_SUSPENDED",
		id: in.Organization, ground: in.Ground, key: in.IdempotencyKey, input: in}
	return db.changeOrganization(ctx, actor, change, func(ctx context.Context, tx *Tx) error { return tx.setSuspended(ctx, in.Organization, true) })
}

// LiftSuspension lets an organization take steps again. Errors: FORBIDDEN but for the administrator, CONFLICT where it is
// not suspended.
func (db *DB) LiftSuspension(ctx context.Context, actor governance.Actor, in LiftSuspensionInput) (governance.OrganizationID, error) {
	change := organizationChange{name: "liftSuspension", step: governance.LiftSuspension, act: "ORGANIZATION_REINSTATED",
		id: in.Organization, ground: in.Ground, key: in.IdempotencyKey, input: in}
	return db.changeOrganization(ctx, actor, change, func(ctx context.Context, tx *Tx) error { return tx.setSuspended(ctx, in.Organization, false) })
}

func (tx *Tx) setSuspended(ctx context.Context, id governance.OrganizationID, suspended bool) error {
	_, err := tx.exec(ctx, `UPDATE organizations SET suspended = $2 WHERE id = $1`, id, suspended)
	if err != nil {
		return fmt.Errorf("suspend the organization, or lift that: %w", err)
	}
	return nil
}

// DeclareControl says who controls the organization, or that nobody does any more. Ballots that open from then on count a
// group under one control once; those that are open keep their electorate. Errors: NOT_FOUND, FORBIDDEN, INVALID for
// itself, CONFLICT where it is so already.
func (db *DB) DeclareControl(ctx context.Context, actor governance.Actor, in DeclareControlInput) (governance.OrganizationID, error) {
	if in.ControlledBy == in.Organization {
		return "", governance.Invalid("input.controlledBy", "controls-itself", "An organization is not controlled by itself.")
	}
	change := organizationChange{name: "declareControl", step: governance.DeclareControl, act: "CONTROL_DECLARED",
		id: in.Organization, other: in.ControlledBy, ground: in.Ground, key: in.IdempotencyKey, input: in}
	return db.changeOrganization(ctx, actor, change, func(ctx context.Context, tx *Tx) error {
		changed, err := tx.exec(ctx, `UPDATE organizations SET controlled_by = $2 WHERE id = $1 AND COALESCE(controlled_by, '') <> $3`,
			in.Organization, orNull(in.ControlledBy), string(in.ControlledBy))
		if err != nil {
			return fmt.Errorf("declare control: %w", err)
		}
		if changed == 0 {
			return governance.Refuse(governance.CodeConflict, "control-declared", "This is declared already.")
		}
		return nil
	})
}

// DeclareMembership says that the organization is a member of an association from now on. Errors: NOT_FOUND, FORBIDDEN,
// INVALID for itself, CONFLICT where it is one, or is one of as many as there may be.
func (db *DB) DeclareMembership(ctx context.Context, actor governance.Actor, in DeclareMembershipInput) (governance.OrganizationID, error) {
	if in.MemberOf == in.Organization {
		return "", governance.Invalid("input.memberOf", "member-of-itself", "An organization is not a member of itself.")
	}
	change := organizationChange{name: "declareMembership", step: governance.DeclareMembership, act: "MEMBERSHIP_DECLARED",
		id: in.Organization, other: in.MemberOf, ground: in.Ground, key: in.IdempotencyKey, input: in}
	return db.changeOrganization(ctx, actor, change, func(ctx context.Context, tx *Tx) error {
		var same, all int64
		err := tx.queryRow(ctx, `
			SELECT CAST(COALESCE(SUM(CASE WHEN member_of = $2 THEN 1 ELSE 0 END), 0) AS BIGINT), count(*)
			FROM organization_members
			WHERE organization_id = $1 AND until_at IS NULL`, in.Organization, in.MemberOf).Scan(&same, &all)
		if err != nil {
			return fmt.Errorf("count memberships: %w", err)
		}
		if same > 0 {
			return governance.Refuse(governance.CodeConflict, "member-already", "The organization is a member there already.")
		}
		if all >= maxMemberships {
			return governance.Refuse(governance.CodeConflict, "too-many", "An organization has at most {most} memberships.", "most", strconv.Itoa(maxMemberships))
		}
		_, err = tx.exec(ctx, `INSERT INTO organization_members (organization_id, member_of, from_at) VALUES ($1, $2, $3)`,
			in.Organization, in.MemberOf, tx.now)
		if err != nil {
			return fmt.Errorf("insert membership: %w", err)
		}
		return nil
	})
}

// EndMembership says that the organization is a member no more. Errors: NOT_FOUND, FORBIDDEN, CONFLICT where it is none.
func (db *DB) EndMembership(ctx context.Context, actor governance.Actor, in EndMembershipInput) (governance.OrganizationID, error) {
	change := organizationChange{name: "endMembership", step: governance.EndMembership, act: "MEMBERSHIP_ENDED",
		id: in.Organization, other: in.MemberOf, ground: in.Ground, key: in.IdempotencyKey, input: in}
	return db.changeOrganization(ctx, actor, change, func(ctx context.Context, tx *Tx) error {
		changed, err := tx.exec(ctx, `
			UPDATE organization_members
			SET until_at = $3
			WHERE organization_id = $1 AND member_of = $2 AND until_at IS NULL`, in.Organization, in.MemberOf, tx.now)
		if err != nil {
			return fmt.Errorf("end membership: %w", err)
		}
		if changed == 0 {
			return governance.Refuse(governance.CodeConflict, "no-member", "The organization is no member there.")
		}
		return nil
	})
}
