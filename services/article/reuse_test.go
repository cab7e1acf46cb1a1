package article_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// createAs creates an article with an id.
func (s *suite) createAs(id, slug string, takeOver bool) (*articlev1.Article, error) {
	s.t.Helper()
	return s.editor.CreateArticle(s.t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, ArticleId: id, Article: &articlev1.Article{Title: "Straipsnis " + slug, Slug: slug}, TakeOverSlug: takeOver,
	})
}

// purged publishes an article under a slug and removes it for good.
func (s *suite) purged(id, slug string) *articlev1.Article {
	s.t.Helper()
	a, err := s.createAs(id, slug, false)
	a = s.publish(must(s.t, a, err))
	s.remove(a)
	s.purge()
	return a
}

// purge removes all articles for good that are deleted.
func (s *suite) purge() {
	s.t.Helper()
	if _, err := s.parts.Store.Sweep(s.t.Context(), time.Now().Add(article.Keep+time.Hour)); err != nil {
		s.t.Fatal(err)
	}
}

// TestReuseOfID makes an article under the id of one that was removed for good:
// the addresses of that stay gone, unless they are taken over with permission
// and audit.
func TestReuseOfID(t *testing.T) {
	s := newSuite(t)
	gone := s.purged("naujiena", "sena")
	a, err := s.createAs("naujiena", "nauja", false)
	a = s.publish(must(t, a, err))
	if a.GetName() != gone.GetName() || a.GetUid() == gone.GetUid() {
		t.Fatalf("%s of %s is no other article of that name", a.GetName(), a.GetUid())
	}
	s.wantPaths("the id is used again", map[string]string{"/sena": "gone", "/nauja": "found"})
	save := func(client articlev1.ArticleServiceClient, slug string, takeOver bool) (*articlev1.Article, error) {
		return client.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
			Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Slug: slug}, TakeOverSlug: takeOver,
		})
	}
	_, err = save(s.editor, "sena", false)
	if e := wantHolder(t, err, gone, "once_public"); !strings.Contains(e.Message, "removed for good") {
		t.Errorf("it says %q", e.Message)
	}
	_, err = s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Aliases: []string{"/sena"}},
	})
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_ALIAS_TAKEN)
	_, err = save(s.author, "sena", true)
	wantReason(t, err, faultv1.Reason_REASON_PERMISSION_DENIED)
	if told := s.audited("TakeOverSlug"); len(told) != 0 {
		t.Errorf("the audit tells of %v", told)
	}

	took, err := save(s.editor, "sena", true)
	took = must(t, took, err)
	if told := s.audited("TakeOverSlug"); told[a.GetName()] != 2 {
		t.Errorf("the audit tells of %v", told)
	}
	s.wantPaths("taken over by a draft", map[string]string{"/sena": "gone", "/nauja": "found"})
	s.publish(took)
	s.wantPaths("taken over", map[string]string{"/sena": "found", "/nauja": "moved /sena"})
}

// TestReuseOfIDTwice creates an article under the slug and the id of one that is
// gone, and removes it again: also then the address is only taken over.
func TestReuseOfIDTwice(t *testing.T) {
	s := newSuite(t)
	gone := s.purged("naujiena", "sena")
	_, err := s.createAs("naujiena", "sena", false)
	wantHolder(t, err, gone, "once_public")
	a, err := s.createAs("naujiena", "sena", true)
	a = must(t, a, err)
	s.wantPaths("a draft took it over", map[string]string{"/sena": "gone"})
	s.remove(a)
	s.purge()
	again, err := s.createAs("naujiena", "kita", false)
	s.publish(must(t, again, err))
	s.wantPaths("the draft is gone", map[string]string{"/sena": "gone", "/kita": "found"})
}

// TestReuseOfFormerID gives the id of an article away that a slug was taken over
// from, and was not published since.
func TestReuseOfFormerID(t *testing.T) {
	s := newSuite(t)
	old := s.publish(s.create("Renginys"))
	s.withdraw(old)
	heir, err := s.takeOver(s.editor, s.create("Kitas"))
	must(t, heir, err)
	s.remove(s.reread(old))
	s.purge()
	_, id, _ := strings.Cut(old.GetName(), "/articles/")
	other, err := s.createAs(id, "visai-kitas", false)
	other = s.publish(must(t, other, err))
	s.wantPaths("the former holder is another one", map[string]string{"/renginys": "gone", "/visai-kitas": "found"})
	_, err = s.takeOver(s.editor, other)
	wantHolder(t, err, heir, "working")
	s.publish(heir)
	s.wantPaths("the heir is public", map[string]string{"/renginys": "found", "/visai-kitas": "found"})
}
