package boltkv_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// A child is this test binary run again with the role and the path of the
// store in its environment.
const (
	roleEnv = "BOLTKV_CHILD_ROLE"
	pathEnv = "BOLTKV_CHILD_PATH"
)

func TestMain(m *testing.M) {
	roles := map[string]func(*boltkv.Store) error{"hold": hold, "write": writeForever, "full": fillDisk}
	role, ok := roles[os.Getenv(roleEnv)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := runChild(role); err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
}

func runChild(role func(*boltkv.Store) error) error {
	s, err := boltkv.Open(os.Getenv(pathEnv), boltkv.Options{})
	if err != nil {
		return err
	}
	return errors.Join(role(s), s.Close())
}

// hold keeps the store open until its standard input ends.
func hold(*boltkv.Store) error {
	fmt.Fprintln(os.Stdout, "ready")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// writeForever prints every key once it is acknowledged.
func writeForever(s *boltkv.Store) error {
	var wg sync.WaitGroup
	errs := make(chan error, 8)
	for w := range cap(errs) {
		wg.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%d/%d/%d", os.Getpid(), w, i)
				if _, err := s.Update(ctx(), putAndEmit(key)); err != nil {
					errs <- err
					return
				}
				if _, err := fmt.Fprintln(os.Stdout, key); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	return <-errs
}

// fillDisk writes until there is no space, here a limit on the file's size.
func fillDisk(s *boltkv.Store) error {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	value := make([]byte, 64<<10)
	put := func(n int) error {
		_, err := s.Update(ctx(), func(tx kv.Tx) error { return tx.Put(fmt.Appendf(nil, "k%d", n), value) })
		return err
	}
	if err := put(0); err != nil {
		return err
	}
	small := limit
	small.Cur = 18 << 20 // a little more than bbolt allocates at first
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		return err
	}
	n, err := 1, error(nil)
	for ; err == nil && n < 400; n++ {
		err = put(n)
	}
	if !errors.Is(err, kv.ErrNoSpace) || s.Err() != nil {
		return fmt.Errorf("after %d writes: %w (Err: %w), want ErrNoSpace and a store that serves", n, err, s.Err())
	}
	err = s.View(ctx(), func(r kv.Reader) error { _, err := r.Get([]byte("k0")); return err })
	if err != nil {
		return fmt.Errorf("reading on a full disk: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if _, err := s.Update(ctx(), putAndEmit("space again")); err != nil {
		return fmt.Errorf("with space again: %w", err)
	}
	return nil
}

func putAndEmit(key string) func(kv.Tx) error {
	return func(tx kv.Tx) error {
		return errors.Join(tx.Put([]byte(key), []byte("value of "+key)), tx.Emit([]byte(key), nil))
	}
}

// child starts this binary in a role on the store at path. Closing stdin asks
// it to end; it is killed when the test ends.
func child(t *testing.T, role, path string) (cmd *exec.Cmd, stdin io.Closer, stdout *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), roleEnv+"="+role, pathEnv+"="+path)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, in, bufio.NewReader(out)
}
