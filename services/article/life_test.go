package article_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestLife(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("langas")
	draft := s.create("Stažuotė Danijos bibliotekose", func(a *articlev1.Article) {
		a.Lead = text("Devynios bibliotekininkės.")
		a.Blocks = []*articlev1.Block{paragraph("", "Pirma."), figure("nuotrauka", photo)}
		a.Annotations = map[string]string{"tool": "x"}
		a.Bylines = []*articlev1.Byline{{DisplayName: "Ona", Principal: "ona@example.lt"}}
	})
	if draft.GetSlug() != "stazuote-danijos-bibliotekose" || draft.GetState() != articlev1.Article_STATE_DRAFT || draft.GetRevision() != 1 {
		t.Fatalf("got %v", draft)
	}
	_, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: draft.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)

	s.publish(draft)
	got, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: draft.GetName()})
	must(t, got, err)
	if got.GetAnnotations() != nil || got.GetCreator() != "" || got.GetBylines()[0].GetPrincipal() != "" {
		t.Errorf("the projection tells what is not public: %v", got)
	}
	placed := got.GetBlocks()[1].GetFigure().GetPlacement().GetPlaced()
	if placed.GetCaption() != "Skaitykla" || placed.GetRenditions()[0].GetUri() != "/media/langas/320.jpg" {
		t.Errorf("got placed %v", placed)
	}
	if got.GetPath() != "/stazuote-danijos-bibliotekose" || len(got.GetPublishTimeTexts()) != 3 {
		t.Errorf("got path %q and dates %v", got.GetPath(), got.GetPublishTimeTexts())
	}
	list, err := s.anonymous.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site})
	must(t, list, err)
	if len(list.GetArticles()) != 1 || list.GetArticles()[0].GetBlocks() != nil || list.GetArticles()[0].GetCover().GetPlaced() == nil {
		t.Errorf("got list %v", list)
	}
	if diff := cmp.Diff("r1-", got.GetEtag()[:3]); diff != "" {
		t.Error(diff)
	}
}
