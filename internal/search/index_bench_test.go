package search

import (
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/skaitykla/skaitykla/internal/search/searchtest"
	"github.com/skaitykla/skaitykla/internal/search/terms"
)

// BenchmarkIndexing writes batches of 100 articles of 8 KB. cpu-ms is the
// processor time an article takes, documents-ms the part of it that is ours, and
// cpu-ratio what it takes to the same texts in bleve's own mapping and analysis.
func BenchmarkIndexing(b *testing.B) {
	const articles = 100
	w := searchtest.NewWriter(b, "../lang/testdata/corpus/lt", 1)
	all := make([]Section, articles)
	for i := range all {
		all[i] = titled("lt", fmt.Sprintf("%s %d", w.Text(40), i), w.Text(200), w.Word())
		for range 10 {
			all[i].Add(Body, w.Text(780))
		}
	}
	analyzers := terms.New()
	index, err := create(filepath.Join(b.TempDir(), "index"))
	must(b, err)
	b.Cleanup(func() { must(b, index.Close()) })
	bare, err := bleve.NewUsing(filepath.Join(b.TempDir(), "bare"), bleve.NewIndexMapping(), scorch.Name, bleve.Config.DefaultKVStore, map[string]any{"unsafe_batch": true})
	must(b, err)
	b.Cleanup(func() { must(b, bare.Close()) })
	b.ReportAllocs()
	documents, plain := time.Duration(0), time.Duration(0)
	began := searchtest.CPUTime()
	for b.Loop() {
		before := searchtest.CPUTime()
		texts := bare.NewBatch()
		for i, s := range all {
			must(b, texts.Index(strconv.Itoa(i), map[string]any{"title": s.Texts[Title], "lead": s.Texts[Lead], "body": s.Texts[Body]}))
		}
		must(b, bare.Batch(texts))
		plain += searchtest.CPUTime() - before
		from := searchtest.CPUTime()
		batch := index.NewBatch()
		for i, s := range all {
			d := Document{Sides: []Side{Public, Working}, Sections: []Section{s}}
			must(b, batch.IndexAdvanced(documentOf(analyzers, Name{Site: "biblioteka", ID: strconv.Itoa(i)}, d)))
		}
		documents += searchtest.CPUTime() - from
		must(b, write(b.Context(), index, batch))
	}
	each := float64(b.N*articles) * float64(time.Millisecond)
	b.ReportMetric(float64(searchtest.CPUTime()-began-plain)/each, "cpu-ms")
	b.ReportMetric(float64(searchtest.CPUTime()-began-plain)/float64(plain), "cpu-ratio")
	b.ReportMetric(float64(documents)/each, "documents-ms")
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
