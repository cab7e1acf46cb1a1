package schedule

import (
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// maxFindings is how many findings a schedule that is held keeps.
const maxFindings = 20

// Verdict is what to do with a schedule whose time has come.
type Verdict int

// The verdicts.
const (
	// Do it.
	Do Verdict = iota
	// Drop it: there is nothing left to do.
	Drop
	// Refuse it: it cannot be done.
	Refuse
)

// Judge says what to do with a schedule whose article is in a state. What
// readers see at this moment decides: to publish is superseded when they see
// the revision already, or one that is newer and was published since the
// schedule was made; to unpublish when they see nothing. A deleted article
// cannot be published.
func Judge(r *recordv1.Schedule, a *recordv1.State) Verdict {
	s := r.GetSchedule()
	seen := a.GetPublishedRevision()
	switch {
	case s.GetAction() == articlev1.Schedule_ACTION_UNPUBLISH:
		if seen == 0 {
			return Drop
		}
		return Do
	case a.GetState() == article.Deleted:
		return Refuse
	case seen == s.GetRevision(), seen > s.GetRevision() && seen != r.GetPublishedRevision():
		return Drop
	}
	return Do
}

// tried returns a copy of r after an attempt.
func tried(r *recordv1.Schedule, state articlev1.Schedule_State, now time.Time) *recordv1.Schedule {
	after := proto.CloneOf(r)
	s := after.GetSchedule()
	s.State = state
	s.AttemptCount++
	s.AttemptTime, s.UpdateTime = stamp(now), stamp(now)
	s.NextAttemptTime, s.LastFailure, s.Findings = nil, nil, nil
	return after
}

// Finish returns the record of a schedule that is done.
func Finish(r *recordv1.Schedule, now time.Time) *recordv1.Schedule {
	after := tried(r, Done, now)
	after.Schedule.DoneTime = stamp(now)
	return after
}

// Supersede returns the record of a schedule that had nothing left to do.
func Supersede(r *recordv1.Schedule, now time.Time) *recordv1.Schedule {
	return tried(r, Superseded, now)
}

// Fail returns the record of a schedule that cannot be done.
func Fail(r *recordv1.Schedule, cause error, now time.Time) *recordv1.Schedule {
	after := tried(r, Failed, now)
	after.Schedule.LastFailure = failureOf(cause)
	return after
}

// Obstruct returns the record of a schedule whose attempt failed: HELD when
// somebody has to mend or to waive something, FAILED when what it needs is gone,
// and else PENDING, to be tried again later. version is that of the article that
// was tried; 0 when it could not be read.
func Obstruct(r *recordv1.Schedule, cause error, version int64, now time.Time) *recordv1.Schedule {
	var after *recordv1.Schedule
	switch fault.ReasonOf(cause) {
	case faultv1.Reason_REASON_CHECK_FAILED, faultv1.Reason_REASON_PHOTO_UNKNOWN, faultv1.Reason_REASON_SLUG_TAKEN,
		faultv1.Reason_REASON_TRANSLATION_TAKEN:
		after = tried(r, Held, now)
		after.Schedule.Findings = findingsOf(cause)
		after.Schedule.NextAttemptTime = stamp(now.Add(heldEvery))
	case faultv1.Reason_REASON_RESOURCE_NOT_FOUND, faultv1.Reason_REASON_WRONG_STATE:
		after = tried(r, Failed, now)
	default:
		after = tried(r, Pending, now)
		after.Schedule.NextAttemptTime = stamp(now.Add(retryIn(after.GetSchedule().GetAttemptCount())))
	}
	after.ArticleVersion = version
	after.Schedule.LastFailure = failureOf(cause)
	return after
}

// Move returns the record of a schedule for another instant.
func Move(r *recordv1.Schedule, fire, now time.Time) *recordv1.Schedule {
	after := proto.CloneOf(r)
	after.Schedule.FireTime, after.Schedule.UpdateTime = stamp(fire), stamp(now)
	return after
}

// failureOf tells a failure without the chain behind it, which is for the log.
func failureOf(cause error) *articlev1.Schedule_Failure {
	e, ok := fault.Of(cause)
	if !ok {
		e = fault.Internal(cause, "something is wrong in the service itself; its log says what")
	}
	return &articlev1.Schedule_Failure{Reason: strings.TrimPrefix(e.Reason.String(), "REASON_"), Message: e.Message}
}

// findingsOf returns the findings that stop publishing, as far as there is room.
func findingsOf(cause error) []*articlev1.Finding {
	e, ok := fault.Of(cause)
	if !ok {
		return nil
	}
	var stopping []*articlev1.Finding
	for _, detail := range e.Details {
		failure, ok := detail.(*articlev1.CheckFailure)
		if !ok {
			continue
		}
		for _, f := range failure.GetFindings() {
			if f.GetSeverity() == articlev1.Finding_SEVERITY_ERROR && !f.GetWaived() && len(stopping) < maxFindings {
				stopping = append(stopping, f)
			}
		}
	}
	return stopping
}
