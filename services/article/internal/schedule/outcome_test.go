package schedule_test

import (
	"errors"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name      string
		action    articlev1.Schedule_Action
		base      int64 // what readers saw when it was made
		state     article.State
		published int64
		want      schedule.Verdict
	}{
		{"a draft", articlev1.Schedule_ACTION_PUBLISH, 0, article.Draft, 0, schedule.Do},
		{"one in review", articlev1.Schedule_ACTION_PUBLISH, 0, article.InReview, 0, schedule.Do},
		{"an older one is public", articlev1.Schedule_ACTION_PUBLISH, 4, article.Published, 4, schedule.Do},
		{"the same was published by hand", articlev1.Schedule_ACTION_PUBLISH, 0, article.Published, 5, schedule.Drop},
		{"a newer one was", articlev1.Schedule_ACTION_PUBLISH, 4, article.Published, 6, schedule.Drop},
		{"a newer one was public all the time", articlev1.Schedule_ACTION_PUBLISH, 6, article.Published, 6, schedule.Do},
		{"a still newer one was published since", articlev1.Schedule_ACTION_PUBLISH, 6, article.Published, 7, schedule.Drop},
		{"it was taken away", articlev1.Schedule_ACTION_PUBLISH, 5, article.Unpublished, 0, schedule.Do},
		{"it was deleted", articlev1.Schedule_ACTION_PUBLISH, 0, article.Deleted, 0, schedule.Refuse},
		{"to unpublish", articlev1.Schedule_ACTION_UNPUBLISH, 0, article.Published, 3, schedule.Do},
		{"to unpublish a draft", articlev1.Schedule_ACTION_UNPUBLISH, 0, article.Draft, 0, schedule.Drop},
		{"to unpublish what was taken away", articlev1.Schedule_ACTION_UNPUBLISH, 3, article.Unpublished, 0, schedule.Drop},
		{"to unpublish what was deleted", articlev1.Schedule_ACTION_UNPUBLISH, 3, article.Deleted, 0, schedule.Drop},
	} {
		r := pending(noon)
		r.Schedule.Action, r.PublishedRevision = c.action, c.base
		if got := schedule.Judge(r, &recordv1.State{State: c.state, PublishedRevision: c.published}); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestObstruct(t *testing.T) {
	var findings []*articlev1.Finding
	for range 30 {
		findings = append(findings,
			&articlev1.Finding{Rule: "error", Severity: articlev1.Finding_SEVERITY_ERROR},
			&articlev1.Finding{Rule: "waived", Severity: articlev1.Finding_SEVERITY_ERROR, Waived: true},
			&articlev1.Finding{Rule: "warning", Severity: articlev1.Finding_SEVERITY_WARNING})
	}
	check := fault.New(faultv1.Reason_REASON_CHECK_FAILED, "mend it").WithDetail(&articlev1.CheckFailure{Findings: findings})
	unknown := fault.Join(
		fault.Invalid("article.cover.photo", faultv1.Reason_REASON_PHOTO_UNKNOWN, "no photo a"),
		fault.Invalid("article.blocks[0].figure.placement.photo", faultv1.Reason_REASON_PHOTO_UNKNOWN, "no photo b"))
	for _, c := range []struct {
		name     string
		cause    error
		state    articlev1.Schedule_State
		reason   string
		findings int
	}{
		{"the check", check, schedule.Held, "CHECK_FAILED", 20},
		{"a photo is gone", unknown, schedule.Held, "PHOTO_UNKNOWN", 0},
		{"the address is taken", fault.New(faultv1.Reason_REASON_SLUG_TAKEN, "taken"), schedule.Held, "SLUG_TAKEN", 0},
		{"media is away", fault.Unavailable(nil, faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away"), schedule.Pending, "SERVICE_UNAVAILABLE", 0},
		{"a defect of ours", errors.New("secret"), schedule.Pending, "INTERNAL", 0},
		{"the revision is gone", fault.NotFound("x"), schedule.Failed, "RESOURCE_NOT_FOUND", 0},
	} {
		before := pending(noon)
		kept := proto.CloneOf(before)
		after := schedule.Obstruct(before, c.cause, 7, noon.Add(time.Second))
		one := after.GetSchedule()
		if one.GetState() != c.state || one.GetLastFailure().GetReason() != c.reason || len(one.GetFindings()) != c.findings || after.GetArticleVersion() != 7 {
			t.Errorf("%s: got %v", c.name, after)
		}
		if message := one.GetLastFailure().GetMessage(); message == "" || message == "secret" {
			t.Errorf("%s: tells %q", c.name, message)
		}
		if (one.GetNextAttemptTime() == nil) != (c.state == schedule.Failed) || one.GetAttemptCount() != 1 {
			t.Errorf("%s: got %v", c.name, one)
		}
		for _, f := range one.GetFindings() {
			if f.GetRule() != "error" {
				t.Errorf("%s: %q holds nothing back", c.name, f.GetRule())
			}
		}
		if !proto.Equal(before, kept) {
			t.Errorf("%s: the record before was changed", c.name)
		}
		// Success forgets what was wrong.
		done := schedule.Finish(after, noon.Add(time.Hour)).GetSchedule()
		if done.GetLastFailure() != nil || done.GetFindings() != nil || done.GetNextAttemptTime() != nil || done.GetAttemptCount() != 2 {
			t.Errorf("%s: got %v", c.name, done)
		}
	}
}

func TestAnswer(t *testing.T) {
	n := item("rytas", nil).Name
	away := errors.New("away")
	for _, c := range []struct {
		name     string
		record   *recordv1.Schedule
		now      time.Time
		lateness time.Duration
		late     bool
	}{
		{"before its time", pending(noon), noon.Add(-time.Hour), 0, false},
		{"within the minute", pending(noon), noon.Add(schedule.Grace), 0, false},
		{"nobody tried", pending(noon), noon.Add(schedule.Grace + time.Second), 0, true},
		{"tried in vain", schedule.Obstruct(pending(noon), away, 0, noon.Add(2*time.Minute)), noon.Add(3 * time.Minute), 2 * time.Minute, true},
		{"done at once", schedule.Finish(pending(noon), noon.Add(time.Second)), noon.AddDate(1, 0, 0), time.Second, false},
		{"done late", schedule.Finish(pending(noon), noon.Add(time.Hour)), noon.AddDate(1, 0, 0), time.Hour, true},
		{"failed", schedule.Fail(pending(noon), away, noon.Add(time.Hour)), noon.AddDate(1, 0, 0), 0, false},
		{"superseded", schedule.Supersede(pending(noon), noon.Add(time.Hour)), noon.AddDate(1, 0, 0), 0, false},
	} {
		got := schedule.Answer(n, c.record, c.now)
		if got.GetLateness().AsDuration() != c.lateness || got.GetLate() != c.late {
			t.Errorf("%s: got %s, late %v", c.name, got.GetLateness().AsDuration(), got.GetLate())
		}
		if got.GetName() != "sites/s/articles/a/schedules/rytas" || got.GetEtag() == "" {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}
