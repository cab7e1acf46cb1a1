package article_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// resolve returns what stands at a path, in one line.
func (s *suite) resolvePath(path string) string {
	s.t.Helper()
	got, err := s.anonymous.ResolvePath(s.t.Context(), &articlev1.ResolvePathRequest{Site: testkit.Site, Path: path})
	if err != nil {
		testkit.WantFault(s.t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
		return "none"
	}
	if got.GetResolution() == articlev1.ResolvePathResponse_RESOLUTION_GONE && got.GetArticle() != "" {
		s.t.Errorf("%s: everyone is told of %s", path, got.GetArticle())
	}
	word := strings.ToLower(strings.TrimPrefix(got.GetResolution().String(), "RESOLUTION_"))
	if got.GetResolution() == articlev1.ResolvePathResponse_RESOLUTION_MOVED {
		word += " " + got.GetPath()
	}
	return word
}

func TestResolvePathWithContent(t *testing.T) {
	s := newSuite(t)
	a := s.publish(s.create("Knygų mugė"))
	ask := func(path string) *articlev1.ResolvePathResponse {
		got, err := s.anonymous.ResolvePath(t.Context(), &articlev1.ResolvePathRequest{Site: testkit.Site, Path: path, IncludeContent: true})
		return must(t, got, err)
	}
	want, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	must(t, want, err)
	got := ask("/knygu-muge")
	if diff := cmp.Diff(want, got.GetContent(), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	if got.GetResolution() != articlev1.ResolvePathResponse_RESOLUTION_FOUND || got.GetArticle() != a.GetName() || got.GetPath() != "/knygu-muge" {
		t.Errorf("got %v", got)
	}
	if moved := ask("/Knygu-Muge"); moved.GetContent() != nil || moved.GetPath() != "/knygu-muge" {
		t.Errorf("got %v", moved)
	}
	_, err = s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	if err != nil {
		t.Fatal(err)
	}
	if gone := ask("/knygu-muge"); gone.GetContent() != nil || gone.GetResolution() != articlev1.ResolvePathResponse_RESOLUTION_GONE {
		t.Errorf("got %v", gone)
	}
}

func TestResolvePath(t *testing.T) {
	s := newSuite(t)
	a := s.create("Knygų mugė")
	if got := s.resolvePath("/knygu-muge"); got != "none" {
		t.Errorf("a draft's address: %s", got)
	}
	s.publish(a)
	english := s.create("A visit to Denmark", func(a *articlev1.Article) { a.LanguageCode = "en" })
	s.publish(english)
	for path, want := range map[string]string{
		"/knygu-muge": "found", "/knygu-muge/": "moved /knygu-muge", "/Knygu-Muge": "moved /knygu-muge",
		"/knygu%2Dmuge": "moved /knygu-muge", "/knygu-muge?utm_source=x": "found", "/lt/knygu-muge": "moved /knygu-muge",
		"/en/a-visit-to-denmark": "found", "/a-visit-to-denmark": "moved /en/a-visit-to-denmark",
		"/en/knygu-muge": "none", "/": "none", "/nieko": "none", "/a/b/c": "none", "/%zz": "none", "//": "none",
	} {
		if diff := cmp.Diff(want, s.resolvePath(path)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	moved, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Slug: "muge-2026"})
	must(t, moved, err)
	if got := s.resolvePath("/muge-2026"); got != "none" {
		t.Errorf("the address of work in hand: %s", got)
	}
	s.publish(moved)
	for path, want := range map[string]string{"/muge-2026": "found", "/knygu-muge": "moved /muge-2026"} {
		if diff := cmp.Diff(want, s.resolvePath(path)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	_, err = s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, Article: &articlev1.Article{Title: "Kita", Slug: "knygu-muge"},
	})
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_SLUG_TAKEN)
	_, err = s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: moved.GetEtag()})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/muge-2026", "/knygu-muge"} {
		if got := s.resolvePath(path); got != "gone" {
			t.Errorf("%s: got %s", path, got)
		}
	}
}

func TestSlugs(t *testing.T) {
	s := newSuite(t)
	var got []string
	for range 3 {
		got = append(got, s.create("Ąžuolas").GetSlug())
	}
	got = append(got,
		s.create("Ąžuolas", func(a *articlev1.Article) { a.LanguageCode = "da" }).GetSlug(),
		s.create("日本語", func(a *articlev1.Article) { a.Slug = "japonu" }).GetSlug())
	if diff := cmp.Diff([]string{"azuolas", "azuolas-2", "azuolas-3", "azuolas", "japonu"}, got); diff != "" {
		t.Error(diff)
	}
	// A slug that was never public is free again when its draft takes another.
	a := s.create("Beržas")
	changed, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Slug: "kitas"})
	must(t, changed, err)
	if b := s.create("Beržas"); b.GetSlug() != "berzas" {
		t.Errorf("got %q", b.GetSlug())
	}
}

func TestListPages(t *testing.T) {
	s := newSuite(t)
	want := make(map[string]bool)
	for i := range 25 {
		a := s.create(fmt.Sprintf("Straipsnis %d", i), func(a *articlev1.Article) {
			if i%2 == 0 {
				a.Tags = []string{"lyginis"}
			}
		})
		s.publish(a)
		want[a.GetName()] = true
	}
	for _, c := range []struct {
		name   string
		view   articlev1.ArticleView
		filter string
		n      int
	}{
		{"published", 0, "", 25},
		{"working", working, "", 26}, // and the one added above
		{"published and filtered", 0, `tags:"lyginis" AND language_code = "lt"`, 13},
		{"working and filtered", working, `NOT tags:"lyginis"`, 14}, // and the two added above

	} {
		t.Run(c.name, func(t *testing.T) {
			seen := make(map[string]bool)
			req := &articlev1.ListArticlesRequest{Parent: testkit.Site, View: c.view, Filter: c.filter, PageSize: 4}
			for pages := 0; ; pages++ {
				list, err := s.editor.ListArticles(t.Context(), req)
				must(t, list, err)
				for _, a := range list.GetArticles() {
					if seen[a.GetName()] || !want[a.GetName()] {
						t.Errorf("%s is doubled or new", a.GetName())
					}
					seen[a.GetName()] = true
				}
				if list.GetNextPageToken() == "" {
					break
				}
				if pages == 0 && c.filter == "" {
					added := s.create("Naujas " + c.name) // must neither show up nor shift anything
					s.publish(added)
					defer func() { want[added.GetName()] = true }()
				}
				req.PageToken = list.GetNextPageToken()
			}
			if len(seen) != c.n {
				t.Errorf("got %d articles, want %d", len(seen), c.n)
			}
		})
	}
	first, err := s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, PageSize: 2})
	must(t, first, err)
	if a := first.GetArticles(); a[0].GetPublishTime().AsTime().Before(a[1].GetPublishTime().AsTime()) {
		t.Error("the newest is not first")
	}
	_, err = s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, PageToken: first.GetNextPageToken(), Filter: "slug = a"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_PAGE_TOKEN)
	_, err = s.anonymous.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, PageToken: first.GetNextPageToken()})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_PAGE_TOKEN)
	_, err = s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, Filter: "x y z"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FILTER)
	_, err = s.anonymous.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, View: working})
	testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_REQUIRED)
}
