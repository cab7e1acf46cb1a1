package article

import (
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Submit asks an editor to look at a draft. What was said of an earlier
// submission is over. It fails with WRONG_STATE.
func Submit(a *recordv1.State, principal, note string, now time.Time) error {
	if err := Allow(a, StepSubmit); err != nil {
		return err
	}
	a.State = InReview
	a.Review = &articlev1.Review{Submitter: principal, SubmitTime: timestamppb.New(now), SubmitNote: note}
	return nil
}

// Return gives a submitted article back to its author with a note. It fails
// with WRONG_STATE, and with INVALID_FIELD for a note that says nothing.
func Return(a *recordv1.State, principal, note string, now time.Time) error {
	if err := Allow(a, StepReturn); err != nil {
		return err
	}
	if strings.TrimSpace(note) == "" {
		return fault.InvalidField("note", "say what the author is to mend")
	}
	if a.Review == nil {
		a.Review = &articlev1.Review{}
	}
	a.State = Draft
	a.Review.Reviewer, a.Review.ReturnTime, a.Review.ReturnNote = principal, timestamppb.New(now), note
	return nil
}
