package expiry_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/expiry"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/store/storetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func name(i int) photo.Name {
	return photo.Name{Site: "biblioteka", ID: fmt.Sprintf("nuotrauka-%03d", i)}
}

func create(t *testing.T, s *store.Store, i int, ends time.Time) {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Microsecond)
	content := &mediav1.Photo{License: &mediav1.License{ExpireTime: timestamppb.New(ends)}}
	p, err := photo.New(name(i), content, photo.Facts{SHA256: "aa"}, "ona", now)
	must(t, err)
	storetest.Use(t, s, now, fmt.Sprintf("sites/biblioteka/articles/a-%d", i), true, name(i))
	_, err = s.Create(t.Context(), p, replay.Request{}, now)
	must(t, err)
}

func published(t *testing.T, s *store.Store, i int) bool {
	t.Helper()
	p, err := s.Get(t.Context(), name(i))
	must(t, err)
	return p.GetPublished()
}

// counter counts the rights that a scheduler really ended.
type counter struct {
	*store.Store

	mu    sync.Mutex
	ended int
	fail  string // the photo that cannot be written
}

func (c *counter) Expire(ctx context.Context, due store.Due, now time.Time) (bool, error) {
	if due.Name.ID == c.fail {
		return false, errors.New("the disk is full")
	}
	expired, err := c.Store.Expire(ctx, due, now)
	if expired {
		c.mu.Lock()
		c.ended++
		c.mu.Unlock()
	}
	return expired, err
}

// TestRun lets two replicas end rights: in time, once, also of what was written
// while they waited and of what had ended while none ran.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
		must(t, err)
		defer func() { must(t, records.Close()) }()
		s := store.New(records)
		begin := time.Now()
		create(t, s, 0, begin.Add(time.Minute))
		<-time.After(2 * time.Minute)
		if !published(t, s, 0) {
			t.Fatal("the flag fell without a scheduler; the test proves nothing")
		}

		table := &counter{Store: s}
		ctx, cancel := context.WithCancel(t.Context())
		var replicas sync.WaitGroup
		for range 2 {
			replicas.Go(func() { (&expiry.Scheduler{Records: table, Log: testkit.Log(t)}).Run(ctx) })
		}
		synctest.Wait()
		if published(t, s, 0) {
			t.Error("what ended while nothing ran is still public")
		}
		now := time.Now()
		create(t, s, 1, now.Add(90*time.Minute))
		create(t, s, 2, now.Add(10*time.Second)) // sooner than what they wait for
		for _, test := range []struct {
			after     time.Duration
			one, two  bool
			endedThen int
		}{
			{9 * time.Second, true, true, 1},
			{10 * time.Second, true, false, 2},
			{89 * time.Minute, true, false, 2},
			{90 * time.Minute, false, false, 3},
		} {
			<-time.After(time.Until(now.Add(test.after)))
			synctest.Wait()
			if one, two := published(t, s, 1), published(t, s, 2); one != test.one || two != test.two {
				t.Errorf("after %s public: %v, %v", test.after, one, two)
			}
			table.mu.Lock()
			if table.ended != test.endedThen {
				t.Errorf("after %s %d photos were ended", test.after, table.ended)
			}
			table.mu.Unlock()
		}
		cancel()
		replicas.Wait()
	})
}

// TestOneFailureStopsNoOther ends more rights than fit one look at the rows.
func TestOneFailureStopsNoOther(t *testing.T) {
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	defer func() { must(t, records.Close()) }()
	s := store.New(records)
	now := time.Now().Add(time.Hour)
	for i := range 130 {
		create(t, s, i, now.Add(time.Duration(i+1)*time.Millisecond))
	}
	table := &counter{Store: s, fail: name(0).ID}
	scheduler := &expiry.Scheduler{Records: table, Log: testkit.Log(t)}
	if wait := scheduler.Step(t.Context(), now.Add(120*time.Millisecond)); wait <= 0 || wait > 2*time.Millisecond {
		t.Errorf("the next step waits for %s, want the next photo", wait)
	}
	if table.ended != 119 {
		t.Errorf("%d rights were ended, want all due but the one that fails", table.ended)
	}
	table.fail = ""
	scheduler.Step(t.Context(), now.Add(time.Second))
	if table.ended != 130 {
		t.Errorf("%d rights were ended after the failure was mended", table.ended)
	}
}
