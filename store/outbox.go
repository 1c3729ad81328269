package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Mail is a mail of the outbox that the caller has claimed: nobody else sends it until the claim ends. What it tells was
// read now, with the rights that its reader has now.
type Mail struct {
	ID         string // of its Message-ID, whichever attempt it is
	Digest     bool   // it tells what could wait
	Person     governance.PersonID
	Name       string // of the person; may be empty
	Address    string // empty: there is none any more
	Notices    []*Notice
	Invitation *MandateInvitation // that it carries to somebody who need be no person here; nil: it tells notices
	Attempts   int                // this one included

	invitation   governance.InvitationID // that it is to carry; empty: none
	claimedUntil time.Time
}

// Moot says why there is nothing to send; empty where there is.
func (m *Mail) Moot() string {
	switch {
	case m.invitation != "" && m.Invitation == nil:
		return "the invitation is not open any more"
	case m.Address == "":
		return "there is no address that was verified, or its owner wants no mails"
	case m.Invitation == nil && len(m.Notices) == 0:
		return "there is nothing left to tell"
	}
	return ""
}

// ClaimMails claims mails that are due to be sent, the oldest first, for as long as a sender may take. Several nodes may
// ask at the same time; a mail whose sender was killed is claimed again when its claim has ended.
func (db *DB) ClaimMails(ctx context.Context, most int, lease time.Duration) ([]*Mail, error) {
	var due []string
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		due, err = collect(ctx, q, func(row scanner) (string, error) {
			var id string
			return id, row.Scan(&id)
		}, `
			SELECT id
			FROM outbox
			WHERE state = 'WAITING' AND due_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
			ORDER BY due_at, id
			LIMIT $2`, q.now, most)
		return err
	})
	if err != nil || len(due) == 0 {
		return nil, err
	}
	var mails []*Mail
	err = db.write(ctx, "claimMails", func(ctx context.Context, tx *Tx) (err error) {
		mails, err = tx.claimMails(ctx, due, tx.now.Add(lease))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim mails: %w", err)
	}
	for _, m := range mails {
		if err := db.read(ctx, func(ctx context.Context, q *Query) error { return q.fillMail(ctx, m) }); err != nil {
			return nil, fmt.Errorf("read what mail %s tells: %w", m.ID, err)
		}
	}
	return mails, nil
}

func (tx *Tx) claimMails(ctx context.Context, due []string, until time.Time) ([]*Mail, error) {
	var mails []*Mail
	for _, id := range due {
		err := tx.query(ctx, func(row scanner) error {
			m := Mail{ID: id, claimedUntil: until}
			var kind string
			err := row.Scan(orEmpty(&m.Person), orEmpty(&m.invitation), &kind, &m.Attempts)
			m.Digest = kind == "DIGEST"
			mails = append(mails, &m)
			return err
		}, `
			UPDATE outbox
			SET claimed_until = $2, attempts = attempts + 1
			WHERE id = $1 AND state = 'WAITING' AND (claimed_until IS NULL OR claimed_until <= $3)
			RETURNING person_id, invitation_id, kind, attempts`, id, until, tx.now)
		if err != nil {
			return nil, err
		}
	}
	return mails, nil
}

// fillMail reads to whom the mail goes and what it still has to tell: what was read in the meantime, was turned off, has
// been acted on or may no longer be seen is left out.
func (q *Query) fillMail(ctx context.Context, m *Mail) error {
	if m.invitation != "" {
		return q.fillInvitationMail(ctx, m)
	}
	readers, err := q.mailReaders(ctx, []governance.PersonID{m.Person})
	if err != nil {
		return err
	}
	reader, reached := readers[m.Person]
	if !reached {
		return nil
	}
	err = q.queryRow(ctx, `SELECT name, email FROM persons WHERE id = $1`, m.Person).Scan(&m.Name, &m.Address)
	if err != nil {
		return err
	}
	found, err := collect(ctx, q, scanNotice, `SELECT `+noticeColumns+`
		FROM notices n
		WHERE n.mail_id = $1 AND n.read_at IS NULL
		ORDER BY n.created_at DESC, n.id DESC`, m.ID)
	if err != nil {
		return err
	}
	wanted := found[:0]
	for _, n := range found {
		concerned, err := q.stillConcerned(ctx, n)
		if err != nil {
			return err
		}
		if concerned && reader.wants(n.Kind) {
			wanted = append(wanted, n)
		}
	}
	m.Notices, err = q.showNotices(ctx, wanted)
	return err
}

// fillInvitationMail reads the invitation that the mail carries, its link and its address, if it is still open.
func (q *Query) fillInvitationMail(ctx context.Context, m *Mail) error {
	i, err := q.mandateInvitation(ctx, m.invitation)
	if err != nil {
		return err
	}
	if err := q.fillOrganizations(ctx, i.Organization); err != nil {
		return err
	}
	i.shownTo(standing{}, i.address, q.now)
	if i.State != governance.InvitationOpen || i.Organization.Suspended {
		return nil
	}
	key, err := q.linkKey(ctx)
	if err != nil || key == nil {
		return err
	}
	i.Token = i.token(key)
	m.Invitation, m.Address = i, i.address
	return nil
}

// The ends of a mail.
const (
	mailSent    = "SENT"
	mailFailed  = "FAILED"
	mailDropped = "DROPPED"
)

// MailSent notes that the mail was taken by the server that it was given to.
func (db *DB) MailSent(ctx context.Context, m *Mail) error { return db.endMail(ctx, m, mailSent, "") }

// MailFailed notes that the mail can never be sent, and why.
func (db *DB) MailFailed(ctx context.Context, m *Mail, reason string) error {
	return db.endMail(ctx, m, mailFailed, reason)
}

// MailDropped notes that the mail has nothing to tell, or nobody to tell it to.
func (db *DB) MailDropped(ctx context.Context, m *Mail, reason string) error {
	return db.endMail(ctx, m, mailDropped, reason)
}

func (db *DB) endMail(ctx context.Context, m *Mail, state, reason string) error {
	err := db.write(ctx, "endMail", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			UPDATE outbox
			SET state = $2, reason = $3, ended_at = $4, claimed_until = NULL
			WHERE id = $1 AND state = 'WAITING' AND claimed_until = $5`, m.ID, state, reason, tx.now, m.claimedUntil)
		if err != nil || state == mailDropped {
			return err
		}
		return tx.announceByMail(ctx, m, state, reason)
	})
	if err != nil {
		return fmt.Errorf("note that mail %s is %s: %w", m.ID, state, err)
	}
	return nil
}

// PutOffMail notes that the mail could not be sent now, why, and how long to wait.
func (db *DB) PutOffMail(ctx context.Context, m *Mail, wait time.Duration, reason string) error {
	err := db.write(ctx, "putOffMail", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			UPDATE outbox
			SET due_at = $2, reason = $3, claimed_until = NULL
			WHERE id = $1 AND state = 'WAITING' AND claimed_until = $4`, m.ID, tx.now.Add(wait), reason, m.claimedUntil)
		return err
	})
	if err != nil {
		return fmt.Errorf("put off mail %s: %w", m.ID, err)
	}
	return nil
}
