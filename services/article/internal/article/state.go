package article

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Keep is how long a deleted article can be restored.
const Keep = 30 * 24 * time.Hour

// Step is what happens to an article.
type Step int

// The steps.
const (
	StepSave Step = iota
	StepSubmit
	StepReturn
	StepPublish
	StepUnpublish
	StepDelete
	StepUndelete
)

// String returns the word for the step in docs/architecture.md; "" for none.
func (s Step) String() string {
	words := []string{"save", "submit", "return", "publish", "unpublish", "delete", "undelete"}
	if s < 0 || int(s) >= len(words) {
		return ""
	}
	return words[s]
}

// State and its values, shortened.
type State = articlev1.Article_State

// The states, shortened.
const (
	Draft       = articlev1.Article_STATE_DRAFT
	InReview    = articlev1.Article_STATE_IN_REVIEW
	Published   = articlev1.Article_STATE_PUBLISHED
	Unpublished = articlev1.Article_STATE_UNPUBLISHED
	Deleted     = articlev1.Article_STATE_DELETED
)

// Next returns the state after a step, and false when the state does not allow
// it. Undeleting gives DRAFT, or UNPUBLISHED to what was ever public. The table
// stands in docs/architecture.md too.
func Next(from State, step Step, everPublic bool) (State, bool) {
	restored := Draft
	if everPublic {
		restored = Unpublished
	}
	next, ok := map[State]map[Step]State{
		Draft: {
			StepSave: Draft, StepSubmit: InReview, StepPublish: Published, StepDelete: Deleted,
		},
		InReview: {
			StepSave: InReview, StepReturn: Draft, StepPublish: Published, StepDelete: Deleted,
		},
		Published: {
			StepSave: Published, StepPublish: Published, StepUnpublish: Unpublished, StepDelete: Deleted,
		},
		Unpublished: {
			StepSave: Unpublished, StepPublish: Published, StepDelete: Deleted,
		},
		Deleted: {
			StepUndelete: restored,
		},
	}[from][step]
	return next, ok
}

// Allow fails with WRONG_STATE unless the article's state allows the step.
func Allow(a *recordv1.State, step Step) error {
	if _, ok := Next(a.GetState(), step, a.GetFirstPublicTime() != nil); ok {
		return nil
	}
	name := a.GetName()
	switch {
	case step == StepUndelete:
		return fault.State(name, "%s is not deleted, so there is nothing to restore", name)
	case a.GetState() == Deleted:
		return fault.State(name, "%s is deleted; restore it first", name)
	case step == StepSubmit && a.GetState() == InReview:
		return fault.State(name, "%s waits for an editor already; it can still be edited", name)
	case step == StepSubmit:
		return fault.State(name, "%s was public before, so there is no draft to submit; ask an editor to publish it", name)
	case step == StepReturn:
		return fault.State(name, "%s is not in review, so it cannot be returned", name)
	}
	return fault.State(name, "%s is not public, so it cannot be taken away from readers", name)
}

// Publish pins a revision for readers under its slug. shown is the time that
// readers see; zero keeps the one they know, or takes now. It returns
// KIND_PUBLISHED, or KIND_MOVED when readers knew another slug, and fails with
// WRONG_STATE.
func Publish(a *recordv1.State, revision int64, slug string, shown, now time.Time) (articlev1.WatchArticlesResponse_Kind, error) {
	if err := Allow(a, StepPublish); err != nil {
		return 0, err
	}
	kind := articlev1.WatchArticlesResponse_KIND_PUBLISHED
	if a.GetPublicSlug() != "" && a.GetPublicSlug() != slug {
		kind = articlev1.WatchArticlesResponse_KIND_MOVED
	}
	switch {
	case !shown.IsZero():
		a.PublishTime = timestamppb.New(shown)
	case a.GetPublishTime() == nil:
		a.PublishTime = timestamppb.New(now)
	}
	if a.GetFirstPublicTime() == nil {
		a.FirstPublicTime = timestamppb.New(now)
	}
	a.State, a.PublishedRevision, a.PublicSlug = Published, revision, slug
	return kind, nil
}

// Unpublish takes the article away from readers. It fails with WRONG_STATE.
func Unpublish(a *recordv1.State) error {
	if err := Allow(a, StepUnpublish); err != nil {
		return err
	}
	a.State, a.PublishedRevision = Unpublished, 0
	return nil
}

// Delete takes the article away; it can be restored for Keep. It fails with
// WRONG_STATE.
func Delete(a *recordv1.State, now time.Time) error {
	if err := Allow(a, StepDelete); err != nil {
		return err
	}
	a.State, a.PublishedRevision = Deleted, 0
	a.DeleteTime, a.PurgeTime = timestamppb.New(now), timestamppb.New(now.Add(Keep))
	return nil
}

// Undelete restores a deleted article. It fails with WRONG_STATE, also when its
// time has come although it is not removed yet.
func Undelete(a *recordv1.State, now time.Time) error {
	if err := Allow(a, StepUndelete); err != nil {
		return err
	}
	if !now.Before(a.GetPurgeTime().AsTime()) {
		return fault.State(a.GetName(), "%s was deleted more than 30 days ago and cannot be restored", a.GetName())
	}
	a.State, _ = Next(Deleted, StepUndelete, a.GetFirstPublicTime() != nil)
	a.DeleteTime, a.PurgeTime = nil, nil
	return nil
}

// Own reports whether the article is the principal's own draft: never public
// and not deleted, and created by them or naming them in a byline of content.
func Own(a *recordv1.State, content *articlev1.Article, principal string) bool {
	if principal == "" || a.GetFirstPublicTime() != nil || (a.GetState() != Draft && a.GetState() != InReview) {
		return false
	}
	if a.GetCreator() == principal {
		return true
	}
	for _, b := range content.GetBylines() {
		if b.GetPrincipal() == principal {
			return true
		}
	}
	return false
}
