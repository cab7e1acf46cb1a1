package auth

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxGood is how many tokens are remembered between two reloads.
const maxGood = 4096

// goodTokens remembers which tokens were found good, because checking a
// signature costs as much as a whole small call. It lives as long as the keys
// and revocations it was checked against: until the next reload. The zero
// value is ready. Safe for concurrent use.
type goodTokens struct {
	mu   sync.RWMutex
	seen map[[sha256.Size]byte]Principal
}

func (g *goodTokens) find(token string) (Principal, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	p, ok := g.seen[sha256.Sum256([]byte(token))]
	return p, ok && time.Now().Before(p.Expires)
}

func (g *goodTokens) add(token string, p Principal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen == nil {
		g.seen = make(map[[sha256.Size]byte]Principal)
	}
	if len(g.seen) < maxGood {
		g.seen[sha256.Sum256([]byte(token))] = p
	}
}
