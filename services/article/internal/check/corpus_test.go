package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// TestCorpus checks texts of our own, of which nothing is wrong.
func TestCorpus(t *testing.T) {
	c := newChecker(t)
	files, err := filepath.Glob("../../../../internal/lang/testdata/corpus/*/*")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d texts, want the corpus of package lang; error: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		content := &articlev1.Article{Title: "Skaitykla"}
		for paragraph := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
			content.Blocks = append(content.Blocks, &articlev1.Block{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{
				Text: &articlev1.RichText{Spans: []*articlev1.Span{{Text: strings.ReplaceAll(paragraph, "\n", " ")}}},
			}}})
		}
		m := article.Manuscript{Site: &articlev1.Site{}, LanguageCode: filepath.Base(filepath.Dir(file)), Content: content}
		for _, f := range c.Article(m) {
			t.Errorf("%s: %s: %q", filepath.Base(file), f.GetRule(), f.GetExcerpt())
		}
	}
}
