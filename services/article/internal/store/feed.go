package store

import (
	"bytes"
	"context"
	"errors"
	"iter"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Version returns the version of the newest write.
func (s *Store) Version(ctx context.Context) (uint64, error) {
	v, err := s.kv.Version(ctx)
	return uint64(v), asFault(err)
}

// Watch yields what happened to the articles of a site, or of all sites with
// "-", after the version, in order, and never ends by itself. An empty batch
// comes every few seconds while nothing happens. It fails with
// RESUME_TOKEN_EXPIRED when the log no longer reaches back.
func (s *Store) Watch(ctx context.Context, site string, after uint64) iter.Seq2[article.Batch, error] {
	prefix := articleTopic
	if site != "-" {
		prefix += site + "/"
	}
	return s.watch(ctx, prefix, after)
}

// WatchAll is Watch for all sites, telling changes of sites and of translation
// groups too.
func (s *Store) WatchAll(ctx context.Context, after uint64) iter.Seq2[article.Batch, error] {
	return s.watch(ctx, "", after)
}

func (s *Store) watch(ctx context.Context, prefix string, after uint64) iter.Seq2[article.Batch, error] {
	return func(yield func(article.Batch, error) bool) {
		for batch, err := range s.kv.Watch(ctx, []byte(prefix), kv.Version(after)) {
			if err != nil {
				yield(article.Batch{}, asFault(err))
				return
			}
			out := article.Batch{Through: uint64(batch.Through)}
			for _, c := range batch.Changes {
				if told, ok := toldOf(c); ok {
					out.Told = append(out.Told, told)
				}
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

func toldOf(c kv.Change) (article.Told, bool) {
	told := article.Told{Version: uint64(c.Version)}
	if site, ok := bytes.CutPrefix(c.Topic, []byte(siteTopic)); ok {
		told.Name.Site = string(site)
		return told, true
	}
	if group, ok := bytes.CutPrefix(c.Topic, []byte(groupTopic)); ok {
		n, ok := parseName(group)
		told.Name.Site, told.Group = n.Site, n.ID
		return told, ok
	}
	rest, ok := bytes.CutPrefix(c.Topic, []byte(articleTopic))
	if !ok || len(c.Ref) < 2 {
		return told, false
	}
	told.Name, ok = parseName(rest)
	told.Kind, told.PublicKind = article.Kind(c.Ref[0]), article.Kind(c.Ref[1])
	return told, ok
}

// Cursor returns what SaveCursor stored under the name; "" for nothing.
func (s *Store) Cursor(ctx context.Context, name string) (string, error) {
	var value []byte
	err := s.view(ctx, func(r kv.Reader) (err error) {
		value, err = r.Get(cursorKey(name))
		return err
	})
	if errors.Is(err, kv.ErrNotFound) {
		return "", nil
	}
	return string(value), err
}

// SaveCursor remembers where a follower stands.
func (s *Store) SaveCursor(ctx context.Context, name, value string) error {
	return s.update(ctx, func(tx kv.Tx) error { return tx.Put(cursorKey(name), []byte(value)) })
}
