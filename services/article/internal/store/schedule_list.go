package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// listBytes bounds the records of one page of schedules.
const listBytes = 1 << 20

// Schedules returns at most limit schedules by their time, the earliest first,
// that stand after the position; nil begins. They are those of an article, of a
// site when the id of n is "-", of all sites when both are. There may be fewer
// although there are more; none means the end.
func (s *Store) Schedules(ctx context.Context, n article.Name, after []byte, limit int) ([]article.ScheduleItem, error) {
	var items []article.ScheduleItem
	err := s.view(ctx, func(r kv.Reader) error {
		items = nil
		positions, err := positionsOf(r, n, after, limit)
		if err != nil {
			return err
		}
		size := 0
		for _, position := range positions {
			name, ok := parseTail(position[8:])
			if !ok {
				return damagedSchedule(position, kv.ErrNotFound)
			}
			item := article.ScheduleItem{Name: name, Record: &recordv1.Schedule{}, Position: position}
			if _, err := get(r, scheduleKey(name), item.Record); err != nil {
				return err
			}
			items = append(items, item)
			if size += proto.Size(item.Record); size > listBytes {
				return nil
			}
		}
		return nil
	})
	return items, err
}

func damagedSchedule(key []byte, err error) error {
	return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
		"the record of schedule %q is damaged; restore the store from a copy", key)
}

// positionsOf returns where the schedules stand: "{time}{site}/{id}/{schedule}".
func positionsOf(r kv.Reader, n article.Name, after []byte, limit int) ([][]byte, error) {
	switch {
	case n.ID != "-":
		return ofOneArticle(r, n, after, limit)
	case n.Site != "-":
		return ofOneSite(r, n.Site, after, limit)
	}
	var all [][]byte
	for e, err := range r.Scan(kv.Prefix([]byte(siteBase))) {
		if err != nil {
			return nil, fmt.Errorf("look for sites: %w", err)
		}
		some, err := ofOneSite(r, string(e.Key[len(siteBase):]), after, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return first(all, limit), nil
}

// ofOneArticle sorts all of them: there are few.
func ofOneArticle(r kv.Reader, n article.Name, after []byte, limit int) ([][]byte, error) {
	var all [][]byte
	for e, err := range r.Scan(kv.Prefix(ofArticle(scheduleBase, n))) {
		if err != nil {
			return nil, fmt.Errorf("look for schedules of %s: %w", n, err)
		}
		record := &recordv1.Schedule{}
		if err := proto.Unmarshal(e.Value, record); err != nil {
			return nil, damagedSchedule(e.Key, err)
		}
		position := appendTime(nil, record.GetSchedule().GetFireTime().AsTime())
		if position = append(position, e.Key[len(scheduleBase):]...); bytes.Compare(position, after) > 0 {
			all = append(all, position)
		}
	}
	return first(all, limit), nil
}

func ofOneSite(r kv.Reader, site string, after []byte, limit int) ([][]byte, error) {
	prefix := []byte(agendaBase + site + "/")
	reach := kv.Prefix(prefix)
	reach.Limit = limit
	if len(after) > 8 {
		// The position tells the site behind the time, the key before it.
		at, tail := after[:8], after[8:]
		here := []byte(site + "/")
		switch c := bytes.Compare(here, tail[:min(len(here), len(tail))]); {
		case c > 0: // all of that time are still to come
			reach.Start = slices.Concat(prefix, at)
		case c == 0:
			reach.Start = slices.Concat(prefix, at, tail[len(here):], []byte{0})
		default: // none of that time is
			reach.Start = slices.Concat(prefix, binary.BigEndian.AppendUint64(nil, binary.BigEndian.Uint64(at)+1))
		}
	}
	var all [][]byte
	for e, err := range r.Scan(reach) {
		if err != nil {
			return nil, fmt.Errorf("look for schedules of %s: %w", site, err)
		}
		row := e.Key[len(prefix):]
		all = append(all, slices.Concat(row[:8], []byte(site+"/"), row[8:]))
	}
	return all, nil
}

// first returns the limit first positions.
func first(all [][]byte, limit int) [][]byte {
	slices.SortFunc(all, bytes.Compare)
	return all[:min(limit, len(all))]
}

// Due returns at most limit schedules that wait and whose time is not after
// until, the earliest first, that stand after the position; nil begins. A
// record that cannot be read comes with Err, so that it stops no other. next is
// the time of the first one after until; zero for none.
func (s *Store) Due(ctx context.Context, until time.Time, after []byte, limit int) (items []article.ScheduleItem, next time.Time, err error) {
	last := appendTime([]byte(dueBase), until.Add(time.Microsecond)) // until included
	reach := kv.Range{Start: []byte(dueBase), End: last, Limit: limit}
	if len(after) > 0 {
		reach.Start = slices.Concat([]byte(dueBase), after, []byte{0})
	}
	err = s.view(ctx, func(r kv.Reader) error {
		items, next = nil, time.Time{}
		for e, err := range r.Scan(reach) {
			if err != nil {
				return err
			}
			items = append(items, dueItem(r, e.Key[len(dueBase):]))
		}
		for e, err := range r.Scan(kv.Range{Start: last, End: kv.Prefix([]byte(dueBase)).End, Limit: 1}) {
			if err != nil {
				return err
			}
			next = timeAt(e.Key[len(dueBase):])
		}
		return nil
	})
	return items, next, err
}

func dueItem(r kv.Reader, position []byte) article.ScheduleItem {
	name, ok := parseTail(position[8:])
	item := article.ScheduleItem{Name: name, Position: position, Record: &recordv1.Schedule{}}
	found, err := get(r, scheduleKey(name), item.Record)
	if err == nil && (!ok || !found) {
		err = damagedSchedule(position, kv.ErrNotFound)
	}
	if err == nil && item.Record.GetSchedule().GetState() == articlev1.Schedule_STATE_HELD {
		state := &recordv1.State{}
		_, err = get(r, stateKey(name.Article), state)
		item.Touched = state.GetVersion() != item.Record.GetArticleVersion()
	}
	if err != nil {
		item.Record, item.Err = nil, err
	}
	return item
}

// timeAt reads what appendTime wrote at the beginning of b.
func timeAt(b []byte) time.Time {
	return time.UnixMicro(int64(binary.BigEndian.Uint64(b) ^ 1<<63)).UTC() //nolint:gosec // appendTime wrote it
}

// Waiting returns the schedules of an article that wait, in the order of their
// ids. A record that cannot be read comes with Err.
func (s *Store) Waiting(ctx context.Context, n article.Name) ([]article.ScheduleItem, error) {
	var items []article.ScheduleItem
	prefix := ofArticle(pinBase, n)
	err := s.view(ctx, func(r kv.Reader) error {
		items = nil
		for e, err := range r.Scan(kv.Prefix(prefix)) {
			if err != nil {
				return fmt.Errorf("look for schedules of %s: %w", n, err)
			}
			name := article.ScheduleName{Article: n, ID: string(e.Key[len(prefix):])}
			item := article.ScheduleItem{Name: name, Record: &recordv1.Schedule{}}
			found, err := get(r, scheduleKey(name), item.Record)
			if err == nil && !found {
				err = damagedSchedule(e.Key, kv.ErrNotFound)
			}
			if err != nil {
				item.Record, item.Err = nil, err
			}
			items = append(items, item)
		}
		return nil
	})
	return items, err
}
