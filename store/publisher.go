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
