package archive

import (
	"encoding/hex"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Site returns the record of a site. Its etag tells the version.
func Site(s *recordv1.Site) *articlev1.ArchiveRecord {
	return &articlev1.ArchiveRecord{Record: &articlev1.ArchiveRecord_Site{Site: proto.CloneOf(s.GetSite())}}
}

// Article returns the record of an article with the content of its newest
// revision.
func Article(a *recordv1.State, newest *articlev1.Article) *articlev1.ArchiveRecord {
	full := article.Content(newest)
	full.Name, full.Uid, full.LanguageCode = a.GetName(), a.GetUid(), a.GetLanguageCode()
	full.State, full.Creator = a.GetState(), a.GetCreator()
	full.CreateTime, full.UpdateTime = a.GetCreateTime(), a.GetUpdateTime()
	full.PublishTime, full.FirstPublicTime = a.GetPublishTime(), a.GetFirstPublicTime()
	full.DeleteTime, full.PurgeTime = a.GetDeleteTime(), a.GetPurgeTime()
	full.Revision, full.PublishedRevision = a.GetRevision(), a.GetPublishedRevision()
	full.Annotations, full.Aliases = a.GetAnnotations(), a.GetAliases()
	full.Review, full.FindingsSummary, full.Waivers = a.GetReview(), a.GetFindingsSummary(), a.GetWaivers()
	full.Etag = article.Etag(a, a.GetRevision())
	return &articlev1.ArchiveRecord{Record: &articlev1.ArchiveRecord_Article{Article: full}, Redactions: a.GetRedactions()}
}

// Revision returns the record of a revision.
func Revision(n article.Name, r *recordv1.Revision) *articlev1.ArchiveRecord {
	return &articlev1.ArchiveRecord{Record: &articlev1.ArchiveRecord_ArticleRevision{ArticleRevision: &articlev1.ArticleRevision{
		Name: article.RevisionName(n, r.GetNumber()), Revision: r.GetNumber(),
		Article: article.Content(r.GetArticle()), Title: r.GetArticle().GetTitle(),
		Author: r.GetAuthor(), CreateTime: r.GetCreateTime(), Note: r.GetNote(),
		EditSession: r.GetEditSession(), RedactTime: r.GetRedactTime(),
	}}}
}

// Publication returns the record of a publication.
func Publication(p *recordv1.Publication) *articlev1.ArchiveRecord {
	return &articlev1.ArchiveRecord{Record: &articlev1.ArchiveRecord_Publication_{Publication: &articlev1.ArchiveRecord_Publication{
		CreateTime: p.GetCreateTime(), Revision: p.GetRevision(), PublishTime: p.GetPublishTime(), Slug: p.GetSlug(),
	}}}
}

// Schedule returns the record of a schedule. Its etag tells the version.
func Schedule(n article.ScheduleName, r *recordv1.Schedule) *articlev1.ArchiveRecord {
	one := proto.CloneOf(r.GetSchedule())
	one.Name, one.Etag = n.String(), article.ScheduleEtag(r)
	record := &articlev1.ArchiveRecord{Record: &articlev1.ArchiveRecord_Schedule{Schedule: one}}
	if r.GetPublishedRevision() != 0 || r.GetInstantHolds() {
		record.ScheduleBasis = &articlev1.ArchiveRecord_ScheduleBasis{
			PublishedRevision: r.GetPublishedRevision(), InstantHolds: r.GetInstantHolds(),
		}
	}
	return record
}

// Slug returns the record of a slug of a site.
func Slug(site, code, slug string, held *recordv1.Slug) *articlev1.ArchiveRecord {
	record := &articlev1.ArchiveRecord_Slug{
		Slug: slug, LanguageCode: code, OncePublic: held.GetPublic(),
		Article: article.Name{Site: site, ID: held.GetArticleId()}.String(), ArticleUid: held.GetArticleUid(),
	}
	if held.GetFormerId() != "" {
		record.FormerArticle = article.Name{Site: site, ID: held.GetFormerId()}.String()
		record.FormerArticleUid = held.GetFormerUid()
	}
	return &articlev1.ArchiveRecord{Record: &articlev1.ArchiveRecord_Slug_{Slug: record}}
}

// Event returns the record of an audit event.
func Event(site string, e article.Event) *articlev1.ArchiveRecord {
	r := e.Record
	return &articlev1.ArchiveRecord{Record: &articlev1.ArchiveRecord_AuditEvent{AuditEvent: &articlev1.AuditEvent{
		Name:     article.SiteName(site) + eventInfix + hex.EncodeToString(e.Position),
		Resource: r.GetName(), Principal: r.GetPrincipal(), Method: r.GetMethod(), CreateTime: r.GetCreateTime(),
		BaseRevision: r.GetFromRevision(), Revision: r.GetToRevision(), Note: r.GetNote(), Schedule: r.GetSchedule(),
	}}}
}

// eventInfix stands between a site and where an event of it stands.
const eventInfix = "/auditEvents/e"
