package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// ExplainCharter says what is wrong with a charter that may be nobody's yet, by itself and against the council's roll
// where one is named, and puts its conditions into words: public. NOT_FOUND where there is no such council.
func (db *DB) ExplainCharter(
	ctx context.Context, council governance.OrganizationID, body governance.Charter,
) (explained governance.Explained, err error) {
	if council == "" {
		return body.Explain(nil), nil
	}
	if err := CheckID("council", string(council)); err != nil {
		return explained, err
	}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		there, err := q.exists(ctx, `SELECT 1 FROM councils WHERE id = $1`, council)
		if err != nil {
			return fmt.Errorf("look for the council: %w", err)
		}
		if !there {
			return governance.NotFound("council", string(council))
		}
		seats, err := q.seats(ctx, council, body)
		explained = body.Explain(&seats)
		return err
	})
	return explained, err
}

// CharterFindings is what ExplainCharter finds in a version that was proposed. One that does not hold any more is not
// compared with a roll that it has nothing to do with.
func (db *DB) CharterFindings(ctx context.Context, c *Charter) ([]governance.Finding, error) {
	if c.State != governance.CharterProposed && c.State != governance.CharterInForce {
		return c.Body.Check(), nil
	}
	explained, err := db.ExplainCharter(ctx, c.CouncilID, c.Body)
	return explained.Findings, err
}

// seats reads who sits where on a council's roll now, as a charter's rule would have it. Its cut-off is left aside: who was
// admitted today will be counted by the time that the charter is.
func (q *Query) seats(ctx context.Context, council governance.OrganizationID, charter governance.Charter) (governance.Seats, error) {
	seats := governance.Seats{Roll: map[governance.Chamber]int{}}
	err := q.query(ctx, func(row scanner) error {
		var chamber governance.Chamber
		var number int
		err := row.Scan(&chamber, &number)
		seats.Roll[chamber] = number
		return err
	}, `
		SELECT chamber, CAST(count(*) AS BIGINT)
		FROM roll_entries
		WHERE council_id = $1 AND state = 'ACTIVE' AND (until_at IS NULL OR until_at > $2)
		GROUP BY chamber`, council, q.now)
	if err != nil {
		return seats, fmt.Errorf("count the roll: %w", err)
	}
	charter.CutOffDays = 0
	if _, err := charter.Calendar.Location(); err != nil {
		charter.Calendar.Zone = "UTC" // the zone is a finding of its own
	}
	seats.Electors, err = q.electorate(ctx, council, charter)
	return seats, err
}
