package worker_test

import (
	"fmt"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

// TestCutShort cuts each kind of file at every tenth and a little before its
// end. No part of a photo is taken for the photo.
func TestCutShort(t *testing.T) {
	b := startBatch(t)
	for name, file := range phototest.Kinds(t, 600, 450) {
		t.Run(name, func(t *testing.T) {
			if got, err := b.render(file, small()); got != "rendered" || err != nil {
				t.Fatalf("whole: %s, %v", got, err)
			}
			cuts := map[string]int{"without its last 1 %": len(file) * 99 / 100, "1 byte": 1}
			for tenth := 1; tenth < 10; tenth++ {
				cuts[fmt.Sprintf("%d %%", 10*tenth)] = len(file) * tenth / 10
			}
			for cut, size := range cuts {
				want := "corrupt"
				if size == 1 {
					want = "unsupported_format"
				}
				if got, err := b.render(file[:size], small()); got != want || err != nil {
					t.Errorf("%s (%d of %d bytes): %s, %v, want %s", cut, size, len(file), got, err, want)
				}
			}
		})
	}
	if err := b.end(); err != nil {
		t.Error(err)
	}
}
