package clicks

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

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
