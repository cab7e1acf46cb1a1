package pixels_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// processorTime is what this process or its ended children have spent.
func processorTime(b *testing.B, who int) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(who, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// straightforward is the program without isolation: the same libvips steps in
// this process, nothing checked, nothing locked.
func straightforward(b *testing.B, photo []byte) (bytes int) {
	b.Helper()
	widths := wire.Ladder([]int{320, 640, 960, 1280, 1920, 2560}, 2560)
	image, err := vips.Master(photo, widths[0], 1<<14, false)
	if err != nil {
		b.Fatal(err)
	}
	width, height := image.Width(), image.Height()
	for i, w := range widths {
		if i > 0 {
			smaller, err := image.Shrink(w, wire.Height(w, width, height))
			if err != nil {
				b.Fatal(err)
			}
			image.Close()
			image = smaller
		}
		jpegFile, errJPEG := image.JPEG(80)
		webpFile, errWebP := image.WebP(78, 4)
		if errJPEG != nil || errWebP != nil {
			b.Fatal(errJPEG, errWebP)
		}
		bytes += len(jpegFile) + len(webpFile)
	}
	image.Close()
	return bytes
}

// BenchmarkLadder makes JPEG and WebP of six widths of a 12 megapixel camera
// original and compares the processor time with the straightforward program's:
// ratio is what isolation costs, ours-s and plain-s the seconds per photo.
func BenchmarkLadder(b *testing.B) {
	photo := shared(b, "stazuote-danijoje/hblkb.jpg")
	p := pixels.New(pixels.Config{})
	var ours, plain time.Duration
	for b.Loop() {
		self, children := processorTime(b, syscall.RUSAGE_SELF), processorTime(b, syscall.RUSAGE_CHILDREN)
		got, err := render(b.Context(), p, photo, pixels.Job{})
		if err != nil {
			b.Fatal(err)
		}
		ours += processorTime(b, syscall.RUSAGE_SELF) - self + processorTime(b, syscall.RUSAGE_CHILDREN) - children
		size := 0
		for _, r := range got.renditions {
			size += len(r.Data)
		}

		self = processorTime(b, syscall.RUSAGE_SELF)
		if other := straightforward(b, photo); size < other*9/10 || size > other*11/10 {
			b.Fatalf("%d bytes of renditions, the straightforward program made %d", size, other)
		}
		plain += processorTime(b, syscall.RUSAGE_SELF) - self
	}
	b.ReportMetric(ours.Seconds()/float64(b.N), "ours-s/op")
	b.ReportMetric(plain.Seconds()/float64(b.N), "plain-s/op")
	b.ReportMetric(ours.Seconds()/plain.Seconds(), "ratio")
}

// BenchmarkSmall is the cost of starting and locking a worker: a photo of a
// few pixels.
func BenchmarkSmall(b *testing.B) {
	photo := phototest.PNG(b, phototest.Gradient(32, 32))
	p := pixels.New(pixels.Config{})
	children := processorTime(b, syscall.RUSAGE_CHILDREN)
	for b.Loop() {
		if _, err := render(b.Context(), p, photo, pixels.Job{}); err != nil {
			b.Fatal(err)
		}
	}
	spent := processorTime(b, syscall.RUSAGE_CHILDREN) - children
	b.ReportMetric(spent.Seconds()/float64(b.N), "cpu-s/op")
}
