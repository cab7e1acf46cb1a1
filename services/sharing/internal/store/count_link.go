package store

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// Countable returns for each of the links of a site, given by id, whether clicks
// on it are counted: it is there, is of that site, and is not retired. Codes are
// looked up once; see codes.
func (s *Store) Countable(ctx context.Context, site string, links []string) ([]bool, error) {
	found := make([]bool, len(links))
	unknown := s.codes.known(site, links, found)
	if len(unknown) == 0 {
		return found, nil
	}
	err := s.view(ctx, func(r kv.Reader) error {
		for n, i := range unknown {
			if n > 0 && links[i] == links[unknown[n-1]] {
				found[i] = found[unknown[n-1]]
				continue
			}
			var err error
			if found[i], err = countable(r, site, links[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.codes.learn(site, links, found, unknown)
	return found, nil
}

// countable looks one link up; see Countable.
func countable(r kv.Reader, site, id string) (bool, error) {
	data, err := r.Get(linkKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	place := &recordv1.LinkPlace{}
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(data, place); err != nil {
		return false, kvrecord.UnexpectedKey(linkKey(id))
	}
	return place.GetSite() == site && place.GetRetireTime() == nil, nil
}

// articleOf returns the id of the article of a link, empty when there is none.
func articleOf(r kv.Reader, link string) (string, error) {
	row, err := linkRow(r, link)
	return row.GetArticle(), err
}
