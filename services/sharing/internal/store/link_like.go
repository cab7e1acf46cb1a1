package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
)

// likeTags is how many tags of an article are looked at for others like it.
const likeTags = 5

// GoneArticle returns what is kept of the article of a link, nil when nothing
// is: the article was never seen to go.
func (s *Store) GoneArticle(ctx context.Context, link sharelink.Link) (*recordv1.Gone, error) {
	gone := &recordv1.Gone{}
	err := s.view(ctx, func(r kv.Reader) error {
		gone.Reset()
		return kvrecord.Get(r, goneKey(link.ArticleName(), link.Record.GetArticleUid()), gone)
	})
	if err != nil || gone.GetUid() == "" {
		return nil, err
	}
	return gone, nil
}

// Like returns at most limit published articles of a site in a language, all
// languages when it is empty: those that share most tags first, and newer ones
// before older ones.
func (s *Store) Like(ctx context.Context, site, language string, tags []string, limit int) ([]*recordv1.Article, error) {
	shared := make(map[string]int)
	var found []*recordv1.Article
	queries := []Query{{Site: site, Language: language, Limit: limit}}
	for _, tag := range tags[:min(likeTags, len(tags))] {
		queries = append(queries, Query{Site: site, Language: language, Tag: tag, Limit: limit})
	}
	for _, q := range queries {
		rows, _, err := s.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if _, seen := shared[row.GetName()]; !seen {
				found = append(found, row)
				shared[row.GetName()] = 0
			}
			if q.Tag != "" {
				shared[row.GetName()]++
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *recordv1.Article) int {
		return cmp.Or(
			cmp.Compare(shared[b.GetName()], shared[a.GetName()]),
			b.GetPublishTime().AsTime().Compare(a.GetPublishTime().AsTime()),
			cmp.Compare(a.GetName(), b.GetName()),
		)
	})
	return found[:min(limit, len(found))], nil
}

// lastGone returns what is kept of the article of a name that was withdrawn
// last, nil when there is none.
func lastGone(r kv.Reader, name published.Name) (*recordv1.Gone, error) {
	var newest *recordv1.Gone
	for entry, err := range r.Scan(kv.Prefix(goneKey(name, ""))) {
		if err != nil {
			return nil, err
		}
		row := &recordv1.Gone{}
		if err := kvrecord.Decode(entry.Key, entry.Value, row); err != nil {
			return nil, err
		}
		if newest == nil || row.GetWithdrawTime().AsTime().After(newest.GetWithdrawTime().AsTime()) {
			newest = row
		}
	}
	return newest, nil
}
