package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/replay"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// rig is a store with a clock that tests set.
type rig struct {
	*store.Store

	t *testing.T
}

func newRig(t *testing.T) rig {
	t.Helper()
	s, _ := open(t)
	return rig{s, t}
}

// take leases the next task for the holder, for a minute from after the start.
func (r rig) take(holder string, after time.Duration) (*photo.Work, time.Duration) {
	r.t.Helper()
	at := start().Add(after)
	work, next, err := r.Take(r.t.Context(), photo.Lease{Holder: holder, Until: at.Add(time.Minute)}, at)
	must(r.t, err)
	if next.IsZero() {
		return work, 0
	}
	return work, next.Sub(start())
}

// makeParts returns renditions of parts of a photo as they are to be.
func makeParts(t *testing.T, s *store.Store, id string, parts ...photo.Part) []*mediav1.Rendition {
	t.Helper()
	p, err := s.Get(t.Context(), name(id))
	must(t, err)
	var made []*mediav1.Rendition
	for _, part := range parts {
		a := photo.Address{Name: name(id), Generation: part.Generation(p), Width: 320, Format: part.Format}
		if part.Cut {
			a.Crop = mediav1.Rendition_CROP_WIDE
		}
		made = append(made, &mediav1.Rendition{Format: a.Format, Crop: a.Crop, Width: a.Width, Uri: a.String()})
	}
	return made
}

// finish makes everything of a photo.
func (r rig) finish(id string) {
	r.t.Helper()
	work, _ := r.take("finisher", 0)
	if work == nil || work.Name != name(id) {
		r.t.Fatalf("took %v, want %s", work, id)
	}
	must(r.t, r.Deliver(r.t.Context(), name(id), "finisher", makeParts(r.t, r.Store, id, work.Parts...), start()))
}

func (r rig) get(id string) *mediav1.Photo {
	r.t.Helper()
	p, err := r.Get(r.t.Context(), name(id))
	must(r.t, err)
	return p
}

// A lease belongs to one; when it was not extended, another one gets it and the
// first cannot show anything any more.
func TestLease(t *testing.T) {
	r := newRig(t)
	create(t, r.Store, "viena", "aa")
	work, _ := r.take("one", 0)
	if work == nil || work.Attempt != 1 || !slices.Equal(work.Parts, photo.Parts()) {
		t.Fatalf("took %+v, want everything of the photo", work)
	}
	if other, next := r.take("two", 59*time.Second); other != nil || next != time.Minute {
		t.Errorf("took %+v, next after %s; want nothing for a minute", other, next)
	}
	must(t, r.Extend(t.Context(), name("viena"), photo.Lease{Holder: "one", Until: start().Add(2 * time.Minute)}))
	if other, next := r.take("two", time.Minute); other != nil || next != 2*time.Minute {
		t.Errorf("took %+v, next after %s; want nothing for two minutes", other, next)
	}
	if other, _ := r.take("two", 2*time.Minute); other == nil || other.Attempt != 2 {
		t.Errorf("took %+v, want the photo that nobody works on any more", other)
	}
	made := makeParts(t, r.Store, "viena", photo.Parts()...)
	for doing, err := range map[string]error{
		"Extend":  r.Extend(t.Context(), name("viena"), photo.Lease{Holder: "one", Until: start().Add(time.Hour)}),
		"Deliver": r.Deliver(t.Context(), name("viena"), "one", made, start()),
	} {
		if !errors.Is(err, photo.ErrLost) {
			t.Errorf("%s of the first holder = %v, want ErrLost", doing, err)
		}
	}
	must(t, r.Return(t.Context(), name("viena"), "one", photo.Outcome{Failure: "late"}, start()))
	if p := r.get("viena"); p.GetFormatStatuses()[0].GetFailure() != "" || len(p.GetRenditions()) > 0 {
		t.Errorf("the first holder wrote %v", p)
	}
	must(t, r.Deliver(t.Context(), name("viena"), "two", made, start()))
	if p := r.get("viena"); p.GetState() != mediav1.Photo_STATE_ACTIVE || len(p.GetRenditions()) != 6 {
		t.Errorf("state %v with %d renditions", p.GetState(), len(p.GetRenditions()))
	}
	if work, next := r.take("three", time.Hour); work != nil || next != 0 {
		t.Errorf("took %+v of a photo that has everything", work)
	}
}

// What is urgent goes first, however long the rest has waited.
func TestPriorities(t *testing.T) {
	r := newRig(t)
	for _, id := range []string{"pirma", "antra", "trecia"} {
		create(t, r.Store, id, "aa")
		r.finish(id)
	}
	for id, priority := range map[string]recordv1.Task_Priority{
		"pirma": recordv1.Task_PRIORITY_BACKGROUND, "antra": recordv1.Task_PRIORITY_EDIT,
	} {
		if wanted, err := r.Enqueue(t.Context(), name(id), priority, true, start().Add(-time.Hour)); !wanted || err != nil {
			t.Errorf("Enqueue = %v, %v", wanted, err)
		}
	}
	if wanted, err := r.Enqueue(t.Context(), name("trecia"), recordv1.Task_PRIORITY_EDIT, false, start()); wanted || err != nil {
		t.Errorf("Enqueue of a photo that has everything = %v, %v", wanted, err)
	}
	create(t, r.Store, "nauja", "aa")
	var got []string
	for range 3 {
		work, _ := r.take("one", time.Second)
		got = append(got, work.Name.ID)
	}
	if !slices.Equal(got, []string{"nauja", "antra", "pirma"}) {
		t.Errorf("taken in the order %v", got)
	}
}

// An edit while the photo is worked on keeps the lease; what was made for the
// older texts is not shown.
func TestEditDuringWork(t *testing.T) {
	r := newRig(t)
	p := create(t, r.Store, "viena", "aa")
	r.take("one", 0)
	old := makeParts(t, r.Store, "viena", photo.Parts()...)
	edit := photo.Edit{Content: &mediav1.Photo{FocalPoint: &mediav1.Photo_FocalPoint{X: 1, Y: 0}}, Fields: []string{"focal_point"}, Etag: p.GetEtag()}
	_, err := r.Update(t.Context(), name("viena"), edit, "ona", replay.Request{}, start(), func(*mediav1.Photo) error { return nil })
	must(t, err)
	if work, _ := r.take("two", time.Second); work != nil {
		t.Errorf("a second one works on the photo: %+v", work)
	}
	must(t, r.Deliver(t.Context(), name("viena"), "one", old, start()))
	if p := r.get("viena"); len(p.GetRenditions()) != 3 || p.GetState() != mediav1.Photo_STATE_PROCESSING {
		t.Errorf("%d renditions in state %v, want the three whole ones", len(p.GetRenditions()), p.GetState())
	}
	must(t, r.Return(t.Context(), name("viena"), "one", photo.Outcome{}, start()))
	work, _ := r.take("two", time.Second)
	if work == nil || len(work.Parts) != 3 || !work.Parts[0].Cut {
		t.Errorf("left is %+v, want the cut ones", work)
	}
}

// The addresses of an earlier generation work for 30 days, and so long the
// sweeper keeps their objects.
func TestRetiredGenerations(t *testing.T) {
	r := newRig(t)
	p := create(t, r.Store, "viena", "aa")
	r.finish("viena")
	edit := photo.Edit{Content: &mediav1.Photo{Credit: "Jonas"}, Fields: []string{"credit"}, Etag: p.GetEtag()}
	changed, err := r.Update(t.Context(), name("viena"), edit, "ona", replay.Request{}, start(), func(*mediav1.Photo) error { return nil })
	must(t, err)
	if changed.GetGeneration() == p.GetGeneration() || changed.GetState() != mediav1.Photo_STATE_PROCESSING {
		t.Fatalf("generation %s, state %v after another credit", changed.GetGeneration(), changed.GetState())
	}
	retired := func(after time.Duration) (works, kept bool) {
		t.Helper()
		works, err := r.Retired(t.Context(), name("viena"), p.GetGeneration(), start().Add(after))
		must(t, err)
		generations, _, err := r.Generations(t.Context(), "aa", start().Add(after))
		must(t, err)
		return works, slices.Contains(generations, p.GetGeneration())
	}
	if works, kept := retired(0); works || !kept {
		t.Errorf("while it is told: retired %v, kept %v", works, kept)
	}
	r.finish("viena")
	for after, want := range map[time.Duration]bool{0: true, store.RetiredLife - time.Second: true, store.RetiredLife: false} {
		if works, kept := retired(after); works != want || kept != want {
			t.Errorf("after %s: retired %v, kept %v; want %v", after, works, kept, want)
		}
	}
}

// Renditions that are being removed are not made at the same time.
func TestNoWorkWhileSweeping(t *testing.T) {
	r := newRig(t)
	create(t, r.Store, "viena", "aa")
	kept, condemned, err := r.CondemnStale(t.Context(), "aa", start())
	must(t, err)
	if !condemned || len(kept) == 0 {
		t.Fatalf("CondemnStale = %v, %v", kept, condemned)
	}
	if work, next := r.take("one", 0); work != nil || next == 0 {
		t.Errorf("took %+v, next after %s", work, next)
	}
	must(t, r.Acquit(t.Context(), "aa"))
	if work, _ := r.take("one", 3*time.Second); work == nil {
		t.Error("the work does not go on")
	}
}
