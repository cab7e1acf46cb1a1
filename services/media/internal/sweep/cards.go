package sweep

import (
	"context"
	"fmt"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

// cards removes the social cards that are not the current ones of published
// articles. A card that is being drawn has a young object, also when the same
// was drawn long ago, for it is put again.
func (s *Sweeper) cards(ctx context.Context, now time.Time) (int, error) {
	removed := 0
	for object, err := range s.Objects.List(ctx, blobs.CardPrefix) {
		if err != nil {
			return removed, err
		}
		article, generation, ours := object.Key.Card()
		if !ours || now.Sub(object.Modified) < s.Grace {
			continue
		}
		card, err := s.Records.Card(ctx, article)
		if err != nil && !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return removed, fmt.Errorf("look up %s: %w", object.Key, err)
		}
		if err == nil && card.GetDrawn().GetGeneration() == generation {
			continue
		}
		if err := s.Objects.Remove(ctx, object.Key); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
