package article_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// version is an article of a language in the group "muge".
func version(code string) func(*articlev1.Article) {
	return func(a *articlev1.Article) { a.LanguageCode, a.TranslationGroup = code, "muge" }
}

// translations returns the other versions of an article, as client sees them.
func (s *suite) translations(client articlev1.ArticleServiceClient, a *articlev1.Article, view articlev1.ArticleView) string {
	s.t.Helper()
	got, err := client.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), View: view})
	var all []string
	for _, t := range must(s.t, got, err).GetTranslations() {
		all = append(all, t.GetLanguageCode()+" "+t.GetTitle()+" "+t.GetPath())
	}
	return strings.Join(all, ", ")
}

// TestTranslations follows what readers and editors see of a group as its
// articles come and go.
func TestTranslations(t *testing.T) {
	s := newSuite(t)
	lt := s.publish(s.create("Mugė", version("lt")))
	en := s.create("Fair", version("en"))
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.want("SNAPSHOT Mugė", "END")
	want := func(when, public, all string) {
		t.Helper()
		if got := s.translations(s.anonymous, lt, 0); got != public {
			t.Errorf("%s readers see %q, want %q", when, got, public)
		}
		if got := s.translations(s.editor, lt, working); got != all {
			t.Errorf("%s editors see %q, want %q", when, got, all)
		}
	}
	want("with a draft", "", "en Fair /en/fair")
	en = s.publish(en)
	w.want("PUBLISHED Fair", "UPDATED Mugė")
	want("with a public one", "en Fair /en/fair", "en Fair /en/fair")
	if got := s.translations(s.anonymous, en, 0); got != "lt Mugė /muge" {
		t.Errorf("the new one has %q", got)
	}
	en = s.change(en, func(a *articlev1.Article) { a.Title, a.Slug = "Book fair", "book-fair" })
	want("renamed in a draft", "en Fair /en/fair", "en Book fair /en/book-fair")
	en = s.publish(en)
	w.want("MOVED Book fair", "UPDATED Mugė")
	want("renamed", "en Book fair /en/book-fair", "en Book fair /en/book-fair")
	da := s.publish(s.create("Messe", version("da")))
	for range 3 {
		w.next() // PUBLISHED and, in no certain order, two UPDATED
	}
	want("with a third", "da Messe /da/messe, en Book fair /en/book-fair", "da Messe /da/messe, en Book fair /en/book-fair")
	s.withdraw(en)
	w.want("UNPUBLISHED -")
	w.next()
	w.next()
	want("with one taken away", "da Messe /da/messe", "da Messe /da/messe, en Book fair /en/book-fair")
	s.remove(da)
	w.want("DELETED -", "UPDATED Mugė")
	want("with one deleted", "", "en Book fair /en/book-fair")
	_, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: lt.GetName(), Etag: lt.GetEtag()}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"translation_group"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want("alone", "", "")
	if got := s.translations(s.editor, en, working); got != "" {
		t.Errorf("the one left has %q", got)
	}
}

// TestTranslationTaken wants one article for each language of a group, whatever
// way an article comes to it.
func TestTranslationTaken(t *testing.T) {
	s := newSuite(t)
	lt := s.create("Mugė", version("lt"))
	other := s.create("Kita mugė")
	taken := func(what string, err error) {
		t.Helper()
		e := testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_TRANSLATION_TAKEN)
		if e.Metadata["holder"] != lt.GetName() {
			t.Errorf("%s: got %v", what, e.Metadata)
		}
	}
	_, err := s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, Article: &articlev1.Article{Title: "Trečia", TranslationGroup: "muge"},
	})
	taken("created", err)
	_, err = s.save(other.GetEtag(), &articlev1.Article{Name: other.GetName(), TranslationGroup: "muge"})
	taken("saved", err)
	s.remove(other)
	other, err = s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: other.GetName(), Etag: other.GetEtag()})
	must(t, other, err)

	s.remove(lt)
	heir, err := s.save(other.GetEtag(), &articlev1.Article{Name: other.GetName(), TranslationGroup: "muge"})
	must(t, heir, err)
	_, err = s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: lt.GetName(), Etag: lt.GetEtag()})
	lt, heir = heir, lt
	taken("restored", err)
	s.change(lt, func(a *articlev1.Article) { a.TranslationGroup = "kita" })
	restored, err := s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: heir.GetName(), Etag: heir.GetEtag()})
	if must(t, restored, err).GetTranslationGroup() != "muge" {
		t.Errorf("restored into %q", restored.GetTranslationGroup())
	}
}

// TestTranslationRace creates the same language of one group many times at once.
func TestTranslationRace(t *testing.T) {
	s := newSuite(t)
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			_, err := s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
				Parent: testkit.Site, Article: &articlev1.Article{Title: fmt.Sprintf("Mugė %d", i), TranslationGroup: "muge"},
			})
			switch {
			case err == nil:
				won.Add(1)
			case !fault.Has(rpc.FromStatus(err), faultv1.Reason_REASON_TRANSLATION_TAKEN):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d articles won", won.Load())
	}
}

// TestTranslationsRestart stops the service as soon as a sibling is published.
func TestTranslationsRestart(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	s.site("biblioteka")
	lt := s.publish(s.create("Mugė", version("lt")))
	s.publish(s.create("Fair", version("en")))
	s.stop()
	s = start(t, dir)
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	for w.next() != "END" {
	}
	if s.translations(s.anonymous, lt, 0) == "" {
		w.want("UPDATED Mugė")
	}
	if got := s.translations(s.anonymous, lt, 0); got != "en Fair /en/fair" {
		t.Errorf("readers see %q", got)
	}
}

// listed returns the titles of all pages of a list.
func (s *suite) listed(client articlev1.ArticleServiceClient, req *articlev1.ListArticlesRequest, between func()) []string {
	s.t.Helper()
	req.Parent, req.PageSize = testkit.Site, 2
	var titles []string
	for {
		page, err := client.ListArticles(s.t.Context(), req)
		for _, a := range must(s.t, page, err).GetArticles() {
			titles = append(titles, a.GetTitle())
		}
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			return titles
		}
		between()
		between = func() {}
	}
}

func TestListFallback(t *testing.T) {
	s := newSuite(t)
	group := func(group, code string) func(*articlev1.Article) {
		return func(a *articlev1.Article) { a.TranslationGroup, a.LanguageCode = group, code }
	}
	s.publish(s.create("A-lt", group("a", "lt")))
	s.publish(s.create("A-en", group("a", "en")))
	s.publish(s.create("B-lt", group("b", "lt")))
	s.create("B-en", group("b", "en"))
	s.publish(s.create("C-da", group("c", "da")))
	s.publish(s.create("D-en", group("", "en")))
	s.publish(s.create("E-lt", group("e", "lt")))
	s.publish(s.create("E-da", group("e", "da")))
	none := func() {}
	for _, c := range []struct {
		codes  []string
		view   articlev1.ArticleView
		filter string
		want   string
	}{
		{nil, 0, "", "E-da E-lt D-en C-da B-lt A-en A-lt"},
		{[]string{"lt"}, 0, "", "E-lt B-lt A-lt"},
		{[]string{"en", "lt"}, 0, "", "E-lt D-en B-lt A-en"},
		{[]string{"en-GB", "lt", "en"}, 0, "", "E-lt D-en B-lt A-en"},
		{[]string{"da", "en", "lt"}, 0, "", "E-da D-en C-da B-lt A-en"},
		{[]string{"en", "lt"}, working, "", "E-lt D-en B-en A-en"},
		{[]string{"en", "lt"}, 0, `language_code = "lt"`, "E-lt B-lt"},
		{[]string{"fr"}, 0, "", ""},
	} {
		req := &articlev1.ListArticlesRequest{LanguageCodes: c.codes, View: c.view, Filter: c.filter}
		if got := strings.Join(s.listed(s.editor, req, none), " "); got != c.want {
			t.Errorf("%v %v %s: got %s, want %s", c.codes, c.view, c.filter, got, c.want)
		}
	}
	// What comes and goes between two pages changes nothing else.
	got := s.listed(s.anonymous, &articlev1.ListArticlesRequest{LanguageCodes: []string{"en", "lt"}}, func() {
		s.publish(s.create("E-en", group("e", "en")))
		s.publish(s.create("F-lt", group("f", "lt")))
	})
	if want := []string{"E-lt", "D-en", "B-lt", "A-en"}; !slices.Equal(got, want) {
		t.Errorf("while articles come: got %v, want %v", got, want)
	}
	token := &articlev1.ListArticlesRequest{Parent: testkit.Site, PageSize: 1, LanguageCodes: []string{"en", "lt"}}
	page, err := s.anonymous.ListArticles(t.Context(), token)
	must(t, page, err)
	token.PageToken, token.LanguageCodes = page.GetNextPageToken(), []string{"lt", "en"}
	_, err = s.anonymous.ListArticles(t.Context(), token)
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_PAGE_TOKEN)
	if diff := cmp.Diff("", strings.Join(s.listed(s.anonymous, &articlev1.ListArticlesRequest{LanguageCodes: []string{"x-none"}}, none), " ")); diff != "" {
		t.Error(diff)
	}
}
