package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
)

// mandateTerm is from when to when a mandate is asked for: instants or, instead of each, a day in the zone of the
// organization's council. What is not said is now, and without end.
type mandateTerm struct {
	fromAt, untilAt *time.Time
	fromOn, untilOn governance.Date
}

// term makes instants of a term; zero: not said. Errors: INVALID for a thing said twice, for no date, and for an end
// before the beginning or in the past.
func (q *Query) term(ctx context.Context, organization governance.OrganizationID, asked mandateTerm) (from, until time.Time, err error) {
	if asked.fromAt != nil && asked.fromOn != "" || asked.untilAt != nil && asked.untilOn != "" {
		return from, until, governance.Invalid("input", "date-doubled", "A beginning or an end is a day or an instant, not both.")
	}
	var calendar governance.Calendar
	if asked.fromOn != "" || asked.untilOn != "" {
		if calendar.Zone, err = q.zoneOf(ctx, organization); err != nil {
			return from, until, err
		}
	}
	if from, err = instant(asked.fromAt, asked.fromOn, calendar.StartOf); err != nil {
		return from, until, under("input.fromOn", err)
	}
	if until, err = instant(asked.untilAt, asked.untilOn, calendar.EndOf); err != nil {
		return from, until, under("input.untilOn", err)
	}
	if !until.IsZero() && (!until.After(q.now) || !until.After(from)) {
		return from, until, governance.Invalid("input.untilAt", "ends-before-start", "A mandate ends after it begins, and not in the past.")
	}
	return from, until, nil
}

// instant is the one that was said, or what a calendar makes of the day.
func instant(said *time.Time, day governance.Date, of func(governance.Date) (time.Time, error)) (time.Time, error) {
	if said != nil {
		return *said, nil
	}
	if day == "" {
		return time.Time{}, nil
	}
	return of(day)
}

// under says of a refusal which part of the input it is about.
func under(field string, err error) error {
	refusal, other := asRefusal(err)
	if other != nil || refusal == nil {
		return err
	}
	placed := *refusal
	placed.Field = field
	return &placed
}

// zoneOf is the time zone in which an organization's days are counted: its own, where it is a council, else that of the
// council on whose roll it has been longest. UTC where it is on none.
func (q *Query) zoneOf(ctx context.Context, organization governance.OrganizationID) (string, error) {
	var zone string
	err := q.queryRow(ctx, `
		SELECT k.zone
		FROM councils k
		LEFT JOIN roll_entries r ON r.council_id = k.id AND r.organization_id = $1 AND r.state IN ('ACTIVE', 'SUSPENDED')
		WHERE k.id = $1 OR r.id IS NOT NULL
		ORDER BY CASE WHEN k.id = $1 THEN 0 ELSE 1 END, r.created_at NULLS LAST, k.id
		LIMIT 1`, organization).Scan(&zone)
	if errors.Is(err, sql.ErrNoRows) {
		return "UTC", nil
	}
	if err != nil {
		return "", fmt.Errorf("find the zone of %s: %w", organization, err)
	}
	return zone, nil
}
