// Package manuscript reads an article that somebody wrote as a Markdown file
// with YAML front matter and pictures beside it.
//
// The text is CommonMark with tables. The first paragraph becomes the lead; a
// picture alone in its paragraph a figure; several pictures in one paragraph,
// or a list of only pictures, a gallery; a heading followed only by pictures
// that gallery's title; block quotes quotations, joined when one goes on
// after a picture. What an article cannot hold is named in the notes and
// never dropped in silence.
//
// The package knows files and text only. Placements name pictures by the path
// that stands in the text; who imports replaces it with the photo's name.
package manuscript

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Manuscript is what a file says.
type Manuscript struct {
	// Matter is the front matter.
	Matter Matter
	// Article has the content fields set. Blocks have no ids, and placements
	// hold paths of pictures where photo names will be.
	Article *articlev1.Article
	// Notes name what could not be carried over.
	Notes []Note
}

// Note is something that could not be carried over as it stands.
type Note struct {
	// Line in the file, from 1; 0 when the note is about all of it.
	Line int
	// Text says what, and what became of it.
	Text string
}

// String returns the note as a line of a report.
func (n Note) String() string {
	if n.Line == 0 {
		return n.Text
	}
	return fmt.Sprintf("line %d: %s", n.Line, n.Text)
}

// maxBlocks is how many blocks an article may have.
const maxBlocks = 500

// Parse reads the content of a file. Language is the code used when the front
// matter names none. The error is a *MatterError, or says that the text is too
// much for an article.
func Parse(source []byte, language string) (*Manuscript, error) {
	source, cleaned := clean(source)
	matter, body, notes, err := splitMatter(source)
	if err != nil {
		return nil, err
	}
	notes = append(notes, cleaned...)
	if matter.Language == "" {
		matter.Language = language
	}
	tongue, ok := lang.For(matter.Language)
	if !ok {
		return nil, &MatterError{Field: "language", Problem: fmt.Sprintf("%q is not a language of the suite; use one of %v", matter.Language, lang.Codes())}
	}
	if matter.Date, err = matter.date(tongue); err != nil {
		return nil, err
	}
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table))
	r := reader{source: body, firstLine: bytes.Count(source[:len(source)-len(body)], []byte("\n")), notes: notes}
	parts := r.parts(markdown.Parser().Parse(text.NewReader(body)))
	parts = gather(parts)
	article := &articlev1.Article{
		LanguageCode: matter.Language,
		Title:        matter.Title,
		Slug:         matter.Slug,
		Tags:         matter.Tags,
		Aliases:      matter.Aliases,

		TranslationGroup: matter.Group,
	}
	if article.Title == "" {
		article.Title, parts = titleOf(parts)
	}
	if article.Title == "" {
		return nil, &MatterError{Field: "title", Problem: "the article has no title; add `title:` to the front matter"}
	}
	article.Lead, parts = matter.lead(parts)
	if len(parts) > maxBlocks {
		return nil, fmt.Errorf("the text makes %d blocks, an article has at most %d; make several articles of it", len(parts), maxBlocks)
	}
	open, closing := tongue.QuoteMarks()
	joinQuotations(parts, marks{open: open, closing: closing})
	for _, p := range parts {
		article.Blocks = append(article.Blocks, p.block)
	}
	if matter.Cover != "" {
		article.Cover = cover(matter.Cover, article)
	}
	return &Manuscript{Matter: matter, Article: article, Notes: r.notes}, nil
}

// titleOf takes a heading of level 1 at the very beginning as the title.
func titleOf(parts []part) (string, []part) {
	if len(parts) > 0 && parts[0].title {
		return plain(parts[0].block.GetHeading().GetText()), parts[1:]
	}
	return "", parts
}

// cover is the picture of the front matter: the path of one, whose texts are
// those it has in the body, or one written as in the body, with texts of its
// own.
func cover(written string, article *articlev1.Article) *articlev1.PhotoPlacement {
	if strings.HasPrefix(written, "![") {
		r := reader{source: []byte(written)}
		paragraph := goldmark.DefaultParser().Parse(text.NewReader(r.source)).FirstChild()
		if _, pictures := r.inline(paragraph); len(pictures) == 1 {
			return pictures[0]
		}
	}
	c := &articlev1.PhotoPlacement{Photo: written}
	for p := range Placements(article) {
		if path.Clean(p.GetPhoto()) == path.Clean(written) {
			c.Alt, c.Caption = p.Alt, p.Caption
			break
		}
	}
	return c
}

// Placements walks all placements of the article in reading order, the cover
// first. They may be changed in place.
func Placements(article *articlev1.Article) func(yield func(*articlev1.PhotoPlacement) bool) {
	return func(yield func(*articlev1.PhotoPlacement) bool) {
		if c := article.GetCover(); c != nil && !yield(c) {
			return
		}
		for _, b := range article.GetBlocks() {
			placements := b.GetGallery().GetPlacements()
			if f := b.GetFigure(); f != nil {
				placements = []*articlev1.PhotoPlacement{f.GetPlacement()}
			}
			for _, p := range placements {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// Pictures returns the paths of all pictures, each once, in reading order.
func (m *Manuscript) Pictures() []string {
	var paths []string
	for p := range Placements(m.Article) {
		if !slices.Contains(paths, p.GetPhoto()) {
			paths = append(paths, p.GetPhoto())
		}
	}
	return paths
}
