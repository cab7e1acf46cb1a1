package outbox

import (
	"maps"
	"sync"
	"time"
)

// How hosts that do not answer are left alone.
const (
	// tolerated is how many calls in a row a host may leave without an answer.
	tolerated = 5
	// firstRest doubles up to maxRest with each further call.
	firstRest = 30 * time.Second
	maxRest   = 15 * time.Minute
	// perHost is how many calls a host has at once, from endpoints of all sites.
	perHost = 4
)

// breaker remembers which hosts do not answer. Deliveries keep their own
// schedule in the store; this only spares a host that is down, and the calls
// that would wait for it. Nothing is lost with it.
type breaker struct {
	mu    sync.Mutex
	hosts map[string]*host
}

type host struct {
	calls    int // under way
	failures int // in a row
	failed   time.Time
	rest     time.Time
}

func newBreaker() *breaker { return &breaker{hosts: make(map[string]*host)} }

// until returns until when a host is left alone; zero when it is not.
func (b *breaker) until(name string) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h := b.hosts[name]; h != nil {
		return h.rest
	}
	return time.Time{}
}

// enter begins a call and reports whether it may be made now. One that does not
// answer has a single call at a time.
func (b *breaker) enter(name string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.hosts[name]
	if h == nil {
		h = &host{}
		b.hosts[name] = h
	}
	if now.Before(h.rest) || h.calls >= perHost || h.failures >= tolerated && h.calls > 0 {
		return false
	}
	h.calls++
	return true
}

// leave ends a call that was entered.
func (b *breaker) leave(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.hosts[name]
	if h == nil {
		return
	}
	h.calls--
	if h.calls <= 0 && h.failures == 0 && h.rest.IsZero() {
		delete(b.hosts, name)
	}
}

// answered says that a host is there.
func (b *breaker) answered(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h := b.hosts[name]; h != nil {
		h.failures, h.rest = 0, time.Time{}
	}
}

// failed says that a host did not answer, or that it wants to be left alone for
// some time.
func (b *breaker) failed(name string, now time.Time, wish time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.hosts[name]
	if h == nil {
		return
	}
	h.failures++
	h.failed = now
	rest := min(maxRest, wish)
	if over := h.failures - tolerated; over >= 0 {
		rest = max(rest, min(maxRest, firstRest<<min(over, 10)))
	}
	if rest > 0 {
		h.rest = now.Add(rest)
	}
}

// forget drops hosts that nobody has called for a while, as those of endpoints
// that were deleted.
func (b *breaker) forget(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.hosts, func(_ string, h *host) bool {
		return h.calls == 0 && now.Sub(h.failed) > 2*maxRest && now.Sub(h.rest) > 2*maxRest
	})
}
