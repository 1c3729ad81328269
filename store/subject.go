package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"

	"concordat/governance"
)

// platformSubject is the installation as a whole, for steps that make something new.
func (q *Query) platformSubject(ctx context.Context, actor governance.Actor) (subject, error) {
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return subject{}, err
	}
	return subject{kind: governance.KindPlatform, noun: "platform", visible: true, relations: s.relations(), standing: s}, nil
}

// councilSubject is a council, for steps on its roll and charter and for what is started under its rules.
func (q *Query) councilSubject(ctx context.Context, actor governance.Actor, council governance.OrganizationID) (subject, error) {
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return subject{}, err
	}
	relations, suspended, err := q.councilRelations(ctx, s, council)
	if err != nil {
		return subject{}, err
	}
	exists, err := q.exists(ctx, `SELECT 1 FROM councils WHERE id = $1`, council)
	if err != nil {
		return subject{}, fmt.Errorf("find council: %w", err)
	}
	return subject{
		kind: governance.KindCouncil, noun: "council", id: string(council), visible: exists,
		relations: relations, suspended: suspended, standing: s,
		needs: map[governance.Need]unmet{
			governance.NeedNoOpenBallot: func(ctx context.Context) (*governance.Error, error) {
				return (&openBallots{q: q, councils: []governance.OrganizationID{council}}).unmetNone(ctx, council)
			},
		},
	}, nil
}

// editionSubject is an edition, with everything that follows from it and the actor.
func (q *Query) editionSubject(ctx context.Context, actor governance.Actor, e *Edition) (subject, error) {
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return subject{}, err
	}
	relations, suspended, err := q.editionRelations(ctx, s, e)
	if err != nil {
		return subject{}, err
	}
	viewer, err := q.viewerIn(ctx, s, e, relations)
	if err != nil {
		return subject{}, err
	}
	return subject{
		kind: governance.KindEdition, noun: "edition", id: string(e.ID), stage: e.Stage,
		visible: viewer.sees, relations: relations, suspended: suspended, standing: s, needs: q.editionNeeds(s, e),
	}, nil
}

// access is what decides who may read the edition.
func (e *Edition) access(relations []governance.Relation) governance.EditionAccess {
	return governance.EditionAccess{
		Stage: e.Stage, Consulted: e.Consulted, InvitedOnly: e.InvitedOnly, ClosedGroup: e.ClosedGroup, Relations: relations,
	}
}

// editionRelations are the actor's relations to an edition, and whether its entry on the roll is suspended.
func (q *Query) editionRelations(ctx context.Context, s standing, e *Edition) ([]governance.Relation, bool, error) {
	relations, suspended, err := q.editionCircle(ctx, s, e)
	if err != nil || s.organization == "" || s.organization != e.Lead.ID && s.organization != e.PublisherByLead {
		return relations, suspended, err // nobody else can be the publisher
	}
	publisher, err := q.publisherOf(ctx, e)
	if err != nil {
		return nil, false, err
	}
	if publisher == s.organization {
		relations = append(relations, governance.RelationPublisher)
	}
	return relations, suspended, nil
}

// editionCircle is editionRelations without the publisher's: what decides in most cases who sees what.
func (q *Query) editionCircle(ctx context.Context, s standing, e *Edition) ([]governance.Relation, bool, error) {
	if s.organization == "" {
		return s.relations(), false, nil
	}
	var place rollPlace
	var state governance.WorkingGroupState
	err := q.queryRow(ctx, `
		SELECT
			r.chamber,
			CASE WHEN r.state = 'SUSPENDED' THEN 1 ELSE 0 END,
			g.state
		FROM organizations o
		LEFT JOIN roll_entries r
			ON r.organization_id = o.id AND r.council_id = $1 AND r.state IN ('ACTIVE', 'SUSPENDED')
		LEFT JOIN working_group g ON g.organization_id = o.id AND g.edition_id = $2
		WHERE o.id = $3`, e.CouncilID, e.ID, s.organization).
		Scan(orEmpty(&place.chamber), &place.suspended, orEmpty(&state))
	if err != nil {
		return nil, false, fmt.Errorf("read the roll and the working group: %w", err)
	}
	relations := s.relationsOn(e.CouncilID, place)
	switch state {
	case governance.GroupMember:
		relations = append(relations, governance.RelationWorkingGroup)
	case governance.GroupInvited:
		relations = append(relations, governance.RelationInvited)
	case governance.GroupAsked, governance.GroupDeclined, governance.GroupLeft, governance.GroupRemoved:
	}
	if e.Lead.ID == s.organization {
		relations = append(relations, governance.RelationLead)
	}
	return relations, place.suspended, nil
}

// editionNeeds looks at the conditions that follow from an edition alone. Each look is beside what it looks at.
func (q *Query) editionNeeds(s standing, e *Edition) map[governance.Need]unmet {
	needs := q.correctionNeeds(s, governance.CorrectionReopening, func(ctx context.Context) (*Ballot, error) { return q.balloted(ctx, e) })
	maps.Copy(needs, map[governance.Need]unmet{
		governance.NeedNoOpenEdition: func(ctx context.Context) (*governance.Error, error) { return q.unmetNoOpenEdition(ctx, e) },
		governance.NeedNotLead:       func(context.Context) (*governance.Error, error) { return unmetNotLead(s, e), nil },
		governance.NeedOffer:         func(ctx context.Context) (*governance.Error, error) { return q.unmetOffer(ctx, s, e) },
		governance.NeedElectors: func(ctx context.Context) (*governance.Error, error) {
			charter, err := q.charterOf(ctx, e)
			if err != nil {
				return nil, err
			}
			return q.unmetElectors(ctx, e.CouncilID, charter)
		},
		governance.NeedCharterInForce: func(ctx context.Context) (*governance.Error, error) {
			return q.unmetCharterInForce(ctx, e.CouncilID)
		},
		governance.NeedReady:    func(ctx context.Context) (*governance.Error, error) { return q.unmetReady(ctx, e) },
		governance.NeedDisposed: func(ctx context.Context) (*governance.Error, error) { return q.unmetDisposed(ctx, e) },
		governance.NeedPublicConsultation: func(ctx context.Context) (*governance.Error, error) {
			return q.unmetPublicConsultation(ctx, s, e)
		},
		governance.NeedChangedSince: func(ctx context.Context) (*governance.Error, error) { return q.unmetChangedSince(ctx, e, "") },
		governance.NeedEditorial:    func(ctx context.Context) (*governance.Error, error) { return q.unmetEditorial(ctx, e) },
		governance.NeedConsulted:    func(ctx context.Context) (*governance.Error, error) { return q.unmetConsulted(ctx, e) },
		governance.NeedEarlyClose:   func(ctx context.Context) (*governance.Error, error) { return q.unmetEarlyClose(ctx, e) },
		governance.NeedNoticeKept:   func(ctx context.Context) (*governance.Error, error) { return q.unmetNoticeKept(ctx, e) },

		governance.NeedWithdrawalAsked:   func(ctx context.Context) (*governance.Error, error) { return q.unmetWithdrawalAsked(ctx, e) },
		governance.NeedWithdrawalUnasked: func(ctx context.Context) (*governance.Error, error) { return q.unmetWithdrawalUnasked(ctx, e) },
		governance.NeedWithdrawalGround:  func(ctx context.Context) (*governance.Error, error) { return q.unmetWithdrawalGround(ctx, e) },
	})
	maps.Copy(needs, q.publicationNeeds(e))
	return needs
}

// exists says whether a statement answers a row.
func (q *Query) exists(ctx context.Context, text string, args ...any) (bool, error) {
	var one int
	err := q.queryRow(ctx, text, args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
