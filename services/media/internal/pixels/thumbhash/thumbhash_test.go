package thumbhash_test

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/thumbhash"
)

// fill makes a picture of one color.
func fill(width, height int, r, g, b, a byte) []byte {
	return bytes.Repeat([]byte{r, g, b, a}, width*height)
}

func near(a, b uint8, by int) bool { return int(a)-int(b) <= by && int(b)-int(a) <= by }

func TestAverageColorSurvives(t *testing.T) {
	for _, c := range []struct {
		name       string
		r, g, b, a byte
	}{
		{"black", 0, 0, 0, 255},
		{"white", 255, 255, 255, 255},
		{"red", 255, 0, 0, 255},
		{"green", 0, 255, 0, 255},
		{"blue", 0, 0, 255, 255},
		{"amber", 200, 130, 20, 255},
		{"half transparent amber", 200, 130, 20, 128},
	} {
		t.Run(c.name, func(t *testing.T) {
			hash, err := thumbhash.Encode(32, 20, fill(32, 20, c.r, c.g, c.b, c.a))
			if err != nil {
				t.Fatal(err)
			}
			r, g, b, a, err := thumbhash.AverageColor(hash)
			if err != nil {
				t.Fatal(err)
			}
			if !near(r, c.r, 10) || !near(g, c.g, 10) || !near(b, c.b, 10) || !near(a, c.a, 9) {
				t.Errorf("got %d %d %d %d of %d %d %d %d", r, g, b, a, c.r, c.g, c.b, c.a)
			}
		})
	}
}

func TestAverageColorOfNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	rgba := make([]byte, 40*60*4)
	var sum [3]int
	for i := 0; i < len(rgba); i += 4 {
		for c, top := range []int{256, 128, 64} {
			rgba[i+c] = byte(random.IntN(top))
			sum[c] += int(rgba[i+c])
		}
		rgba[i+3] = 255
	}
	hash, err := thumbhash.Encode(40, 60, rgba)
	if err != nil {
		t.Fatal(err)
	}
	r, g, b, _, err := thumbhash.AverageColor(hash)
	if err != nil {
		t.Fatal(err)
	}
	for c, got := range []uint8{r, g, b} {
		if want := uint8(sum[c] / 2400); !near(got, want, 10) {
			t.Errorf("channel %d: got %d, want about %d", c, got, want)
		}
	}
}

func TestShape(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int
		landscape     bool
		maxBytes      int
	}{
		{"landscape", 32, 21, true, 25},
		{"portrait", 21, 32, false, 25},
		{"square", 32, 32, false, 25},
		{"one pixel", 1, 1, false, 25},
		{"a line", 100, 1, true, 25},
	} {
		t.Run(c.name, func(t *testing.T) {
			hash, err := thumbhash.Encode(c.width, c.height, fill(c.width, c.height, 9, 99, 199, 255))
			if err != nil {
				t.Fatal(err)
			}
			if got := hash[4]&0x80 != 0; got != c.landscape {
				t.Errorf("landscape bit: got %v, want %v", got, c.landscape)
			}
			if hash[2]&0x80 != 0 {
				t.Error("an opaque picture is marked as transparent")
			}
			if len(hash) > c.maxBytes {
				t.Errorf("%d bytes, want at most %d", len(hash), c.maxBytes)
			}
		})
	}
}

func TestLeftAndRightDiffer(t *testing.T) {
	left := fill(20, 20, 0, 0, 0, 255)
	right := fill(20, 20, 0, 0, 0, 255)
	for y := range 20 {
		for x := range 10 {
			copy(left[(y*20+x)*4:], []byte{255, 255, 255})
			copy(right[(y*20+x+10)*4:], []byte{255, 255, 255})
		}
	}
	a, errA := thumbhash.Encode(20, 20, left)
	b, errB := thumbhash.Encode(20, 20, right)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if bytes.Equal(a, b) {
		t.Error("mirrored pictures have the same hash")
	}
	if !bytes.Equal(a[:2], b[:2]) {
		t.Error("mirrored pictures have different averages")
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name                string
		width, height, size int
	}{
		{"nothing", 0, 0, 0},
		{"too wide", 101, 1, 404},
		{"too few bytes", 2, 2, 15},
	} {
		t.Run(c.name, func(t *testing.T) {
			if hash, err := thumbhash.Encode(c.width, c.height, make([]byte, c.size)); err == nil {
				t.Errorf("got %s, want an error", base64.StdEncoding.EncodeToString(hash))
			}
		})
	}
	if _, _, _, _, err := thumbhash.AverageColor([]byte{1, 2, 0x80, 4, 5}); err == nil {
		t.Error("a hash without its alpha byte was read")
	}
}
