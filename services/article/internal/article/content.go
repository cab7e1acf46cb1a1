package article

import (
	"fmt"
	"iter"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// ContentFields returns the names of the fields that are revisioned.
func ContentFields() []protoreflect.Name {
	return []protoreflect.Name{
		"translation_group", "slug", "title", "lead", "blocks", "cover", "tags",
		"bylines", "topics", "event", "funding_lines",
	}
}

// MutableFields returns the names of the fields that UpdateArticle may change.
func MutableFields() []protoreflect.Name { return append(ContentFields(), "annotations", "aliases") }

// Content returns a copy of a with nothing but content: no names, no state and
// nothing that only the server sets.
func Content(a *articlev1.Article) *articlev1.Article {
	return TakeContent(proto.CloneOf(a))
}

// TakeContent is Content for an a that is not used afterwards: the result
// shares its memory.
func TakeContent(a *articlev1.Article) *articlev1.Article {
	content := &articlev1.Article{
		TranslationGroup: a.GetTranslationGroup(), Slug: a.GetSlug(), Title: a.GetTitle(),
		Lead: a.GetLead(), Blocks: a.GetBlocks(), Cover: a.GetCover(), Tags: a.GetTags(),
		Bylines: a.GetBylines(), Topics: a.GetTopics(), Event: a.GetEvent(), FundingLines: a.GetFundingLines(),
	}
	for _, p := range Placements(content) {
		p.Placed = nil
	}
	return content
}

// Spot says where in an article a photo is placed.
type Spot struct {
	// Block is the position of the block, -1 for the cover.
	Block int
	// BlockID is its id; empty for the cover.
	BlockID string
	// Field is the path from the block, such as "gallery.placements[1]", or
	// "cover".
	Field string
}

// Path returns the path of the placement from the article.
func (s Spot) Path() string {
	if s.Block < 0 {
		return s.Field
	}
	return fmt.Sprintf("blocks[%d].%s", s.Block, s.Field)
}

// Placements walks the photos of an article: the cover, then those of the
// blocks in order.
func Placements(a *articlev1.Article) iter.Seq2[Spot, *articlev1.PhotoPlacement] {
	return func(yield func(Spot, *articlev1.PhotoPlacement) bool) {
		if a.GetCover() != nil && !yield(Spot{Block: -1, Field: "cover"}, a.GetCover()) {
			return
		}
		for i, b := range a.GetBlocks() {
			if p := b.GetFigure().GetPlacement(); p != nil &&
				!yield(Spot{Block: i, BlockID: b.GetId(), Field: "figure.placement"}, p) {
				return
			}
			for j, p := range b.GetGallery().GetPlacements() {
				field := fmt.Sprintf("gallery.placements[%d]", j)
				if !yield(Spot{Block: i, BlockID: b.GetId(), Field: field}, p) {
					return
				}
			}
		}
	}
}

// Photos returns the names of the photos an article uses, each once, in order.
func Photos(a *articlev1.Article) []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range Placements(a) {
		if name := p.GetPhoto(); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}
