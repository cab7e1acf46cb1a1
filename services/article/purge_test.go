package article_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// TestPurgeWhileReading purges articles of many large revisions while others
// read them through every door. Each read answers the whole article or that
// there is none, and nothing of the articles is left.
func TestPurgeWhileReading(t *testing.T) {
	const articles, saves = 4, 12
	s := newSuite(t)
	var names []article.Name
	for i := range articles {
		id := fmt.Sprintf("istrinta-%d", i)
		names = append(names, article.Name{Site: "biblioteka", ID: id})
		manyRevisions(s, id, saves)
	}
	before, err := s.parts.Store.Version(t.Context())
	must(t, before, err)
	ctx, stop := context.WithCancel(t.Context())
	var reads, missing atomic.Int64
	whole := make(chan bool, articles) // somebody reads before anything goes
	var readers sync.WaitGroup
	for i := range 8 {
		readers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 7))
			for first := true; ctx.Err() == nil; first = false {
				n := names[r.IntN(articles)]
				reads.Add(1)
				if first && i < articles {
					whole <- true
				}
				if err := readAll(t.Context(), s, n, 1+r.Int64N(saves)); status.Code(err) == codes.NotFound {
					missing.Add(1)
				} else if err != nil {
					t.Errorf("read %s: %v", n, err)
					return
				}
			}
		})
	}
	for range articles {
		<-whole
	}
	purged := 0
	for purged < articles {
		swept, err := s.parts.Store.Sweep(t.Context(), time.Now().Add(article.Keep+time.Hour))
		if err != nil {
			t.Error(err)
			break
		}
		purged += swept.Articles
	}
	stop()
	readers.Wait()
	for _, n := range names {
		if err := readAll(t.Context(), s, n, 1); status.Code(err) != codes.NotFound {
			t.Errorf("%s is still there: %v", n, err)
		}
	}
	t.Logf("%d reads, %d of what was gone", reads.Load(), missing.Load())
	for batch, err := range s.parts.Store.Watch(t.Context(), "biblioteka", before) {
		if err != nil || len(batch.Told) != articles {
			t.Errorf("the feed tells %v, %v", batch, err)
		}
		break
	}
}

// manyRevisions makes a deleted article of revisions that have little in
// common, so that each is a group of its own.
func manyRevisions(s *suite, id string, saves int) {
	s.t.Helper()
	r := rand.New(rand.NewPCG(3, 3))
	created, err := s.editor.CreateArticle(s.t.Context(), &articlev1.CreateArticleRequest{
		Parent: "sites/biblioteka", ArticleId: id, Article: &articlev1.Article{Title: id, Blocks: blocksOf(prose(r, 60_000))},
	})
	a := must(s.t, created, err)
	for range saves - 1 {
		a = s.change(a, func(a *articlev1.Article) { a.Blocks = blocksOf(prose(r, 60_000)) })
	}
	s.remove(a)
}

// readAll reads an article in each way there is; a revision that is gone while
// the article is being purged is no error.
func readAll(ctx context.Context, s *suite, n article.Name, revision int64) error {
	if _, err := s.parts.Store.Load(ctx, n, revision); err != nil && !gone(err) {
		return err
	}
	if _, err := s.parts.Store.Revisions(ctx, n, 0, 50); err != nil && !gone(err) {
		return err
	}
	a, err := s.editor.GetArticle(ctx, &articlev1.GetArticleRequest{Name: n.String(), View: working})
	if err == nil && a.GetTitle() != n.ID {
		err = fmt.Errorf("got the title %q", a.GetTitle())
	}
	return err
}

func gone(err error) bool { return fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) }
