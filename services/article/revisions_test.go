package article_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// save changes an article as whoever calls, in an edit session.
func (s *suite) saveAs(c articlev1.ArticleServiceClient, a *articlev1.Article, session, note string, f func(*articlev1.Article)) *articlev1.Article {
	s.t.Helper()
	f(a)
	saved, err := c.UpdateArticle(s.t.Context(), &articlev1.UpdateArticleRequest{Article: a, EditSession: session, Note: note})
	return must(s.t, saved, err)
}

// revisions lists all revisions of an article in pages of a size.
func (s *suite) revisions(a *articlev1.Article, filter string, size int32) []*articlev1.ArticleRevision {
	s.t.Helper()
	var all []*articlev1.ArticleRevision
	req := &articlev1.ListArticleRevisionsRequest{Parent: a.GetName(), Filter: filter, PageSize: size}
	for {
		page, err := s.editor.ListArticleRevisions(s.t.Context(), req)
		must(s.t, page, err)
		all = append(all, page.GetArticleRevisions()...)
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			return all
		}
	}
}

// numbers returns the numbers of revisions, and fails for one with content.
func (s *suite) numbers(revisions []*articlev1.ArticleRevision) string {
	s.t.Helper()
	var numbers []int64
	for _, r := range revisions {
		numbers = append(numbers, r.GetRevision())
		if r.GetArticle() != nil || r.GetName() == "" || r.GetCreateTime() == nil || r.GetTitle() == "" {
			s.t.Errorf("got %v", r)
		}
	}
	return fmt.Sprint(numbers)
}

func TestListRevisions(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirmas")
	a = s.saveAs(s.editor, a, "rytas", "Antraštė", func(a *articlev1.Article) { a.Title = "Antras" })
	s.publish(a)
	a = s.saveAs(s.admin, a, "vakaras", "", func(a *articlev1.Article) { a.Title = "Trečias" })
	mark := time.Now().UTC()
	a = s.saveAs(s.editor, a, "vakaras", "", func(a *articlev1.Article) { a.Title = "Ketvirtas" })
	s.publish(a)

	all := s.revisions(a, "", 0)
	if got := s.numbers(all); got != "[4 3 2 1]" {
		t.Fatalf("got %s", got)
	}
	second := all[2]
	want := &articlev1.ArticleRevision{
		Name: a.GetName() + "/revisions/2", Revision: 2, Title: "Antras", Note: "Antraštė", EditSession: "rytas",
		Author: testkit.PrincipalOf("editor").ID, CreateTime: second.GetCreateTime(), PublishTimes: second.GetPublishTimes(),
	}
	if diff := cmp.Diff(want, second, protocmp.Transform()); diff != "" || len(second.GetPublishTimes()) != 1 {
		t.Errorf("%s, shown at %v", diff, second.GetPublishTimes())
	}
	if len(all[0].GetPublishTimes()) != 1 || len(all[1].GetPublishTimes()) != 0 {
		t.Errorf("got %v", all)
	}
	for filter, want := range map[string]string{
		`edit_session = "vakaras"`:                              "[4 3]",
		`author = "` + testkit.PrincipalOf("admin").ID + `"`:    "[3]",
		`NOT edit_session:*`:                                    "[1]",
		`create_time < "` + mark.Format(time.RFC3339Nano) + `"`: "[3 2 1]",
		`create_time > ` + mark.Format(time.RFC3339Nano):        "[4]",
		`edit_session = "naktis"`:                               "[]",
	} {
		if got := s.numbers(s.revisions(a, filter, 1)); got != want {
			t.Errorf("%s: got %s", filter, got)
		}
	}
}

// Pages stay right while somebody goes on saving, over several groups of packed
// revisions.
func TestPagesOfRevisions(t *testing.T) {
	s := newSuite(t)
	a := s.create("Ilga istorija")
	for i := range 149 {
		a = s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title = fmt.Sprintf("Ilga istorija, %d dalis", i) })
	}
	req := &articlev1.ListArticleRevisionsRequest{Parent: a.GetName(), PageSize: 40}
	next := int64(150)
	for {
		page, err := s.editor.ListArticleRevisions(t.Context(), req)
		must(t, page, err)
		for _, r := range page.GetArticleRevisions() {
			if r.GetRevision() != next {
				t.Fatalf("got %d, want %d", r.GetRevision(), next)
			}
			next--
		}
		a = s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title += "!" })
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			break
		}
	}
	if next != 0 {
		t.Errorf("the list ended before %d", next)
	}
	if got := len(s.revisions(a, `author:*`, 200)); got != 154 {
		t.Errorf("got %d revisions", got)
	}
}

func TestListRevisionsRefuses(t *testing.T) {
	s := newSuite(t)
	a, other := s.create("Vienas"), s.create("Kitas")
	s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title = "Du" })
	list := func(c articlev1.ArticleServiceClient, change func(*articlev1.ListArticleRevisionsRequest)) error {
		req := &articlev1.ListArticleRevisionsRequest{Parent: a.GetName(), PageSize: 1}
		change(req)
		_, err := c.ListArticleRevisions(t.Context(), req)
		return err
	}
	page, err := s.editor.ListArticleRevisions(t.Context(), &articlev1.ListArticleRevisionsRequest{Parent: a.GetName(), PageSize: 1})
	token := must(t, page, err).GetNextPageToken()
	for name, c := range map[string]struct {
		err    error
		reason faultv1.Reason
	}{
		"an article that is not there": {list(s.editor, func(r *articlev1.ListArticleRevisionsRequest) { r.Parent += "-kitas" }), faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
		"a filter":                     {list(s.editor, func(r *articlev1.ListArticleRevisionsRequest) { r.Filter = "title = x" }), faultv1.Reason_REASON_INVALID_FILTER},
		"a token":                      {list(s.editor, func(r *articlev1.ListArticleRevisionsRequest) { r.PageToken = token + "A" }), faultv1.Reason_REASON_INVALID_PAGE_TOKEN},
		"a token of another article": {
			list(s.editor, func(r *articlev1.ListArticleRevisionsRequest) { r.Parent, r.PageToken = other.GetName(), token }),
			faultv1.Reason_REASON_INVALID_PAGE_TOKEN,
		},
		"a token of another filter": {
			list(s.editor, func(r *articlev1.ListArticleRevisionsRequest) { r.Filter, r.PageToken = "author:*", token }),
			faultv1.Reason_REASON_INVALID_PAGE_TOKEN,
		},
		"a token of another role": {list(s.author, func(r *articlev1.ListArticleRevisionsRequest) { r.PageToken = token }), faultv1.Reason_REASON_INVALID_PAGE_TOKEN},
		"nobody":                  {list(s.anonymous, func(*articlev1.ListArticleRevisionsRequest) {}), faultv1.Reason_REASON_TOKEN_REQUIRED},
	} {
		t.Log(name)
		wantReason(t, c.err, c.reason)
	}
}

func TestGetRevision(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("langas")
	a := s.create("Pirmas", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", photo)} })
	first := a.GetEtag()
	s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title, a.Blocks = "Antras", nil })
	got, err := s.editor.GetArticleRevision(t.Context(), &articlev1.GetArticleRevisionRequest{Name: a.GetName() + "/revisions/1"})
	must(t, got, err)
	if got.GetTitle() != "Pirmas" || got.GetArticle().GetTitle() != "Pirmas" || got.GetArticle().GetEtag() != first || got.GetArticle().GetRevision() != 1 {
		t.Errorf("got %v", got)
	}
	if got.GetArticle().GetBlocks()[0].GetFigure().GetPlacement().GetPlaced() == nil {
		t.Error("its photo is not resolved")
	}
	for _, name := range []string{a.GetName() + "/revisions/3", a.GetName() + "/revisions/9999999999", a.GetName() + "x/revisions/1"} {
		_, err := s.editor.GetArticleRevision(t.Context(), &articlev1.GetArticleRevisionRequest{Name: name})
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	}
	_, err = s.editor.GetArticleRevision(t.Context(), &articlev1.GetArticleRevisionRequest{Name: a.GetName() + "/revisions/01"})
	wantReason(t, err, faultv1.Reason_REASON_INVALID_FIELD)
}

func TestDiffRevisions(t *testing.T) {
	s := newSuite(t)
	a := s.create("Knygų mugė", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{paragraph("a", "Ateikite visi."), paragraph("b", "Bus arbatos.")}
	})
	a = s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{paragraph("a", "Ateikite jūs visi."), paragraph("c", "Bus kavos.")}
	})
	s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title = "Didžioji knygų mugė" })
	diff := func(base, to string) *articlev1.DiffArticleRevisionsResponse {
		t.Helper()
		got, err := s.editor.DiffArticleRevisions(t.Context(), &articlev1.DiffArticleRevisionsRequest{
			Parent: a.GetName(), BaseRevisionId: base, RevisionId: to,
		})
		return must(t, got, err)
	}
	told := func(d *articlev1.DiffArticleRevisionsResponse) string {
		text := fmt.Sprintf("%d to %d:", d.GetBaseRevision().GetRevision(), d.GetRevision().GetRevision())
		for _, f := range d.GetFields() {
			text += " " + f.GetField()
		}
		for _, b := range d.GetBlocks() {
			text += fmt.Sprintf(" %s %v", b.GetBlockId(), b.GetChange())
		}
		return text
	}
	for _, c := range []struct{ base, to, want string }{
		{"", "", "2 to 3: title"},
		{"1", "2", "1 to 2: a CHANGE_EDITED b CHANGE_REMOVED c CHANGE_ADDED"},
		{"", "2", "1 to 2: a CHANGE_EDITED b CHANGE_REMOVED c CHANGE_ADDED"},
		{"3", "1", "3 to 1: title a CHANGE_EDITED c CHANGE_REMOVED b CHANGE_ADDED"},
		{"2", "2", "2 to 2:"},
		{"", "1", "0 to 1: slug title a CHANGE_ADDED b CHANGE_ADDED"},
	} {
		if got := told(diff(c.base, c.to)); got != c.want {
			t.Errorf("%s to %s: got %s", c.base, c.to, got)
		}
	}
	if diff("", "1").GetBaseRevision() != nil {
		t.Error("the first revision is compared with one")
	}
	want := &articlev1.TextDiff{Path: "paragraph.text", Segments: []*articlev1.TextDiff_Segment{
		{Text: "Ateikite ", Kind: articlev1.TextDiff_KIND_EQUAL},
		{Text: "jūs ", Kind: articlev1.TextDiff_KIND_INSERTED},
		{Text: "visi.", Kind: articlev1.TextDiff_KIND_EQUAL},
	}}
	if diff := cmp.Diff(want, diff("1", "2").GetBlocks()[0].GetTexts()[0], protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	for _, id := range []string{"4", "9999999999"} {
		for _, req := range []*articlev1.DiffArticleRevisionsRequest{{RevisionId: id}, {BaseRevisionId: id}} {
			req.Parent = a.GetName()
			_, err := s.editor.DiffArticleRevisions(t.Context(), req)
			wantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
		}
	}
}

// wantReason stops the test unless a call failed with the reason.
func wantReason(tb testing.TB, err error, reason faultv1.Reason) {
	tb.Helper()
	if e := rpc.FromStatus(err); e == nil || e.Reason != reason {
		tb.Fatalf("got error %v, want one with %v", err, reason)
	}
}
