package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
)

// deadline is one that people are reminded of.
type deadline struct {
	event  string
	object Object
	began  time.Time
	due    time.Time
}

// remindedOf reads the deadlines from $1 to $2 that people are reminded of, each with since when it runs.
const remindedOf = `
		SELECT 'REMIND_CONSULTATION', 'CONSULTATION', k.id, k.opened_at, k.closes_at
		FROM consultations k
		WHERE k.state = 'OPEN' AND k.closes_at > $1 AND k.closes_at <= $2
		UNION ALL
		SELECT 'REMIND_BALLOT', 'BALLOT', b.id, b.opened_at, b.closes_at
		FROM ballots b
		WHERE b.state = 'OPEN' AND b.closes_at > $1 AND b.closes_at <= $2
		UNION ALL
		SELECT 'REMIND_REPLY', 'COMMENT', c.id, d.created_at, d.reply_due_at
		FROM dispositions d
		JOIN comments c ON c.id = d.comment_id
		JOIN editions e ON e.id = c.edition_id
		WHERE c.state = 'ANSWERED' AND d.reply IS NULL AND d.reply_due_at > $1 AND d.reply_due_at <= $2
			AND e.stage IN ('DRAFTING', 'CONSULTATION', 'DISPOSITION')
		UNION ALL
		SELECT 'REMIND_REVIEW', 'PUBLICATION', p.id, p.published_at, p.review_due_at
		FROM publications p
		WHERE p.state = 'PUBLISHED' AND p.review_due_at > $1 AND p.review_due_at <= $2`

// Remind reminds those who have not acted of the deadlines that are near, once for each number of days in
// governance.ReminderDays, however many nodes ask. Mails are put into the outbox only where they are sent.
func (db *DB) Remind(ctx context.Context, mails bool) error {
	var near []deadline
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		near, err = collect(ctx, q, func(row scanner) (deadline, error) {
			var d deadline
			return d, row.Scan(&d.event, &d.object.Kind, &d.object.ID, at(&d.began), at(&d.due))
		}, remindedOf, q.now, q.now.AddDate(0, 0, slices.Max(governance.ReminderDays)))
		return err
	})
	if err != nil {
		return fmt.Errorf("look for deadlines that are near: %w", err)
	}
	var failed []error
	for _, d := range near {
		if err := db.remind(ctx, d, mails); err != nil {
			failed = append(failed, fmt.Errorf("remind of %s: %w", d.object.ID, err))
		}
	}
	return errors.Join(failed...)
}

// remind reminds of one deadline, if that is due and was not done before.
func (db *DB) remind(ctx context.Context, d deadline, mails bool) error {
	var notices []notice
	var now time.Time
	days := 0
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		now = q.now
		if days = governance.DueReminder(q.now, d.began, d.due); days == 0 {
			return nil
		}
		given, err := q.exists(ctx, `SELECT 1 FROM notice_reminders WHERE object_id = $1 AND due_at = $2 AND days = $3`,
			d.object.ID, d.due, days)
		if err != nil {
			return err
		}
		if given {
			days = 0
			return nil
		}
		notices, err = q.noticesOf(ctx, foundAudiences{}, happened{
			source: fmt.Sprintf("remind:%s:%s:%d", d.object.ID, formatTime(d.due), days),
			event:  d.event, at: now, object: d.object,
		})
		return err
	})
	if err != nil || days == 0 {
		return err
	}
	for i := range notices {
		notices[i].due = d.due
	}
	if err := db.tell(ctx, notices, mails); err != nil {
		return err
	}
	return db.write(ctx, "remind", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			INSERT INTO notice_reminders (object_id, due_at, days)
			VALUES ($1, $2, $3)
			ON CONFLICT (object_id, due_at, days) DO NOTHING`, d.object.ID, d.due, days)
		return err
	})
}

// stillConcerned says whether somebody who was reminded has still not acted.
func (q *Query) stillConcerned(ctx context.Context, n *Notice) (bool, error) {
	rules := governance.NoticesOf(n.Event)
	if len(rules) == 0 || rules[0].Kind != governance.NoticeDeadline {
		return true, nil
	}
	people, err := q.audience(ctx, foundAudiences{}, n.Audience, happened{event: n.Event, object: n.object, edition: n.edition})
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(people, func(c concerned) bool { return c.person == n.person }), nil
}
