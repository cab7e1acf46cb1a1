package ladder

import (
	"slices"
	"sync"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// busy is the set of photos in work, each with how many are at it.
type busy struct {
	mu    sync.Mutex
	count map[photo.Name]int
}

func newBusy() *busy { return &busy{count: make(map[photo.Name]int)} }

func (b *busy) add(name photo.Name) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count[name]++
}

// take adds name unless somebody is at it already.
func (b *busy) take(name photo.Name) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.count[name] > 0 {
		return false
	}
	b.count[name] = 1
	return true
}

func (b *busy) remove(name photo.Name) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.count[name]--; b.count[name] <= 0 {
		delete(b.count, name)
	}
}

// dedupe drops renditions that follow one of the same address.
func dedupe(sorted []*mediav1.Rendition) []*mediav1.Rendition {
	return slices.CompactFunc(sorted, func(a, b *mediav1.Rendition) bool { return a.GetUri() == b.GetUri() })
}
