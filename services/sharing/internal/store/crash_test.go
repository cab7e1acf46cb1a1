package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// mortal is a store whose process dies after so many commits.
type mortal struct {
	kv.Store

	left int
}

func (m *mortal) Update(ctx context.Context, fn func(kv.Tx) error) (kv.Version, error) {
	if m.left == 0 {
		return 0, kv.ErrClosed
	}
	m.left--
	return m.Store.Update(ctx, fn)
}

// full returns an article with as many rows in lists as one can have.
func full(from int, at time.Time) *articlev1.Article {
	a := piece("vienas", at)
	a.TranslationGroup = fmt.Sprintf("grupe-%d", from)
	for i := range 20 {
		a.Tags = append(a.Tags, fmt.Sprintf("Žyma %d", from+i))
	}
	return a
}

// TestCrash dies after each commit in turn while an article changes in every
// list, and finds the lists whole after the next start.
func TestCrash(t *testing.T) {
	changes := map[string]*articlev1.Article{
		"other tags":           full(10, noon),
		"all rows of all tags": full(0, noon.AddDate(0, 0, -1)),
		"everything":           full(20, noon.AddDate(0, 0, -1)),
		"nothing is left":      nil,
	}
	for _, name := range []string{"other tags", "all rows of all tags", "everything", "nothing is left"} {
		t.Run(name, func(t *testing.T) {
			for commits := 0; dies(t, changes[name], commits); commits++ {
				if commits > 20 {
					t.Fatal("learning one article takes more than 20 commits")
				}
			}
		})
	}
}

// dies reports whether the process died before the change was learned.
func dies(t *testing.T, change *articlev1.Article, commits int) bool {
	t.Helper()
	s, records := open(t)
	before := full(0, noon)
	learn(t, s, before)
	name := published.Name{Site: "biblioteka", ID: "vienas"}
	event := store.Event{Name: name, Article: change}
	_, died := store.New(&mortal{Store: records, left: commits}).Learn(t.Context(), following, event, noon)

	must(t, s.Tidy(t.Context()))
	wantListed(t, fmt.Sprintf("dead after %d commits", commits), records, s, name)
	_, err := s.Learn(t.Context(), following, event, noon)
	must(t, err)
	wantListed(t, fmt.Sprintf("learned again after %d commits", commits), records, s, name)
	row, err := s.Article(t.Context(), name)
	switch {
	case change == nil && err == nil:
		t.Error("it is still public")
	case change != nil:
		must(t, err)
		want(t, "tags", row.GetTags(), change.GetTags())
		want(t, "time", row.GetPublishTime().AsTime(), change.GetPublishTime().AsTime())
	}
	return died != nil
}

// wantListed compares the rows of lists with what the article has, and finds no
// others.
func wantListed(t *testing.T, when string, records kv.Store, s *store.Store, name published.Name) {
	t.Helper()
	count := make(map[string]int)
	must(t, records.View(t.Context(), func(r kv.Reader) error {
		clear(count)
		for entry, err := range r.Scan(kv.Range{}) {
			if err != nil {
				return err
			}
			theme, _, _ := strings.Cut(string(entry.Key), "/")
			if slices.Contains([]string{"article", "gone", "order", "group", "tag", "stale", "unread"}, theme) {
				count[theme]++
			}
		}
		return nil
	}))
	row, err := s.Article(t.Context(), name)
	if err != nil {
		want(t, when, count, map[string]int{"gone": 1})
		return
	}
	want(t, when, count, map[string]int{"article": 1, "order": 2, "group": 1, "tag": 40})
	for _, tag := range row.GetTags() {
		for _, language := range []string{"", "lt"} {
			want(t, when+": "+tag, ids(t, s, store.Query{Tag: tag, Language: language}), []string{"vienas"})
		}
	}
}

// TestStagedIsNotShown hides the rows of a tag that the article does not have
// yet, or has no more.
func TestStagedIsNotShown(t *testing.T) {
	s, records := open(t)
	before, after := piece("vienas", noon, "Sena"), piece("vienas", noon, "Nauja")
	learn(t, s, before)
	event := store.Event{Name: published.Name{Site: "biblioteka", ID: "vienas"}, Article: after}
	shown := make(map[string]bool)
	for commits := range 5 {
		_, _ = store.New(&mortal{Store: records, left: commits}).Learn(t.Context(), following, event, noon)
		was, is := ids(t, s, store.Query{Tag: "Sena"}), ids(t, s, store.Query{Tag: "Nauja"})
		if len(was)+len(is) != 1 {
			t.Errorf("after %d commits: the old tag has %v, the new one %v", commits, was, is)
		}
		shown[fmt.Sprint(was, is)] = true
	}
	if len(shown) != 2 {
		t.Errorf("saw %v, want it before and after", shown)
	}
}

// TestSetAside comes back to what could not be learned, later and later, and
// forgets it when it was.
func TestSetAside(t *testing.T) {
	s, _ := open(t)
	a := piece("vienas", noon)
	name := published.Name{Site: "biblioteka", ID: "vienas"}
	due := func(after time.Duration) int {
		t.Helper()
		names, err := s.Unread(t.Context(), noon.Add(after), 10)
		must(t, err)
		return len(names)
	}
	must(t, s.SetAside(t.Context(), store.Following{Holder: following.Holder, Token: "7"}, name, kv.ErrTooLarge, noon))
	feed, err := s.Feed(t.Context())
	must(t, err)
	want(t, "the feed goes on", feed.Token, "7")
	want(t, "due at once", due(0), 0)
	want(t, "due after a minute", due(time.Minute), 1)
	must(t, s.SetAside(t.Context(), following, name, kv.ErrTooLarge, noon.Add(time.Minute)))
	want(t, "due after another minute", due(2*time.Minute), 0)
	want(t, "due after two more", due(3*time.Minute), 1)
	for range 50 {
		must(t, s.SetAside(t.Context(), following, name, kv.ErrTooLarge, noon))
	}
	want(t, "due after a day of failures", due(24*time.Hour), 1)
	learn(t, s, a)
	want(t, "due after it was learned", due(24*time.Hour), 0)
}

// TestSuperseded undoes nothing that another follower did.
func TestSuperseded(t *testing.T) {
	s, _ := open(t)
	learn(t, s, piece("vienas", noon))
	must(t, s.Follow(t.Context(), "another", noon))
	late := store.Following{Holder: following.Holder, Token: "old"}
	event := store.Event{Name: published.Name{Site: "biblioteka", ID: "vienas"}}
	_, learned := s.Learn(t.Context(), late, event, noon)
	for name, err := range map[string]error{
		"learn":    learned,
		"aside":    s.SetAside(t.Context(), late, event.Name, kv.ErrTooLarge, noon),
		"token":    s.SetToken(t.Context(), late, noon),
		"alive":    s.Alive(t.Context(), late, noon),
		"complete": s.CompleteSnapshot(t.Context(), late, noon),
		"leave":    s.Leave(t.Context(), late, noon),
	} {
		if !errors.Is(err, store.ErrSuperseded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	feed, err := s.Feed(t.Context())
	must(t, err)
	want(t, "the feed", feed, store.Feed{Holder: "another", Last: noon, Complete: true})
	want(t, "the article", ids(t, s, store.Query{}), []string{"vienas"})
}

// TestSites keeps sites, and tells of each change once.
func TestSites(t *testing.T) {
	s, _ := open(t)
	site := &articlev1.Site{Name: "sites/biblioteka", Title: "Biblioteka"}
	steps := []struct {
		name    string
		listed  []*articlev1.Site
		changed []string
		found   bool
	}{
		{"a new one", []*articlev1.Site{site}, []string{"biblioteka"}, true},
		{"the same", []*articlev1.Site{site}, nil, true},
		{"another title", []*articlev1.Site{{Name: site.GetName(), Title: "Kita"}}, []string{"biblioteka"}, true},
		{"a bad name beside it", []*articlev1.Site{{Name: "sites/x/y"}, {Name: site.GetName(), Title: "Kita"}}, nil, true},
		{"deleted", nil, []string{"biblioteka"}, false},
		{"still deleted", nil, nil, false},
		{"made again", []*articlev1.Site{site}, []string{"biblioteka"}, true},
	}
	for _, step := range steps {
		changed, err := s.LearnSites(t.Context(), step.listed, noon)
		if bad := step.name == "a bad name beside it"; (err != nil) != bad {
			t.Errorf("%s: %v", step.name, err)
		}
		want(t, step.name, changed, step.changed)
		_, err = s.Site(t.Context(), "biblioteka")
		want(t, step.name+", found", err == nil, step.found)
	}
}

// TestListGoesOn finds on later pages what stayed, while others come and go.
func TestListGoesOn(t *testing.T) {
	s, _ := open(t)
	for i := range 6 {
		learn(t, s, piece(fmt.Sprintf("a%d%d", i, i), noon.Add(-time.Duration(i)*time.Hour)))
	}
	q := store.Query{Site: "biblioteka", Limit: 2}
	first, next, err := s.List(t.Context(), q)
	must(t, err)
	learnAs(t, s, first[1].GetName(), nil)
	learn(t, s, piece("naujas", noon.Add(time.Hour)))
	moved := piece("a44", noon.Add(2*time.Hour))
	moved.FirstPublicTime = timestamppb.New(noon)
	learn(t, s, moved)
	q.After = next
	second, next, err := s.List(t.Context(), q)
	must(t, err)
	q.After = next
	third, next, err := s.List(t.Context(), q)
	must(t, err)
	var found []string
	for _, row := range slices.Concat(second, third) {
		found = append(found, row.GetPath())
	}
	want(t, "the other pages", found, []string{"/a22", "/a33", "/a55"})
	want(t, "the end", next, []byte(nil))
}

// TestRedaction takes a text that was taken out of a published revision out of
// the file too, at the next start.
func TestRedaction(t *testing.T) {
	for _, redacted := range []bool{true, false} {
		path := filepath.Join(t.TempDir(), "sharing.db")
		compacted := func(change func(s *store.Store)) bool {
			t.Helper()
			records, err := boltkv.Open(path, kv.Options{Format: store.Format()})
			must(t, err)
			defer func() { must(t, records.Close()) }()
			if change != nil {
				change(store.New(records))
			}
			return records.Opened().Compacted.Before > 0
		}
		compacted(func(s *store.Store) {
			must(t, s.Follow(t.Context(), following.Holder, noon))
			a := piece("vienas", noon)
			a.Title = "Jonas Jonaitis"
			learn(t, s, a)
			if a.Title = "[…]"; !redacted {
				a.PublishedRevision++ // a correction like any other
			}
			learn(t, s, a)
		})
		want(t, fmt.Sprintf("redacted %v: compacted at the next start", redacted), compacted(nil), redacted)
	}
}
