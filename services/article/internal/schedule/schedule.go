// Package schedule knows when and whether schedules are done. Everything here is
// a pure function: of a wall clock and a zone (Resolve), of the records and the
// time (Step), of a record and its article (Judge), of a record and what came of
// an attempt (Done, Held, Failed, ...). Package scheduler acts on it.
//
// A schedule is PENDING until its time comes, then DONE, or one of
//
//	HELD        the revision is not fit for readers; tried again now and then
//	PENDING     something that passes was in the way; tried again, later each time
//	SUPERSEDED  there was nothing left to do, or a later one came due
//	FAILED      it cannot be done
//
// A clock that goes back never does anything twice: DONE stays DONE. What it
// stopped goes on when the new time asks for it, not when the old one did.
package schedule

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// The states, shortened.
const (
	Pending    = articlev1.Schedule_STATE_PENDING
	Done       = articlev1.Schedule_STATE_DONE
	Held       = articlev1.Schedule_STATE_HELD
	Failed     = articlev1.Schedule_STATE_FAILED
	Superseded = articlev1.Schedule_STATE_SUPERSEDED
)

// Grace is how long after its time a schedule is not yet late, and how far in
// the past the time of a new one may lie.
const Grace = time.Minute

// Answer returns a schedule as callers see it at a time.
func Answer(n article.ScheduleName, r *recordv1.Schedule, now time.Time) *articlev1.Schedule {
	s := proto.CloneOf(r.GetSchedule())
	s.Name, s.Etag = n.String(), article.ScheduleEtag(r)
	fire := s.GetFireTime().AsTime()
	switch {
	case s.GetState() == Done:
		lateness := max(s.GetDoneTime().AsTime().Sub(fire), 0)
		s.Lateness, s.Late = durationpb.New(lateness), lateness > Grace
	case article.Waits(r):
		if s.GetAttemptTime() != nil {
			s.Lateness = durationpb.New(max(s.GetAttemptTime().AsTime().Sub(fire), 0))
		}
		s.Late = now.Sub(fire) > Grace
	}
	return s
}

// stamp returns a time for a record.
func stamp(t time.Time) *timestamppb.Timestamp { return timestamppb.New(t) }
