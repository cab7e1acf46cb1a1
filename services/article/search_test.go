package article_test

import (
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// searchSuite is a suite with a search index.
func searchSuite(t *testing.T) *suite {
	t.Helper()
	s := newSuite(t)
	s.index()
	return s
}

// add publishes an article with a title and paragraphs.
func (s *suite) add(title string, paragraphs ...string) *articlev1.Article {
	s.t.Helper()
	return s.publish(s.create(title, func(a *articlev1.Article) {
		for i, p := range paragraphs {
			a.Blocks = append(a.Blocks, paragraph(string(rune('a'+i)), p))
		}
	}))
}

// find searches as readers do, once the index has come up with the store.
func (s *suite) find(query string, change ...func(*articlev1.SearchArticlesRequest)) *articlev1.SearchArticlesResponse {
	s.t.Helper()
	req := &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: query}
	for _, f := range change {
		f(req)
	}
	if err := s.parts.Search.CatchUp(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	resp, err := s.editor.SearchArticles(s.t.Context(), req)
	return must(s.t, resp, err)
}

func titlesFound(resp *articlev1.SearchArticlesResponse) string {
	var titles []string
	for _, r := range resp.GetResults() {
		titles = append(titles, r.GetArticle().GetTitle())
	}
	return strings.Join(titles, " | ")
}

func TestSearchFindsForms(t *testing.T) {
	s := searchSuite(t)
	s.add("Knygų mugė Vilkaviškyje")
	s.add("Žmonės ir stažuotės", "Apie žmones rašoma dažnai.")
	s.add("Vasara", "Ir knygos, ir mugės, bet ne kartu.")
	for query, want := range map[string]string{
		"knygų mugė":    "Knygų mugė Vilkaviškyje | Vasara",
		"knygu muge":    "Knygų mugė Vilkaviškyje | Vasara",
		"„knygų mugė“":  "Knygų mugė Vilkaviškyje",
		`"knyga mugei"`: "Knygų mugė Vilkaviškyje",
		"zmonems":       "Žmonės ir stažuotės",
		"vilkav":        "Knygų mugė Vilkaviškyje",
		"stažuotes":     "Žmonės ir stažuotės",
		"stazuotese":    "Žmonės ir stažuotės",
		"vilkavyškyje":  "Knygų mugė Vilkaviškyje", // one letter wrong
		"dangus":        "",
	} {
		if got := titlesFound(s.find(query)); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestSearchShowsOnlyWhatTheCallerMaySee(t *testing.T) {
	s := searchSuite(t)
	s.create("Slapta naujiena")
	public := s.add("Vieša naujiena")
	if got := titlesFound(s.find("naujiena")); got != "Vieša naujiena" {
		t.Errorf("public: %s", got)
	}
	asWorking := func(r *articlev1.SearchArticlesRequest) { r.View = working; r.OrderBy = "publish_time desc" }
	if got := titlesFound(s.find("naujiena", asWorking)); got != "Vieša naujiena | Slapta naujiena" {
		t.Errorf("working: %s", got)
	}
	_, err := s.anonymous.SearchArticles(t.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "naujiena", View: working})
	testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_REQUIRED)
	got, err := s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: public.GetName(), Etag: public.GetEtag()})
	must(t, got, err)
	// At once, whether or not the index knows.
	resp, err := s.anonymous.SearchArticles(t.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "naujiena"})
	if must(t, resp, err); len(resp.GetResults()) != 0 || resp.GetTotalSize() != 0 {
		t.Errorf("after unpublishing: %v", resp)
	}
}

func TestSearchUnavailableWithoutIndex(t *testing.T) {
	s := newSuite(t)
	_, err := s.anonymous.SearchArticles(t.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "naujiena"})
	testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_INDEX_UNAVAILABLE)
}
