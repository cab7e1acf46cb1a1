package pixels_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// spent is the processor time of this process and its ended children, in their
// own code and in the kernel's.
func spent(b *testing.B) (user, system time.Duration) {
	b.Helper()
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(who, &usage); err != nil {
			b.Fatal(err)
		}
		user += time.Duration(usage.Utime.Nano())
		system += time.Duration(usage.Stime.Nano())
	}
	return user, system
}

// cost is what work spends.
func cost(b *testing.B, work func()) (user, system time.Duration) {
	b.Helper()
	userBefore, systemBefore := spent(b)
	work()
	user, system = spent(b)
	return user - userBefore, system - systemBefore
}

// The ladder of 18 files.
func rungs() []int             { return []int{2560, 1920, 1280, 960, 640, 320} }
func formats() []pixels.Format { return []pixels.Format{pixels.JPEG, pixels.WebP, pixels.AVIF} }
func everything() pixels.Job   { return pixels.Job{Widths: rungs(), Formats: formats()} }

func encodeAs(b *testing.B, image *vips.Image, format pixels.Format) int {
	b.Helper()
	var file []byte
	var err error
	switch format {
	case pixels.JPEG:
		file, err = image.JPEG(80)
	case pixels.WebP:
		file, err = image.WebP(78, 4)
	case pixels.AVIF:
		file, err = image.AVIF(50, 2)
	}
	if err != nil {
		b.Fatal(err)
	}
	return len(file)
}

// cascade is the best strategy that is known, bare: one decode to the largest
// width, each further width out of the one before, in this process, nothing
// checked, nothing locked.
func cascade(b *testing.B, photo []byte) (bytes int) {
	b.Helper()
	image, err := vips.Thumbnail(photo, rungs()[0])
	if err != nil {
		b.Fatal(err)
	}
	width, height := image.Width(), image.Height()
	for i, w := range rungs() {
		if i > 0 {
			smaller, err := image.Shrink(w, wire.Height(w, width, height))
			if err != nil {
				b.Fatal(err)
			}
			image.Close()
			image = smaller
		}
		for _, format := range formats() {
			bytes += encodeAs(b, image, format)
		}
	}
	image.Close()
	return bytes
}

// decodeEach decodes the photo anew for each file, shrunk while it is read, as
// services do that make a rendition when it is first asked for.
func decodeEach(b *testing.B, photo []byte) (bytes int) {
	b.Helper()
	for _, format := range formats() {
		for _, w := range rungs() {
			image, err := vips.Thumbnail(photo, w)
			if err != nil {
				b.Fatal(err)
			}
			bytes += encodeAs(b, image, format)
			image.Close()
		}
	}
	return bytes
}

// probe looks at the worker from outside while it works.
type probe struct {
	bytes  int
	first  time.Duration // processor time until the JPEG ladder was complete
	memory int           // most resident memory, in bytes
}

func (p *probe) see(b *testing.B, e pixels.Event) error {
	b.Helper()
	if e.Rendition != nil {
		p.bytes += len(e.Rendition.Data)
	}
	for _, pid := range children(b) {
		p.memory = max(p.memory, residentPeak(pid))
		if e.Complete != nil && *e.Complete == (pixels.Part{Format: pixels.JPEG}) {
			p.first = processTime(pid)
		}
	}
	return nil
}

// residentPeak is VmHWM of a process, which unlike its resource usage does not
// count what its parent held before. It is 0 when the process is gone.
func residentPeak(pid int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, after, found := strings.Cut(string(status), "VmHWM:")
	if err != nil || !found {
		return 0
	}
	kb, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		return 0
	}
	return kb << 10
}

// processTime is what a running process has spent in its own code, in
// hundredths of a second.
func processTime(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, found := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	const user = 11
	if err != nil || !found || len(fields) <= user {
		return 0
	}
	ticks, err := strconv.Atoi(fields[user])
	if err != nil {
		return 0
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// BenchmarkLadder makes JPEG, WebP and AVIF of six widths and compares the
// processor time, without the kernel's, with the known strategies' in the same
// run: of-cascade is what we cost beside the best one, of-decode-each beside one
// decode per file, and to-first the part that is spent when the JPEG ladder is
// complete.
func BenchmarkLadder(b *testing.B) {
	b.Run("12MP", func(b *testing.B) { ladder(b, shared(b, "stazuote-danijoje/hblkb.jpg")) })
	b.Run("24MP", func(b *testing.B) { ladder(b, phototest.JPEG(b, phototest.Photo(6000, 4000))) })
}

func ladder(b *testing.B, photo []byte) {
	b.Helper()
	p := pixels.New(pixels.Config{})
	var ours, system, bare, each, first time.Duration
	memory := 0
	for b.Loop() {
		var seen probe
		user, kernel := cost(b, func() {
			err := p.Render(b.Context(), bytes.NewReader(photo), int64(len(photo)), everything(),
				func(e pixels.Event) error { return seen.see(b, e) })
			if err != nil {
				b.Fatal(err)
			}
		})
		ours, system, first, memory = ours+user, system+kernel, first+seen.first, max(memory, seen.memory)
		user, _ = cost(b, func() {
			if other := cascade(b, photo); seen.bytes < other*9/10 || seen.bytes > other*11/10 {
				b.Fatalf("%d bytes of renditions, the bare cascade made %d", seen.bytes, other)
			}
		})
		bare += user
		user, _ = cost(b, func() { decodeEach(b, photo) })
		each += user
	}
	n := float64(b.N)
	b.ReportMetric(ours.Seconds()/n, "ours-s/op")
	b.ReportMetric(system.Seconds()/n, "ours-system-s/op")
	b.ReportMetric(bare.Seconds()/n, "cascade-s/op")
	b.ReportMetric(each.Seconds()/n, "decode-each-s/op")
	b.ReportMetric(ours.Seconds()/bare.Seconds(), "of-cascade")
	b.ReportMetric(ours.Seconds()/each.Seconds(), "of-decode-each")
	b.ReportMetric(first.Seconds()/ours.Seconds(), "to-first")
	b.ReportMetric(float64(memory>>20), "worker-MB")
}

// BenchmarkIsolation is the cost of starting and locking a worker, the kernel's
// included: a photo of a few pixels, less what its renditions cost in this
// process.
func BenchmarkIsolation(b *testing.B) {
	photo := phototest.PNG(b, phototest.Gradient(32, 32))
	p := pixels.New(pixels.Config{})
	var ours, bare time.Duration
	for b.Loop() {
		user, system := cost(b, func() {
			if _, err := render(b.Context(), p, photo, everything()); err != nil {
				b.Fatal(err)
			}
		})
		ours += user + system
		user, system = cost(b, func() {
			image := phototest.Decoded(b, photo, false)
			for _, format := range formats() {
				encodeAs(b, image, format)
			}
		})
		bare += user + system
	}
	b.ReportMetric((ours-bare).Seconds()/float64(b.N), "cpu-s/op")
}
