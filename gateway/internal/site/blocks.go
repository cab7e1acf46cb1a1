package site

import (
	"html/template"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// block is one block of an article; exactly one of its views is set.
type block struct {
	Anchor     string // for headings and links into the page
	Paragraph  template.HTML
	Heading    *headingView
	Quote      *quoteView
	List       *listView
	Figure     *photo
	Gallery    *galleryView
	Table      *tableView
	Embed      *embedView
	Attachment *attachmentView
	Callout    *calloutView
	Divider    bool
}

type headingView struct {
	Level int32
	Text  template.HTML
}

type listView struct {
	Ordered bool
	Items   []listItem
}

type listItem struct {
	Text template.HTML
	List *listView
}

type galleryView struct {
	Title  string
	Photos []*photo
}

type tableView struct {
	Caption string
	Label   string // of the frame that scrolls
	Head    []template.HTML
	Rows    []tableRow
}

type tableRow struct {
	Header    template.HTML
	HasHeader bool // tells an empty header cell from none
	Cells     []template.HTML
}

type embedView struct {
	Provider, Title, Host, Label string
	URL                          template.URL
}

type attachmentView struct {
	Label string
	URL   template.URL
	Type  string
}

type calloutView struct {
	Warning    bool
	Title      string
	Paragraphs []template.HTML
}

// blocks returns the views of the blocks that have something to show.
func (t *writer) blocks(all []*articlev1.Block, pics *pictures) []block {
	quotes := quoteMarks(all)
	var views []block
	for i, b := range all {
		view := block{Anchor: "b-" + b.GetId()}
		if t.fill(&view, b, quotes[i], pics) {
			views = append(views, view)
		}
	}
	return views
}

// fill sets the one view of a block; it reports whether there is one. Kinds
// that this version does not know are left out.
func (t *writer) fill(view *block, b *articlev1.Block, m marks, pics *pictures) bool {
	switch c := b.GetContent().(type) {
	case *articlev1.Block_Paragraph:
		view.Paragraph = t.rich(c.Paragraph.GetText())
		return view.Paragraph != ""
	case *articlev1.Block_Heading:
		view.Heading = &headingView{min(max(c.Heading.GetLevel(), 2), 4), t.rich(c.Heading.GetText())}
		return richtext.Plain(c.Heading.GetText()) != ""
	case *articlev1.Block_Quote:
		view.Quote = t.quote(c.Quote, m)
	case *articlev1.Block_List:
		view.List = t.list(c.List, 1)
		return view.List != nil
	case *articlev1.Block_Figure:
		view.Figure = pics.place(t, c.Figure.GetPlacement(), sizesText)
		return view.Figure != nil
	case *articlev1.Block_Gallery:
		view.Gallery = t.gallery(c.Gallery, pics)
		return view.Gallery != nil
	case *articlev1.Block_Table:
		view.Table = t.table(c.Table)
		return view.Table != nil
	case *articlev1.Block_Embed:
		view.Embed = t.embed(c.Embed)
		return view.Embed != nil
	case *articlev1.Block_Attachment:
		view.Attachment = t.attachment(c.Attachment)
		return view.Attachment != nil
	case *articlev1.Block_Callout:
		view.Callout = t.callout(c.Callout)
	case *articlev1.Block_Divider:
		view.Divider = true
	default:
		return false
	}
	return true
}

// maxListDepth is where a list stops; the contract allows no deeper ones.
const maxListDepth = 8

func (t *writer) list(list *articlev1.List, depth int) *listView {
	if len(list.GetItems()) == 0 || depth > maxListDepth {
		return nil
	}
	view := &listView{Ordered: list.GetOrdered()}
	for _, item := range list.GetItems() {
		view.Items = append(view.Items, listItem{t.rich(item.GetText()), t.list(item.GetSublist(), depth+1)})
	}
	return view
}

func (t *writer) gallery(gallery *articlev1.Gallery, pics *pictures) *galleryView {
	view := &galleryView{Title: t.text(gallery.GetTitle())}
	for _, placement := range gallery.GetPlacements() {
		if p := pics.place(t, placement, ""); p != nil {
			view.Photos = append(view.Photos, p)
		}
	}
	for _, p := range view.Photos {
		p.Sizes = sizesGallery(len(view.Photos))
	}
	if len(view.Photos) == 0 {
		return nil
	}
	return view
}

func (t *writer) callout(callout *articlev1.Callout) *calloutView {
	view := &calloutView{
		Warning: callout.GetTone() == articlev1.Callout_TONE_WARNING,
		Title:   t.text(callout.GetTitle()),
	}
	for _, p := range callout.GetParagraphs() {
		view.Paragraphs = append(view.Paragraphs, t.rich(p))
	}
	return view
}
