package article_test

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// BenchmarkUpdateArticle saves an article of 8 KB with one word changed, over
// gRPC, one save after the other, as an editor that saves all the time does.
// There is nothing bare to compare it with; it is here to be compared with an
// earlier program.
func BenchmarkUpdateArticle(b *testing.B) {
	s := newBenchSuite(b)
	a := s.create("Stažuotė", func(a *articlev1.Article) { fill(a, 7000) })
	n := 0
	for b.Loop() {
		n++
		next := proto.CloneOf(a)
		next.Blocks[n%len(next.GetBlocks())].GetParagraph().GetText().Spans[0].Text = fmt.Sprintf("Pakeista %d. ", n)
		saved, err := s.editor.UpdateArticle(b.Context(), &articlev1.UpdateArticleRequest{Article: next})
		if err != nil {
			b.Fatal(err)
		}
		a.Etag = saved.GetEtag()
	}
}
