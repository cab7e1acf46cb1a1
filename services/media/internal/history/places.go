package history

import (
	"slices"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// cover is the place of the photo that stands for an article.
const cover = "cover"

// Places returns where an article has each of its photos: "cover", or the ids
// of blocks in their order, each once. Names that are none of a photo are left
// out; a nil article has none.
func Places(a *articlev1.Article) map[photo.Name][]string {
	places := make(map[photo.Name][]string)
	add := func(where string, placements ...*articlev1.PhotoPlacement) {
		for _, p := range placements {
			name, err := photo.ParseName("photo", p.GetPhoto())
			if err == nil && !slices.Contains(places[name], where) {
				places[name] = append(places[name], where)
			}
		}
	}
	add(cover, a.GetCover())
	for _, block := range a.GetBlocks() {
		add(block.GetId(), block.GetFigure().GetPlacement())
		add(block.GetId(), block.GetGallery().GetPlacements()...)
	}
	return places
}
