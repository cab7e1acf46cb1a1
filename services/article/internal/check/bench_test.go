package check_test

import (
	"os"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// BenchmarkSummary checks an article of 8 KB, as every save does; ratio is to
// marshaling the same article.
func BenchmarkSummary(b *testing.B) {
	c := newChecker(b)
	m := page(longArticle(b, 8<<10), nil)
	var spent [2]time.Duration
	for b.Loop() {
		began := time.Now()
		c.Summary(m)
		middle := time.Now()
		if _, err := proto.Marshal(m.Content); err != nil {
			b.Fatal(err)
		}
		spent[0] += middle.Sub(began)
		spent[1] += time.Since(middle)
	}
	b.ReportMetric(float64(spent[0].Nanoseconds())/float64(b.N)/1e3, "check-µs/op")
	b.ReportMetric(float64(spent[0])/float64(spent[1]), "ratio")
}

func longArticle(tb testing.TB, size int) *articlev1.Article {
	tb.Helper()
	text, err := os.ReadFile("../../../../internal/lang/testdata/corpus/lt/stazuote.txt")
	if err != nil {
		tb.Fatal(err)
	}
	a := &articlev1.Article{Title: "Skaitykla"}
	for used := 0; used < size; used += len(text) {
		a.Blocks = append(a.Blocks, block("b"+string(rune('a'+len(a.GetBlocks()))), string(text)))
	}
	return a
}
