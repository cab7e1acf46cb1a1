package pixels_test

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// mutate damages a file in one of the ways that files are damaged in, or that
// an attacker would try: flipped bits, extreme bytes, a hole, a cut, a part
// twice.
func mutate(random *rand.Rand, file []byte) []byte {
	out := append([]byte{}, file...)
	for range 1 + random.IntN(4) {
		at := random.IntN(len(out))
		span := 1 + random.IntN(min(64, len(out)-at))
		switch random.IntN(6) {
		case 0:
			out[at] ^= 1 << random.IntN(8)
		case 1:
			out[at] = []byte{0, 0xff, 0x7f, 0x80}[random.IntN(4)]
		case 2:
			for i := range span {
				out[at+i] = byte(random.Uint32())
			}
		case 3:
			if len(out) > 200 {
				out = append(out[:at], out[at+span:]...)
			}
		case 4:
			out = append(out[:at:at], append(append([]byte{}, out[at:at+span]...), out[at:]...)...)
		case 5:
			if at > 100 {
				out = out[:at]
			}
		}
	}
	return out
}

// TestMutations renders damaged files. Each must end in renditions or in a
// typed error, within the limits. SKAITYKLA_SOAK is how many per kind of file;
// it is 5 otherwise, of 8 kinds.
func TestMutations(t *testing.T) {
	rounds := 5
	if soak := os.Getenv("SKAITYKLA_SOAK"); soak != "" {
		n, err := strconv.Atoi(soak)
		if err != nil {
			t.Fatalf("SKAITYKLA_SOAK is not a number: %v", err)
		}
		rounds = n
	}
	source := picture(t, 120, 90)
	seeds := []struct {
		name string
		file []byte
	}{
		{"jpeg", snapshot(t, gradient(120, 90))},
		{"progressive", encoded(t, source, ".jpg[interlace]")},
		{"png", source},
		{"webp", encoded(t, source, ".webp")},
		{"avif", encoded(t, source, ".avif[effort=0]")},
		{"heic", encoded(t, source, ".heic")},
		{"gif", animation(t, 3, 40, 30)},
		{"tiff", encoded(t, source, ".tif[compression=deflate]")},
	}
	p := newProcessor(t, func(c *pixels.Config) { c.Logger = slog.New(slog.DiscardHandler) })
	outcomes := map[string]int{}
	for _, seed := range seeds {
		random := rand.New(rand.NewPCG(7, uint64(len(seed.file))))
		for round := range rounds {
			got, err := render(t.Context(), p, mutate(random, seed.file), pixels.Job{Widths: []int{64, 32}})
			e, typed := errors.AsType[*pixels.Error](err)
			switch {
			case err == nil && len(got.renditions) == 4:
				outcomes["rendered"]++
			case typed && e.Reason != pixels.SandboxUnavailable && e.Reason != pixels.Busy:
				outcomes[string(e.Reason)]++
				if e.Reason == pixels.Crashed {
					t.Logf("%s, round %d: %v", seed.name, round, e.Err)
				}
			default:
				t.Errorf("%s, round %d: %d renditions, %v", seed.name, round, len(got.renditions), err)
			}
		}
	}
	t.Logf("outcomes: %v", outcomes)
	wantNoChildren(t)
}
