package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// unmetMandateStands refuses what needs a mandate that is not over.
func unmetMandateStands(m *Mandate, now time.Time) *governance.Error {
	if m.EndedAt == nil && (m.UntilAt == nil || m.UntilAt.After(now)) {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "mandate-ended", "This mandate has ended already.")
}

// unmetDelegable refuses a deputy for a deputy, and one for an administrator, whom an administrator grants.
func unmetDelegable(m *Mandate) *governance.Error {
	switch {
	case m.PrincipalID != "":
		return governance.Refuse(governance.CodeConflict, "deputy-of-deputy", "A deputy has no deputy.")
	case m.Role == governance.RoleAdmin:
		return governance.Refuse(governance.CodeConflict, "administrators-granted", "An administrator has no deputy; grant another one.")
	}
	return nil
}

// unmetExtensible refuses to extend what has no end, or ends with another mandate.
func unmetExtensible(m *Mandate) *governance.Error {
	switch {
	case m.PrincipalID != "":
		return governance.Refuse(governance.CodeConflict, "deputy-of-deputy", "A deputy's mandate is not extended; delegate again.")
	case m.UntilAt == nil:
		return governance.Refuse(governance.CodeConflict, "without-end", "This mandate has no end.")
	}
	return nil
}

// DelegateMandate names a deputy for a mandate, for some days: it holds the same role, gives and ends no mandates, and
// its mandate ends with the one that it comes from. The deputy is a person known here, or named as its identity provider
// does. Errors: NOT_FOUND, FORBIDDEN, INVALID for days outside of the mandate's own, CONFLICT where the mandate is over
// or a deputy's, or the person holds the role already.
func (db *DB) DelegateMandate(ctx context.Context, actor governance.Actor, in DelegateMandateInput) (governance.MandateID, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	change := mandateChange{name: "delegateMandate", step: governance.DelegateMandate, mandate: in.Mandate, key: in.IdempotencyKey, input: in}
	return db.changeMandate(ctx, actor, change, func(ctx context.Context, tx *Tx, m *Mandate, s subject) (governance.MandateID, error) {
		grant := newMandate{
			organization: m.Organization.ID, role: m.Role, source: governance.SourceGrant, ground: in.Ground, principal: m.ID,
		}
		var err error
		grant.from, grant.until, err = tx.term(ctx, m.Organization.ID, mandateTerm{fromOn: in.FromOn, untilOn: in.UntilOn})
		if err != nil {
			return "", err
		}
		if grant.from.Before(tx.now) {
			grant.from = tx.now
		}
		if grant.from.Before(m.FromAt) || m.UntilAt != nil && grant.until.After(*m.UntilAt) {
			return "", governance.Invalid("input.untilOn", "beyond-principal", "A deputy's days lie within those of the mandate.")
		}
		if grant.person, err = tx.deputyNamed(ctx, in); err != nil {
			return "", err
		}
		id, err := tx.insertMandate(ctx, grant)
		if err != nil {
			return "", err
		}
		words := map[string]string{"delegatedFrom": string(m.ID)}
		return id, tx.tellGrant(ctx, id, grant, s.actingRole(governance.DelegateMandate), words)
	})
}

func (in DelegateMandateInput) check() error {
	if (in.Person == "") == (in.Issuer == "" && in.Subject == "") {
		return governance.Invalid("input.person", "person-ambiguous", "A deputy is named by its id, or by issuer and subject.")
	}
	if in.Person == "" {
		if err := checkNamed(in.Issuer, in.Subject); err != nil {
			return err
		}
	}
	return checkReason("input.ground", in.Ground)
}

// checkNamed refuses a person who is not named as an identity provider does.
func checkNamed(issuer, subject string) error {
	if err := checkLength("input.issuer", issuer, 1, 500); err != nil {
		return err
	}
	return checkLength("input.subject", subject, 1, 500)
}

// deputyNamed finds the person whom the input names. One that is known by its id holds, or held, a mandate in the same
// organization: nobody learns from an id whether somebody else is there.
func (tx *Tx) deputyNamed(ctx context.Context, in DelegateMandateInput) (governance.PersonID, error) {
	if in.Person == "" {
		return tx.personNamed(ctx, in.Issuer, in.Subject)
	}
	known, err := tx.exists(ctx, `
		SELECT 1
		FROM mandates m
		JOIN persons p ON p.id = m.person_id
		WHERE m.person_id = $1 AND p.erased_at IS NULL AND m.organization_id = (SELECT organization_id FROM mandates WHERE id = $2)
		LIMIT 1`, in.Person, in.Mandate)
	if err != nil {
		return "", fmt.Errorf("look for the deputy: %w", err)
	}
	if !known {
		return "", governance.NotFound("person", string(in.Person))
	}
	return in.Person, nil
}

// ExtendMandate moves the end of a mandate to a later day, or takes it away. Errors: NOT_FOUND, FORBIDDEN, INVALID for an
// end that is no later one, CONFLICT where the mandate is over, has no end or is a deputy's.
func (db *DB) ExtendMandate(ctx context.Context, actor governance.Actor, in ExtendMandateInput) (governance.MandateID, error) {
	if err := checkReason("input.ground", in.Ground); err != nil {
		return "", err
	}
	change := mandateChange{name: "extendMandate", step: governance.ExtendMandate, mandate: in.Mandate, key: in.IdempotencyKey, input: in}
	return db.changeMandate(ctx, actor, change, func(ctx context.Context, tx *Tx, m *Mandate, s subject) (governance.MandateID, error) {
		if err := tx.checkOffice(ctx, s, m.Organization.ID, m.Role); err != nil {
			return "", err
		}
		_, until, err := tx.term(ctx, m.Organization.ID, mandateTerm{untilAt: in.UntilAt, untilOn: in.UntilOn})
		if err != nil {
			return "", err
		}
		if !until.IsZero() && !until.After(*m.UntilAt) {
			return "", governance.Invalid("input.untilOn", "not-later", "A mandate is extended to a later day.")
		}
		if _, err := tx.exec(ctx, `UPDATE mandates SET until_at = $2 WHERE id = $1 AND ended_at IS NULL`, m.ID, until); err != nil {
			return "", fmt.Errorf("extend mandate: %w", err)
		}
		_, err = tx.appendAct(ctx, Act{
			Type: "MANDATE_EXTENDED", Object: Object{"MANDATE", string(m.ID)}, Role: s.actingRole(governance.ExtendMandate),
			Texts: map[string]string{"ground": in.Ground},
		})
		return m.ID, err
	})
}

// mandateChange is what the steps on a mandate differ in.
type mandateChange struct {
	name    string
	step    governance.Step
	mandate governance.MandateID
	key     string
	input   any
}

// changeMandate takes a step on a mandate, under the lock of its organization.
func (db *DB) changeMandate(
	ctx context.Context, actor governance.Actor, change mandateChange,
	do func(ctx context.Context, tx *Tx, m *Mandate, s subject) (governance.MandateID, error),
) (governance.MandateID, error) {
	repeat, err := RepeatOf(change.key, change.input)
	if err != nil {
		return "", err
	}
	organization, err := db.organizationOfMandate(ctx, change.mandate)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: change.name, actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(organization)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			m, err := tx.mandate(ctx, change.mandate)
			if err != nil {
				return "", err
			}
			s, err := tx.mandateSubject(ctx, actor, m)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, change.step); err != nil {
				return "", err
			}
			id, err := do(ctx, tx, m, s)
			return string(id), err
		}})
	return governance.MandateID(id), err
}

// endDeputies ends what was delegated from a mandate that has ended; role is the one in which that was ended.
func (tx *Tx) endDeputies(ctx context.Context, principal governance.MandateID, organization governance.OrganizationID, role governance.Role) error {
	deputies, err := collect(ctx, tx.Query, scanMandate, `
		SELECT `+mandateColumns+`
		FROM mandates
		WHERE delegated_from = $1 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $2)
		ORDER BY id`, principal, tx.now)
	if err != nil {
		return fmt.Errorf("look for deputies: %w", err)
	}
	for _, deputy := range deputies {
		if err := tx.closeMandate(ctx, deputy.ID, tx.now); err != nil {
			return err
		}
		_, err := tx.appendAct(ctx, Act{
			Type: "MANDATE_ENDED", Object: Object{"MANDATE", string(deputy.ID)}, Root: root{rootOrganization, string(organization)},
			Role: role, Words: map[string]string{"delegatedFrom": string(principal)},
			Texts: map[string]string{"ground": "the mandate that it was delegated from has ended"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
