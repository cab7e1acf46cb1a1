package clicks

import (
	"slices"
	"time"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const (
	// slotLength divides the days of all time zones without a rest, so that what
	// is put together is of one day everywhere.
	slotLength = 15 * time.Minute
	// maxAge is how long clicks can wait: after a day the sharing service does not
	// take them any more.
	maxAge = 23 * time.Hour
)

// backlog is what waits to be handed on, oldest first.
type backlog struct {
	limit int // of cells
	slots []*slot
	cells int
	lost  int64
}

// slot has the clicks of a quarter of an hour.
type slot struct {
	begin     time.Time // when the first of them were
	cells     map[cell]int64
	collapsed bool
}

// put puts a batch that was never sent to those that wait.
func (b *backlog) put(req *sharingv1.CountShareClicksRequest) {
	cells := make(map[cell]int64, len(req.GetCounts()))
	for _, c := range req.GetCounts() {
		cells[cell{c.GetShareLink(), c.GetSource(), c.GetDeviceClass(), c.GetReferrerClass(), c.GetMachineReason()}] += c.GetClickCount()
	}
	b.add(req.GetClickTime().AsTime(), cells)
}

// add puts clicks of the second from begin to those that wait.
func (b *backlog) add(begin time.Time, cells map[cell]int64) {
	if len(cells) == 0 {
		return
	}
	s := b.slot(begin)
	before := len(s.cells)
	for k, n := range cells {
		if s.collapsed {
			k = k.total()
		}
		s.cells[k] += n
	}
	b.cells += len(s.cells) - before
	b.shrink()
}

// slot returns the one of a time; times only grow.
func (b *backlog) slot(at time.Time) *slot {
	if len(b.slots) > 0 {
		last := b.slots[len(b.slots)-1]
		if !at.Truncate(slotLength).After(last.begin.Truncate(slotLength)) {
			return last
		}
	}
	s := &slot{begin: at, cells: make(map[cell]int64)}
	b.slots = append(b.slots, s)
	return s
}

// shrink makes room: details of the oldest clicks go first, then the quarter of
// an hour they were in, at last the links that came latest.
func (b *backlog) shrink() {
	for i := 0; b.cells > b.limit && i < len(b.slots); i++ {
		b.collapse(b.slots[i])
	}
	for b.cells > b.limit && len(b.slots) > 1 {
		b.join()
	}
	if b.cells <= b.limit {
		return
	}
	only := b.slots[0]
	for k, n := range only.cells {
		if b.cells <= b.limit {
			break
		}
		b.lost += n
		delete(only.cells, k)
		b.cells--
	}
}

// collapse leaves totals of a slot.
func (b *backlog) collapse(s *slot) {
	if s.collapsed {
		return
	}
	totals := make(map[cell]int64)
	for k, n := range s.cells {
		totals[k.total()] += n
	}
	b.cells += len(totals) - len(s.cells)
	s.cells, s.collapsed = totals, true
}

// join puts the oldest slot to the one after it.
func (b *backlog) join() {
	oldest, next := b.slots[0], b.slots[1]
	before := len(next.cells)
	for k, n := range oldest.cells {
		next.cells[k] += n
	}
	b.cells += len(next.cells) - before - len(oldest.cells)
	next.begin = oldest.begin
	b.slots = slices.Delete(b.slots, 0, 1)
}

// expire gives up what is too old to be taken.
func (b *backlog) expire(now time.Time) {
	for len(b.slots) > 0 && now.Sub(b.slots[0].begin) > maxAge {
		for _, n := range b.slots[0].cells {
			b.lost += n
		}
		b.cells -= len(b.slots[0].cells)
		b.slots = slices.Delete(b.slots, 0, 1)
	}
}

// next takes at most limit cells of the oldest slot away and returns them with
// their time; none when nothing waits.
func (b *backlog) next(limit int) (time.Time, map[cell]int64) {
	if len(b.slots) == 0 {
		return time.Time{}, nil
	}
	s := b.slots[0]
	if len(s.cells) <= limit {
		b.slots = slices.Delete(b.slots, 0, 1)
		b.cells -= len(s.cells)
		return s.begin, s.cells
	}
	some := make(map[cell]int64, limit)
	for k, n := range s.cells {
		if len(some) == limit {
			break
		}
		some[k] = n
		delete(s.cells, k)
	}
	b.cells -= len(some)
	return s.begin, some
}
