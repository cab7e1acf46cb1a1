package store

import (
	"bytes"
	"context"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// What one read of a list holds in memory, but for its last item. Whoever walks
// all articles may do that at the pace of a slow watcher, beside many others.
const (
	pageBytes = 4 << 20
	walkBytes = 16 << 10
)

// Newest returns summaries of what is public on a site, newest publish time
// first. There may be fewer than asked for although there are more.
func (s *Store) Newest(ctx context.Context, site string, reach article.Reach) ([]article.Item, error) {
	return s.items(ctx, newestBase+site+"/", reach)
}

// Created returns the positions of a site's articles, newest create time
// first. The id stands in each position: see PositionID.
func (s *Store) Created(ctx context.Context, site string, reach article.Reach) ([]article.Item, error) {
	return s.items(ctx, createdBase+site+"/", reach)
}

// Updated is Created by the time of the newest revision.
func (s *Store) Updated(ctx context.Context, site string, reach article.Reach) ([]article.Item, error) {
	return s.items(ctx, updatedBase+site+"/", reach)
}

// PositionID returns the id of the article at a position of Newest, Tagged,
// Created or Updated.
func (s *Store) PositionID(position []byte) string {
	if len(position) < 8 {
		return ""
	}
	return string(position[8:])
}

// Projections returns at most limit published projections of a site, or of
// all sites with "-", in the order of their names. A position is
// "{site}/{id}". There may be fewer although there are more; none end the walk.
func (s *Store) Projections(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error) {
	return s.named(ctx, publicBase, site, after, limit)
}

// Names is Projections for all articles there are; nothing is encoded.
func (s *Store) Names(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error) {
	return s.named(ctx, stateBase, site, after, limit)
}

func (s *Store) named(ctx context.Context, base, site string, after []byte, limit int) ([]article.Item, error) {
	prefix := base
	if site != "-" {
		prefix += site + "/"
		after = bytes.TrimPrefix(after, []byte(site+"/"))
	}
	items, err := s.page(ctx, prefix, article.Reach{After: after, Limit: limit}, walkBytes)
	for i := range items {
		items[i].Position = append([]byte(prefix[len(base):]), items[i].Position...)
	}
	return items, err
}

// rangeOf returns the keys under a prefix that a reach covers.
func rangeOf(prefix string, reach article.Reach) kv.Range {
	keys := kv.Prefix([]byte(prefix))
	keys.Limit, keys.Reverse = reach.Limit, reach.OldestFirst
	switch {
	case len(reach.After) == 0:
	case reach.OldestFirst:
		keys.End = append([]byte(prefix), reach.After...)
	default:
		keys.Start = append(append([]byte(prefix), reach.After...), 0)
	}
	return keys
}

func (s *Store) items(ctx context.Context, prefix string, reach article.Reach) ([]article.Item, error) {
	return s.page(ctx, prefix, reach, pageBytes)
}

// page reads items until they are larger than maxBytes together.
func (s *Store) page(ctx context.Context, prefix string, reach article.Reach, maxBytes int) ([]article.Item, error) {
	var items []article.Item
	err := s.view(ctx, func(r kv.Reader) error {
		items = nil
		size := 0
		for e, err := range r.Scan(rangeOf(prefix, reach)) {
			if err != nil {
				return err
			}
			items = append(items, article.Item{Position: e.Key[len(prefix):], Encoded: e.Value})
			if size += len(e.Value); size > maxBytes {
				return nil
			}
		}
		return nil
	})
	return items, err
}

// ParsePosition returns the article at a position of Projections or Names.
func (s *Store) ParsePosition(position []byte) (article.Name, bool) { return parseName(position) }
