package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
)

// WorkingGroupMember is an organization in, invited to or asking to join a working group.
type WorkingGroupMember struct {
	Organization *Organization
	State        governance.WorkingGroupState
	Lead         bool
	ChangedAt    time.Time
}

// WorkingGroup lists the organizations of the working group of an edition that the actor was shown, those invited and
// those asking, by name. Who declined, left or was removed is shown to insiders alone.
func (db *DB) WorkingGroup(ctx context.Context, actor governance.Actor, e *Edition) ([]*WorkingGroupMember, error) {
	members := []*WorkingGroupMember{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		found, err := collect(ctx, q, func(row scanner) (*WorkingGroupMember, error) {
			m := WorkingGroupMember{Organization: &Organization{}}
			err := row.Scan(&m.Organization.ID, &m.State, &m.Lead, at(&m.ChangedAt))
			return &m, err
		}, `
			SELECT g.organization_id, g.state, CASE WHEN g.organization_id = e.lead_id THEN 1 ELSE 0 END, g.changed_at
			FROM working_group g
			JOIN editions e ON e.id = g.edition_id
			JOIN organizations o ON o.id = g.organization_id
			WHERE g.edition_id = $1
			ORDER BY o.legal_name, o.id`, e.ID)
		if err != nil {
			return fmt.Errorf("read the working group of %s: %w", e.ID, err)
		}
		var organizations []*Organization
		for _, m := range found {
			if viewer.insider || m.State == governance.GroupMember {
				members = append(members, m)
				organizations = append(organizations, m.Organization)
			}
		}
		return q.fillOrganizations(ctx, organizations...)
	})
	if err != nil {
		return nil, err
	}
	return members, nil
}

// groupState is how an organization stands to an edition's working group; empty: not at all.
func (q *Query) groupState(ctx context.Context, e *Edition, organization governance.OrganizationID) (governance.WorkingGroupState, error) {
	var state governance.WorkingGroupState
	err := q.queryRow(ctx, `SELECT state FROM working_group WHERE edition_id = $1 AND organization_id = $2`,
		e.ID, organization).Scan(&state)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the working group: %w", err)
	}
	return state, nil
}

// unmetNotLead refuses where the acting organization leads the edition.
func unmetNotLead(s standing, e *Edition) *governance.Error {
	if s.organization != e.Lead.ID {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "lead-stays", "The lead cannot leave; transfer the lead first.")
}

// membership is a change of how an organization stands to a working group.
type membership struct {
	step         governance.Step
	organization governance.OrganizationID
	from         []governance.WorkingGroupState // any of which it must be; "": nothing to the group
	to           governance.WorkingGroupState
	act          string
	text         map[string]string
}

// changeMembership guards what an organization is to the group, changes it and writes the act. CONFLICT where it stands
// to the group in another way.
func (tx *Tx) changeMembership(ctx context.Context, s subject, e *Edition, m membership) (string, error) {
	state, err := tx.groupState(ctx, e, m.organization)
	if err != nil {
		return "", err
	}
	if !slices.Contains(m.from, state) {
		return "", groupConflict(m, state)
	}
	_, err = tx.exec(ctx, `
		INSERT INTO working_group (edition_id, organization_id, state, message, changed_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (edition_id, organization_id)
		DO UPDATE SET state = excluded.state, message = excluded.message, changed_at = excluded.changed_at`,
		e.ID, m.organization, m.to, m.text["message"], tx.now)
	if err != nil {
		return "", fmt.Errorf("change the working group: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: m.act, Object: Object{"EDITION", string(e.ID)}, Role: s.actingRole(m.step), Texts: m.withMember(),
	})
	return string(e.ID), err
}

// withMember names the organization in the act beside what was said.
func (m membership) withMember() map[string]string {
	texts := map[string]string{"organization": string(m.organization)}
	for name, text := range m.text {
		texts[name] = text
	}
	return texts
}

func groupConflict(m membership, state governance.WorkingGroupState) error {
	if state == "" {
		return governance.Refuse(governance.CodeConflict, "not-in-group",
			"The organization is not in the working group, nor invited or asking.", "organization", string(m.organization))
	}
	return governance.Refuse(governance.CodeConflict, "group-state",
		"To the working group the organization is {state}.", "organization", string(m.organization), "state", string(state))
}

// outside are the states from which somebody may be invited or ask.
var outside = []governance.WorkingGroupState{"", governance.GroupDeclined, governance.GroupLeft, governance.GroupRemoved}

// InviteToWorkingGroup invites an organization on the council's roll. Errors: FORBIDDEN but for the lead's authors and
// the secretary; INVALID for an organization off the roll; CONFLICT for one in the group, invited or asking.
func (db *DB) InviteToWorkingGroup(ctx context.Context, actor governance.Actor, in InviteToWorkingGroupInput) (governance.EditionID, error) {
	if err := CheckID("input.organization", string(in.Organization)); err != nil {
		return "", err
	}
	if err := checkLength("input.message", in.Message, 0, maxMessage); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "inviteToWorkingGroup", rule: governance.InviteToWorkingGroup, edition: in.Edition,
		key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			place, err := tx.placeOnRoll(ctx, e.CouncilID, in.Organization)
			if err != nil {
				return "", err
			}
			if place.chamber == "" || place.suspended {
				return "", governance.Invalid("input.organization", "not-on-roll",
					"The organization is not on the council's roll.", "organization", string(in.Organization))
			}
			return tx.changeMembership(ctx, s, e, membership{
				step: governance.InviteToWorkingGroup, organization: in.Organization, from: outside, to: governance.GroupInvited,
				act: "WORKING_GROUP_INVITED", text: words("message", in.Message),
			})
		},
	})
	return governance.EditionID(id), err
}

// AnswerInvitation accepts or declines an invitation. Errors: FORBIDDEN where the acting organization is not invited.
func (db *DB) AnswerInvitation(ctx context.Context, actor governance.Actor, in AnswerInvitationInput) (governance.EditionID, error) {
	m := membership{
		step: governance.AnswerInvitation, from: []governance.WorkingGroupState{governance.GroupInvited},
		to: governance.GroupDeclined, act: "INVITATION_DECLINED",
	}
	if in.Accept {
		m.to, m.act = governance.GroupMember, "INVITATION_ACCEPTED"
	}
	return db.moveItself(ctx, actor, editionStep{
		mutation: "answerInvitation", rule: governance.AnswerInvitation, edition: in.Edition, key: in.IdempotencyKey, input: in,
	}, m)
}

// AskToJoin asks the lead to be let into the working group. Errors: FORBIDDEN off the council's roll; CONFLICT where
// the organization is in the group, invited or asking.
func (db *DB) AskToJoin(ctx context.Context, actor governance.Actor, in AskToJoinInput) (governance.EditionID, error) {
	if err := checkLength("input.message", in.Message, 0, maxMessage); err != nil {
		return "", err
	}
	return db.moveItself(ctx, actor, editionStep{
		mutation: "askToJoin", rule: governance.AskToJoin, edition: in.Edition, key: in.IdempotencyKey, input: in,
	}, membership{
		step: governance.AskToJoin, from: outside, to: governance.GroupAsked, act: "WORKING_GROUP_ASKED",
		text: words("message", in.Message),
	})
}

// LeaveWorkingGroup leaves the group. Errors: FORBIDDEN outside it; CONFLICT for the lead.
func (db *DB) LeaveWorkingGroup(ctx context.Context, actor governance.Actor, in LeaveWorkingGroupInput) (governance.EditionID, error) {
	return db.moveItself(ctx, actor, editionStep{
		mutation: "leaveWorkingGroup", rule: governance.LeaveWorkingGroup, edition: in.Edition, key: in.IdempotencyKey, input: in,
	}, membership{
		step: governance.LeaveWorkingGroup, from: []governance.WorkingGroupState{governance.GroupMember},
		to: governance.GroupLeft, act: "WORKING_GROUP_LEFT",
	})
}

// moveItself changes how the acting organization itself stands to the group.
func (db *DB) moveItself(ctx context.Context, actor governance.Actor, es editionStep, m membership) (governance.EditionID, error) {
	es.do = func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
		m.organization = s.standing.organization
		return tx.changeMembership(ctx, s, e, m)
	}
	id, err := db.takeOnEdition(ctx, actor, es)
	return governance.EditionID(id), err
}

// AnswerRequest lets an organization that asked into the group, or not. Errors: FORBIDDEN but for the lead's authors
// and the secretary; CONFLICT where the organization is not asking.
func (db *DB) AnswerRequest(ctx context.Context, actor governance.Actor, in AnswerRequestInput) (governance.EditionID, error) {
	if err := CheckID("input.organization", string(in.Organization)); err != nil {
		return "", err
	}
	m := membership{
		step: governance.AnswerRequest, organization: in.Organization,
		from: []governance.WorkingGroupState{governance.GroupAsked}, to: governance.GroupDeclined, act: "REQUEST_DECLINED",
	}
	if in.Accept {
		m.to, m.act = governance.GroupMember, "REQUEST_ACCEPTED"
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "answerRequest", rule: governance.AnswerRequest, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return tx.changeMembership(ctx, s, e, m)
		},
	})
	return governance.EditionID(id), err
}

// RemoveFromWorkingGroup removes an organization from the group, or takes its invitation or request away. Errors:
// FORBIDDEN but for the lead's authors and the secretary; INVALID without a reason; CONFLICT for the lead and for an
// organization that is nothing to the group.
func (db *DB) RemoveFromWorkingGroup(ctx context.Context, actor governance.Actor, in RemoveFromWorkingGroupInput) (governance.EditionID, error) {
	if err := CheckID("input.organization", string(in.Organization)); err != nil {
		return "", err
	}
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "removeFromWorkingGroup", rule: governance.RemoveFromWorkingGroup, edition: in.Edition,
		key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if in.Organization == e.Lead.ID {
				return "", governance.Refuse(governance.CodeConflict, "lead-stays", "The lead cannot be removed; transfer the lead first.")
			}
			return tx.changeMembership(ctx, s, e, membership{
				step: governance.RemoveFromWorkingGroup, organization: in.Organization,
				from: []governance.WorkingGroupState{governance.GroupMember, governance.GroupInvited, governance.GroupAsked},
				to:   governance.GroupRemoved, act: "WORKING_GROUP_REMOVED", text: words("reason", in.Reason),
			})
		},
	})
	return governance.EditionID(id), err
}

// TransferLead makes another member of the group its lead, which names a publisher anew. Errors: FORBIDDEN but for the
// lead's authors and the secretary; CONFLICT for an organization that is no member, or the lead already.
func (db *DB) TransferLead(ctx context.Context, actor governance.Actor, in TransferLeadInput) (governance.EditionID, error) {
	if err := CheckID("input.organization", string(in.Organization)); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "transferLead", rule: governance.TransferLead, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			m := membership{
				step: governance.TransferLead, organization: in.Organization,
				from: []governance.WorkingGroupState{governance.GroupMember}, to: governance.GroupMember, act: "LEAD_TRANSFERRED",
			}
			if in.Organization == e.Lead.ID {
				return "", governance.Refuse(governance.CodeConflict, "leads-already", "The organization is the lead already.")
			}
			if _, err := tx.changeMembership(ctx, s, e, m); err != nil {
				return "", err
			}
			_, err := tx.exec(ctx, `UPDATE editions SET lead_id = $2, publisher_by_lead = NULL WHERE id = $1`, e.ID, in.Organization)
			if err != nil {
				return "", fmt.Errorf("transfer the lead: %w", err)
			}
			return string(e.ID), nil
		},
	})
	return governance.EditionID(id), err
}
