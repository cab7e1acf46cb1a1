package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// identity is the article a manuscript belongs to: the id of its front
// matter, else the article that has the slug of its title in its language,
// else one made from that slug.
func identity(ctx context.Context, suite Suite, m *manuscript.Manuscript, site *articlev1.Site) (string, error) {
	if m.Matter.ID != "" {
		return site.GetName() + "/articles/" + m.Matter.ID, nil
	}
	slug := m.Matter.Slug
	if slug == "" {
		tongue, _ := lang.For(m.Article.GetLanguageCode())
		slug = tongue.Slug(m.Article.GetTitle())
	}
	if slug == "" {
		return "", fmt.Errorf("the title %q gives no slug; add `id:` or `slug:` to the front matter", m.Article.GetTitle())
	}
	name := site.GetName() + "/articles/" + articleID(m.Article.GetLanguageCode(), slug, site)
	_, err := suite.Articles.GetArticle(ctx, &articlev1.GetArticleRequest{Name: name, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING})
	if err == nil {
		return name, nil
	}
	if !notFound(err) {
		return "", fmt.Errorf("look for %s: %w", name, err)
	}
	found, err := withSlug(ctx, suite, site.GetName(), m.Article.GetLanguageCode(), slug)
	if err != nil {
		return "", fmt.Errorf("look for an article with the slug %s: %w", slug, err)
	}
	if found != "" {
		return found, nil
	}
	return name, nil
}

// withSlug returns the name of the article with the slug, or "". A page of a
// large site may end before anything matched.
func withSlug(ctx context.Context, suite Suite, site, language, slug string) (string, error) {
	request := &articlev1.ListArticlesRequest{
		Parent: site, PageSize: 1, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
		Filter: fmt.Sprintf("language_code = %q AND slug = %q", language, slug),
	}
	for {
		found, err := suite.Articles.ListArticles(ctx, request)
		if err != nil {
			return "", err
		}
		if len(found.GetArticles()) > 0 {
			return found.GetArticles()[0].GetName(), nil
		}
		if request.PageToken = found.GetNextPageToken(); request.GetPageToken() == "" {
			return "", nil
		}
	}
}

// articleID makes an id that people recognize: the slug, with the language
// before it when it is not the site's default.
func articleID(language, slug string, site *articlev1.Site) string {
	id := slug
	if language != site.GetDefaultLanguageCode() {
		id = language + "-" + slug
	}
	if id[0] < 'a' || id[0] > 'z' {
		id = "a-" + id
	}
	const most, digest = 63, 8
	if len(id) > most {
		sum := sha256.Sum256([]byte(id))
		id = id[:most-digest-1] + "-" + hex.EncodeToString(sum[:])[:digest]
	}
	for len(id) < 3 {
		id += "-0"
	}
	return id
}

// publishTime is the date of the file in the site's time zone: at noon when it
// names no hour, so that it is the same day for readers elsewhere. It is nil
// when readers know that day already, so that importing again changes nothing.
// A date in the future is refused: publishing shows the article at once.
func publishTime(m *manuscript.Manuscript, site *articlev1.Site, known *timestamppb.Timestamp, now time.Time) (*timestamppb.Timestamp, error) {
	zone, err := time.LoadLocation(site.GetTimeZone())
	if err != nil {
		return nil, fmt.Errorf("the site's time zone: %w", err)
	}
	when, err := m.Matter.Date.Time(0, zone)
	if err != nil {
		return nil, err
	}
	if when.After(now) {
		return nil, &manuscript.MatterError{Field: "date", Problem: "it lies in the future, so the article stays a draft; publish it when it is time"}
	}
	if m.Matter.Date.Hour == 0 && m.Matter.Date.Minute == 0 {
		if known != nil && known.AsTime().In(zone).Format(time.DateOnly) == when.Format(time.DateOnly) {
			return nil, nil //nolint:nilnil // nothing to change
		}
		const noon = 12 * time.Hour
		if when = when.Add(noon); when.After(now) {
			when = now
		}
	}
	return timestamppb.New(when.Truncate(time.Microsecond)), nil
}
