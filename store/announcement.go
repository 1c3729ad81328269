package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
)

// actBallotOpened is the act by which a ballot is announced.
const actBallotOpened = "BALLOT_OPENED"

// Delivery is that somebody who speaks for an elector was told, or could not be, that a ballot was opened.
type Delivery struct {
	Person  *Person
	Channel governance.AnnouncementChannel
	State   governance.DeliveryState
	At      time.Time
	Answer  string // what the mail's server answered where it refused

	organization governance.OrganizationID
}

// announce notes, for each elector of a ballot that was opened, who of those that speak for it now are told in the
// application, or that nobody could be. Notices and mails may go, this stays. It is harmless to repeat.
func (tx *Tx) announce(ctx context.Context, ballot governance.BallotID) error {
	_, err := tx.exec(ctx, `
		INSERT INTO announcements (ballot_id, organization_id, person_id, channel, state, at)
		SELECT DISTINCT v.ballot_id, v.organization_id, m.person_id, 'IN_APP', 'TOLD', CAST($2 AS TEXT)
		FROM electors v
		JOIN mandates m ON m.organization_id = v.organization_id
		JOIN persons p ON p.id = m.person_id
		WHERE v.ballot_id = $1 AND m.role = 'REPRESENTATIVE' AND p.erased_at IS NULL AND `+standingHolder+`
			AND NOT EXISTS (SELECT 1 FROM announcements a WHERE a.ballot_id = v.ballot_id)
		ON CONFLICT (ballot_id, organization_id, person_id, channel) DO NOTHING`, ballot, tx.now)
	if err != nil {
		return fmt.Errorf("note to whom ballot %s was announced: %w", ballot, err)
	}
	_, err = tx.exec(ctx, `
		INSERT INTO announcements (ballot_id, organization_id, person_id, channel, state, at)
		SELECT v.ballot_id, v.organization_id, '', 'NONE', 'FAILED', CAST($2 AS TEXT)
		FROM electors v
		WHERE v.ballot_id = $1 AND NOT EXISTS (
			SELECT 1
			FROM announcements a
			WHERE a.ballot_id = v.ballot_id AND a.organization_id = v.organization_id
		)
		ON CONFLICT (ballot_id, organization_id, person_id, channel) DO NOTHING`, ballot, tx.now)
	if err != nil {
		return fmt.Errorf("note to whom ballot %s could not be announced: %w", ballot, err)
	}
	return nil
}

// announceSince notes to whom the ballots were announced that opened behind one leaf and up to another.
func (tx *Tx) announceSince(ctx context.Context, from, to int64) error {
	opened, err := collect(ctx, tx.Query, func(row scanner) (governance.BallotID, error) {
		var id governance.BallotID
		return id, row.Scan(&id)
	}, `
		SELECT a.object_id
		FROM leaves l
		JOIN acts a ON a.id = l.act_id
		WHERE l.number > $1 AND l.number <= $2 AND a.type = '`+actBallotOpened+`'
		ORDER BY l.number`, from, to)
	if err != nil {
		return fmt.Errorf("look for ballots that opened: %w", err)
	}
	for _, id := range opened {
		if err := tx.announce(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// announceByMail notes what became of a mail for each announcement that it carried.
func (tx *Tx) announceByMail(ctx context.Context, m *Mail, state, answer string) error {
	for _, n := range m.Notices {
		if n.Event != actBallotOpened {
			continue
		}
		_, err := tx.exec(ctx, `
			INSERT INTO announcements (ballot_id, organization_id, person_id, channel, state, at, answer)
			SELECT a.ballot_id, a.organization_id, a.person_id, 'MAIL', CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT)
			FROM announcements a
			WHERE a.ballot_id = $1 AND a.person_id = $2 AND a.channel = 'IN_APP'
			ON CONFLICT (ballot_id, organization_id, person_id, channel) DO NOTHING`,
			n.object.ID, m.Person, state, tx.now, answer)
		if err != nil {
			return fmt.Errorf("note that ballot %s was announced by mail: %w", n.object.ID, err)
		}
	}
	return nil
}

// fillAnnouncements completes electors with whether and when each was told of the ballot, and, for the council's secretary,
// with who was told, how, and what came of it.
func (q *Query) fillAnnouncements(ctx context.Context, actor governance.Actor, b *Ballot, electors []*Elector) error {
	if len(electors) == 0 {
		return nil
	}
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return err
	}
	args := []any{b.ID}
	byID := make(map[governance.OrganizationID]*Elector, len(electors))
	for _, e := range electors {
		args = append(args, e.Organization.ID)
		byID[e.Organization.ID] = e
	}
	deliveries, err := collect(ctx, q, scanDelivery, `
		SELECT organization_id, person_id, channel, state, at, answer
		FROM announcements
		WHERE ballot_id = $1 AND organization_id IN (`+placeholders(2, len(electors))+`)
		ORDER BY organization_id, at, channel, person_id`, args...)
	if err != nil {
		return fmt.Errorf("read to whom ballot %s was announced: %w", b.ID, err)
	}
	secretary := s.organization == b.CouncilID && slices.Contains(s.roles, governance.RoleSecretary)
	people := make([]*Person, 0, len(deliveries))
	for _, d := range deliveries {
		e := byID[d.organization]
		told := d.Channel != governance.ChannelNone
		if e.Told == nil {
			e.Told = &told
			if told {
				e.ToldAt = &d.At
			}
		}
		if secretary && told {
			e.Deliveries = append(e.Deliveries, d)
			people = append(people, d.Person)
		}
	}
	return q.fillPersons(ctx, s, people...)
}

func scanDelivery(row scanner) (*Delivery, error) {
	d := Delivery{Person: &Person{}}
	return &d, row.Scan(&d.organization, &d.Person.ID, &d.Channel, &d.State, at(&d.At), &d.Answer)
}
