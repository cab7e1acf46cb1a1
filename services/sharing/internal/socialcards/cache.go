package socialcards

import (
	"context"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// How long a card is taken for what it was. A card is drawn in the moments after
// its article or site changed, so it is looked at again soon then, and ever less
// often while it stays the same.
const (
	soon    = time.Second
	longest = 32 * time.Second
)

// kept is how many cards a Cache holds.
const kept = 20_000

// Cards is what a Cache stands in front of.
type Cards interface {
	Card(ctx context.Context, article published.Article) (published.Image, bool)
}

// Cache remembers cards, so that a preview of an article at hand asks nobody. It
// is for articles that come from a cache themselves: an article that was read
// anew is another one, and its card is asked for. It is safe for concurrent use.
type Cache struct {
	cards   Cards
	entries *otter.Cache[string, entry]
}

// entry is a card, or that there is none, as it was for an article and its site.
type entry struct {
	article *articlev1.Article
	site    string // etag
	card    published.Image
	ok      bool
	wait    time.Duration
	until   time.Time
}

// NewCache returns a cache in front of cards.
func NewCache(cards Cards) (*Cache, error) {
	entries, err := otter.New(&otter.Options[string, entry]{MaximumSize: kept})
	if err != nil {
		return nil, fmt.Errorf("make the cache of cards: %w", err)
	}
	return &Cache{cards: cards, entries: entries}, nil
}

// Card returns the card of a published article; false when there is none, or
// none that can be had in time.
func (c *Cache) Card(ctx context.Context, article published.Article) (published.Image, bool) {
	name := article.Resource.GetName()
	before, found := c.entries.GetIfPresent(name)
	same := found && before.article == article.Resource && before.site == article.Site.Resource.GetEtag()
	if same && time.Now().Before(before.until) {
		return before.card, before.ok
	}
	now := entry{article: article.Resource, site: article.Site.Resource.GetEtag(), wait: soon}
	now.card, now.ok = c.cards.Card(ctx, article)
	if ctx.Err() != nil {
		return now.card, now.ok // the caller went away, which says nothing of the card
	}
	if same && now.card == before.card && now.ok == before.ok {
		now.wait = min(2*before.wait, longest)
	}
	now.until = time.Now().Add(now.wait)
	c.entries.Set(name, now)
	return now.card, now.ok
}
