package store

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
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
			data, err := r.Get(linkKey(id))
			if errors.Is(err, kv.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			place := &recordv1.LinkPlace{}
			if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(data, place); err != nil {
				return damagedKey(linkKey(id))
			}
			found[i] = place.GetSite() == site && place.GetRetireTime() == nil
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
