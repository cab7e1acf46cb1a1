package check_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// firstPage reads a file of the real page, which lies outside the repository.
func firstPage(t *testing.T, file string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "shared", "data", "stazuote-danijoje", file))
	if os.IsNotExist(err) {
		t.Skip("the first page is not at hand; testdata/rules holds what matters of it")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// told returns the findings as "rule: excerpt", errors with a "!" before.
func told(findings []*articlev1.Finding) []string {
	var lines []string
	for _, f := range findings {
		line := f.GetRule() + ": " + f.GetExcerpt()
		if f.GetSeverity() == articlev1.Finding_SEVERITY_ERROR {
			line = "! " + line
		}
		lines = append(lines, line)
	}
	return lines
}

func page(content *articlev1.Article, photos map[string]*mediav1.Photo) article.Manuscript {
	return article.Manuscript{
		Site: &articlev1.Site{Title: "Biblioteka", DefaultLanguageCode: "lt"}, LanguageCode: "lt", Content: content, Photos: photos,
	}
}

func block(id string, text string) *articlev1.Block {
	return &articlev1.Block{Id: id, Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{
		Text: &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}},
	}}}
}

func picture(id string) *articlev1.Block {
	return &articlev1.Block{Id: id, Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{
		Placement: &articlev1.PhotoPlacement{Photo: id},
	}}}
}

// TestFirstPage checks the page as it was copied from the web: a line each for
// paragraphs, alternative texts and captions.
func TestFirstPage(t *testing.T) {
	text := firstPage(t, "page.txt")
	content := &articlev1.Article{Title: "Stažuotė Danijos bibliotekose"}
	photos := make(map[string]*mediav1.Photo)
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		lines := strings.Split(paragraph, "\n")
		for i := 0; i < len(lines); i++ {
			id := lines[i]
			if !regexp.MustCompile(`^[a-z]{3,5}$`).MatchString(id) {
				content.Blocks = append(content.Blocks, block("p"+string(rune('a'+len(content.GetBlocks()))), id))
				continue
			}
			photos[id] = &mediav1.Photo{Filename: id + ".jpg", Alts: map[string]string{"lt": id}, Rights: &mediav1.Rights{Cleared: true}}
			if i+1 < len(lines) && len(lines) == 2 && len(lines[1]) > 5 {
				i++
				photos[id].Captions = map[string]string{"lt": lines[i]}
			}
			content.Blocks = append(content.Blocks, picture(id))
		}
	}
	want := []string{
		"! alt-junk: fgj", "! alt-junk: hblkb", "! alt-junk: hjl", "! alt-junk: zbg", "! alt-junk: agf", "! alt-junk: asf",
		"date-without-m: 2024 birželio\u00a07 d.",
		"space-stray: „Dokk1“\u00a0biblioteka,", "space-stray: „Dokk1“\u00a0biblioteka",
		"abbreviation-space: t.t.",
		"heading-fake: Nuotraukų galerija:", "heading-fake: Dalintis:",
		"language-unmarked: Share on facebook", "language-unmarked: Share on twitter", "language-unmarked: Share on email",
	}
	m := page(content, photos)
	if diff := cmp.Diff(want, told(newChecker(t).Article(m))); diff != "" {
		t.Errorf("the first page (-want +got):\n%s", diff)
	}
	fixed, repairs := newChecker(t).Fix(m, nil)
	if len(repairs) != 0 || !cmp.Equal(plainText(fixed), plainText(content)) {
		t.Errorf("repaired %v, want nothing: the caption is its author's", repairs)
	}
}

// TestFirstPageFiles checks the page as it is imported.
func TestFirstPageFiles(t *testing.T) {
	junk := []string{"! alt-junk: fgj", "! alt-junk: hblkb", "! alt-junk: hjl", "! alt-junk: zbg", "! alt-junk: agf", "! alt-junk: asf"}
	for file, errs := range map[string][]string{"index.md": junk, "index-mended.md": nil} {
		_, text, _ := strings.Cut(firstPage(t, file), "\n---\n")
		content := &articlev1.Article{Title: "Stažuotė Danijos bibliotekose"}
		photos := make(map[string]*mediav1.Photo)
		image := regexp.MustCompile(`^!\[([^\]]*)\]\(([^ )]+)(?: "([^"]*)")?\)$`)
		for line := range strings.SplitSeq(text, "\n") {
			found := image.FindStringSubmatch(line)
			id := "b" + string(rune('a'+len(content.GetBlocks())))
			switch {
			case found != nil:
				content.Blocks = append(content.Blocks, picture(found[2]))
				photos[found[2]] = &mediav1.Photo{
					Filename: found[2], Alts: map[string]string{"lt": found[1]}, Captions: map[string]string{"lt": found[3]},
					Rights: &mediav1.Rights{Cleared: true},
				}
			case strings.HasPrefix(line, "## "):
				content.Blocks = append(content.Blocks, &articlev1.Block{Id: id, Content: &articlev1.Block_Heading{Heading: &articlev1.Heading{
					Level: 2, Text: &articlev1.RichText{Spans: []*articlev1.Span{{Text: line[3:]}}},
				}}})
			case strings.TrimSpace(line) != "":
				content.Blocks = append(content.Blocks, block(id, strings.TrimPrefix(line, "> ")))
			}
		}
		want := slices.Concat(errs, []string{
			"space-stray: „Dokk1“\u00a0biblioteka,", "space-stray: „Dokk1“\u00a0biblioteka", "abbreviation-space: t.t.",
		})
		if diff := cmp.Diff(want, told(newChecker(t).Article(page(content, photos)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}
