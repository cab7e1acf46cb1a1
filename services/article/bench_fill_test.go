package article_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/projection"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// Sizes of the libraries that benchmarks fill. SKAITYKLA_BENCH_ARTICLES and
// SKAITYKLA_BENCH_TEXT set others; the figures in docs/benchmarks.md are of
// 100,000 articles. SKAITYKLA_BENCH_KEEP names a folder in which the files stay,
// with their search indexes, for other runs of the same sizes.
const (
	fewArticles  = 1000
	manyArticles = 20_000
	textBytes    = 8000
)

// library is a store file full of published articles.
type library struct {
	file  string
	count int
}

// benchSize returns the number that an environment variable gives.
func benchSize(b *testing.B, name string, standard int) int {
	b.Helper()
	value, ok := os.LookupEnv(name) //nolint:forbidigo // a benchmark has no main
	if !ok {
		return standard
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		b.Fatalf("%s=%s: use a number above 0", name, value)
	}
	return n
}

func (l library) id(i int) string { return fmt.Sprintf("a%07x", uint32(i)*2654435761>>4) }

func (l library) slug(i int) string { return fmt.Sprintf("naujiena-%d", i) }

// newLibrary fills a new file with articles that were published one an hour,
// each created and published in one commit of the real store. Hundreds of
// commits share their way to the disk, so 100,000 take a minute or two.
func newLibrary(b *testing.B, count int) library {
	b.Helper()
	l := library{file: filepath.Join(b.TempDir(), "article.db"), count: count}
	if keep := os.Getenv("SKAITYKLA_BENCH_KEEP"); keep != "" {
		l.file = filepath.Join(keep, fmt.Sprintf("articles-%d.db", count))
		if _, err := os.Stat(l.file); err == nil {
			return l
		}
	}
	db, err := boltkv.Open(l.file, kv.Options{Format: store.Format()})
	must(b, db, err)
	began := time.Now()
	f := newFiller(b, l, store.New(db))
	var next atomic.Int64
	var all sync.WaitGroup
	for range 256 {
		all.Go(func() {
			for i := int(next.Add(1)); i <= count && !b.Failed(); i = int(next.Add(1)) {
				if err := f.put(b.Context(), i-1); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := db.Close(); err != nil {
		b.Error(err)
	}
	if b.Failed() {
		b.FailNow()
	}
	size, err := os.Stat(l.file)
	must(b, size, err)
	b.Logf("filled %d articles in %s, %d MB", count, time.Since(began).Round(time.Second/10), size.Size()>>20)
	return l
}

// filler writes the articles of a library.
type filler struct {
	library

	store *store.Store
	site  *recordv1.Site
	words []string
	text  int // bytes
	now   time.Time
}

func newFiller(b *testing.B, l library, s *store.Store) *filler {
	b.Helper()
	site := newSite()
	site.Name = testkit.Site
	f := &filler{
		library: l, store: s, site: &recordv1.Site{Site: site}, words: benchWords(b),
		text: benchSize(b, "SKAITYKLA_BENCH_TEXT", textBytes), now: time.Now().UTC().Truncate(time.Microsecond),
	}
	w := article.Write{Principal: "ona@example.lt", Method: "CreateSite", Time: f.now}
	if err := s.PutSite(b.Context(), w, nil, f.site); err != nil {
		b.Fatal(err)
	}
	return f
}

// benchWords returns the words of our own corpus, as often as they are used.
func benchWords(b *testing.B) []string {
	b.Helper()
	files, err := filepath.Glob("../../internal/lang/testdata/corpus/lt/*.txt")
	if err != nil || len(files) == 0 {
		b.Fatalf("no corpus: %v", err)
	}
	var words []string
	for _, name := range files {
		content, err := os.ReadFile(name)
		must(b, content, err)
		words = append(words, strings.Fields(string(content))...)
	}
	return words
}

// put creates and publishes article i.
func (f *filler) put(ctx context.Context, i int) error {
	n := article.Name{Site: "biblioteka", ID: f.id(i)}
	at := f.now.Add(-time.Duration(f.count-i) * time.Hour)
	content := f.content(i)
	stamp := timestamppb.New(at)
	state := &recordv1.State{
		Name: n.String(), Uid: article.NewUID(), LanguageCode: "lt", State: article.Draft,
		Creator: "ona@example.lt", CreateTime: stamp, Revision: 1,
	}
	if _, err := article.Publish(state, 1, content.GetSlug(), at, at); err != nil {
		return err
	}
	revision := &recordv1.Revision{Article: content, Author: "ona@example.lt", CreateTime: stamp}
	photos := map[string]*article.Photo{}
	for _, name := range article.Photos(content) {
		photos[name] = benchPhoto(name)
	}
	shown, err := projection.Build(state, revision, article.Manuscript{Site: f.site.GetSite(), LanguageCode: "lt", Content: content, Photos: photos})
	if err != nil {
		return err
	}
	kind := articlev1.WatchArticlesResponse_KIND_PUBLISHED
	return f.store.Commit(ctx, article.Change{
		Write: article.Write{Principal: "ona@example.lt", Method: "PublishArticle", Time: at}, Name: n, After: state,
		Revision: revision, Slug: content.GetSlug(), Projection: &shown, SiteVersion: f.site.GetVersion(), Kind: kind, PublicKind: kind,
	})
}

// content is an article with two photos. One in ten has the tag "Danija".
func (f *filler) content(i int) *articlev1.Article {
	r := rand.New(rand.NewPCG(uint64(i), 1))
	photo := func(k int) string { return fmt.Sprintf("%s/photos/p%07xk%d", testkit.Site, i, k) }
	content := &articlev1.Article{
		Title: f.words[r.IntN(len(f.words))] + " " + strconv.Itoa(i), Slug: f.slug(i), Lead: text(f.prose(r, 200)),
		Tags: []string{fmt.Sprintf("Tema %d", i%50)}, Cover: &articlev1.PhotoPlacement{Photo: photo(0)},
	}
	if i%10 == 0 {
		content.Tags = append(content.Tags, "Danija")
	}
	for k := 0; k*400 < f.text; k++ {
		content.Blocks = append(content.Blocks, paragraph(fmt.Sprintf("b%d", k), f.prose(r, 380)))
	}
	content.Blocks = append(content.Blocks, figure("nuotrauka", photo(1)))
	return content
}

// prose returns about so many bytes of words.
func (f *filler) prose(r *rand.Rand, size int) string {
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(f.words[r.IntN(len(f.words))])
		b.WriteByte(' ')
	}
	return b.String()
}

func benchPhoto(name string) *mediav1.Photo {
	_, id, _ := strings.Cut(name, "/photos/")
	p := &mediav1.Photo{Name: name, Width: 4000, Height: 3000, Color: "#336699", Credit: "Ona Petraitė", Rights: &mediav1.Rights{Cleared: true}}
	for _, width := range []int32{320, 640, 960} {
		p.Renditions = append(p.Renditions, &mediav1.Rendition{
			Format: mediav1.Rendition_FORMAT_JPEG, Width: width, Height: width * 3 / 4,
			Uri: fmt.Sprintf("/media/%s/%d.jpg", id, width),
		})
	}
	return p
}
