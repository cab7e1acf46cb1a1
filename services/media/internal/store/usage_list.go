package store

import (
	"context"
	"strings"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/history"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// Usages returns how articles use a photo, by the name of the article, and the
// position after them, nil when there are no more. after is the position
// returned with the page before. It fails with RESOURCE_NOT_FOUND.
func (s *Store) Usages(ctx context.Context, name photo.Name, after []byte, limit int) (usages []*mediav1.PhotoUsage, next []byte, err error) {
	err = s.view(ctx, func(r kv.Reader) error {
		usages, next, err = usagesOf(r, name, after, limit)
		return err
	})
	return usages, next, err
}

func usagesOf(r kv.Reader, name photo.Name, after []byte, limit int) (usages []*mediav1.PhotoUsage, next []byte, err error) {
	if _, err := getPhoto(r, name); err != nil {
		return nil, nil, err
	}
	prefix := usageKey(anyPrefix, name, "")
	rows := kv.Prefix(prefix)
	if len(after) > 0 {
		rows.Start = append(append(rows.Start, after...), 0)
	}
	rows.Limit = limit + 1
	var last []byte
	for entry, err := range r.Scan(rows) {
		if err != nil {
			return nil, nil, err
		}
		if len(usages) == limit {
			return usages, last, nil
		}
		last = entry.Key[len(prefix):]
		one, err := usageIn(r, name, string(last))
		if err != nil {
			return nil, nil, err
		}
		usages = append(usages, one)
	}
	return usages, nil, nil
}

// usageIn returns how an article uses a photo.
func usageIn(r kv.Reader, name photo.Name, article string) (*mediav1.PhotoUsage, error) {
	using, use := &recordv1.UsingArticle{}, &recordv1.Usage{}
	if err := kvrecord.Get(r, usingKey(article), using); err != nil {
		return nil, err
	}
	if err := kvrecord.Get(r, articleKey(article, name), use); err != nil {
		return nil, err
	}
	return &mediav1.PhotoUsage{
		Name: name.String() + "/usages/" + article[strings.LastIndexByte(article, '/')+1:], Article: article, Title: using.GetTitle(),
		Published: use.GetPublished(), Working: use.GetWorking(), Places: use.GetPlaces(), UpdateTime: use.GetUpdateTime(),
		RevisionCount: int32(history.Count(using, use)), //nolint:gosec // an article has fewer revisions
	}, nil
}
