package article_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// What a client holds outlives a restart: request_ids are answered as the first
// time, old etags merge, and page tokens open.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	s.site("biblioteka")
	create := &articlev1.CreateArticleRequest{
		Parent: testkit.Site, RequestId: uuid.NewString(), Article: &articlev1.Article{
			Title: "Pirmas", Blocks: []*articlev1.Block{paragraph("a", "Viena."), paragraph("b", "Du.")},
		},
	}
	created, err := s.editor.CreateArticle(t.Context(), create)
	must(t, created, err)
	update := &articlev1.UpdateArticleRequest{
		RequestId: uuid.NewString(), Article: &articlev1.Article{Name: created.GetName(), Etag: created.GetEtag(), Title: "Antras"},
	}
	updated, err := s.editor.UpdateArticle(t.Context(), update)
	must(t, updated, err)
	publish := &articlev1.PublishArticleRequest{Name: created.GetName(), Etag: updated.GetEtag(), RequestId: uuid.NewString()}
	published, err := s.editor.PublishArticle(t.Context(), publish)
	must(t, published, err)
	page, err := s.editor.ListArticleRevisions(t.Context(), &articlev1.ListArticleRevisionsRequest{Parent: created.GetName(), PageSize: 1})
	token := must(t, page, err).GetNextPageToken()

	s.stop()
	s = startWith(t, dir, s.media)
	replayed, err := s.editor.CreateArticle(t.Context(), create)
	if must(t, replayed, err).GetName() != created.GetName() || replayed.GetRevision() != 1 || replayed.GetTitle() != "Pirmas" {
		t.Errorf("CreateArticle: got %v", replayed)
	}
	replayed, err = s.editor.UpdateArticle(t.Context(), update)
	if must(t, replayed, err).GetEtag() != updated.GetEtag() || replayed.GetTitle() != "Antras" {
		t.Errorf("UpdateArticle: got %v", replayed)
	}
	replayed, err = s.editor.PublishArticle(t.Context(), publish)
	if diff := cmp.Diff(published, must(t, replayed, err), protocmp.Transform()); diff != "" {
		t.Errorf("PublishArticle: %s", diff)
	}
	if n := len(s.events("", 0)); n != 4 {
		t.Errorf("replays left events: got %d", n)
	}
	_, err = s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, RequestId: create.GetRequestId(), Article: &articlev1.Article{Title: "Kitas"},
	})
	wantReason(t, err, faultv1.Reason_REASON_REQUEST_ID_REUSED)

	merged, err := s.save(created.GetEtag(), &articlev1.Article{
		Name: created.GetName(), Blocks: []*articlev1.Block{paragraph("a", "Viena."), paragraph("b", "Dvi.")},
	})
	if must(t, merged, err).GetTitle() != "Antras" || merged.GetBlocks()[1].GetParagraph().GetText().GetSpans()[0].GetText() != "Dvi." {
		t.Errorf("an etag of before: got %v", merged)
	}
	rest, err := s.editor.ListArticleRevisions(t.Context(), &articlev1.ListArticleRevisionsRequest{Parent: created.GetName(), PageToken: token})
	if got := s.numbers(must(t, rest, err).GetArticleRevisions()); got != "[1]" {
		t.Errorf("a page token of before: got %s", got)
	}
}
