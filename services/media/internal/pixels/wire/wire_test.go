package wire_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

func TestRoundTrip(t *testing.T) {
	var stream bytes.Buffer
	want := wire.Rendition{Format: "jpeg", Width: 320, Height: 200}
	if err := wire.Write(&stream, wire.KindRendition, want, []byte("body")); err != nil {
		t.Fatal(err)
	}
	if err := wire.Write(&stream, wire.KindDone, struct{}{}, nil); err != nil {
		t.Fatal(err)
	}

	head, err := wire.ReadHead(&stream, 4)
	if err != nil {
		t.Fatal(err)
	}
	var got wire.Rendition
	if err := head.Decode(&got); err != nil {
		t.Fatal(err)
	}
	body, err := wire.ReadBody(&stream, head)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || string(body) != "body" {
		t.Errorf("body %q, message (-want +got):\n%s", body, diff)
	}
	if head, err = wire.ReadHead(&stream, 0); err != nil || head.Kind != wire.KindDone {
		t.Errorf("got %q, %v, want done", head.Kind, err)
	}
	if _, err := wire.ReadHead(&stream, 0); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: got %v, want io.EOF", err)
	}
}

func TestHostileFramesAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, stream string
	}{
		{"cut in the prefix", "R\x00\x00"},
		{"huge header", "R\xff\xff\xff\xff\x00\x00\x00\x00"},
		{"huge body", "R\x00\x00\x00\x02\xff\xff\xff\xff{}"},
		{"cut in the header", "R\x00\x00\x00\x05\x00\x00\x00\x00{}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if head, err := wire.ReadHead(bytes.NewReader([]byte(c.stream)), 1<<20); err == nil {
				t.Errorf("got %+v, want an error", head)
			}
		})
	}
	if err := wire.WriteHead(io.Discard, wire.KindDone, struct{}{}, -1); err == nil {
		t.Error("a negative size was written")
	}
}

func FuzzReadHead(f *testing.F) {
	f.Add([]byte("R\x00\x00\x00\x02\x00\x00\x00\x01{}x"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		const limit = 1 << 10
		head, err := wire.ReadHead(bytes.NewReader(stream), limit)
		if err == nil && (head.Body > limit || len(head.Header) > wire.MaxHeader) {
			t.Errorf("accepted %d header and %d body bytes", len(head.Header), head.Body)
		}
	})
}

func TestLadder(t *testing.T) {
	all := []int{320, 640, 960, 1280, 1920, 2560}
	for _, c := range []struct {
		name   string
		wanted []int
		width  int
		want   []int
	}{
		{"larger than all", all, 6000, []int{2560, 1920, 1280, 960, 640, 320}},
		{"in between", all, 1500, []int{1500, 1280, 960, 640, 320}},
		{"exactly a rung", all, 1280, []int{1280, 960, 640, 320}},
		{"smaller than all", all, 50, []int{50}},
		{"twice the same", []int{64, 64, 32}, 100, []int{64, 32}},
		{"nothing wanted", nil, 100, nil},
		{"no photo", all, 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, wire.Ladder(c.wanted, c.width)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHeight(t *testing.T) {
	for _, c := range []struct{ width, fullWidth, fullHeight, want int }{
		{320, 4288, 2848, 213},
		{320, 320, 213, 213},
		{2560, 16000, 1, 1},
	} {
		if got := wire.Height(c.width, c.fullWidth, c.fullHeight); got != c.want {
			t.Errorf("Height(%d, %d, %d) = %d, want %d", c.width, c.fullWidth, c.fullHeight, got, c.want)
		}
	}
}
