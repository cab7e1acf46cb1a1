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
func (s *Shared) Server(tb testing.TB) *minio.Server {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		return s.server
	}
	dir, err := os.MkdirTemp("", "miniotest-") //nolint:usetesting // it outlives the test that made it
	if err != nil {
		tb.Fatalf("make a directory for MinIO: %v", err)
	}
	s.dir, s.server = dir, start(tb, dir, "", slog.New(slog.DiscardHandler))
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
func Start(tb testing.TB) *Own {
	tb.Helper()
	o := &Own{dir: tb.TempDir()}
	o.Server = start(tb, o.dir, "", slog.New(slog.DiscardHandler))
	tb.Cleanup(func() { o.Stop(context.WithoutCancel(tb.Context())) })
	return o
}

// Restart starts the server again, after Stop, at the same address and with
// the same objects.
func (o *Own) Restart(tb testing.TB) {
	tb.Helper()
	o.Server = start(tb, o.dir, o.Endpoint, slog.New(slog.DiscardHandler))
}

// Kill ends the server at once, in the middle of what it does.
func (o *Own) Kill() {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	o.Stop(now)
}

// Wipe loses everything that the server holds, as a disk does. The server is
// at the same address again, with the same credentials.
func (o *Own) Wipe(tb testing.TB) {
	tb.Helper()
	o.Stop(tb.Context())
	if err := os.RemoveAll(filepath.Join(o.dir, "drive")); err != nil {
		tb.Fatal(err)
	}
	o.Restart(tb)
}

func start(tb testing.TB, dir, addr string, log *slog.Logger) *minio.Server {
	tb.Helper()
	return startBinary(tb, binary(tb), dir, addr, log)
}

// binary is the path of the MinIO server.
func binary(tb testing.TB) string {
	tb.Helper()
	finder := minio.Finder{Progress: tb.Output()}
	if wd, err := os.Getwd(); err == nil {
		finder.ModuleDir = minio.ModuleDir(filepath.Clean(wd))
	}
	path, err := finder.Find(tb.Context())
	if err != nil {
		tb.Fatalf("find MinIO: %v", err)
	}
	return path
}

func startBinary(tb testing.TB, binary, dir, addr string, log *slog.Logger) *minio.Server {
	tb.Helper()
	server, err := minio.Start(tb.Context(), minio.Options{Binary: binary, Dir: dir, Addr: addr, Log: log})
	if err != nil {
		tb.Fatalf("start MinIO: %v", err)
	}
	return server
}
