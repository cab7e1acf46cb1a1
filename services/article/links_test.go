package article_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// wantPaths compares what stands at addresses.
func (s *suite) wantPaths(when string, want map[string]string) {
	s.t.Helper()
	got := make(map[string]string, len(want))
	for path := range want {
		got[path] = s.resolvePath(path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

// move gives an article another slug and publishes it.
func (s *suite) move(a *articlev1.Article, slug string) *articlev1.Article {
	s.t.Helper()
	return s.publish(s.change(a, func(a *articlev1.Article) { a.Slug = slug }))
}

// TestRename moves an article to and fro: every address it ever had leads to
// the newest one at once.
func TestRename(t *testing.T) {
	s := newSuite(t)
	a := s.publish(s.create("Pirma"))
	a = s.move(a, "antra")
	s.wantPaths("moved", map[string]string{"/pirma": "moved /antra", "/antra": "found"})
	a = s.move(a, "trecia")
	s.wantPaths("moved twice", map[string]string{"/pirma": "moved /trecia", "/antra": "moved /trecia", "/trecia": "found"})
	a = s.move(a, "pirma")
	s.wantPaths("moved back", map[string]string{"/pirma": "found", "/antra": "moved /pirma", "/trecia": "moved /pirma"})
	s.change(a, func(a *articlev1.Article) { a.Slug = "ketvirta" })
	s.wantPaths("moved in a draft", map[string]string{"/pirma": "found", "/ketvirta": "none"})
}

// takeOver asks for the slug renginys, which another article has or had.
func (s *suite) takeOver(client articlev1.ArticleServiceClient, a *articlev1.Article) (*articlev1.Article, error) {
	return client.UpdateArticle(s.t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Slug: "renginys"}, TakeOverSlug: true,
	})
}

func TestTakeOverSlug(t *testing.T) {
	s := newSuite(t)
	old := s.publish(s.create("Renginys"))
	heir := s.create("Kitas renginys")

	_, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: heir.GetName(), Etag: heir.GetEtag(), Slug: "renginys"},
	})
	wantHolder(t, err, old, "public")
	_, err = s.takeOver(s.editor, heir)
	wantHolder(t, err, old, "public")
	old = s.move(old, "senas-renginys")
	_, err = s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: heir.GetName(), Etag: heir.GetEtag(), Slug: "renginys"},
	})
	if e := wantHolder(t, err, old, "once_public"); !strings.Contains(e.Message, "take_over_slug") {
		t.Errorf("the message does not tell the way: %s", e.Message)
	}
	_, err = s.takeOver(s.author, heir)
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)

	heir, err = s.takeOver(s.editor, heir)
	must(t, heir, err)
	s.wantPaths("taken over by a draft", map[string]string{"/renginys": "moved /senas-renginys"})
	if got := s.rules(heir); !slices.Contains(got, "slug-taken-over") {
		t.Errorf("the check finds %v", got)
	}
	_, err = s.takeOver(s.editor, s.create("Trečias"))
	wantHolder(t, err, heir, "working")

	w := s.watch(s.editor, &articlev1.WatchArticlesRequest{View: working})
	for w.next() != "END" {
	}
	heir = s.publish(heir)
	told := []string{w.next(), w.next()} // of one commit, by name
	slices.Sort(told)
	if diff := cmp.Diff([]string{"PUBLISHED Kitas renginys", "UPDATED Renginys"}, told); diff != "" {
		t.Error(diff)
	}
	s.wantPaths("published", map[string]string{"/renginys": "found", "/senas-renginys": "found"})
	if got := s.rules(heir); slices.Contains(got, "slug-taken-over") {
		t.Errorf("published, the check still finds %v", got)
	}
	if diff := cmp.Diff(map[string]int{old.GetName(): 1, heir.GetName(): 1}, s.audited("TakeOverSlug")); diff != "" {
		t.Errorf("the audit tells of (-want +got):\n%s", diff)
	}
}

// TestTakeOverSlugBack gives a slug back, in each way there is.
func TestTakeOverSlugBack(t *testing.T) {
	s := newSuite(t)
	old := s.publish(s.create("Renginys"))
	s.withdraw(old)
	s.wantPaths("taken away", map[string]string{"/renginys": "gone"})

	heir := s.create("Kitas")
	heir, err := s.takeOver(s.editor, heir)
	must(t, heir, err)
	s.wantPaths("taken over by a draft", map[string]string{"/renginys": "gone"})
	s.change(heir, func(a *articlev1.Article) { a.Slug = "kitas" })
	old = s.publish(s.reread(old))
	s.wantPaths("let go", map[string]string{"/renginys": "found"})

	s.withdraw(old)
	heir, err = s.takeOver(s.editor, s.reread(heir))
	must(t, heir, err)
	_, err = s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: old.GetName(), Etag: s.reread(old).GetEtag()})
	wantHolder(t, err, heir, "working")
	old, err = s.takeOver(s.editor, s.reread(old))
	s.publish(must(t, old, err))
	s.wantPaths("taken back", map[string]string{"/renginys": "found"})
	_, err = s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: heir.GetName(), Etag: heir.GetEtag()})
	wantHolder(t, err, old, "public")
}

func (s *suite) reread(a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	got, err := s.editor.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), View: working})
	return must(s.t, got, err)
}

// wantHolder checks that SLUG_TAKEN names who has the slug and how.
func wantHolder(t *testing.T, err error, holder *articlev1.Article, how string) fault.Error {
	t.Helper()
	e := testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_SLUG_TAKEN)
	if e.Metadata["holder"] != holder.GetName() || e.Metadata["held"] != how {
		t.Errorf("got %v, want %s %s", e.Metadata, holder.GetName(), how)
	}
	return e
}

// rules returns the rules that an article breaks.
func (s *suite) rules(a *articlev1.Article) []string {
	s.t.Helper()
	resp, err := s.editor.CheckArticle(s.t.Context(), &articlev1.CheckArticleRequest{Name: a.GetName()})
	must(s.t, resp, err)
	var rules []string
	for _, f := range resp.GetFindings() {
		rules = append(rules, f.GetRule())
	}
	return rules
}

// audited counts by resource what the audit remembers of a method.
func (s *suite) audited(method string) map[string]int {
	s.t.Helper()
	found := make(map[string]int)
	err := s.db.View(s.t.Context(), func(r kv.Reader) error {
		for e, err := range r.Scan(kv.Prefix([]byte("audit/"))) {
			if err != nil {
				return err
			}
			event := &recordv1.Event{}
			if err := proto.Unmarshal(e.Value, event); err != nil {
				return err
			}
			if event.GetMethod() == method {
				found[event.GetName()]++
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

func withAliases(aliases ...string) func(*articlev1.Article) {
	return func(a *articlev1.Article) { a.Aliases = aliases }
}

func TestAliases(t *testing.T) {
	s := newSuite(t)
	a := s.create("Mugė", withAliases("/?p=123", "/2024/06/07/Muge/", "/2024/06/07/muge", "/arhus-muge"))
	if diff := cmp.Diff([]string{"/?p=123", "/2024/06/07/muge", "/arhus-muge"}, a.GetAliases()); diff != "" {
		t.Errorf("aliases (-want +got):\n%s", diff)
	}
	s.wantPaths("of a draft", map[string]string{"/?p=123": "none", "/2024/06/07/muge": "none"})
	a = s.publish(a)
	if got := s.get(s.anonymous, a.GetName()[len(testkit.Site+"/articles/"):], 0); len(got.GetAliases()) != 0 {
		t.Errorf("readers see the aliases %v", got.GetAliases())
	}
	s.wantPaths("of a public article", map[string]string{
		"/?p=123": "moved /muge", "/?utm_source=x&p=123": "moved /muge", "/?p=124": "none", "/?p=123&x=1": "none", "/": "none",
		"/2024/06/07/muge/": "moved /muge", "/2024/06/07/Mug%65?print=1": "moved /muge", "/arhus-muge": "moved /muge",
	})
	if got := s.create("Arhus mugė").GetSlug(); got != "arhus-muge-2" {
		t.Errorf("an alias was given away as the slug %q", got)
	}
	_, err := s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, Article: &articlev1.Article{Title: "Kita", Aliases: []string{"/?p=123"}},
	})
	e := testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_ALIAS_TAKEN)
	if e.Metadata["holder"] != a.GetName() || e.Metadata["alias"] != "/?p=123" {
		t.Errorf("got %v", e.Metadata)
	}
	_, err = s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, Article: &articlev1.Article{Title: "Kita", Aliases: []string{"/muge/"}},
	})
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_ALIAS_TAKEN)

	revision := a.GetRevision()
	a = s.change(a, withAliases("/arhus-muge", "/?p=9"))
	if a.GetRevision() != revision {
		t.Errorf("aliases made revision %d", a.GetRevision())
	}
	s.wantPaths("changed", map[string]string{"/?p=123": "none", "/?p=9": "moved /muge", "/arhus-muge": "moved /muge"})
	s.create("Kita", withAliases("/?p=123"))
	s.withdraw(a)
	s.wantPaths("taken away", map[string]string{"/?p=9": "gone", "/arhus-muge": "gone"})
}

func TestAliasesRefused(t *testing.T) {
	s := newSuite(t)
	a := s.create("Mugė")
	update := func(aliases []string) (*articlev1.Article, error) {
		return s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
			Article:    &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Aliases: aliases},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"aliases"}},
		})
	}
	_, err := update([]string{"/gera", "/", "/%zz", "/v1/sites", "/media/a.jpg", "/en/", "/?utm_source=a", "/-/articles/a"})
	e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	var want []string
	for i := 1; i <= 7; i++ {
		want = append(want, fmt.Sprintf("article.aliases[%d]", i))
	}
	if diff := cmp.Diff(strings.Join(want, " "), violations(&e)); diff != "" {
		t.Error(diff)
	}
	var many []string
	for i := range 50 {
		many = append(many, fmt.Sprintf("/?p=%d", i))
	}
	_, err = update(many[:21])
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	for _, n := range []int{20, 40, 50} {
		got, err := update(many[:n])
		if must(t, got, err); len(got.GetAliases()) != n {
			t.Errorf("got %d aliases, want %d", len(got.GetAliases()), n)
		}
	}
	s.publish(a)
	s.wantPaths("all", map[string]string{"/?p=0": "moved /muge", "/?p=49": "moved /muge"})
}

func TestPathRules(t *testing.T) {
	s := newSuite(t)
	site, err := s.anonymous.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: testkit.Site})
	must(t, site, err)
	update := func(rules ...*articlev1.PathRule) (*articlev1.Site, error) {
		return s.admin.UpdateSite(t.Context(), &articlev1.UpdateSiteRequest{Site: &articlev1.Site{
			Name: testkit.Site, Etag: site.GetEtag(), PathRules: rules,
		}})
	}
	rule := func(pattern, code string) *articlev1.PathRule {
		return &articlev1.PathRule{Pattern: pattern, LanguageCode: code}
	}
	_, err = update(rule("/{slug}/{slug}", ""), rule("/a/{slug}", "fr"), rule("/b/{slug}", ""), rule("/B/{slug}/", "en"), rule("/{what}/{slug}", ""))
	e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	const want = "site.path_rules[0].pattern site.path_rules[1].language_code site.path_rules[3].pattern site.path_rules[4].pattern"
	if got := violations(&e); got != want {
		t.Errorf("got %s", got)
	}
	site, err = update(rule("/{year}/{month}/{day}/{slug}", ""), rule("/english/{number}-{slug}.html", "en"), rule("/index.php?page={slug}", ""))
	must(t, site, err)
	a := s.publish(s.create("Stažuotė Danijoje"))
	s.publish(s.create("A visit", func(a *articlev1.Article) { a.LanguageCode = "en" }))
	s.publish(s.create("Orhusas", withAliases("/arhusas")))
	s.create("Juodraštis")
	s.wantPaths("by rules", map[string]string{
		"/2024/06/07/stazuote-danijoje/": "moved /stazuote-danijoje", "/2024/06/07/Stažuotė_Danijoje": "moved /stazuote-danijoje",
		"/2024/06/07/arhusas": "moved /orhusas", "/2024/06/07/nieko": "none", "/2024/06/stazuote-danijoje": "none",
		"/english/12-a-visit.html": "moved /en/a-visit", "/english/12-orhusas.html": "none",
		"/index.php?page=orhusas&id=3": "moved /orhusas", "/index.php": "none", "/2024/06/07/juodrastis": "none",
	})
	a = s.move(a, "danijoje")
	s.wantPaths("moved since", map[string]string{"/2024/06/07/stazuote-danijoje": "moved /danijoje", "/2024/06/07/danijoje": "moved /danijoje"})
	s.withdraw(a)
	s.wantPaths("taken away", map[string]string{"/2024/06/07/stazuote-danijoje": "gone"})
}
