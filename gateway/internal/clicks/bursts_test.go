package clicks

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
	"unsafe"
)

const link = "sites/biblioteka/shareLinks/3f7k2m9q"

var home = netip.MustParseAddr("203.0.113.7") // of RFC 5737

func TestBurstOfAVisitor(t *testing.T) {
	limit := DefaultLimits().Visitor
	begin := time.Now()
	b := NewBursts(DefaultLimits(), begin)
	for i := range limit.AtOnce {
		if b.Opened(begin, link, home, chrome, false) {
			t.Fatalf("opening %d is one too many", i+1)
		}
	}
	if !b.Opened(begin, link, home, chrome, false) {
		t.Fatal("there is no limit")
	}
	later := begin.Add(limit.Interval * 5)
	if !b.Opened(later, link, home, chrome, false) {
		t.Error("who was too much is taken for a person a little later")
	}
	if b.Opened(later, link, home, android, false) || b.Opened(later, link, netip.MustParseAddr("203.0.113.8"), chrome, false) ||
		b.Opened(later, link[:len(link)-1]+"x", home, chrome, false) {
		t.Error("another visitor, or another link, pays for it")
	}
}

// TestHall wants a hall of people with the same phones to be people.
func TestHall(t *testing.T) {
	now := time.Now()
	b := NewBursts(DefaultLimits(), now)
	for i := range 60 {
		if b.Opened(now, link, home, android, false) {
			t.Fatalf("person %d of 60 in 5 minutes is a machine", i+1)
		}
		now = now.Add(5 * time.Second)
	}
}

// TestFakePeople changes the agent with every opening.
func TestFakePeople(t *testing.T) {
	now := time.Now()
	b := NewBursts(DefaultLimits(), now)
	people := 0
	for i := range 10_000 {
		if !b.Opened(now, link, home, fmt.Sprintf("%s %d", chrome, i), false) {
			people++
		}
		now = now.Add(time.Millisecond)
	}
	limit := DefaultLimits().Address
	if want := limit.AtOnce + int(10*time.Second/limit.Interval); people < limit.AtOnce || people > want {
		t.Errorf("%d of 10,000 are people, want at most %d", people, want)
	}
}

func TestNetworks(t *testing.T) {
	now := time.Now()
	limits := Limits{Visitor: Limit{1, time.Minute}, Address: Limit{100, time.Second}}
	b := NewBursts(limits, now)
	for _, c := range []struct {
		address string
		want    bool
	}{
		{"2001:db8:1:2::1", false},
		{"2001:db8:1:2:ffff::1", true},
		{"2001:db8:1:3::1", false},
		{"203.0.113.7", false},
		{"::ffff:203.0.113.7", true},
		{"203.0.113.8", false},
	} {
		if got := b.Opened(now, link, netip.MustParseAddr(c.address), chrome, false); got != c.want {
			t.Errorf("%s: %v, want %v", c.address, got, c.want)
		}
	}
	if b.Opened(now, link, netip.Addr{}, chrome, false) {
		t.Error("no address is another one than all")
	}
}

// TestWithheldTogether wants one place for all who asked not to be tracked, and
// nothing made of them.
func TestWithheldTogether(t *testing.T) {
	now := time.Now()
	b := NewBursts(DefaultLimits(), now)
	for i := range 200 {
		address := netip.AddrFrom4([4]byte{203, 0, 113, byte(i)})
		if got := b.Opened(now, link, address, fmt.Sprint(i), true); got != (i >= DefaultLimits().Withheld.AtOnce) {
			t.Fatalf("opening %d: %v", i+1, got)
		}
	}
	if got := b.table.used(); got != 1 {
		t.Errorf("%d entries for visitors who asked not to be tracked, want the one of the link", got)
	}
	if b.Opened(now.Add(time.Second), link, home, chrome, true) {
		t.Error("they are held although they are many")
	}
}

// TestBurstsForget wants nothing to outlive ten minutes, with or without visits.
func TestBurstsForget(t *testing.T) {
	now := time.Now()
	b := NewBursts(DefaultLimits(), now)
	for range 100 {
		b.Opened(now, link, home, chrome, false)
	}
	old := b.window.Load()
	b.Expire(now.Add(BurstLife - 2*time.Second))
	if b.window.Load() != old || b.table.used() == 0 {
		t.Fatal("forgotten too early")
	}
	b.Expire(now.Add(BurstLife - time.Second))
	if b.window.Load() == old || b.table.used() != 0 {
		t.Fatal("not forgotten")
	}
	now = now.Add(BurstLife)
	if b.Opened(now, link, home, chrome, false) {
		t.Error("remembered from before")
	}
	if old.of(home) == b.window.Load().of(home) {
		t.Error("the key is the same as before")
	}
	b.Expire(now.Add(-time.Hour))
	if b.table.used() != 0 {
		t.Error("a clock that was set back keeps entries")
	}
}

// TestTableBounded sends more visitors than there is room for: it does not grow,
// and who was held stays so among them.
func TestTableBounded(t *testing.T) {
	tab := newTable()
	limit := Limit{AtOnce: 3, Interval: time.Second}
	for range 5 {
		tab.hit(7, 0, limit, true)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		tab.hit(random.Uint64(), time.Second, limit, true)
	}
	if got := tab.used(); got > tableSets*tableWays {
		t.Errorf("%d entries", got)
	}
	if !tab.hit(7, time.Minute, limit, true) {
		t.Error("many visitors make one forgotten that was held")
	}
	if size := unsafe.Sizeof(entry{}) * tableSets * tableWays; size != 2<<20 {
		t.Errorf("the table takes %d bytes", size)
	}
}

// of returns what is kept of a visitor.
func (w *window) of(address netip.Addr) uint64 {
	visitor, _ := w.hashes(link, address, chrome)
	return visitor
}

// used returns how many entries there are.
func (t *table) used() int {
	n := 0
	for _, set := range t.sets {
		for _, e := range set {
			if e.tag != 0 {
				n++
			}
		}
	}
	return n
}

func BenchmarkBursts(b *testing.B) {
	bursts := NewBursts(DefaultLimits(), time.Now())
	now := time.Now()
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		var address [4]byte
		for i := uint32(0); p.Next(); i++ {
			binary.BigEndian.PutUint32(address[:], i)
			bursts.Opened(now, link, netip.AddrFrom4(address), android, false)
		}
	})
}
