package schedule

import (
	"fmt"
	"time"

	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// The ways to write a wall clock.
const (
	minutes = "2006-01-02T15:04"
	seconds = "2006-01-02T15:04:05"
)

// Resolve returns the instant that a wall clock, written "2026-12-01T09:00" or
// "2026-12-01T09:00:00", stands for in a zone. A time that the zone skips counts
// from the offset before the gap; of a time that comes twice the first one is
// meant (RFC 5545, 3.3.5). It fails for what is no time.
func Resolve(wallClock string, zone *time.Location) (time.Time, error) {
	wall, err := time.Parse(minutes, wallClock)
	if err != nil {
		wall, err = time.Parse(seconds, wallClock)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read the wall clock: %w", err)
	}
	// Periods of one offset are walked from well before, because no offset is
	// a day or more. The first period that contains the time has it the first
	// time round. One that begins after it has passed the gap in which it lies.
	_, before := wall.Add(-48 * time.Hour).In(zone).Zone()
	at := wall.Add(-48 * time.Hour).In(zone)
	for {
		_, offset := at.Zone()
		start, end := at.ZoneBounds()
		instant := wall.Add(-time.Duration(offset) * time.Second)
		switch {
		case instant.Before(start):
			return wall.Add(-time.Duration(before) * time.Second), nil
		case end.IsZero() || instant.Before(end):
			return instant, nil
		}
		before, at = offset, end
	}
}

// WallClock writes an instant as the clocks of a zone show it, and reports
// whether Resolve leads back to it: it does not the second time round.
func WallClock(t time.Time, zone *time.Location) (wallClock string, exact bool) {
	wallClock = t.In(zone).Format(seconds)
	back, err := Resolve(wallClock, zone)
	return wallClock, err == nil && back.Equal(t)
}

// Moved returns the time of a schedule by today's rules of its zone, and whether
// it is another one than the stored: the wall clock holds when the rules change.
// What was tried already stays where it is, and so does what was given as an
// instant that no wall clock stands for. zone finds a zone by name.
func Moved(r *recordv1.Schedule, zone func(name string) (*time.Location, error)) (time.Time, bool, error) {
	s := r.GetSchedule()
	stored := s.GetFireTime().AsTime()
	if s.GetState() != Pending || s.GetAttemptCount() > 0 || r.GetInstantHolds() {
		return stored, false, nil
	}
	place, err := zone(s.GetTimeZone())
	if err != nil {
		return stored, false, fmt.Errorf("find the zone of a schedule: %w", err)
	}
	now, err := Resolve(s.GetWallClock(), place)
	if err != nil {
		return stored, false, err
	}
	return now, !now.Equal(stored), nil
}
