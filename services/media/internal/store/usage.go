package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/history"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// usagesPerTransaction keeps a transaction within kv.MaxKeys: a usage touches
// up to thirteen keys, with those of the photo.
const usagesPerTransaction = 4

// History returns what is known of an article. It is never nil; the uid is
// empty when the article was not read yet. Rows of format 1, which knew
// published usages only, are in it as usages without revisions.
func (s *Store) History(ctx context.Context, article string) (*history.History, error) {
	var h *history.History
	err := s.view(ctx, func(r kv.Reader) error {
		h = history.New("")
		if err := kvrecord.Get(r, usingKey(article), h.Article); err != nil {
			return err
		}
		prefix := articlePrefix + article + "//"
		for entry, err := range r.Scan(kv.Prefix([]byte(prefix))) {
			if err != nil {
				return err
			}
			name, err := photo.ParseName("name", strings.TrimPrefix(string(entry.Key), prefix))
			if err != nil {
				return kvrecord.UnexpectedKey(entry.Key)
			}
			use := &recordv1.Usage{}
			if err := kvrecord.Decode(entry.Key, entry.Value, use); err != nil {
				return err
			}
			use.Published = use.GetPublished() || len(entry.Value) == 0
			h.Uses[name] = use
		}
		return nil
	})
	return h, err
}

// SetHistory says how an article uses photos and makes them public or not
// accordingly; nil forgets the article. Names of photos that do not exist are
// kept for the case that they will. It may be repeated; when it fails in
// between it must be. When token is not empty, it is kept with the last step as
// where the feed stands. It fails with ErrSuperseded when the holder is not the
// one that follows.
func (s *Store) SetHistory(ctx context.Context, f Following, article string, h *history.History, now time.Time) error {
	old, err := s.History(ctx, article)
	if err != nil {
		return err
	}
	known := old.Article.GetUid() != ""
	wanted := map[photo.Name]*recordv1.Usage{}
	if h != nil {
		wanted = h.Uses
	}
	var changed []photo.Name
	for name, use := range wanted {
		if !sameUse(old.Uses[name], use) {
			use.UpdateTime = timestamppb.New(now)
			changed = append(changed, name)
		}
	}
	for name := range old.Uses {
		if wanted[name] == nil {
			changed = append(changed, name)
		}
	}
	slices.SortFunc(changed, photo.Name.Compare)
	same := h == nil && !known || h != nil && known && proto.Equal(old.Article, h.Article)
	if same && len(changed) == 0 && f.Token == "" {
		return nil
	}
	last := changed[max(0, len(changed)-usagesPerTransaction):]
	for batch := range slices.Chunk(changed[:len(changed)-len(last)], usagesPerTransaction) {
		if err := s.setUses(ctx, f, article, batch, wanted, now); err != nil {
			return err
		}
	}
	finish := func(tx kv.Tx) error {
		if err := putUsing(tx, article, old.Article, h); err != nil {
			return err
		}
		return f.keep(tx, now)
	}
	err = s.update(ctx, func(tx kv.Tx) error {
		if err := setUses(tx, f, article, last, wanted, now); err != nil {
			return err
		}
		return finish(tx)
	})
	if !errors.Is(err, kv.ErrTooLarge) || len(last) == 0 {
		return err
	}
	if err := s.setUses(ctx, f, article, last, wanted, now); err != nil {
		return err
	}
	return s.update(ctx, finish)
}

// setUses writes usages in as many transactions as they need: the records of a
// few photos with all the texts that there may be are too large for one.
func (s *Store) setUses(ctx context.Context, f Following, article string, names []photo.Name, uses map[photo.Name]*recordv1.Usage,
	now time.Time,
) error {
	err := s.update(ctx, func(tx kv.Tx) error { return setUses(tx, f, article, names, uses, now) })
	if !errors.Is(err, kv.ErrTooLarge) || len(names) == 1 {
		return err
	}
	half := len(names) / 2
	if err := s.setUses(ctx, f, article, names[:half], uses, now); err != nil {
		return err
	}
	return s.setUses(ctx, f, article, names[half:], uses, now)
}

// sameUse reports whether two usages are the same but for their time.
func sameUse(a, b *recordv1.Usage) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.GetPublished() == b.GetPublished() && a.GetWorking() == b.GetWorking() && slices.Equal(a.GetPlaces(), b.GetPlaces()) &&
		slices.EqualFunc(a.GetSpans(), b.GetSpans(), func(x, y *recordv1.Span) bool { return proto.Equal(x, y) })
}

func setUses(tx kv.Tx, f Following, article string, names []photo.Name, uses map[photo.Name]*recordv1.Usage, now time.Time) error {
	if err := f.check(tx); err != nil {
		return err
	}
	for _, name := range names {
		if err := setUse(tx, article, name, uses[name], now); err != nil {
			return err
		}
	}
	return nil
}

// setUse writes the rows of a usage, nil for none, and what follows from it
// for the photo.
func setUse(tx kv.Tx, article string, name photo.Name, use *recordv1.Usage, now time.Time) error {
	data, err := proto.Marshal(use)
	if err != nil {
		return fmt.Errorf("encode a usage of %s: %w", name, err)
	}
	for _, row := range []struct {
		key   []byte
		value []byte
		there bool
	}{
		{articleKey(article, name), data, use != nil},
		{usageKey(anyPrefix, name, article), nil, use != nil},
		{usageKey(workingPrefix, name, article), nil, use.GetWorking()},
		{usageKey(usagePrefix, name, article), nil, use.GetPublished()},
	} {
		if row.there {
			err = tx.Put(row.key, row.value)
		} else {
			err = tx.Delete(row.key)
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

// putUsing writes what is known of the article itself, and when to ask for its
// revisions again.
func putUsing(tx kv.Tx, article string, old *recordv1.UsingArticle, h *history.History) error {
	if old.GetCheckTime() != nil {
		if err := tx.Delete(checkKey(old.GetCheckTime().AsTime(), article)); err != nil {
			return err
		}
	}
	if h == nil {
		return tx.Delete(usingKey(article))
	}
	if h.Article.GetCheckTime() != nil {
		if err := tx.Put(checkKey(h.Article.GetCheckTime().AsTime(), article), nil); err != nil {
			return err
		}
	}
	return kvrecord.Put(tx, usingKey(article), h.Article)
}

// UsingArticles returns the names of all articles that anything is known of.
func (s *Store) UsingArticles(ctx context.Context) ([]string, error) {
	seen := make(map[string]struct{})
	err := s.view(ctx, func(r kv.Reader) error {
		clear(seen)
		for entry, err := range r.Scan(kv.Prefix([]byte(usingPrefix))) {
			if err != nil {
				return err
			}
			seen[strings.TrimPrefix(string(entry.Key), usingPrefix)] = struct{}{}
		}
		// Of format 1 there are articles that only their usages tell of.
		for entry, err := range r.Scan(kv.Prefix([]byte(articlePrefix))) {
			if err != nil {
				return err
			}
			article, _, _ := bytes.Cut(bytes.TrimPrefix(entry.Key, []byte(articlePrefix)), []byte("//"))
			if _, known := seen[string(article)]; !known {
				seen[string(article)] = struct{}{}
			}
		}
		return nil
	})
	return slices.Sorted(maps.Keys(seen)), err
}

// DueChecks returns the articles whose revisions are to be asked for by now, at
// most limit of them.
func (s *Store) DueChecks(ctx context.Context, now time.Time, limit int) ([]string, error) {
	var articles []string
	err := s.view(ctx, func(r kv.Reader) error {
		articles = articles[:0]
		due := kv.Range{Start: []byte(checkPrefix), End: checkKey(now, ""), Limit: limit}
		for entry, err := range r.Scan(due) {
			if err != nil {
				return err
			}
			_, article, _ := strings.Cut(strings.TrimPrefix(string(entry.Key), checkPrefix), "/")
			articles = append(articles, article)
		}
		return nil
	})
	return articles, err
}
