package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"concordat/governance"
)

// MandateInvitation is an offer of a mandate as it is read.
type MandateInvitation struct {
	ID           governance.InvitationID
	Organization *Organization
	Role         governance.Role
	Ground       string
	FromAt       *time.Time // nil: when it is accepted
	UntilAt      *time.Time
	ByLink       bool   // whoever has the link may accept it; else whose address it was sent to
	Email        string // that address, as much of it as the viewer may see; empty: by link, or no longer kept
	State        governance.InvitationState
	CreatedAt    time.Time
	ExpiresAt    time.Time
	AnsweredAt   *time.Time
	Token        string // of its link, for whoever may hand it on while it is open; empty for others

	address    string               // whole
	accepted   governance.MandateID // what came of it; empty: nothing
	invitedBy  governance.PersonID  // who made it
	reader     standing             // for whom it was read
	proven     bool                 // the reader has shown the link
	isInvitee  bool                 // the invitation is for the reader
	mayManage  bool                 // the reader decides on it for the organization
	standsOpen bool                 // as its row and its maker have it, whatever the hour
}

// Mandate is the mandate that came of it, nil where none did.
func (i *MandateInvitation) Mandate() *governance.MandateID { return orNoID(i.accepted) }

// MandateInvitationConnection is a page of invitations.
type MandateInvitationConnection struct {
	Nodes    []*MandateInvitation
	PageInfo *PageInfo
}

// invitationPath is where an invitation is shown and answered.
const invitationPath = "/invitations/"

// Path is where the invitation is shown and answered on the site: by its link, for a reader who may have that.
func (i *MandateInvitation) Path() string {
	if i.Token != "" {
		return invitationPath + i.Token
	}
	return invitationPath + string(i.ID)
}

// invitationColumns are of invitations i; whether their makers still hold the mandates in which they made them is told
// for the instant $1.
var invitationColumns = `
	i.id,
	i.organization_id,
	i.role,
	i.ground,
	i.from_at,
	i.until_at,
	i.by_link,
	i.email,
	i.state,
	i.invited_by,
	i.created_at,
	i.expires_at,
	i.answered_at,
	i.mandate_id,
	` + makerStands("$1")

// makerStands says of an invitation i, by 1 or 0, whether its maker still holds at an instant the mandate in which it was
// made.
func makerStands(now string) string {
	return `CASE
		WHEN EXISTS (
			SELECT 1
			FROM mandates m
			WHERE m.person_id = i.invited_by AND m.organization_id = i.invited_for AND m.role = i.invited_as
				AND ` + standsAt("m", now) + `
		) THEN 1
		ELSE 0
	END`
}

// scanInvitation reads invitationColumns; the organization carries its id alone.
func scanInvitation(row scanner) (*MandateInvitation, error) {
	i := MandateInvitation{Organization: &Organization{}}
	var maker bool
	err := row.Scan(&i.ID, &i.Organization.ID, &i.Role, &i.Ground, atOrNil(&i.FromAt), atOrNil(&i.UntilAt), &i.ByLink, &i.address,
		&i.State, &i.invitedBy, at(&i.CreatedAt), at(&i.ExpiresAt), atOrNil(&i.AnsweredAt), orEmpty(&i.accepted), &maker)
	if err != nil {
		return nil, err
	}
	i.standsOpen = i.State == governance.InvitationOpen && maker
	return &i, nil
}

// mandateInvitation reads an invitation. NOT_FOUND where there is none.
func (q *Query) mandateInvitation(ctx context.Context, id governance.InvitationID) (*MandateInvitation, error) {
	found, err := collect(ctx, q, scanInvitation,
		`SELECT `+invitationColumns+` FROM mandate_invitations i WHERE i.id = $2`, q.now, id)
	if err != nil {
		return nil, fmt.Errorf("read the invitation: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("invitation", string(id))
	}
	return found[0], nil
}

// invitationSubjects are invitations to mandates, for steps and for showing them: the representatives of the organization
// and the administrator see them, the person whose they are, and whoever has shown the link. It completes them as far as
// the actor may see, with as many statements for all of them as for one.
func (q *Query) invitationSubjects(ctx context.Context, actor governance.Actor, invitations []*MandateInvitation) ([]subject, error) {
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return nil, err
	}
	own, err := q.ownAddress(ctx, actor, invitations)
	if err != nil {
		return nil, err
	}
	organizations := make([]*Organization, len(invitations))
	for i, invitation := range invitations {
		organizations[i] = invitation.Organization
	}
	if err := q.fillOrganizations(ctx, organizations...); err != nil {
		return nil, err
	}
	subjects := make([]subject, len(invitations))
	for i, invitation := range invitations {
		invitation.shownTo(s, own, q.now)
		invitation.reader = s
		subjects[i] = invitation.subject(s)
	}
	return subjects, nil
}

// subject is the invitation for the actor that it was completed for.
func (i *MandateInvitation) subject(s standing) subject {
	relations := s.relationsInside(i.Organization.ID)
	impostor := s.organization == "" && s.actor.Organization != ""
	if i.isInvitee && !impostor {
		relations = append(relations, governance.RelationInvitee)
	}
	return subject{
		kind: governance.KindInvitation, noun: "invitation", id: string(i.ID),
		visible:   i.proven || i.mayManage || i.isInvitee && !impostor,
		relations: relations, suspended: i.Organization.Suspended, standing: s, needs: s.mandateNeeds(),
	}.with(map[governance.Need]unmet{
		governance.NeedInvitationOpen: func(context.Context) (*governance.Error, error) { return i.unmetOpen(), nil },
	})
}

// ownAddress is the address that the actor's identity provider has verified, where it matters to one of the invitations.
func (q *Query) ownAddress(ctx context.Context, actor governance.Actor, invitations []*MandateInvitation) (string, error) {
	addressed := slices.ContainsFunc(invitations, func(i *MandateInvitation) bool { return i.address != "" })
	if actor.Person == "" || !addressed {
		return "", nil
	}
	var own string
	err := q.query(ctx, func(row scanner) error { return row.Scan(&own) },
		`SELECT email FROM persons WHERE id = $1 AND email_verified = 1 AND erased_at IS NULL`, actor.Person)
	if err != nil {
		return "", fmt.Errorf("read the person's address: %w", err)
	}
	return strings.ToLower(own), nil
}

// shownTo completes the invitation for a reader with that verified address.
func (i *MandateInvitation) shownTo(s standing, own string, now time.Time) {
	represents := s.organization == i.Organization.ID && slices.Contains(s.roles, governance.RoleRepresentative)
	i.mayManage = represents || s.administers()
	i.isInvitee = i.ByLink && i.proven || i.address != "" && i.address == own
	if i.State == governance.InvitationOpen && (!i.standsOpen || !i.ExpiresAt.After(now)) {
		i.State = governance.InvitationLapsed
	}
	switch {
	case i.mayManage || i.isInvitee:
		i.Email = i.address
	case i.proven:
		i.Email = masked(i.address)
	}
}

// masked shows of an address as much as its owner needs to know which one it is.
func masked(address string) string {
	name, host, found := strings.Cut(address, "@")
	if !found {
		return ""
	}
	first := []rune(name)
	return string(first[:min(1, len(first))]) + "…@" + host
}

// unmetOpen refuses what needs an invitation that can still be answered.
func (i *MandateInvitation) unmetOpen() *governance.Error {
	switch i.State {
	case governance.InvitationOpen:
		return nil
	case governance.InvitationLapsed:
		return governance.Refuse(governance.CodeConflict, "invitation-lapsed",
			"The time of this invitation is over, or whoever made it no longer speaks for the organization; ask for a new one.")
	case governance.InvitationWithdrawn:
		return governance.Refuse(governance.CodeConflict, "invitation-withdrawn", "This invitation was taken back.")
	case governance.InvitationAccepted, governance.InvitationDeclined:
	}
	return governance.Refuse(governance.CodeConflict, "invitation-used", "This invitation was answered already; it can be used once.")
}

// unmetAddress refuses somebody who has the link of an invitation that is for another one's address.
func (i *MandateInvitation) unmetAddress() *governance.Error {
	if !i.proven || i.isInvitee {
		return nil
	}
	if refusal := i.unmetOpen(); refusal != nil {
		return refusal
	}
	return governance.Refuse(governance.CodeForbidden, "another-address",
		"This invitation was sent to {address}; sign in with an account that has this address, or ask for a link.",
		"address", i.Email)
}

// AnswerRefused says why the reader cannot answer the invitation, whoever it is; nil where it can.
func (i *MandateInvitation) AnswerRefused() *governance.Error {
	if refusal := i.unmetAddress(); refusal != nil {
		return refusal
	}
	if !i.isInvitee {
		return governance.Refuse(governance.CodeForbidden, "not-invited", "This invitation is for somebody else.")
	}
	return i.unmetOpen()
}

// signInvitations gives the links of those that are open to whoever may hand them on.
func (q *Query) signInvitations(ctx context.Context, s standing, invitations []*MandateInvitation) error {
	handed := func(i *MandateInvitation) bool {
		return i.mayManage && s.unmetNotDeputy() == nil && i.State == governance.InvitationOpen
	}
	if !slices.ContainsFunc(invitations, handed) {
		return nil
	}
	key, err := q.linkKey(ctx)
	if err != nil || key == nil {
		return err // without the key no link holds
	}
	for _, i := range invitations {
		if handed(i) {
			i.Token = i.token(key)
		}
	}
	return nil
}

// MandateInvitation reads an invitation by its id. NOT_FOUND for those who may not see it.
func (db *DB) MandateInvitation(ctx context.Context, actor governance.Actor, id governance.InvitationID) (*MandateInvitation, error) {
	return db.readInvitation(ctx, actor, invitationNamed{id: id})
}

// MandateInvitationByToken reads the invitation whose link was shown: by anybody. NOT_FOUND for what is no link of ours.
func (db *DB) MandateInvitationByToken(ctx context.Context, actor governance.Actor, token string) (*MandateInvitation, error) {
	named, err := nameInvitation("", token)
	if err != nil {
		return nil, err
	}
	return db.readInvitation(ctx, actor, named)
}

func (db *DB) readInvitation(ctx context.Context, actor governance.Actor, named invitationNamed) (i *MandateInvitation, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, s, err := q.invitationSubject(ctx, actor, named)
		if err != nil {
			return err
		}
		if !s.visible {
			return governance.NotFound("invitation", string(named.id))
		}
		i = found
		return q.signInvitations(ctx, s.standing, []*MandateInvitation{i})
	})
	return i, err
}

// invitationSubject reads the invitation that was named, as the actor sees it.
func (q *Query) invitationSubject(ctx context.Context, actor governance.Actor, named invitationNamed) (*MandateInvitation, subject, error) {
	i, err := q.mandateInvitation(ctx, named.id)
	if err != nil {
		return nil, subject{}, err
	}
	if named.proof != "" {
		if err := q.prove(ctx, i, named.proof); err != nil {
			return nil, subject{}, err
		}
	}
	subjects, err := q.invitationSubjects(ctx, actor, []*MandateInvitation{i})
	if err != nil {
		return nil, subject{}, err
	}
	return i, subjects[0], nil
}

// MandateInvitations reads a page of the invitations that an organization has made, the newest last: for its
// representatives and the administrator; others read an empty list.
func (db *DB) MandateInvitations(
	ctx context.Context, actor governance.Actor, organization governance.OrganizationID, page Page,
) (*MandateInvitationConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	var invitations []*MandateInvitation
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, scanInvitation, `
			SELECT `+invitationColumns+`
			FROM mandate_invitations i
			WHERE i.organization_id = $2 AND (i.created_at, i.id) > ($3, $4)
			ORDER BY i.created_at, i.id
			LIMIT $5`, q.now, organization, after.CreatedAt, after.ID, limit+1)
		if err != nil {
			return err
		}
		subjects, err := q.invitationSubjects(ctx, actor, found)
		if err != nil || len(found) == 0 || !found[0].mayManage {
			return err
		}
		invitations = found
		return q.signInvitations(ctx, subjects[0].standing, found)
	})
	if err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	nodes, info := cut(invitations, limit, func(i *MandateInvitation) Cursor { return Cursor{i.CreatedAt, string(i.ID)} })
	return &MandateInvitationConnection{Nodes: nodes, PageInfo: info}, nil
}

// MandateInvitationMay says what the viewer may do to an invitation that was read for it.
func (db *DB) MandateInvitationMay(ctx context.Context, i *MandateInvitation) ([]*Permission, error) {
	return i.subject(i.reader).viewerMay(ctx)
}

// forgetAddresses erases the addresses of invitations whose time is over: nobody can be written to there any more.
func (db *DB) forgetAddresses(ctx context.Context) error {
	const over = `state = 'OPEN' AND email <> '' AND expires_at <= $1`
	found := false
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		found, err = q.exists(ctx, `SELECT 1 FROM mandate_invitations WHERE `+over+` LIMIT 1`, q.now)
		return err
	})
	if err == nil && found {
		err = db.write(ctx, "forgetAddresses", func(ctx context.Context, tx *Tx) error {
			_, err := tx.exec(ctx, `UPDATE mandate_invitations SET email = '' WHERE `+over, tx.now)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("forget the addresses of invitations: %w", err)
	}
	return nil
}
