package search_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/search"
)

// BenchmarkIndexing writes batches of 100 articles of 8 KB. cpu-ms is the
// processor time an article takes, documents-ms the part of it that is ours, and
// cpu-ratio what it takes to the same texts in bleve's own mapping and analysis.
func BenchmarkIndexing(b *testing.B) {
	const articles = 100
	w := newWriter(b, 1)
	all := make([]*articlev1.Article, articles)
	for i := range all {
		all[i] = &articlev1.Article{Title: fmt.Sprintf("%s %d", w.text(40), i), Lead: rich(w.text(200)), LanguageCode: "lt", Tags: []string{w.word()}}
		for range 10 {
			all[i].Blocks = append(all[i].Blocks, &articlev1.Block{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: rich(w.text(780))}}})
		}
	}
	index, err := search.NewIndexing(filepath.Join(b.TempDir(), "index"))
	must(b, err)
	b.Cleanup(func() { must(b, index.Close()) })
	bare, err := bleve.NewUsing(filepath.Join(b.TempDir(), "bare"), bleve.NewIndexMapping(), scorch.Name, bleve.Config.DefaultKVStore, map[string]any{"unsafe_batch": true})
	must(b, err)
	b.Cleanup(func() { must(b, bare.Close()) })
	b.ReportAllocs()
	documents, plain := time.Duration(0), time.Duration(0)
	began := cpuTime()
	for b.Loop() {
		before := cpuTime()
		texts := bare.NewBatch()
		for i, a := range all {
			must(b, texts.Index(strconv.Itoa(i), textsOf(a)))
		}
		must(b, bare.Batch(texts))
		plain += cpuTime() - before
		from := cpuTime()
		batch, err := index.Batch(all)
		must(b, err)
		documents += cpuTime() - from
		must(b, index.Write(b.Context(), batch))
	}
	each := float64(b.N*articles) * float64(time.Millisecond)
	b.ReportMetric(float64(cpuTime()-began-plain)/each, "cpu-ms")
	b.ReportMetric(float64(cpuTime()-began-plain)/float64(plain), "cpu-ratio")
	b.ReportMetric(float64(documents)/each, "documents-ms")
}

func textsOf(a *articlev1.Article) map[string]any {
	var body []string
	for _, block := range a.GetBlocks() {
		body = append(body, block.GetParagraph().GetText().GetSpans()[0].GetText())
	}
	return map[string]any{"title": a.GetTitle(), "lead": a.GetLead().GetSpans()[0].GetText(), "body": body}
}
