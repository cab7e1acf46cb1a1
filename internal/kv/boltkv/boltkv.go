// Package boltkv keeps a kv.Store in one bbolt file.
//
// One goroutine commits. It lets the waiting Updates run one after the other,
// each against its own overlay over what the earlier ones wrote, and commits
// them together: many writers share one fsync, a lone writer never waits for
// company, and a failing closure concerns nobody but its caller.
//
// The file holds three buckets: data (the entries), log (the change log, by
// version and topic) and meta (the format, and the state of the log).
package boltkv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// Options are those of every backend.
type Options = kv.Options

// Store is a kv.Store in one file. Create it with Open.
type Store struct {
	db     *bolt.DB
	file   *os.File // the descriptor that holds the lock; owned by db
	path   string
	opts   Options
	opened kv.Opened

	queue   chan *member  // unbuffered: what is received is begun at once
	quit    chan struct{} // closed by Close
	stopped chan struct{} // closed when the committer has ended
	life    sync.Mutex    // guards closing quit against beginning a view
	views   sync.WaitGroup

	wake   broadcast // tells watchers that the log has grown
	failed atomic.Pointer[kv.DamagedError]
	stuck  atomic.Bool // a panic left bbolt holding locks

	oldest uint64 // time of the first log entry; the committer's own
}

var (
	_ kv.Store     = (*Store)(nil)
	_ kv.Health    = (*Store)(nil)
	_ kv.Compactor = (*Store)(nil)
)

// Opened reports what Open did.
func (s *Store) Opened() kv.Opened { return s.opened }

// Err implements kv.Health.
func (s *Store) Err() error {
	select {
	case <-s.quit:
		return kv.ErrClosed
	default:
	}
	if damage := s.failed.Load(); damage != nil {
		return damage
	}
	return nil
}

// View implements kv.Store.
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	return s.view(ctx, func(tx *bolt.Tx) error {
		r := &reader{store: s, ctx: ctx, tx: tx}
		defer r.done.Store(true)
		return fn(r)
	})
}

// Version implements kv.Store. It reads, because a number kept in memory would
// for a moment be behind what a View sees already.
func (s *Store) Version(ctx context.Context) (kv.Version, error) {
	var st state
	err := s.view(ctx, func(tx *bolt.Tx) error {
		return s.guard(func() (err error) {
			st, err = loadState(tx)
			return err
		})
	})
	return st.version, err
}

// Close implements kv.Store.
func (s *Store) Close() error {
	s.life.Lock()
	if s.isClosed() {
		s.life.Unlock()
		<-s.stopped
		return nil
	}
	close(s.quit)
	s.life.Unlock()
	<-s.stopped
	// bbolt would wait for its readers too, but holding locks that a View
	// inside a View then waits for.
	s.views.Wait()
	if s.stuck.Load() {
		// bbolt's own Close would wait forever for the broken transaction.
		return release(s.file)
	}
	return s.db.Close()
}

// enter keeps Close waiting until s.views.Done.
func (s *Store) enter() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.isClosed() {
		return kv.ErrClosed
	}
	s.views.Add(1)
	return nil
}

// view runs fn in a read transaction of bbolt.
func (s *Store) view(ctx context.Context, fn func(*bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.views.Done()
	tx, err := s.begin(false)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return fn(tx)
}

// begin begins a transaction of bbolt, unless that would wait for ever.
func (s *Store) begin(writable bool) (tx *bolt.Tx, err error) {
	if damage := s.failed.Load(); damage != nil && s.stuck.Load() {
		return nil, damage
	}
	err = s.guard(func() (err error) {
		tx, err = s.db.Begin(writable)
		return err
	})
	if _, panicked := errors.AsType[*kv.DamagedError](err); panicked {
		s.stuck.Store(true)
	}
	if err != nil {
		return nil, fmt.Errorf("kv: begin: %w", err)
	}
	return tx, nil
}

func (s *Store) isClosed() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}
