package search_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/replay"
	find "github.com/skaitykla/skaitykla/internal/search"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/search"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T) *store.Store {
	t.Helper()
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	return store.New(records)
}

func add(t *testing.T, s *store.Store, id, caption string) {
	t.Helper()
	p, err := photo.New(photo.Name{Site: "biblioteka", ID: id}, &mediav1.Photo{Captions: map[string]string{"lt": caption}},
		photo.Facts{SHA256: "aa"}, "ona", time.Now())
	must(t, err)
	_, err = s.Create(t.Context(), p, replay.Request{}, time.Now())
	must(t, err)
}

// index opens the index, keeps it up while work runs and closes it.
func index(t *testing.T, s *store.Store, folder string, work func(*find.Search)) {
	t.Helper()
	f, err := search.Open(t.Context(), s, folder, testkit.Log(t))
	must(t, err)
	defer f.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { f.Run(ctx) })
	defer running.Wait()
	defer cancel()
	must(t, f.CatchUp(t.Context()))
	work(f)
}

func ask(t *testing.T, f *find.Search) (find.Found, error) {
	t.Helper()
	return f.Find(t.Context(), find.Query{
		Site: "biblioteka", Languages: search.Languages(), Text: "knygu muges", Side: find.Working, Limit: 10,
	})
}

func count(t *testing.T, f *find.Search, want int) {
	t.Helper()
	if found, err := ask(t, f); err != nil || found.Total != want {
		t.Errorf("found %d, %v; want %d", found.Total, err, want)
	}
}

// After a restart the index answers before anything is read, and hears then of
// what happened meanwhile. A folder that is gone is made anew.
func TestIndexIsKept(t *testing.T) {
	s, folder := open(t), t.TempDir()
	add(t, s, "viena", "Knygų mugė")
	fresh, err := search.Open(t.Context(), s, folder, testkit.Log(t))
	must(t, err)
	_, err = ask(t, fresh)
	testkit.WantReason(t, err, faultv1.Reason_REASON_INDEX_UNAVAILABLE)
	fresh.Close()

	index(t, s, folder, func(f *find.Search) { count(t, f, 1) })
	add(t, s, "antra", "Knygų mugės svečiai")
	kept, err := search.Open(t.Context(), s, folder, testkit.Log(t))
	must(t, err)
	count(t, kept, 1)
	kept.Close()
	index(t, s, folder, func(f *find.Search) { count(t, f, 2) })

	must(t, os.RemoveAll(folder))
	index(t, s, folder, func(f *find.Search) { count(t, f, 2) })
}

func TestGonePhotosAreForgotten(t *testing.T) {
	s, folder := open(t), t.TempDir()
	add(t, s, "viena", "Knygų mugė")
	index(t, s, folder, func(f *find.Search) {
		count(t, f, 1)
		name := photo.Name{Site: "biblioteka", ID: "viena"}
		p, err := s.Get(t.Context(), name)
		must(t, err)
		edit := photo.Edit{Content: &mediav1.Photo{}, Fields: []string{"captions"}, Etag: p.GetEtag()}
		_, err = s.Update(t.Context(), name, edit, "ona", replay.Request{}, time.Now(), func(*mediav1.Photo) error { return nil })
		must(t, err)
		must(t, f.CatchUp(t.Context()))
		count(t, f, 0)
	})
}
