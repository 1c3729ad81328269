package notice

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"net/mail"
	"slices"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"concordat/governance"
	"concordat/store"
)

//go:embed *.txt *.html
var files embed.FS

// form is a kind of mail in its two forms.
type form struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

func formOf(name string) form {
	return form{
		texttemplate.Must(texttemplate.New(name+".txt").ParseFS(files, name+".txt")),
		htmltemplate.Must(htmltemplate.New(name+".html").ParseFS(files, name+".html")),
	}
}

var noticeMail, invitationMail = formOf("mail"), formOf("invitation")

// linesInGroup is how many things a mail tells about one specification; the application tells the rest.
const linesInGroup = 20

// letter is what a mail says, for both of its forms.
type letter struct {
	Subject     string
	Name        string
	Digest      bool
	Groups      []*group
	Stops       []stop
	App         string // addresses
	Preferences string
}

// group is what is told about one specification or need.
type group struct {
	Title string
	Lines []line
	More  int // that are not told here
}

// line is one thing.
type line struct {
	Text string
	Why  string
	Due  string
	URL  string
	Stop string // where mails of its kind are turned off
}

// stop is a way to turn mails off.
type stop struct{ What, URL string }

// Compose makes the message of a mail. Compose of the same mail has the same Message-ID, whenever it is made. Errors: an
// address that is none.
func (s *Site) Compose(m *store.Mail, from mail.Address, now time.Time) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(m.Address)
	if err != nil {
		return nil, fmt.Errorf("the address %q: %w", m.Address, err)
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&from)
	msg.AddToMailAddress(&mail.Address{Name: oneLine(m.Name), Address: to.Address})
	msg.SetMessageIDWithValue(m.ID + "@" + s.host())
	msg.SetDateWithValue(now)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Invitation != nil {
		l := s.invitationLetter(m.Invitation)
		return msg, write(msg, invitationMail, l.Subject, l)
	}
	l := s.letter(m)
	msg.SetGenHeaderPreformatted("List-Id", "Concordat <notices."+s.host()+">")
	msg.SetGenHeaderPreformatted("List-Unsubscribe", "<"+s.UnsubscribeURL(m.Person, stops(m))+">")
	msg.SetGenHeaderPreformatted("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	return msg, write(msg, noticeMail, l.Subject, l)
}

// write puts what is said into both forms of the message.
func write(msg *gomail.Msg, in form, subject string, said any) error {
	var text, html bytes.Buffer
	if err := in.text.Execute(&text, said); err != nil {
		return err
	}
	if err := in.html.Execute(&html, said); err != nil {
		return err
	}
	msg.Subject(subject)
	msg.SetBodyString(gomail.TypeTextPlain, text.String())
	msg.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return nil
}

// invitationLetter is what the mail of an invitation says.
type invitationLetter struct {
	Subject      string
	Organization string
	Role         string
	URL          string
	Host         string
	Until        string
}

func (s *Site) invitationLetter(i *store.MandateInvitation) invitationLetter {
	organization := oneLine(i.Organization.LegalName)
	role := strings.ToLower(string(i.Role))
	return invitationLetter{
		Subject: oneLine("An invitation to speak for " + organization), Organization: organization, Role: role,
		URL: s.PublicURL + i.Path(), Host: s.host(), Until: i.ExpiresAt.UTC().Format("2 January 2006, 15:04 UTC"),
	}
}

// stops is what the mail's own button turns off: the digest, the one kind that it tells of, or all mails.
func stops(m *store.Mail) string {
	if m.Digest {
		return store.StopDigest
	}
	for _, n := range m.Notices {
		if n.Kind != m.Notices[0].Kind {
			return store.StopAll
		}
	}
	return string(m.Notices[0].Kind)
}

// letter puts what the mail tells in order: the specification with the newest thing first, and in it the newest first.
func (s *Site) letter(m *store.Mail) letter {
	l := letter{
		Name: oneLine(m.Name), Digest: m.Digest, App: s.PublicURL + NoticesPath, Preferences: s.PublicURL + PreferencesPath,
	}
	groups := map[string]*group{}
	var kinds []governance.NoticeKind
	for _, n := range m.Notices {
		g := groups[n.About]
		if g == nil {
			g = &group{Title: titleOf(n)}
			groups[n.About] = g
			l.Groups = append(l.Groups, g)
		}
		if !slices.Contains(kinds, n.Kind) {
			kinds = append(kinds, n.Kind)
		}
		if len(g.Lines) == linesInGroup {
			g.More++
			continue
		}
		g.Lines = append(g.Lines, s.line(m.Person, n))
	}
	for _, kind := range kinds {
		l.Stops = append(l.Stops, stop{"mails about " + kindWords[kind], s.UnsubscribeURL(m.Person, string(kind))})
	}
	if m.Digest {
		l.Stops = append(l.Stops, stop{"this digest", s.UnsubscribeURL(m.Person, store.StopDigest)})
	}
	l.Stops = append(l.Stops, stop{"all mails", s.UnsubscribeURL(m.Person, store.StopAll)})
	l.Subject = oneLine(subjectOf(m, len(l.Groups)))
	return l
}

func (s *Site) line(person governance.PersonID, n *store.Notice) line {
	made := line{
		Text: oneLine(n.Text), Why: oneLine(n.Why), URL: s.PublicURL + NoticesPath + "#" + string(n.ID),
		Stop: s.UnsubscribeURL(person, string(n.Kind)),
	}
	if n.DueAt != nil {
		made.Due = n.DueAt.UTC().Format("2 January 2006, 15:04 UTC")
	}
	return made
}

func subjectOf(m *store.Mail, groups int) string {
	first := m.Notices[0]
	switch {
	case len(m.Notices) == 1:
		return strings.TrimSuffix(first.Text, ".") + ": " + titleOf(first)
	case groups == 1:
		return fmt.Sprintf("%d things about %s", len(m.Notices), titleOf(first))
	}
	return fmt.Sprintf("%d things about %s and %d more", len(m.Notices), titleOf(first), groups-1)
}

// titleOf names what a notice is about.
func titleOf(n *store.Notice) string { return titled(n.Title, n.Number) }

// titled is a title in English, or whatever language there is, with the edition's number.
func titled(text governance.Text, number string) string {
	title := text["en"]
	if languages := sortedLanguages(text); title == "" && len(languages) > 0 {
		title = text[languages[0]]
	}
	return oneLine(title + " " + number)
}

func sortedLanguages(text governance.Text) []string {
	languages := make([]string, 0, len(text))
	for language := range text {
		languages = append(languages, language)
	}
	slices.Sort(languages)
	return languages
}

// longestLine is how many characters of a text stand in a subject or a line.
const longestLine = 200

// oneLine makes a text fit for a header and for a line: what somebody wrote must not become a header of ours.
func oneLine(text string) string {
	clean := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(clean); len(runes) > longestLine {
		return string(runes[:longestLine-1]) + "…"
	}
	return clean
}

// kindWords are the kinds as people read them.
var kindWords = map[governance.NoticeKind]string{
	governance.NoticeMention:      "mentions of you",
	governance.NoticeDeadline:     "deadlines",
	governance.NoticeAnswer:       "answers to your comments",
	governance.NoticeComment:      "comments",
	governance.NoticeWorkingGroup: "working groups",
	governance.NoticeConsultation: "consultations",
	governance.NoticeBallot:       "ballots",
	governance.NoticeEndorsement:  "endorsements",
	governance.NoticeSuggestion:   "suggestions",
	governance.NoticeNeed:         "needs",
	governance.NoticePublication:  "publications",
	governance.NoticeCouncil:      "rolls and charters",
}

// KindWords is a kind as people read it, after "about".
func KindWords(kind governance.NoticeKind) string { return kindWords[kind] }
