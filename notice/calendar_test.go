package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notice"
	"concordat/store"
	"concordat/store/storetest"
)

// lines reads iCalendar as RFC 5545 has it, without the library that wrote it: folded lines unfolded, by component.
func lines(t *testing.T, calendar []byte) []string {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSuffix(string(calendar), "\r\n"), "\r\n") {
		assert.LessOrEqual(t, len(line), 75, line)
		assert.NotContains(t, line, "\n")
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(calendar), "\r\n ", ""), "\r\n"), "\r\n")
}

func TestAConsultationInACalendar(t *testing.T) {
	o := newOffice(t, "sqlite")
	site := o.site()
	opened := o.clock.Now().Add(500 * time.Microsecond)
	entry := &store.CalendarEntry{
		ID: string(o.edition.ID), Title: governance.Text{"en": "Pumps, pipes; and\nmore — a title that is longer than a line may be here, so that it is folded"},
		Number: "1.0", OpensAt: opened, ClosesAt: opened.AddDate(0, 1, 0), Sequence: 2, ChangedAt: opened,
	}
	got := lines(t, site.Calendar("Concordat", []*store.CalendarEntry{entry}))
	assert.Equal(t, "BEGIN:VCALENDAR", got[0])
	assert.Equal(t, "END:VCALENDAR", got[len(got)-1])
	for _, want := range []string{
		"VERSION:2.0", "METHOD:PUBLISH", "UID:" + entry.ID + "@credentials.example.org", "SEQUENCE:2", "STATUS:CONFIRMED",
		"DTSTART:20260302T090000Z", "DTEND:20260402T090000Z", "DTSTAMP:20260302T090000Z", "BEGIN:VALARM", "ACTION:DISPLAY",
		"TRIGGER;RELATED=END:-P1D", "TRANSP:TRANSPARENT",
	} {
		assert.Contains(t, got, want)
	}
	assert.Contains(t, strings.Join(got, "\n"), `SUMMARY:Consultation: Pumps\, pipes\; and more`)

	entry.Cancelled, entry.Sequence = true, 3
	got = lines(t, site.Calendar("Concordat", []*store.CalendarEntry{entry}))
	assert.Contains(t, got, "STATUS:CANCELLED")
	assert.Contains(t, got, "SEQUENCE:3")
	assert.NotContains(t, got, "BEGIN:VALARM")
}

func TestATokenDoesOneThingForOnePerson(t *testing.T) {
	o := newOffice(t, "sqlite")
	site, again := o.site(), o.site()
	person := o.As("acme", governance.RoleAuthor).Person
	token := func(url, path string) string { return strings.TrimPrefix(url, publicURL+path) }
	stop := token(site.UnsubscribeURL(person, "COMMENT"), "/unsubscribe/")
	whose, what, err := again.Unsubscription(stop)
	require.NoError(t, err, "the key is kept")
	assert.Equal(t, person, whose)
	assert.Equal(t, "COMMENT", what)
	_, _, err = site.CalendarOf(stop)
	assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err), "a mail's link opens no calendar")
	for _, forged := range []string{
		"", "..", stop + "A", strings.Replace(stop, "COMMENT", "ALL", 1),
		strings.Replace(stop, string(person), string(o.As("bolt", governance.RoleAuthor).Person), 1),
		token(site.CalendarURL(person, 1), "/calendar/"),
	} {
		_, _, err := site.Unsubscription(forged)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err), forged)
	}
	whose, number, err := site.CalendarOf(token(site.CalendarURL(person, 7), "/calendar/"))
	require.NoError(t, err)
	assert.Equal(t, person, whose)
	assert.Equal(t, 7, number)
}

func FuzzNoTokenIsForged(f *testing.F) {
	site, err := notice.NewSite(f.Context(), storetest.Open(f, storetest.SQLite), publicURL)
	require.NoError(f, err)
	f.Add("0195e3a0-0000-7000-8000-00000000000a.ALL.AAAA")
	f.Fuzz(func(t *testing.T, token string) {
		_, _, err := site.Unsubscription(token)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
		_, _, err = site.CalendarOf(token)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
	})
}
