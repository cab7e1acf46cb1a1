// Package hub tells watchers what happens to resources, however many there are,
// at the price of one.
//
// For each view that somebody watches one feed reads the change log of the
// store, encodes each event once and keeps the newest ones in a ring of bounded
// size. A watcher is no more than a position in that ring; events are shared,
// and nobody waits for anybody: the feed does not wait for watchers, and
// writers do not know that there are any.
//
// Who stands further back than the ring reaches reads the log at his own pace
// and encodes for himself, until the ring covers his position. Who is overtaken
// by the ring after lagging for longer than Limits.Patience is cut off with
// WATCHER_TOO_SLOW; when it took less, the writers were in a hurry, nobody is
// to blame, and he goes back to reading the log.
//
// Every event of the scope is told at least once, and for each resource in
// order: what a watcher is told of it never goes back to an older state.
package hub

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Source is what a hub reads.
type Source interface {
	// Version returns the version of the newest write.
	Version(ctx context.Context) (uint64, error)
	// Watch yields what happened in a site, or in all with "-", after the
	// version, in order, and never ends by itself. An empty batch comes every few
	// seconds while nothing happens. It fails with RESUME_TOKEN_EXPIRED when the
	// log no longer reaches back.
	Watch(ctx context.Context, site string, after uint64) iter.Seq2[Batch, error]
	// Frame encodes what a view is told of a resource as it is now, but for the
	// resume token; a tombstone when the view does not have it.
	Frame(ctx context.Context, v View, told Told) ([]byte, error)
}

// Name names a resource.
type Name struct{ Site, ID string }

// Told is one entry of the change feed.
type Told struct {
	Name    Name
	Version uint64
	// Kinds is what each view is told; 0 for nothing.
	Kinds [Working + 1]int32
}

// Batch is part of the feed: everything up to and including Through.
type Batch struct {
	Told    []Told
	Through uint64
}

// View says which side of resources is watched.
type View int

// The views. A feed of one never holds anything of the other.
const (
	Published View = iota
	Working
)

// Scope is what a watcher follows.
type Scope struct {
	Site string // id, or "-" for all
	View View
}

// Limits bound the memory of each feed, and how slow a watcher may be. A zero
// field means the default.
type Limits struct {
	Events   int           // in the ring; default 1,024
	Bytes    int           // of events in the ring, but for the newest; default 8 MiB
	Patience time.Duration // how long a watcher may lag or take for one message; default 30 s
}

// WithDefaults returns the limits that l means.
func (l Limits) WithDefaults() Limits {
	if l.Events <= 0 {
		l.Events = 1024
	}
	if l.Bytes <= 0 {
		l.Bytes = 8 << 20
	}
	if l.Patience <= 0 {
		l.Patience = 30 * time.Second
	}
	return l
}

// Stats count what a hub did since it was made.
type Stats struct {
	Shared   uint64 // events encoded for all watchers of a view
	Alone    uint64 // events encoded for one watcher that had to catch up
	TooSlow  uint64 // watchers that were cut off
	Watchers int    // now
}

// Hub tells watchers what happens. Its methods may be called by any number of
// goroutines.
type Hub struct {
	source Source
	limits Limits
	field  protowire.Number // of the resume token

	shared, alone, tooSlow atomic.Uint64
	streams                atomic.Int64 // of Watch

	mu    sync.Mutex
	feeds [Working + 1]*feed // nil while nobody watches
}

// New returns a hub over a source. It reads nothing while nobody watches. token
// is the number of the field resume_token in the messages.
func New(s Source, l Limits, token protowire.Number) *Hub {
	return &Hub{source: s, limits: l.WithDefaults(), field: token}
}

// Patience is that of the limits.
func (h *Hub) Patience() time.Duration { return h.limits.Patience }

// Stats returns what was done so far.
func (h *Hub) Stats() Stats {
	stats := Stats{Shared: h.shared.Load(), Alone: h.alone.Load(), TooSlow: h.tooSlow.Load()}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.feeds {
		if f != nil {
			stats.Watchers += f.users
		}
	}
	return stats
}

// TooSlow counts a watcher who is cut off and returns the error for him.
func (h *Hub) TooSlow() error {
	h.tooSlow.Add(1)
	return fault.New(faultv1.Reason_REASON_WATCHER_TOO_SLOW,
		"you read more slowly than things happen and were cut off; nothing is lost: watch again with your last token, if you have one").
		RetryAfter(time.Second)
}

// enter returns the feed of a view, which runs as long as anybody is in it. The
// caller must leave it.
func (h *Hub) enter(ctx context.Context, v View) (*feed, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f := h.feeds[v]; f != nil && !f.hasEnded() {
		f.users++
		return f, nil
	}
	newest, err := h.source.Version(ctx)
	if err != nil {
		return nil, err
	}
	// The feed outlives the watcher who happened to come first.
	own, cancel := context.WithCancel(context.Background())
	f := newFeed(h, v, newest, cancel)
	h.feeds[v] = f
	go f.run(own, newest)
	return f, nil
}

func (h *Hub) leave(f *feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f.users--; f.users > 0 {
		return
	}
	f.cancel()
	if h.feeds[f.view] == f {
		h.feeds[f.view] = nil
	}
}
