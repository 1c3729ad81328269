package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"concordat/governance"
)

// editionsToPublish are endorsed editions that the organization publishes.
func editionsToPublish(s *workSearch) workSource {
	return onEdition(publisherColumn, "", publisherColumn+` `+s.spokenFor(governance.RelationPublisher)+` AND e.stage `+s.stages())
}

// notBalloted says of an edition e that no ballot on its publication is open.
const notBalloted = ` AND NOT EXISTS (` + openPublicationBallots + `e.id)`

const joinPublication = `
		JOIN publications p ON p.edition_id = e.id`

// withdrawalsToSettle are publications whose publisher asks the council to withdraw them.
func withdrawalsToSettle(s *workSearch) workSource {
	return onEdition("s.council_id", joinPublication+`
		JOIN withdrawals w ON w.publication_id = p.id`,
		`w.state = 'ASKED' AND s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND e.stage `+s.stages()+notBalloted)
}

// reviewsDue are publications whose review is due, or will be in governance.ReviewLeadDays.
func reviewsDue(s *workSearch) workSource {
	source := onEdition("s.council_id", joinPublication,
		`s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND p.review_due_at <= `+
			s.bind(s.now.AddDate(0, 0, governance.ReviewLeadDays))+` AND e.stage `+s.stages()+notBalloted)
	source.due = "p.review_due_at"
	return source
}

// editionsToRevise are published editions whose last review asks for a further one, as long as there is none: the lead
// is asked, as long as it is on the council's roll.
func editionsToRevise(s *workSearch) workSource {
	return onEdition("e.lead_id", joinPublication+`
		JOIN reviews v ON v.publication_id = p.id`,
		`e.lead_id `+s.spokenFor(governance.RelationOnRoll)+` AND e.stage = 'PUBLISHED' AND v.outcome = 'REVISE' AND NOT EXISTS (
				SELECT 1
				FROM reviews later
				WHERE later.publication_id = v.publication_id AND later.number > v.number
			) AND NOT EXISTS (
				SELECT 1
				FROM editions f
				WHERE f.specification_id = e.specification_id AND f.id <> e.id AND f.created_at >= e.created_at AND f.stage <> 'ABANDONED'
			) AND EXISTS (
				SELECT 1
				FROM roll_entries r
				WHERE r.council_id = s.council_id AND r.organization_id = e.lead_id AND r.state = 'ACTIVE'
			)`)
}

// decidedOn keeps the work that goes by what a charter says of who decides on publications.
type decidedOn func(ctx context.Context, q *Query, found []workFound) ([]workFound, error)

// ifBallots keeps the publications on which a ballot decides under the charter in force of their council.
func ifBallots(by func(governance.Charter) governance.PublicationDecider) decidedOn {
	return decidedBy(by, true)
}

// unlessBallots keeps those on which the secretary does.
func unlessBallots(by func(governance.Charter) governance.PublicationDecider) decidedOn {
	return decidedBy(by, false)
}

func decidedBy(by func(governance.Charter) governance.PublicationDecider, ballots bool) decidedOn {
	return func(ctx context.Context, q *Query, found []workFound) ([]workFound, error) {
		editions, err := q.editionsOf(ctx, found)
		if err != nil {
			return nil, err
		}
		charters, err := q.chartersInForce(ctx, editions)
		if err != nil {
			return nil, err
		}
		return keepEditions(found, editions, func(e *Edition) (bool, error) {
			charter := charters[e.CouncilID]
			return charter != nil && (by(charter.Body) == governance.PublicationsByMatterBallot) == ballots, nil
		})
	}
}

// chartersInForce is charterInForce for the councils of many editions.
func (q *Query) chartersInForce(
	ctx context.Context, editions map[governance.EditionID]*Edition,
) (map[governance.OrganizationID]*Charter, error) {
	charters := map[governance.OrganizationID]*Charter{}
	for _, e := range editions {
		charters[e.CouncilID] = nil
	}
	for batch := range batches(slices.Sorted(maps.Keys(charters))) {
		found, err := collect(ctx, q, scanCharter,
			`SELECT `+charterColumns+` FROM charters WHERE state = 'IN_FORCE' AND council_id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read charters in force: %w", err)
		}
		for _, c := range found {
			charters[c.CouncilID] = c
		}
	}
	return charters, nil
}
