package archive

import (
	"context"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// story is an article while its records are read.
type story struct {
	name    article.Name
	state   *recordv1.State
	content *articlev1.Article // as the article's record tells it

	numbers  []int64 // of its revisions, ascending
	newest   *recordv1.Revision
	settled  bool // all revisions are read
	shown    *recordv1.Publication
	seen     int64 // publications
	waiting  int   // schedules that wait
	schedule string
}

func (r *Reader) readArticle(record *articlev1.ArchiveRecord) error {
	a := record.GetArticle()
	n, err := article.ParseName("article.name", a.GetName())
	switch {
	case err != nil:
		return err
	case n.Site != r.site:
		return fault.InvalidField("article.name", "%s is not an article of the site", n)
	case n.ID <= r.last.id:
		return fault.InvalidField("article.name", "%s is there twice, or out of order", n)
	}
	r.last.id = n.ID
	one := &story{name: n, content: article.Content(a), state: &recordv1.State{
		Name: a.GetName(), Uid: a.GetUid(), LanguageCode: a.GetLanguageCode(), State: a.GetState(), Creator: a.GetCreator(),
		CreateTime: a.GetCreateTime(), UpdateTime: a.GetUpdateTime(), PublishTime: a.GetPublishTime(),
		FirstPublicTime: a.GetFirstPublicTime(), DeleteTime: a.GetDeleteTime(), PurgeTime: a.GetPurgeTime(),
		Revision: a.GetRevision(), PublishedRevision: a.GetPublishedRevision(),
		Annotations: a.GetAnnotations(), Aliases: a.GetAliases(),
		Review: a.GetReview(), FindingsSummary: a.GetFindingsSummary(), Waivers: a.GetWaivers(),
		Redactions: record.GetRedactions(),
	}}
	if err := fault.Join(checkState(one.state), checkNotes(one.state)); err != nil {
		return err
	}
	if err := checkContent(r.site, one.content); err != nil {
		return err
	}
	if err := exact(record, Article(one.state, one.content)); err != nil {
		return err
	}
	r.one = one
	r.count++
	return nil
}

// checkState fails unless the fields of a state go together.
func checkState(a *recordv1.State) error {
	public := a.GetState() == article.Published
	once := a.GetFirstPublicTime() != nil
	deleted := a.GetState() == article.Deleted
	if _, known := lang.For(a.GetLanguageCode()); !known {
		return fault.InvalidField("article.language_code", "%q is not one of %s", a.GetLanguageCode(), strings.Join(lang.Codes(), ", "))
	}
	switch a.GetState() {
	case article.Draft, article.InReview:
		if once {
			return fault.InvalidField("article.state", "a draft was never public")
		}
	case article.Published, article.Unpublished:
		if !once {
			return fault.InvalidField("article.first_public_time", "this time is missing")
		}
	case article.Deleted:
	default:
		return fault.InvalidField("article.state", "there is no such state")
	}
	if a.GetRevision() < 1 || a.GetPublishedRevision() < 0 || a.GetPublishedRevision() > a.GetRevision() || public != (a.GetPublishedRevision() != 0) {
		return fault.InvalidField("article.published_revision", "the numbers of revisions do not fit the state")
	}
	return fault.Join(
		checkUID("article.uid", a.GetUid()),
		checkTime("article.create_time", a.GetCreateTime()),
		checkTime("article.update_time", a.GetUpdateTime()),
		checkTimeIf("article.publish_time", once, a.GetPublishTime()),
		checkTimeIf("article.first_public_time", once, a.GetFirstPublicTime()),
		checkTimeIf("article.delete_time", deleted, a.GetDeleteTime()),
		checkTimeIf("article.purge_time", deleted, a.GetPurgeTime()),
	)
}

// checkNotes fails unless what people and tools noted beside the content could
// have been saved.
func checkNotes(a *recordv1.State) error {
	aliases, err := article.CleanAliases(a.GetAliases())
	if err == nil && !slices.Equal(aliases, a.GetAliases()) {
		err = fault.InvalidField("article.aliases", "an address is there twice, or not in the form in which they are compared")
	}
	faults := []error{err, checkWord("article.creator", a.GetCreator())}
	beside := &articlev1.Article{Annotations: a.GetAnnotations()}
	clean := proto.CloneOf(beside)
	if err := article.CleanTexts("article", clean.ProtoReflect()); err != nil || !proto.Equal(clean, beside) {
		faults = append(faults, err, fault.InvalidField("article.annotations", "these texts are not in NFC"))
	}
	if review := a.GetReview(); review != nil {
		faults = append(faults, checkWord("article.review.submitter", review.GetSubmitter()),
			checkNote("article.review.submit_note", review.GetSubmitNote(), maxNote),
			checkWord("article.review.reviewer", review.GetReviewer()),
			checkNote("article.review.return_note", review.GetReturnNote(), maxNote),
			checkTimeIf("article.review.submit_time", review.GetSubmitTime() != nil, review.GetSubmitTime()),
			checkTimeIf("article.review.return_time", review.GetReturnTime() != nil, review.GetReturnTime()))
	}
	if n := len(a.GetWaivers()); n > article.MaxWaivers {
		faults = append(faults, fault.InvalidField("article.waivers", "there are %d waivers, the limit is %d", n, article.MaxWaivers))
	}
	for _, waiver := range a.GetWaivers() {
		faults = append(faults, checkWord("article.waivers.fingerprint", waiver.GetFingerprint()),
			checkWord("article.waivers.rule", waiver.GetRule()), checkWord("article.waivers.creator", waiver.GetCreator()),
			checkNote("article.waivers.reason", waiver.GetReason(), maxNote), checkTime("article.waivers.create_time", waiver.GetCreateTime()))
	}
	return fault.Join(faults...)
}

// close stores the state of the article that was being read, if there is one.
func (r *Reader) close(ctx context.Context) error {
	one := r.one
	if one == nil {
		return nil
	}
	if err := one.settle(); err != nil {
		return err
	}
	if was, is := one.shown.GetRevision(), one.state.GetPublishedRevision(); is != 0 && was != is {
		return refuse("%s is published, and its last publication is another one", one.name)
	}
	r.one = nil
	one.state.Version = one.version()
	return r.into.Article(ctx, one.name, one.state)
}

// settle checks that the revisions are those that the article's record tells of.
func (s *story) settle() error {
	if s.settled {
		return nil
	}
	s.settled = true
	switch {
	case s.newest.GetNumber() != s.state.GetRevision():
		return refuse("revision %d of %s, the newest one, is missing", s.state.GetRevision(), s.name)
	case !proto.Equal(s.newest.GetArticle(), s.content), !proto.Equal(s.newest.GetCreateTime(), s.state.GetUpdateTime()):
		return refuse("the newest revision of %s is not what its record tells", s.name)
	case s.state.GetPublishedRevision() != 0 && !s.has(s.state.GetPublishedRevision()):
		return refuse("revision %d of %s, which readers see, is missing", s.state.GetPublishedRevision(), s.name)
	}
	s.state.Member = article.MemberOf(s.newest.GetArticle())
	return nil
}

// has reports whether there is a revision.
func (s *story) has(number int64) bool {
	_, found := slices.BinarySearch(s.numbers, number)
	return found
}
