package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Schedule returns a schedule or RESOURCE_NOT_FOUND.
func (s *Store) Schedule(ctx context.Context, n article.ScheduleName) (*recordv1.Schedule, error) {
	record := &recordv1.Schedule{}
	err := s.view(ctx, func(r kv.Reader) error {
		ok, err := get(r, scheduleKey(n), record)
		if err == nil && !ok {
			err = fault.NotFound(n.String())
		}
		return err
	})
	return record, err
}

// PutSchedule stores a schedule apart from any change of its article, and sets
// the version of c.After. With a method the write is told in the audit. It
// fails with ErrOvertaken when the schedule is not what c.Before says any more,
// and with *ReplayError. To create one needs an article that is not deleted and
// has the revision, and fewer than article.MaxPending that wait:
// RESOURCE_NOT_FOUND, RESOURCE_EXISTS, WRONG_STATE.
func (s *Store) PutSchedule(ctx context.Context, w article.Write, c article.ScheduleWrite) error {
	e, err := encodeSchedule(c)
	if err != nil {
		return err
	}
	request, err := encodeRequest(w, c.Name.String(), c.After.GetVersion())
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx kv.Tx) error {
		if err := putRequest(tx, w, request); err != nil {
			return err
		}
		state, err := e.checkArticle(tx)
		if err != nil {
			return err
		}
		if err := e.put(tx); err != nil {
			return err
		}
		if w.Method != "" {
			audit, err := auditEntry(w, c.Name.Article.Site, c.Name.String(), state.GetRevision(), state.GetRevision())
			if err != nil {
				return err
			}
			if err := tx.Put(audit.key, audit.value); err != nil {
				return err
			}
		}
		return e.tell(tx)
	})
}

// scheduleChange is a ScheduleWrite with everything marshaled.
type scheduleChange struct {
	article.ScheduleWrite

	record []byte
}

func encodeSchedule(c article.ScheduleWrite) (*scheduleChange, error) {
	e := &scheduleChange{ScheduleWrite: c}
	if c.After == nil {
		return e, nil
	}
	c.After.Version = c.Before.GetVersion() + 1
	var err error
	e.record, err = encode(c.After)
	return e, err
}

// putSchedule is the step of a commit that writes the schedule that did it. Of
// several schedulers that try the same one, all but the first fail here with
// ErrOvertaken.
func (e *encoded) putSchedule(tx kv.Tx) error {
	if e.schedule == nil {
		return nil
	}
	return e.schedule.put(tx)
}

// put checks that the schedule is what the write was made for, and writes it
// with its rows.
func (e *scheduleChange) put(tx kv.Tx) error {
	now := &recordv1.Schedule{}
	ok, err := get(tx, scheduleKey(e.Name), now)
	switch {
	case err != nil:
		return err
	case e.Before == nil && ok:
		return fault.Exists(e.Name.String())
	case e.Before != nil && (!ok || now.GetVersion() != e.Before.GetVersion() ||
		now.GetSchedule().GetUid() != e.Before.GetSchedule().GetUid()):
		return article.ErrOvertaken
	}
	was, is := rowsOf(e.Name, e.Before), rowsOf(e.Name, e.After)
	for _, row := range was {
		if !slices.ContainsFunc(is, func(r scheduleRow) bool { return bytes.Equal(r.key, row.key) }) {
			if err := tx.Delete(row.key); err != nil {
				return err
			}
		}
	}
	for _, row := range is {
		if err := tx.Put(row.key, row.value); err != nil {
			return err
		}
	}
	if e.After == nil {
		return tx.Delete(scheduleKey(e.Name))
	}
	return tx.Put(scheduleKey(e.Name), e.record)
}

// checkArticle returns the state of the article; it is empty when the article
// is gone. Creating asks for more.
func (e *scheduleChange) checkArticle(tx kv.Tx) (*recordv1.State, error) {
	n, state := e.Name.Article, &recordv1.State{}
	ok, err := get(tx, stateKey(n), state)
	if err != nil || e.Before != nil {
		return state, err
	}
	switch revision := e.After.GetSchedule().GetRevision(); {
	case !ok:
		return nil, fault.NotFound(n.String())
	case state.GetState() == article.Deleted:
		return nil, fault.State(n.String(), "%s is deleted; restore it first", n)
	case revision != 0:
		_, g, err := groupAt(tx, n, state, revision)
		if err != nil {
			return nil, err
		}
		if !g.has(revision) {
			return nil, fault.NotFound(fmt.Sprintf("%s/revisions/%d", n, revision))
		}
	}
	waiting := 0
	for _, err := range tx.Scan(kv.Prefix(ofArticle(pinBase, n))) {
		if err != nil {
			return nil, err
		}
		waiting++
	}
	if waiting >= article.MaxPending {
		return nil, fault.State(n.String(), "%s has %d schedules that wait, which is the limit; delete some first", n, waiting)
	}
	return state, nil
}

// tell tells those who follow working copies that a schedule was made, deleted
// or came to another state, and the schedulers that it may be time.
func (e *scheduleChange) tell(tx kv.Tx) error {
	n := e.Name.Article
	if e.Before.GetSchedule().GetState() != e.After.GetSchedule().GetState() {
		if err := tx.Emit(topicOf(n), []byte{byte(articlev1.WatchArticlesResponse_KIND_UPDATED), 0}); err != nil {
			return err
		}
	}
	if e.Before != nil {
		return nil
	}
	return tx.Emit(workKey(n), nil)
}

// pinScheduled calls keep with the revisions that schedules of the article wait
// to publish. They must not be thinned out.
func pinScheduled(r kv.Reader, n article.Name, _ *recordv1.State, keep func(int64)) error {
	for e, err := range r.Scan(kv.Prefix(ofArticle(pinBase, n))) {
		if err != nil {
			return fmt.Errorf("look for schedules of %s: %w", n, err)
		}
		if len(e.Value) == 8 {
			keep(int64(binary.BigEndian.Uint64(e.Value))) //nolint:gosec // rowsOf wrote it
		}
	}
	return nil
}

// purgeSchedules removes some of an article's schedules and reports whether
// there were any.
func purgeSchedules(tx kv.Tx, n article.Name) (bool, error) {
	some := kv.Prefix(ofArticle(scheduleBase, n))
	some.Limit = 8 // each has up to four keys
	found := false
	for e, err := range tx.Scan(some) {
		if err != nil {
			return false, err
		}
		found = true
		name, ok := parseTail(e.Key[len(scheduleBase):])
		record := &recordv1.Schedule{}
		if _, err := get(tx, e.Key, record); err != nil || !ok {
			return false, err
		}
		drop := &scheduleChange{ScheduleWrite: article.ScheduleWrite{Name: name, Before: record}}
		if err := drop.put(tx); err != nil {
			return false, err
		}
	}
	return found, nil
}
