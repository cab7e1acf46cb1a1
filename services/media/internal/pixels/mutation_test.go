package pixels_test

import (
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

// TestMutationsInProcesses renders damaged photos as the service does, each in
// a process of its own. Each must end in renditions or in a typed error, and
// leave nothing behind. SKAITYKLA_SOAK is how many per kind of file; it is 3
// otherwise. Many more are tried in package worker, which spares the processes.
func TestMutationsInProcesses(t *testing.T) {
	const growth = 16 << 20
	rounds := 3
	if soak := os.Getenv("SKAITYKLA_SOAK"); soak != "" {
		n, err := strconv.Atoi(soak)
		if err != nil {
			t.Fatalf("SKAITYKLA_SOAK is not a number: %v", err)
		}
		rounds = n
	}
	corpus := phototest.Kinds(t, 120, 90)
	p := newProcessor(t, func(c *pixels.Config) { c.Logger = slog.New(slog.DiscardHandler) })
	before := heap()
	outcomes := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(corpus)) {
		random := rand.New(rand.NewPCG(7, uint64(len(corpus[name]))))
		for round := range rounds {
			got, err := render(t.Context(), p, phototest.Mutate(random, corpus[name]), pixels.Job{Widths: []int{64, 32}})
			e, typed := errors.AsType[*pixels.Error](err)
			switch {
			case err == nil && len(got.renditions) > 0:
				outcomes["rendered"]++
			case typed && e.Reason != pixels.SandboxUnavailable && e.Reason != pixels.Busy:
				outcomes[string(e.Reason)]++
				if e.Reason == pixels.Crashed {
					t.Logf("%s, round %d: %v", name, round, e.Err)
				}
			default:
				t.Errorf("%s, round %d: %d renditions, %v", name, round, len(got.renditions), err)
			}
		}
	}
	t.Logf("outcomes: %v", outcomes)
	if after := heap(); after > before+growth {
		t.Errorf("memory grew from %d to %d MB", before>>20, after>>20)
	}
	wantNoChildren(t)
}

// heap is how much memory of this process is in use.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
