package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// buildOnce makes the binary at path unless another process does so while we
// wait for its lock. It appears there complete or not at all.
func (f Finder) buildOnce(ctx context.Context, path string) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a cache that may be shared
		return fmt.Errorf("make the cache folder: %w", err)
	}
	unlock, err := f.lock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if executable(path) {
		return nil
	}
	for _, left := range leftovers(dir) {
		_ = os.RemoveAll(left) // of a build that was killed; it only takes space
	}
	scratch, err := os.MkdirTemp(dir, "build-")
	if err != nil {
		return fmt.Errorf("make a scratch folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	f.say(fmt.Sprintf("Building the %s once; %s.", f.Title, f.Cost))
	began := time.Now()
	if err := f.build(ctx, scratch); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(scratch, f.Name), path); err != nil {
		return fmt.Errorf("keep the binary: %w", err)
	}
	f.say(fmt.Sprintf("Built the %s in %s; it is kept in %s.", f.Title, time.Since(began).Round(time.Second), path))
	return nil
}

// leftovers returns the scratch folders in dir. The caller holds the lock, so
// nobody uses them.
func leftovers(dir string) []string {
	found, _ := filepath.Glob(filepath.Join(dir, "build-*")) // the pattern is well-formed
	return found
}

// build compiles the program into dir.
func (f Finder) build(ctx context.Context, dir string) error {
	args := []string{"install", "-ldflags", "-s -w", f.Package + "@" + f.Version}
	if f.ModuleDir != "" {
		args = []string{"build", "-ldflags", "-s -w", "-o", filepath.Join(dir, f.Name), f.Package}
	}
	command := exec.CommandContext(ctx, "go", args...) //nolint:gosec // our own words
	command.Dir = f.ModuleDir
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// The compiler's children go with it.
	command.Cancel = func() error { return unix.Kill(-command.Process.Pid, unix.SIGKILL) }
	// A workspace or flags of the caller's own project must not change what
	// is built.
	command.Env = append(slices.DeleteFunc(command.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GOFLAGS=")
	}), "GOWORK=off", "GOBIN="+dir)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		return fmt.Errorf("go %s: %w: %s", args[0], err, lastLines(output.Bytes()))
	}
	return nil
}

// lock takes the file lock at path, waiting for whoever has it.
func (f Finder) lock(ctx context.Context, path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644) //nolint:gosec // holds nothing
	if err != nil {
		return nil, fmt.Errorf("open the build lock: %w", err)
	}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for said := false; ; {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return file.Close, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
		}
		if !said {
			f.say(fmt.Sprintf("Another process is building the %s; waiting for it.", f.Title))
			said = true
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(context.Cause(ctx), file.Close())
		case <-tick.C:
		}
	}
}

// say tells the person who waits; that nobody listens is no failure.
func (f Finder) say(line string) { _, _ = fmt.Fprintln(f.Progress, line) }

// lastLines returns the end of a compiler's output.
func lastLines(output []byte) string {
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "; ")
}
