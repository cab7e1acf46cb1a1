package article_test

import (
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

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
	if e := testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_INDEX_UNAVAILABLE); e.Retry == 0 {
		t.Error("nobody is told when to try again")
	}
}

// TestSearchBothSides changes what authors see of an article that readers see,
// and takes it away in every way.
func TestSearchBothSides(t *testing.T) {
	s := searchSuite(t)
	a := s.add("Parodos atidarymas")
	a.Title = "Parodos uždarymas"
	saved, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: a})
	a = must(t, saved, err)
	for _, test := range []struct {
		query string
		view  articlev1.ArticleView
		want  string
	}{
		{"atidarymas", 0, "Parodos atidarymas"},
		{"atidarymas", working, ""},
		{"uždarymas", 0, ""},
		{"uždarymas", working, "Parodos uždarymas"},
		{"paroda", 0, "Parodos atidarymas"},
		{"paroda", working, "Parodos uždarymas"},
	} {
		if got := titlesFound(s.find(test.query, in(test.view))); got != test.want {
			t.Errorf("%s in %v: got %q, want %q", test.query, test.view, got, test.want)
		}
	}
	a = s.publish(a)
	if got := titlesFound(s.find("parodos", in(0))) + "," + titlesFound(s.find("parodos", in(working))); got != "Parodos uždarymas,Parodos uždarymas" {
		t.Errorf("published: %s", got)
	}
	deleted, err := s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	a = must(t, deleted, err)
	if got := titlesFound(s.find("parodos", in(0))) + "," + titlesFound(s.find("parodos", in(working))); got != "," {
		t.Errorf("deleted: %s", got)
	}
	restored, err := s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(t, restored, err)
	if got := titlesFound(s.find("parodos", in(0))) + "," + titlesFound(s.find("parodos", in(working))); got != ",Parodos uždarymas" {
		t.Errorf("restored: %s", got)
	}
}

func in(view articlev1.ArticleView) func(*articlev1.SearchArticlesRequest) {
	return func(r *articlev1.SearchArticlesRequest) { r.View = view }
}

func by(order string) func(*articlev1.SearchArticlesRequest) {
	return func(r *articlev1.SearchArticlesRequest) { r.OrderBy = order }
}

func only(filter string) func(*articlev1.SearchArticlesRequest) {
	return func(r *articlev1.SearchArticlesRequest) { r.Filter = filter }
}

// TestSearchRanks puts one word into every place and form, and wants the best
// first.
func TestSearchRanks(t *testing.T) {
	s := searchSuite(t)
	s.media.put("vaza", func(p *photo) {
		p.Captions = map[string]string{"lt": "Senovinė vaza"}
		p.Alts = map[string]string{"lt": "Molinė"}
	})
	s.publish(s.create("Žyma", func(a *articlev1.Article) { a.Tags = []string{"vaza"} }))
	s.publish(s.create("Nuotrauka", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{figure("f", testkit.Site+"/photos/vaza")}
	}))
	s.add("Tekstas", "Čia stovi vaza.")
	s.publish(s.create("Pradžia", func(a *articlev1.Article) { a.Lead = text("Čia stovi vaza.") }))
	s.add("Sena vaza")
	s.add("Be vazos") // another form, in the best place
	s.add("Važa")     // another word, the same without diacritics
	const want = "Sena vaza | Pradžia | Tekstas | Nuotrauka | Žyma | Be vazos | Važa"
	if got := titlesFound(s.find("vaza")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := titlesFound(s.find("važa")); !strings.HasPrefix(got, "Važa | ") {
		t.Errorf("with diacritics: %s", got)
	}
}

func TestSearchFilters(t *testing.T) {
	s := searchSuite(t)
	add := func(title, language string, tags ...string) {
		s.publish(s.create(title, func(a *articlev1.Article) { a.LanguageCode, a.Tags = language, tags }))
	}
	add("Festivalis 1", "lt", "muzika", "šventė")
	add("Festival 2", "en", "muzika")
	add("Festivalen 3", "da", "dans")
	s.create("Festivalis 4")
	for filter, want := range map[string]string{
		`tags:"muzika"`:                                       "Festival 2 | Festivalis 1",
		`tags:"muzika" AND language_code = "lt"`:              "Festivalis 1",
		`language_code != "lt"`:                               "Festivalen 3 | Festival 2",
		`NOT tags:"šventė"`:                                   "Festivalen 3 | Festival 2",
		`publish_time < "2020-01-01T00:00:00Z"`:               "",
		`publish_time > "2020-01-01T00:00:00Z" AND tags:dans`: "Festivalen 3",
	} {
		if got := titlesFound(s.find("festival", only(filter), by("publish_time desc"))); got != want {
			t.Errorf("%s: got %q, want %q", filter, got, want)
		}
	}
	if got := titlesFound(s.find("festival", in(working), only("state = DRAFT"))); got != "Festivalis 4" {
		t.Errorf("drafts: %s", got)
	}
	for change, reason := range map[string]faultv1.Reason{
		"state = DRAFT": faultv1.Reason_REASON_INVALID_FILTER, "creator = x": faultv1.Reason_REASON_INVALID_FILTER,
	} {
		_, err := s.anonymous.SearchArticles(t.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "festival", Filter: change})
		testkit.WantFault(t, err, codes.InvalidArgument, reason)
	}
	_, err := s.anonymous.SearchArticles(t.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "festival", OrderBy: "title"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_ORDER_BY)
	_, err = s.anonymous.SearchArticles(t.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "„…“"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_QUERY)
}

// TestSearchOfOneSite finds nothing of another site.
func TestSearchOfOneSite(t *testing.T) {
	s := searchSuite(t)
	s.add("Vieša naujiena")
	s.site("kita")
	resp := s.find("naujiena", func(r *articlev1.SearchArticlesRequest) { r.Parent = "sites/kita" })
	if len(resp.GetResults()) != 0 || resp.GetTotalSize() != 0 {
		t.Errorf("got %v", resp)
	}
}

// TestSearchPages turns pages while articles come and go, in every order.
func TestSearchPages(t *testing.T) {
	s := searchSuite(t)
	want := map[string]bool{}
	for range 25 {
		want[s.add("Ta pati antraštė").GetName()] = true
	}
	s.find("antraštė") // the index has them all
	for _, order := range []string{"", "publish_time desc", "publish_time"} {
		got := map[string]int{}
		req := &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "antraštė", PageSize: 4, OrderBy: order}
		for pages := 0; ; pages++ {
			resp, err := s.anonymous.SearchArticles(t.Context(), req)
			for _, r := range must(t, resp, err).GetResults() {
				got[r.GetArticle().GetName()]++
			}
			if req.PageToken = resp.GetNextPageToken(); req.PageToken == "" || pages > 20 {
				break
			}
			s.add("Ta pati antraštė") // it may be found or not, but disturbs no one
			s.find("antraštė")
		}
		for name := range want {
			if got[name] != 1 {
				t.Errorf("%q: %s was found %d times", order, name, got[name])
			}
		}
	}
	first := s.find("antraštė", func(r *articlev1.SearchArticlesRequest) { r.PageSize = 2 })
	for name, change := range map[string]func(*articlev1.SearchArticlesRequest){
		"query": func(r *articlev1.SearchArticlesRequest) { r.Query = "pati" },
		"order": by("publish_time"),
		"view":  in(working),
	} {
		req := &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "antraštė", PageToken: first.GetNextPageToken()}
		change(req)
		_, err := s.editor.SearchArticles(t.Context(), req)
		if status.Code(err) != codes.InvalidArgument {
			t.Errorf("a token for another %s: %v", name, err)
		}
	}
}

func TestSearchSnippets(t *testing.T) {
	s := searchSuite(t)
	long := strings.Repeat("Prieš tai buvo daug kitų žodžių. ", 20)
	s.add("Knygų mugė", long+"Šiemet knygos mugėje buvo „naujos“. "+long, "Mugė.")
	var got []string
	for _, snippet := range s.find("knygu muge").GetResults()[0].GetSnippets() {
		var b strings.Builder
		b.WriteString(snippet.GetField() + ": ")
		for _, p := range snippet.GetPieces() {
			if p.GetMatch() {
				b.WriteString("[" + p.GetText() + "]")
			} else {
				b.WriteString(p.GetText())
			}
		}
		got = append(got, b.String())
	}
	if len(got) != 2 || got[0] != "title: [Knygų] [mugė]" {
		t.Fatalf("got %q", got)
	}
	if !strings.Contains(got[1], "Šiemet [knygos] [mugėje] buvo „naujos“.") || len(got[1]) > 300 {
		t.Errorf("got %q", got[1])
	}
}
