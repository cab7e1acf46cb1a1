package clicks

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/testkit"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

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
