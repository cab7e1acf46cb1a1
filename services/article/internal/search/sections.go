package search

import (
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// sections are the texts of an article by place, in the order of reading. A
// phrase does not reach from one text into the next.
type sections [often][]string

func sectionsOf(a *articlev1.Article) *sections {
	s := &sections{}
	s.add(inTitle, a.GetTitle())
	s.rich(inLead, a.GetLead())
	for _, b := range a.GetBlocks() {
		s.block(b)
	}
	for _, p := range article.Placements(a) {
		s.photo(p)
	}
	s[inTags] = append(append(s[inTags], a.GetTags()...), a.GetTopics()...)
	return s
}

func (s *sections) add(p place, text string) {
	if text != "" {
		s[p] = append(s[p], text)
	}
}

func (s *sections) rich(p place, texts ...*articlev1.RichText) {
	for _, text := range texts {
		s.add(p, richtext.Plain(text))
	}
}

func (s *sections) block(b *articlev1.Block) {
	switch c := b.GetContent().(type) {
	case *articlev1.Block_Paragraph:
		s.rich(inBody, c.Paragraph.GetText())
	case *articlev1.Block_Heading:
		s.rich(inBody, c.Heading.GetText())
	case *articlev1.Block_Quote:
		s.rich(inBody, c.Quote.GetParagraphs()...)
		s.add(inBody, c.Quote.GetAttribution())
	case *articlev1.Block_List:
		s.list(c.List)
	case *articlev1.Block_Gallery:
		s.add(inBody, c.Gallery.GetTitle())
	case *articlev1.Block_Table:
		s.add(inBody, c.Table.GetCaption())
		for _, row := range c.Table.GetRows() {
			s.rich(inBody, row.GetCells()...)
		}
	case *articlev1.Block_Embed:
		s.add(inBody, c.Embed.GetTitle())
	case *articlev1.Block_Attachment:
		s.add(inBody, c.Attachment.GetTitle())
	case *articlev1.Block_Callout:
		s.add(inBody, c.Callout.GetTitle())
		s.rich(inBody, c.Callout.GetParagraphs()...)
	}
}

func (s *sections) list(l *articlev1.List) {
	for _, item := range l.GetItems() {
		s.rich(inBody, item.GetText())
		if item.GetSublist() != nil {
			s.list(item.GetSublist())
		}
	}
}

// photo takes the texts as they are shown; of a photo that is not resolved
// those that the placement itself has.
func (s *sections) photo(p *articlev1.PhotoPlacement) {
	caption, alt := p.GetCaption(), p.GetAlt()
	if shown := p.GetPlaced(); shown != nil {
		caption, alt = shown.GetCaption(), shown.GetAlt()
	}
	s.add(inCaptions, caption)
	if alt != caption {
		s.add(inCaptions, alt)
	}
}
