package article_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// TestFollow changes what projections are made of.
func TestFollow(t *testing.T) {
	s := newSuite(t)
	name := s.media.put("langas")
	inherits := s.create("Perima", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", name)} })
	s.publish(inherits)
	own := "Sava antraštė"
	overrides := s.create("Savaip", func(a *articlev1.Article) {
		b := figure("f", name)
		b.GetFigure().GetPlacement().Caption = &own
		a.Blocks = []*articlev1.Block{b}
	})
	s.publish(overrides)
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.next()
	w.next()
	w.want("END")

	s.media.put("langas", func(p *photo) { p.Captions["lt"] = "Pataisyta antraštė" })
	w.want("UPDATED Perima")
	caption := func(a *articlev1.Article) string {
		got, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
		return must(t, got, err).GetBlocks()[0].GetFigure().GetPlacement().GetPlaced().GetCaption()
	}
	if got := caption(inherits); got != "Pataisyta antraštė" {
		t.Errorf("got %q", got)
	}
	if got := caption(overrides); got != own {
		t.Errorf("got %q", got)
	}

	site, err := s.anonymous.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: testkit.Site})
	must(t, site, err)
	_, err = s.admin.UpdateSite(t.Context(), &articlev1.UpdateSiteRequest{Site: &articlev1.Site{Name: testkit.Site, Etag: site.GetEtag(), DefaultLanguageCode: "en"}})
	if err != nil {
		t.Fatal(err)
	}
	w.next()
	w.next()
	got, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: inherits.GetName()})
	if must(t, got, err); got.GetPath() != "/lt/perima" {
		t.Errorf("got the path %q", got.GetPath())
	}
	if got := s.resolvePath("/perima"); got != "moved /lt/perima" {
		t.Errorf("got %s", got)
	}
}

// TestFollowOvertaken is told late which photos an article used before it was
// published anew.
func TestFollowOvertaken(t *testing.T) {
	s := newSuite(t)
	first, second := s.media.put("langas"), s.media.put("durys")
	a := s.publish(s.create("Perima", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", first)} }))
	a, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Blocks: []*articlev1.Block{figure("f", second)}},
	})
	a = s.publish(must(t, a, err))
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.next()
	w.want("END")
	n, err := article.ParseName("name", a.GetName())
	s.parts.Follower.Uses(must(t, n, err), []string{first}, s.parts.Follower.PhotoEpoch())
	s.media.put("durys", func(p *photo) { p.Credit = "Pataisyta" })
	w.want("UPDATED Perima")
	if got := credit(t, s, a); got != "Pataisyta" {
		t.Errorf("got %q", got)
	}
}

// TestFollowRestart changes a photo while the service is down.
func TestFollowRestart(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	s.site("biblioteka")
	photos := s.media
	a := s.create("Perima", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", photos.put("langas"))} })
	s.publish(a)
	photos.put("langas", func(p *photo) { p.Credit = "Pirmas" })
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	for w.next() != "END" {
	}
	if credit(t, s, a) != "Pirmas" {
		w.want("UPDATED Perima")
	}
	w.stop()
	s.stop()
	photos.put("langas", func(p *photo) { p.Credit = "Antras" })
	s = startWith(t, dir, photos)
	w = s.watch(s.anonymous, &articlev1.WatchArticlesRequest{ResumeToken: ""})
	for w.next() != "END" {
	}
	if credit(t, s, a) != "Antras" {
		w.want("UPDATED Perima")
	}
	if got := credit(t, s, a); got != "Antras" {
		t.Errorf("got %q", got)
	}
}

func credit(t *testing.T, s *suite, a *articlev1.Article) string {
	t.Helper()
	got, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	return must(t, got, err).GetBlocks()[0].GetFigure().GetPlacement().GetPlaced().GetCredit()
}
