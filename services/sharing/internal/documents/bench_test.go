package documents_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// BenchmarkSitemap writes all sitemaps of a site, as a search engine reads them
// after a change: a walk over all rows, then every file. Its size is
// SKAITYKLA_BENCH_ARTICLES, 10,000 when that is not set; filling takes longer
// than measuring. It reports what an article takes and the most memory that was
// in use beside what there was before.
func BenchmarkSitemap(b *testing.B) {
	articles := 10_000
	if n, err := strconv.Atoi(os.Getenv("SKAITYKLA_BENCH_ARTICLES")); err == nil {
		articles = n
	}
	l := newCompleteLibrary(b)
	l.fill(b, articles)
	b.Run(strconv.Itoa(articles), func(b *testing.B) {
		var written int64
		for b.Loop() {
			b.StopTimer()
			l.touch(b) // so that the files are found anew
			b.StartTimer()
			written = l.crawl(b, io.Discard)
		}
		perArticle := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(articles)
		gauge := &gauge{before: heap()}
		l.touch(b)
		l.crawl(b, gauge)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(perArticle/1000, "us/article")
		b.ReportMetric(float64(written)/1e6, "MB")
		b.ReportMetric(float64(gauge.most)/1024, "KiB-in-use")
	})
}

// BenchmarkPublishedFeed makes a feed of 50 articles from their rows and bodies.
func BenchmarkPublishedFeed(b *testing.B) {
	l := newCompleteLibrary(b)
	l.fill(b, 200)
	for b.Loop() {
		b.StopTimer()
		l.touch(b)
		b.StartTimer()
		if _, _, err := l.Feed(b.Context(), documents.Feed{Site: siteID}); err != nil {
			b.Fatal(err)
		}
	}
}

// fill publishes articles of ten years, one in four in two languages.
func (l *library) fill(b *testing.B, count int) {
	b.Helper()
	const writers = 16
	names := make(chan int)
	var filling sync.WaitGroup
	for range writers {
		filling.Go(func() {
			for i := range names {
				random := rand.New(rand.NewPCG(uint64(i), 1))
				a := piece(fmt.Sprintf("straipsnis-%06d", i), noon.Add(-time.Duration(random.Int64N(int64(10*365*24*time.Hour)))))
				if i%4 == 0 {
					a.TranslationGroup = fmt.Sprintf("g-%d", i/8)
				}
				if i%8 == 4 {
					a.LanguageCode, a.Path = "en", "/en"+a.GetPath()
				}
				name, err := published.ParseName("name", a.GetName())
				if err == nil {
					l.mu.Lock()
					l.bodies[a.GetName()] = a
					l.mu.Unlock()
					_, err = l.store.Learn(context.WithoutCancel(b.Context()), l.following, store.Event{Name: name, Article: a}, noon)
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range count {
		names <- i
	}
	close(names)
	filling.Wait()
}

// touch changes the site.
func (l *library) touch(b *testing.B) {
	b.Helper()
	site, err := l.store.Site(b.Context(), siteID)
	must(b, err)
	site.Description += "."
	_, err = l.store.LearnSites(b.Context(), []*articlev1.Site{site}, noon)
	must(b, err)
}

// crawl reads the index and every file it names, and returns their size.
func (l *library) crawl(b *testing.B, out io.Writer) int64 {
	b.Helper()
	var index strings.Builder
	_, err := l.Index(b.Context(), siteID, &index)
	must(b, err)
	total := counted{out: out}
	for line := range strings.Lines(index.String()) {
		_, after, ok := strings.Cut(line, "/sitemap-")
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(after, ".xml")
		_, err := l.Pages(b.Context(), siteID, name, &total)
		must(b, err)
	}
	return total.n
}

// counted counts what passes.
type counted struct {
	out io.Writer
	n   int64
}

func (c *counted) Write(data []byte) (int, error) {
	c.n += int64(len(data))
	return c.out.Write(data)
}

// gauge looks at the memory in use now and then.
type gauge struct {
	before, most, passed uint64
}

func (g *gauge) Write(data []byte) (int, error) {
	const every = 1 << 20
	if g.passed += uint64(len(data)); g.passed > every {
		g.passed = 0
		if now := heap(); now > g.before {
			g.most = max(g.most, now-g.before)
		}
	}
	return len(data), nil
}

// heap returns the bytes in use after a collection.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
