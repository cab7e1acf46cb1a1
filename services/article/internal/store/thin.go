package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Bounds of the thinning that one sweep does. What is left is due at the next
// one.
const (
	thinSessions = 100       // edit sessions
	thinBytes    = 768 << 10 // of groups that one transaction may write
)

// pins are what keeps revisions of an article for ever, besides being the
// newest or the last of its edit session. Each calls keep with their numbers.
func pins() []func(r kv.Reader, n article.Name, state *recordv1.State, keep func(int64)) error {
	return []func(kv.Reader, article.Name, *recordv1.State, func(int64)) error{pinPublished, pinScheduled}
}

func pinPublished(_ kv.Reader, _ article.Name, state *recordv1.State, keep func(int64)) error {
	keep(state.GetPublishedRevision())
	return nil
}

// session is an edit session of an article.
type session struct {
	article.Name

	id string
}

// thin removes the superseded revisions of the edit sessions that are due and
// returns how many. A session that fails does not keep others waiting.
func (s *Store) thin(ctx context.Context, now time.Time) (int, error) {
	due, err := s.dueSessions(ctx, now)
	if err != nil {
		return 0, err
	}
	thinned := 0
	var failed []error
	for _, one := range due {
		n, err := s.thinSession(ctx, one, now)
		thinned += n
		if err != nil {
			failed = append(failed, fmt.Errorf("thin session %q of %s: %w", one.id, one.Name, err))
		}
	}
	return thinned, errors.Join(failed...)
}

func (s *Store) dueSessions(ctx context.Context, now time.Time) ([]session, error) {
	var due []session
	until := appendTime([]byte(thinBase), now.Add(time.Microsecond)) // now included
	err := s.view(ctx, func(r kv.Reader) error {
		due = nil
		for e, err := range r.Scan(kv.Range{Start: []byte(thinBase), End: until, Limit: thinSessions}) {
			if err != nil {
				return err
			}
			name, id, ok := cutLast(e.Key[len(thinBase)+8:])
			if n, valid := parseName(name); ok && valid {
				due = append(due, session{Name: n, id: id})
			}
		}
		return nil
	})
	return due, err
}

// cutLast cuts b at its last slash.
func cutLast(b []byte) (before []byte, after string, ok bool) {
	i := bytes.LastIndexByte(b, '/')
	if i < 0 {
		return nil, "", false
	}
	return b[:i], string(b[i+1:]), true
}

// extent is where a session's revisions stand.
type extent struct {
	record   *recordv1.EditSession
	newest   int64     // revision of the article when this was read
	last     int64     // revision of the session
	lastTime time.Time // when that was saved
	groups   [][]byte  // keys of the groups with revisions of the session
}

// thinSession thins a session, or puts it off when it was saved since.
func (s *Store) thinSession(ctx context.Context, one session, now time.Time) (int, error) {
	var at extent
	err := s.view(ctx, func(r kv.Reader) (err error) {
		at, err = extentOf(r, one)
		return err
	})
	if err != nil || at.record == nil {
		return 0, err
	}
	if due := at.lastTime.Add(ThinAfter); due.After(now) {
		return 0, s.update(ctx, func(tx kv.Tx) error { return postpone(tx, one, at, due) })
	}
	thinned := 0
	for _, key := range at.groups {
		n, err := s.thinGroup(ctx, one, at.last, key)
		thinned += n
		if err != nil {
			return thinned, err
		}
	}
	return thinned, s.update(ctx, func(tx kv.Tx) error { return endSession(tx, one, at) })
}

// extentOf reads where the session's revisions stand; its record is nil when
// there is no such session any more.
func extentOf(r kv.Reader, one session) (extent, error) {
	at := extent{record: &recordv1.EditSession{}}
	state := &recordv1.State{}
	if ok, err := get(r, sessionKey(one.Name, one.id), at.record); err != nil || !ok {
		return extent{}, err
	}
	if ok, err := get(r, stateKey(one.Name), state); err != nil || !ok {
		return at, err
	}
	at.newest = state.GetRevision()
	from, _, err := groupAt(r, one.Name, state, at.record.GetFirstRevision())
	if err != nil || from == nil {
		return at, err
	}
	until := revisionKey(one.Name, state.GetCreateTime().AsTime(), state.GetRevision()+1)
	for e, err := range r.Scan(kv.Range{Start: from, End: until}) {
		if err != nil {
			return at, err
		}
		g, err := decodeGroup(e.Value)
		if err != nil {
			return at, damagedRevision(one.Name, numberOf(e.Key), err)
		}
		heads, err := g.heads()
		if err != nil {
			return at, damagedRevision(one.Name, numberOf(e.Key), err)
		}
		found := false
		for _, head := range heads {
			if head.GetEditSession() == one.id {
				found, at.last, at.lastTime = true, head.GetNumber(), head.GetCreateTime().AsTime()
			}
		}
		if found {
			at.groups = append(at.groups, e.Key)
		}
	}
	return at, nil
}

// postpone makes the session due later.
func postpone(tx kv.Tx, one session, at extent, due time.Time) error {
	now := &recordv1.EditSession{}
	ok, err := get(tx, sessionKey(one.Name, one.id), now)
	if err != nil || !ok || !proto.Equal(now, at.record) {
		return err
	}
	if err := dropSession(tx, one.Name, one.id, now); err != nil {
		return err
	}
	return queueSession(tx, one.Name, one.id, now.GetFirstRevision(), due)
}

// endSession forgets the session unless the article was saved since; then the
// next sweep looks again.
func endSession(tx kv.Tx, one session, at extent) error {
	now, state := &recordv1.EditSession{}, &recordv1.State{}
	ok, err := get(tx, sessionKey(one.Name, one.id), now)
	if err != nil || !ok {
		return err
	}
	if _, err := get(tx, stateKey(one.Name), state); err != nil || state.GetRevision() != at.newest {
		return err
	}
	return dropSession(tx, one.Name, one.id, now)
}

// thinGroup removes the session's revisions before last from one group, but
// those that are pinned, and returns how many.
func (s *Store) thinGroup(ctx context.Context, one session, last int64, key []byte) (int, error) {
	shown, version, err := s.shownRevisions(ctx, one.Name)
	if err != nil {
		return 0, err
	}
	removed := 0
	err = s.update(ctx, func(tx kv.Tx) error {
		removed = 0
		state := &recordv1.State{}
		if ok, err := get(tx, stateKey(one.Name), state); err != nil || !ok {
			return err
		}
		if state.GetVersion() != version {
			return article.ErrOvertaken
		}
		kept, err := pinned(tx, one.Name, state)
		if err != nil {
			return err
		}
		g, err := groupUnder(tx, one.Name, key)
		if err != nil || g == nil {
			return err
		}
		goes := func(r *recordv1.Revision) bool {
			return r.GetEditSession() == one.id && r.GetNumber() < last && !kept[r.GetNumber()] && !shown[r.GetNumber()]
		}
		heads, err := g.heads()
		if err != nil {
			return damagedRevision(one.Name, numberOf(key), err)
		}
		for _, head := range heads {
			if goes(head) {
				removed++
			}
		}
		if removed == 0 {
			return nil
		}
		groups, err := g.rebuild(func(head *recordv1.Revision, content []byte) ([]byte, bool, error) {
			return content, !goes(head), nil
		})
		if err != nil {
			return damagedRevision(one.Name, numberOf(key), err)
		}
		if sizeOf(groups) > thinBytes {
			removed = 0 // they have too little in common without those in between
			return nil
		}
		return putGroups(tx, one.Name, state, key, groups)
	})
	return removed, err
}

// pinned returns the numbers of the revisions that stay whatever session they
// belong to.
func pinned(r kv.Reader, n article.Name, state *recordv1.State) (map[int64]bool, error) {
	kept := map[int64]bool{state.GetRevision(): true}
	for _, pin := range pins() {
		if err := pin(r, n, state, func(number int64) { kept[number] = true }); err != nil {
			return nil, err
		}
	}
	return kept, nil
}
