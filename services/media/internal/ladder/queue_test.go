package ladder_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/ladder"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// witness sees who works on what, over all instances that share it.
type witness struct {
	*store.Store

	t         *testing.T
	mu        sync.Mutex
	working   map[photo.Name]string
	delivered map[string]int // by photo and format
	takers    map[string]int // photos by instance
}

// instance is what one instance has of the store.
type instance struct {
	*witness

	id string
}

func (w instance) Take(ctx context.Context, lease photo.Lease, now time.Time) (*photo.Work, time.Time, error) {
	work, next, err := w.Store.Take(ctx, lease, now)
	if work != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		if other := w.working[work.Name]; other != "" {
			w.t.Errorf("%s works on %s while %s does", w.id, work.Name, other)
		}
		w.working[work.Name] = w.id
		w.takers[w.id]++
	}
	return work, next, err
}

func (w instance) Deliver(ctx context.Context, name photo.Name, holder string, made []*mediav1.Rendition, now time.Time) error {
	w.mu.Lock()
	w.delivered[fmt.Sprint(name, made[0].GetFormat())]++
	w.mu.Unlock()
	return w.Store.Deliver(ctx, name, holder, made, now)
}

func (w instance) Return(ctx context.Context, name photo.Name, holder string, outcome photo.Outcome, now time.Time) error {
	w.mu.Lock()
	delete(w.working, name)
	w.mu.Unlock()
	return w.Store.Return(ctx, name, holder, outcome, now)
}

// Two instances over one store share the work, and none does what the other one
// does.
func TestTwoInstances(t *testing.T) {
	const photos = 8
	w := &witness{
		Store: records(t), t: t,
		working: make(map[photo.Name]string), delivered: make(map[string]int), takers: make(map[string]int),
	}
	b := bucket(t)
	for i := range photos {
		create(t, w.Store, b, fmt.Sprintf("foto-%d", i), uint8(i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	for _, id := range []string{"one", "two"} {
		log := testkit.Log(t)
		q := ladder.NewQueue(ladder.QueueConfig{
			Maker: ladder.NewMaker(pixels.New(pixels.Config{Concurrency: 2, Logger: log}), b), Objects: b,
			Records: instance{w, id}, SpoolDir: t.TempDir(), MaxBytes: 1 << 20, Lanes: 2, Log: log,
		})
		running.Go(func() { q.Run(ctx) })
	}
	for i := range photos {
		p := await(t, w.Store, name(fmt.Sprintf("foto-%d", i)))
		if p.GetState() != mediav1.Photo_STATE_ACTIVE || len(photo.Missing(p)) > 0 {
			t.Errorf("%s is %v without %v", p.GetName(), p.GetState(), photo.Missing(p))
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.delivered) != 3*photos {
		t.Errorf("%d formats were made, want 3 of each photo", len(w.delivered))
	}
	for what, times := range w.delivered {
		if times != 1 {
			t.Errorf("%s was made %d times", what, times)
		}
	}
	if len(w.takers) != 2 {
		t.Errorf("the instances took %v: one had nothing to do", w.takers)
	}
}

// await follows a photo until nothing is wanted of it any more.
func await(t *testing.T, s *store.Store, name photo.Name) *mediav1.Photo {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	position, err := s.Now(ctx)
	must(t, err)
	p, err := s.Get(ctx, name)
	must(t, err)
	if p.GetState() != mediav1.Photo_STATE_PROCESSING {
		return p
	}
	for event, err := range s.Watch(ctx, name.Site, position) {
		must(t, err)
		if event.Photo.GetName() == name.String() && event.Photo.GetState() != mediav1.Photo_STATE_PROCESSING {
			return event.Photo
		}
	}
	t.Fatalf("%s stays in state PROCESSING", name)
	return nil
}

// A photo that fails again and again is tried ten times within nine minutes,
// then given up; who asks for it again has it tried again.
func TestFailingPhotoIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := records(t)
		create(t, s, nil, "gedimas", 0)
		ctx, cancel := context.WithCancel(t.Context())
		q := ladder.NewQueue(ladder.QueueConfig{
			Records: s, SpoolDir: filepath.Join(t.TempDir(), "missing"), MaxBytes: 1 << 20, Log: slog.New(slog.DiscardHandler),
		})
		began := time.Now()
		ended := make(chan struct{})
		go func() { defer close(ended); q.Run(ctx) }()
		<-time.After(10 * time.Second)
		p := get(t, s)
		if status := p.GetFormatStatuses()[2]; status.GetState() != mediav1.FormatStatus_STATE_PROCESSING ||
			status.GetAttemptCount() != 4 || status.GetFailure() == "" || p.GetState() != mediav1.Photo_STATE_PROCESSING {
			t.Errorf("after %s: %v, want PROCESSING after 4 attempts, and why", time.Since(began), status)
		}
		<-time.After(9 * time.Minute)
		p = get(t, s)
		for _, status := range p.GetFormatStatuses() {
			if status.GetState() != mediav1.FormatStatus_STATE_FAILED || status.GetAttemptCount() != 10 || status.GetFailure() == "" {
				t.Errorf("after %s: %v, want FAILED after 10 attempts", time.Since(began), status)
			}
		}
		if p.GetState() != mediav1.Photo_STATE_FAILED {
			t.Errorf("state = %v", p.GetState())
		}
		if wanted, err := q.Enqueue(ctx, name("gedimas"), recordv1.Task_PRIORITY_EDIT, false); !wanted || err != nil {
			t.Errorf("Enqueue = %v, %v", wanted, err)
		}
		<-time.After(10 * time.Second)
		if status := get(t, s).GetFormatStatuses()[0]; status.GetState() != mediav1.FormatStatus_STATE_PROCESSING || status.GetAttemptCount() != 4 {
			t.Errorf("after asking again: %v", status)
		}
		cancel()
		<-ended
	})
}

func get(t *testing.T, s *store.Store) *mediav1.Photo {
	t.Helper()
	p, err := s.Get(t.Context(), name("gedimas"))
	must(t, err)
	return p
}
