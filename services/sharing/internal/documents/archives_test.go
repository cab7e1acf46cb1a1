package documents_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

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
