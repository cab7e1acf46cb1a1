package store

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// Countable returns for each of the links of a site, given by id, whether clicks
// on it are counted: it is there, is of that site, and is not retired.
func (s *Store) Countable(ctx context.Context, site string, links []string) ([]bool, error) {
	found := make([]bool, len(links))
	err := s.view(ctx, func(r kv.Reader) error {
		for i, id := range links {
			if i > 0 && id == links[i-1] {
				found[i] = found[i-1]
				continue
			}
			row, err := linkRow(r, id)
			if err != nil {
				return err
			}
			found[i] = row != nil && row.GetSite() == site && row.GetRetireTime() == nil
		}
		return nil
	})
	return found, err
}

// articleOf returns the id of the article of a link, empty when there is none.
func articleOf(r kv.Reader, link string) (string, error) {
	row, err := linkRow(r, link)
	return row.GetArticle(), err
}
