package files

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

func TestCachePublic(t *testing.T) {
	now := time.Date(2026, 6, 7, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		left time.Duration
		want string
	}{
		{"a year", 365 * 24 * time.Hour, "public, max-age=3600, stale-while-revalidate=86400"},
		{"two hours", 2 * time.Hour, "public, max-age=3600, stale-while-revalidate=3600"},
		{"ten minutes", 10 * time.Minute, "public, max-age=600, stale-while-revalidate=0"},
		{"no second", 999 * time.Millisecond, "private, no-store"},
		{"ended", -time.Hour, "private, no-store"},
	} {
		head := &mediav1.RenditionHead{ExpireTime: timestamppb.New(now.Add(c.left))}
		if got := cachePublic(head, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := cachePublic(&mediav1.RenditionHead{}, now); got != "public, max-age=3600, stale-while-revalidate=86400" {
		t.Errorf("without an end: %q", got)
	}
}
