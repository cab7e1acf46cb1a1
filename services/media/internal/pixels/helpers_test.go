package pixels_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"image/jpeg"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// result is all that one Render emitted.
type result struct {
	info       *pixels.Info
	renditions []pixels.Rendition
	complete   []pixels.Part
}

// newProcessor makes a processor whose worker is this test binary.
func newProcessor(tb testing.TB, change func(*pixels.Config)) *pixels.Processor {
	tb.Helper()
	config := pixels.Config{
		Concurrency: 2,
		Logger:      slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&config)
	}
	return pixels.New(config)
}

func render(ctx context.Context, p *pixels.Processor, photo []byte, job pixels.Job) (result, error) {
	var r result
	err := p.Render(ctx, bytes.NewReader(photo), int64(len(photo)), job, func(e pixels.Event) error {
		switch {
		case e.Info != nil:
			r.info = e.Info
		case e.Rendition != nil:
			r.renditions = append(r.renditions, *e.Rendition)
		default:
			r.complete = append(r.complete, *e.Complete)
		}
		return nil
	})
	if cause := errors.Unwrap(err); cause != nil {
		err = fmt.Errorf("%w (because %w)", err, cause)
	}
	return r, err
}

// shared reads one of the photographs kept outside the project, and skips the
// test where they are not at hand.
func shared(tb testing.TB, name string) []byte {
	tb.Helper()
	data, ok := sharedIfHere(tb, name)
	if !ok {
		tb.Skipf("the shared photograph %s is not here", name)
	}
	return data
}

func sharedIfHere(tb testing.TB, name string) (data []byte, ok bool) {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "shared", "data", name))
	if err != nil && !os.IsNotExist(err) {
		tb.Fatal(err)
	}
	return data, err == nil
}

func wantReason(t *testing.T, err error, want pixels.Reason) {
	t.Helper()
	e, ok := errors.AsType[*pixels.Error](err)
	if !ok {
		t.Fatalf("got %v, want reason %s", err, want)
	}
	if e.Reason != want || e.Message == "" {
		t.Errorf("got reason %s with message %q because %v, want %s", e.Reason, e.Message, e.Err, want)
	}
}

// checkRendition decodes a rendition's header with other code than made it.
func checkRendition(t *testing.T, r pixels.Rendition) {
	t.Helper()
	mediaType, _ := pixels.Sniff(r.Data)
	if mediaType != "image/"+string(r.Format) {
		t.Errorf("%d wide %s holds %q", r.Width, r.Format, mediaType)
	}
	if r.Format != pixels.JPEG {
		return
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(r.Data))
	if err != nil {
		t.Fatal(err)
	}
	if config.Width != r.Width || config.Height != r.Height || config.ColorModel != color.YCbCrModel {
		t.Errorf("JPEG says %d x %d, event says %d x %d", config.Width, config.Height, r.Width, r.Height)
	}
}

// children lists the processes that this one started and that are not gone,
// zombies included.
func children(tb testing.TB) []int {
	tb.Helper()
	return childrenOf(tb, os.Getpid())
}

func childrenOf(tb testing.TB, parent int) []int {
	tb.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		tb.Fatal(err)
	}
	var pids []int
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				tb.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

func wantNoChildren(t *testing.T) {
	t.Helper()
	if left := children(t); len(left) > 0 {
		t.Errorf("processes %v were left behind", left)
	}
}
