package schedule_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// pending returns a schedule for a time that publishes revision 5.
func pending(at time.Time) *recordv1.Schedule {
	return &recordv1.Schedule{Schedule: &articlev1.Schedule{
		State: schedule.Pending, Action: articlev1.Schedule_ACTION_PUBLISH, Revision: 5, FireTime: timestamppb.New(at),
	}}
}

func item(id string, r *recordv1.Schedule) article.ScheduleItem {
	return article.ScheduleItem{Name: article.ScheduleName{Article: article.Name{Site: "s", ID: "a"}, ID: id}, Record: r}
}

func TestStep(t *testing.T) {
	away := fault.Unavailable(nil, faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away")
	stopped := fault.New(faultv1.Reason_REASON_CHECK_FAILED, "mend it")
	touched := item("touched", schedule.Obstruct(pending(noon), stopped, 1, noon))
	touched.Touched = true
	items := []article.ScheduleItem{
		item("due", pending(noon)),
		item("away", schedule.Obstruct(pending(noon), away, 1, noon)),
		item("held", schedule.Obstruct(pending(noon), stopped, 1, noon)),
		touched,
		item("done", schedule.Finish(pending(noon), noon)),
		item("failed", schedule.Fail(pending(noon), away, noon)),
		item("superseded", schedule.Supersede(pending(noon), noon)),
		{Name: item("damaged", nil).Name, Err: errors.New("damaged")},
		item("later", pending(noon.Add(time.Hour))),
	}
	for _, c := range []struct {
		name string
		now  time.Time
		try  string
		held string
		wake time.Time
	}{
		{"before", noon.Add(-time.Second), "", "[held touched]", noon},
		{"at its time", noon, "[due touched]", "[held]", noon.Add(5 * time.Second)},
		{"a little later", noon.Add(5 * time.Second), "[due away touched]", "[held]", noon.Add(10 * time.Minute)},
		{"ten minutes later", noon.Add(10 * time.Minute), "[due away held touched]", "", noon.Add(time.Hour)},
		{"much later", noon.AddDate(1, 0, 0), "[due away held touched later]", "", time.Time{}},
		{"hours back", noon.Add(-5 * time.Hour), "", "[held touched]", noon},
	} {
		plan := schedule.Step(items, c.now)
		if got := ids(plan.Try); got != c.try {
			t.Errorf("%s: tries %s, want %s", c.name, got, c.try)
		}
		if got := ids(plan.Held); got != c.held {
			t.Errorf("%s: held are %s, want %s", c.name, got, c.held)
		}
		if !plan.Wake.Equal(c.wake) {
			t.Errorf("%s: wakes at %s, want %s", c.name, plan.Wake, c.wake)
		}
	}
}

func ids(names []article.ScheduleName) string {
	if len(names) == 0 {
		return ""
	}
	var list []string
	for _, n := range names {
		list = append(list, n.ID)
	}
	return fmt.Sprint(list)
}

// TestClockGoesBack fails at a time that the clock then forgets: it is tried
// again at once when it is due by the new clock, not hours later, and not before
// its time.
func TestClockGoesBack(t *testing.T) {
	away := fault.Unavailable(nil, faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away")
	r := schedule.Obstruct(pending(noon), away, 1, noon.Add(6*time.Hour))
	for _, c := range []struct {
		now  time.Time
		want time.Time
	}{
		{noon.Add(6 * time.Hour), noon.Add(6*time.Hour + 5*time.Second)},
		{noon.Add(6*time.Hour - 30*time.Second), noon.Add(6*time.Hour + 5*time.Second)}, // two machines may differ so much
		{noon.Add(2 * time.Hour), noon},
		{noon.Add(-time.Hour), noon},
		{noon.Add(9 * time.Hour), noon.Add(6*time.Hour + 5*time.Second)},
	} {
		if next, ok := schedule.Next(r, c.now); !ok || !next.Equal(c.want) {
			t.Errorf("at %s: next at %s, %v, want %s", c.now, next, ok, c.want)
		}
	}
}

// TestJumpingClock lets a clock jump by hours, back and forth, while attempts
// fail or succeed by chance: what is done is done once and at or after its time
// by the clock, and in the end everything is.
func TestJumpingClock(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 1))
	away := fault.Unavailable(nil, faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away")
	stopped := fault.New(faultv1.Reason_REASON_CHECK_FAILED, "mend it")
	records := make(map[string]*recordv1.Schedule)
	var order []string
	for i := range 40 {
		id := fmt.Sprintf("s%02d", i)
		order = append(order, id)
		records[id] = pending(noon.Add(time.Duration(i) * 20 * time.Minute))
	}
	done := make(map[string]int)
	now := noon.Add(-time.Hour)
	for range 4000 {
		now = now.Add(time.Duration(chance.IntN(600)) * time.Second)
		if chance.IntN(20) == 0 {
			now = now.Add(time.Duration(chance.IntN(13)-7) * time.Hour)
		}
		var items []article.ScheduleItem
		for _, id := range order {
			items = append(items, item(id, records[id]))
		}
		for _, n := range schedule.Step(items, now).Try {
			r := records[n.ID]
			if now.Before(r.GetSchedule().GetFireTime().AsTime()) {
				t.Fatalf("%s is tried at %s, before its time", n.ID, now)
			}
			switch chance.IntN(3) {
			case 0:
				records[n.ID] = schedule.Obstruct(r, away, 0, now)
			case 1:
				records[n.ID] = schedule.Obstruct(r, stopped, 0, now)
			default:
				records[n.ID] = schedule.Finish(r, now)
				done[n.ID]++
			}
		}
	}
	for _, id := range order {
		if done[id] != 1 {
			t.Errorf("%s was done %d times: %v", id, done[id], records[id])
		}
	}
}

func TestBackOff(t *testing.T) {
	away := errors.New("away")
	r, at := pending(noon), noon
	var got []time.Duration
	for range 9 {
		r = schedule.Obstruct(r, away, 0, at)
		next, _ := schedule.Next(r, at)
		got = append(got, next.Sub(at))
		at = next
	}
	want := []time.Duration{5e9, 10e9, 20e9, 40e9, 80e9, 160e9, 300e9, 300e9, 300e9}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.GetSchedule().GetAttemptCount() != 9 {
		t.Errorf("got %d attempts", r.GetSchedule().GetAttemptCount())
	}
}
