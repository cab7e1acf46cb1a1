package clicks

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

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

func TestCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		c, end := counting(t, l)
		told := Visit{Device: mobile, Referrer: facebook}
		c.Add(link, sharingv1.ShareSource_SHARE_SOURCE_FACEBOOK, told)
		c.Add(link, sharingv1.ShareSource_SHARE_SOURCE_FACEBOOK, told)
		c.Add(link, sharingv1.ShareSource_SHARE_SOURCE_FACEBOOK, Visit{Withheld: true})
		c.Add(link, sharingv1.ShareSource_SHARE_SOURCE_X, Visit{Reason: preview, Device: otherDevice, Referrer: direct})
		<-time.After(flushEvery)
		synctest.Wait()
		if got := l.total(); got != 4 {
			t.Errorf("%d clicks are counted after a second, want 4", got)
		}
		c.Add(link, sharingv1.ShareSource_SHARE_SOURCE_FACEBOOK, told)
		end()
		for want, n := range map[cell]int64{
			{link, sharingv1.ShareSource_SHARE_SOURCE_FACEBOOK, mobile, facebook, person}: 3,
			{link, sharingv1.ShareSource_SHARE_SOURCE_X, otherDevice, direct, preview}:    1,
			{link: link}: 1,
		} {
			if l.counts[want] != n {
				t.Errorf("%+v: %d, want %d", want, l.counts[want], n)
			}
		}
		if len(l.counts) != 3 {
			t.Errorf("more than was there: %v", l.counts)
		}
	})
}

// TestCountedOnce loses calls and answers: every click counts once.
func TestCountedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		away := status.Error(codes.Unavailable, "away")
		l.fail = func(call int) error {
			if call%3 == 1 {
				return away
			}
			return nil
		}
		l.forget = func(call int) error {
			if call%3 == 2 {
				return status.Error(codes.DeadlineExceeded, "late")
			}
			return nil
		}
		c, end := counting(t, l)
		for i := range 500 {
			for range 3 {
				c.Add(fmt.Sprintf("%s%d", link, i%7), 0, visitOf(i))
			}
			<-time.After(50 * time.Millisecond)
		}
		<-time.After(10 * flushEvery)
		end()
		if got := l.total(); got != 1500 {
			t.Errorf("%d clicks are counted, want 1,500", got)
		}
	})
}

// TestAwayOverMidnight wants clicks that waited to be counted on their day.
func TestAwayOverMidnight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		away := true
		l.fail = func(int) error {
			if away {
				return status.Error(codes.Unavailable, "away")
			}
			return nil
		}
		c, end := counting(t, l)
		midnight := time.Now().Add(24 * time.Hour).Truncate(24 * time.Hour)
		<-time.After(time.Until(midnight) - 20*time.Minute + 30*time.Second)
		for i := range 40 {
			c.Add(link, 0, visitOf(i))
			<-time.After(time.Minute)
		}
		l.mu.Lock()
		away = false
		l.mu.Unlock()
		<-time.After(2 * flushEvery)
		end()
		before, after := midnight.Add(-time.Hour).Format(time.DateOnly), midnight.Format(time.DateOnly)
		if l.days[before] != 20 || l.days[after] != 20 {
			t.Errorf("counted %v, want 20 each on %s and %s", l.days, before, after)
		}
	})
}

// TestBacklogBounded counts for hours on more links, in more ways, than there is
// room for while the sharing service is away: details go, clicks stay.
func TestBacklogBounded(t *testing.T) {
	const links = 50
	b := &backlog{limit: 40 * links}
	at := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	clicks := int64(0)
	for minute := range 240 {
		cells := make(map[cell]int64)
		for i := range links {
			v := visitOf(i + minute)
			k := cell{link: fmt.Sprintf("%s%d", link, i), source: sharingv1.ShareSource((i + minute) % 19), device: v.Device, referrer: v.Referrer}
			cells[k] += 2
			clicks += 2
		}
		b.add(at.Add(time.Duration(minute)*time.Minute), cells)
		if b.cells > b.limit {
			t.Fatalf("%d cells wait", b.cells)
		}
	}
	if b.lost != 0 {
		t.Errorf("%d clicks are lost although their totals have room", b.lost)
	}
	if !b.slots[0].collapsed || b.slots[len(b.slots)-1].collapsed {
		t.Error("details do not go by age")
	}
	got := int64(0)
	for {
		_, cells := b.next(maxBatch)
		if len(cells) == 0 {
			break
		}
		for _, n := range cells {
			got += n
		}
	}
	if got != clicks || b.cells != 0 {
		t.Errorf("%d clicks come out, %d went in; %d cells stay", got, clicks, b.cells)
	}
}

// TestTooManyLinks wants it said how many clicks are not counted.
func TestTooManyLinks(t *testing.T) {
	const limit = 1000
	b := &backlog{limit: limit}
	at := time.Now()
	for round := range 3 {
		cells := make(map[cell]int64)
		for i := range limit {
			cells[cell{link: fmt.Sprint(round, " ", i)}] = 1
		}
		b.add(at, cells)
	}
	if b.cells != limit || b.lost != 2*limit {
		t.Errorf("%d wait and %d are lost", b.cells, b.lost)
	}
	b.expire(at.Add(maxAge + time.Hour))
	if b.cells != 0 || b.lost != 3*limit {
		t.Errorf("after a day %d wait and %d are lost", b.cells, b.lost)
	}
}

func TestCountsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.fail = func(call int) error {
			if call == 1 {
				return status.Error(codes.InvalidArgument, "click_time")
			}
			return nil
		}
		c, end := counting(t, l)
		c.Add(link, 0, Visit{})
		<-time.After(flushEvery)
		synctest.Wait()
		c.Add(link, 0, Visit{})
		end()
		if l.total() != 1 || l.calls != 2 {
			t.Errorf("%d clicks in %d calls: what cannot be taken holds up the rest", l.total(), l.calls)
		}
	})
}

// TestManyClicks opens one link in every way from many goroutines: the memory
// does not grow with the clicks.
func TestManyClicks(t *testing.T) {
	l := newLedger()
	c := NewCounter(l, testkit.Log(t))
	const each, readers = 20_000, 8
	var all sync.WaitGroup
	for reader := range readers {
		all.Go(func() {
			for i := range each {
				c.Add(link, sharingv1.ShareSource(i%20), visitOf(i+reader))
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.Run(ctx)
	if l.total() != each*readers || l.most > 20*4*9*3 {
		t.Errorf("%d clicks of %d kinds", l.total(), l.most)
	}
}

func TestPutBounded(t *testing.T) {
	cells := make(map[cell]int64)
	lost := int64(0)
	for i := range 1000 {
		lost += put(cells, cell{link: strings.Repeat("x", i%200), source: sharingv1.ShareSource(i)}, 1, 100)
	}
	n := int64(0)
	for _, count := range cells {
		n += count
	}
	if len(cells) > 150 || n+lost != 1000 || lost == 0 {
		t.Errorf("%d cells with %d clicks, %d lost", len(cells), n, lost)
	}
}

func BenchmarkAdd(b *testing.B) {
	c := NewCounter(newLedger(), testkit.Log(b))
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i++ {
			c.Add(link, sharingv1.ShareSource(i%20), visitOf(i))
		}
	})
}
