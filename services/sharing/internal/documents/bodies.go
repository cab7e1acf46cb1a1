package documents

import (
	"bytes"
	"context"

	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// bodies reads the whole articles of rows, in their order and without those
// that readers no longer see. None is older than its row: a cache that learns of
// a change later than the store is passed by.
func (m *Maker) bodies(ctx context.Context, site published.Site, rows []*recordv1.Article) ([]published.Article, error) {
	names := make([]published.Name, 0, len(rows))
	shown := make(map[string][]byte, len(rows))
	for _, row := range rows {
		name, err := published.ParseName("name", row.GetName())
		if err != nil {
			return nil, err
		}
		names, shown[row.GetName()] = append(names, name), row.GetShown()
	}
	articles, err := m.Bodies.Articles(ctx, site, names)
	if err != nil {
		return nil, err
	}
	found := make(map[string]published.Article, len(rows))
	for _, article := range articles {
		if name := article.Resource.GetName(); bytes.Equal(store.Checksum(article.Resource), shown[name]) {
			found[name] = article
		}
	}
	if len(found) < len(rows) {
		if err := m.refresh(ctx, site, names, found); err != nil {
			return nil, err
		}
	}
	articles = articles[:0:0]
	for _, name := range names {
		if article, ok := found[name.String()]; ok {
			articles = append(articles, article)
		}
	}
	return articles, nil
}

// refresh reads the articles that were not found from the article service.
func (m *Maker) refresh(ctx context.Context, site published.Site, names []published.Name, found map[string]published.Article) error {
	var missing []published.Name
	for _, name := range names {
		if _, ok := found[name.String()]; !ok {
			missing = append(missing, name)
		}
	}
	articles, err := m.Fresh.Articles(ctx, site, missing)
	for _, article := range articles {
		found[article.Resource.GetName()] = article
	}
	return err
}
