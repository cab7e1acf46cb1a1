package follow

import (
	"context"
	"sync"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// queue holds articles to make again, each once, for one worker.
type queue struct {
	mu      sync.Mutex
	order   []article.Name
	waiting map[article.Name]bool
	busy    bool
	changed chan struct{} // closed and replaced at every change
}

func newQueue() *queue {
	return &queue{waiting: make(map[article.Name]bool), changed: make(chan struct{})}
}

func (q *queue) tell() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// add puts an article at the end unless it waits already.
func (q *queue) add(n article.Name) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.waiting[n] {
		q.waiting[n] = true
		q.order = append(q.order, n)
		q.tell()
	}
}

// take returns the next article once there is one, and false when ctx has
// ended. The worker is busy until it calls done.
func (q *queue) take(ctx context.Context) (article.Name, bool) {
	for {
		q.mu.Lock()
		if len(q.order) > 0 {
			n := q.order[0]
			q.order = q.order[1:]
			delete(q.waiting, n)
			q.busy = true
			q.mu.Unlock()
			return n, true
		}
		changed := q.changed
		q.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return article.Name{}, false
		}
	}
}

// done says that what was taken is made.
func (q *queue) done() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.busy = false
	q.tell()
}

// drained waits until nothing is waiting or being made, and reports false when
// ctx ended first.
func (q *queue) drained(ctx context.Context) bool {
	for {
		q.mu.Lock()
		idle := len(q.order) == 0 && !q.busy
		changed := q.changed
		q.mu.Unlock()
		if idle {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}
