package article_test

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// BenchmarkLibrary measures reading from a store with many articles: ratio is
// to a bare gRPC server that echoes the same bytes over the same number of
// calls, times-few is the cost as a multiple of that in a store of 1,000.
func BenchmarkLibrary(b *testing.B) {
	few, many := newLibrary(b, fewArticles), newLibrary(b, benchSize(b, "SKAITYKLA_BENCH_ARTICLES", manyArticles))
	b.Run("Read", func(b *testing.B) {
		pair := [2]*shelf{newShelf(b, many), newShelf(b, few)}
		b.Run("GetByName", func(b *testing.B) { compareShelves(b, pair, (*shelf).byName) })
		b.Run("GetBySlug", func(b *testing.B) { compareShelves(b, pair, (*shelf).bySlug) })
		b.Run("ResolvePath", func(b *testing.B) { compareShelves(b, pair, (*shelf).resolve) })
		b.Run("ResolveAndGet", func(b *testing.B) { compareShelves(b, pair, (*shelf).resolveAndGet) })
		b.Run("ListNewest", func(b *testing.B) { compareShelves(b, pair, (*shelf).newest) })
		b.Run("ListTag", func(b *testing.B) { compareShelves(b, pair, (*shelf).tagged) })
	})
	b.Run("Start", func(b *testing.B) {
		b.Run("Few", func(b *testing.B) { measureStart(b, few) })
		b.Run("Many", func(b *testing.B) { measureStart(b, many) })
	})
}

// shelf serves a library.
type shelf struct {
	*benchSuite
	library

	calls atomic.Uint64
}

// newShelf reads every article once, so that the file is in memory and what is
// measured is not the first touch of its pages.
func newShelf(b *testing.B, l library) *shelf {
	b.Helper()
	s := &shelf{benchSuite: openBenchSuite(b, l.file), library: l}
	for i := range l.count {
		_, err := s.parts.Store.Projection(b.Context(), article.Name{Site: "biblioteka", ID: l.id(i)})
		if err == nil {
			err = s.parts.Store.Addresses(b.Context(), "biblioteka", func(a article.Addresses) error {
				_, _, err := a.Slug("lt", l.slug(i))
				return err
			})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// call is one RPC: its method, and its request for an article.
type call struct {
	method  string
	request func(i int) proto.Message
}

// requests encodes what is asked for many articles in no order, so that none of
// it is measured: the bare server is not asked anything either.
func (s *shelf) requests(b *testing.B, calls []call) [][][]byte {
	b.Helper()
	r := rand.New(rand.NewPCG(uint64(s.count), 2))
	asked := make([][][]byte, 1<<13)
	for k := range asked {
		i := r.IntN(s.count)
		for _, c := range calls {
			request, err := proto.Marshal(c.request(i))
			must(b, request, err)
			asked[k] = append(asked[k], request)
		}
	}
	return asked
}

// compareShelves makes the calls of one reader, one after the other, on both
// shelves and on a bare server that echoes the answers of the first.
func compareShelves(b *testing.B, pair [2]*shelf, calls func(*shelf) []call) {
	b.Helper()
	var answers [][]byte
	var sides [2]side
	for k, s := range pair {
		conn := dialRaw(b, s.address)
		mine := calls(s)
		asked := s.requests(b, mine)
		sides[k] = side{name: "few-", step: func() {
			requests := asked[s.calls.Add(1)%uint64(len(asked))]
			for n, c := range mine {
				invoke(b, conn, c.method, requests[n])
			}
		}}
		if k == 0 {
			for n, c := range mine {
				answers = append(answers, invoke(b, conn, c.method, asked[0][n]))
			}
		}
	}
	bare := dialRaw(b, serveBare(b, nil))
	echo := side{step: func() {
		for _, answer := range answers {
			invoke(b, bare, "/bare/Echo", answer)
		}
	}}
	b.ResetTimer()
	spent, worked := compare(b, readers, sides[0], echo, sides[1])
	b.ReportMetric(spent[0].Seconds()/spent[2].Seconds(), "times-few")
	b.ReportMetric(worked[0].Seconds()/worked[2].Seconds(), "cpu-times-few")
	size := 0
	for _, answer := range answers {
		size += len(answer)
	}
	b.ReportMetric(float64(size), "answer-bytes")
}

func (s *shelf) byName() []call {
	return []call{{articlev1.ArticleService_GetArticle_FullMethodName, func(i int) proto.Message {
		return &articlev1.GetArticleRequest{Name: article.Name{Site: "biblioteka", ID: s.id(i)}.String()}
	}}}
}

func (s *shelf) resolve() []call {
	return []call{{articlev1.ArticleService_ResolvePath_FullMethodName, func(i int) proto.Message {
		return &articlev1.ResolvePathRequest{Site: testkit.Site, Path: "/" + s.slug(i)}
	}}}
}

// bySlug is what a reader does who has an address.
func (s *shelf) bySlug() []call {
	return []call{{articlev1.ArticleService_ResolvePath_FullMethodName, func(i int) proto.Message {
		return &articlev1.ResolvePathRequest{Site: testkit.Site, Path: "/" + s.slug(i), IncludeContent: true}
	}}}
}

// resolveAndGet is what he did before he could ask for the article at once.
func (s *shelf) resolveAndGet() []call { return append(s.resolve(), s.byName()...) }

func (s *shelf) newest() []call { return s.list("") }

func (s *shelf) tagged() []call { return s.list(`tags:"Danija"`) }

func (s *shelf) list(filter string) []call {
	return []call{{articlev1.ArticleService_ListArticles_FullMethodName, func(int) proto.Message {
		return &articlev1.ListArticlesRequest{Parent: testkit.Site, PageSize: 20, Filter: filter}
	}}}
}
