package feeds

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// TestKept holds documents to being asked for once for each change, at all
// addresses.
func TestKept(t *testing.T) {
	s := &service{}
	f, generations := newFeeds(t, s)
	paths := []string{"/feed.xml", "/atom.xml?tag=a", "/sitemap.xml", "/sitemap-2024.xml", "/news-sitemap.xml"}
	for round, text := range []string{"first", "second", "third"} {
		s.text.Store(text)
		generations.generation.Store(uint64(round + 1))
		before := s.calls.Load()
		for _, path := range paths {
			for range 3 {
				if got := get(t, f, path).Body.String(); !strings.HasSuffix(got, text) {
					t.Errorf("%s says %q after %s", path, got, text)
				}
			}
		}
		if got := s.calls.Load() - before; got != int64(len(paths)) {
			t.Errorf("%s: %d calls for %d documents", text, got, len(paths))
		}
	}
}

// TestBypass holds what is kept to being passed by while changes cannot be seen.
func TestBypass(t *testing.T) {
	s := &service{}
	f, generations := newFeeds(t, s)
	get(t, f, "/feed.xml")
	generations.broken.Store(true)
	s.text.Store("second")
	for range 2 {
		got := get(t, f, "/feed.xml")
		if !strings.HasSuffix(got.Body.String(), "second") || got.Header().Get("Last-Modified") != "" {
			t.Errorf("while the stream is broken: %q, %v", got.Body, got.Header())
		}
	}
	if got := s.calls.Load(); got != 3 {
		t.Errorf("%d calls, want 3", got)
	}
	s.fail.Store(true)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/feed.xml", nil)
	if served, err := f.Serve(httptest.NewRecorder(), r, library()); !served || status.Code(err) != codes.Unavailable {
		t.Errorf("while sharing is away: served %v, %v", served, err)
	}
}

// TestChangeWhileMade asks again for a document that was being made when the
// site changed.
func TestChangeWhileMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		f, generations := newFeeds(t, s)
		answered := make(chan string)
		go func() { answered <- get(t, f, "/feed.xml").Body.String() }()
		synctest.Wait() // the call is there, with the text of before
		s.text.Store("second")
		generations.generation.Add(1)
		close(s.hold)
		if got := <-answered; !strings.HasSuffix(got, "first") {
			t.Errorf("the first answer is %q", got)
		}
		if got := get(t, f, "/feed.xml").Body.String(); !strings.HasSuffix(got, "second") {
			t.Errorf("the document of before was kept: %q", got)
		}
	})
}

// TestSingleFlight asks once for all who want a document at the same time, and
// for the same document again when somebody comes after a change.
func TestSingleFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		f, generations := newFeeds(t, s)
		var asking sync.WaitGroup
		ask := func(n int) {
			for range n {
				asking.Go(func() { get(t, f, "/feed.xml") })
			}
			synctest.Wait()
		}
		ask(50)
		generations.generation.Add(1)
		ask(50)
		close(s.hold)
		asking.Wait()
		if got := s.calls.Load(); got != 2 {
			t.Errorf("%d calls, want one before and one after the change", got)
		}
	})
}

// TestFlightsAreApart has two addresses asked for at the same time that look the
// same when their parameters are written one after the other: neither gets the
// document, or the error, of the other.
func TestFlightsAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		f, _ := newFeeds(t, s)
		var asking sync.WaitGroup
		for path, want := range map[string]string{
			"/feed.xml?tag=x+2024-06":           `"x 2024-06" ""`,
			"/feed.xml?tag=x&archive=2024-06+":  `"x" "2024-06 "`,
			"/feed.xml?tag=x%22+%222024-06":     `"x\" \"2024-06" ""`,
			"/feed.xml?tag=x%22&archive=2024-0": `"x\"" "2024-0"`,
		} {
			asking.Go(func() {
				if got := get(t, f, path).Body.String(); !strings.Contains(got, want) {
					t.Errorf("%s answers %s, want %s", path, got, want)
				}
			})
		}
		synctest.Wait()
		close(s.hold)
		asking.Wait()
	})
}

// TestBuildsAreBounded makes no more documents at a time than memory has room
// for.
func TestBuildsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		f, _ := newFeeds(t, s)
		var asking sync.WaitGroup
		for year := range 20 {
			asking.Go(func() { get(t, f, fmt.Sprintf("/sitemap-%d.xml", 2000+year)) })
		}
		synctest.Wait()
		if got := s.calls.Load(); got != maxBuilds {
			t.Errorf("%d at a time, want %d", got, maxBuilds)
		}
		close(s.hold)
		asking.Wait()
		if got := s.calls.Load(); got != 20 {
			t.Errorf("%d documents were made, want 20", got)
		}
	})
}

func TestNewsGrowsOld(t *testing.T) {
	s := &service{}
	f, _ := newFeeds(t, s)
	get(t, f, "/news-sitemap.xml")
	k := key{site: "sites/biblioteka", kind: kindSitemap, sitemap: sharingv1.SitemapKind_SITEMAP_KIND_NEWS}
	kept, ok := f.kept.GetIfPresent(k)
	if !ok || kept.fresh(time.Now().Add(newsFresh+time.Second)) || !kept.fresh(time.Now()) {
		t.Errorf("kept %v until %v", ok, kept.expires)
	}
}
