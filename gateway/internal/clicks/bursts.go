package clicks

import (
	"context"
	"hash/maphash"
	"net/netip"
	"sync/atomic"
	"time"
)

// BurstLife is how long anything that recognizes a visitor lives. Then the key
// and everything made with it are thrown away.
const BurstLife = 10 * time.Minute

// Limit is how many openings are taken for those of people.
type Limit struct {
	// AtOnce may come at one moment; after that one more in every Interval.
	AtOnce   int
	Interval time.Duration
}

// Limits are what Bursts goes by. The zero value of a limit lets nothing through.
type Limits struct {
	// Visitor is for one link, address and user agent.
	Visitor Limit
	// Address is for one link and address, whatever the agent.
	Address Limit
	// Withheld is for all on one link together who asked not to be tracked.
	Withheld Limit
}

// DefaultLimits are made for a hall or a class in which everybody scans the same
// poster over one network: phones of one make have the same user agent, for
// browsers tell little in it by now. 20 at once and one more in 3 seconds are
// more than a hall does, and less than any program that wants to be noticed. A
// program that changes its agent is held by its address: 120 at once and two a
// second, for a whole village may share one.
func DefaultLimits() Limits {
	return Limits{
		Visitor:  Limit{AtOnce: 20, Interval: 3 * time.Second},
		Address:  Limit{AtOnce: 120, Interval: 500 * time.Millisecond},
		Withheld: Limit{AtOnce: 120, Interval: 500 * time.Millisecond},
	}
}

// Bursts tells who opens a link more often than people do. It is safe for
// concurrent use.
//
// It keeps, in memory only, a keyed hash of 64 bits (hash/maphash, its random
// seed being the key) over link, address - of IPv6 the first 64 bits - and user
// agent, with the time until which that visitor is ahead of its limit. After
// BurstLife the key and all entries are gone, so that nothing older can be
// linked to anything. A slower hash would protect no better: nobody outside sees
// one, and who can read the memory of the process has the key as well. There is
// room for a fixed number of entries, 2 MiB; when more visitors come, those who
// were least ahead are forgotten.
type Bursts struct {
	limits Limits
	window atomic.Pointer[window]
	table  *table
}

// window is the life of one key.
type window struct {
	begin time.Time
	key   maphash.Seed
}

// NewBursts returns what knows nobody yet.
func NewBursts(limits Limits, now time.Time) *Bursts {
	b := &Bursts{limits: limits, table: newTable()}
	b.window.Store(newWindow(now))
	return b
}

func newWindow(now time.Time) *window { return &window{begin: now, key: maphash.MakeSeed()} }

// Run throws away what is too old until ctx ends, whether anybody comes or not.
func (b *Bursts) Run(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			b.Expire(now)
		case <-ctx.Done():
			return
		}
	}
}

// Expire throws away what becomes older than BurstLife within a second.
func (b *Bursts) Expire(now time.Time) {
	old := b.window.Load()
	if now.Sub(old.begin) < BurstLife-time.Second && !now.Before(old.begin) {
		return
	}
	if b.window.CompareAndSwap(old, newWindow(now)) {
		b.table.clear()
	}
}

// Opened notes that a visitor opened a link and reports whether that is one too
// many. Of a visitor that asked not to be tracked only the link is looked at.
func (b *Bursts) Opened(now time.Time, link string, address netip.Addr, agent string, withheld bool) bool {
	w := b.window.Load()
	at := max(0, now.Sub(w.begin))
	if withheld {
		return b.table.hit(w.together(link), at, b.limits.Withheld, false)
	}
	one, all := w.hashes(link, address, agent)
	visitor := b.table.hit(one, at, b.limits.Visitor, true)
	network := b.table.hit(all, at, b.limits.Address, false)
	return visitor || network
}

// Parts of what is hashed that keep its kinds apart. No address begins with
// together, see appendNetwork, and no link has an end.
const (
	together = 't'
	end      = 0
)

// together returns the hash for all on a link who asked not to be tracked.
func (w *window) together(link string) uint64 {
	var h maphash.Hash
	h.SetSeed(w.key)
	_ = h.WriteByte(together) // these never fail; see maphash.Hash
	_, _ = h.WriteString(link)
	return h.Sum64()
}

// hashes returns the hash for a visitor of a link, and the one for everybody
// there with the same address.
func (w *window) hashes(link string, address netip.Addr, agent string) (visitor, network uint64) {
	var buffer [1 + 8]byte // the most that appendNetwork appends
	var h maphash.Hash
	h.SetSeed(w.key)
	_, _ = h.Write(appendNetwork(buffer[:0], address)) // these never fail; see maphash.Hash
	_, _ = h.WriteString(link)
	network = h.Sum64()
	_ = h.WriteByte(end)
	_, _ = h.WriteString(agent[:min(len(agent), maxAgent)])
	return h.Sum64(), network
}

// appendNetwork appends the part of an address that one visitor has: all of
// IPv4, the first half of IPv6, whose other half changes by itself.
func appendNetwork(to []byte, address netip.Addr) []byte {
	const half = 8
	switch address = address.Unmap(); {
	case address.Is4():
		four := address.As4()
		return append(append(to, '4'), four[:]...)
	case address.Is6():
		six := address.As16()
		return append(append(to, '6'), six[:half]...)
	}
	return append(to, 0)
}
