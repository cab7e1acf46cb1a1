package hub

import (
	"errors"
	"testing"
)

func event(version uint64, size int) *Event {
	return &Event{told: Told{Version: version}, Frame: make([]byte, size)}
}

func TestRing(t *testing.T) {
	for _, c := range []struct {
		name        string
		sizes       []int
		first, kept uint64
		floor       uint64
	}{
		{"nothing", nil, 0, 0, 7},
		{"all fit", []int{1, 1, 1}, 0, 3, 7},
		{"too many", []int{1, 1, 1, 1, 1}, 2, 3, 11},
		{"too large together", []int{60, 30, 30}, 1, 2, 10},
		{"one too large for all others", []int{1, 1, 500}, 2, 1, 11},
		{"too large ones after each other", []int{500, 500}, 1, 1, 10},
	} {
		r := ring{floor: 7, maxEvents: 3, maxBytes: 100}
		for i, size := range c.sizes {
			r.add(event(10+uint64(i), size))
		}
		if r.first != c.first || uint64(len(r.events)) != c.kept || r.floor != c.floor {
			t.Errorf("%s: from %d on %d, floor %d; want %d, %d, %d", c.name, r.first, len(r.events), r.floor, c.first, c.kept, c.floor)
		}
	}
}

func TestRingPositions(t *testing.T) {
	r := ring{maxEvents: 3, maxBytes: 100}
	for _, version := range []uint64{10, 12, 12, 15, 19} {
		r.add(event(version, 1))
	}
	for version, want := range map[uint64]uint64{11: 2, 12: 3, 14: 3, 15: 4, 18: 4, 19: 5, 25: 5} {
		if got := r.seek(version); got != want {
			t.Errorf("after %d comes position %d, want %d", version, got, want)
		}
	}
	if _, err := r.get(1); !errors.Is(err, errBehind) {
		t.Errorf("what is gone: %v", err)
	}
	if e, err := r.get(4); err != nil || e.told.Version != 19 {
		t.Errorf("the newest: %v, %v", e, err)
	}
	if e, err := r.get(5); err != nil || e != nil {
		t.Errorf("what has not come: %v, %v", e, err)
	}
}

func TestShown(t *testing.T) {
	var s shown
	about := func(id string, asOf uint64) *Event {
		return &Event{told: Told{Name: Name{ID: id}}, asOf: asOf}
	}
	s.everything(20)
	if !s.beyond(about("a", 19)) {
		t.Error("an event from before the snapshot is taken")
	}
	s.one(Name{ID: "a"}, 25)
	for _, c := range []struct {
		name, id string
		asOf     uint64
		want     bool
	}{
		{"another article", "b", 22, false},
		{"the article that was read again", "a", 22, true},
		{"later", "a", 25, false},
		{"the same article once more", "a", 26, false},
	} {
		if got := s.beyond(about(c.id, c.asOf)); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
