package archive

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

func (r *Reader) readSite(record *articlev1.ArchiveRecord) error {
	var err error
	if r.from, err = article.ParseSite("site.name", record.GetSite().GetName()); err != nil {
		return err
	}
	rename(record, r.from, r.site)
	site := record.GetSite()
	made := &recordv1.Site{Site: proto.CloneOf(site)}
	if _, err := fmt.Sscanf(site.GetEtag(), "s%d-", &made.Version); err != nil || made.GetVersion() < 1 || article.SiteEtag(made) != site.GetEtag() {
		return fault.InvalidField("site.etag", "this is not the etag of the site")
	}
	if err := fault.Join(
		checkUID("site.uid", site.GetUid()),
		checkTime("site.create_time", site.GetCreateTime()), checkTime("site.update_time", site.GetUpdateTime()),
	); err != nil {
		return err
	}
	if err := article.CleanTexts("site", made.GetSite().ProtoReflect()); err != nil {
		return err
	}
	if err := article.CheckSite(made.GetSite()); err != nil {
		return err
	}
	r.made = made
	if err := exact(record, Site(made)); err != nil {
		return err
	}
	if r.from != r.site {
		// A copy beside the site it is of must not answer in its place.
		made.Site.Hosts, made.Site.BaseUri = nil, ""
	}
	return nil
}

func (r *Reader) readSlug(ctx context.Context, s *articlev1.ArchiveRecord_Slug) error {
	n, err := article.ParseName("slug.article", s.GetArticle())
	held := &recordv1.Slug{ArticleId: n.ID, ArticleUid: s.GetArticleUid(), Public: s.GetOncePublic()}
	if err == nil && s.GetFormerArticle() != "" {
		err = r.readFormer(s, held)
	}
	if err == nil && s.GetArticleUid() != "" {
		err = checkUID("slug.article_uid", s.GetArticleUid())
	}
	place := s.GetLanguageCode() + "/" + s.GetSlug()
	_, known := lang.For(s.GetLanguageCode())
	switch {
	case err != nil:
		return err
	case n.Site != r.site:
		return fault.InvalidField("slug.article", "%s is not an article of the site", n)
	case s.GetFormerArticle() == "" && s.GetFormerArticleUid() != "":
		return fault.InvalidField("slug.former_article_uid", "there is no former article")
	case !known || !validSlug(s.GetSlug()):
		return fault.InvalidField("slug.slug", "%q is not a slug of a language", place)
	case place <= r.last.slug:
		return fault.InvalidField("slug.slug", "%q is there twice, or out of order", place)
	}
	r.last.slug = place
	return r.into.Slug(ctx, s.GetLanguageCode(), s.GetSlug(), held)
}

// readFormer sets the article that a slug was taken over from.
func (r *Reader) readFormer(s *articlev1.ArchiveRecord_Slug, held *recordv1.Slug) error {
	former, err := article.ParseName("slug.former_article", s.GetFormerArticle())
	if err != nil {
		return err
	}
	held.FormerId, held.FormerUid = former.ID, s.GetFormerArticleUid()
	same := held.GetFormerId() == held.GetArticleId() && held.GetFormerUid() == held.GetArticleUid()
	if former.Site != r.site || same || !held.GetPublic() {
		return fault.InvalidField("slug.former_article", "the slug cannot have been taken over from this article")
	}
	if held.GetFormerUid() == "" {
		return nil
	}
	return checkUID("slug.former_article_uid", held.GetFormerUid())
}

// validSlug reports whether an article can have the slug: words of a-z and 0-9,
// joined by single hyphens.
func validSlug(slug string) bool {
	if slug == "" || len(slug) > lang.MaxSlug {
		return false
	}
	for word := range strings.SplitSeq(slug, "-") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

func (r *Reader) readEvent(ctx context.Context, record *articlev1.ArchiveRecord) error {
	came, site := record.GetAuditEvent(), article.SiteName(r.site)
	id, _ := strings.CutPrefix(came.GetName(), site+eventInfix)
	position, err := hex.DecodeString(id)
	if err != nil || len(position) != eventPosition {
		return fault.InvalidField("audit_event.name", "this is not the name of an event of the site")
	}
	err = fault.Join(
		checkTime("audit_event.create_time", came.GetCreateTime()),
		checkWord("audit_event.principal", came.GetPrincipal()), checkWord("audit_event.method", came.GetMethod()),
		checkNote("audit_event.note", came.GetNote(), maxNote), checkWord("audit_event.resource", came.GetResource()),
		checkWord("audit_event.schedule", came.GetSchedule()),
	)
	switch {
	case err != nil:
		return err
	case !after(&r.last.event, position), binary.BigEndian.Uint64(position) != timeKey(came):
		return fault.InvalidField("audit_event.name", "the event is there twice, or out of order")
	case came.GetResource() != site && !strings.HasPrefix(came.GetResource(), site+"/"):
		return fault.InvalidField("audit_event.resource", "this is not of the site")
	case came.GetSchedule() != "" && !strings.HasPrefix(came.GetSchedule(), site+"/"):
		return fault.InvalidField("audit_event.schedule", "this is not of the site")
	case came.GetMethod() == "" || Local(came.GetMethod()):
		return fault.InvalidField("audit_event.method", "an archive tells of no such event")
	}
	event := article.Event{Position: position, Record: &recordv1.Event{
		Name: came.GetResource(), Principal: came.GetPrincipal(), Method: came.GetMethod(), CreateTime: came.GetCreateTime(),
		FromRevision: came.GetBaseRevision(), ToRevision: came.GetRevision(), Note: came.GetNote(), Schedule: came.GetSchedule(),
	}}
	if err := exact(record, Event(r.site, event)); err != nil {
		return err
	}
	return r.into.Event(ctx, event)
}

// eventPosition is the length of where an event stands: its time, and as much
// chance.
const eventPosition = 16

// timeKey returns the time of an event as its position begins with it.
func timeKey(e *articlev1.AuditEvent) uint64 {
	return uint64(e.GetCreateTime().AsTime().UnixMicro()) ^ 1<<63
}
