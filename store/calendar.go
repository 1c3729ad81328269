package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
)

// CalendarEntry is a consultation or a ballot as a calendar shows it.
type CalendarEntry struct {
	ID        string
	Ballot    bool // and no consultation
	Title     governance.Text
	Number    string // of the edition; empty: a charter is voted on
	OpensAt   time.Time
	ClosesAt  time.Time // or closed, where that came before
	Cancelled bool
	Sequence  int       // rises with each change
	ChangedAt time.Time // when it last did

	edition governance.EditionID      // empty: everybody sees the entry
	voice   governance.OrganizationID // by which somebody sees it
}

// entriesFrom is where calendar entries are found: a table k of consultations or ballots with its edition e and
// specification s.
type entriesFrom struct {
	table     string // with what it is joined to
	isBallot  string // 0 or 1
	title     string // JSON; the name of a charter that is voted on is none
	cancelled string // the condition
}

var (
	consultationEntries = entriesFrom{
		table: `consultations k
		JOIN editions e ON e.id = k.edition_id
		JOIN specifications s ON s.id = e.specification_id`,
		isBallot: "0", title: "s.title", cancelled: "k.state = 'RECALLED'",
	}
	ballotEntries = entriesFrom{
		table: `ballots k` + joinVotedOn("k"), isBallot: "1", title: ballotTitle, cancelled: "k.outcome IN ('RECALLED', 'SUPERSEDED', 'ANNULLED')",
	}
)

// selected is the statement for the entries that the joins and conditions leave, each for the organization in voice.
func (f entriesFrom) selected(voice, more string) string {
	return `
		SELECT
			k.id AS entry_id,
			` + f.isBallot + `,
			` + f.title + `,
			e.number,
			k.opened_at,
			COALESCE(k.closed_at, k.closes_at) AS until_at,
			CASE WHEN ` + f.cancelled + ` THEN 1 ELSE 0 END,
			(SELECT COUNT(*) FROM acts a WHERE a.object_id = k.id),
			COALESCE((SELECT MAX(a.created_at) FROM acts a WHERE a.object_id = k.id), k.opened_at),
			e.id,
			` + voice + ` AS voice
		FROM ` + f.table + more
}

func scanCalendarEntry(row scanner) (*CalendarEntry, error) {
	var c CalendarEntry
	var title string
	err := row.Scan(&c.ID, &c.Ballot, &title, orEmpty(&c.Number), at(&c.OpensAt), at(&c.ClosesAt), &c.Cancelled, &c.Sequence,
		at(&c.ChangedAt), orEmpty(&c.edition), orEmpty(&c.voice))
	if err != nil {
		return nil, err
	}
	c.Sequence = max(0, c.Sequence-1) // opening it was the first act
	if c.edition == "" {
		c.Title = governance.Text{noLanguage: title}
		return &c, nil
	}
	return &c, json.Unmarshal([]byte(title), &c.Title)
}

// ConsultationEntry reads a consultation for a calendar. NOT_FOUND where the actor may not see the edition.
func (db *DB) ConsultationEntry(ctx context.Context, actor governance.Actor, id governance.ConsultationID) (*CalendarEntry, error) {
	return db.calendarEntry(ctx, actor, "consultation", string(id), consultationEntries)
}

// BallotEntry reads a ballot for a calendar. NOT_FOUND where the actor may not see the edition.
func (db *DB) BallotEntry(ctx context.Context, actor governance.Actor, id governance.BallotID) (*CalendarEntry, error) {
	return db.calendarEntry(ctx, actor, "ballot", string(id), ballotEntries)
}

func (db *DB) calendarEntry(ctx context.Context, actor governance.Actor, noun, id string, entries entriesFrom) (*CalendarEntry, error) {
	var entry *CalendarEntry
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err := collect(ctx, q, scanCalendarEntry, entries.selected(noText, " WHERE k.id = $1"), id)
		if err != nil {
			return fmt.Errorf("read %s %s for a calendar: %w", noun, id, err)
		}
		if len(found) == 0 {
			return governance.NotFound(noun, id)
		}
		entry = found[0]
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		sees, err := q.seesEntry(ctx, s, entry)
		if err == nil && !sees {
			return governance.NotFound(noun, id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return entry, nil
}

func (q *Query) seesEntry(ctx context.Context, s standing, entry *CalendarEntry) (bool, error) {
	if entry.edition == "" {
		return true, nil
	}
	e, err := q.edition(ctx, entry.edition)
	if err != nil {
		return false, err
	}
	viewer, err := q.lookAt(ctx, s, e)
	return viewer.sees, err
}

// How much a person's calendar shows.
const (
	calendarPast  = 90 * 24 * time.Hour
	calendarLimit = 200
)

// Calendar reads the consultations and ballots that concern a person: of every organization in which it holds a mandate
// now, what that organization is asked in, from 90 days back on, the soonest first. The number is that of the calendar's
// address; one that was changed or taken away since is NOT_FOUND.
func (db *DB) Calendar(ctx context.Context, person governance.PersonID, number int) ([]*CalendarEntry, error) {
	var entries []*CalendarEntry
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		p, err := q.noticePreferences(ctx, person)
		if err != nil {
			return err
		}
		if number <= 0 || p.Calendar != number {
			return governance.Refuse(governance.CodeNotFound, "token-unknown", "There is nothing at this address.")
		}
		found, err := collect(ctx, q, scanCalendarEntry, calendarOf, person, q.now, q.now.Add(-calendarPast), calendarLimit)
		if err != nil {
			return fmt.Errorf("read the calendar of %s: %w", person, err)
		}
		entries, err = q.entriesSeen(ctx, person, found)
		return err
	})
	return entries, err
}

// calendarOf selects the entries of the person $1 at $2, from $3 on, each for every organization that it concerns.
var calendarOf = consultationEntries.selected("m.organization_id", `
		JOIN mandates m ON m.person_id = $1 AND `+standingHolder+` AND (
			s.council_id = m.organization_id
			OR EXISTS (
				SELECT 1
				FROM roll_entries r
				WHERE r.council_id = s.council_id AND r.organization_id = m.organization_id AND r.state = 'ACTIVE'
			)
			OR EXISTS (
				SELECT 1
				FROM working_group g
				WHERE g.edition_id = e.id AND g.organization_id = m.organization_id AND g.state = 'MEMBER'
			)
		)
		WHERE COALESCE(k.closed_at, k.closes_at) > $3`) + `
		UNION` + ballotEntries.selected("m.organization_id", `
		JOIN mandates m ON m.person_id = $1 AND `+standingHolder+` AND (
			k.council_id = m.organization_id
			OR EXISTS (SELECT 1 FROM electors v WHERE v.ballot_id = k.id AND v.organization_id = m.organization_id)
		)
		WHERE COALESCE(k.closed_at, k.closes_at) > $3`) + `
		ORDER BY until_at, entry_id, voice
		LIMIT $4`

// entriesSeen keeps each entry once, if the person sees its edition for one of its organizations.
func (q *Query) entriesSeen(ctx context.Context, person governance.PersonID, found []*CalendarEntry) ([]*CalendarEntry, error) {
	var seen []*CalendarEntry
	known := map[string]bool{}
	for _, entry := range found {
		if known[entry.ID] {
			continue
		}
		s, err := q.standingOf(ctx, governance.Actor{Person: person, Organization: entry.voice})
		if err != nil {
			return nil, err
		}
		sees, err := q.seesEntry(ctx, s, entry)
		if err != nil {
			return nil, err
		}
		if sees {
			known[entry.ID] = true
			seen = append(seen, entry)
		}
	}
	return seen, nil
}
