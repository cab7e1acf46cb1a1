package check

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// view is a manuscript laid out for the rules.
type view struct {
	article.Manuscript

	language   *lang.Language
	tables     map[string]*wordTable
	passages   []passage
	links      []link
	photos     []placedPhoto
	vocabulary map[string]bool // of the article; nil before it was asked for
}

// link is a link as a reader meets it: spans side by side that lead to one
// place.
type link struct {
	block  int
	id     string
	field  where
	span   int // the first
	text   string
	target string
}

// placedPhoto is a photo where it is used. known says that its own texts are at
// hand.
type placedPhoto struct {
	block int
	id    string
	field string
	place *articlev1.PhotoPlacement
	texts article.Texts
	known bool
}

func newView(m article.Manuscript, tables map[string]*wordTable) *view {
	l, ok := lang.For(m.LanguageCode)
	if !ok {
		l = lang.Default()
	}
	v := &view{Manuscript: m, language: l, tables: tables}
	v.layOut()
	return v
}

func (v *view) blocks() []*articlev1.Block { return v.Content.GetBlocks() }

// words returns the lists of the article's language.
func (v *view) words() *wordTable { return v.tables[v.language.Code()] }

// knows reports, for lower case, whether the article uses a word.
func (v *view) knows(word string) bool {
	if v.vocabulary == nil {
		v.vocabulary = vocabulary(v.Manuscript)
	}
	return v.vocabulary[word]
}

// blockText returns the text of a paragraph or heading; "" for other blocks and
// positions.
func (v *view) blockText(i int) string {
	if i < 0 || i >= len(v.blocks()) {
		return ""
	}
	b := v.blocks()[i]
	if t := b.GetParagraph().GetText(); t != nil {
		return plain(t)
	}
	return plain(b.GetHeading().GetText())
}

// plain returns the text without marks and links.
func plain(t *articlev1.RichText) string {
	spans := t.GetSpans()
	if len(spans) == 1 {
		return spans[0].GetText()
	}
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.GetText())
	}
	return b.String()
}

// blank reports whether a text shows nothing.
func blank(s string) bool {
	return strings.TrimFunc(s, func(c rune) bool {
		return strings.ContainsRune(" \t\n\u00a0\u00ad\u200b\u200c\u200d\u2060\u202f", c) || c >= 0x2000 && c <= 0x200a
	}) == ""
}
