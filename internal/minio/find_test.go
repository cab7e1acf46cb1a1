package minio_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/skaitykla/skaitykla/internal/minio"
)

func TestVersionIsThePinnedOne(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "deploy", "minio", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "github.com/minio/minio " + minio.Version; !strings.Contains(string(data), want) {
		t.Errorf("deploy/minio/go.mod does not require %q", want)
	}
}

func TestFindPrefersPath(t *testing.T) {
	dir := t.TempDir()
	want := filepath.Join(dir, "minio")
	if err := os.WriteFile(want, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	got, err := minio.Finder{CacheDir: t.TempDir()}.Find(t.Context())
	if err != nil || got != want {
		t.Errorf("Find() = %q, %v; want %q", got, err, want)
	}
}

// A service manager may give no home.
func TestFindWithoutHome(t *testing.T) {
	t.Setenv("PATH", pathWithout(t, "minio"))
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	if _, err := (minio.Finder{}).Find(t.Context()); err == nil || !strings.Contains(err.Error(), "set HOME, put a minio binary on PATH") {
		t.Errorf("Find() without a home = %v, want advice", err)
	}
}

// Several processes may look for the server at the same time; one builds it
// and all get the whole binary.
func TestFindBuildsOnce(t *testing.T) {
	t.Setenv("PATH", pathWithout(t, "minio"))
	module, cache := t.TempDir(), t.TempDir()
	write(t, filepath.Join(module, "go.mod"), "module github.com/minio/minio\n\ngo 1.26\n")
	write(t, filepath.Join(module, "main.go"), "package main\n\nfunc main() { println(\"served\") }\n")

	var said syncBuffer
	var finders sync.WaitGroup
	for range 4 {
		finders.Go(func() {
			path, err := minio.Finder{ModuleDir: module, CacheDir: cache, Progress: &said}.Find(t.Context())
			if err != nil {
				t.Errorf("Find: %v", err)
				return
			}
			if output, err := exec.CommandContext(t.Context(), path).CombinedOutput(); err != nil || string(output) != "served\n" {
				t.Errorf("run %s: %q, %v", path, output, err)
			}
		})
	}
	finders.Wait()
	if n := strings.Count(said.String(), "Built the MinIO server"); n != 1 {
		t.Errorf("built %d times, want once:\n%s", n, said.String())
	}
	if left, _ := filepath.Glob(filepath.Join(cache, "*", "build-*")); len(left) != 0 {
		t.Errorf("scratch folders were left: %v", left)
	}
}

func TestFindSaysWhatToDoWhenItCannotBuild(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := minio.Finder{CacheDir: t.TempDir()}.Find(t.Context())
	if err == nil || !strings.Contains(err.Error(), "put a minio binary on PATH") {
		t.Errorf("Find() = %v, want advice", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// pathWithout returns PATH without the folders that have the given program.
func pathWithout(t *testing.T, program string) string {
	t.Helper()
	var kept []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, program)); err != nil {
			kept = append(kept, dir)
		}
	}
	return strings.Join(kept, string(filepath.ListSeparator))
}

type syncBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
