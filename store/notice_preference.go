package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"concordat/governance"
)

// NoticePreferences are how a person wants to be told.
type NoticePreferences struct {
	Address  *string // to which mails go; nil: the provider told none that it had verified
	Mail     bool    // whether there are mails at all
	Muted    []governance.NoticeKind
	Digest   governance.DigestFrequency
	Hour     int
	Zone     string // IANA; empty: the council's
	Calendar int    // number of the calendar's address, never given twice; 0 or below: there is none
	person   governance.PersonID
}

// Person is whose preferences they are.
func (p *NoticePreferences) Person() governance.PersonID { return p.person }

// NoticePreferences reads how the person wants to be told. UNAUTHENTICATED without a person.
func (db *DB) NoticePreferences(ctx context.Context, actor governance.Actor) (*NoticePreferences, error) {
	if actor.Person == "" {
		return nil, errSignIn
	}
	var p *NoticePreferences
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		p, err = q.noticePreferences(ctx, actor.Person)
		return err
	})
	return p, err
}

func (q *Query) noticePreferences(ctx context.Context, person governance.PersonID) (*NoticePreferences, error) {
	p := NoticePreferences{person: person}
	var muted string
	var none bool
	err := q.queryRow(ctx, `
		SELECT
			CASE WHEN p.email <> '' AND p.email_verified = 1 THEN p.email ELSE NULL END,
			COALESCE(n.no_mail, 0),
			COALESCE(n.muted, '[]'),
			COALESCE(n.digest, 'DAILY'),
			COALESCE(n.hour, 7),
			COALESCE(n.zone, ''),
			COALESCE(n.feed, 0)
		FROM persons p
		LEFT JOIN notice_preferences n ON n.person_id = p.id
		WHERE p.id = $1 AND p.erased_at IS NULL`, person).
		Scan(orNil(&p.Address), &none, &muted, &p.Digest, &p.Hour, &p.Zone, &p.Calendar)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, governance.NotFound("person", string(person))
	}
	if err != nil {
		return nil, fmt.Errorf("read the preferences of %s: %w", person, err)
	}
	p.Mail, p.Muted = !none, []governance.NoticeKind{}
	return &p, json.Unmarshal([]byte(muted), &p.Muted)
}

// CalendarAddress is what becomes of the address of a person's calendar.
type CalendarAddress string

// What becomes of it. Whoever knows the address reads the calendar, so that it can be changed and taken away.
const (
	CalendarRenew  CalendarAddress = "RENEW"
	CalendarRevoke CalendarAddress = "REVOKE"
)

// SetNoticePreferencesInput is what setNoticePreferences takes; what is nil stays as it is.
type SetNoticePreferencesInput struct {
	Mail     *bool
	Muted    []governance.NoticeKind // nil: as before
	Digest   *governance.DigestFrequency
	Hour     *int
	Zone     *string
	Calendar *CalendarAddress
}

// SetNoticePreferences changes how the person is told. It is no act of the process: it touches nobody else.
// UNAUTHENTICATED without a person; INVALID for an hour, a zone or a kind that there is not.
func (db *DB) SetNoticePreferences(ctx context.Context, actor governance.Actor, in SetNoticePreferencesInput) (*NoticePreferences, error) {
	if err := checkOneself(actor); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	return db.changePreferences(ctx, actor.Person, in.apply)
}

func (in SetNoticePreferencesInput) check() error {
	if in.Hour != nil && (*in.Hour < 0 || *in.Hour > 23) {
		return governance.Invalid("input.hour", "hour", "An hour is 0 to 23.")
	}
	if in.Zone != nil && *in.Zone != "" {
		if _, err := (governance.Calendar{Zone: *in.Zone}).Location(); err != nil {
			return governance.Invalid("input.zone", "calendar-unknown-zone", `{zone} is no time zone such as "Europe/Brussels".`, "zone", *in.Zone)
		}
	}
	for _, kind := range in.Muted {
		if !kind.Known() {
			return governance.Invalid("input.muted", "notice-kind", "{kind} is no kind of notice.", "kind", string(kind))
		}
	}
	return nil
}

func (in SetNoticePreferencesInput) apply(p *NoticePreferences) {
	if in.Mail != nil {
		p.Mail = *in.Mail
	}
	if in.Muted != nil {
		p.Muted = slices.Compact(slices.Sorted(slices.Values(in.Muted)))
	}
	if in.Digest != nil {
		p.Digest = *in.Digest
	}
	if in.Hour != nil {
		p.Hour = *in.Hour
	}
	if in.Zone != nil {
		p.Zone = *in.Zone
	}
	if in.Calendar == nil {
		return
	}
	number := max(p.Calendar, -p.Calendar)
	switch *in.Calendar {
	case CalendarRenew:
		p.Calendar = number + 1
	case CalendarRevoke:
		p.Calendar = -number
	}
}

// changePreferences reads, changes and writes a person's preferences. A digest that is due stays due: it is sent at the
// old hour for the last time.
func (db *DB) changePreferences(ctx context.Context, person governance.PersonID, change func(*NoticePreferences)) (*NoticePreferences, error) {
	var p *NoticePreferences
	err := db.run(ctx, &job{name: "setNoticePreferences", roots: []root{{rootPerson, string(person)}}, do: func(ctx context.Context, tx *Tx) error {
		var err error
		if p, err = tx.noticePreferences(ctx, person); err != nil {
			return err
		}
		change(p)
		muted, err := json.Marshal(p.Muted)
		if err != nil {
			return err
		}
		_, err = tx.exec(ctx, `
			INSERT INTO notice_preferences (person_id, digest, hour, zone, muted, no_mail, feed)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (person_id) DO UPDATE SET
				digest = excluded.digest,
				hour = excluded.hour,
				zone = excluded.zone,
				muted = excluded.muted,
				no_mail = excluded.no_mail,
				feed = excluded.feed`,
			person, p.Digest, p.Hour, p.Zone, string(muted), !p.Mail, p.Calendar)
		return err
	}})
	return p, err
}

// What StopMail turns off beside the kinds of notices.
const (
	StopAll    = "ALL"
	StopDigest = "DIGEST"
)

// StopMail turns off the mails of a kind, the digest or all mails: what the link in a mail does. Doing it twice does nothing
// more. Errors: INVALID for what is none of these, NOT_FOUND for a person that was erased.
func (db *DB) StopMail(ctx context.Context, person governance.PersonID, what string) error {
	kind := governance.NoticeKind(what)
	if what != StopAll && what != StopDigest && !kind.Known() {
		return governance.Invalid("what", "notice-kind", "{kind} is no kind of notice.", "kind", what)
	}
	_, err := db.changePreferences(ctx, person, func(p *NoticePreferences) {
		switch {
		case what == StopAll:
			p.Mail = false
		case what == StopDigest:
			p.Digest = governance.DigestNever
		case !slices.Contains(p.Muted, kind):
			p.Muted = append(p.Muted, kind)
		}
	})
	return err
}

// checkOneself refuses somebody who is not signed in, or whose token may not write.
func checkOneself(actor governance.Actor) error {
	if actor.Person == "" {
		return errSignIn
	}
	if !actor.MayUse(governance.ScopeWrite) {
		return governance.Refuse(governance.CodeForbidden, "scope-needed", "This token lacks the scope {scope}.",
			"scope", string(governance.ScopeWrite))
	}
	return nil
}
