package store

import (
	"context"

	"concordat/governance"
)

// publisherOf is the organization that publishes an edition: the lead if it is a provider on the council's roll, else
// the one that lead and secretary both named; empty while there is none.
func (q *Query) publisherOf(ctx context.Context, e *Edition) (governance.OrganizationID, error) {
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

// publisherColumn is publisherOf as an expression on the row "e" of editions, joined with its row "s" of
// specifications, for lists. A test holds the two against each other.
const publisherColumn = `(CASE
			WHEN EXISTS (
				SELECT 1
				FROM roll_entries provider
				WHERE provider.council_id = s.council_id AND provider.organization_id = e.lead_id
					AND provider.chamber = 'PROVIDER' AND provider.state IN ('ACTIVE', 'SUSPENDED')
			) THEN e.lead_id
			WHEN e.publisher_by_lead = e.publisher_by_secretary THEN e.publisher_by_lead
		END)`
