package documents_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
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

// TestArchives walks from the current document back through all archives, as
// RFC 5005 says, and expects each article of libraries of many shapes there,
// within the bound of each document; and the same way forward.
func TestArchives(t *testing.T) {
	months := map[string][]int{ // articles in each of the last months, oldest first
		"nothing":             {0},
		"a few":               {3},
		"one document":        {50},
		"one more":            {51},
		"two documents":       {100},
		"months":              {1, 0, 60, 0, 0, 49, 2},
		"full last month":     {7, 0, 50},
		"busy":                {120, 3, 101},
		"newest month is old": {4, 60, 0, 0},
	}
	for name, counts := range months {
		t.Run(name, func(t *testing.T) {
			l := newCompleteLibrary(t)
			random := rand.New(rand.NewPCG(5005, 1))
			var all []string
			for month, count := range counts {
				begin := time.Date(2025, time.Month(month+10), 1, 0, 0, 0, 0, zone)
				for i := range count {
					id := fmt.Sprintf("a%02d%03d", month, i)
					at := begin.Add(time.Duration(random.Int64N(int64(begin.AddDate(0, 1, 0).Sub(begin)))))
					if i == 0 {
						at = begin // the first instant belongs to the month
					}
					l.put(t, piece(id, at))
					all = append(all, id)
				}
			}
			slices.Sort(all)
			first := l.walk(t, "")
			if diff := cmp.Diff(all, first.titles()); diff != "" {
				t.Errorf("the documents do not make up the whole feed (-want +got):\n%s", diff)
			}
			first.forward(t, l)
			// What is published next changes no archive document.
			l.put(t, piece("naujas", noon.AddDate(2, 0, 0)))
			second := l.walk(t, "")
			for archive, etag := range first.etags {
				if archive != "" && second.items[archive] != first.items[archive] {
					t.Errorf("archive %s was another after the next article (%s)", archive, etag)
				}
			}
		})
	}
}

// walked is what a walk through the documents of a feed found.
type walked struct {
	order []string          // archives, newest first
	items map[string]string // of each document
	etags map[string]string
}

func (w walked) titles() []string {
	seen := map[string]bool{}
	var all []string
	for _, items := range w.items {
		for title := range strings.FieldsSeq(items) {
			if !seen[title] {
				seen[title] = true
				all = append(all, title)
			}
		}
	}
	slices.Sort(all)
	return all
}

// walk follows prev-archive from a document to the first one.
func (l *library) walk(t *testing.T, archive string) walked {
	t.Helper()
	found := walked{items: map[string]string{}, etags: map[string]string{}}
	for {
		if _, again := found.items[archive]; again {
			t.Fatalf("the walk came back to %q", archive)
		}
		document, _, err := l.Feed(t.Context(), documents.Feed{Site: siteID, Archive: archive, Format: syndication.FormatAtom})
		must(t, err)
		sharingtest.Validate(t, document.Bytes, "../syndication/testdata/atom.rng")
		titles := l.titles(t, documents.Feed{Archive: archive, Format: syndication.FormatAtom})
		if len(titles) > syndication.MaxItems {
			t.Errorf("document %q holds %d articles", archive, len(titles))
		}
		found.items[archive], found.etags[archive] = strings.Join(titles, " "), document.Etag
		found.order = append(found.order, archive)
		previous := linked(t, document.Bytes, "prev-archive")
		if previous == "" {
			return found
		}
		archive = previous
	}
}

// forward follows next-archive from the oldest archive to the newest.
func (w walked) forward(t *testing.T, l *library) {
	t.Helper()
	for i, archive := range w.order {
		if archive == "" {
			continue
		}
		document, _, err := l.Feed(t.Context(), documents.Feed{Site: siteID, Archive: archive, Format: syndication.FormatAtom})
		must(t, err)
		if got := linked(t, document.Bytes, "next-archive"); got != w.order[i-1] {
			t.Errorf("%s leads on to %q, want %q", archive, got, w.order[i-1])
		}
	}
}

// linked returns the archive that a link of the document leads to.
func linked(t *testing.T, document []byte, rel string) string {
	t.Helper()
	_, after, ok := strings.Cut(string(document), `<link rel="`+rel+`"`)
	if !ok {
		return ""
	}
	_, after, _ = strings.Cut(after, `href="`)
	href, _, _ := strings.Cut(after, `"`)
	u, err := url.Parse(href)
	must(t, err)
	return u.Query().Get("archive")
}

// TestArchivesByZone puts an article into the month that the site has.
func TestArchivesByZone(t *testing.T) {
	l := newCompleteLibrary(t)
	midnight := time.Date(2026, 6, 30, 22, 30, 0, 0, time.UTC) // 1:30 on 1 July there
	l.put(t, piece("birzelis", midnight.Add(-2*time.Hour)), piece("liepa", midnight), piece("rugsejis", midnight.AddDate(0, 2, 0)))
	for archive, want := range map[string]string{"2026-06": "birzelis", "2026-07": "liepa"} {
		if diff := cmp.Diff([]string{want}, l.titles(t, documents.Feed{Archive: archive})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", archive, diff)
		}
	}
}
