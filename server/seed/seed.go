// Package seed fills an empty database with the demo: what the organizations and people of auth/demo have done over the
// last months, on two real sectors, taken through the store's own steps and by the people who may take them. Every stage
// of needs and editions is shown. It is not test data: tests make what they need themselves.
package seed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
)

// weeks is how long before the present the story begins; what is told lies in the weeks before the last one.
const weeks = 30

// The settings that say how far the demo's data is written.
const (
	settingBegun = "demo-seed-begun"
	settingDone  = "demo-seed-done"
)

// Fill writes the demo's data into an empty database, whose store must have been opened with the clock. issuer is the
// demo's provider, at which its people sign in. A database that has the data, or organizations of its own, is left as it
// is. An error tells which step of the story failed; a database that was left half written is refused from then on.
func Fill(ctx context.Context, db *store.DB, clock *Clock, issuer string) error {
	due, err := isDue(ctx, db)
	if err != nil || !due {
		return err
	}
	begun := clock.Now().UTC().Format(time.RFC3339)
	if _, err := db.KeepSetting(ctx, settingBegun, begun); err != nil {
		return err
	}
	t, err := newTale(db, clock, issuer)
	if err != nil {
		return err
	}
	defer clock.release()
	if err := t.found(ctx); err != nil {
		return fmt.Errorf("seed the demo: %w", err)
	}
	t.keysTale()
	t.needsTale()
	t.heatTale()
	t.careTale()
	if err := t.run(ctx); err != nil {
		return fmt.Errorf("seed the demo: %w", err)
	}
	clock.release()
	_, err = db.KeepSetting(ctx, settingDone, begun)
	return err
}

// isDue says whether the database is empty.
func isDue(ctx context.Context, db *store.DB) (bool, error) {
	done, err := db.Setting(ctx, settingDone)
	if err != nil || done != "" {
		return false, err
	}
	begun, err := db.Setting(ctx, settingBegun)
	if err != nil {
		return false, err
	}
	if begun != "" {
		return false, errors.New("the demo's data was not written to its end: delete the database and start again")
	}
	existing, err := db.Organizations(ctx, store.Page{})
	if err != nil {
		return false, err
	}
	return len(existing.Nodes) == 0, nil
}

// tale is the demo's story while it is told: what has been made so far, by the names that the story uses, and what is
// still to happen.
type tale struct {
	db            *store.DB
	clock         *Clock
	issuer        string
	mapping       *auth.Mapping // of claims to mandates
	monday        time.Time     // of the first week, at midnight in Riga
	organizations map[string]governance.OrganizationID
	persons       map[string]governance.PersonID
	needs         map[string]governance.NeedID
	events        []event
}

// event is something that happens at a time.
type event struct {
	at   time.Time
	what string // for errors
	do   func(ctx context.Context) error
}

func newTale(db *store.DB, clock *Clock, issuer string) (*tale, error) {
	mapping, err := auth.ParseMapping(demo.MappingFile(issuer))
	if err != nil {
		return nil, fmt.Errorf("read the demo's claim mapping: %w", err)
	}
	riga, err := governance.Calendar{Zone: "Europe/Riga"}.Location()
	if err != nil {
		return nil, err
	}
	now := clock.Now().In(riga)
	sinceMonday := (int(now.Weekday()) + 6) % 7
	return &tale{
		db: db, clock: clock, issuer: issuer, mapping: mapping,
		monday:        time.Date(now.Year(), now.Month(), now.Day()-sinceMonday-7*weeks, 0, 0, 0, 0, riga),
		organizations: map[string]governance.OrganizationID{}, persons: map[string]governance.PersonID{},
		needs: map[string]governance.NeedID{},
	}, nil
}

// when is the day of a week of the story, at the hour and minutes of the clock in Riga.
func (t *tale) when(week int, day time.Weekday, clock float64) time.Time {
	hours, minutes := int(clock), int(clock*100)%100
	y, m, d := t.monday.Date()
	return time.Date(y, m, d+7*week+(int(day)+6)%7, hours, minutes, 0, 0, t.monday.Location())
}

// day is the date of a day of the story.
func (t *tale) day(week int, day time.Weekday) governance.Date {
	return governance.Date(t.when(week, day, 12).Format(time.DateOnly))
}

// add puts an event into the story.
func (t *tale) add(at time.Time, what string, do func(ctx context.Context) error) {
	t.events = append(t.events, event{at, what, do})
}

// run lets everything happen in the order of time; the store's deadlines are met on the way.
func (t *tale) run(ctx context.Context) error {
	slices.SortStableFunc(t.events, func(a, b event) int { return a.at.Compare(b.at) })
	for _, e := range t.events {
		if err := t.pass(ctx, e.at); err != nil {
			return err
		}
		if err := e.do(ctx); err != nil {
			return fmt.Errorf("%s: %s: %w", e.at.Format(time.DateTime), e.what, err)
		}
	}
	t.events = nil
	return nil
}

// pass lets time pass until an instant and meets each deadline on the way when it comes.
func (t *tale) pass(ctx context.Context, until time.Time) error {
	var last time.Time
	for {
		next, err := t.db.TakeDue(ctx)
		if err != nil {
			return fmt.Errorf("take what is due: %w", err)
		}
		if next.IsZero() || next.After(until) {
			t.clock.hold(until)
			return nil
		}
		if next.Equal(last) {
			return fmt.Errorf("the deadline at %s was not met", next.Format(time.DateTime))
		}
		last = next
		t.clock.hold(next)
	}
}
