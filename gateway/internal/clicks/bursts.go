package clicks

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"net/netip"
	"sync"
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
// It keeps, in memory only, 64 bits of an HMAC-SHA256 over link, address - of
// IPv6 the first 64 bits - and user agent, under a random key that nobody can
// read out, with the time until which that visitor is ahead of its limit. After
// BurstLife the key and all entries are gone, so that nothing older can be
// linked to anything. There is room for a fixed number of entries, 2 MiB; when
// more visitors come, those who were least ahead are forgotten.
type Bursts struct {
	limits Limits
	window atomic.Pointer[window]
	table  *table
}

// window is the life of one key.
type window struct {
	begin time.Time
	macs  sync.Pool // of *hasher, with the key of this window
}

// NewBursts returns what knows nobody yet.
func NewBursts(limits Limits, now time.Time) *Bursts {
	b := &Bursts{limits: limits, table: newTable()}
	b.window.Store(newWindow(now))
	return b
}

func newWindow(now time.Time) *window {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails; see crypto/rand
	w := &window{begin: now}
	w.macs.New = func() any { return &hasher{mac: hmac.New(sha256.New, key)} }
	return w
}

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

// Kinds of what is counted in the table; part of what is hashed.
const (
	byVisitor = 'v'
	byAddress = 'a'
	together  = 't'
)

// Opened notes that a visitor opened a link and reports whether that is one too
// many. Of a visitor that asked not to be tracked only the link is looked at.
func (b *Bursts) Opened(now time.Time, link string, address netip.Addr, agent string, withheld bool) bool {
	w := b.window.Load()
	at := max(0, now.Sub(w.begin))
	mac := w.macs.Get().(*hasher) //nolint:forcetypeassert,errcheck // the pool has nothing else
	defer w.macs.Put(mac)
	if withheld {
		return b.table.hit(mac.digest(together, link, netip.Addr{}, ""), at, b.limits.Withheld, false)
	}
	visitor := b.table.hit(mac.digest(byVisitor, link, address, agent), at, b.limits.Visitor, true)
	network := b.table.hit(mac.digest(byAddress, link, address, ""), at, b.limits.Address, false)
	return visitor || network
}

// hasher makes keyed hashes, one at a time.
type hasher struct {
	mac  hash.Hash
	line []byte
	sum  [sha256.Size]byte
}

// digest returns 64 bits of the keyed hash. What went into it is wiped out.
func (h *hasher) digest(kind byte, link string, address netip.Addr, agent string) uint64 {
	h.line = append(h.line[:0], kind)
	h.line = append(h.line, link...)
	h.line = append(h.line, 0)
	h.line = appendNetwork(h.line, address)
	h.line = append(h.line, agent[:min(len(agent), maxAgent)]...)
	h.mac.Reset()
	_, _ = h.mac.Write(h.line) // never fails; see hash.Hash
	clear(h.line)
	return binary.BigEndian.Uint64(h.mac.Sum(h.sum[:0]))
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
