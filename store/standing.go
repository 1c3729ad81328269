package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"concordat/governance"
)

// standing is what the actor is at this moment, read in the transaction that decides on it. An actor who names an
// organization in which it holds no mandate has no organization here.
type standing struct {
	actor        governance.Actor
	organization governance.OrganizationID // empty: it speaks for itself
	roles        []governance.Role
	deputizes    []governance.Role // of these, those that it holds as a deputy
	suspended    bool
	platform     bool
}

// standingOf reads the actor's mandates in the organization that it acts for.
func (q *Query) standingOf(ctx context.Context, actor governance.Actor) (standing, error) {
	s := standing{actor: actor}
	if actor.Clock || actor.Person == "" || actor.Organization == "" {
		return s, nil
	}
	err := q.query(ctx, func(row scanner) error {
		var role governance.Role
		var deputy bool
		if err := row.Scan(&role, &deputy, &s.suspended, &s.platform); err != nil {
			return err
		}
		s.roles = append(s.roles, role)
		if deputy {
			s.deputizes = append(s.deputizes, role)
		}
		return nil
	}, `
		SELECT m.role, CASE WHEN m.delegated_from IS NULL THEN 0 ELSE 1 END, o.suspended, o.is_platform
		FROM mandates m
		JOIN organizations o ON o.id = m.organization_id
		WHERE m.person_id = $1 AND m.organization_id = $2 AND m.ended_at IS NULL
			AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3)
		ORDER BY m.role`,
		actor.Person, actor.Organization, q.now)
	if err != nil {
		return s, fmt.Errorf("read mandates: %w", err)
	}
	if len(s.roles) > 0 {
		s.organization = actor.Organization
	}
	return s, nil
}

// relations are those that the actor has to everything: speaking for itself, a member's, the platform's. Who names an
// organization in which it holds no mandate has none: it would else speak in that organization's name.
func (s standing) relations() []governance.Relation {
	if s.organization == "" {
		if s.actor.Person == "" || s.actor.Organization != "" {
			return nil
		}
		return []governance.Relation{governance.RelationAnyone}
	}
	relations := []governance.Relation{governance.RelationMember}
	if s.platform {
		relations = append(relations, governance.RelationPlatform)
	}
	return relations
}

// rollPlace is an organization's place on a council's roll; the zero value is none.
type rollPlace struct {
	chamber   governance.Chamber
	suspended bool
}

// placeOnRoll finds the organization on the council's roll now.
func (q *Query) placeOnRoll(ctx context.Context, council, organization governance.OrganizationID) (rollPlace, error) {
	if council == "" {
		return rollPlace{}, nil
	}
	places, err := q.placesOnRolls(ctx, []governance.OrganizationID{council}, organization)
	return places[council], err
}

// placesOnRolls finds the organization on the councils' rolls now. Where it is on none there is no place.
func (q *Query) placesOnRolls(
	ctx context.Context, councils []governance.OrganizationID, organization governance.OrganizationID,
) (map[governance.OrganizationID]rollPlace, error) {
	places := make(map[governance.OrganizationID]rollPlace, len(councils))
	if organization == "" {
		return places, nil
	}
	for batch := range batches(councils) {
		err := q.query(ctx, func(row scanner) error {
			var council governance.OrganizationID
			var place rollPlace
			err := row.Scan(&council, &place.chamber, &place.suspended)
			places[council] = place
			return err
		}, `
			SELECT council_id, chamber, CASE WHEN state = 'SUSPENDED' THEN 1 ELSE 0 END
			FROM roll_entries
			WHERE council_id IN (`+placeholders(1, len(batch))+`) AND organization_id = $`+strconv.Itoa(len(batch)+1)+`
				AND state IN ('ACTIVE', 'SUSPENDED')`, append(slices.Clone(batch), organization)...)
		if err != nil {
			return nil, fmt.Errorf("read the roll: %w", err)
		}
	}
	return places, nil
}

// councilRelations are the relations of the actor to anything that goes by a council's rules, and whether its entry on
// that roll is suspended.
func (q *Query) councilRelations(ctx context.Context, s standing, council governance.OrganizationID) ([]governance.Relation, bool, error) {
	if s.organization == "" {
		return s.relations(), false, nil
	}
	place, err := q.placeOnRoll(ctx, council, s.organization)
	if err != nil {
		return nil, false, err
	}
	return s.relationsOn(council, place), place.suspended, nil
}

// relationsOn are the relations of an actor with an organization, whose place on the council's roll is known, to
// anything that goes by the council's rules.
func (s standing) relationsOn(council governance.OrganizationID, place rollPlace) []governance.Relation {
	relations := s.relations()
	if s.organization == council {
		relations = append(relations, governance.RelationCouncil)
	}
	if place.chamber != "" {
		relations = append(relations, governance.RelationOnRoll)
	}
	if place.chamber == governance.ChamberProvider {
		relations = append(relations, governance.RelationProvider)
	}
	return relations
}
