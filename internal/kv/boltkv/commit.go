package boltkv

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/overlay"
)

// Bounds of one group, so that its first members do not wait for ever.
const (
	groupTurns = 256
	groupBytes = 16 << 20
	groupTime  = 20 * time.Millisecond // after which nobody new is let in
)

// member is one Update on its way through a group.
type member struct {
	turn  chan turn        // the committer says: begin, or an error
	ended chan *overlay.Tx // the caller says: done; nil if there is nothing to commit
	done  chan result      // the committer says: committed, or why not
}

type turn struct {
	data *bolt.Bucket
	err  error
}

type result struct {
	version kv.Version
	err     error
}

// group is the members that share one bbolt transaction.
type group struct {
	tx      *bolt.Tx
	data    *bolt.Bucket
	state   state
	begun   time.Time
	turns   int // closures run, also those that failed
	added   int // log entries
	bytes   int
	changed bool
	waiting []waiting
	err     error // after it nothing of the group can be committed
}

type waiting struct {
	*member
	version kv.Version
}

// Update implements kv.Store. The closure runs on the caller's goroutine while
// the committer waits for it, so that its panics are the caller's own.
func (s *Store) Update(ctx context.Context, fn func(kv.Tx) error) (kv.Version, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := s.Err(); err != nil {
		return 0, err
	}
	m := &member{turn: make(chan turn, 1), ended: make(chan *overlay.Tx, 1), done: make(chan result, 1)}
	select {
	case s.queue <- m:
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-s.quit:
		return 0, kv.ErrClosed
	}
	t := <-m.turn
	if t.err != nil {
		return 0, t.err
	}
	if err := s.runMember(ctx, m, t.data, fn); err != nil {
		return 0, err
	}
	r := <-m.done
	return r.version, r.err
}

// runMember runs fn and always tells the committer that it ended.
func (s *Store) runMember(ctx context.Context, m *member, data *bolt.Bucket, fn func(kv.Tx) error) error {
	var outcome *overlay.Tx
	defer func() { m.ended <- outcome }()
	tx := overlay.New(ctx, &reader{store: s, ctx: ctx, data: data})
	if err := tx.Run(fn); err != nil {
		return err
	}
	outcome = tx
	return nil
}

// commitLoop is the committer.
func (s *Store) commitLoop() {
	defer close(s.stopped)
	for {
		select {
		case m := <-s.queue:
			s.commitGroup(m)
		case <-s.quit:
			return
		}
	}
}

func (s *Store) commitGroup(first *member) {
	g, err := s.beginGroup()
	if err != nil {
		first.turn <- turn{err: err}
		return
	}
	for m := first; m != nil; m = s.next(g) {
		g.turns++
		m.turn <- turn{data: g.data}
		if tx := s.await(m); tx != nil {
			s.admit(g, m, tx)
		}
	}
	s.finish(g)
	for _, w := range g.waiting {
		if g.err != nil {
			w.done <- result{err: g.err}
			continue
		}
		w.done <- result{version: w.version}
	}
}

func (s *Store) beginGroup() (*group, error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	tx, err := s.begin(true)
	if err != nil {
		return nil, err
	}
	g := &group{tx: tx, begun: time.Now()}
	err = s.guard(func() (err error) {
		if g.state, err = loadState(g.tx); err != nil {
			return err
		}
		g.data, err = buckets(g.tx)
		return err
	})
	if err != nil {
		s.abandon(g)
		return nil, err
	}
	return g, nil
}

// next returns a waiting Update that may join g, or nil at once.
func (s *Store) next(g *group) *member {
	if g.err != nil || g.turns >= groupTurns || g.bytes >= groupBytes || time.Since(g.begun) >= groupTime {
		return nil
	}
	select {
	case m := <-s.queue:
		return m
	default:
	}
	// Whoever is on the way here runs now; with nobody else this costs nothing.
	runtime.Gosched()
	select {
	case m := <-s.queue:
		return m
	default:
		return nil
	}
}

// await waits for the closure of m. While that takes unreasonably long,
// others are turned away: one of them may be what the closure waits for.
func (s *Store) await(m *member) *overlay.Tx {
	stall := time.NewTimer(s.opts.Stall)
	defer stall.Stop()
	select {
	case tx := <-m.ended:
		return tx
	case <-stall.C:
	}
	for {
		select {
		case tx := <-m.ended:
			return tx
		case other := <-s.queue:
			other.turn <- turn{err: kv.ErrStalled}
		}
	}
}

// admit applies what m wrote to the transaction of g.
func (s *Store) admit(g *group, m *member, tx *overlay.Tx) {
	writes, emits := tx.Writes(), tx.Emissions()
	if len(writes)+len(emits) > 0 {
		g.state.version++
		g.changed = true
		g.added += len(emits)
		g.err = s.guard(func() error {
			if err := applyWrites(g.data, writes); err != nil {
				return err
			}
			return g.state.appendLog(g.tx, emits, g.begun)
		})
		for _, w := range writes {
			g.bytes += len(w.Key) + len(w.Value)
		}
	}
	g.waiting = append(g.waiting, waiting{member: m, version: g.state.version})
}

func applyWrites(data *bolt.Bucket, writes []overlay.Write) error {
	for _, w := range writes {
		var err error
		if w.Deleted {
			err = data.Delete(w.Key)
		} else {
			err = data.Put(w.Key, w.Value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// finish commits g, or leaves in g.err why it could not.
func (s *Store) finish(g *group) {
	if g.err != nil || !g.changed {
		s.abandon(g)
		return
	}
	oldest := s.oldest
	g.err = s.guard(func() error {
		t := newTrimmer(s.opts.Log, g.begun)
		if t.due(&g.state, oldest) {
			var err error
			if oldest, err = t.trim(g.tx, &g.state, max(trimSteps, 2*g.added)); err != nil {
				return err
			}
		}
		return g.state.save(g.tx)
	})
	if g.err != nil {
		s.abandon(g)
		return
	}
	committed := false
	err := s.guard(func() error {
		err := g.tx.Commit()
		committed = true // it returned, so it has cleaned up
		return err
	})
	if err != nil {
		if !committed {
			s.abandon(g)
		}
		g.err = s.commitFailed(err)
		return
	}
	s.oldest = oldest
	if g.added > 0 {
		s.wake.all()
	}
}

// commitFailed names the failure of a commit. Unless the disk is only full, it
// is not known what reached it: no more is written before the store is opened
// anew, which decides by what it finds there.
func (s *Store) commitFailed(err error) error {
	if isNoSpace(err) {
		return fmt.Errorf("%w: %s: %w", kv.ErrNoSpace, s.path, err)
	}
	damage, ok := errors.AsType[*kv.DamagedError](err)
	if !ok {
		damage = damaged(s.path, fmt.Errorf("commit: %w", err))
	}
	s.failed.CompareAndSwap(nil, damage)
	return damage
}

// abandon rolls the transaction of g back.
func (s *Store) abandon(g *group) {
	if err := s.guard(g.tx.Rollback); err != nil {
		s.stuck.Store(true)
	}
}
