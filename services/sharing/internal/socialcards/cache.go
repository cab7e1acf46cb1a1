package socialcards

import (
	"context"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

const (
	// keptFor is how long a card stands without asking again. A card follows its
	// article by itself, seconds later, so it may be the one before for as long.
	keptFor = 10 * time.Second
	// missingFor is the same for there being none.
	missingFor = 2 * time.Second
	// keptCards is how many are kept; each is less than a kilobyte.
	keptCards = 10_000
)

// Cards finds social cards; a Reader does.
type Cards interface {
	Card(ctx context.Context, article published.Article) (published.Image, bool)
}

// Cache keeps the cards of articles that many ask for. It is safe for concurrent
// use.
type Cache struct {
	cards Cards
	kept  *otter.Cache[string, answer]
}

// answer is what was found of the card of an article in one edition.
type answer struct {
	revision int64
	card     published.Image
	found    bool
	until    time.Time
}

// NewCache returns a cache before cards.
func NewCache(cards Cards) (*Cache, error) {
	kept, err := otter.New(&otter.Options[string, answer]{MaximumSize: keptCards})
	if err != nil {
		return nil, fmt.Errorf("make the cache of social cards: %w", err)
	}
	return &Cache{cards: cards, kept: kept}, nil
}

// Card returns the card of a published article, as it was at most ten seconds
// ago; false when there is none.
func (c *Cache) Card(ctx context.Context, article published.Article) (published.Image, bool) {
	name, revision := article.Resource.GetName(), article.Resource.GetPublishedRevision()
	known, ok := c.kept.GetIfPresent(name)
	if ok && known.revision == revision && time.Now().Before(known.until) {
		return known.card, known.found
	}
	card, found := c.cards.Card(ctx, article)
	if !found && ctx.Err() != nil {
		return card, false // the caller left, which says nothing of the card
	}
	fresh := answer{revision: revision, card: card, found: found, until: time.Now().Add(missingFor)}
	if found {
		fresh.until = time.Now().Add(keptFor)
	}
	c.kept.Set(name, fresh)
	return card, found
}
