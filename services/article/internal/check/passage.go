package check

import (
	"strconv"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// passage is one text of an article, with where it stands.
type passage struct {
	kind    kind
	block   int // its position in the article, or one of the places below
	blockID string
	where   where
	text    string
	spans   []*articlev1.Span // of rich text; nil for a plain one
	plain   *string           // of a plain text that may be repaired
	traits  traits
	code    string // the language of the article

	sentences [][2]int    // those that may be in another language
	places    []int       // where words for places and colors begin
	marks     []int       // where quotation marks begin
	quotes    []quoteMark // those marks, nil before they were asked for
}

// The places of what stands in no block.
const (
	atTitle = -3
	atLead  = -2
	atCover = -1
	atEnd   = 1 << 20
)

// kind is what a passage is in its article.
type kind int

const (
	kindTitle kind = iota
	kindLead
	kindParagraph
	kindHeading
	kindQuote
	kindItem
	kindCell
	kindCallout
	kindLabel // titles and captions of blocks, lines of funders
	kindCaption
	kindAlt
)

// body reports whether the passage is part of the running text, in which a
// quotation may go on from one passage to the next.
func (p *passage) body() bool {
	switch p.kind {
	case kindLead, kindParagraph, kindQuote, kindItem:
		return true
	default:
		return false
	}
}

// repairable reports whether FixArticle may touch the passage: not captions and
// alternative texts, whose words are for their authors, nor names.
func (p *passage) repairable() bool { return p.spans != nil || p.plain != nil }

// hasRoom reports whether the text may grow by a character without coming near
// the limit of its field.
func (p *passage) hasRoom() bool {
	return p.spans != nil && len(p.text) < 19_000 || p.plain != nil && len(p.text) < 290
}

// hit returns a hit at bytes start to end.
func (p *passage) hit(start, end int) hit {
	return hit{passage: p, start: start, excerpt: p.text[start:end]}
}

// whole returns a hit of the passage as such.
func (p *passage) whole() hit { return p.hit(0, len(p.text)) }

// span returns the span with the byte at offset i and where it begins.
func (p *passage) span(i int) (*articlev1.Span, int) {
	at := 0
	for _, s := range p.spans {
		if i < at+len(s.GetText()) {
			return s, at
		}
		at += len(s.GetText())
	}
	return nil, at
}

// where is the path of a field, put together only when it is told.
type where struct {
	base, middle, tail string
	i, j               int // -1 for none
}

func field(base string) where { return where{base: base, i: -1, j: -1} }

func element(base string, i int, tail string) where {
	return where{base: base, tail: tail, i: i, j: -1}
}

func (w where) String() string {
	var b strings.Builder
	b.WriteString(w.base)
	if w.i >= 0 {
		b.WriteString("[" + strconv.Itoa(w.i) + "]")
	}
	b.WriteString(w.middle)
	if w.j >= 0 {
		b.WriteString("[" + strconv.Itoa(w.j) + "]")
	}
	b.WriteString(w.tail)
	return b.String()
}
