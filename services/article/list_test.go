package article_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// titles lists everything there is, a few articles at a time.
func (s *suite) titles(c articlev1.ArticleServiceClient, req *articlev1.ListArticlesRequest) string {
	s.t.Helper()
	var all []string
	for {
		req.Parent, req.PageSize = testkit.Site, 2
		resp, err := c.ListArticles(s.t.Context(), req)
		must(s.t, resp, err)
		for _, a := range resp.GetArticles() {
			all = append(all, a.GetTitle())
		}
		if req.PageToken = resp.GetNextPageToken(); req.GetPageToken() == "" {
			return strings.Join(all, " ")
		}
	}
}

// backdate publishes an article with a time in the past.
func (s *suite) backdate(a *articlev1.Article, shown time.Time) *articlev1.Article {
	s.t.Helper()
	published, err := s.admin.PublishArticle(s.t.Context(), &articlev1.PublishArticleRequest{
		Name: a.GetName(), Etag: a.GetEtag(), PublishTime: timestamppb.New(shown),
	})
	return must(s.t, published, err)
}

func tagged(tags ...string) func(*articlev1.Article) {
	return func(a *articlev1.Article) { a.Tags = tags }
}

func TestListOrder(t *testing.T) {
	s := newSuite(t)
	day := func(n int) time.Time { return time.Date(2024, 6, n, 9, 0, 0, 0, time.UTC) }
	a, b, c := s.create("A"), s.create("B"), s.create("C")
	s.backdate(a, day(2))
	s.backdate(b, day(3))
	s.backdate(c, day(1))
	_, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Topics: []string{"nauja"}},
	})
	must(t, "", err)
	for _, want := range []struct {
		order   string
		working bool
		titles  string
	}{
		{"", false, "B A C"},
		{"publish_time desc", false, "B A C"},
		{"publish_time", false, "C A B"},
		{"", true, "C B A"},
		{"create_time", true, "A B C"},
		{"create_time  desc", true, "C B A"},
		{"update_time desc", true, "A C B"},
		{"update_time", true, "B C A"},
	} {
		req := &articlev1.ListArticlesRequest{OrderBy: want.order}
		if want.working {
			req.View = working
		}
		if got := s.titles(s.editor, req); got != want.titles {
			t.Errorf("%q, working %v: got %s, want %s", want.order, want.working, got, want.titles)
		}
	}
	for _, bad := range []string{"title", "update_time", "publish_time asc", "publish_time,create_time", "desc"} {
		_, err := s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, OrderBy: bad})
		testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_ORDER_BY)
	}
}

func TestListFilters(t *testing.T) {
	s := newSuite(t)
	old := time.Date(2024, 6, 7, 9, 0, 0, 0, time.UTC)
	s.backdate(s.create("A", tagged("Danija", "stažuotė")), old)
	s.publish(s.create("B", tagged("Danija")))
	s.publish(s.create("C", tagged("mugė"), func(a *articlev1.Article) {
		a.Bylines = []*articlev1.Byline{{DisplayName: "Ona Petraitė"}}
	}))
	s.create("D", tagged("Danija"))
	for _, want := range []struct {
		filter  string
		working bool
		titles  string
	}{
		{`tags:"Danija"`, false, "B A"},
		{`tags:Danija AND publish_time < "2024-06-07T09:00:01Z"`, false, "A"},
		{`tags:"stažuotė" tags:"Danija"`, false, "A"},
		{`tags:"danija"`, false, ""},
		{`NOT tags:"Danija"`, false, "C"},
		{`bylines:"Ona Petraitė"`, false, "C"},
		{`tags:*`, false, "C B A"},
		{`tags:"Danija"`, true, "D B A"},
		{`state = DRAFT`, true, "D"},
		{`create_time >= "2024-01-01T00:00:00Z" AND state = PUBLISHED`, true, "C B A"},
	} {
		req := &articlev1.ListArticlesRequest{Filter: want.filter}
		if want.working {
			req.View = working
		}
		if got := s.titles(s.editor, req); got != want.titles {
			t.Errorf("%s, working %v: got %q, want %q", want.filter, want.working, got, want.titles)
		}
	}
	// What is found is for authors only.
	_, err := s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, Filter: "has_findings = true"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FILTER)
}

// TestTaggedPages lists by tag while articles come, go and move.
func TestTaggedPages(t *testing.T) {
	s := newSuite(t)
	var made []*articlev1.Article
	for i := range 6 {
		made = append(made, s.publish(s.create(fmt.Sprint(i), tagged("Danija"))))
	}
	list := func(token string) *articlev1.ListArticlesResponse {
		resp, err := s.anonymous.ListArticles(t.Context(), &articlev1.ListArticlesRequest{
			Parent: testkit.Site, PageSize: 2, Filter: `tags:"Danija"`, PageToken: token,
		})
		return must(t, resp, err)
	}
	first := list("")
	s.publish(s.create("nauja", tagged("Danija")))
	_, err := s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: made[4].GetName(), Etag: made[4].GetEtag()})
	must(t, "", err)
	saved, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: made[2].GetName(), Etag: made[2].GetEtag(), Tags: []string{"mugė"}},
	})
	s.publish(must(t, saved, err))
	var got []string
	for page := first; ; page = list(page.GetNextPageToken()) {
		for _, a := range page.GetArticles() {
			got = append(got, a.GetTitle())
		}
		if page.GetNextPageToken() == "" {
			break
		}
	}
	if want := []string{"5", "4", "3", "1", "0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTags(t *testing.T) {
	s := newSuite(t)
	tags := func() string {
		var all []string
		for token := ""; ; {
			resp, err := s.anonymous.ListTags(t.Context(), &articlev1.ListTagsRequest{Parent: testkit.Site, PageSize: 2, PageToken: token})
			must(t, resp, err)
			for _, tag := range resp.GetTags() {
				all = append(all, fmt.Sprintf("%s %d", tag.GetDisplayName(), tag.GetArticleCount()))
			}
			if token = resp.GetNextPageToken(); token == "" {
				return strings.Join(all, ", ")
			}
		}
	}
	a := s.publish(s.create("A", tagged("šalis", "Danija", "žemė")))
	s.publish(s.create("B", tagged("salis", "Danija", "zuikis", "cukrus", "čia", "дом")))
	draft := s.create("D", tagged("slapta"))
	// The order of the Lithuanian alphabet; letters alone do not make tags one.
	if got, want := tags(), "cukrus 1, čia 1, Danija 2, salis 1, šalis 1, zuikis 1, žemė 1, дом 1"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	s.publish(draft)
	_, err := s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(t, "", err)
	if got, want := tags(), "cukrus 1, čia 1, Danija 1, salis 1, slapta 1, zuikis 1, дом 1"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestManyTags replaces as many tags as there may be by as many others.
func TestManyTags(t *testing.T) {
	s := newSuite(t)
	many := func(prefix string) []string {
		tags := make([]string, 20)
		for i := range tags {
			tags[i] = fmt.Sprint(prefix, i)
		}
		return tags
	}
	a := s.backdate(s.create("A", tagged(many("sena")...)), time.Date(2024, 6, 7, 9, 0, 0, 0, time.UTC))
	saved, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Tags: many("nauja"), Slug: "kita"},
	})
	s.backdate(must(t, saved, err), time.Date(2024, 6, 8, 9, 0, 0, 0, time.UTC))
	resp, err := s.anonymous.ListTags(t.Context(), &articlev1.ListTagsRequest{Parent: testkit.Site})
	must(t, resp, err)
	for _, tag := range resp.GetTags() {
		if !strings.HasPrefix(tag.GetDisplayName(), "nauja") || tag.GetArticleCount() != 1 {
			t.Errorf("got %v", tag)
		}
	}
	if len(resp.GetTags()) != 20 {
		t.Errorf("got %d tags", len(resp.GetTags()))
	}
	_, err = s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, Article: &articlev1.Article{Title: "B", Tags: append(many("a"), "b")},
	})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
}

func TestBatchGet(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("langas")
	a := s.publish(s.create("A", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", photo)} }))
	b, draft := s.publish(s.create("B")), s.create("D")
	resp, err := s.anonymous.BatchGetArticles(t.Context(), &articlev1.BatchGetArticlesRequest{
		Parent: testkit.Site, Names: []string{b.GetName(), a.GetName(), b.GetName()},
	})
	must(t, resp, err)
	var got []string
	for _, a := range resp.GetArticles() {
		got = append(got, a.GetTitle())
	}
	if want := []string{"B", "A", "B"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if resp.GetArticles()[1].GetBlocks()[0].GetFigure().GetPlacement().GetPlaced() == nil {
		t.Error("the photo is not resolved")
	}
	names := []string{a.GetName(), draft.GetName()}
	_, err = s.anonymous.BatchGetArticles(t.Context(), &articlev1.BatchGetArticlesRequest{Names: names})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	drafts, err := s.editor.BatchGetArticles(t.Context(), &articlev1.BatchGetArticlesRequest{Names: names, View: working})
	if must(t, drafts, err); len(drafts.GetArticles()) != 2 || drafts.GetArticles()[1].GetTitle() != "D" {
		t.Errorf("got %v", drafts)
	}
	_, err = s.editor.BatchGetArticles(t.Context(), &articlev1.BatchGetArticlesRequest{Parent: "sites/kita", Names: names})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
}
