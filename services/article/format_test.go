package article_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// storePath is where TestFillStore leaves its store; see
// internal/store/testdata/README.md.
var storePath = flag.String("store", "", "keep the store of TestFillStore at this path")

// stored is the folder with a store of every released format.
const stored = "internal/store/testdata"

// TestFillStore fills a store through the API, and finds it as filled after
// opening it anew.
func TestFillStore(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	s.site("biblioteka")
	fillStore(s)
	s.stop()
	if *storePath != "" {
		compact(t, filepath.Join(dir, "article.db"), *storePath)
	}
	checkStore(start(t, dir))
}

// TestStoredFormats finds what fillStore wrote with the programs of every
// earlier format, after bringing it to the newest one.
func TestStoredFormats(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(stored, "format*.db"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			dir := t.TempDir()
			content, err := os.ReadFile(file)
			if err := os.WriteFile(filepath.Join(dir, "article.db"), must(t, content, err), 0o600); err != nil {
				t.Fatal(err)
			}
			checkStore(start(t, dir))
			copies := 1
			if filepath.Base(file) == fmt.Sprintf("format%d.db", store.Format().Number) {
				copies = 0 // nothing is migrated
			}
			kept, err := filepath.Glob(filepath.Join(dir, "article.db.format-*.bak"))
			if err != nil || len(kept) != copies {
				t.Errorf("the store as it was is kept in %v, %v, want %d", kept, err, copies)
			}
		})
	}
}

// autosaves is how many revisions fillStore gives to its longest article.
const autosaves = 30

// fillStore writes an article in each state a life can come to, some of them
// moved, revised or joined with a translation. Only calls of the first release
// are used, so that every release can run it.
func fillStore(s *suite) {
	s.t.Helper()
	long := s.fixture("ilga-istorija", "lt", "Vasaros skaitymo iššūkis", 8)
	for i := 2; i <= autosaves; i++ {
		long = s.autosave(long, i)
		if i == 3 || i == 20 {
			long = s.publish(long)
		}
	}
	s.fixture("summer-challenge", "en", "Summer reading challenge", 2)
	draft := s.fixture("juodrastis", "lt", "Naujos knygos", 1)
	s.change(draft, func(a *articlev1.Article) { a.Slug = "naujausios-knygos" })
	s.withdraw(s.publish(s.fixture("atsiimtas", "lt", "Atšauktas renginys", 2)))
	s.remove(s.publish(s.fixture("istrintas", "lt", "Ištrintas straipsnis", 2)))
	s.remove(s.fixture("istrintas-juodrastis", "lt", "Ištrintas juodraštis", 1))
	old := s.fixture("archyvas", "lt", "Prieš penkiolika metų", 3)
	published, err := s.admin.PublishArticle(s.t.Context(), &articlev1.PublishArticleRequest{
		Name: old.GetName(), Etag: old.GetEtag(), PublishTime: &timestamppb.Timestamp{Seconds: 1_300_000_000},
	})
	must(s.t, published, err)
}

// fixture creates an article with everything but photos.
func (s *suite) fixture(id, code, title string, paragraphs int) *articlev1.Article {
	s.t.Helper()
	a := &articlev1.Article{
		Title: title, LanguageCode: code, Lead: text("Įžanga: " + title + "."),
		Tags: []string{"skaitymas", "vasara"}, Topics: []string{"Vaikai"}, FundingLines: []string{"Remia Lietuvos kultūros taryba."},
		Bylines:     []*articlev1.Byline{{DisplayName: "Ona Petraitė", Role: "tekstas"}},
		Event:       &articlev1.Event{StartTime: &timestamppb.Timestamp{Seconds: 1_800_000_000}, Place: "Skaitykla"},
		Annotations: map[string]string{"tool": "fixture"},
	}
	if id == "ilga-istorija" || id == "summer-challenge" {
		a.TranslationGroup = "vasara"
	}
	for i := range paragraphs {
		a.Blocks = append(a.Blocks, paragraph(fmt.Sprintf("b%d", i), fmt.Sprintf("%s, pastraipa %d. Ąžuolų gatvėje laukia knygos, žaidimai ir arbata.", title, i)))
	}
	created, err := s.editor.CreateArticle(s.t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, ArticleId: id, Article: a, Note: "Pirmas įrašas",
		RequestId: fmt.Sprintf("00000000-0000-4000-8000-%012x", len(id)*1000+len(title)),
	})
	return must(s.t, created, err)
}

// change saves an article as f leaves it.
func (s *suite) change(a *articlev1.Article, f func(*articlev1.Article)) *articlev1.Article {
	s.t.Helper()
	f(a)
	saved, err := s.editor.UpdateArticle(s.t.Context(), &articlev1.UpdateArticleRequest{Article: a})
	return must(s.t, saved, err)
}

// autosave makes the revision with the number; the tenth moves the article.
func (s *suite) autosave(a *articlev1.Article, number int) *articlev1.Article {
	s.t.Helper()
	a.Blocks[number%len(a.GetBlocks())] = paragraph(fmt.Sprintf("b%d", number%len(a.GetBlocks())), savedText(number))
	if number == 10 {
		a.Slug = "vasaros-issukis"
	}
	saved, err := s.editor.UpdateArticle(s.t.Context(), &articlev1.UpdateArticleRequest{
		Article: a, EditSession: fmt.Sprintf("popiete-%d", number/10), Note: fmt.Sprintf("Įrašas %d", number),
	})
	return must(s.t, saved, err)
}

func savedText(number int) string {
	return fmt.Sprintf("Perskaityta %d knygų, ir tai dar ne pabaiga.", number)
}

func (s *suite) withdraw(a *articlev1.Article) {
	s.t.Helper()
	gone, err := s.editor.UnpublishArticle(s.t.Context(), &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(s.t, gone, err)
}

func (s *suite) remove(a *articlev1.Article) {
	s.t.Helper()
	gone, err := s.editor.DeleteArticle(s.t.Context(), &articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(s.t, gone, err)
}

// checkStore finds what fillStore wrote, through the doors of readers and
// editors, and that the store takes writes.
func checkStore(s *suite) {
	s.t.Helper()
	for id, want := range map[string]articlev1.Article_State{
		"ilga-istorija": articlev1.Article_STATE_PUBLISHED, "archyvas": articlev1.Article_STATE_PUBLISHED,
		"juodrastis": articlev1.Article_STATE_DRAFT, "summer-challenge": articlev1.Article_STATE_DRAFT,
		"atsiimtas": articlev1.Article_STATE_UNPUBLISHED,
		"istrintas": articlev1.Article_STATE_DELETED, "istrintas-juodrastis": articlev1.Article_STATE_DELETED,
	} {
		a := s.get(s.editor, id, working)
		if a.GetState() != want || a.GetLead().GetSpans()[0].GetText() != "Įžanga: "+a.GetTitle()+"." {
			s.t.Errorf("%s: got state %v and lead %v", id, a.GetState(), a.GetLead())
		}
	}
	s.checkLong()
	s.checkThinning()
	s.checkPaths()
	s.checkTranslations()
	s.checkPublications()
	draft := s.get(s.editor, "juodrastis", working)
	if saved := s.change(draft, func(a *articlev1.Article) { a.Title = "Kitos knygos" }); saved.GetRevision() != draft.GetRevision()+1 {
		s.t.Errorf("saved as revision %d after %d", saved.GetRevision(), draft.GetRevision())
	}
}

// checkLong finds every revision of the longest article.
func (s *suite) checkLong() {
	s.t.Helper()
	public := s.get(s.anonymous, "ilga-istorija", 0)
	if public.GetRevision() != 20 || public.GetSlug() != "vasaros-issukis" || len(public.GetBlocks()) != 8 {
		s.t.Errorf("readers see revision %d under %q with %d blocks", public.GetRevision(), public.GetSlug(), len(public.GetBlocks()))
	}
	newest := s.get(s.editor, "ilga-istorija", working)
	if newest.GetRevision() != autosaves {
		s.t.Errorf("editors see revision %d", newest.GetRevision())
	}
	n := article.Name{Site: "biblioteka", ID: "ilga-istorija"}
	for number := int64(1); number <= autosaves; number++ {
		r, err := s.parts.Store.Revision(s.t.Context(), n, number)
		must(s.t, r, err)
		want := "Pirmas įrašas"
		if number > 1 {
			want = fmt.Sprintf("Įrašas %d", number)
			block := int(number) % 8
			got := r.GetArticle().GetBlocks()[block].GetParagraph().GetText()
			if diff := cmp.Diff(text(savedText(int(number))), got, protocmp.Transform()); diff != "" {
				s.t.Errorf("revision %d, -want +got:\n%s", number, diff)
			}
		}
		if r.GetNote() != want || len(r.GetArticle().GetBlocks()) != 8 {
			s.t.Errorf("revision %d: got note %q and %d blocks", number, r.GetNote(), len(r.GetArticle().GetBlocks()))
		}
	}
}

// checkThinning finds that the sessions of the longest article end like any.
func (s *suite) checkThinning() {
	s.t.Helper()
	swept, err := s.parts.Store.Sweep(s.t.Context(), time.Now().Add(store.ThinAfter+time.Hour))
	// 3 and 20 were published; 9, 19, 29 and 30 are the last of their sessions,
	// and the first has none.
	if err != nil || swept.Revisions != autosaves-7 {
		s.t.Errorf("swept %v, %v", swept, err)
	}
	heads, err := s.parts.Store.Revisions(s.t.Context(), article.Name{Site: "biblioteka", ID: "ilga-istorija"}, 0, autosaves)
	if err != nil || len(heads) != autosaves-swept.Revisions {
		s.t.Errorf("%d revisions are left, %v", len(heads), err)
	}
}

// checkPublications finds when readers saw what.
func (s *suite) checkPublications() {
	s.t.Helper()
	for id, want := range map[string]map[int64]string{
		"ilga-istorija": {3: "/vasaros-skaitymo-issukis", 20: "/vasaros-issukis"}, "archyvas": {1: "/pries-penkiolika-metu"},
		"atsiimtas": {1: "/atsauktas-renginys"}, "istrintas": {1: "/istrintas-straipsnis"}, "juodrastis": {},
	} {
		name := testkit.Site + "/articles/" + id
		shown := make(map[int64]string)
		for _, r := range s.revisions(&articlev1.Article{Name: name}, "", 0) {
			for _, when := range r.GetPublishTimes() {
				a, err := s.at(name, when.AsTime())
				if err != nil || a.GetRevision() != r.GetRevision() {
					s.t.Errorf("%s at %v: got %v, %v", id, when.AsTime(), a, err)
				}
				shown[r.GetRevision()] += a.GetPath()
			}
		}
		if diff := cmp.Diff(want, shown); diff != "" {
			s.t.Errorf("what readers saw of %s: %s", id, diff)
		}
		_, err := s.at(name, time.Now())
		if got, want := err == nil, id == "ilga-istorija" || id == "archyvas"; got != want {
			s.t.Errorf("%s is public now: %v, %v", id, got, err)
		}
	}
}

// checkPaths finds what public slugs lead to, also old ones.
func (s *suite) checkPaths() {
	s.t.Helper()
	for path, want := range map[string]articlev1.ResolvePathResponse_Resolution{
		"/vasaros-issukis":          articlev1.ResolvePathResponse_RESOLUTION_FOUND,
		"/vasaros-skaitymo-issukis": articlev1.ResolvePathResponse_RESOLUTION_MOVED,
		"/atsauktas-renginys":       articlev1.ResolvePathResponse_RESOLUTION_GONE,
		"/istrintas-straipsnis":     articlev1.ResolvePathResponse_RESOLUTION_GONE,
	} {
		got, err := s.anonymous.ResolvePath(s.t.Context(), &articlev1.ResolvePathRequest{Site: testkit.Site, Path: path})
		if err != nil || got.GetResolution() != want {
			s.t.Errorf("%s: got %v, %v, want %v", path, got.GetResolution(), err, want)
		}
	}
	_, err := s.anonymous.ResolvePath(s.t.Context(), &articlev1.ResolvePathRequest{Site: testkit.Site, Path: "/naujos-knygos"})
	testkit.WantFault(s.t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

// checkTranslations finds the one article that the English one is joined with.
// In format 1 there may have been more.
func (s *suite) checkTranslations() {
	s.t.Helper()
	english := s.get(s.editor, "summer-challenge", working)
	if got := english.GetTranslations(); len(got) != 1 || got[0].GetLanguageCode() != "lt" || got[0].GetTitle() == "" {
		s.t.Errorf("the English article has the translations %v", got)
	}
}

func (s *suite) get(client articlev1.ArticleServiceClient, id string, view articlev1.ArticleView) *articlev1.Article {
	s.t.Helper()
	a, err := client.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: testkit.Site + "/articles/" + id, View: view})
	return must(s.t, a, err)
}

// compact copies the bbolt file from to a new one without free pages.
func compact(t *testing.T, from, to string) {
	t.Helper()
	src, err := bolt.Open(from, 0o600, &bolt.Options{ReadOnly: true})
	must(t, src, err)
	defer src.Close()
	dst, err := bolt.Open(to, 0o600, nil)
	must(t, dst, err)
	defer dst.Close()
	if err := bolt.Compact(dst, src, 1<<20); err != nil {
		t.Fatal(err)
	}
}
