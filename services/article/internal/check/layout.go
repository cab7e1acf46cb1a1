package check

import (
	"fmt"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// layOut gathers passages, links and photos in the order of the article.
func (v *view) layOut() {
	c := v.Content
	v.passages = make([]passage, 0, len(c.GetBlocks())+8)
	v.label(kindTitle, atTitle, "", field("title"), c.GetTitle(), &c.Title)
	v.rich(kindLead, atLead, "", field("lead"), c.GetLead())
	for i, b := range c.GetBlocks() {
		v.block(i, b)
	}
	for i := range c.GetFundingLines() {
		v.label(kindLabel, atEnd, "", element("funding_lines", i, ""), c.GetFundingLines()[i], nil)
	}
	v.placements()
}

func (v *view) block(i int, b *articlev1.Block) {
	id := b.GetId()
	switch c := b.GetContent().(type) {
	case *articlev1.Block_Paragraph:
		v.rich(kindParagraph, i, id, field("paragraph.text"), c.Paragraph.GetText())
	case *articlev1.Block_Heading:
		v.rich(kindHeading, i, id, field("heading.text"), c.Heading.GetText())
	case *articlev1.Block_Quote:
		v.richTexts(kindQuote, i, id, "quote.paragraphs", c.Quote.GetParagraphs())
		v.label(kindLabel, i, id, field("quote.attribution"), c.Quote.GetAttribution(), nil)
	case *articlev1.Block_List:
		v.list(i, id, "list", c.List)
	case *articlev1.Block_Gallery:
		v.label(kindLabel, i, id, field("gallery.title"), c.Gallery.GetTitle(), &c.Gallery.Title)
	case *articlev1.Block_Table:
		v.label(kindLabel, i, id, field("table.caption"), c.Table.GetCaption(), nil)
		for row, r := range c.Table.GetRows() {
			for cell, t := range r.GetCells() {
				v.rich(kindCell, i, id, where{base: "table.rows", i: row, middle: ".cells", j: cell}, t)
			}
		}
	case *articlev1.Block_Embed:
		v.label(kindLabel, i, id, field("embed.title"), c.Embed.GetTitle(), nil)
	case *articlev1.Block_Attachment:
		v.label(kindLabel, i, id, field("attachment.title"), c.Attachment.GetTitle(), nil)
	case *articlev1.Block_Callout:
		v.label(kindLabel, i, id, field("callout.title"), c.Callout.GetTitle(), &c.Callout.Title)
		v.richTexts(kindCallout, i, id, "callout.paragraphs", c.Callout.GetParagraphs())
	}
}

func (v *view) list(block int, id, path string, l *articlev1.List) {
	for i, item := range l.GetItems() {
		v.rich(kindItem, block, id, element(path+".items", i, ".text"), item.GetText())
		if item.GetSublist() != nil {
			v.list(block, id, fmt.Sprintf("%s.items[%d].sublist", path, i), item.GetSublist())
		}
	}
}

func (v *view) richTexts(k kind, block int, id, path string, texts []*articlev1.RichText) {
	for i, t := range texts {
		v.rich(k, block, id, element(path, i, ""), t)
	}
}

func (v *view) rich(k kind, block int, id string, w where, t *articlev1.RichText) {
	text := plain(t)
	if text == "" && len(t.GetSpans()) == 0 {
		return
	}
	v.passages = append(v.passages, passage{
		kind: k, block: block, blockID: id, where: w, text: text, spans: t.GetSpans(), code: v.LanguageCode,
	})
	v.words().scan(&v.passages[len(v.passages)-1])
	for i, s := range t.GetSpans() {
		if s.GetLink() != nil {
			v.link(block, id, w, t.GetSpans(), i)
		}
	}
}

// link gathers the link that begins with span i, unless that goes on with it.
func (v *view) link(block int, id string, w where, spans []*articlev1.Span, i int) {
	if i > 0 && sameLink(spans[i-1].GetLink(), spans[i].GetLink()) {
		return
	}
	l := link{block: block, id: id, field: w, span: i, target: linkTarget(spans[i].GetLink())}
	for _, s := range spans[i:] {
		if !sameLink(s.GetLink(), spans[i].GetLink()) {
			break
		}
		l.text += s.GetText()
	}
	v.links = append(v.links, l)
}

func sameLink(a, b *articlev1.Link) bool {
	return a != nil && b != nil && linkTarget(a) == linkTarget(b)
}

func linkTarget(l *articlev1.Link) string {
	if l.GetResource() != "" {
		return l.GetResource()
	}
	return l.GetUri()
}

// label adds a plain text; pointer is where it is kept if it may be repaired.
func (v *view) label(k kind, block int, id string, w where, text string, pointer *string) {
	if text == "" {
		return
	}
	v.passages = append(v.passages, passage{
		kind: k, block: block, blockID: id, where: w, text: text, plain: pointer, code: v.LanguageCode,
	})
	v.words().scan(&v.passages[len(v.passages)-1])
}

// placements gathers the photos and their texts. A cover that is a photo of the
// body is judged there.
func (v *view) placements() {
	used := make(map[string]bool)
	for spot, p := range article.Placements(v.Content) {
		if spot.Block >= 0 {
			used[p.GetPhoto()] = true
		}
	}
	for spot, p := range article.Placements(v.Content) {
		if spot.Block < 0 && used[p.GetPhoto()] && p.Alt == nil && p.Caption == nil && !p.GetDecorative() {
			continue
		}
		photo := placedPhoto{
			block: spot.Block, id: spot.BlockID, field: spot.Field, place: p,
			texts: v.Texts(p), known: v.Photos[p.GetPhoto()] != nil,
		}
		v.photos = append(v.photos, photo)
		v.label(kindCaption, spot.Block, spot.BlockID, field(spot.Field+".caption"), photo.texts.Caption, nil)
		v.label(kindAlt, spot.Block, spot.BlockID, field(spot.Field+".alt"), photo.texts.Alt, nil)
	}
}
