package article

import (
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Working returns the working view of an article: state and one revision's
// content together, sharing the memory of both. Photos are not resolved.
func Working(a *recordv1.State, number int64, r *recordv1.Revision, site *articlev1.Site) *articlev1.Article {
	full := TakeContent(r.GetArticle())
	fillState(full, a)
	full.Annotations = a.GetAnnotations()
	full.Creator = a.GetCreator()
	full.UpdateTime = r.GetCreateTime()
	full.Revision = number
	full.Etag = Etag(a, number)
	full.Path = Path(site, a.GetLanguageCode(), full.GetSlug())
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
// resolved and dates not written out.
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
	return full
}
