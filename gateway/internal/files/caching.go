package files

import (
	"fmt"
	"time"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// cacheSigned is for bytes at a signed address, which are kept nowhere, also
// after they became public.
const cacheSigned = "private, no-store"

// How long public bytes may be used, and how much longer they may be shown
// while a cache asks again (RFC 5861).
const (
	freshFor = time.Hour
	staleFor = 24 * time.Hour
)

// cachePublic returns the caching rule of public bytes. No cache is allowed to
// show a photo after its rights have ended.
func cachePublic(head *mediav1.RenditionHead, now time.Time) string {
	fresh, stale := freshFor, staleFor
	if head.GetExpireTime() != nil {
		left := head.GetExpireTime().AsTime().Sub(now)
		if left < time.Second {
			return cacheSigned
		}
		fresh = min(fresh, left)
		stale = min(stale, left-fresh)
	}
	return fmt.Sprintf("public, max-age=%d, stale-while-revalidate=%d", int(fresh.Seconds()), int(stale.Seconds()))
}
