package search

import (
	"github.com/skaitykla/skaitykla/internal/richtext"
	"github.com/skaitykla/skaitykla/internal/search"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// sections files the texts of an article, in the order of reading.
type sections struct{ search.Section }

func sectionOf(a *articlev1.Article) search.Section {
	s := &sections{search.Section{Language: a.GetLanguageCode()}}
	s.Add(search.Title, a.GetTitle())
	s.rich(search.Lead, a.GetLead())
	for _, b := range a.GetBlocks() {
		s.block(b)
	}
	for _, p := range article.Placements(a) {
		s.photo(p)
	}
	s.Texts[search.Tags] = append(append(s.Texts[search.Tags], a.GetTags()...), a.GetTopics()...)
	return s.Section
}

func (s *sections) rich(p search.Place, texts ...*articlev1.RichText) {
	for _, text := range texts {
		s.Add(p, richtext.Plain(text))
	}
}

func (s *sections) block(b *articlev1.Block) {
	switch c := b.GetContent().(type) {
	case *articlev1.Block_Paragraph:
		s.rich(search.Body, c.Paragraph.GetText())
	case *articlev1.Block_Heading:
		s.rich(search.Body, c.Heading.GetText())
	case *articlev1.Block_Quote:
		s.rich(search.Body, c.Quote.GetParagraphs()...)
		s.Add(search.Body, c.Quote.GetAttribution())
	case *articlev1.Block_List:
		s.list(c.List)
	case *articlev1.Block_Gallery:
		s.Add(search.Body, c.Gallery.GetTitle())
	case *articlev1.Block_Table:
		s.Add(search.Body, c.Table.GetCaption())
		for _, row := range c.Table.GetRows() {
			s.rich(search.Body, row.GetCells()...)
		}
	case *articlev1.Block_Embed:
		s.Add(search.Body, c.Embed.GetTitle())
	case *articlev1.Block_Attachment:
		s.Add(search.Body, c.Attachment.GetTitle())
	case *articlev1.Block_Callout:
		s.Add(search.Body, c.Callout.GetTitle())
		s.rich(search.Body, c.Callout.GetParagraphs()...)
	}
}

func (s *sections) list(l *articlev1.List) {
	for _, item := range l.GetItems() {
		s.rich(search.Body, item.GetText())
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
	s.Add(search.Captions, caption)
	if alt != caption {
		s.Add(search.Captions, alt)
	}
}
