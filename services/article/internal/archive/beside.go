package archive

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

func (r *Reader) readRevision(ctx context.Context, record *articlev1.ArchiveRecord) error {
	came := record.GetArticleRevision()
	n, number, err := article.ParseRevision("article_revision.name", came.GetName())
	switch {
	case err != nil:
		return err
	case n != r.one.name:
		return fault.InvalidField("article_revision.name", "this is not a revision of %s", r.one.name)
	case number <= r.one.newest.GetNumber() || number > r.one.state.GetRevision():
		return fault.InvalidField("article_revision.name", "revision %d is out of order", number)
	}
	revision := &recordv1.Revision{
		Number: number, Article: came.GetArticle(), Title: came.GetTitle(), Author: came.GetAuthor(), CreateTime: came.GetCreateTime(),
		Note: came.GetNote(), EditSession: came.GetEditSession(), RedactTime: came.GetRedactTime(),
	}
	err = fault.Join(
		checkTime("article_revision.create_time", came.GetCreateTime()),
		checkTimeIf("article_revision.redact_time", came.GetRedactTime() != nil, came.GetRedactTime()),
		checkWord("article_revision.author", came.GetAuthor()),
		checkNote("article_revision.note", came.GetNote(), maxNote),
		checkWord("article_revision.edit_session", came.GetEditSession()),
	)
	if err != nil {
		return err
	}
	if err := checkContent(r.site, came.GetArticle()); err != nil {
		return err
	}
	if err := exact(record, Revision(n, revision)); err != nil {
		return err
	}
	one := r.one
	one.numbers, one.newest = append(one.numbers, number), revision
	if number == one.state.GetPublishedRevision() {
		one.state.PublicSlug = came.GetArticle().GetSlug()
		one.state.PublicTags, one.state.PublicMember = came.GetArticle().GetTags(), article.MemberOf(came.GetArticle())
	}
	return r.into.Revision(ctx, n, one.state.GetCreateTime().AsTime(), revision)
}

func (r *Reader) readPublication(ctx context.Context, record *articlev1.ArchiveRecord) error {
	one, came := r.one, record.GetPublication()
	if err := one.settle(); err != nil {
		return err
	}
	p := &recordv1.Publication{
		Revision: came.GetRevision(), PublishTime: came.GetPublishTime(), Slug: came.GetSlug(), CreateTime: came.GetCreateTime(),
	}
	err := fault.Join(
		checkTime("publication.create_time", came.GetCreateTime()),
		checkTimeIf("publication.publish_time", came.GetRevision() != 0, came.GetPublishTime()),
	)
	switch {
	case err != nil:
		return err
	case came.GetRevision() < 0 || came.GetRevision() > one.state.GetRevision():
		return fault.InvalidField("publication.revision", "there is no revision %d", came.GetRevision())
	case one.seen > 0 && came.GetCreateTime().AsTime().Before(one.shown.GetCreateTime().AsTime()):
		return fault.InvalidField("publication.create_time", "publications are out of order")
	case (came.GetRevision() == 0) != (came.GetSlug() == ""), came.GetSlug() != "" && !validSlug(came.GetSlug()):
		return fault.InvalidField("publication.slug", "this is not a slug that readers could see")
	}
	if err := exact(record, Publication(p)); err != nil {
		return err
	}
	one.shown = p
	one.seen++
	if p.GetRevision() != 0 {
		one.state.PublicSlug = p.GetSlug()
	}
	return r.into.Publication(ctx, one.name, one.seen, p)
}

func (r *Reader) readSchedule(ctx context.Context, record *articlev1.ArchiveRecord) error {
	one, came := r.one, record.GetSchedule()
	if err := one.settle(); err != nil {
		return err
	}
	n, err := article.ParseSchedule("schedule.name", came.GetName())
	switch {
	case err != nil:
		return err
	case n.Article != one.name:
		return fault.InvalidField("schedule.name", "this is not a schedule of %s", one.name)
	case n.ID <= one.schedule:
		return fault.InvalidField("schedule.name", "%s is there twice, or out of order", n)
	}
	one.schedule = n.ID
	held := &recordv1.Schedule{
		Schedule:          proto.CloneOf(came),
		PublishedRevision: record.GetScheduleBasis().GetPublishedRevision(), InstantHolds: record.GetScheduleBasis().GetInstantHolds(),
	}
	held.Schedule.Name, held.Schedule.Etag = "", ""
	if _, err := fmt.Sscanf(came.GetEtag(), "s%d-", &held.Version); err != nil || held.GetVersion() < 1 {
		return fault.InvalidField("schedule.etag", "this is not the etag of a schedule")
	}
	if err := checkSchedule(came); err != nil {
		return err
	}
	if err := exact(record, Schedule(n, held)); err != nil {
		return err
	}
	if article.Waits(held) {
		if one.waiting++; one.waiting > article.MaxPending {
			return refuse("%s has more than %d schedules that wait", one.name, article.MaxPending)
		}
		if number := came.GetRevision(); number != 0 && !one.has(number) {
			return fault.InvalidField("schedule.revision", "there is no revision %d", number)
		}
	}
	held.ArticleVersion = one.version()
	return r.into.Schedule(ctx, n, held)
}

// version is that of the state to store: publications count it up, for they
// stand under it.
func (s *story) version() int64 { return s.seen + 1 }

// checkSchedule fails unless the fields of a schedule go together.
func checkSchedule(s *articlev1.Schedule) error {
	if s.GetLateness() != nil || s.GetLate() || s.GetState() == articlev1.Schedule_STATE_UNSPECIFIED {
		return fault.InvalidField("schedule", "this is not a schedule as it is stored")
	}
	if (s.GetAction() == articlev1.Schedule_ACTION_PUBLISH) != (s.GetRevision() > 0) || s.GetAction() == articlev1.Schedule_ACTION_UNSPECIFIED {
		return fault.InvalidField("schedule.action", "this does not go with the revision")
	}
	if _, err := article.LoadZone(s.GetTimeZone()); err != nil {
		return fault.InvalidField("schedule.time_zone", "%q is not an IANA time zone", s.GetTimeZone())
	}
	faults := []error{
		checkUID("schedule.uid", s.GetUid()), checkTime("schedule.fire_time", s.GetFireTime()),
		checkTime("schedule.create_time", s.GetCreateTime()), checkTime("schedule.update_time", s.GetUpdateTime()),
		checkTimeIf("schedule.attempt_time", s.GetAttemptTime() != nil, s.GetAttemptTime()),
		checkTimeIf("schedule.next_attempt_time", s.GetNextAttemptTime() != nil, s.GetNextAttemptTime()),
		checkTimeIf("schedule.done_time", s.GetDoneTime() != nil, s.GetDoneTime()),
		checkWord("schedule.creator", s.GetCreator()), checkNote("schedule.note", s.GetNote(), maxNote),
	}
	if s.GetWallClock() == "" || s.GetAttemptCount() < 0 {
		faults = append(faults, fault.InvalidField("schedule.wall_clock", "a stored schedule has a wall clock, and was tried never or more often"))
	}
	return fault.Join(faults...)
}
