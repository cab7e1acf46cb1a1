package pixels

import (
	"sync"
	"time"
)

// budget is a deadline that stands still while the session waits for its
// caller: for bytes of the original, or for emit to return.
type budget struct {
	mu     sync.Mutex
	left   time.Duration
	since  time.Time // when the clock last began to run
	paused int       // pauses may overlap
	timer  *time.Timer
}

// newBudget starts the clock; expired is called once, on its own goroutine.
func newBudget(limit time.Duration, expired func()) *budget {
	return &budget{left: limit, since: time.Now(), timer: time.AfterFunc(limit, expired)}
}

func (b *budget) pause() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.paused++
	if b.paused > 1 || !b.timer.Stop() {
		return
	}
	b.left -= time.Since(b.since)
}

func (b *budget) resume() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.paused--
	if b.paused > 0 || b.left <= 0 {
		return
	}
	b.since = time.Now()
	b.timer.Reset(b.left)
}

// end stops the clock for good.
func (b *budget) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = 0
	b.timer.Stop()
}
