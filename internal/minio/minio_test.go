package minio_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/minio"
)

// orphanDir asks the test binary to start a server and wait to be killed.
const orphanDir = "MINIO_TEST_ORPHAN_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(orphanDir); dir != "" {
		os.Exit(beParent(dir))
	}
	os.Exit(m.Run())
}

// beParent starts a server, tells its address and waits.
func beParent(dir string) int {
	ctx := context.Background()
	binary, err := finder().Find(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	server, err := minio.Start(ctx, minio.Options{Binary: binary, Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Fprintln(os.Stdout, server.Endpoint)
	<-time.After(time.Minute)
	return 0
}

func TestStartKeepsCredentialsAndAddress(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir, "")
	info, err := os.Stat(filepath.Join(dir, "credentials.json"))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("credentials have mode %o, want 600", got)
	}
	first.Stop(t.Context())
	first.Stop(t.Context())
	if serves(t, first.Endpoint) {
		t.Error("the server still serves after Stop")
	}
	second := start(t, dir, first.Endpoint)
	if second.AccessKey != first.AccessKey || second.SecretKey != first.SecretKey || second.Endpoint != first.Endpoint {
		t.Errorf("second start has other credentials or address")
	}
}

func TestStartRefusesReadableCredentials(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "credentials.json")
	write(t, path, `{"access_key":"a","secret_key":"12345678"}`)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := minio.Start(t.Context(), minio.Options{Binary: "unused", Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "others can read") {
		t.Errorf("Start() = %v, want a refusal", err)
	}
}

func TestStartTellsWhatAFailingServerSaid(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	binary, err := finder().Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = minio.Start(t.Context(), minio.Options{
		Binary: binary, Dir: t.TempDir(), Addr: taken.Addr().String(), Log: slog.New(slog.DiscardHandler),
	})
	if err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("Start() = %v, want the server's words about the port", err)
	}
}

func TestCrashedServerIsStartedAgain(t *testing.T) {
	server := start(t, t.TempDir(), "")
	kill := exec.CommandContext(t.Context(), "kill", "-9", pidOf(t, server.Endpoint))
	if output, err := kill.CombinedOutput(); err != nil {
		t.Fatalf("kill: %v: %s", err, output)
	}
	await(t, "the server to be gone", func() bool { return !serves(t, server.Endpoint) })
	await(t, "the server to be back", func() bool { return serves(t, server.Endpoint) })
}

func TestServerEndsWithItsParent(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.CommandContext(t.Context(), self)
	parent.Env = append(os.Environ(), orphanDir+"="+t.TempDir())
	var complaints bytes.Buffer
	parent.Stderr = &complaints
	output, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	endpoint, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the parent said no address: %v: %s", err, complaints.String())
	}
	endpoint = strings.TrimSpace(endpoint)
	if !serves(t, endpoint) {
		t.Fatal("the server does not serve")
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	await(t, "the orphan to end", func() bool { return !serves(t, endpoint) })
}

func finder() minio.Finder {
	wd, _ := os.Getwd()
	return minio.Finder{ModuleDir: minio.ModuleDir(wd), Progress: os.Stderr}
}

func start(t *testing.T, dir, addr string) *minio.Server {
	t.Helper()
	binary, err := finder().Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	server, err := minio.Start(t.Context(), minio.Options{Binary: binary, Dir: dir, Addr: addr, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Stop(context.WithoutCancel(t.Context())) })
	return server
}

func serves(t *testing.T, endpoint string) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+endpoint+"/minio/health/live", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// pidOf finds our child that was told to listen on endpoint.
func pidOf(t *testing.T, endpoint string) string {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Skip("needs /proc to find the child process")
	}
	for _, path := range lines {
		line, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(line), endpoint) {
			return filepath.Base(filepath.Dir(path))
		}
	}
	t.Fatalf("no process listens on %s", endpoint)
	return ""
}

// await polls until ok or half a minute has passed.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
