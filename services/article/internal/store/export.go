package store

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// exportBytes is about how much of an article's packed revisions one read of an
// export holds in memory. More than that have hardly any.
const exportBytes = 32 << 20

// history is an article with all that belongs to it, as of one moment. Its
// revisions stay packed until they are asked for.
type history struct {
	store *Store
	article.History

	groups [][]byte // packed, the next ones
	next   int64    // revision from which on more are to be read; 0 for none
}

// History returns an article with all that belongs to it, or
// RESOURCE_NOT_FOUND.
func (s *Store) History(ctx context.Context, n article.Name) (article.History, error) {
	h := &history{store: s, History: article.History{Name: n, State: &recordv1.State{}}}
	err := s.view(ctx, func(r kv.Reader) (err error) {
		h.groups, h.Schedules = nil, nil
		ok, err := get(r, stateKey(n), h.State)
		switch {
		case err != nil:
			return err
		case !ok:
			return fault.NotFound(n.String())
		}
		if h.Newest, err = getRevision(r, n, h.State, h.State.GetRevision()); err != nil {
			return err
		}
		if h.Publications, err = publications(r, n); err != nil {
			return err
		}
		if h.Schedules, err = schedulesOf(r, n); err != nil {
			return err
		}
		return h.read(r, 0)
	})
	h.Revisions = h.each
	return h.History, err
}

// schedulesOf returns the schedules of an article by id.
func schedulesOf(r kv.Reader, n article.Name) ([]article.ScheduleItem, error) {
	var items []article.ScheduleItem
	for e, err := range r.Scan(kv.Prefix(ofArticle(scheduleBase, n))) {
		if err != nil {
			return nil, err
		}
		name, ok := parseTail(e.Key[len(scheduleBase):])
		item := article.ScheduleItem{Name: name, Record: &recordv1.Schedule{}}
		if _, err := get(r, e.Key, item.Record); err != nil || !ok {
			return nil, damagedSchedule(e.Key, err)
		}
		items = append(items, item)
	}
	return items, nil
}

// read takes packed groups into memory, from the one with the revision on.
func (h *history) read(r kv.Reader, from int64) error {
	created := h.State.GetCreateTime().AsTime()
	reach := kv.Range{Start: revisionKey(h.Name, created, from), End: revisionKey(h.Name, created, h.State.GetRevision()+1)}
	h.next = 0
	size := 0
	for e, err := range r.Scan(reach) {
		if err != nil {
			return err
		}
		if size > exportBytes {
			h.next = numberOf(e.Key)
			return nil
		}
		h.groups = append(h.groups, e.Value)
		size += len(e.Value)
	}
	return nil
}

// more reads on. The article must be what it was.
func (h *history) more(ctx context.Context) error {
	return h.store.view(ctx, func(r kv.Reader) error {
		h.groups = nil
		now := &recordv1.State{}
		if _, err := get(r, stateKey(h.Name), now); err != nil {
			return err
		}
		if now.GetVersion() != h.State.GetVersion() || now.GetUid() != h.State.GetUid() {
			return fault.New(faultv1.Reason_REASON_WRITE_CONTENTION,
				"%s has very many revisions and was written while they were read; export again", h.Name)
		}
		return h.read(r, h.next)
	})
}

// each calls fn with all revisions, the first one first.
func (h *history) each(ctx context.Context, fn func(*recordv1.Revision) error) error {
	for {
		for _, value := range h.groups {
			if err := h.eachOf(value, fn); err != nil {
				return err
			}
		}
		if h.next == 0 {
			return nil
		}
		if err := h.more(ctx); err != nil {
			return err
		}
	}
}

func (h *history) eachOf(value []byte, fn func(*recordv1.Revision) error) error {
	g, err := decodeGroup(value)
	if err != nil {
		return damagedRevision(h.Name, h.State.GetRevision(), err)
	}
	for _, m := range g.members {
		revision, err := g.unpack(m.number)
		if err != nil {
			return damagedRevision(h.Name, m.number, err)
		}
		if err := fn(revision); err != nil {
			return err
		}
	}
	return nil
}

// Slugs returns at most limit slugs of a site by language and slug, after the
// position; nil begins. A position is "{language}/{slug}".
func (s *Store) Slugs(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error) {
	return s.items(ctx, slugBase+site+"/", article.Reach{After: after, Limit: limit})
}

// Audit returns at most limit audit events of a site, oldest first, after the
// position; nil begins.
func (s *Store) Audit(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error) {
	return s.items(ctx, auditBase+site+"/", article.Reach{After: after, Limit: limit})
}
