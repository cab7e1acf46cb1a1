package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Imports returns the imports whose site is made and whose articles do not all
// stand where they are found yet.
func (s *Store) Imports(ctx context.Context) ([]article.Imported, error) {
	var open []article.Imported
	err := s.eachImport(ctx, func(site string, record *recordv1.Import) {
		if record.GetVerified() {
			open = append(open, article.Imported{Site: site, Reached: record.GetReached(), TouchTime: record.GetTouchTime().AsTime()})
		}
	})
	return open, err
}

// eachImport calls fn with all imports that are not done.
func (s *Store) eachImport(ctx context.Context, fn func(site string, record *recordv1.Import)) error {
	items, err := s.items(ctx, importBase, article.Reach{})
	if err != nil {
		return err
	}
	for _, item := range items {
		record := &recordv1.Import{}
		if err := proto.Unmarshal(item.Encoded, record); err != nil {
			return fmt.Errorf("decode the import of %q: %w", item.Position, err)
		}
		fn(string(item.Position), record)
	}
	return nil
}

// ShowImported puts an article that was imported where it is found: into lists,
// feeds and queues. projection is what readers are to see of it as it is loaded,
// nil for nothing. It fails with ErrOvertaken when the article or the site was
// written since. To do it twice does no harm.
func (s *Store) ShowImported(ctx context.Context, l article.Loaded, projection *article.Encoded) error {
	kind := articlev1.WatchArticlesResponse_KIND_CREATED
	if projection != nil {
		kind = articlev1.WatchArticlesResponse_KIND_PUBLISHED
	}
	e := &encoded{Change: article.Change{
		Name: l.Name, Before: l.State, After: l.State, Projection: projection, SiteVersion: l.Site.GetVersion(), Kind: kind,
	}}
	var err error
	if e.photos, err = encodePhotos(projection); err != nil {
		return err
	}
	err = s.update(ctx, func(tx kv.Tx) error {
		for _, step := range []func(kv.Tx) error{e.checkSite, e.checkState, e.putPhotos, e.show} {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.eachRow(ctx, ofArticle(scheduleBase, l.Name), showSchedule); err != nil {
		return err
	}
	return s.eachRow(ctx, sessionKey(l.Name, ""), showSession)
}

// show writes all rows that follow from the state, the projection and the newest
// revision.
func (e *encoded) show(tx kv.Tx) error {
	a := e.After
	rows := []entry{
		{key: createdKey(e.Name, a.GetCreateTime().AsTime())},
		{key: updatedKey(e.Name, a.GetUpdateTime().AsTime())},
	}
	if a.GetPurgeTime() != nil {
		rows = append(rows, entry{key: purgeKey(e.Name, a.GetPurgeTime().AsTime())})
	}
	told := []byte{byte(e.Kind), 0} //nolint:gosec // the kinds are few
	if e.Projection != nil {
		told[1] = told[0]
		rows = append(rows,
			entry{newestKey(e.Name, timeOf(a.GetPublishTime())), e.Projection.Summary},
			entry{publicKey(e.Name), e.Projection.Full})
		rows = append(rows, tagRows(e.Name, a.GetPublicTags(), timeOf(a.GetPublishTime()))...)
	}
	for _, row := range rows {
		if err := tx.Put(row.key, row.value); err != nil {
			return err
		}
	}
	if err := e.showSlug(tx); err != nil {
		return err
	}
	return tx.Emit(topicOf(e.Name), told)
}

// showSlug makes sure that readers find what they see, also when the archive
// does not tell who has its slug.
func (e *encoded) showSlug(tx kv.Tx) error {
	if e.Projection == nil {
		return nil
	}
	key := slugKey(e.Name.Site, e.After.GetLanguageCode(), e.After.GetPublicSlug())
	held, err := kvrecord.Has(tx, key)
	if err != nil || held {
		return err
	}
	value, err := encode(&recordv1.Slug{ArticleId: e.Name.ID, ArticleUid: e.After.GetUid(), Public: true})
	if err != nil {
		return err
	}
	return tx.Put(key, value)
}

// eachRow runs step in transactions on the rows under a prefix, some at a time.
func (s *Store) eachRow(ctx context.Context, prefix []byte, step func(tx kv.Tx, key []byte) error) error {
	rows := kv.Prefix(prefix)
	rows.Limit = 8 // each has up to four keys
	for {
		var keys [][]byte
		err := s.view(ctx, func(r kv.Reader) error {
			keys = nil
			for e, err := range r.Scan(rows) {
				if err != nil {
					return err
				}
				keys = append(keys, e.Key)
			}
			return nil
		})
		if err != nil || len(keys) == 0 {
			return err
		}
		err = s.update(ctx, func(tx kv.Tx) error {
			for _, key := range keys {
				if err := step(tx, key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		rows.Start = append(bytes.Clone(keys[len(keys)-1]), 0)
	}
}

// showSchedule writes the rows of a schedule that was imported, and tells
// schedulers.
func showSchedule(tx kv.Tx, key []byte) error {
	record := &recordv1.Schedule{}
	n, valid := parseTail(key[len(scheduleBase):])
	ok, err := get(tx, key, record)
	if err != nil || !ok || !valid {
		return err
	}
	for _, row := range rowsOf(n, record) {
		if err := tx.Put(row.key, row.value); err != nil {
			return err
		}
	}
	return tx.Emit(workKey(n.Article), nil)
}

// showSession makes an edit session that was imported due.
func showSession(tx kv.Tx, key []byte) error {
	record := &recordv1.EditSession{}
	ok, err := get(tx, key, record)
	name, session, cut := cutLast(key[len(sessionBase):])
	n, valid := parseName(name)
	if err != nil || !ok || !cut || !valid {
		return err
	}
	return tx.Put(thinKey(n, session, record.GetDueTime().AsTime()), nil)
}

// AdvanceImport says that all articles up to an id are where they are found; ""
// that all are, and that the import is over. It fails with ErrOvertaken when
// somebody else goes on with the import.
func (s *Store) AdvanceImport(ctx context.Context, from article.Imported, reached string, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		record := &recordv1.Import{}
		ok, err := get(tx, importKey(from.Site), record)
		switch {
		case err != nil:
			return err
		case !ok || record.GetReached() != from.Reached:
			return article.ErrOvertaken
		case reached == "":
			return tx.Delete(importKey(from.Site))
		}
		record.Reached, record.TouchTime = reached, timestamppb.New(now)
		value, err := encode(record)
		if err != nil {
			return err
		}
		return tx.Put(importKey(from.Site), value)
	})
}
