package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date returns the day of t as a sentence has it: "2024 m. birželio 7 d." with
// no-break spaces before "m." and "d.", "7 June 2024", "7. juni 2024". The
// caller has brought t into the time zone of the site.
func (l *Language) Date(t time.Time) string { return l.formatDate(l.dates.Long, t) }

// FullDate is Date with the day of the week.
func (l *Language) FullDate(t time.Time) string { return l.formatDate(l.dates.Full, t) }

// ShortDate returns the day of t for lists and tables: "2024-06-07",
// "7 Jun 2024", "07.06.2024". Like Date it reads t in its own location.
func (l *Language) ShortDate(t time.Time) string { return l.formatDate(l.dates.Short, t) }

// Month returns month and year, the month standing alone: "2024 m. birželis".
func (l *Language) Month(t time.Time) string { return l.formatDate(l.dates.Month, t) }

// Time returns hour and minute of t on a clock of 24 hours: "09:05".
func (l *Language) Time(t time.Time) string { return l.formatDate(l.dates.Time, t) }

// DateTime returns Date and Time of t, joined as the language joins them.
func (l *Language) DateTime(t time.Time) string {
	return strings.NewReplacer("{date}", l.Date(t), "{time}", l.Time(t)).Replace(l.dates.DateTime)
}

// DateRange returns the days from one to the other, both included, without
// saying twice what they share: "2024 m. birželio 7–9 d.". When to is not after
// from's day it is the Date of from.
func (l *Language) DateRange(from, to time.Time) string {
	var pattern string
	switch {
	case !to.After(from) || sameDay(from, to):
		return l.Date(from)
	case from.Year() != to.Year():
		return l.Date(from) + noBreak + "– " + l.Date(to)
	case from.Month() != to.Month():
		pattern = l.dates.MonthRange
	default:
		pattern = l.dates.DayRange
	}
	pattern = strings.NewReplacer(
		"{to_month}", l.dates.Months[to.Month()-1],
		"{to_day}", strconv.Itoa(to.Day()),
	).Replace(pattern)
	return l.formatDate(pattern, from)
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

func (l *Language) formatDate(pattern string, t time.Time) string {
	month := t.Month() - 1
	return strings.NewReplacer(
		"{year}", strconv.Itoa(t.Year()),
		"{month}", l.dates.Months[month],
		"{standalone}", l.dates.Standalone[month],
		"{mon}", l.dates.Abbrs[month],
		"{mm}", fmt.Sprintf("%02d", t.Month()),
		"{day}", strconv.Itoa(t.Day()),
		"{dd}", fmt.Sprintf("%02d", t.Day()),
		"{weekday}", l.dates.Weekdays[(t.Weekday()+6)%7],
		"{hour}", fmt.Sprintf("%02d", t.Hour()),
		"{minute}", fmt.Sprintf("%02d", t.Minute()),
	).Replace(pattern)
}

// check refuses a table that formatDate could not index.
func (d datesTable) check() error {
	for name, list := range map[string][]string{
		"months": d.Months, "standalone": d.Standalone, "abbreviations": d.Abbrs,
	} {
		if len(list) != 12 {
			return fmt.Errorf("%s: %d names, want 12", name, len(list))
		}
	}
	if len(d.Weekdays) != 7 {
		return fmt.Errorf("weekdays: %d names, want 7", len(d.Weekdays))
	}
	return nil
}
