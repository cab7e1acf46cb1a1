package pixels

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestBudgetStandsStillWhilePaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at atomic.Int64
		b := newBudget(10*time.Second, func() { at.Store(int64(time.Since(start))) })
		after(4 * time.Second)
		b.pause()
		after(time.Minute)
		b.pause() // a second pause within the first
		after(time.Minute)
		b.resume()
		after(time.Minute)
		b.resume()
		after(5 * time.Second)
		if at.Load() != 0 {
			t.Errorf("expired after %s", time.Duration(at.Load()))
		}
		after(2 * time.Second)
		if got, want := time.Duration(at.Load()), 3*time.Minute+10*time.Second; got != want {
			t.Errorf("expired after %s, want %s", got, want)
		}
	})
}

func TestBudgetThatEndedDoesNotExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(time.Second, func() { t.Error("expired") })
		b.pause()
		b.end()
		b.resume()
		after(time.Minute)
	})
}

// after lets time pass, and what is due by then happen.
func after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
