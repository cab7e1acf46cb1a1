package documents_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

// titles returns what a document of a feed holds.
func (l *library) titles(t *testing.T, want documents.Feed) []string {
	t.Helper()
	var titles []string
	for _, item := range l.read(t, want).Items {
		titles = append(titles, strings.TrimPrefix(item.Title, "Straipsnis "))
	}
	return titles
}

func (l *library) read(t *testing.T, want documents.Feed) *gofeed.Feed {
	t.Helper()
	want.Site = siteID
	document, _, err := l.Feed(t.Context(), want)
	must(t, err)
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(document.Bytes))
	must(t, err)
	return feed
}

func TestFeedSelects(t *testing.T) {
	l := newCompleteLibrary(t)
	tagged, english := piece("pazymetas", noon), piece("english", noon.Add(time.Hour))
	tagged.Tags = []string{"Knygų mugė & kt."}
	english.LanguageCode, english.Path, english.Tags = "en", "/en/english", tagged.GetTags()
	l.put(t, piece("paprastas", noon.Add(2*time.Hour)), tagged, english)
	for name, test := range map[string]struct {
		feed documents.Feed
		want []string
	}{
		"site":             {documents.Feed{}, []string{"paprastas", "pazymetas"}},
		"language":         {documents.Feed{Language: "en"}, []string{"english"}},
		"language by name": {documents.Feed{Language: "en-GB"}, []string{"english"}},
		"tag":              {documents.Feed{Tag: "Knygų mugė & kt."}, []string{"pazymetas"}},
		"tag and language": {documents.Feed{Tag: "Knygų mugė & kt.", Language: "en"}, []string{"english"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range []syndication.Format{syndication.FormatRSS, syndication.FormatAtom, syndication.FormatJSON} {
				test.feed.Format = format
				if diff := cmp.Diff(test.want, l.titles(t, test.feed)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", format.File(), diff)
				}
			}
		})
	}
}

// TestFeedOfNewSite finds a site that was made a moment ago.
func TestFeedOfNewSite(t *testing.T) {
	l := newCompleteLibrary(t)
	document, _, err := l.Feed(t.Context(), documents.Feed{Site: "vakar"})
	if err != nil || !bytes.Contains(document.Bytes, []byte("<channel>")) {
		t.Errorf("%v: %s", err, document.Bytes)
	}
}

func TestFeedFails(t *testing.T) {
	l := newCompleteLibrary(t)
	l.put(t, piece("vienas", noon))
	for name, test := range map[string]struct {
		feed documents.Feed
		want string
	}{
		"another site":     {documents.Feed{Site: "kita"}, "RESOURCE_NOT_FOUND"},
		"another language": {documents.Feed{Site: siteID, Language: "da"}, "INVALID_FIELD"},
		"unknown tag":      {documents.Feed{Site: siteID, Tag: "vienas/../du"}, "RESOURCE_NOT_FOUND"},
		"month of nothing": {documents.Feed{Site: siteID, Archive: "2020-01"}, "RESOURCE_NOT_FOUND"},
		"part of nothing":  {documents.Feed{Site: siteID, Archive: "2026-11-2"}, "RESOURCE_NOT_FOUND"},
		"no month":         {documents.Feed{Site: siteID, Archive: "2026-99"}, "RESOURCE_NOT_FOUND"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := l.Feed(t.Context(), test.feed); reason(err) != test.want {
				t.Errorf("failed with %v, want %s", err, test.want)
			}
		})
	}
	t.Run("article service away", func(t *testing.T) {
		l.away = fault.Unavailable(errors.New("gone"), faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "try again")
		if _, _, err := l.Feed(t.Context(), documents.Feed{Site: siteID}); reason(err) != "SERVICE_UNAVAILABLE" {
			t.Errorf("failed with %v", err)
		}
	})
	t.Run("store not complete", func(t *testing.T) {
		empty := newLibrary(t)
		if _, _, err := empty.Feed(t.Context(), documents.Feed{Site: siteID}); reason(err) != "SERVICE_UNAVAILABLE" {
			t.Errorf("failed with %v", err)
		}
	})
}

// TestFeedIsMadeOnce holds a feed to being made once for each change, however
// many ask, and never to be older than what changed.
func TestFeedIsMadeOnce(t *testing.T) {
	l := newCompleteLibrary(t)
	l.put(t, piece("vienas", noon))
	var asking sync.WaitGroup
	for range 32 {
		asking.Go(func() {
			if _, _, err := l.Feed(t.Context(), documents.Feed{Site: siteID}); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	if l.reads != 1 {
		t.Errorf("the article was read %d times", l.reads)
	}
	changes := map[string]struct {
		change func()
		want   []string
	}{
		"published": {func() { l.put(t, piece("antras", noon.Add(time.Hour))) }, []string{"antras", "vienas"}},
		"withdrawn": {func() { l.withdraw(t, "antras") }, []string{"vienas"}},
		"corrected": {func() {
			a := piece("vienas", noon)
			a.Title = "Straipsnis kitaip"
			l.put(t, a)
		}, []string{"kitaip"}},
	}
	for _, name := range []string{"published", "withdrawn", "corrected"} {
		changes[name].change()
		if diff := cmp.Diff(changes[name].want, l.titles(t, documents.Feed{})); diff != "" {
			t.Errorf("after something was %s (-want +got):\n%s", name, diff)
		}
	}
}

// TestFeedShowsNothingWithdrawn leaves out what the article service no longer
// shows, although the store has not learned of it yet.
func TestFeedShowsNothingWithdrawn(t *testing.T) {
	l := newCompleteLibrary(t)
	l.put(t, piece("vienas", noon), piece("antras", noon.Add(time.Hour)))
	delete(l.bodies, sharingtest.SiteName+"/articles/antras")
	if diff := cmp.Diff([]string{"vienas"}, l.titles(t, documents.Feed{})); diff != "" {
		t.Errorf("feed (-want +got):\n%s", diff)
	}
}

// TestFeedPassesCacheBy reads anew what a cache has in an older form than the
// store, or still has although it was withdrawn.
func TestFeedPassesCacheBy(t *testing.T) {
	l := newCompleteLibrary(t)
	old, gone := piece("vienas", noon), piece("antras", noon.Add(time.Hour))
	l.put(t, old, gone)
	maker, err := documents.New(documents.Config{
		Store: l.store, Sites: l, Bodies: behind{old.GetName(): old, gone.GetName(): gone}, Fresh: l, Hubs: l,
	})
	must(t, err)
	l.Maker = maker
	corrected := piece("vienas", noon)
	corrected.Title = "Straipsnis pataisytas"
	l.put(t, corrected)
	l.withdraw(t, "antras")
	if diff := cmp.Diff([]string{"pataisytas"}, l.titles(t, documents.Feed{})); diff != "" {
		t.Errorf("feed (-want +got):\n%s", diff)
	}
}

func TestFeedNamesHubs(t *testing.T) {
	l := newCompleteLibrary(t)
	l.hubs = []string{"https://hub.example/"}
	document, _, err := l.Feed(t.Context(), documents.Feed{Site: siteID})
	must(t, err)
	if !bytes.Contains(document.Bytes, []byte(`rel="hub" href="https://hub.example/"`)) || !slices.Equal(document.Hubs, l.hubs) {
		t.Errorf("hubs = %v in\n%s", document.Hubs, document.Bytes)
	}
}
