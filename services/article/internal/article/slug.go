package article

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// slugTries is how many numbered slugs are tried before a random one.
const slugTries = 50

// Slugs yields slugs for a title in the language, best first: made of the
// title, then with -2, -3 and so on, at last with the id. A title that leaves
// nothing gives the day and the id.
func Slugs(code, title, id string, now time.Time) iter.Seq[string] {
	return func(yield func(string) bool) {
		l, ok := lang.For(code)
		if !ok {
			l = lang.Default()
		}
		base := l.Slug(title)
		if base == "" || ReservedSlug(base) {
			base = now.UTC().Format(time.DateOnly) + "-" + slugOf(id)
		}
		if !yield(base) {
			return
		}
		for n := 2; n <= slugTries; n++ {
			if !yield(joinSlug(base, strconv.Itoa(n))) {
				return
			}
		}
		yield(joinSlug(base, slugOf(id)))
	}
}

// SureSlug returns the last of Slugs, which no other article asks for.
func SureSlug(code, title, id string, now time.Time) string {
	last := ""
	for slug := range Slugs(code, title, id, now) {
		last = slug
	}
	return last
}

// Holds reports whether the article of this id and uid has a slug. One that is
// made anew under the id of one that was removed for good has none of its slugs,
// and an empty uid is nobody's.
func Holds(held *recordv1.Slug, id, uid string) bool {
	return held.GetArticleId() == id && held.GetArticleUid() == uid && uid != ""
}

// joinSlug adds a suffix, shortening base so that the limit is kept.
func joinSlug(base, suffix string) string {
	suffix = "-" + suffix
	if over := len(base) + len(suffix) - lang.MaxSlug; over > 0 {
		base = strings.TrimRight(base[:max(len(base)-over, 1)], "-")
	}
	return base + suffix
}

// slugOf makes a slug of an id, which may end with or double its hyphens.
func slugOf(id string) string {
	return strings.Join(strings.FieldsFunc(id, func(r rune) bool { return r == '-' }), "-")
}

// ReservedSlug reports whether an article of this slug would stand where the
// suite itself has something: a language's front page, or a path of the gateway.
func ReservedSlug(slug string) bool {
	if slices.Contains(lang.Codes(), slug) {
		return true
	}
	switch slug {
	case "v1", "upload", "media", "s", "oembed", "docs", "healthz", "search", "tag", "assets", "preview":
		return true
	}
	return false
}

// Path returns the address of an article on its site: "/slug" in the site's
// default language, "/en/slug" in another. Empty for an empty slug.
func Path(site *articlev1.Site, code, slug string) string {
	switch {
	case slug == "":
		return ""
	case code == site.GetDefaultLanguageCode():
		return "/" + slug
	}
	return fmt.Sprintf("/%s/%s", code, slug)
}
