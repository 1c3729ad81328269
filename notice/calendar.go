package notice

import (
	"time"

	ics "github.com/arran4/golang-ical"

	"concordat/store"
)

// Calendar writes consultations and ballots as iCalendar (RFC 5545). An entry keeps its UID for ever, and its SEQUENCE
// rises when it changes: a calendar that has it already moves it, or strikes it out.
func (s *Site) Calendar(name string, entries []*store.CalendarEntry) []byte {
	calendar := ics.NewCalendarFor("Concordat")
	calendar.SetMethod(ics.MethodPublish)
	calendar.SetName(name)
	for _, entry := range entries {
		s.addEntry(calendar, entry)
	}
	return []byte(calendar.Serialize(ics.WithNewLineWindows))
}

func (s *Site) addEntry(calendar *ics.Calendar, entry *store.CalendarEntry) {
	what, alarm := "Consultation", "The consultation closes in a day."
	if entry.Ballot {
		what, alarm = "Ballot", "The ballot closes in a day."
	}
	event := calendar.AddEvent(entry.ID + "@" + s.host())
	event.SetDtStampTime(entry.ChangedAt)
	event.SetModifiedAt(entry.ChangedAt)
	event.SetSequence(entry.Sequence)
	event.SetStartAt(entry.OpensAt.Truncate(time.Second))
	event.SetEndAt(entry.ClosesAt.Truncate(time.Second))
	event.SetSummary(what + ": " + titled(entry.Title, entry.Number))
	event.SetURL(s.PublicURL + NoticesPath)
	event.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy for a month
	if entry.Cancelled {
		event.SetStatus(ics.ObjectStatusCancelled)
		return // nothing to be reminded of
	}
	event.SetStatus(ics.ObjectStatusConfirmed)
	reminder := event.AddAlarm()
	reminder.SetAction(ics.ActionDisplay)
	reminder.SetDescription(alarm)
	reminder.SetTrigger("-P1D", &ics.KeyValues{Key: "RELATED", Value: []string{"END"}})
}
