package clicks

import (
	"math"
	"sync"
	"time"
)

// Sizes of a table: sets of ways entries of 16 bytes, 2 MiB in all.
const (
	tableSets    = 1 << 15
	tableWays    = 4
	tableStripes = 64
)

// entry is one visitor. The zero entry is free.
type entry struct {
	tag uint64
	// ahead is until when the visitor is ahead of its pace, from the beginning of
	// the window: the theoretical arrival time of GCRA (ATM Forum TM 4.0).
	ahead time.Duration
}

// held is ahead for good.
const held time.Duration = math.MaxInt64

// table holds entries in a fixed number of places. An entry can be in any place
// of one set; in a full set the one that is least ahead makes way.
type table struct {
	locks [tableStripes]sync.Mutex
	sets  [][tableWays]entry
}

func newTable() *table { return &table{sets: make([][tableWays]entry, tableSets)} }

// hit counts one for tag and reports whether that is more than the limit. With
// hold it then is for as long as the entry is there.
func (t *table) hit(tag uint64, now time.Duration, limit Limit, hold bool) bool {
	set := tag & (tableSets - 1)
	lock := &t.locks[set&(tableStripes-1)]
	lock.Lock()
	defer lock.Unlock()
	e := place(&t.sets[set], tag)
	ahead := max(e.ahead, now)
	if ahead-now >= time.Duration(limit.AtOnce)*limit.Interval {
		if hold {
			e.ahead = held
		}
		return true
	}
	e.ahead = ahead + limit.Interval
	return false
}

// place returns the entry of tag, making room for it where it has none.
func place(set *[tableWays]entry, tag uint64) *entry {
	if tag == 0 {
		tag = 1 // that of free entries
	}
	least := &set[0]
	for i := range set {
		e := &set[i]
		if e.tag == tag {
			return e
		}
		if e.tag == 0 {
			least = e
			break
		}
		if e.ahead < least.ahead {
			least = e
		}
	}
	*least = entry{tag: tag}
	return least
}

// clear frees all entries.
func (t *table) clear() {
	for stripe := range t.locks {
		t.locks[stripe].Lock()
		for set := stripe; set < len(t.sets); set += tableStripes {
			t.sets[set] = [tableWays]entry{}
		}
		t.locks[stripe].Unlock()
	}
}
