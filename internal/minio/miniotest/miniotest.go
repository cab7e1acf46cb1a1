// Package miniotest gives tests a real MinIO server.
package miniotest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/skaitykla/skaitykla/internal/minio"
)

// Shared is one server for all tests of a test binary, started when the first
// of them asks. TestMain closes it after the run:
//
//	var objects miniotest.Shared
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		objects.Close()
//		os.Exit(code)
//	}
//
// Its zero value is ready. It may be used by several goroutines.
type Shared struct {
	mu     sync.Mutex
	dir    string
	server *minio.Server
}

// Server returns the server, started if need be.
func (s *Shared) Server(t testing.TB) *minio.Server {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		return s.server
	}
	dir, err := os.MkdirTemp("", "miniotest-") //nolint:usetesting // it outlives the test that made it
	if err != nil {
		t.Fatalf("make a directory for MinIO: %v", err)
	}
	s.dir, s.server = dir, start(t, dir, "", slog.New(slog.DiscardHandler))
	return s.server
}

// Close stops the server, if it was started, and deletes its objects.
func (s *Shared) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		s.server.Stop(context.Background())
		s.server = nil
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// Own is a server that one test may take down and bring up again.
type Own struct {
	*minio.Server
	dir string
}

// Start starts a server that ends with the test.
func Start(t testing.TB) *Own {
	t.Helper()
	o := &Own{dir: t.TempDir()}
	o.Server = start(t, o.dir, "", slog.New(slog.DiscardHandler))
	t.Cleanup(func() { o.Stop(context.WithoutCancel(t.Context())) })
	return o
}

// Restart starts the server again, after Stop, at the same address and with
// the same objects.
func (o *Own) Restart(t testing.TB) {
	t.Helper()
	o.Server = start(t, o.dir, o.Endpoint, slog.New(slog.DiscardHandler))
}

func start(t testing.TB, dir, addr string, log *slog.Logger) *minio.Server {
	t.Helper()
	finder := minio.Finder{Progress: t.Output()}
	if wd, err := os.Getwd(); err == nil {
		finder.ModuleDir = minio.ModuleDir(filepath.Clean(wd))
	}
	binary, err := finder.Find(t.Context())
	if err != nil {
		t.Fatalf("find MinIO: %v", err)
	}
	server, err := minio.Start(t.Context(), minio.Options{Binary: binary, Dir: dir, Addr: addr, Log: log})
	if err != nil {
		t.Fatalf("start MinIO: %v", err)
	}
	return server
}
