package schedule

import (
	"time"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// How long until what failed is tried again.
const (
	shortest = 5 * time.Second // doubled with every attempt
	longest  = 5 * time.Minute
	// heldEvery is how often what the check holds back is tried again when
	// nothing was heard of its article.
	heldEvery = 10 * time.Minute
)

// Plan is what to do now.
type Plan struct {
	// Try are the schedules to try, in the order of their times.
	Try []article.ScheduleName
	// Held are those that the check holds back and that are not tried now.
	Held []article.ScheduleName
	// Wake is when there is something to do next; zero for never.
	Wake time.Time
}

// Step says what to do at a time with some schedules, given in the order of
// their times.
func Step(items []article.ScheduleItem, now time.Time) Plan {
	var plan Plan
	for _, item := range items {
		if item.Record == nil {
			continue
		}
		next, waits := Next(item.Record, now)
		switch {
		case !waits:
			continue
		case !next.After(now), item.Touched && !now.Before(item.Record.GetSchedule().GetFireTime().AsTime()):
			plan.Try = append(plan.Try, item.Name)
			continue
		case item.Record.GetSchedule().GetState() == Held:
			plan.Held = append(plan.Held, item.Name)
		}
		if plan.Wake.IsZero() || next.Before(plan.Wake) {
			plan.Wake = next
		}
	}
	return plan
}

// Next returns when a schedule is to be tried, which is not after now when its
// time has come, and false when never.
func Next(r *recordv1.Schedule, now time.Time) (time.Time, bool) {
	if !article.Waits(r) {
		return time.Time{}, false
	}
	s := r.GetSchedule()
	fire := s.GetFireTime().AsTime()
	switch {
	case now.Before(fire) || s.GetNextAttemptTime() == nil:
		return fire, true
	case now.Add(Grace).Before(s.GetAttemptTime().AsTime()):
		// The clock went back since the last attempt, and by more than two
		// machines differ. To wait for the time set then could take hours.
		return fire, true
	}
	return s.GetNextAttemptTime().AsTime(), true
}

// retryIn returns how long to wait after an attempt, the first one being 1.
func retryIn(attempt int32) time.Duration {
	wait := shortest
	for range attempt - 1 {
		if wait *= 2; wait >= longest {
			return longest
		}
	}
	return wait
}
