package page

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"concordat/auth"
	"concordat/governance"
	"concordat/notice"
	"concordat/register/layout"
	"concordat/store"
)

var (
	noticesPage     = layout.Parse(files, "notices.html")
	preferencesPage = layout.Parse(files, "preferences.html")
	unsubscribePage = layout.Parse(files, "unsubscribe.html")
)

// noticesShown is how many notices the page shows; the API gives them all.
const noticesShown = 50

// notices is what the page of notices shows.
type notices struct {
	List  []*store.Notice
	Until string // of the newest that is shown
}

// Notices shows what the person was told.
func (p *Pages) Notices(w http.ResponseWriter, r *http.Request) {
	shown := noticesShown
	page, err := p.Store.Notices(r.Context(), auth.ActorFrom(r.Context()), false, store.Page{First: &shown})
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	body := notices{List: page.Nodes}
	if len(page.Nodes) > 0 {
		body.Until = page.Nodes[0].CreatedAt.Format(time.RFC3339Nano)
	}
	p.render(w, r, noticesPage, "What you were told", body)
}

// ReadNotices notes that the person has read what the page showed.
func (p *Pages) ReadNotices(w http.ResponseWriter, r *http.Request) {
	until, err := time.Parse(time.RFC3339Nano, r.PostFormValue("until"))
	if err != nil {
		p.refuse(w, r, governance.Invalid("until", "time", "This is no instant."))
		return
	}
	_, err = p.Store.MarkNoticesRead(r.Context(), auth.ActorFrom(r.Context()), store.MarkNoticesReadInput{Until: &until})
	p.done(w, r, err, notice.NoticesPath)
}

// preferences is what the page of preferences shows.
type preferences struct {
	*store.NoticePreferences
	Kinds    []kindChoice
	Digests  []digestChoice
	Hours    []int
	Calendar string // its address; empty: there is none
	MailTo   string // where mails go; empty: nowhere
}

type kindChoice struct {
	Kind   governance.NoticeKind
	Words  string
	Mailed bool
	AtOnce bool
}

type digestChoice struct {
	Digest governance.DigestFrequency
	Words  string
	Chosen bool
}

// Preferences shows how the person is told.
func (p *Pages) Preferences(w http.ResponseWriter, r *http.Request) {
	own, err := p.Store.NoticePreferences(r.Context(), auth.ActorFrom(r.Context()))
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	body := preferences{NoticePreferences: own, MailTo: p.MailTo}
	for _, kind := range governance.NoticeKinds {
		body.Kinds = append(body.Kinds, kindChoice{
			Kind: kind, Words: notice.KindWords(kind), Mailed: !slices.Contains(own.Muted, kind), AtOnce: kind.AtOnce(),
		})
	}
	for _, choice := range []digestChoice{
		{Digest: governance.DigestDaily, Words: "every day"},
		{Digest: governance.DigestWeekly, Words: "every Monday"},
		{Digest: governance.DigestNever, Words: "never"},
	} {
		choice.Chosen = choice.Digest == own.Digest
		body.Digests = append(body.Digests, choice)
	}
	for hour := range 24 {
		body.Hours = append(body.Hours, hour)
	}
	if own.Calendar > 0 {
		body.Calendar = p.Site.CalendarURL(own.Person(), own.Calendar)
	}
	p.render(w, r, preferencesPage, "How you are told", body)
}

// SetPreferences changes how the person is told.
func (p *Pages) SetPreferences(w http.ResponseWriter, r *http.Request) {
	in, err := preferencesInput(r)
	if err == nil {
		_, err = p.Store.SetNoticePreferences(r.Context(), auth.ActorFrom(r.Context()), in)
	}
	p.done(w, r, err, notice.PreferencesPath)
}

// preferencesInput reads the form that was sent: the one for mails, or a button of the calendar's.
func preferencesInput(r *http.Request) (store.SetNoticePreferencesInput, error) {
	if address := store.CalendarAddress(r.PostFormValue("calendar")); address != "" {
		if address != store.CalendarRenew && address != store.CalendarRevoke {
			return store.SetNoticePreferencesInput{}, governance.Invalid("calendar", "calendar", "A calendar is renewed or revoked.")
		}
		return store.SetNoticePreferencesInput{Calendar: &address}, nil
	}
	hour, err := strconv.Atoi(r.PostFormValue("hour"))
	if err != nil {
		return store.SetNoticePreferencesInput{}, governance.Invalid("hour", "hour", "An hour is 0 to 23.")
	}
	mail, zone := r.PostFormValue("mail") == "on", r.PostFormValue("zone")
	digest := governance.DigestFrequency(r.PostFormValue("digest"))
	switch digest {
	case governance.DigestDaily, governance.DigestWeekly, governance.DigestNever:
	default:
		return store.SetNoticePreferencesInput{}, governance.Invalid("digest", "digest", "A digest is daily, weekly or never.")
	}
	muted := []governance.NoticeKind{}
	for _, kind := range governance.NoticeKinds {
		if !slices.Contains(r.PostForm["kind"], string(kind)) {
			muted = append(muted, kind)
		}
	}
	return store.SetNoticePreferencesInput{Mail: &mail, Muted: muted, Digest: &digest, Hour: &hour, Zone: &zone}, nil
}

// unsubscribe is what the page behind a mail's link shows.
type unsubscribe struct {
	Words string // what is turned off
	Done  bool
}

// Unsubscribe shows one button. Looking at it changes nothing: scanners follow the links in mails.
func (p *Pages) Unsubscribe(w http.ResponseWriter, r *http.Request) {
	_, what, err := p.Site.Unsubscription(r.PathValue("token"))
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	p.renderPublic(w, r, unsubscribePage, "Turn mails off", unsubscribe{Words: wordsOf(what)})
}

// StopMail turns off what the token names: from the page's button, or from a mail program that does it by itself (RFC
// 8058). It needs no session, and doing it twice does nothing more.
func (p *Pages) StopMail(w http.ResponseWriter, r *http.Request) {
	person, what, err := p.Site.Unsubscription(r.PathValue("token"))
	if err == nil {
		err = p.Store.StopMail(r.Context(), person, what)
	}
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	p.renderPublic(w, r, unsubscribePage, "Mails are turned off", unsubscribe{Words: wordsOf(what), Done: true})
}

func wordsOf(what string) string {
	switch what {
	case store.StopAll:
		return "all mails"
	case store.StopDigest:
		return "the digest"
	}
	return "mails about " + notice.KindWords(governance.NoticeKind(what))
}

// Calendar serves a person's calendar to whoever knows its address.
func (p *Pages) Calendar(w http.ResponseWriter, r *http.Request) {
	person, number, err := p.Site.CalendarOf(r.PathValue("token"))
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	entries, err := p.Store.Calendar(r.Context(), person, number)
	p.serveCalendar(w, r, entries, err)
}

// ConsultationCalendar serves one consultation for a calendar.
func (p *Pages) ConsultationCalendar(w http.ResponseWriter, r *http.Request) {
	id := governance.ConsultationID(r.PathValue("id"))
	entry, err := p.Store.ConsultationEntry(r.Context(), auth.ActorFrom(r.Context()), id)
	p.serveCalendar(w, r, []*store.CalendarEntry{entry}, err)
}

// BallotCalendar serves one ballot for a calendar.
func (p *Pages) BallotCalendar(w http.ResponseWriter, r *http.Request) {
	id := governance.BallotID(r.PathValue("id"))
	entry, err := p.Store.BallotEntry(r.Context(), auth.ActorFrom(r.Context()), id)
	p.serveCalendar(w, r, []*store.CalendarEntry{entry}, err)
}

func (p *Pages) serveCalendar(w http.ResponseWriter, r *http.Request, entries []*store.CalendarEntry, err error) {
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	h.Set("Content-Disposition", `attachment; filename="concordat.ics"`)
	h.Set("Cache-Control", "private, no-store")
	_, err = w.Write(p.Site.Calendar("Concordat", entries))
	p.note(r, err)
}

// render shows a page to the person who is signed in.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, t layout.Template, title string, body any) {
	viewer, err := p.Store.Viewer(r.Context(), auth.ActorFrom(r.Context()), store.Fields{})
	if err != nil {
		p.internal(w, r, err)
		return
	}
	p.note(r, layout.Render(w, http.StatusOK, t, layout.Page{Title: title, Account: account(viewer), Body: body}))
}

// renderPublic shows a page that knows nobody, and is nobody else's.
func (p *Pages) renderPublic(w http.ResponseWriter, r *http.Request, t layout.Template, title string, body any) {
	w.Header().Set("Cache-Control", "private, no-store")
	p.note(r, layout.Render(w, http.StatusOK, t, layout.Page{Title: title, Body: body}))
}

// done goes back to a page after something was changed there.
func (p *Pages) done(w http.ResponseWriter, r *http.Request, err error, back string) {
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// refuse shows why something was not shown or done.
func (p *Pages) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *governance.Error
	if !errors.As(err, &refusal) {
		p.internal(w, r, err)
		return
	}
	p.Refusal(w, r, auth.StatusOf(refusal.Code), refusal)
}
