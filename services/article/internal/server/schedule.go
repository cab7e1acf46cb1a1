package server

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

// CreateSchedule implements the ArticleService.
func (s *Server) CreateSchedule(ctx context.Context, req *articlev1.CreateScheduleRequest) (*articlev1.Schedule, error) {
	n, err := article.ParseName("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "CreateSchedule", n.String(), "", req, now())
	if err != nil {
		return nil, err
	}
	if w.Note, err = article.CleanNote("schedule.note", req.GetSchedule().GetNote()); err != nil {
		return nil, err
	}
	name := article.ScheduleName{Article: n, ID: req.GetScheduleId()}
	if name.ID == "" {
		name.ID = article.NewID()
	}
	replay := func(record *recordv1.Request) (*articlev1.Schedule, error) {
		made, err := article.ParseSchedule("schedule", record.GetName())
		if err != nil {
			return nil, err
		}
		return s.schedule(ctx, made, w.Time)
	}
	return once(ctx, s, w, replay, func() (*articlev1.Schedule, error) {
		return s.createSchedule(ctx, w, name, req.GetSchedule())
	})
}

func (s *Server) createSchedule(ctx context.Context, w article.Write, n article.ScheduleName, given *articlev1.Schedule) (*articlev1.Schedule, error) {
	if err := checkAction(given); err != nil {
		return nil, err
	}
	l, err := s.Store.Load(ctx, n.Article, given.GetRevision())
	if err != nil {
		return nil, err
	}
	record, err := newSchedule(w, given, l)
	if err != nil {
		return nil, err
	}
	if l.State.GetState() == article.Deleted {
		return nil, article.Allow(l.State, article.StepPublish)
	}
	if given.GetAction() == articlev1.Schedule_ACTION_PUBLISH {
		if _, _, err := s.fit(ctx, l); err != nil {
			return nil, err
		}
	}
	if err := s.Store.PutSchedule(ctx, w, article.ScheduleWrite{Name: n, After: record}); err != nil {
		return nil, err
	}
	return schedule.Answer(n, record, w.Time), nil
}

// checkAction fails unless a schedule says what to do.
func checkAction(given *articlev1.Schedule) error {
	switch {
	case given.GetAction() == articlev1.Schedule_ACTION_UNSPECIFIED:
		return fault.InvalidField("schedule.action", "say whether to PUBLISH or to UNPUBLISH")
	case given.GetAction() == articlev1.Schedule_ACTION_PUBLISH && given.GetRevision() == 0:
		return fault.InvalidField("schedule.revision", "say which revision to publish; it is in the article that you read")
	case given.GetAction() == articlev1.Schedule_ACTION_UNPUBLISH && given.GetRevision() != 0:
		return fault.InvalidField("schedule.revision", "to unpublish needs no revision; leave it out")
	}
	return nil
}

// newSchedule makes the record of a schedule out of what a caller gave.
func newSchedule(w article.Write, given *articlev1.Schedule, l article.Loaded) (*recordv1.Schedule, error) {
	stamp := timestamppb.New(w.Time)
	record := &recordv1.Schedule{
		PublishedRevision: l.State.GetPublishedRevision(),
		Schedule: &articlev1.Schedule{
			Uid: article.NewUID(), Action: given.GetAction(), Revision: given.GetRevision(), Note: w.Note,
			State: schedule.Pending, Creator: w.Principal, CreateTime: stamp, UpdateTime: stamp,
			TimeZone: given.GetTimeZone(), WallClock: given.GetWallClock(),
		},
	}
	one := record.GetSchedule()
	if one.GetTimeZone() == "" {
		one.TimeZone = l.Site.GetSite().GetTimeZone()
	}
	zone, err := article.LoadZone(one.GetTimeZone())
	if err != nil {
		return nil, fault.InvalidField("schedule.time_zone", "%q is not an IANA time zone; write one like Europe/Vilnius", one.GetTimeZone())
	}
	fire, err := fireTime(given, zone)
	if err != nil {
		return nil, err
	}
	if fire.Before(w.Time.Add(-schedule.Grace)) {
		return nil, fault.InvalidField(timeField(given), "%s is in the past; choose a time to come, or publish now", fire.Format(time.RFC3339))
	}
	one.FireTime = timestamppb.New(fire)
	if one.GetWallClock() == "" {
		var exact bool
		one.WallClock, exact = schedule.WallClock(fire, zone)
		record.InstantHolds = !exact
	}
	return record, nil
}

// timeField returns the field that a caller gave the time in.
func timeField(given *articlev1.Schedule) string {
	if given.GetWallClock() != "" {
		return "schedule.wall_clock"
	}
	return "schedule.fire_time"
}

// fireTime returns the instant that a caller means, in whole seconds.
func fireTime(given *articlev1.Schedule, zone *time.Location) (time.Time, error) {
	field := timeField(given)
	fire := given.GetFireTime().AsTime().Truncate(time.Second)
	switch {
	case given.GetFireTime() == nil && given.GetWallClock() == "":
		return fire, fault.InvalidField(field, "say when: by fire_time, or by wall_clock and time_zone")
	case given.GetFireTime() != nil && given.GetWallClock() != "":
		return fire, fault.InvalidField(field, "say when either by fire_time or by wall_clock, not by both")
	case given.GetWallClock() != "":
		var err error
		if fire, err = schedule.Resolve(given.GetWallClock(), zone); err != nil {
			return fire, fault.InvalidField(field, "there is no time %q; write it like 2026-12-01T09:00", given.GetWallClock())
		}
	}
	stamp := given.GetFireTime()
	if stamp == nil {
		stamp = timestamppb.New(fire)
	}
	if stamp.CheckValid() != nil {
		return fire, fault.InvalidField(field, "this is not a time between the years 1 and 9999")
	}
	return fire, nil
}

// GetSchedule implements the ArticleService.
func (s *Server) GetSchedule(ctx context.Context, req *articlev1.GetScheduleRequest) (*articlev1.Schedule, error) {
	n, err := article.ParseSchedule("name", req.GetName())
	if err != nil {
		return nil, err
	}
	return s.schedule(ctx, n, now())
}

func (s *Server) schedule(ctx context.Context, n article.ScheduleName, at time.Time) (*articlev1.Schedule, error) {
	record, err := s.Store.Schedule(ctx, n)
	if err != nil {
		return nil, err
	}
	return schedule.Answer(n, record, at), nil
}

// DeleteSchedule implements the ArticleService.
func (s *Server) DeleteSchedule(ctx context.Context, req *articlev1.DeleteScheduleRequest) (*emptypb.Empty, error) {
	n, err := article.ParseSchedule("name", req.GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil && !fault.Has(err, faultv1.Reason_REASON_ETAG_REQUIRED) {
		return nil, err
	}
	w, err := write(ctx, "DeleteSchedule", n.String(), etag, req, now())
	if err != nil {
		return nil, err
	}
	replay := func(*recordv1.Request) (*emptypb.Empty, error) { return &emptypb.Empty{}, nil }
	return once(ctx, s, w, replay, func() (*emptypb.Empty, error) {
		before, err := s.Store.Schedule(ctx, n)
		if err != nil {
			return nil, err
		}
		if current := article.ScheduleEtag(before); etag != "" && etag != current {
			return nil, fault.Conflict(n.String(), &faultv1.EditConflict{
				CurrentRevision: before.GetVersion(), CurrentEtag: current, CurrentTime: before.GetSchedule().GetUpdateTime(),
			})
		}
		w.Note = before.GetSchedule().GetNote()
		return &emptypb.Empty{}, s.Store.PutSchedule(ctx, w, article.ScheduleWrite{Name: n, Before: before})
	})
}

// PublishScheduled shows the revision that was loaded to readers, in one
// transaction with the write of the schedule that asks for it. It fails as
// PublishArticle does, and with article.ErrOvertaken when anything changed
// since.
func (s *Server) PublishScheduled(ctx context.Context, w article.Write, l article.Loaded, c article.ScheduleWrite) error {
	_, err := s.show(ctx, w, l, time.Time{}, &c)
	return err
}

// UnpublishScheduled is PublishScheduled for taking the article away.
func (s *Server) UnpublishScheduled(ctx context.Context, w article.Write, l article.Loaded, c article.ScheduleWrite) error {
	after := proto.CloneOf(l.State)
	if err := article.Unpublish(after); err != nil {
		return err
	}
	const kind = articlev1.WatchArticlesResponse_KIND_UNPUBLISHED
	return s.Store.Commit(ctx, article.Change{
		Write: w, Name: l.Name, Before: l.State, After: after, Schedule: &c,
		Withdraw: true, Kind: kind, PublicKind: kind,
	})
}
