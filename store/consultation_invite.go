package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"concordat/governance"
)

// maxInvited is how many organizations one step invites.
const maxInvited = 200

// checkInvited looks at the form of a list of organizations.
func checkInvited(field string, organizations []governance.OrganizationID) error {
	if len(organizations) > maxInvited {
		return governance.Invalid(field, "too-many-invited", "One step invites {most} organizations at most.", "most", strconv.Itoa(maxInvited))
	}
	for i, organization := range organizations {
		if err := CheckID(field+"["+strconv.Itoa(i)+"]", string(organization)); err != nil {
			return err
		}
	}
	return nil
}

// InviteToConsultation invites organizations to the consultation that is running, by their names: they read and comment
// on it whether or not they are on the council's roll. Who was invited already stays so. Errors: FORBIDDEN but for the
// secretary; CONFLICT unless one is running, and where all were invited already; INVALID for nobody, and for an
// organization that does not exist or is suspended.
func (db *DB) InviteToConsultation(ctx context.Context, actor governance.Actor, in InviteToConsultationInput) (governance.ConsultationID, error) {
	if len(in.Organizations) == 0 {
		return "", governance.Invalid("input.organizations", "nobody-invited", "Name an organization at least.")
	}
	if err := checkInvited("input.organizations", in.Organizations); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "inviteToConsultation", rule: governance.InviteToConsultation, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			c, err := tx.running(ctx, e)
			if err != nil {
				return "", err
			}
			invited, err := tx.invite(ctx, c.ID, e, "input.organizations", in.Organizations)
			if err != nil {
				return "", err
			}
			if len(invited) == 0 {
				return "", governance.Refuse(governance.CodeConflict, "invited-already", "All of them were invited already.")
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "CONSULTATION_INVITED", Object: Object{"CONSULTATION", string(c.ID)},
				Role: s.actingRole(governance.InviteToConsultation), Words: invitedWords(invited),
			})
			return string(c.ID), err
		},
	})
	return governance.ConsultationID(id), err
}

// invitedWords names those invited in an act; nil for nobody.
func invitedWords(organizations []governance.OrganizationID) map[string]string {
	if len(organizations) == 0 {
		return nil
	}
	words := make([]string, len(organizations))
	for i, organization := range organizations {
		words[i] = string(organization)
	}
	return map[string]string{"invited": strings.Join(words, " ")}
}

// invite writes the invitations and answers those that are new.
func (tx *Tx) invite(
	ctx context.Context, c governance.ConsultationID, e *Edition, field string, organizations []governance.OrganizationID,
) ([]governance.OrganizationID, error) {
	var invited []governance.OrganizationID
	for i, organization := range organizations {
		active, err := tx.exists(ctx, `SELECT 1 FROM organizations WHERE id = $1 AND suspended = 0`, organization)
		if err != nil {
			return nil, fmt.Errorf("look for organization %s: %w", organization, err)
		}
		if !active {
			return nil, governance.Invalid(field+"["+strconv.Itoa(i)+"]", "no-active-organization",
				"There is no active organization {organization}.", "organization", string(organization))
		}
		added, err := tx.exec(ctx, `
			INSERT INTO consultation_invitations (consultation_id, edition_id, organization_id, invited_at)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (consultation_id, organization_id) DO NOTHING`, c, e.ID, organization, tx.now)
		if err != nil {
			return nil, fmt.Errorf("invite %s: %w", organization, err)
		}
		if added > 0 {
			invited = append(invited, organization)
		}
	}
	return slices.Clip(invited), nil
}

// Invited lists the organizations that a consultation which the actor was shown invites by their names, by name.
func (db *DB) Invited(ctx context.Context, c *Consultation) ([]*Organization, error) {
	organizations := []*Organization{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, func(row scanner) (*Organization, error) {
			o := &Organization{}
			return o, row.Scan(&o.ID)
		}, `
			SELECT o.id
			FROM consultation_invitations i
			JOIN organizations o ON o.id = i.organization_id
			WHERE i.consultation_id = $1
			ORDER BY o.legal_name, o.id`, c.ID)
		if err != nil {
			return err
		}
		organizations = append(organizations, found...)
		return q.fillOrganizations(ctx, organizations...)
	})
	if err != nil {
		return nil, fmt.Errorf("read whom consultation %s invites: %w", c.ID, err)
	}
	return organizations, nil
}

// ConsultationExtension is one moving back of a consultation's deadline, as it was announced.
type ConsultationExtension struct {
	ClosedBefore time.Time // the deadline that it had
	ClosesAt     time.Time // and the one that it got
	Reason       string
	CreatedAt    time.Time
}

// extend keeps an extension and moves the deadline.
func (tx *Tx) extend(ctx context.Context, c *Consultation, closesAt time.Time, reason string) error {
	_, err := tx.exec(ctx, `
		INSERT INTO consultation_extensions (consultation_id, number, closed_before, closes_at, reason, created_at)
		SELECT $1, COUNT(*) + 1, $2, $3, $4, $5
		FROM consultation_extensions
		WHERE consultation_id = $1`, c.ID, c.ClosesAt, closesAt, reason, tx.now)
	if err != nil {
		return fmt.Errorf("keep the extension of consultation %s: %w", c.ID, err)
	}
	changed, err := tx.exec(ctx, `UPDATE consultations SET closes_at = $2, reason = $3 WHERE id = $1 AND state = 'OPEN'`,
		c.ID, closesAt, reason)
	if err != nil {
		return fmt.Errorf("extend consultation %s: %w", c.ID, err)
	}
	if changed == 0 {
		return governance.Refuse(governance.CodeConflict, "consultation-over", "The consultation is over.")
	}
	return nil
}

// Extensions lists how a consultation that the actor was shown was extended, the first first.
func (db *DB) Extensions(ctx context.Context, c *Consultation) ([]*ConsultationExtension, error) {
	extensions := []*ConsultationExtension{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, func(row scanner) (*ConsultationExtension, error) {
			x := &ConsultationExtension{}
			return x, row.Scan(at(&x.ClosedBefore), at(&x.ClosesAt), &x.Reason, at(&x.CreatedAt))
		}, `
			SELECT closed_before, closes_at, reason, created_at
			FROM consultation_extensions
			WHERE consultation_id = $1
			ORDER BY number`, c.ID)
		extensions = append(extensions, found...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the extensions of consultation %s: %w", c.ID, err)
	}
	return extensions, nil
}
