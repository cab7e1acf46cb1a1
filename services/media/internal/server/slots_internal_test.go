package server

import "testing"

// TestSlots has one person take all that they can, then others the rest.
func TestSlots(t *testing.T) {
	s := newSlots(4)
	var held []func()
	for _, step := range []struct {
		person string
		want   bool
	}{{"ona", true}, {"ona", true}, {"ona", false}, {"jonas", true}, {"petras", true}, {"jonas", false}} {
		release, ok := s.take(step.person)
		if ok != step.want {
			t.Fatalf("%s with %d taken: %v", step.person, len(held), ok)
		}
		if ok {
			held = append(held, release)
		}
	}
	held[0]()
	held[0]() // counts once
	if _, ok := s.take("ona"); !ok {
		t.Error("a place that was given back is not free")
	}
	if _, ok := s.take("jonas"); ok {
		t.Error("a place was given back twice")
	}
	if release, ok := newSlots(1).take("ona"); !ok {
		t.Error("the only place is nobody's")
	} else {
		release()
	}
}
