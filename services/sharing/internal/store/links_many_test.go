package store_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// fill makes n published articles with their codes.
func fill(tb testing.TB, s *store.Store, n int) {
	tb.Helper()
	all := make([]store.Transition, n)
	for i := range all {
		name := published.Name{Site: "biblioteka", ID: fmt.Sprintf("straipsnis-%d", i)}
		at := noon.Add(time.Duration(i) * time.Millisecond)
		all[i] = store.Transition{Name: name, Time: at, New: &recordv1.Article{
			Name: name.String(), Uid: fmt.Sprintf("5b0f2b5e-6c0f-4a5e-9d27-%012d", i), LanguageCode: "lt", Title: "Knygų mugė ir kas joje įvyko",
			Path: "/" + name.ID, PublishTime: timestamppb.New(at),
		}}
	}
	var writers sync.WaitGroup
	for part := range slices.Chunk(all, n/64+1) {
		writers.Go(func() {
			if err := s.LearnLinks(tb.Context(), part); err != nil {
				tb.Error(err)
			}
		})
	}
	writers.Wait()
}

// TestManyLinks walks links without holding them, lists them page by page and
// finds each by its code. BenchmarkLink does with a hundred thousand.
func TestManyLinks(t *testing.T) {
	const many = 5_000
	s, _ := open(t)
	fill(t, s, many)
	before, most := heap(), uint64(0)
	walked := 0
	var some []string
	for link, err := range s.WalkLinks(t.Context(), sharelink.AnySite) {
		must(t, err)
		if walked%500 == 250 {
			most = max(most, heap())
			some = append(some, link.Record.GetId())
		}
		walked++
	}
	want(t, "walked", walked, many)
	if grown := int64(most) - int64(before); grown > 2<<20 {
		t.Errorf("a walk holds %d bytes", grown)
	}
	for _, code := range some {
		if link := mustLink(t, s, code); link.Target("") == "" {
			t.Errorf("%s leads nowhere", code)
		}
	}
	page, err := s.ListLinks(t.Context(), store.LinkQuery{Site: "biblioteka", Limit: 200})
	must(t, err)
	want(t, "the newest", page[0].Record.GetArticle(), fmt.Sprintf("straipsnis-%d", many-1))
	words, err := s.ListLinks(t.Context(), store.LinkQuery{Site: "biblioteka", Words: true, Limit: 200})
	must(t, err)
	want(t, "words", len(words), 0)
}

// heap is what is in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkLink finds a link by its code: with a hundred times as many links it
// takes about as long.
func BenchmarkLink(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, _ := open(b)
			fill(b, s, n)
			var codes []string
			for link, err := range s.WalkLinks(b.Context(), sharelink.AnySite) {
				must(b, err)
				codes = append(codes, link.Record.GetId())
			}
			for i := 0; b.Loop(); i++ {
				if _, err := s.Link(b.Context(), codes[i*7919%len(codes)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
