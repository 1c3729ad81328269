package governance

import (
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // a binary must know the zones on a machine that has no zone files
)

// SourceTimeLimits is the law that deadlines follow: "Regulation (EEC, Euratom) No 1182/71 determining the rules
// applicable to periods, dates and time limits".
const SourceTimeLimits = "Regulation (EEC, Euratom) No 1182/71, Article 3"

// maxCalendarDays bounds a period, so that no date leaves the calendar.
const maxCalendarDays = 36_500

// Calendar is how a council counts days. A date means the end of that day in the zone; a deadline that falls on a
// holiday, or on a weekend where the council moves those, is the end of the next working day.
type Calendar struct {
	Zone         string `json:"zone"` // IANA name: "Europe/Brussels"
	Holidays     []Date `json:"holidays,omitempty"`
	MoveWeekends bool   `json:"moveWeekends"`
}

// Location answers the council's zone. The error is INVALID. "Local" is no zone: it means another one on each machine.
func (c Calendar) Location() (*time.Location, error) {
	if c.Zone != "" && c.Zone != "Local" {
		location, err := time.LoadLocation(c.Zone)
		if err == nil {
			return location, nil
		}
	}
	return nil, Invalid("/zone", "calendar-unknown-zone", `{zone} is no time zone such as "Europe/Brussels".`, "zone", shown(c.Zone))
}

// Deadline answers the instant, in UTC, at which a period that ends on the date is over: the midnight after it, or after
// the next working day. What is done before that instant is in time. Errors are INVALID: an unknown zone, no date.
func (c Calendar) Deadline(date Date) (time.Time, error) {
	return c.endOf(date, c.workingDayFrom)
}

// EndOf answers the instant, in UTC, at which the date is over in the zone, whatever day it is. Errors are INVALID: an
// unknown zone, no date.
func (c Calendar) EndOf(date Date) (time.Time, error) {
	return c.endOf(date, func(day time.Time) time.Time { return day })
}

// StartOf answers the instant, in UTC, at which the date begins in the zone. Errors as for EndOf.
func (c Calendar) StartOf(date Date) (time.Time, error) {
	return c.endOf(date, func(day time.Time) time.Time { return day.AddDate(0, 0, -1) })
}

// endOf answers the instant, in UTC, at which the day is over in the zone that move makes of the date.
func (c Calendar) endOf(date Date, move func(day time.Time) time.Time) (time.Time, error) {
	day, err := parseDay(date)
	if err != nil {
		return time.Time{}, err
	}
	location, err := c.Location()
	if err != nil {
		return time.Time{}, err
	}
	return endOfDay(move(day), location), nil
}

// AddDays answers the deadline of a period of n days that an event at from sets off: the day of the event does not
// count, and a period of two days or more has at least two working days. Errors are INVALID: an unknown zone, n below 0
// or above a century.
func (c Calendar) AddDays(from time.Time, n int) (time.Time, error) {
	if n < 0 || n > maxCalendarDays {
		return time.Time{}, Invalid("", "calendar-days", "A period has 0 to {limit} days, not {days}.",
			"limit", itoa(maxCalendarDays), "days", itoa(n))
	}
	location, err := c.Location()
	if err != nil {
		return time.Time{}, err
	}
	first := dayOf(from.In(location))
	last := c.workingDayFrom(first.AddDate(0, 0, n))
	if n >= 2 && c.workingDaysBetween(first, last) < 2 {
		last = c.workingDayFrom(last.AddDate(0, 0, 1))
	}
	return endOfDay(last, location), nil
}

// LastDay answers the date to show for a deadline: the day whose end it is.
func (c Calendar) LastDay(deadline time.Time) (Date, error) {
	return c.DateOf(deadline.Add(-time.Nanosecond))
}

// DateOf answers the date of an instant in the council's zone.
func (c Calendar) DateOf(instant time.Time) (Date, error) {
	location, err := c.Location()
	if err != nil {
		return "", err
	}
	return Date(instant.In(location).Format(time.DateOnly)), nil
}

// WorkingDay says whether the council works on the date.
func (c Calendar) WorkingDay(date Date) bool {
	day, err := parseDay(date)
	return err == nil && c.works(day)
}

// works looks at a day as dayOf makes it.
func (c Calendar) works(day time.Time) bool {
	if c.MoveWeekends && (day.Weekday() == time.Saturday || day.Weekday() == time.Sunday) {
		return false
	}
	return !slices.Contains(c.Holidays, Date(day.Format(time.DateOnly)))
}

// workingDayFrom answers the day or the first working day after it. Holidays are a list, so it ends.
func (c Calendar) workingDayFrom(day time.Time) time.Time {
	for !c.works(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// workingDaysBetween counts the working days after first up to last, at most 2 of them.
func (c Calendar) workingDaysBetween(first, last time.Time) int {
	working := 0
	for day := first.AddDate(0, 0, 1); working < 2 && !day.After(last); day = day.AddDate(0, 0, 1) {
		if c.works(day) {
			working++
		}
	}
	return working
}

func parseDay(date Date) (time.Time, error) {
	if f := checkDate(string(date)); f != nil {
		return time.Time{}, f.at("")
	}
	day, err := time.Parse(time.DateOnly, string(date))
	if err != nil {
		return time.Time{}, fmt.Errorf("parse date: %w", err)
	}
	return day, nil
}

// dayOf answers the calendar day of a local time, as midnight UTC.
func dayOf(local time.Time) time.Time {
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
}

// endOfDay answers the first instant of the next day in the zone. Where clocks change at midnight, that midnight is
// twice or not at all: of two the first counts, and where there is none, the moment of the change.
func endOfDay(day time.Time, location *time.Location) time.Time {
	next := day.AddDate(0, 0, 1)
	_, before := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, location).Zone()
	_, after := time.Date(next.Year(), next.Month(), next.Day(), 12, 0, 0, 0, location).Zone()
	byBefore := next.Add(-time.Duration(before) * time.Second)
	byAfter := next.Add(-time.Duration(after) * time.Second)
	if isMidnight(byBefore.In(location)) || !isMidnight(byAfter.In(location)) {
		return byBefore
	}
	return byAfter
}

func isMidnight(local time.Time) bool {
	hour, minute, second := local.Clock()
	return hour == 0 && minute == 0 && second == 0
}

func readCalendar(r *jsonReader, v *jsonValue) Calendar {
	m := r.object(v, "zone", "holidays", "moveWeekends")
	r.must(v, "zone", "moveWeekends")
	return Calendar{
		Zone:         r.string(m["zone"]),
		Holidays:     each(r, r.list(m["holidays"], maxHolidays), textAs[Date](r)),
		MoveWeekends: r.boolean(m["moveWeekends"]),
	}
}
