package server_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
	find "github.com/skaitykla/skaitykla/internal/search"
	"github.com/skaitykla/skaitykla/internal/search/searchtest"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/search"
)

// archive fills a suite with SKAITYKLA_BENCH_PHOTOS photos, or 1,000. One of a
// hundred has the tag "retas" and no license.
func archive(b *testing.B) *suite {
	b.Helper()
	n, err := strconv.Atoi(os.Getenv("SKAITYKLA_BENCH_PHOTOS"))
	if err != nil {
		n = 1000
	}
	made := &remade{}
	s := newSuiteOn(b, objects.Server(b), func(c *serverConfig) { c.Finder = made })
	w := searchtest.NewWriter(b, "../../../../internal/lang/testdata/corpus/lt", 1)
	work := make(chan *mediav1.Photo)
	var writers sync.WaitGroup
	for range 64 {
		writers.Go(func() {
			for p := range work {
				if _, err := s.store.Create(b.Context(), p, replay.Request{}, time.Now()); err != nil {
					b.Error(err)
				}
			}
		})
	}
	began := time.Now().Add(-time.Hour).UTC().Truncate(time.Microsecond)
	for i := range n {
		name := photo.Name{Site: strings.TrimPrefix(testkit.Site, "sites/"), ID: fmt.Sprintf("nuotrauka-%d", i)}
		p, err := photo.New(name, &mediav1.Photo{
			Captions: map[string]string{"lt": w.Text(150)}, Alts: map[string]string{"lt": w.Text(100)},
			Credit: "Ona Petraitė", Filename: fmt.Sprintf("DSC_%d.jpg", i),
			Tags: []string{w.Word(), []string{"retas", "dažnas"}[min(i%100, 1)]},
		}, photo.Facts{SHA256: fmt.Sprintf("%064x", i), MediaType: "image/jpeg", Width: 6000, Height: 4000}, "ona", began.Add(time.Duration(i)*time.Millisecond))
		must(b, err)
		if i%100 != 0 {
			p.License = &mediav1.License{SpdxId: "CC-BY-4.0"}
		}
		work <- p
	}
	close(work)
	writers.Wait()
	made.index(b, s)
	return s
}

// remade is an index that was made from what is there, as that of a new replica.
type remade struct{ *find.Search }

func (r *remade) index(b *testing.B, s *suite) {
	b.Helper()
	var err error
	r.Search, err = search.Open(b.Context(), s.store, b.TempDir(), testkit.Log(b))
	must(b, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	b.Cleanup(func() {
		cancel()
		running.Wait()
		r.Close()
	})
	must(b, r.CatchUp(b.Context()))
	s.finder = r.Search
}

// compare runs calls and what they cannot do without, in turn, and reports the
// processor time of a call and its ratio.
func compare(b *testing.B, call, bare func() error) {
	b.Helper()
	spent, plain := time.Duration(0), time.Duration(0)
	for b.Loop() {
		before := searchtest.CPUTime()
		must(b, call())
		between := searchtest.CPUTime()
		must(b, bare())
		spent, plain = spent+between-before, plain+searchtest.CPUTime()-between
	}
	b.ReportMetric(float64(spent)/float64(time.Millisecond)/float64(b.N), "cpu-ms")
	b.ReportMetric(float64(plain)/float64(time.Millisecond)/float64(b.N), "bare-cpu-ms")
	b.ReportMetric(float64(spent)/float64(plain), "cpu-ratio")
}

// BenchmarkListAndSearch asks for pages of 50 over gRPC. A list is compared with
// reading, decoding and encoding 50 records from the key-value store, a search
// with bleve alone and the same query.
func BenchmarkListAndSearch(b *testing.B) {
	s := archive(b)
	client := s.client(auth.Author)
	scan := func() error { return s.scan(b.Context(), 50) }
	for name, filter := range map[string]string{"newest": "", "tag": "tags:retas", "license": "license = none"} {
		b.Run("list/"+name, func(b *testing.B) {
			req := &mediav1.ListPhotosRequest{Parent: testkit.Site, Filter: filter, View: working}
			compare(b, func() error { _, err := client.ListPhotos(b.Context(), req); return err }, scan)
		})
	}
	for _, words := range []string{"biblioteka", "bibliotekos skaitytojai"} {
		b.Run("search/"+words, func(b *testing.B) {
			bare, err := s.finder.Prepare(find.Query{
				Site: strings.TrimPrefix(testkit.Site, "sites/"), Languages: search.Languages(), Text: words, Side: find.Working, Limit: 50,
			})
			must(b, err)
			req := &mediav1.SearchPhotosRequest{Parent: testkit.Site, Query: words, View: working}
			compare(b, func() error { _, err := client.SearchPhotos(b.Context(), req); return err },
				func() error { _, err := bare(b.Context()); return err })
		})
	}
}

// scan is the least that a page of the newest photos takes.
func (s *suite) scan(ctx context.Context, limit int) error {
	page := &mediav1.ListPhotosResponse{}
	prefix := "n/" + strings.TrimPrefix(testkit.Site, "sites/") + "/"
	rows := kv.Prefix([]byte(prefix))
	rows.Limit = limit
	err := s.kv.View(ctx, func(r kv.Reader) error {
		for entry, err := range r.Scan(rows) {
			if err != nil {
				return err
			}
			_, id, _ := strings.Cut(strings.TrimPrefix(string(entry.Key), prefix), "/")
			data, err := r.Get([]byte("p/" + strings.TrimPrefix(testkit.Site, "sites/") + "/" + id))
			if err != nil {
				return err
			}
			p := &mediav1.Photo{}
			if err := proto.Unmarshal(data, p); err != nil {
				return err
			}
			page.Photos = append(page.Photos, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = proto.Marshal(page)
	return err
}
