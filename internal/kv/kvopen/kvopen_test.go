package kvopen_test

import (
	"errors"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
)

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a store?.db")
	u := url.URL{Scheme: "bolt", Path: path}
	for i := range 2 {
		s, opened, err := kvopen.Open(u.String(), kv.Options{})
		if err != nil {
			t.Fatalf("Open(%s): %v", &u, err)
		}
		if opened.Path != path || opened.Created != (i == 0) {
			t.Errorf("Open(%s) reports %+v", &u, opened)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefusesURLs(t *testing.T) {
	for _, bad := range []string{
		"", "/var/lib/store.db", "bolt:store.db", "bolt:", "bolt://", "bolt:///", "bolt:///..",
		"bolt://var/lib/store.db", "bolt://user@/store.db", "bolt:///store.db?sync=off",
		"bolt:///store.db?", "bolt:///store.db#1", "file:///store.db", "bolt:///%zz",
	} {
		s, _, err := kvopen.Open(bad, kv.Options{})
		if !errors.Is(err, kvopen.ErrURL) {
			t.Errorf("Open(%q) = %v, %v; want ErrURL", bad, s, err)
		}
	}
}

func TestOpenPassesBackendErrorsOn(t *testing.T) {
	s, _, err := kvopen.Open("bolt://"+filepath.Join(t.TempDir(), "no", "such", "dir.db"), kv.Options{})
	if err == nil || s != nil || errors.Is(err, kvopen.ErrURL) {
		t.Errorf("Open in a directory that is not there = %v, %v", s, err)
	}
}
