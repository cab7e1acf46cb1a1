package schedule_test

import (
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := article.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestResolve has the days on which clocks are changed. In Vilnius they go from
// 03:00 to 04:00 on 2026-03-29 and from 04:00 to 03:00 on 2026-10-25, both at
// 01:00 UTC.
func TestResolve(t *testing.T) {
	for _, c := range []struct{ zone, wall, want string }{
		{"Europe/Vilnius", "2026-12-01T09:00", "2026-12-01T07:00:00Z"},
		{"Europe/Vilnius", "2026-06-01T09:00", "2026-06-01T06:00:00Z"},
		{"Europe/Vilnius", "2026-06-01T09:00:07", "2026-06-01T06:00:07Z"},
		{"Europe/Vilnius", "2026-03-29T02:59:59", "2026-03-29T00:59:59Z"},
		{"Europe/Vilnius", "2026-03-29T03:00", "2026-03-29T01:00:00Z"}, // skipped: is 04:00
		{"Europe/Vilnius", "2026-03-29T03:30", "2026-03-29T01:30:00Z"}, // skipped: is 04:30
		{"Europe/Vilnius", "2026-03-29T03:59:59", "2026-03-29T01:59:59Z"},
		{"Europe/Vilnius", "2026-03-29T04:00", "2026-03-29T01:00:00Z"},
		{"Europe/Vilnius", "2026-10-25T02:59:59", "2026-10-24T23:59:59Z"},
		{"Europe/Vilnius", "2026-10-25T03:00", "2026-10-25T00:00:00Z"}, // twice: the first
		{"Europe/Vilnius", "2026-10-25T03:30", "2026-10-25T00:30:00Z"}, // twice: the first
		{"Europe/Vilnius", "2026-10-25T04:00", "2026-10-25T02:00:00Z"}, // once: the clock showed 03:00 instead
		{"America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00Z"},
		{"America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z"},
		// Half an hour, in the other half of the world.
		{"Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00Z"},
		{"Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z"},
		// A day was left out: 2011-12-30.
		{"Pacific/Apia", "2011-12-29T23:00", "2011-12-30T09:00:00Z"},
		{"Pacific/Apia", "2011-12-30T10:00", "2011-12-30T20:00:00Z"},
		{"Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00:00Z"},
		// A day came twice.
		{"Pacific/Kwajalein", "1969-09-30T12:00", "1969-09-30T01:00:00Z"},
		{"UTC", "2026-02-28T23:59", "2026-02-28T23:59:00Z"},
	} {
		got, err := schedule.Resolve(c.wall, zone(t, c.zone))
		if err != nil || got.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%s %s: got %s, %v, want %s", c.zone, c.wall, got.UTC().Format(time.RFC3339), err, c.want)
		}
	}
	for _, bad := range []string{"", "2026-02-29T10:00", "2026-12-01", "2026-12-01T24:00", "2026-12-01T10:60", "2026-12-01T10:00:60", "2026-12-01 10:00", "2026-12-01T10:00Z"} {
		if got, err := schedule.Resolve(bad, time.UTC); err == nil {
			t.Errorf("%q: got %s", bad, got)
		}
	}
}

// TestResolveEverywhere walks a year in zones with all kinds of rules. What a
// clock shows leads back to the instant, or to the first of two that it shows;
// what it skips leads behind the gap, by the offset before.
func TestResolveEverywhere(t *testing.T) {
	const step = 30 * time.Minute
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, changes := range map[string]bool{
		"Europe/Vilnius": true, "Europe/Copenhagen": true, "America/St_Johns": true, "Australia/Lord_Howe": true,
		"Africa/Casablanca": true, "Antarctica/Troll": true, "Pacific/Chatham": true, "Asia/Kathmandu": false, "UTC": false,
	} {
		place := zone(t, name)
		twice, skipped := 0, 0
		for at := from; at.Before(from.AddDate(1, 0, 0)); at = at.Add(step) {
			wall, exact := schedule.WallClock(at, place)
			back, err := schedule.Resolve(wall, place)
			switch {
			case err != nil || exact != back.Equal(at):
				t.Fatalf("%s %s: got %s, %v, exact %v", name, wall, back, err, exact)
			case !exact:
				twice++
				if !back.Before(at) || back.In(place).Format(time.DateTime) != at.In(place).Format(time.DateTime) {
					t.Errorf("%s %s: %s is not the first time of %s", name, wall, back, at)
				}
			}
			// The same digits, taken for what a clock there shows.
			wall = at.Format("2006-01-02T15:04")
			instant, err := schedule.Resolve(wall, place)
			if err != nil {
				t.Fatal(err)
			}
			if instant.In(place).Format("2006-01-02T15:04") == wall {
				continue
			}
			skipped++
			_, before := instant.Add(-3 * time.Hour).In(place).Zone()
			if want := at.Add(-time.Duration(before) * time.Second); !instant.Equal(want) {
				t.Errorf("%s %s is skipped: got %s, want %s", name, wall, instant, want)
			}
		}
		if (twice > 0) != changes || (skipped > 0) != changes {
			t.Errorf("%s: %d times came twice and %d were skipped", name, twice, skipped)
		}
	}
}

// TestMoved has a country that gave up its summer time after schedules were
// made.
func TestMoved(t *testing.T) {
	stored := time.Date(2027, 7, 1, 6, 0, 0, 0, time.UTC)
	record := func(change func(*recordv1.Schedule)) *recordv1.Schedule {
		r := &recordv1.Schedule{Schedule: &articlev1.Schedule{
			State: schedule.Pending, WallClock: "2027-07-01T09:00", TimeZone: "Europe/Vilnius", FireTime: timestamppb.New(stored),
		}}
		change(r)
		return r
	}
	same := func(*recordv1.Schedule) {}
	winter := func(string) (*time.Location, error) { return time.FixedZone("always winter", 2*60*60), nil }
	lost := func(string) (*time.Location, error) { return nil, errors.New("no such zone") }
	for _, c := range []struct {
		name   string
		change func(*recordv1.Schedule)
		zone   func(string) (*time.Location, error)
		want   time.Time
		moved  bool
		fails  bool
	}{
		{"the same rules", same, article.LoadZone, stored, false, false},
		{"other rules", same, winter, stored.Add(time.Hour), true, false},
		{"no such zone any more", same, lost, stored, false, true},
		{"tried already", func(r *recordv1.Schedule) { r.Schedule.AttemptCount = 1 }, winter, stored, false, false},
		{"done", func(r *recordv1.Schedule) { r.Schedule.State = schedule.Done }, winter, stored, false, false},
		{"an instant", func(r *recordv1.Schedule) { r.InstantHolds = true }, winter, stored, false, false},
	} {
		got, moved, err := schedule.Moved(record(c.change), c.zone)
		if !got.Equal(c.want) || moved != c.moved || (err != nil) != c.fails {
			t.Errorf("%s: got %s, %v, %v", c.name, got, moved, err)
		}
	}
}
