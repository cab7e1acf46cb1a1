package schedule_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

func TestOutdone(t *testing.T) {
	nine := time.Date(2026, 12, 1, 7, 0, 0, 0, time.UTC)
	one := func(id string, fire time.Time, state articlev1.Schedule_State, made int) article.ScheduleItem {
		return article.ScheduleItem{Name: article.ScheduleName{ID: id}, Record: &recordv1.Schedule{Schedule: &articlev1.Schedule{
			State: state, FireTime: timestamppb.New(fire), CreateTime: timestamppb.New(nine.AddDate(0, 0, -made)),
		}}}
	}
	pending := func(id string, hours time.Duration) article.ScheduleItem {
		return one(id, nine.Add(hours*time.Hour), schedule.Pending, 1)
	}
	for name, c := range map[string]struct {
		items []article.ScheduleItem
		want  string
	}{
		"nothing waits":         {nil, ""},
		"one":                   {[]article.ScheduleItem{pending("a", 0)}, ""},
		"one is to come":        {[]article.ScheduleItem{pending("a", -1), pending("b", 1)}, ""},
		"the last one counts":   {[]article.ScheduleItem{pending("b", -2), pending("a", -1), pending("c", 0)}, "a b"},
		"in any order":          {[]article.ScheduleItem{pending("c", 0), pending("a", -1), pending("b", -2)}, "a b"},
		"held is outdone":       {[]article.ScheduleItem{one("a", nine.Add(-time.Hour), schedule.Held, 1), pending("b", 0)}, "a"},
		"what is over does not": {[]article.ScheduleItem{pending("a", -1), one("b", nine, schedule.Done, 1)}, ""},
		"of one time the one made later": {
			[]article.ScheduleItem{one("a", nine, schedule.Pending, 1), one("b", nine, schedule.Pending, 2)}, "b",
		},
		"made at one time too": {[]article.ScheduleItem{pending("b", 0), pending("a", 0)}, "a"},
		"one cannot be read":   {[]article.ScheduleItem{{Name: article.ScheduleName{ID: "x"}}, pending("a", -1), pending("b", 0)}, "a"},
	} {
		var got []string
		for _, item := range schedule.Outdone(c.items, nine) {
			got = append(got, item.Name.ID)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
