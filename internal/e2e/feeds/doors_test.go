package feeds_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// bound is how long a document of ours may show what was withdrawn; docs and
// Cache-Control say how long others may.
const bound = 5 * time.Second

// tag is that of every article here.
const tag = "Knygų mugė"

// doors are all addresses that show an article by its title or its path, and
// what of it they show.
func doors(now time.Time) map[string]func(title, path string) string {
	byTitle := func(title, _ string) string { return title }
	byPath := func(_, path string) string { return "https://biblioteka.example" + path + "<" }
	all := map[string]func(string, string) string{
		"/news-sitemap.xml":                        byTitle,
		fmt.Sprintf("/sitemap-%d.xml", now.Year()): byPath,
	}
	archive := now.Format("archive=2006-01")
	for _, file := range []string{"feed.xml", "atom.xml", "feed.json"} {
		for _, query := range []string{"", "?tag=Knyg%C5%B3+mug%C4%97", "?" + archive, "?" + archive + "&tag=Knyg%C5%B3+mug%C4%97"} {
			all["/"+file+query] = byTitle
		}
	}
	for _, format := range []string{"RSS", "ATOM", "JSON"} {
		all["/v1/"+library+":renderFeed?format=FEED_FORMAT_"+format] = nil // by its length: the document is in Base64
	}
	return all
}

// write makes a draft.
func (r *rig) write(id, title string) *articlev1.Article {
	r.Helper()
	a, err := r.articles.CreateArticle(r.Context(), &articlev1.CreateArticleRequest{
		Parent: library, ArticleId: id,
		Article: &articlev1.Article{
			Title: title, Slug: id, Tags: []string{tag}, LanguageCode: "lt",
			Lead: &articlev1.RichText{Spans: []*articlev1.Span{{Text: "Mugė prasidėjo šįryt, ir į ją atėjo daugiau žmonių nei pernai."}}},
			Blocks: []*articlev1.Block{{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{
				Text: &articlev1.RichText{Spans: []*articlev1.Span{{Text: "Tekstas apie mugę."}}},
			}}}},
		},
	})
	r.must(err)
	return a
}

// publish shows an article to readers, at an earlier time unless that is zero.
func (r *rig) publish(a *articlev1.Article, at time.Time) *articlev1.Article {
	r.Helper()
	req := &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()}
	if !at.IsZero() {
		req.PublishTime = timestamppb.New(at)
	}
	published, err := r.articles.PublishArticle(r.Context(), req)
	r.must(err)
	return published
}

// await asks again until an answer is as wanted, and fails after the bound.
func (r *rig) await(path, what string, wanted func(status int, body string) bool) {
	r.Helper()
	deadline := time.After(bound)
	for {
		resp, body := r.get(path)
		if wanted(resp.status, body) {
			return
		}
		select {
		case <-deadline:
			r.Errorf("%s: after %s it is not so that %s: %d\n%.3000s", path, bound, what, resp.status, body)
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestEveryDoor follows articles through every feed and sitemap: what is
// published shows, what is corrected shows as it now is, what is withdrawn is
// gone within the bound, and a draft never shows.
func TestEveryDoor(t *testing.T) {
	r := newRig(t, io.Discard)
	now := time.Now()
	stays := r.publish(r.write("lieka", "Liekantis straipsnis"), time.Time{})
	draft := r.write("juodrastis", "Slaptas juodraštis")
	passing := r.publish(r.write("praeina", "Praeinantis straipsnis"), time.Time{})
	lengths := map[string]int{}
	each := func(check func(path string, shows func(string, string) string)) {
		for path, shows := range doors(now) {
			check(path, shows)
		}
	}
	each(func(path string, shows func(string, string) string) {
		if shows == nil {
			return
		}
		r.await(path, "both articles show", func(status int, body string) bool {
			return status == http.StatusOK && strings.Contains(body, shows(stays.GetTitle(), stays.GetPath())) &&
				strings.Contains(body, shows(passing.GetTitle(), passing.GetPath()))
		})
	})
	each(func(path string, _ func(string, string) string) {
		_, body := r.get(path)
		lengths[path] = len(body)
		for _, secret := range []string{draft.GetTitle(), "/juodrastis"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows a draft", path)
			}
		}
	})
	_, err := r.articles.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: passing.GetName(), Etag: passing.GetEtag()})
	r.must(err)
	each(func(path string, shows func(string, string) string) {
		r.await(path, "the article is gone", func(status int, body string) bool {
			if shows == nil {
				return status == http.StatusOK && len(body) < lengths[path]
			}
			return status == http.StatusOK && strings.Contains(body, shows(stays.GetTitle(), stays.GetPath())) &&
				!strings.Contains(body, shows(passing.GetTitle(), passing.GetPath()))
		})
	})
	r.correct(stays)
	for path, shows := range doors(now) {
		if shows == nil || strings.HasPrefix(path, "/sitemap-") {
			continue
		}
		r.await(path, "the correction shows", func(status int, body string) bool {
			return status == http.StatusOK && strings.Contains(body, "Pataisytas straipsnis") && !strings.Contains(body, stays.GetTitle())
		})
	}
}

// correct publishes the article under another title.
func (r *rig) correct(a *articlev1.Article) {
	r.Helper()
	working, err := r.articles.GetArticle(r.Context(), &articlev1.GetArticleRequest{
		Name: a.GetName(), View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
	})
	r.must(err)
	working.Title = "Pataisytas straipsnis"
	saved, err := r.articles.UpdateArticle(r.Context(), &articlev1.UpdateArticleRequest{Article: working})
	r.must(err)
	r.publish(saved, time.Time{})
}

// TestBackdated shows what was published long ago in feeds and sitemaps, and
// not as news.
func TestBackdated(t *testing.T) {
	r := newRig(t, io.Discard)
	r.publish(r.write("sena", "Sena žinia"), time.Date(2019, 3, 4, 5, 6, 7, 0, time.UTC))
	r.await("/feed.xml?archive=2019-03", "the article is in the archive of its month", func(status int, body string) bool {
		return status == http.StatusOK && strings.Contains(body, "Sena žinia")
	})
	r.await("/sitemap.xml", "its year is in the index", func(_ int, body string) bool {
		return strings.Contains(body, "<loc>https://biblioteka.example/sitemap-2019.xml</loc>")
	})
	if _, body := r.get("/news-sitemap.xml"); strings.Contains(body, "Sena") || !strings.Contains(body, "</urlset>") {
		t.Errorf("news of 2019:\n%s", body)
	}
}

// TestConditional asks again with what a first answer said.
func TestConditional(t *testing.T) {
	r := newRig(t, io.Discard)
	r.publish(r.write("viena", "Viena"), time.Time{})
	path := "/atom.xml"
	r.await(path, "the article shows", func(_ int, body string) bool { return strings.Contains(body, "Viena") })
	first, _ := r.get(path)
	if resp, _ := r.get(path, "If-None-Match", first.header.Get("ETag")); resp.status != http.StatusNotModified {
		t.Errorf("the same document again: %d", resp.status)
	}
	r.publish(r.write("kita", "Kita"), time.Time{})
	r.await(path, "the other article shows", func(_ int, body string) bool { return strings.Contains(body, "Kita") })
	resp, body := r.get(path, "If-None-Match", first.header.Get("ETag"), "Accept-Encoding", "gzip")
	if resp.status != http.StatusOK || body == "" {
		t.Errorf("another document: %d", resp.status)
	}
}
