package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// following is who writes in these tests.
var following = store.Following{Holder: "test"}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// open returns an empty store that is followed, and what is beneath it.
func open(tb testing.TB) (*store.Store, kv.Store) {
	tb.Helper()
	records, err := boltkv.Open(filepath.Join(tb.TempDir(), "sharing.db"), kv.Options{Format: store.Format(), Heartbeat: time.Hour})
	must(tb, err)
	tb.Cleanup(func() { must(tb, records.Close()) })
	s := store.New(records)
	must(tb, s.Follow(tb.Context(), following.Holder, noon))
	must(tb, s.CompleteSnapshot(tb.Context(), following, noon))
	return s, records
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// piece returns a published article.
func piece(id string, at time.Time, tags ...string) *articlev1.Article {
	a := sharingtest.Short()
	a.Name, a.Uid, a.Path = sharingtest.SiteName+"/articles/"+id, "uid-of-"+id, "/"+id
	a.PublishTime, a.FirstPublicTime, a.UpdateTime = timestamppb.New(at), timestamppb.New(at), timestamppb.New(at)
	a.PublishedRevision, a.Tags = 1, tags
	return a
}

func learn(tb testing.TB, s *store.Store, a *articlev1.Article) store.Transition {
	tb.Helper()
	return learnAs(tb, s, a.GetName(), a)
}

func learnAs(tb testing.TB, s *store.Store, name string, a *articlev1.Article) store.Transition {
	tb.Helper()
	n, err := published.ParseName("name", name)
	must(tb, err)
	told, err := s.Learn(tb.Context(), following, store.Event{Name: n, Article: a}, noon)
	must(tb, err)
	return told
}

// ids lists what a query finds, page by page.
func ids(tb testing.TB, s *store.Store, q store.Query) []string {
	tb.Helper()
	var found []string
	q.Site, q.Limit = "biblioteka", max(q.Limit, 2)
	for {
		rows, next, err := s.List(tb.Context(), q)
		must(tb, err)
		for _, row := range rows {
			found = append(found, row.GetPath()[1:])
		}
		if q.After = next; next == nil {
			return found
		}
	}
}

func want(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// TestLearn follows one article through its life.
func TestLearn(t *testing.T) {
	s, _ := open(t)
	a := piece("vienas", noon.Add(-time.Hour), "Knygos")
	if told := learn(t, s, a); told.Kind != store.Published || told.Gone != nil || told.Quiet || told.Backdated {
		t.Errorf("published: %+v", told)
	}
	if told := learn(t, s, a); told.Kind != "" {
		t.Errorf("told again: %+v", told)
	}
	a.PublishTimeTexts = map[string]string{"lt": "šiandien"}
	a.Cover = sharingtest.Placement("sites/biblioteka/photos/a", "Lentyna")
	if told := learn(t, s, a); told.Kind != store.Corrected {
		t.Errorf("a cover: %+v", told)
	}
	a.Cover.Placed = nil
	if told := learn(t, s, a); told.Kind != store.Refreshed || told.Old.GetCover() == nil || told.New.GetCover() != nil {
		t.Errorf("a photo that was withdrawn: %+v", told)
	}
	a.Path, a.PublishedRevision = "/pirmas", 2
	if told := learn(t, s, a); told.Kind != store.Corrected || told.Old.GetPath() != "/vienas" || told.New.GetPath() != "/pirmas" {
		t.Errorf("moved: %+v", told)
	}
	told := learnAs(t, s, a.GetName(), nil)
	if told.Kind != store.Withdrawn || told.Gone.GetUid() != a.GetUid() || told.Gone.GetTitle()+told.Gone.GetPath() != "" {
		t.Errorf("withdrawn: %+v", told)
	}
	want(t, "after the withdrawal", ids(t, s, store.Query{}), []string(nil))
	want(t, "its tag", ids(t, s, store.Query{Tag: "Knygos"}), []string(nil))
	if told := learn(t, s, a); told.Kind != store.Published || told.Gone.GetUid() != a.GetUid() || told.Backdated {
		t.Errorf("published again: %+v", told)
	}
	if _, err := s.Gone(t.Context(), told.Name); err == nil {
		t.Error("what is public is gone, too")
	}
}

// TestLearnBackdated tells news from archives.
func TestLearnBackdated(t *testing.T) {
	for _, test := range []struct {
		name          string
		shown, public time.Time
		backdated     bool
	}{
		{"now", noon, noon, false},
		{"a slow clock", noon.Add(-50 * time.Second), noon, false},
		{"yesterday", noon.AddDate(0, 0, -1), noon, true},
		{"ten years ago", noon.AddDate(-10, 0, 0), noon, true},
		{"while the follower was away", noon.AddDate(0, 0, -13), noon.AddDate(0, 0, -13), false},
		{"an archive that came in", noon.AddDate(-3, 0, 0), noon.AddDate(-3, 0, 0), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := open(t)
			a := piece("vienas", test.shown)
			a.FirstPublicTime = timestamppb.New(test.public)
			if told := learn(t, s, a); told.Kind != store.Published || told.Backdated != test.backdated {
				t.Errorf("got %q, backdated %v", told.Kind, told.Backdated)
			}
		})
	}
}

// TestLearnAnotherUnderTheName lets a purged article be gone under its own uid.
func TestLearnAnotherUnderTheName(t *testing.T) {
	s, _ := open(t)
	first := piece("vienas", noon)
	learn(t, s, first)
	second := piece("vienas", noon)
	second.Uid, second.Title = "another", "Kitas"
	if told := learn(t, s, second); told.Kind != store.Published || told.Gone != nil {
		t.Errorf("the second: %+v", told)
	}
	gone, err := s.Gone(t.Context(), published.Name{Site: "biblioteka", ID: "vienas"})
	must(t, err)
	want(t, "the first", gone.GetUid(), first.GetUid())
}

// TestList finds articles by language, tag and time in both directions, in pages.
func TestList(t *testing.T) {
	s, _ := open(t)
	for i := range 7 {
		a := piece(fmt.Sprintf("straipsnis-%d", i), noon.AddDate(0, -i, 0), "Knygos")
		if i%2 == 1 {
			a.LanguageCode, a.Tags = "en", []string{"Books", "Knygos"}
		}
		learn(t, s, a)
	}
	name := func(numbers ...int) (names []string) {
		for _, i := range numbers {
			names = append(names, fmt.Sprintf("straipsnis-%d", i))
		}
		return names
	}
	want(t, "all", ids(t, s, store.Query{}), name(0, 1, 2, 3, 4, 5, 6))
	want(t, "oldest first", ids(t, s, store.Query{Oldest: true, Limit: 3}), name(6, 5, 4, 3, 2, 1, 0))
	want(t, "Lithuanian", ids(t, s, store.Query{Language: "lt"}), name(0, 2, 4, 6))
	want(t, "tag", ids(t, s, store.Query{Tag: "Books"}), name(1, 3, 5))
	want(t, "tag by id", ids(t, s, store.Query{TagID: published.TagID("Knygos"), Oldest: true}), name(6, 5, 4, 3, 2, 1, 0))
	want(t, "tag and language", ids(t, s, store.Query{Tag: "Knygos", Language: "en"}), name(1, 3, 5))
	want(t, "no such tag", ids(t, s, store.Query{Tag: "knygos"}), []string(nil))
	months := store.Query{From: noon.AddDate(0, -3, 0), Until: noon.AddDate(0, -1, 0)}
	want(t, "two months", ids(t, s, months), name(2, 3))
	months.Oldest = true
	want(t, "two months, oldest first", ids(t, s, months), name(3, 2))
}

// TestTranslations finds the language versions.
func TestTranslations(t *testing.T) {
	s, _ := open(t)
	for _, language := range []string{"lt", "en"} {
		a := piece("apie-"+language, noon)
		a.LanguageCode, a.TranslationGroup = language, "apie"
		learn(t, s, a)
	}
	learn(t, s, piece("viena", noon))
	rows, err := s.Translations(t.Context(), "biblioteka", "apie")
	must(t, err)
	var found []string
	for _, row := range rows {
		found = append(found, row.GetLanguageCode()+row.GetPath())
	}
	want(t, "versions", found, []string{"en/apie-en", "lt/apie-lt"})
}
