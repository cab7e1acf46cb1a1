package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// TestStoredFormats finds in the lists what the programs of every earlier format
// wrote, after bringing it to the newest one.
func TestStoredFormats(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "format*.db"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			must(t, err)
			path := filepath.Join(t.TempDir(), "media.db")
			must(t, os.WriteFile(path, content, 0o600))
			records, err := boltkv.Open(path, kv.Options{Format: store.Format()})
			must(t, err)
			defer func() { must(t, records.Close()) }()
			checkLists(t, store.New(records))
			if filepath.Base(file) == "format1.db" {
				checkTasks(t, store.New(records))
			} else {
				checkReady(t, store.New(records))
			}
		})
	}
}

// checkLists compares the lists of every site with the records.
func checkLists(t *testing.T, s *store.Store) {
	t.Helper()
	all, unused, public := make(map[string]int), make(map[string]int), make(map[string]int)
	for p, err := range s.Walk(t.Context(), "-") {
		must(t, err)
		n, err := photo.ParseName("name", p.GetName())
		must(t, err)
		all[n.Site]++
		if p.GetUsage() == mediav1.Photo_USAGE_UNSPECIFIED {
			unused[n.Site]++
		}
		if p.GetPublished() {
			public[n.Site]++
		}
	}
	if len(all) == 0 || len(public) == 0 {
		t.Errorf("the store has %v photos, %v unused and %v in use", all, unused, public)
	}
	for name, want := range map[string]map[string]int{"all": all, "unused": unused, "public": public} {
		got := make(map[string]int)
		for of := range all {
			n := count(t, s, store.Query{Site: of, Limit: 1000, Unused: name == "unused", Published: name == "public"})
			if n > 0 {
				got[of] = n
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// checkTasks finds a task for every photo of format 1: it lacks crops and AVIF,
// keeps what it has, and is worked on behind what people wait for.
func checkTasks(t *testing.T, s *store.Store) {
	t.Helper()
	now := start().AddDate(10, 0, 0)
	for p, err := range s.Walk(t.Context(), "-") {
		must(t, err)
		had := len(p.GetRenditions())
		if p.GetState() != mediav1.Photo_STATE_PROCESSING || len(p.GetFormatStatuses()) != 3 || p.GetGeneration() != "r1" || had == 0 {
			t.Errorf("%s: state %v, formats %v, generation %q, %d renditions", p.GetName(), p.GetState(), p.GetFormatStatuses(), p.GetGeneration(), had)
		}
	}
	taken := make(map[string]bool)
	for {
		work, _, err := s.Take(t.Context(), photo.Lease{Holder: "one", Until: now.Add(time.Minute)}, now)
		must(t, err)
		if work == nil {
			break
		}
		taken[work.Name.String()] = true
		for _, part := range []photo.Part{{Format: mediav1.Rendition_FORMAT_JPEG}, {Format: mediav1.Rendition_FORMAT_WEBP}} {
			if slices.Contains(work.Parts, part) {
				t.Errorf("%s is to have %v again", work.Name, part)
			}
		}
		if len(work.Parts) != 4 {
			t.Errorf("%s: parts = %v, want the cut ones of three formats and AVIF", work.Name, work.Parts)
		}
	}
	if len(taken) == 0 {
		t.Error("there is nothing to do")
	}
}

// checkReady finds every photo as it was left, with all its formats and nothing
// to do.
func checkReady(t *testing.T, s *store.Store) {
	t.Helper()
	now := start().AddDate(10, 0, 0)
	for p, err := range s.Walk(t.Context(), "-") {
		must(t, err)
		if p.GetState() != mediav1.Photo_STATE_ACTIVE || len(p.GetFormatStatuses()) != 3 || len(p.GetRenditions()) < 18 {
			t.Errorf("%s: state %v, %d formats, %d renditions",
				p.GetName(), p.GetState(), len(p.GetFormatStatuses()), len(p.GetRenditions()))
		}
	}
	work, _, err := s.Take(t.Context(), photo.Lease{Holder: "one", Until: now.Add(time.Minute)}, now)
	must(t, err)
	if work != nil {
		t.Errorf("%s is to be made anew", work.Name)
	}
}
