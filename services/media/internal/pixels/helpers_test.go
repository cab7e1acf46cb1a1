package pixels_test

import (
	"bytes"
	"context"
	"image/color"
	"image/jpeg"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// result is all that one Render emitted.
type result struct {
	info       *pixels.Info
	renditions []pixels.Rendition
}

// newProcessor makes a processor whose worker is this test binary.
func newProcessor(t testing.TB, change func(*pixels.Config)) *pixels.Processor {
	t.Helper()
	config := pixels.Config{
		Concurrency: 2,
		Logger:      slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&config)
	}
	return pixels.New(config)
}

func render(ctx context.Context, p *pixels.Processor, photo []byte, job pixels.Job) (result, error) {
	var r result
	err := p.Render(ctx, bytes.NewReader(photo), int64(len(photo)), job, func(e pixels.Event) error {
		if e.Info != nil {
			r.info = e.Info
		} else {
			r.renditions = append(r.renditions, *e.Rendition)
		}
		return nil
	})
	return r, err
}

// shared reads one of the photographs kept outside the project, and skips the
// test where they are not at hand.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "..", "shared", "data", name)
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("the shared photograph %s is not here", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
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
