package clicks

import (
	"context"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/testkit"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// ledger counts as the sharing service does: a batch counts once.
type ledger struct {
	mu     sync.Mutex
	fail   func(call int) error // before counting
	forget func(call int) error // after counting: the answer is lost
	calls  int
	seen   map[string]bool
	counts map[cell]int64
	days   map[string]int64
	most   int
}

func newLedger() *ledger {
	return &ledger{
		seen: make(map[string]bool), counts: make(map[cell]int64), days: make(map[string]int64),
		fail: func(int) error { return nil }, forget: func(int) error { return nil },
	}
}

func (l *ledger) CountShareClicks(_ context.Context, req *sharingv1.CountShareClicksRequest, _ ...grpc.CallOption,
) (*sharingv1.CountShareClicksResponse, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	if err := l.fail(l.calls); err != nil {
		return nil, err
	}
	if !l.seen[req.GetRequestId()] {
		l.seen[req.GetRequestId()] = true
		for _, c := range req.GetCounts() {
			k := cell{c.GetShareLink(), c.GetSource(), c.GetDeviceClass(), c.GetReferrerClass(), c.GetMachineReason()}
			l.counts[k] += c.GetClickCount()
			l.days[req.GetClickTime().AsTime().Format(time.DateOnly)] += c.GetClickCount()
		}
		l.most = max(l.most, len(req.GetCounts()))
	}
	if err := l.forget(l.calls); err != nil {
		return nil, err
	}
	return &sharingv1.CountShareClicksResponse{}, nil
}

func (l *ledger) total() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := int64(0)
	for _, count := range l.counts {
		n += count
	}
	return n
}

// counting runs a counter in a bubble and returns what ends it.
func counting(t *testing.T, l *ledger) (c *Counter, end func()) {
	t.Helper()
	c = NewCounter(l, testkit.Log(t))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	return c, func() { cancel(); <-ended }
}

func visitOf(i int) Visit {
	return Visit{
		Device: sharingv1.DeviceClass(i % 4), Referrer: sharingv1.ReferrerClass(i % 9), Reason: sharingv1.MachineReason(i % 3),
	}
}
