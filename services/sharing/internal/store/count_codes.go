package store

import (
	"sync"

	"github.com/skaitykla/skaitykla/internal/shortcode"
)

// maxCodes is how many codes are remembered, about 20 bytes each.
const maxCodes = 250_000

// codes remembers to which site a code belongs, so that counting does not look
// up the same links every second. It needs not be told of changes: a code stays
// with its site for good and is never retired. Words, which can be, are not
// remembered; nor is that something is not there. The zero value knows none. It
// is safe for concurrent use.
type codes struct {
	mu sync.RWMutex
	// bySite has no pointers below the sites, so that the garbage collector has
	// nothing to look at.
	bySite map[string]map[code]struct{}
	n      int
}

type code [shortcode.Length]byte

// codeOf returns the code that an id is; false for words.
func codeOf(id string) (code, bool) {
	if len(id) != shortcode.Length || !shortcode.Valid(id) {
		return code{}, false
	}
	return code([]byte(id)), true
}

// known sets found[i] for each of the links that is known to be of a site, and
// returns the places of the others.
func (c *codes) known(site string, links []string, found []bool) (unknown []int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	ofSite := c.bySite[site]
	for i, id := range links {
		if len(id) == shortcode.Length {
			if _, found[i] = ofSite[code([]byte(id))]; found[i] {
				continue
			}
		}
		unknown = append(unknown, i)
	}
	return unknown
}

// learn remembers those of the links at some places that were found at a site.
// When there are too many, it begins anew.
func (c *codes) learn(site string, links []string, found []bool, places []int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, i := range places {
		id, isCode := codeOf(links[i])
		if !found[i] || !isCode {
			continue
		}
		if c.n >= maxCodes {
			c.bySite, c.n = nil, 0
		}
		if c.bySite == nil {
			c.bySite = make(map[string]map[code]struct{})
		}
		if c.bySite[site] == nil {
			c.bySite[site] = make(map[code]struct{})
		}
		before := len(c.bySite[site])
		c.bySite[site][id] = struct{}{}
		c.n += len(c.bySite[site]) - before
	}
}
