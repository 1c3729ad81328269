package server

import (
	"context"
	"fmt"
	"net/http"
	"net/mail"
	"sync"

	"concordat/notice"
	"concordat/server/page"
)

// post is how people are told outside the application: nothing of it where no mails are configured.
type post struct {
	site      *notice.Site
	transport notice.Transport // nil: no mails are sent
	from      mail.Address
}

// openPost reads the configuration of mails.
func (s *Server) openPost(ctx context.Context) (post, error) {
	site, err := notice.NewSite(ctx, s.db, s.public.String())
	if err != nil {
		return post{}, err
	}
	p := post{site: site, from: site.Sender()}
	if s.config.MailFrom != "" {
		from, err := mail.ParseAddress(s.config.MailFrom)
		if err != nil {
			return post{}, fmt.Errorf("mail: the sender %q is no address: %w", s.config.MailFrom, err)
		}
		p.from = *from
	}
	p.transport, err = notice.OpenTransport(s.config.Mail)
	if err != nil {
		return post{}, err
	}
	if p.transport == nil {
		s.log.InfoContext(ctx, "no mails are sent: people are told in the application alone")
		return p, nil
	}
	s.log.InfoContext(ctx, "mails are sent", "to", p.to(), "from", p.from.Address)
	return p, nil
}

// to says where mails go; empty: nowhere.
func (p post) to() string {
	if p.transport == nil {
		return ""
	}
	return p.transport.String()
}

// MailTo says where mails go, without a password; empty: nowhere.
func (s *Server) MailTo() string { return s.post.to() }

// tell follows the log, reminds and sends until ctx ends.
func (s *Server) tell(ctx context.Context, owned *sync.WaitGroup) {
	desk := notice.Desk{Store: s.db, Mails: s.post.transport != nil, Log: s.log}
	owned.Go(func() { desk.Run(ctx) })
	if s.post.transport == nil {
		return
	}
	sender := notice.Sender{
		Store: s.db, Site: s.post.site, Transport: s.post.transport, From: s.post.from, Log: s.log, Now: s.config.Now,
	}
	owned.Go(func() { sender.Run(ctx) })
}

// noticeRoutes are the pages on which people read what they were told and say how they want to be, and their calendars.
func noticeRoutes(mux *http.ServeMux, pages *page.Pages, personal func(http.HandlerFunc) http.Handler, public func(http.Handler) http.Handler) {
	open := func(h http.HandlerFunc) http.Handler { return public(h) }
	mux.Handle("GET "+notice.NoticesPath, personal(pages.Notices))
	mux.Handle("POST "+notice.NoticesPath, personal(pages.ReadNotices))
	mux.Handle("GET "+notice.PreferencesPath, personal(pages.Preferences))
	mux.Handle("POST "+notice.PreferencesPath, personal(pages.SetPreferences))
	mux.Handle("GET "+notice.UnsubscribePath+"{token}", open(pages.Unsubscribe))
	mux.Handle("POST "+notice.UnsubscribePath+"{token}", open(pages.StopMail))
	mux.Handle("GET "+notice.CalendarPath+"{token}", open(pages.Calendar))
	mux.Handle("GET /consultations/{id}/calendar.ics", personal(pages.ConsultationCalendar))
	mux.Handle("GET /ballots/{id}/calendar.ics", personal(pages.BallotCalendar))
}
