package article_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/archive"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// TestImportBrokenOff leaves an import in the middle: nobody sees it, its id is
// taken until it is found dead, and then nothing is left of it.
func TestImportBrokenOff(t *testing.T) {
	all := smallArchive(t)
	s := start(t, t.TempDir())
	ctx, st := t.Context(), s.parts.Store
	begin := func() (article.Importer, *archive.Reader) {
		into, err := st.StartImport(ctx, "biblioteka", time.Now())
		return must(t, into, err), archive.NewReader("biblioteka", into)
	}
	into, reader := begin()
	for _, r := range cloned(all[:len(all)-1]) {
		if err := reader.Add(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.anonymous.GetSite(ctx, &articlev1.GetSiteRequest{Name: testkit.Site})
	wantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	for _, r := range all {
		if n := r.GetArticle().GetName(); n != "" {
			for _, view := range []articlev1.ArticleView{0, working} {
				_, err := s.as(auth.Operator).GetArticle(ctx, &articlev1.GetArticleRequest{Name: n, View: view})
				wantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
			}
		}
	}
	_, err = s.as(auth.Operator).CreateSite(ctx, &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: newSite()})
	wantReason(t, err, faultv1.Reason_REASON_RESOURCE_EXISTS)
	_, err = s.importAs(testkit.Site, "", all...)
	wantReason(t, err, faultv1.Reason_REASON_RESOURCE_EXISTS)
	if swept := sweepImports(t, s, time.Now()); swept != 0 {
		t.Errorf("a living import was swept")
	}
	if swept := sweepImports(t, s, time.Now().Add(article.ImportIdle)); swept != 1 || s.rows("biblioteka") != 0 {
		t.Errorf("swept %d imports, %d rows are left", swept, s.rows("biblioteka"))
	}
	if err := into.Finish(ctx, article.Write{Time: time.Now()}, reader.Site(), reader.Count()); err == nil {
		t.Error("an import that was given up made a site")
	}

	// What is whole is finished, whoever does it.
	into, reader = begin()
	for _, r := range cloned(all) {
		if err := reader.Add(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := into.Finish(ctx, article.Write{Time: time.Now(), Method: archive.MethodImport}, reader.Site(), reader.Count()); err != nil {
		t.Fatal(err)
	}
	if swept := sweepImports(t, s, time.Now().Add(time.Hour)); swept != 0 || len(s.published()) != 0 {
		t.Errorf("swept %d, published %v", swept, s.published())
	}
	s.parts.Server.FinishImports(ctx)
	if got := len(s.published()); got != 0 {
		t.Errorf("somebody else went on with a living import: %d articles", got)
	}
	from := article.Imported{Site: "biblioteka"}
	if err := st.AdvanceImport(ctx, from, "a", time.Now().Add(-article.ImportIdle)); err != nil {
		t.Fatal(err)
	}
	s.parts.Server.FinishImports(ctx)
	if open, err := st.Imports(ctx); len(s.published()) != 1 || len(open) != 0 || err != nil {
		t.Errorf("published %v, open %v, %v", s.published(), open, err)
	}
	if !bytes.Equal(encodeArchive(t, all), encodeArchive(t, s.export())) {
		t.Error("the site exports other bytes")
	}
}

func sweepImports(t *testing.T, s *suite, at time.Time) int {
	t.Helper()
	swept, err := s.parts.Store.Sweep(t.Context(), at)
	return must(t, swept, err).Imports
}
