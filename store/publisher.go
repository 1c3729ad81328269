package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// publisherOf is the organization that publishes an edition: the one that did, or while nobody has the lead if it is a
// provider on the council's roll, else the one that lead and secretary both named; empty while there is none.
func (q *Query) publisherOf(ctx context.Context, e *Edition) (governance.OrganizationID, error) {
	if !e.Stage.Open() {
		var published governance.OrganizationID
		err := q.query(ctx, func(row scanner) error { return row.Scan(&published) },
			`SELECT organization_id FROM publications WHERE edition_id = $1`, e.ID)
		if err != nil {
			return "", fmt.Errorf("find who published edition %s: %w", e.ID, err)
		}
		if published != "" {
			return published, nil
		}
	}
	place, err := q.placeOnRoll(ctx, e.CouncilID, e.Lead.ID)
	if err != nil {
		return "", err
	}
	if place.chamber == governance.ChamberProvider {
		return e.Lead.ID, nil
	}
	if e.PublisherByLead == e.PublisherBySecretary {
		return e.PublisherByLead, nil
	}
	return "", nil
}

// publisherColumn is publisherOf as an expression on the row "e" of editions that are still open, joined with its row "s"
// of specifications, for lists. The work list's test goes through the same cases.
const publisherColumn = `(CASE
			WHEN EXISTS (
				SELECT 1
				FROM roll_entries provider
				WHERE provider.council_id = s.council_id AND provider.organization_id = e.lead_id
					AND provider.chamber = 'PROVIDER' AND provider.state IN ('ACTIVE', 'SUSPENDED')
			) THEN e.lead_id
			WHEN e.publisher_by_lead = e.publisher_by_secretary THEN e.publisher_by_lead
		END)`

// NamePublisher names the provider that publishes an edition, for the lead or for the council; it counts when both named
// the same. Errors: NOT_FOUND; FORBIDDEN but for the lead's author and the secretary; CONFLICT for the stage and where
// the lead is a provider and publishes itself; INVALID for an organization that is no provider on the council's roll.
func (db *DB) NamePublisher(ctx context.Context, actor governance.Actor, in NamePublisherInput) (governance.EditionID, error) {
	if err := CheckID("input.organization", string(in.Organization)); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "namePublisher", rule: governance.NamePublisher, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return string(e.ID), tx.namePublisher(ctx, s, e, in.Organization)
		},
	})
	return governance.EditionID(id), err
}

func (tx *Tx) namePublisher(ctx context.Context, s subject, e *Edition, publisher governance.OrganizationID) error {
	lead, err := tx.placeOnRoll(ctx, e.CouncilID, e.Lead.ID)
	if err != nil {
		return err
	}
	if lead.chamber == governance.ChamberProvider {
		return governance.Refuse(governance.CodeConflict, "lead-publishes", "The lead is a provider and publishes itself.")
	}
	place, err := tx.placeOnRoll(ctx, e.CouncilID, publisher)
	if err != nil {
		return err
	}
	if place.chamber != governance.ChamberProvider || place.suspended {
		return governance.Invalid("input.organization", "no-provider", "Only a provider on the council's roll can publish.")
	}
	role := s.actingRole(governance.NamePublisher)
	column := "publisher_by_lead"
	if role == governance.RoleSecretary {
		column = "publisher_by_secretary"
	}
	_, err = tx.exec(ctx, `UPDATE editions SET `+column+` = $2 WHERE id = $1`, e.ID, publisher)
	if err != nil {
		return fmt.Errorf("name the publisher: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "PUBLISHER_NAMED", Object: Object{"EDITION", string(e.ID)}, Role: role,
		Words: map[string]string{"organization": string(publisher)},
	})
	return err
}
