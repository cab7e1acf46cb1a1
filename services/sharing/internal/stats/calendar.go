package stats

import (
	"fmt"
	"time"
)

// Day is a day of the calendar, counted from 1970-01-01. Which one it is at an
// instant depends on the time zone; a Day has none.
type Day int32

const secondsPerDay = 24 * 60 * 60

// DayOf returns the day it is at t in a time zone.
func DayOf(t time.Time, zone *time.Location) Day {
	year, month, day := t.In(zone).Date()
	return dayAt(year, month, day)
}

func dayAt(year int, month time.Month, day int) Day {
	seconds := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	return Day(seconds / secondsPerDay) //nolint:gosec // G115: years have four digits
}

// ParseDay reads a day as ISO 8601 writes it, such as "2026-11-01", from 1970.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is no day; write it as 2026-11-01", text)
	}
	if t.Year() < 1970 {
		return 0, fmt.Errorf("%s is before 1970", text)
	}
	return DayOf(t, time.UTC), nil
}

// utc returns the midnight with which the day begins in UTC.
func (d Day) utc() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String returns the day as ISO 8601 writes it.
func (d Day) String() string { return d.utc().Format(time.DateOnly) }

// AddMonths returns the first day of the month that is n months after that of d.
func (d Day) AddMonths(n int) Day {
	year, month, _ := d.utc().Date()
	return dayAt(year, month+time.Month(n), 1)
}

// Unit is how long a period is.
type Unit int

// The units of periods. UnitNone is none.
const (
	UnitNone Unit = iota
	UnitDay
	UnitWeek // from Monday, ISO 8601
	UnitMonth
	UnitYear
	UnitEver
)

// Period is a day, week, month or year of the calendar, or all time.
type Period struct {
	Unit  Unit
	First Day
}

// In returns the period of a unit that the day is in.
func (d Day) In(unit Unit) Period {
	t := d.utc()
	switch unit {
	case UnitWeek:
		const monday = int(time.Monday)
		return Period{unit, d - Day((int(t.Weekday())-monday+7)%7)}
	case UnitMonth:
		return Period{unit, d.AddMonths(0)}
	case UnitYear:
		return Period{unit, dayAt(t.Year(), time.January, 1)}
	case UnitEver:
		return Period{unit, 0}
	default:
		return Period{unit, d}
	}
}

// Next returns the first day after the period.
func (p Period) Next() Day {
	switch p.Unit {
	case UnitWeek:
		return p.First + 7
	case UnitMonth:
		return p.First.AddMonths(1)
	case UnitYear:
		return p.First.AddMonths(12)
	case UnitEver:
		return 1 << 30
	default:
		return p.First + 1
	}
}

// Contains reports whether the day is in the period.
func (p Period) Contains(d Day) bool { return p.First <= d && d < p.Next() }
