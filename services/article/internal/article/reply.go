package article

import (
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Working returns the working view of an article: state and one revision's
// content together, sharing the memory of both. Photos are not resolved.
func Working(a *recordv1.State, number int64, r *recordv1.Revision, site *articlev1.Site) *articlev1.Article {
	full := TakeContent(r.GetArticle())
	fillState(full, a)
	full.Annotations = a.GetAnnotations()
	full.Aliases = a.GetAliases()
	full.Creator = a.GetCreator()
	full.Review = a.GetReview()
	full.FindingsSummary, full.Waivers = a.GetFindingsSummary(), a.GetWaivers()
	full.UpdateTime = r.GetCreateTime()
	full.Revision = number
	full.Etag = Etag(a, number)
	full.Path = Path(site, a.GetLanguageCode(), full.GetSlug())
	full.PublishTimeTexts = publishTimeTexts(a, site)
	return full
}

// fillState sets what both views show of the state.
func fillState(full *articlev1.Article, a *recordv1.State) {
	full.Name, full.Uid, full.LanguageCode = a.GetName(), a.GetUid(), a.GetLanguageCode()
	full.State = a.GetState()
	full.CreateTime = a.GetCreateTime()
	full.PublishTime, full.FirstPublicTime = a.GetPublishTime(), a.GetFirstPublicTime()
	full.DeleteTime, full.PurgeTime = a.GetDeleteTime(), a.GetPurgeTime()
	full.PublishedRevision = a.GetPublishedRevision()
}

// Public returns the published view of an article, from the state and its
// published revision: without notes, creator and principals. Photos are not
// resolved.
func Public(a *recordv1.State, r *recordv1.Revision, site *articlev1.Site) *articlev1.Article {
	full := proto.CloneOf(r.GetArticle())
	fillState(full, a)
	for _, b := range full.GetBylines() {
		b.Principal = ""
	}
	full.UpdateTime = r.GetCreateTime()
	full.Revision = a.GetPublishedRevision()
	full.Etag = Etag(a, a.GetPublishedRevision())
	full.Path = Path(site, a.GetLanguageCode(), full.GetSlug())
	full.PublishTimeTexts = publishTimeTexts(a, site)
	return full
}

// publishTimeTexts writes the time that readers see out as they are used to,
// in every language of the site and in its zone.
func publishTimeTexts(a *recordv1.State, site *articlev1.Site) map[string]string {
	if a.GetPublishTime() == nil {
		return nil
	}
	zone, err := Zone(site)
	if err != nil {
		return nil // a site is not stored without its zone
	}
	texts := make(map[string]string, len(site.GetLanguageCodes()))
	for _, code := range site.GetLanguageCodes() {
		if l, ok := lang.For(code); ok {
			texts[code] = l.Date(a.GetPublishTime().AsTime().In(zone))
		}
	}
	return texts
}
