package notice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"time"

	"concordat/store"
)

// How mails are sent.
const (
	claimed   = 5               // at a time
	lease     = 4 * time.Minute // for how long mails are ours: longer than it may take to deliver so many
	settling  = 10 * time.Second
	senderGap = time.Second // between looks into the outbox
)

// waits is how long a mail that could not be handed over is put off, by attempts; after the last one it has failed.
var waits = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// Sender sends the mails of the outbox. Several nodes may have one.
type Sender struct {
	Store     *store.DB
	Site      *Site
	Transport Transport
	From      mail.Address
	Log       *slog.Logger
	Now       func() time.Time
}

// Run sends until ctx ends. A mail under way then is finished or put off, and the claim of a sender that is killed ends by
// itself.
func (s Sender) Run(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		sent, err := s.Turn(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failures++
			s.Log.ErrorContext(ctx, "the outbox could not be worked through", "error", err, "failures", failures)
			pause(ctx, min(senderGap<<min(failures, 10), longest))
		case sent == 0:
			failures = 0
			pause(ctx, senderGap)
		}
	}
}

// Turn sends what is due now, and answers how many mails it took. What is wrong with one mail stops no other.
func (s Sender) Turn(ctx context.Context) (int, error) {
	mails, err := s.Store.ClaimMails(ctx, claimed, lease)
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, m := range mails {
		if err := s.send(ctx, m); err != nil {
			failed = append(failed, fmt.Errorf("mail %s: %w", m.ID, err))
		}
	}
	return len(mails), errors.Join(failed...)
}

// send hands one mail over and notes what came of it, also when the server is stopped meanwhile.
func (s Sender) send(ctx context.Context, m *store.Mail) error {
	note, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	if moot := m.Moot(); moot != "" {
		return s.Store.MailDropped(note, m, moot)
	}
	msg, err := s.Site.Compose(m, s.From, s.Now())
	if err != nil {
		return s.Store.MailFailed(note, m, reasonOf(err, m.Address))
	}
	err = s.Transport.Send(ctx, m.ID, msg)
	reason := reasonOf(err, m.Address)
	var refused Refused
	switch {
	case err == nil:
		return s.Store.MailSent(note, m)
	case ctx.Err() != nil:
		return s.Store.PutOffMail(note, m, 0, "the server was stopped")
	case errors.As(err, &refused):
		s.Log.WarnContext(ctx, "a mail was refused", "mail", m.ID, "reason", reason)
		return s.Store.MailFailed(note, m, reason)
	case m.Attempts > len(waits):
		s.Log.WarnContext(ctx, "a mail was given up", "mail", m.ID, "attempts", m.Attempts, "reason", reason)
		return s.Store.MailFailed(note, m, "given up: "+reason)
	}
	s.Log.WarnContext(ctx, "a mail was put off", "mail", m.ID, "attempts", m.Attempts, "reason", reason)
	return s.Store.PutOffMail(note, m, waits[m.Attempts-1], reason)
}

// reasonOf is what went wrong, without the address: it lies with its person alone, and in no log.
func reasonOf(err error, address string) string {
	if err == nil {
		return ""
	}
	return oneLine(strings.ReplaceAll(err.Error(), address, "its reader"))
}
