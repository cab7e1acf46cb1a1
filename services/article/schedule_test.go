package article_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// The states and actions of schedules, shortened.
const (
	pending     = articlev1.Schedule_STATE_PENDING
	done        = articlev1.Schedule_STATE_DONE
	held        = articlev1.Schedule_STATE_HELD
	failed      = articlev1.Schedule_STATE_FAILED
	superseded  = articlev1.Schedule_STATE_SUPERSEDED
	toPublish   = articlev1.Schedule_ACTION_PUBLISH
	toUnpublish = articlev1.Schedule_ACTION_UNPUBLISH
)

// soon is a time that the schedules of tests are made for.
func soon() time.Time { return time.Now().UTC().Truncate(time.Second).Add(time.Hour) }

// schedule makes a schedule that publishes the revision that was read.
func (s *suite) schedule(a *articlev1.Article, at time.Time) *articlev1.Schedule {
	s.t.Helper()
	return s.scheduleAs(a, &articlev1.Schedule{Action: toPublish, Revision: a.GetRevision(), FireTime: timestamppb.New(at)})
}

func (s *suite) scheduleAs(a *articlev1.Article, schedule *articlev1.Schedule) *articlev1.Schedule {
	s.t.Helper()
	made, err := s.editor.CreateSchedule(s.t.Context(), &articlev1.CreateScheduleRequest{Parent: a.GetName(), Schedule: schedule})
	return must(s.t, made, err)
}

// again reads a schedule anew.
func (s *suite) again(one *articlev1.Schedule) *articlev1.Schedule {
	s.t.Helper()
	got, err := s.editor.GetSchedule(s.t.Context(), &articlev1.GetScheduleRequest{Name: one.GetName()})
	return must(s.t, got, err)
}

// now reads the working copy anew.
func (s *suite) now(a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	got, err := s.editor.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), View: working})
	return must(s.t, got, err)
}

// wantSchedule asks for the state of a schedule and the reason of its last
// failure.
func (s *suite) wantSchedule(one *articlev1.Schedule, state articlev1.Schedule_State, reason string) *articlev1.Schedule {
	s.t.Helper()
	got := s.again(one)
	if got.GetState() != state || got.GetLastFailure().GetReason() != reason {
		s.t.Errorf("got %v, want %s %s", got, state, reason)
	}
	return got
}

func TestCreateSchedule(t *testing.T) {
	s := newSuite(t)
	a := s.create("Naujiena")
	req := &articlev1.CreateScheduleRequest{
		Parent: a.GetName(), ScheduleId: "rytas", RequestId: uuid.NewString(),
		Schedule: &articlev1.Schedule{Action: toPublish, Revision: 1, WallClock: "2099-07-01T09:00", Note: "Atidarymas"},
	}
	made, err := s.editor.CreateSchedule(t.Context(), req)
	must(t, made, err)
	if made.GetName() != a.GetName()+"/schedules/rytas" || made.GetState() != pending || made.GetTimeZone() != "Europe/Vilnius" ||
		made.GetFireTime().AsTime().Format(time.RFC3339) != "2099-07-01T06:00:00Z" || made.GetCreator() != "editor@example.lt" || made.GetNote() != "Atidarymas" {
		t.Errorf("got %v", made)
	}
	again, err := s.editor.CreateSchedule(t.Context(), req)
	if must(t, again, err); again.GetUid() != made.GetUid() {
		t.Errorf("a retry made %v", again)
	}
	req.RequestId = ""
	_, err = s.editor.CreateSchedule(t.Context(), req)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)
	if diff := cmp.Diff(made.GetEtag(), s.again(made).GetEtag()); diff != "" {
		t.Error(diff)
	}
	given := s.scheduleAs(a, &articlev1.Schedule{
		Action: toUnpublish, TimeZone: "America/New_York",
		FireTime: timestamppb.New(time.Date(2099, 1, 1, 12, 0, 0, 999, time.UTC)),
	})
	if given.GetWallClock() != "2099-01-01T07:00:00" || given.GetFireTime().GetNanos() != 0 {
		t.Errorf("got %v", given)
	}
}

func TestCreateScheduleRefuses(t *testing.T) {
	s := newSuite(t)
	a := s.create("Naujiena")
	bad := s.create("Bloga", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{figure("f", s.media.put("tuscia", func(p *photo) { p.Alts = nil }))}
	})
	gone := s.create("Ištrinta")
	if _, err := s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: gone.GetName(), Etag: gone.GetEtag()}); err != nil {
		t.Fatal(err)
	}
	later := timestamppb.New(soon())
	for _, c := range []struct {
		name   string
		parent string
		change func(*articlev1.Schedule)
		reason faultv1.Reason
		field  string
	}{
		{"no action", a.GetName(), func(s *articlev1.Schedule) { s.Action = 0 }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.action"},
		{"no revision", a.GetName(), func(s *articlev1.Schedule) { s.Revision = 0 }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.revision"},
		{"a revision to unpublish", a.GetName(), func(s *articlev1.Schedule) { s.Action = toUnpublish }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.revision"},
		{"no time", a.GetName(), func(s *articlev1.Schedule) { s.FireTime = nil }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.fire_time"},
		{"two times", a.GetName(), func(s *articlev1.Schedule) { s.WallClock = "2099-01-01T09:00" }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.wall_clock"},
		{"the past", a.GetName(), func(s *articlev1.Schedule) { s.FireTime = timestamppb.New(time.Now().Add(-2 * time.Minute)) }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.fire_time"},
		{"the past by a clock", a.GetName(), func(s *articlev1.Schedule) { s.FireTime, s.WallClock = nil, "2001-01-01T09:00" }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.wall_clock"},
		{"no day", a.GetName(), func(s *articlev1.Schedule) { s.FireTime, s.WallClock = nil, "2099-02-30T09:00" }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.wall_clock"},
		{"after the last year", a.GetName(), func(s *articlev1.Schedule) {
			s.FireTime, s.WallClock, s.TimeZone = nil, "9999-12-31T23:59", "America/New_York"
		}, faultv1.Reason_REASON_INVALID_FIELD, "schedule.wall_clock"},
		{"no zone", a.GetName(), func(s *articlev1.Schedule) { s.TimeZone = "../etc/passwd" }, faultv1.Reason_REASON_INVALID_FIELD, "schedule.time_zone"},
		{"a note with control characters", a.GetName(), func(s *articlev1.Schedule) { s.Note = "a\x01" }, faultv1.Reason_REASON_INVALID_TEXT, "schedule.note"},
		{"no such revision", a.GetName(), func(s *articlev1.Schedule) { s.Revision = 2 }, faultv1.Reason_REASON_RESOURCE_NOT_FOUND, ""},
		{"no such article", testkit.Site + "/articles/niekas", func(*articlev1.Schedule) {}, faultv1.Reason_REASON_RESOURCE_NOT_FOUND, ""},
		{"deleted", gone.GetName(), func(*articlev1.Schedule) {}, faultv1.Reason_REASON_WRONG_STATE, ""},
		{"unfit", bad.GetName(), func(*articlev1.Schedule) {}, faultv1.Reason_REASON_CHECK_FAILED, ""},
	} {
		one := &articlev1.Schedule{Action: toPublish, Revision: 1, FireTime: later}
		c.change(one)
		_, err := s.editor.CreateSchedule(t.Context(), &articlev1.CreateScheduleRequest{Parent: c.parent, Schedule: one})
		t.Log(c.name)
		if e := refused(t, err, c.reason); violations(&e) != c.field {
			t.Errorf("%s: the field is %q", c.name, violations(&e))
		}
	}
	s.media.setAway(true)
	_, err := s.editor.CreateSchedule(t.Context(), &articlev1.CreateScheduleRequest{Parent: bad.GetName(), Schedule: &articlev1.Schedule{Action: toPublish, Revision: 1, FireTime: later}})
	testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
	for range 20 {
		s.schedule(a, soon())
	}
	_, err = s.editor.CreateSchedule(t.Context(), &articlev1.CreateScheduleRequest{Parent: a.GetName(), Schedule: &articlev1.Schedule{Action: toUnpublish, FireTime: later}})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
	// Those that are done count no more.
	s.parts.Scheduler.Sweep(t.Context(), soon())
	s.schedule(s.now(a), soon())
}

func TestDeleteSchedule(t *testing.T) {
	s := newSuite(t)
	a := s.create("Naujiena")
	one := s.schedule(a, soon())
	req := &articlev1.DeleteScheduleRequest{Name: one.GetName(), Etag: "s2-000000", RequestId: uuid.NewString()}
	_, err := s.editor.DeleteSchedule(t.Context(), req)
	testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	req.Etag = one.GetEtag()
	for range 2 { // a retry succeeds too
		if _, err := s.editor.DeleteSchedule(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.editor.GetSchedule(t.Context(), &articlev1.GetScheduleRequest{Name: one.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = s.editor.DeleteSchedule(t.Context(), &articlev1.DeleteScheduleRequest{Name: one.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	s.parts.Scheduler.Sweep(t.Context(), soon().Add(time.Hour))
	if got := s.now(a); got.GetState() != articlev1.Article_STATE_DRAFT {
		t.Errorf("what was called off was done: %v", got)
	}
}

// TestListSchedules pages through those of an article, a site and the suite.
func TestListSchedules(t *testing.T) {
	s := newSuite(t)
	s.site("antra")
	first, second := s.create("Pirma"), s.create("Antra")
	other, err := s.as("operator").CreateArticle(t.Context(), &articlev1.CreateArticleRequest{Parent: "sites/antra", Article: &articlev1.Article{Title: "Kita"}})
	must(t, other, err)
	at := soon()
	want := map[string][]string{}
	for i := range 12 {
		a := []*articlev1.Article{first, second, other}[i%3]
		// Some at the same time, made in no order.
		fire := at.Add(time.Duration(i*7%12/2) * time.Minute)
		one, err := s.as("operator").CreateSchedule(t.Context(), &articlev1.CreateScheduleRequest{
			Parent: a.GetName(), ScheduleId: fmt.Sprintf("s%02d", i),
			Schedule: &articlev1.Schedule{Action: toUnpublish, FireTime: timestamppb.New(fire)},
		})
		must(t, one, err)
		site, _, _ := strings.Cut(a.GetName(), "/articles/")
		for _, parent := range []string{a.GetName(), site + "/articles/-", "sites/-/articles/-"} {
			want[parent] = append(want[parent], fire.Format("15:04 ")+one.GetName())
		}
	}
	list := func(req *articlev1.ListSchedulesRequest) (names []string, pages int) {
		t.Helper()
		for {
			page, err := s.as("operator").ListSchedules(t.Context(), req)
			must(t, page, err)
			pages++
			for _, one := range page.GetSchedules() {
				names = append(names, one.GetFireTime().AsTime().Format("15:04 ")+one.GetName())
			}
			if req.PageToken = page.GetNextPageToken(); req.PageToken == "" {
				return names, pages
			}
		}
	}
	for parent, all := range want {
		for _, size := range []int32{1, 3, 5, 0} {
			names, pages := list(&articlev1.ListSchedulesRequest{Parent: parent, PageSize: size})
			if diff := cmp.Diff(sorted(all), names); diff != "" {
				t.Errorf("%s by %d: %s", parent, size, diff)
			}
			if size > 0 && pages < len(all)/int(size) {
				t.Errorf("%s by %d: %d pages", parent, size, pages)
			}
		}
	}
	limit := at.Add(2 * time.Minute).Format(time.RFC3339)
	for filter, n := range map[string]int{
		"state = PENDING": 12, "state = DONE": 0, "action = UNPUBLISH": 12, "late = true": 0, "late = false": 12,
		`fire_time < "` + limit + `"`: 4, `state = PENDING AND fire_time >= "` + limit + `"`: 8,
	} {
		names, _ := list(&articlev1.ListSchedulesRequest{Parent: "sites/-/articles/-", Filter: filter})
		if len(names) != n {
			t.Errorf("%s finds %d, want %d", filter, len(names), n)
		}
	}
	page, err := s.editor.ListSchedules(t.Context(), &articlev1.ListSchedulesRequest{Parent: first.GetName(), PageSize: 1})
	must(t, page, err)
	for _, c := range []struct {
		req    *articlev1.ListSchedulesRequest
		reason faultv1.Reason
	}{
		{&articlev1.ListSchedulesRequest{Parent: second.GetName(), PageToken: page.GetNextPageToken()}, faultv1.Reason_REASON_INVALID_PAGE_TOKEN},
		{&articlev1.ListSchedulesRequest{Parent: first.GetName(), PageToken: "x"}, faultv1.Reason_REASON_INVALID_PAGE_TOKEN},
		{&articlev1.ListSchedulesRequest{Parent: first.GetName(), Filter: "note = x"}, faultv1.Reason_REASON_INVALID_FILTER},
		{&articlev1.ListSchedulesRequest{Parent: testkit.Site + "/articles/niekas"}, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
		{&articlev1.ListSchedulesRequest{Parent: "sites/-/articles/-"}, faultv1.Reason_REASON_PERMISSION_DENIED},
		{&articlev1.ListSchedulesRequest{Parent: "sites/antra/articles/-"}, faultv1.Reason_REASON_PERMISSION_DENIED},
	} {
		_, err := s.editor.ListSchedules(t.Context(), c.req)
		refused(t, err, c.reason)
	}
	_, err = s.as("operator").ListSchedules(t.Context(), &articlev1.ListSchedulesRequest{Parent: "sites/-/articles/niekas"})
	refused(t, err, faultv1.Reason_REASON_INVALID_FIELD)
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

// refused stops the test unless a call failed for the reason.
func refused(tb testing.TB, err error, reason faultv1.Reason) fault.Error {
	tb.Helper()
	return testkit.WantFault(tb, err, status.Code(err), reason)
}
