package clicks

import (
	"hash/maphash"
	"sync"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const (
	// shards share the work of many processors that count at once.
	shards = 16
	// maxCells is how many different kinds of clicks wait in memory, about 30 MB
	// of them; see Counter.
	maxCells = 1 << 17
)

// cell is one kind of clicks: all that is known of each of them.
type cell struct {
	link     string
	source   sharingv1.ShareSource
	device   sharingv1.DeviceClass
	referrer sharingv1.ReferrerClass
	reason   sharingv1.MachineReason
}

// total returns the cell without all that statistics can do without.
func (c cell) total() cell { return cell{link: c.link, reason: c.reason} }

// Counter counts clicks and hands them on every second; see Run. It is safe for
// concurrent use.
//
// It keeps counts, not clicks: a million on one link take as much room as one
// of each kind. Of kinds there is room for maxCells between two seconds, and
// for as many again that could not be handed on. What comes above that is
// counted without source, device and referrer; only a link for which there is
// no room at all is not counted, and the log says of how many clicks.
type Counter struct {
	seed    maphash.Seed
	shards  [shards]shard
	backlog *backlog
	sender  *sender
}

// shard counts the clicks of some links.
type shard struct {
	mu    sync.Mutex
	cells map[cell]int64
	lost  int64
	usual int      // how many cells there were the last time
	_     [64]byte // a line of the cache for each
}

// Add counts one click on a link, `sites/{site}/shareLinks/{share_link}`.
func (c *Counter) Add(link string, source sharingv1.ShareSource, v Visit) {
	k := cell{link: link, source: source, device: v.Device, referrer: v.Referrer, reason: v.Reason}
	if v.Withheld {
		k = k.total()
	}
	s := &c.shards[maphash.String(c.seed, link)%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cells == nil {
		s.cells = make(map[cell]int64, s.usual)
	}
	s.lost += put(s.cells, k, 1, maxCells/shards)
}

// put adds n clicks to a map of at most limit cells and half as many totals. It
// returns how many there was no room for.
func put(cells map[cell]int64, k cell, n int64, limit int) (lost int64) {
	if len(cells) >= limit {
		if _, there := cells[k]; !there {
			k = k.total()
			if _, there := cells[k]; !there && len(cells) >= limit+limit/2 {
				return n
			}
		}
	}
	cells[k] += n
	return 0
}

// take returns what was counted since it was called last; what there was no room
// for goes to what the backlog lost.
func (c *Counter) take() []map[cell]int64 {
	taken := make([]map[cell]int64, 0, shards)
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		taken = append(taken, s.cells)
		c.backlog.lost += s.lost
		s.usual, s.cells, s.lost = len(s.cells), nil, 0
		s.mu.Unlock()
	}
	return taken
}
