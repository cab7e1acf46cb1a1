package store

import (
	"iter"
	"time"

	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// languagesOf returns the languages under which an article is listed.
func languagesOf(a *recordv1.Article) []string { return []string{a.GetLanguageCode(), anyLanguage} }

// orderRows yields the keys of an article in the lists by time, and in its
// translation group; none for nil.
func orderRows(name published.Name, a *recordv1.Article) iter.Seq[string] {
	return func(yield func(string) bool) {
		if a == nil {
			return
		}
		for _, language := range languagesOf(a) {
			if !yield(orderScope(name.Site, language) + ordinal(name, a)) {
				return
			}
		}
		if group := a.GetTranslationGroup(); group != "" {
			yield(groupScope(name.Site, group) + a.GetLanguageCode() + "/" + name.ID)
		}
	}
}

// tagRows yields the keys of an article in the lists of its tags; none for nil.
func tagRows(name published.Name, a *recordv1.Article) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, tag := range a.GetTags() {
			for _, language := range languagesOf(a) {
				if !yield(tagScope(name.Site, language, tag) + ordinal(name, a)) {
					return
				}
			}
		}
	}
}

// ordinal is the end of a key in a list: earlier ones sort first.
func ordinal(name published.Name, a *recordv1.Article) string {
	return timeTerm(a.GetPublishTime().AsTime()) + "/" + name.ID
}

func orderScope(site, language string) string { return orderPrefix + site + "/" + language + "/" }

func groupScope(site, group string) string { return groupPrefix + site + "/" + group + "/" }

func tagScope(site, language, tag string) string {
	return tagIDScope(site, language, published.TagID(tag))
}

func tagIDScope(site, language, id string) string {
	return tagPrefix + site + "/" + language + "/" + id + "/"
}

// difference returns the keys that only the first and only the second have.
func difference(was, is iter.Seq[string]) (removed, added []string) {
	before := make(map[string]bool)
	for key := range was {
		before[key] = true
	}
	for key := range is {
		if !before[key] {
			added = append(added, key)
		}
		delete(before, key)
	}
	for key := range was { // in its order, not in that of the map
		if before[key] {
			removed = append(removed, key)
			delete(before, key)
		}
	}
	return removed, added
}

// archiveAge is after what time an article that was never heard of is no news:
// the feed can be resumed for as long, so nobody was away.
const archiveAge = 14 * 24 * time.Hour

// backdated reports whether an article that is now shown is no news.
func backdated(a *recordv1.Article, first bool, now time.Time) bool {
	const slack = time.Minute
	public := a.GetFirstPublicTime().AsTime()
	return a.GetPublishTime().AsTime().Before(public.Add(-slack)) || first && now.Sub(public) > archiveAge
}
