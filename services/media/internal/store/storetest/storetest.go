// Package storetest prepares stores of photos for tests.
package storetest

import (
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/history"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// Holder is the follower that Use writes as.
const Holder = "test"

// Use makes s as if at a time an article with one revision used the photos, published or
// not. Without photos the article is gone.
func Use(tb testing.TB, s *store.Store, now time.Time, article string, published bool, photos ...photo.Name) {
	tb.Helper()
	if err := s.Follow(tb.Context(), Holder, now); err != nil {
		tb.Fatal(err)
	}
	var h *history.History
	if len(photos) > 0 {
		places := make(map[photo.Name][]string, len(photos))
		for _, name := range photos {
			places[name] = []string{"cover"}
		}
		h = history.New("uid-of-" + article)
		h.Save(1, places)
		if h.Show(0); published {
			h.Show(1)
		}
	}
	if err := s.SetHistory(tb.Context(), store.Following{Holder: Holder}, article, h, now); err != nil {
		tb.Fatal(err)
	}
}
