//go:build linux

package sandbox_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/sandbox"
)

// TestMain runs this binary again as a process that locks itself in.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "locked":
			fail(sandbox.Limit(time.Minute))
			fail(sandbox.Lock())
			fail(json.NewEncoder(os.Stdout).Encode(sandbox.Probe()))
			os.Exit(0)
		case "working":
			fail(sandbox.Limit(time.Minute))
			fail(sandbox.Lock())
			fail(work())
			os.Exit(0)
		case "spinning":
			fail(sandbox.Limit(time.Second))
			for spun := 0; ; spun++ {
				runtime.KeepAlive(spun)
			}
		case "hoarding":
			fail(sandbox.Limit(time.Minute))
			_, err := syscall.Mmap(-1, 0, 4<<30, syscall.PROT_READ, syscall.MAP_ANON|syscall.MAP_PRIVATE)
			if !errors.Is(err, syscall.ENOMEM) {
				fail(fmt.Errorf("4 GB of address space: %w", err))
			}
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// work does what honest work in a locked process needs: threads, memory,
// garbage collection, timers.
func work() error {
	const goroutines = 8
	done := make(chan int, goroutines)
	for range goroutines {
		go func() {
			runtime.LockOSThread() // each on a thread of its own
			sum := 0
			for _, b := range make([]byte, 1<<20) {
				sum += int(b)
			}
			<-time.After(time.Millisecond)
			done <- sum
		}()
	}
	for range goroutines {
		if sum := <-done; sum != 0 {
			return fmt.Errorf("fresh memory adds up to %d", sum)
		}
	}
	runtime.GC()
	return nil
}

// again runs this test binary in the named role.
func again(t *testing.T, role string) ([]byte, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", role)
	cmd.Stderr = t.Output()
	return cmd.Output()
}

func TestLockedProcessIsRefused(t *testing.T) {
	out, err := again(t, "locked")
	if err != nil {
		t.Fatal(err)
	}
	var attempts []sandbox.Attempt
	if err := json.Unmarshal(out, &attempts); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if len(attempts) < 20 {
		t.Errorf("only %d attempts", len(attempts))
	}
	for _, a := range attempts {
		want := syscall.EPERM
		if a.Call == "clone3" {
			want = syscall.ENOSYS
		}
		if got := syscall.Errno(a.Errno); got != want {
			t.Errorf("%s: got errno %d (%v), want %v", a.Call, a.Errno, got, want)
		}
	}
}

func TestLockedProcessWorks(t *testing.T) {
	if _, err := again(t, "working"); err != nil {
		t.Error(err)
	}
}

func TestProcessorTimeIsLimited(t *testing.T) {
	_, err := again(t, "spinning")
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		t.Fatalf("got %v, want a killed process", err)
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Errorf("got %v, want killed", exit)
	}
}

func TestAddressSpaceIsLimited(t *testing.T) {
	if sandbox.RaceEnabled {
		t.Skip("the race detector needs more address space than the limit allows")
	}
	if _, err := again(t, "hoarding"); err != nil {
		t.Error(err)
	}
}
