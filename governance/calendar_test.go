package governance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestADeadlineIsTheEndOfTheDayInTheCouncilsZone(t *testing.T) {
	office := Calendar{Zone: "Europe/Brussels", MoveWeekends: true, Holidays: []Date{"2026-12-25", "2026-12-28", "2027-01-01"}}
	always := Calendar{Zone: "Europe/Brussels"}
	tests := map[string]struct {
		calendar Calendar
		date     Date
		want     string
	}{
		"a working day in winter":                        {office, "2026-11-23", "2026-11-23T23:00:00Z"},
		"a working day in summer":                        {office, "2026-07-01", "2026-07-01T22:00:00Z"},
		"a Saturday moves to Monday":                     {office, "2026-11-21", "2026-11-23T23:00:00Z"},
		"a Sunday moves to Monday":                       {office, "2026-11-22", "2026-11-23T23:00:00Z"},
		"a Sunday stays where weekends do not move":      {always, "2026-11-22", "2026-11-22T23:00:00Z"},
		"a holiday before a weekend before another":      {office, "2026-12-25", "2026-12-29T23:00:00Z"},
		"the last day of a year that moves to the next":  {office, "2027-01-01", "2027-01-04T23:00:00Z"},
		"the day on which summer time begins":            {always, "2026-03-29", "2026-03-29T22:00:00Z"},
		"the day before summer time begins":              {always, "2026-03-28", "2026-03-28T23:00:00Z"},
		"the day on which summer time ends":              {always, "2026-10-25", "2026-10-25T23:00:00Z"},
		"the day before summer time ends":                {always, "2026-10-24", "2026-10-24T22:00:00Z"},
		"a leap day":                                     {always, "2028-02-29", "2028-02-29T23:00:00Z"},
		"a council in the west":                          {Calendar{Zone: "Atlantic/Azores"}, "2026-01-15", "2026-01-16T01:00:00Z"},
		"a midnight that comes twice counts when first":  {Calendar{Zone: "Atlantic/Azores"}, "2026-10-24", "2026-10-25T00:00:00Z"},
		"a midnight that does not come is the change":    {Calendar{Zone: "Africa/Cairo"}, "2026-04-23", "2026-04-23T22:00:00Z"},
		"the clocks go back at midnight, a day of 25 h":  {Calendar{Zone: "Africa/Cairo"}, "2026-10-29", "2026-10-29T22:00:00Z"},
		"a day that an island left out ends at the jump": {Calendar{Zone: "Pacific/Apia"}, "2011-12-29", "2011-12-30T10:00:00Z"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := test.calendar.Deadline(test.date)
			require.NoError(t, err)
			assert.Equal(t, test.want, got.Format(time.RFC3339))
			assert.Equal(t, time.UTC, got.Location())
		})
	}
}

func TestADayBeginsWhenTheOneBeforeItEnds(t *testing.T) {
	for date, want := range map[Date]string{
		"2026-11-23": "2026-11-22T23:00:00Z", "2026-07-01": "2026-06-30T22:00:00Z",
		"2026-03-29": "2026-03-28T23:00:00Z", "2026-03-30": "2026-03-29T22:00:00Z",
	} {
		got, err := Calendar{Zone: "Europe/Brussels", MoveWeekends: true}.StartOf(date)
		require.NoError(t, err)
		assert.Equal(t, want, got.Format(time.RFC3339), "%s", date)
	}
	for _, wrong := range []Calendar{{Zone: "Mars/Olympus"}, {}} {
		_, err := wrong.StartOf("2026-11-23")
		assert.Equal(t, CodeInvalid, CodeOf(err))
	}
	_, err := Calendar{Zone: "Europe/Brussels"}.StartOf("2026-02-30")
	assert.Equal(t, CodeInvalid, CodeOf(err))
}

func TestAPeriodEndsOnAWorkingDay(t *testing.T) {
	office := Calendar{Zone: "Europe/Brussels", MoveWeekends: true, Holidays: []Date{"2026-12-24", "2026-12-25"}}
	tests := map[string]struct {
		from string
		days int
		want Date
	}{
		"the day of the event does not count":               {"2026-11-23T09:00:00Z", 1, "2026-11-24"},
		"no days end with the day itself":                   {"2026-11-23T09:00:00Z", 0, "2026-11-23"},
		"the day is the council's, not London's":            {"2026-11-23T23:30:00Z", 1, "2026-11-25"},
		"thirty days":                                       {"2026-11-02T09:00:00Z", 30, "2026-12-02"},
		"an end on a Saturday moves":                        {"2026-11-23T09:00:00Z", 5, "2026-11-30"},
		"two days over a weekend have two working days":     {"2026-11-20T09:00:00Z", 2, "2026-11-24"},
		"three days over a weekend have two working days":   {"2026-11-20T09:00:00Z", 3, "2026-11-24"},
		"four days over a weekend are enough":               {"2026-11-20T09:00:00Z", 4, "2026-11-24"},
		"one day over a weekend may have one":               {"2026-11-20T09:00:00Z", 1, "2026-11-23"},
		"two days over holidays and weekend have two still": {"2026-12-23T09:00:00Z", 2, "2026-12-29"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			from, err := time.Parse(time.RFC3339, test.from)
			require.NoError(t, err)
			deadline, err := office.AddDays(from, test.days)
			require.NoError(t, err)
			got, err := office.LastDay(deadline)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
			direct, err := office.Deadline(got)
			require.NoError(t, err)
			assert.Equal(t, direct, deadline)
		})
	}
}

func TestEveryDayOfEveryZoneEndsAfterItsNoonAndInItsNight(t *testing.T) {
	zones := []string{"UTC", "Europe/Brussels", "Europe/Vilnius", "Atlantic/Azores", "Africa/Cairo", "America/Havana", "Asia/Beirut", "Asia/Kathmandu", "America/Santiago"}
	for _, zone := range zones {
		calendar := Calendar{Zone: zone}
		location, err := calendar.Location()
		require.NoError(t, err)
		for day := time.Date(2026, 1, 1, 12, 0, 0, 0, location); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
			date := Date(day.Format(time.DateOnly))
			deadline, err := calendar.Deadline(date)
			require.NoError(t, err)
			last, err := calendar.LastDay(deadline)
			require.NoError(t, err)
			require.Equal(t, date, last, zone)
			next, err := calendar.DateOf(deadline)
			require.NoError(t, err)
			require.Equal(t, Date(day.AddDate(0, 0, 1).Format(time.DateOnly)), next, "%s after %s", zone, date)
		}
	}
}

func TestACalendarRefusesWhatItCannotCount(t *testing.T) {
	right := Calendar{Zone: "Europe/Brussels"}
	for _, zone := range []string{"", "Local", "Europe/Atlantis", "../etc/passwd", "europe brussels"} {
		_, err := Calendar{Zone: zone}.Deadline("2026-11-23")
		assert.Equal(t, CodeInvalid, CodeOf(err), zone)
		_, err = Calendar{Zone: zone}.AddDays(time.Unix(0, 0), 1)
		assert.Equal(t, CodeInvalid, CodeOf(err), zone)
		_, err = Calendar{Zone: zone}.DateOf(time.Unix(0, 0))
		assert.Equal(t, CodeInvalid, CodeOf(err), zone)
	}
	for _, date := range []Date{"", "2026-02-30", "2026-11-23T00:00:00Z", "23.11.2026"} {
		_, err := right.Deadline(date)
		assert.Equal(t, CodeInvalid, CodeOf(err), date)
		assert.False(t, right.WorkingDay(date))
	}
	for _, days := range []int{-1, maxCalendarDays + 1} {
		_, err := right.AddDays(time.Unix(0, 0), days)
		assert.Equal(t, CodeInvalid, CodeOf(err), days)
	}
	assert.True(t, right.WorkingDay("2026-11-23"))
}
