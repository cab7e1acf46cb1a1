package stats_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

func day(tb testing.TB, text string) stats.Day {
	tb.Helper()
	d, err := stats.ParseDay(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// TestDayOf asks which day it is at the edges of days, of summer time and of
// the calendar.
func TestDayOf(t *testing.T) {
	tests := []struct{ name, at, zone, want string }{
		{"before midnight in Vilnius", "2026-11-22T21:59:59Z", "Europe/Vilnius", "2026-11-22"},
		{"midnight in Vilnius", "2026-11-22T22:00:00Z", "Europe/Vilnius", "2026-11-23"},
		{"before midnight in summer", "2026-07-01T20:59:59Z", "Europe/Vilnius", "2026-07-01"},
		{"midnight in summer", "2026-07-01T21:00:00Z", "Europe/Vilnius", "2026-07-02"},
		{"the hour that is left out", "2026-03-29T01:00:00Z", "Europe/Vilnius", "2026-03-29"},
		{"the day after it begins an hour early", "2026-03-29T21:30:00Z", "Europe/Vilnius", "2026-03-30"},
		{"the first of the hours that come twice", "2026-10-25T00:30:00Z", "Europe/Vilnius", "2026-10-25"},
		{"the second of them", "2026-10-25T01:30:00Z", "Europe/Vilnius", "2026-10-25"},
		{"the last second of a day of 25 hours", "2026-10-25T21:59:59Z", "Europe/Vilnius", "2026-10-25"},
		{"midnight that summer time leaves out", "2018-11-04T03:00:00Z", "America/Sao_Paulo", "2018-11-04"},
		{"leap day", "2028-02-28T22:00:00Z", "Europe/Vilnius", "2028-02-29"},
		{"the day after it", "2028-02-29T22:00:00Z", "Europe/Vilnius", "2028-03-01"},
		{"new year", "2026-12-31T22:00:00Z", "Europe/Vilnius", "2027-01-01"},
		{"far east", "2026-11-22T10:00:00Z", "Pacific/Kiritimati", "2026-11-23"},
		{"far west", "2026-11-22T10:59:59Z", "Pacific/Midway", "2026-11-21"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, test.at)
			if err != nil {
				t.Fatal(err)
			}
			zone, err := time.LoadLocation(test.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := stats.DayOf(at, zone).String(); got != test.want {
				t.Errorf("%s in %s is the day %s, want %s", test.at, test.zone, got, test.want)
			}
		})
	}
}

func TestParseDayRefuses(t *testing.T) {
	for _, text := range []string{"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "26-11-01", "2026-1-1", "1969-12-31", "2026-11-01T00:00"} {
		if d, err := stats.ParseDay(text); err == nil {
			t.Errorf("ParseDay(%q) = %s", text, d)
		}
	}
}

// TestPeriods has every day of 40 years in one week, month and year, without
// gaps.
func TestPeriods(t *testing.T) {
	for _, unit := range []stats.Unit{stats.UnitDay, stats.UnitWeek, stats.UnitMonth, stats.UnitYear} {
		last := day(t, "2000-01-01").In(unit)
		for d := last.First; d < day(t, "2040-01-01"); d++ {
			p := d.In(unit)
			if !p.Contains(d) || p != last && p.First != last.Next() {
				t.Fatalf("%s is in %v, after %v", d, p, last)
			}
			last = p
		}
	}
	for _, test := range []struct {
		day   string
		unit  stats.Unit
		first string
		next  string
	}{
		{"2026-11-22", stats.UnitWeek, "2026-11-16", "2026-11-23"},
		{"2027-01-03", stats.UnitWeek, "2026-12-28", "2027-01-04"},
		{"2028-02-29", stats.UnitMonth, "2028-02-01", "2028-03-01"},
		{"2026-12-31", stats.UnitMonth, "2026-12-01", "2027-01-01"},
		{"2028-02-29", stats.UnitYear, "2028-01-01", "2029-01-01"},
	} {
		p := day(t, test.day).In(test.unit)
		if p.First.String() != test.first || p.Next().String() != test.next {
			t.Errorf("%s is in %s to %s, want %s to %s", test.day, p.First, p.Next(), test.first, test.next)
		}
	}
}

// TestPlan says which figures a range is made of.
func TestPlan(t *testing.T) {
	type steps []string
	const kept = "2024-10-01"
	tests := []struct {
		name, first, last string
		unit              stats.Unit
		want              steps
	}{
		{"a day", "2026-11-22", "2026-11-22", stats.UnitNone, steps{"2026-11-22+1"}},
		{"a week", "2026-11-16", "2026-11-22", stats.UnitNone, steps{"2026-11-16+7"}},
		{"two weeks", "2026-11-09", "2026-11-22", stats.UnitNone, steps{"2026-11-09+7", "2026-11-16+7"}},
		{"seven days that are no week", "2026-11-17", "2026-11-23", stats.UnitNone, steps{"2026-11-01+30"}},
		{"thirty days", "2026-10-24", "2026-11-22", stats.UnitNone, steps{"2026-10-01+31", "2026-11-01+30"}},
		{"a year", "2025-01-01", "2025-12-31", stats.UnitNone, steps{"2025-01-01+365"}},
		{"a leap year and a month", "2024-01-01", "2025-01-31", stats.UnitNone, steps{"2024-01-01+366", "2025-01-01+31"}},
		{"a year less a day", "2025-01-02", "2025-12-31", stats.UnitNone, steps{
			"2025-01-01+31", "2025-02-01+28", "2025-03-01+31", "2025-04-01+30", "2025-05-01+31", "2025-06-01+30",
			"2025-07-01+31", "2025-08-01+31", "2025-09-01+30", "2025-10-01+31", "2025-11-01+30", "2025-12-01+31",
		}},
		{"a day that is no longer kept", "2024-09-30", "2024-09-30", stats.UnitNone, steps{"2024-09-01+30"}},
		{"days", "2028-02-28", "2028-03-01", stats.UnitDay, steps{"2028-02-28+1", "2028-02-29+1", "2028-03-01+1"}},
		{"days that are partly kept", "2024-09-15", "2024-10-02", stats.UnitDay, steps{"2024-09-01+30", "2024-10-01+1", "2024-10-02+1"}},
		{"weeks", "2026-11-18", "2026-11-24", stats.UnitWeek, steps{"2026-11-16+7", "2026-11-23+7"}},
		{"weeks that are partly kept", "2024-09-15", "2024-10-09", stats.UnitWeek, steps{"2024-09-01+30", "2024-09-30+7", "2024-10-07+7"}},
		{"months", "2026-10-31", "2026-11-01", stats.UnitMonth, steps{"2026-10-01+31", "2026-11-01+30"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan := stats.NewPlan(day(t, test.first), day(t, test.last), test.unit, day(t, kept))
			var got steps
			for _, step := range plan.Steps {
				got = append(got, step.First.String()+"+"+itoa(step.Next()-step.First))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
			last := plan.Steps[len(plan.Steps)-1]
			if plan.First != plan.Steps[0].First || plan.Last != last.Next()-1 || plan.First > day(t, test.first) || plan.Last < day(t, test.last) {
				t.Errorf("the plan is for %s to %s", plan.First, plan.Last)
			}
			for _, step := range plan.Steps {
				for _, p := range step.Stored {
					if p.Unit == stats.UnitDay && p.First < day(t, kept) || p.Unit == stats.UnitWeek {
						t.Errorf("%v is made of %v, which is not kept", step.Period, p)
					}
				}
			}
		})
	}
}
