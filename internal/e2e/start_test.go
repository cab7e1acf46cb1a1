package e2e_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestOtherWorkingFolder starts the suite on a folder named as `make run` does
// and calls it from elsewhere.
func TestOtherWorkingFolder(t *testing.T) {
	home := t.TempDir()
	t.Chdir(home)
	suite := e2e.Start(t, program, "data")
	t.Chdir(t.TempDir())
	if !filepath.IsAbs(suite.TokenFile) {
		t.Errorf("the ready file names the token %s, which scripts elsewhere do not find", suite.TokenFile)
	}
	output, exit := e2e.Run(t, program, "site", "list", "--data", filepath.Join(home, "data"))
	if exit != 0 {
		t.Errorf("from another working folder: exit %d\n%s", exit, output)
	}
}

// TestStaleReadyFile kills the suite and fails to start it again: no file may
// say that it is ready.
func TestStaleReadyFile(t *testing.T) {
	data, readyFile := t.TempDir(), filepath.Join(t.TempDir(), "ready.json")
	suite := e2e.Start(t, program, data)
	suite.Kill(t)
	write(t, readyFile, "{}")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	output, exit := e2e.Run(t, program, "up", "--data", data, "--ready-file", readyFile, "--http", taken.Addr().String())
	if exit != 1 || !strings.Contains(output, "--http: listen on "+taken.Addr().String()) {
		t.Errorf("a port that is taken: exit %d\n%s", exit, output)
	}
	for _, path := range []string{readyFile, filepath.Join(data, "run", "ready.json")} {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s still says that a suite is ready: %v", path, err)
		}
	}
	output, exit = e2e.Run(t, program, "site", "list", "--data", data)
	if exit != 1 || !strings.Contains(output, "no suite runs on") {
		t.Errorf("a command without a suite: exit %d\n%s", exit, output)
	}
	output, exit = e2e.Run(t, program, "up", "--data", data, "--ready-file", t.TempDir())
	if exit != 1 || !strings.Contains(output, "is a folder; name a file") {
		t.Errorf("a ready file that is a folder: exit %d\n%s", exit, output)
	}
}

// TestStopWhileStarting asks the suite to stop before it is ready: that is no
// failure.
func TestStopWhileStarting(t *testing.T) {
	data := t.TempDir()
	var output strings.Builder
	up := exec.CommandContext(t.Context(), program, "up", "--data", data, "--http", "127.0.0.1:0",
		"--article-addr", "127.0.0.1:0", "--media-addr", "127.0.0.1:0", "--sharing-addr", "127.0.0.1:0")
	up.Stdout, up.Stderr = &output, &output
	if err := up.Start(); err != nil {
		t.Fatal(err)
	}
	// The object store's folder appears when the program waits for its server.
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for began := time.Now(); ; <-look.C {
		if _, err := os.Stat(filepath.Join(data, "minio", "credentials.json")); err == nil {
			break
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("the start did not come to the object store; kill: %v", up.Process.Kill())
		}
	}
	if err := up.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := up.Wait(); err != nil {
		t.Errorf("a stop while starting ended with %v\n%s", err, &output)
	}
}
