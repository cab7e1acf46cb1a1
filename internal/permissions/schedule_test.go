package permissions_test

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// scheduleRows is the part of the table about schedules.
func scheduleRows() []row {
	const (
		staff   = "tyyyyyyd"
		editors = "tddyyydd"
	)
	list := func(parent func(*articlev1.Article) string) func(context.Context, *suite, caller, *articlev1.Article) error {
		return func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
			_, err := c.ListSchedules(ctx, &articlev1.ListSchedulesRequest{Parent: parent(a)})
			return err
		}
	}
	return []row{
		{"CreateSchedule", "", nil, editors, func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
			_, err := createSchedule(ctx, c, a)
			return err
		}},
		{"GetSchedule", "", nil, staff, func(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
			_, err := c.GetSchedule(ctx, &articlev1.GetScheduleRequest{Name: s.scheduled(a)})
			return err
		}},
		{"ListSchedules", "of an article", nil, staff, list((*articlev1.Article).GetName)},
		{"ListSchedules", "of a site", nil, staff, list(func(*articlev1.Article) string { return library + "/articles/-" })},
		{"ListSchedules", "of all sites", nil, "tddddyyd", list(func(*articlev1.Article) string { return "sites/-/articles/-" })},
		{"DeleteSchedule", "", nil, editors, func(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
			name := s.scheduled(a)
			_, err := c.DeleteSchedule(ctx, &articlev1.DeleteScheduleRequest{Name: name})
			if err != nil {
				_, gone := s.as(person(auth.Editor, library)).GetSchedule(ctx, &articlev1.GetScheduleRequest{Name: name})
				must(s.t, gone)
			}
			return err
		}},
	}
}

func createSchedule(ctx context.Context, c caller, a *articlev1.Article) (*articlev1.Schedule, error) {
	return c.CreateSchedule(ctx, &articlev1.CreateScheduleRequest{Parent: a.GetName(), Schedule: &articlev1.Schedule{
		Action: articlev1.Schedule_ACTION_PUBLISH, Revision: a.GetRevision(), FireTime: timestamppb.New(time.Now().AddDate(1, 0, 0)),
	}})
}

// scheduled makes a schedule of an article, as an editor, and returns its name.
func (s *suite) scheduled(a *articlev1.Article) string {
	s.t.Helper()
	made, err := createSchedule(s.t.Context(), s.as(person(auth.Editor, library)), a)
	must(s.t, err)
	return made.GetName()
}
