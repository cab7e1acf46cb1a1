package clicks

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// TestBatchesBreakOff counts more kinds of clicks than go with one call, and lets
// the second call fail: what comes after it waits, and all count once.
func TestBatchesBreakOff(t *testing.T) {
	const kinds = 2*maxBatch + 100
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.fail = func(call int) error {
			if call == 2 {
				return status.Error(codes.Unavailable, "away")
			}
			return nil
		}
		c, end := counting(t, l)
		defer end()
		for i := range kinds {
			c.Add(fmt.Sprint(link, i), 0, visitOf(i))
		}
		<-time.After(flushEvery)
		synctest.Wait()
		if got := l.total(); got != maxBatch {
			t.Errorf("%d are counted, want the first batch", got)
		}
		<-time.After(flushEvery)
		synctest.Wait()
		if got := l.total(); got != kinds || len(l.counts) != kinds {
			t.Errorf("%d of %d kinds are counted, want %d", got, len(l.counts), kinds)
		}
		if l.most > maxBatch || l.calls != 4 {
			t.Errorf("%d calls with at most %d kinds, want 4 with %d", l.calls, l.most, maxBatch)
		}
	})
}
