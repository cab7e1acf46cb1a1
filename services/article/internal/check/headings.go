package check

import (
	"strconv"
	"strings"
	"unicode/utf8"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Bounds of what is no heading or looks like one, in characters and words.
const (
	longHeading      = 160
	fakeHeadingRunes = 100
	fakeHeadingWords = 6
)

// headingRules are about the title and the order of sections.
func headingRules() []rule {
	return []rule{
		{id: "title-empty", severity: failure, source: "WCAG 2.2, 2.4.2", find: titleEmpty},
		{id: "heading-empty", severity: failure, source: "WCAG 2.2, 1.3.1, 2.4.6", find: headingEmpty},
		{id: "heading-skipped", severity: warning, source: "WCAG 2.2, 1.3.1", find: headingSkipped},
		{id: "heading-long", severity: warning, source: "WCAG 2.2, 2.4.6", find: headingLong},
		{id: "heading-fake", severity: warning, source: "WCAG 2.2, 1.3.1", find: headingFake},
	}
}

func titleEmpty(v *view, add func(hit)) {
	if blank(v.Content.GetTitle()) {
		add(hit{block: atTitle, field: "title"})
	}
}

func headingEmpty(v *view, add func(hit)) {
	for i, b := range v.blocks() {
		if h := b.GetHeading(); h != nil && blank(plain(h.GetText())) {
			add(hit{block: i, field: "heading.text"})
		}
	}
}

func headingSkipped(v *view, add func(hit)) {
	last := int32(1)
	for i, b := range v.blocks() {
		h := b.GetHeading()
		if h == nil || blank(plain(h.GetText())) {
			continue
		}
		if h.GetLevel() > last+1 {
			level, want := strconv.Itoa(int(h.GetLevel())), strconv.Itoa(int(last+1))
			text := plain(h.GetText())
			add(hit{
				block: i, field: "heading.level", excerpt: text, key: level + want + text,
				pairs: []string{"level", level, "want", want},
			})
		}
		last = h.GetLevel()
	}
}

func headingLong(v *view, add func(hit)) {
	for i := range v.passages {
		p := &v.passages[i]
		if p.kind != kindHeading {
			continue
		}
		if n := utf8.RuneCountInString(p.text); n > longHeading {
			h := p.whole()
			h.pairs = []string{"count", strconv.Itoa(n), "limit", strconv.Itoa(longHeading)}
			add(h)
		}
	}
}

// headingFake finds paragraphs that look like headings and are none: all in
// bold, or a few words with a colon before something that they do not
// introduce.
func headingFake(v *view, add func(hit)) {
	for i := range v.passages {
		p := &v.passages[i]
		if p.kind != kindParagraph || len(p.text) > 4*fakeHeadingRunes || blank(p.text) {
			continue
		}
		if allStrong(p.spans) && utf8.RuneCountInString(p.text) <= fakeHeadingRunes && !endsSentence(p.text) || v.lonelyLabel(p) {
			h := p.whole()
			h.pairs = []string{"text", strings.TrimSpace(p.text)}
			add(h)
		}
	}
}

func allStrong(spans []*articlev1.Span) bool {
	for _, s := range spans {
		strong := blank(s.GetText())
		for _, m := range s.GetMarks() {
			strong = strong || m == articlev1.Span_MARK_STRONG
		}
		if !strong {
			return false
		}
	}
	return true
}

func endsSentence(text string) bool {
	text = strings.TrimRight(text, " \n\u00a0“”\")")
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "…")
}

func (v *view) lonelyLabel(p *passage) bool {
	text := strings.TrimRight(p.text, " \n\u00a0")
	if !strings.HasSuffix(text, ":") || len(strings.Fields(text)) > fakeHeadingWords {
		return false
	}
	if p.block+1 >= len(v.blocks()) {
		return true
	}
	switch v.blocks()[p.block+1].GetContent().(type) {
	case *articlev1.Block_List, *articlev1.Block_Quote, *articlev1.Block_Attachment, *articlev1.Block_Embed:
		return false // which the words introduce
	}
	return true
}
