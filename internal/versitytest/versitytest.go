// Package versitytest gives tests a real S3 server that is not MinIO: the
// Versity S3 Gateway (Apache-2.0) over a folder. What works against both uses
// plain S3 calls and nothing that only one of them understands.
package versitytest

import (
	"bytes"
	"context"
	"crypto/rand"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/program"
)

// Version is the pinned version of the gateway, the same as in
// deploy/versitygw/go.mod.
const Version = "v1.8.0"

// Source is the pinned gateway.
func Source() program.Source {
	return program.Source{
		Name: "versitygw", Title: "Versity S3 Gateway",
		Package: "github.com/versity/versitygw/cmd/versitygw", Version: Version, Folder: "versitygw",
		Cost:    "only tests need it; this takes about a minute and downloads about 100 MB of source",
		Instead: "put a versitygw binary on PATH",
	}
}

// Server is a running gateway.
type Server struct {
	// Endpoint is its address, host:port.
	Endpoint string
	// AccessKey and SecretKey are the credentials of its root user.
	AccessKey, SecretKey string
}

// Options change how a gateway runs.
type Options struct {
	// Cert and Key are PEM files; with them it serves HTTPS.
	Cert, Key string
	// Domain is below which buckets are hosts; empty means that they are the
	// first part of the path.
	Domain string
	// ReadOnly refuses everything that changes something.
	ReadOnly bool
}

// Start starts a gateway on a free port, over an empty folder. It ends with
// the test.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	finder := program.Finder{Source: Source(), Progress: tb.Output()}
	if wd, err := os.Getwd(); err == nil {
		finder.ModuleDir = finder.Source.ModuleDir(wd)
	}
	binary, err := finder.Find(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{Endpoint: freeAddress(tb), AccessKey: "versity-root", SecretKey: rand.Text()}
	objects, notes := filepath.Join(tb.TempDir(), "objects"), filepath.Join(tb.TempDir(), "notes")
	for _, dir := range []string{objects, notes} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			tb.Fatal(err)
		}
	}
	args := []string{"--port", s.Endpoint, "--quiet", "--keep-alive"}
	if o.Cert != "" {
		args = append(args, "--cert", o.Cert, "--key", o.Key)
	}
	if o.Domain != "" {
		args = append(args, "--virtual-domain", o.Domain)
	}
	if o.ReadOnly {
		args = append(args, "--readonly")
	}
	// Extended attributes, its usual place for what S3 knows of an object, are
	// not to be had on every file system.
	args = append(args, "posix", "--sidecar", notes, objects)
	s.run(tb, binary, args)
	return s
}

// run starts the process, waits until it serves and sees to its end.
func (s *Server) run(tb testing.TB, binary string, args []string) {
	tb.Helper()
	command := exec.CommandContext(context.WithoutCancel(tb.Context()), binary, args...) //nolint:gosec // our own choice of binary
	command.Env = []string{"ROOT_ACCESS_KEY_ID=" + s.AccessKey, "ROOT_SECRET_ACCESS_KEY=" + s.SecretKey}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var said output
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		tb.Fatalf("start the gateway: %v", err)
	}
	ended := make(chan struct{})
	go func() { _ = command.Wait(); close(ended) }()
	tb.Cleanup(func() { _ = command.Process.Kill(); <-ended })
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !answers(tb, s.Endpoint) {
		select {
		case <-tick.C:
		case <-ended:
			tb.Fatalf("the gateway ended while starting; it said: %s", said.String())
		case <-limit:
			tb.Fatalf("the gateway does not serve; it said: %s", said.String())
		}
	}
}

// answers reports whether somebody accepts connections there; the gateway
// listens when it is ready.
func answers(tb testing.TB, endpoint string) bool {
	tb.Helper()
	conn, err := new(net.Dialer).DialContext(tb.Context(), "tcp", endpoint)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

func freeAddress(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("choose a port: %v", err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// output keeps what the process says.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write never fails.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// String returns everything said so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
