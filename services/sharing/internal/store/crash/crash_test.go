// Package crash_test kills a process that counts clicks and folds them, and
// looks at what is left.
package crash_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// A child is this test binary run again with the path of the store in its
// environment.
const pathEnv = "SKAITYKLA_TEST_COUNT_STORE"

const site = "biblioteka"

func TestMain(m *testing.M) {
	path := os.Getenv(pathEnv)
	if path == "" {
		os.Exit(m.Run())
	}
	if err := countForever(path); err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
}

func open(path string) (*store.Store, kv.Store, error) {
	records, err := boltkv.Open(path, kv.Options{Format: store.Format(), Timeout: 10 * time.Second})
	if err != nil {
		return nil, nil, err
	}
	return store.New(records), records, nil
}

// clicksOf returns the batch of an id, which is always the same.
func clicksOf(id string) store.Clicks {
	var round, writer, n uint64
	if _, err := fmt.Sscanf(id, "%d-%d-%d", &round, &writer, &n); err != nil {
		return store.Clicks{}
	}
	random := rand.New(rand.NewPCG(round<<32|writer, n))
	b := store.Clicks{Request: id, Digest: []byte(id), Time: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	for range 1 + random.IntN(100) {
		b.Clicks = append(b.Clicks, store.Click{
			Site: site, Link: fmt.Sprintf("link%d", random.IntN(300)), Day: stats.Day(20000 + random.Int32N(4)),
			Cell: stats.NewCell(random.Int32N(3), 0, 0, 0), N: 1 + random.Int64N(4),
		})
	}
	return b
}

// countForever says of every batch when it begins and when it is acknowledged.
func countForever(path string) error {
	s, _, err := open(path)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	errs := make(chan error, 4)
	for writer := range 3 {
		group.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), writer, n)
				fmt.Fprintln(os.Stdout, "begin", id)
				if err := s.Count(context.Background(), clicksOf(id)); err != nil {
					errs <- err
					return
				}
				fmt.Fprintln(os.Stdout, "done", id)
			}
		})
	}
	group.Go(func() {
		for {
			if _, err := s.Fold(context.Background()); err != nil {
				errs <- err
				return
			}
		}
	})
	return <-errs
}

// TestKill kills the process again and again. What was acknowledged is counted
// once; what was not, and is sent again, is too. SKAITYKLA_SOAK makes it 50
// rounds.
func TestKill(t *testing.T) {
	rounds := 5
	if os.Getenv("SKAITYKLA_SOAK") != "" {
		rounds = 50
	}
	path := filepath.Join(t.TempDir(), "sharing.db")
	chance := rand.New(rand.NewPCG(1, 2))
	begun, done := make(map[string]bool), 0
	for range rounds {
		ids, acknowledged := killAfter(t, path, 50+chance.IntN(60))
		for id := range ids {
			begun[id] = true
		}
		done += acknowledged
	}
	s, records, err := open(path)
	must(t, err)
	defer func() { must(t, records.Close()) }()
	want := make(map[string]int64)
	unfolded := total(t, s)
	for id := range begun {
		batch := clicksOf(id)
		must(t, s.Count(t.Context(), batch)) // again, as who got no answer does
		for _, c := range batch.Clicks {
			want[fmt.Sprint(c.Day, c.Link, c.Cell)] += c.N
		}
	}
	if diff := cmp.Diff(want, total(t, s)); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	for did := true; did; {
		did, err = s.Fold(t.Context())
		must(t, err)
	}
	if diff := cmp.Diff(want, total(t, s)); diff != "" {
		t.Errorf("folded (-want +got):\n%s", diff)
	}
	if done < 100 || len(begun)-done > rounds*3 || len(unfolded) == 0 {
		t.Errorf("%d batches were begun and %d acknowledged", len(begun), done)
	}
}

// killAfter runs a child until it has acknowledged some batches and kills it. It
// returns which were begun, and how many of them were acknowledged.
func killAfter(t *testing.T, path string, batches int) (begun map[string]bool, done int) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), pathEnv+"="+path)
	child.Stderr = t.Output()
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	begun = make(map[string]bool)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		what, id, _ := strings.Cut(lines.Text(), " ")
		switch what {
		case "begin":
			begun[id] = true
		case "done":
			done++
		}
		if done == batches {
			must(t, child.Process.Kill())
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	} else if _, killed := errors.AsType[*exec.ExitError](err); !killed {
		t.Fatal(err)
	}
	return begun, done
}

// total returns how many clicks there are by day, link and kind.
func total(t *testing.T, s *store.Store) map[string]int64 {
	t.Helper()
	sum := make(map[string]int64)
	for d := stats.Day(20000); d < 20004; d++ {
		to := &daily{day: d, sum: sum}
		step := stats.Step{Period: d.In(stats.UnitDay), Stored: []stats.Period{d.In(stats.UnitDay)}}
		must(t, s.Counts(t.Context(), store.CountQuery{Site: site, ByLink: true, Plan: stats.Plan{Steps: []stats.Step{step}}}, to))
	}
	return sum
}

// daily adds up the counts of one day.
type daily struct {
	day stats.Day
	sum map[string]int64
}

// Begin implements store.CountReader.
func (*daily) Begin() {}

// EndStep implements store.CountReader.
func (*daily) EndStep(stats.Step) {}

// Add implements store.CountReader.
func (d *daily) Add(_, link string, cell stats.Cell, c stats.Count) error {
	d.sum[fmt.Sprint(d.day, link, cell)] += c.All()
	return nil
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
