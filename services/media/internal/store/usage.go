package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// usagesPerTransaction keeps a transaction within kv.MaxKeys: a usage touches
// up to eight keys.
const usagesPerTransaction = 7

// SetUsages says which photos a published article uses, none when it is not
// published, and makes photos public or not accordingly, as far as their rights
// are cleared. Names of photos that
// do not exist are kept for the case that they will. It may be repeated; when
// it fails in between it must be.
func (s *Store) SetUsages(ctx context.Context, article string, photos []photo.Name, now time.Time) error {
	old, err := s.usages(ctx, article)
	if err != nil {
		return err
	}
	type change struct {
		name photo.Name
		uses bool
	}
	var changes []change
	for _, name := range photos {
		if !slices.Contains(old, name) && !slices.Contains(changes, change{name, true}) {
			changes = append(changes, change{name, true})
		}
	}
	for _, name := range old {
		if !slices.Contains(photos, name) {
			changes = append(changes, change{name, false})
		}
	}
	for batch := range slices.Chunk(changes, usagesPerTransaction) {
		err := s.update(ctx, func(tx kv.Tx) error {
			for _, c := range batch {
				if err := setUsage(tx, article, c.name, c.uses, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// setUsage writes both rows of a usage and the photo's publicity.
func setUsage(tx kv.Tx, article string, name photo.Name, uses bool, now time.Time) error {
	for _, key := range [][]byte{usageKey(name, article), articleKey(article, name)} {
		var err error
		if uses {
			err = tx.Put(key, nil)
		} else {
			err = tx.Delete(key)
		}
		if err != nil {
			return err
		}
	}
	p, err := getPhoto(tx, name)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil
	}
	if err != nil {
		return err
	}
	changed := proto.CloneOf(p)
	if err := publish(tx, name, changed, now); err != nil || proto.Equal(p, changed) {
		return err
	}
	return put(tx, name, p, changed, refUpdated, now)
}

// used reports whether a published article uses the photo.
func used(r kv.Reader, name photo.Name) (bool, error) {
	row := kv.Prefix(usageKey(name, ""))
	row.Limit = 1
	for _, err := range r.Scan(row) {
		return err == nil, err
	}
	return false, nil
}

// usages returns the photos that an article is known to use.
func (s *Store) usages(ctx context.Context, article string) ([]photo.Name, error) {
	prefix := articlePrefix + article + "//"
	var names []photo.Name
	err := s.view(ctx, func(r kv.Reader) error {
		names = names[:0]
		for entry, err := range r.Scan(kv.Prefix([]byte(prefix))) {
			if err != nil {
				return err
			}
			name, err := photo.ParseName("name", strings.TrimPrefix(string(entry.Key), prefix))
			if err != nil {
				return damagedKey(entry.Key)
			}
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// UsingArticles returns the names of all articles that use a photo.
func (s *Store) UsingArticles(ctx context.Context) ([]string, error) {
	var articles []string
	err := s.view(ctx, func(r kv.Reader) error {
		articles = articles[:0]
		for entry, err := range r.Scan(kv.Prefix([]byte(articlePrefix))) {
			if err != nil {
				return err
			}
			article, _, _ := strings.Cut(strings.TrimPrefix(string(entry.Key), articlePrefix), "//")
			if len(articles) == 0 || articles[len(articles)-1] != article {
				articles = append(articles, article)
			}
		}
		return nil
	})
	return articles, err
}

// ResumeToken returns where the feed of articles was left, "" when it was
// never read to the end of a snapshot.
func (s *Store) ResumeToken(ctx context.Context) (string, error) {
	var token string
	err := s.view(ctx, func(r kv.Reader) error {
		data, err := r.Get([]byte(resumeKey))
		if errors.Is(err, kv.ErrNotFound) {
			return nil
		}
		token = string(data)
		return err
	})
	return token, err
}

// SetResumeToken keeps where the feed of articles was left; "" means that it
// must be read from a snapshot.
func (s *Store) SetResumeToken(ctx context.Context, token string) error {
	return s.update(ctx, func(tx kv.Tx) error { return tx.Put([]byte(resumeKey), []byte(token)) })
}
