package worker_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// mutations is how many damaged photos to try: SKAITYKLA_MUTATIONS, which
// `make soak` sets to 100,000, or else 2,000.
func mutations(t *testing.T) int {
	t.Helper()
	text := os.Getenv("SKAITYKLA_MUTATIONS")
	if text == "" {
		return 2000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("SKAITYKLA_MUTATIONS is not a number: %v", err)
	}
	return n
}

func small() wire.Request {
	return wire.Request{
		MediaType: "image/heic", // for the warm-up; each photo has its own
		Limits: wire.Limits{
			Bytes: 1 << 20, Pixels: 1_000_000, HeavyPixels: 1_000_000, Side: 16384, Frames: 60, AnimatedPixels: 1_000_000,
			Time: 24 * time.Hour, // for all of them together
		},
		Widths:  []int{64, 32},
		Formats: []wire.Format{wire.JPEG, wire.WebP, wire.AVIF},
		Crops:   []wire.CropSpec{{Name: "square", AspectWidth: 1, AspectHeight: 1, Widths: []int{32}, Formats: []wire.Format{wire.JPEG}}},
	}
}

// TestMutations damages photos of every kind. Each must be rendered or be
// refused for a reason: no crash, no hang, and no growth of memory from photo
// to photo. A photo that does crash the decoder is kept in the test's output.
func TestMutations(t *testing.T) {
	const growth, report = 64 << 20, 10_000
	total := mutations(t)
	corpus := phototest.Kinds(t, 96, 72)
	names := slices.Sorted(maps.Keys(corpus))
	random := rand.New(rand.NewPCG(7, 4711))
	outcomes := map[string]int{}
	b := startBatch(t)
	settled := 0
	for i := range total {
		name := names[i%len(names)]
		photo := phototest.Mutate(random, corpus[name])
		outcome, err := b.render(photo, small())
		if err != nil {
			t.Errorf("%s, number %d: %v, and the process: %v; the photo is %x", name, i, err, b.end(), photo)
			b = startBatch(t)
			settled = 0
			continue
		}
		outcomes[outcome]++
		if settled == 0 && i > total/4 {
			settled = b.memory(t)
		}
		if i%report == report-1 {
			t.Logf("after %d: %d MB", i+1, b.memory(t)>>20)
		}
	}
	if now := b.memory(t); settled > 0 && now > settled+growth {
		t.Errorf("memory grew from %d to %d MB", settled>>20, now>>20)
	} else {
		t.Logf("memory %d MB after a quarter, %d MB at the end", settled>>20, now>>20)
	}
	if err := b.end(); err != nil {
		t.Error(err)
	}
	t.Logf("%d damaged photos: %v", total, outcomes)
	if outcomes["rendered"] == 0 || outcomes["corrupt"] == 0 {
		t.Error("the damage is too large or too small to tell anything")
	}
}
