package store

import (
	"context"
	"iter"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
)

// linkBatch is how many links one transaction of a walk reads.
const linkBatch = 500

// LinkQuery selects links of one site. What it selects by narrows what is looked
// at; a filter may leave out more.
type LinkQuery struct {
	// Site is the id of the site.
	Site string
	// Article is the id of an article whose links are enough to look at; empty
	// for all.
	Article string
	// Words says that links with words of editors are enough to look at.
	Words bool
	// After is the position of the last link seen; empty to begin.
	After []byte
	// Limit is the largest number of links, more than 0.
	Limit int
}

// ListLinks returns links of a site, newest first; none end the list. A link
// that is made meanwhile moves none of those that were there.
func (s *Store) ListLinks(ctx context.Context, q LinkQuery) ([]sharelink.Link, error) {
	prefix := q.prefix()
	keys := kv.Prefix([]byte(prefix))
	keys.Limit = q.Limit
	if len(q.After) > 0 {
		keys.Start = append(append(keys.Start, q.After...), 0)
	}
	var links []sharelink.Link
	err := s.view(ctx, func(r kv.Reader) error {
		links = links[:0]
		for entry, err := range r.Scan(keys) {
			if err != nil {
				return err
			}
			position, id, err := linkAt(entry.Key, prefix)
			if err != nil {
				return err
			}
			link, err := existing(r, id)
			if err != nil {
				return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
					"a list names the link %s, which cannot be read; the operator must restore the store from a copy", id)
			}
			link.Position = position
			links = append(links, link)
		}
		return nil
	})
	return links, err
}

func (q LinkQuery) prefix() string {
	switch {
	case q.Article != "":
		return linkArticlePrefix + q.Site + "/" + q.Article + "/"
	case q.Words:
		return linkWordsPrefix + q.Site + "/"
	}
	return linkListPrefix + q.Site + "/"
}

// WalkLinks yields all links of a site, of all sites with "-", each once and as
// it is when it is read. It holds no transaction while the caller works.
func (s *Store) WalkLinks(ctx context.Context, site string) iter.Seq2[sharelink.Link, error] {
	return func(yield func(sharelink.Link, error) bool) {
		q := LinkQuery{Site: site, Limit: linkBatch}
		read := s.ListLinks
		if site == sharelink.AnySite {
			read = s.everyLink
		}
		for {
			links, err := read(ctx, q)
			if err != nil {
				yield(sharelink.Link{}, err)
				return
			}
			for _, link := range links {
				if !yield(link, nil) {
					return
				}
				q.After = link.Position
			}
			if len(links) < linkBatch {
				return
			}
		}
	}
}

// everyLink returns links of all sites, by id.
func (s *Store) everyLink(ctx context.Context, q LinkQuery) ([]sharelink.Link, error) {
	keys := kv.Prefix([]byte(linkPrefix))
	keys.Limit = q.Limit
	if len(q.After) > 0 {
		keys.Start = append(append(keys.Start, q.After...), 0)
	}
	var links []sharelink.Link
	err := s.view(ctx, func(r kv.Reader) error {
		links = links[:0]
		for entry, err := range r.Scan(keys) {
			if err != nil {
				return err
			}
			link, err := existing(r, string(entry.Key[len(linkPrefix):]))
			if err != nil {
				return err
			}
			link.Position = entry.Key[len(linkPrefix):]
			links = append(links, link)
		}
		return nil
	})
	return links, err
}
