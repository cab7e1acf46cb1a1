package demo_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	"github.com/skaitykla/skaitykla/internal/lang"
)

// checkWords holds the words of an article to what publishing asks for.
func checkWords(t *testing.T, name string, m *manuscript.Manuscript) {
	t.Helper()
	tongue, ok := lang.For(m.Article.GetLanguageCode())
	if !ok {
		t.Fatalf("%s: language %q", name, m.Article.GetLanguageCode())
	}
	photoOf := map[string]string{}
	for p := range manuscript.Placements(m.Article) {
		options := lang.JunkOptions{Language: tongue, FileName: p.GetPhoto(), Title: m.Article.GetTitle()}
		if reason, junk := lang.JunkAlt(p.GetAlt(), options); junk {
			t.Errorf("%s: alternative text %q of %s is junk: %s", name, p.GetAlt(), p.GetPhoto(), reason)
		}
		if strings.EqualFold(p.GetAlt(), p.GetCaption()) {
			t.Errorf("%s: the caption of %s only repeats its alternative text", name, p.GetPhoto())
		}
		if other := photoOf[p.GetAlt()]; other != "" && other != p.GetPhoto() {
			t.Errorf("%s: %s and %s have the same alternative text", name, other, p.GetPhoto())
		}
		photoOf[p.GetAlt()] = p.GetPhoto()
	}
	level := int32(1)
	for _, b := range m.Article.GetBlocks() {
		if h := b.GetHeading(); h != nil {
			if h.GetLevel() > level+1 || len(h.GetText().GetSpans()) == 0 {
				t.Errorf("%s: heading %v is empty or skips a level after %d", name, h, level)
			}
			level = h.GetLevel()
		}
	}
	quotations := map[string]int{}
	for _, b := range m.Article.GetBlocks() {
		q := b.GetQuote()
		if q == nil {
			continue
		}
		if q.GetQuotationId() != "" {
			quotations[q.GetQuotationId()]++
		}
		for _, p := range q.GetParagraphs() {
			if text := p.GetSpans()[0].GetText(); strings.HasPrefix(text, "„") || strings.HasPrefix(text, "“") {
				t.Errorf("%s: a quotation kept its outer marks: %s", name, text)
			}
		}
	}
	for id, parts := range quotations {
		if parts < 2 {
			t.Errorf("%s: quotation %s does not go on", name, id)
		}
	}
}
