package store

import (
	"context"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"concordat/governance"
)

// maxOpenInvitations is how many invitations of an organization are open at once: it is not a way to send mails.
const maxOpenInvitations = 50

// InviteToMandate offers a role in an organization to somebody who need not be known here: to whose verified address it
// is, who is written to, or to whoever has the link. Errors: NOT_FOUND, FORBIDDEN, INVALID, CONFLICT where too many are
// open.
func (db *DB) InviteToMandate(ctx context.Context, actor governance.Actor, in InviteToMandateInput) (governance.InvitationID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "inviteToMandate", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(in.Organization)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			s, err := tx.organizationSubject(ctx, actor, in.Organization)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.InviteToMandate); err != nil {
				return "", err
			}
			if err := tx.checkOffice(ctx, s, in.Organization, in.Role); err != nil {
				return "", err
			}
			return tx.insertInvitation(ctx, in, s.actingRole(governance.InviteToMandate))
		}})
	return governance.InvitationID(id), err
}

func (in InviteToMandateInput) check() error {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	if in.Email != "" {
		parsed, err := mail.ParseAddress(in.Email)
		if err != nil || parsed.Address != in.Email || len(in.Email) > 254 {
			return governance.Invalid("input.email", "email-malformed", "{email} is no e-mail address.", "email", in.Email)
		}
	}
	return checkReason("input.ground", in.Ground)
}

// insertInvitation writes the invitation, and the mail where it has an address; role is the one in which it is made.
func (tx *Tx) insertInvitation(ctx context.Context, in InviteToMandateInput, role governance.Role) (string, error) {
	if err := tx.requireRoomForInvitation(ctx, in.Organization); err != nil {
		return "", err
	}
	if err := tx.requireLinkKey(ctx); err != nil {
		return "", err
	}
	from, until, err := tx.term(ctx, in.Organization, mandateTerm{in.FromAt, in.UntilAt, in.FromOn, in.UntilOn})
	if err != nil {
		return "", err
	}
	if in.ID == "" {
		in.ID = governance.InvitationID(tx.newID())
	} else if err := tx.requireFree(ctx, "mandate_invitations", string(in.ID)); err != nil {
		return "", err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO mandate_invitations (
			id, organization_id, role, ground, from_at, until_at, by_link, email, state,
			invited_by, invited_for, invited_as, created_at, expires_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'OPEN', $9, $10, $11, $12, $13)`,
		in.ID, in.Organization, in.Role, in.Ground, from, until, in.Email == "", strings.ToLower(in.Email),
		tx.actor.Person, tx.actor.Organization, role, tx.now, in.expiry(tx.now, until))
	if err != nil {
		return "", fmt.Errorf("insert invitation: %w", err)
	}
	if in.Email != "" {
		_, err := tx.exec(ctx, `
			INSERT INTO outbox (id, invitation_id, kind, state, created_at, due_at)
			VALUES ($1, $2, 'INVITATION', 'WAITING', $3, $3)`, tx.newID(), in.ID, tx.now)
		if err != nil {
			return "", fmt.Errorf("put the invitation into the outbox: %w", err)
		}
	}
	return string(in.ID), tx.tellInvitation(ctx, "MANDATE_INVITED", in.ID, in.Ground, role)
}

// expiry is when the invitation lapses: after its days, and not later than the mandate that it offers would end.
func (in InviteToMandateInput) expiry(now, until time.Time) time.Time {
	days := governance.InvitationDays
	if in.Email == "" {
		days = governance.LinkDays
	}
	expires := now.AddDate(0, 0, days)
	if !until.IsZero() && until.Before(expires) {
		return until
	}
	return expires
}

func (tx *Tx) requireRoomForInvitation(ctx context.Context, organization governance.OrganizationID) error {
	var open int64
	err := tx.queryRow(ctx, `
		SELECT count(*)
		FROM mandate_invitations
		WHERE organization_id = $1 AND state = 'OPEN' AND expires_at > $2`, organization, tx.now).Scan(&open)
	if err != nil {
		return fmt.Errorf("count invitations: %w", err)
	}
	if open < maxOpenInvitations {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "too-many-invitations",
		"At most {most} invitations of an organization are open at once; take some back.", "most", strconv.Itoa(maxOpenInvitations))
}

func (tx *Tx) tellInvitation(ctx context.Context, what string, id governance.InvitationID, ground string, role governance.Role) error {
	act := Act{Type: what, Object: Object{string(governance.KindInvitation), string(id)}, Role: role}
	if ground != "" {
		act.Texts = map[string]string{"ground": ground}
	}
	_, err := tx.appendAct(ctx, act)
	return err
}

// AcceptMandate takes up an invitation: the mandate that was offered is the person's. It is an act of the person, whoever
// else it speaks for. Errors: NOT_FOUND, FORBIDDEN where the invitation is for another address, CONFLICT where it is used,
// taken back or lapsed, or the role is held already.
func (db *DB) AcceptMandate(ctx context.Context, actor governance.Actor, in AcceptMandateInput) (governance.MandateID, error) {
	answer := invitationAnswer{name: "acceptMandate", step: governance.AcceptMandate, key: in.IdempotencyKey, input: in}
	id, err := db.answerInvitation(ctx, actor, in.Invitation, in.Token, answer, func(ctx context.Context, tx *Tx, i *MandateInvitation) (string, error) {
		grant := newMandate{
			person: actor.Person, organization: i.Organization.ID, role: i.Role, source: governance.SourceInvitation, ground: i.Ground,
		}
		if i.FromAt != nil {
			grant.from = *i.FromAt
		}
		if i.UntilAt != nil {
			grant.until = *i.UntilAt
		}
		id, err := tx.insertMandate(ctx, grant)
		if err != nil {
			return "", err
		}
		if err := tx.closeInvitation(ctx, i, governance.InvitationAccepted, id); err != nil {
			return "", err
		}
		return string(id), tx.tellGrant(ctx, id, grant, "", map[string]string{"invitation": string(i.ID)})
	})
	return governance.MandateID(id), err
}

// DeclineMandate turns an invitation down. Errors: as AcceptMandate.
func (db *DB) DeclineMandate(ctx context.Context, actor governance.Actor, in DeclineMandateInput) (governance.InvitationID, error) {
	answer := invitationAnswer{name: "declineMandate", step: governance.DeclineMandate, key: in.IdempotencyKey, input: in}
	id, err := db.answerInvitation(ctx, actor, in.Invitation, in.Token, answer, func(ctx context.Context, tx *Tx, i *MandateInvitation) (string, error) {
		if err := tx.closeInvitation(ctx, i, governance.InvitationDeclined, ""); err != nil {
			return "", err
		}
		return string(i.ID), tx.tellInvitation(ctx, "MANDATE_DECLINED", i.ID, "", "")
	})
	return governance.InvitationID(id), err
}

// invitationAnswer is what the steps on an invitation differ in.
type invitationAnswer struct {
	name  string
	step  governance.Step
	key   string
	input any
}

// answerInvitation takes a step of the person who was invited, which speaks for nobody else in it.
func (db *DB) answerInvitation(
	ctx context.Context, actor governance.Actor, id governance.InvitationID, token string, answer invitationAnswer,
	do func(ctx context.Context, tx *Tx, i *MandateInvitation) (string, error),
) (string, error) {
	named, err := nameInvitation(id, token)
	if err != nil {
		return "", err
	}
	repeat, err := RepeatOf(answer.key, answer.input)
	if err != nil {
		return "", err
	}
	organization, err := db.organizationOfInvitation(ctx, named.id)
	if err != nil {
		return "", err
	}
	return db.take(ctx, step{name: answer.name, actor: itself(actor), repeat: repeat,
		roots: []root{{rootOrganization, string(organization)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			i, s, err := tx.invitationSubject(ctx, actor, named)
			if err != nil {
				return "", err
			}
			if refusal := i.unmetAddress(); refusal != nil {
				return "", refusal
			}
			if err := s.permit(ctx, answer.step); err != nil {
				return "", err
			}
			return do(ctx, tx, i)
		}})
}

// itself is the actor in a step of the person, which speaks for nobody else in it.
func itself(actor governance.Actor) governance.Actor {
	actor.Organization = ""
	return actor
}

// organizationOfInvitation finds what to lock: an invitation never moves to another organization.
func (db *DB) organizationOfInvitation(ctx context.Context, id governance.InvitationID) (organization governance.OrganizationID, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		i, err := q.mandateInvitation(ctx, id)
		if err == nil {
			organization = i.Organization.ID
		}
		return err
	})
	return organization, err
}

// closeInvitation notes what became of the invitation, and forgets whom it was sent to.
func (tx *Tx) closeInvitation(ctx context.Context, i *MandateInvitation, state governance.InvitationState, mandate governance.MandateID) error {
	changed, err := tx.exec(ctx, `
		UPDATE mandate_invitations
		SET state = $2, answered_at = $3, mandate_id = $4, email = ''
		WHERE id = $1 AND state = 'OPEN'`, i.ID, state, tx.now, orNull(mandate))
	if err != nil {
		return fmt.Errorf("close the invitation: %w", err)
	}
	if changed == 0 {
		i.State = state
		return i.unmetOpen()
	}
	return nil
}

// WithdrawMandateInvitation takes an invitation back. Errors: NOT_FOUND, FORBIDDEN, CONFLICT where it is not open.
func (db *DB) WithdrawMandateInvitation(
	ctx context.Context, actor governance.Actor, in WithdrawMandateInvitationInput,
) (governance.InvitationID, error) {
	if err := checkReason("input.ground", in.Ground); err != nil {
		return "", err
	}
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	organization, err := db.organizationOfInvitation(ctx, in.Invitation)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "withdrawMandateInvitation", actor: actor, repeat: repeat,
		roots: []root{{rootOrganization, string(organization)}},
		do: func(ctx context.Context, tx *Tx) (string, error) {
			i, s, err := tx.invitationSubject(ctx, actor, invitationNamed{id: in.Invitation})
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, governance.WithdrawInvitation); err != nil {
				return "", err
			}
			if err := tx.closeInvitation(ctx, i, governance.InvitationWithdrawn, ""); err != nil {
				return "", err
			}
			role := s.actingRole(governance.WithdrawInvitation)
			return string(i.ID), tx.tellInvitation(ctx, "MANDATE_INVITATION_WITHDRAWN", i.ID, in.Ground, role)
		}})
	return governance.InvitationID(id), err
}
