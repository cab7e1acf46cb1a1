package server_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// listener watches, goes away now and then, and comes back with its last token.
type listener struct {
	client mediav1.MediaServiceClient
	random *rand.Rand
	etags  map[string]string // by name, as told last
	kinds  map[mediav1.WatchPhotosResponse_Kind]int
}

// listen watches until the photo was told.
func (l *listener) listen(ctx context.Context, last string) error {
	req := &mediav1.WatchPhotosRequest{Parent: testkit.Site}
	for {
		done, err := l.visit(ctx, req, last)
		if done || err != nil {
			return err
		}
	}
}

// visit watches for a few messages.
func (l *listener) visit(ctx context.Context, req *mediav1.WatchPhotosRequest, last string) (done bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := l.client.WatchPhotos(ctx, req)
	if err != nil {
		return false, err
	}
	for stay := 5 + l.random.IntN(40); stay > 0 || req.GetResumeToken() == ""; stay-- {
		message, err := stream.Recv()
		if err != nil {
			return false, err
		}
		if err := l.hear(message); err != nil {
			return false, err
		}
		if message.GetResumeToken() != "" {
			req.ResumeToken = message.GetResumeToken()
		}
		if message.GetName() == last {
			return true, nil
		}
	}
	return false, nil
}

// hear notes what was told; a photo never goes back to an older revision.
func (l *listener) hear(m *mediav1.WatchPhotosResponse) error {
	l.kinds[m.GetKind()]++
	if m.GetName() == "" {
		return nil
	}
	if photo.RevisionOf(m.GetPhoto().GetEtag()) < photo.RevisionOf(l.etags[m.GetName()]) {
		return fmt.Errorf("%s went back from %s to %s", m.GetName(), l.etags[m.GetName()], m.GetPhoto().GetEtag())
	}
	l.etags[m.GetName()] = m.GetPhoto().GetEtag()
	return nil
}

// Watchers who come and go hear of every change, while several write.
func TestWatchMissesNothing(t *testing.T) {
	s := newSuiteOn(t, objects.Server(t), func(c *serverConfig) { c.MaxWatchers = 20 })
	const writers, edits, watchers = 4, 40, 6
	var all []*mediav1.Photo
	for i := range writers * 3 {
		all = append(all, s.recorded(t, fmt.Sprintf("nuotrauka-%02d", i), nil))
	}
	last := testkit.Site + "/photos/paskutine"
	listeners := make([]*listener, watchers)
	var listening sync.WaitGroup
	for i := range listeners {
		l := &listener{
			client: s.client(auth.Author), random: rand.New(rand.NewPCG(3, uint64(i))),
			etags: make(map[string]string), kinds: make(map[mediav1.WatchPhotosResponse_Kind]int),
		}
		listeners[i] = l
		listening.Go(func() {
			if err := l.listen(t.Context(), last); err != nil {
				t.Errorf("watcher %d: %v", i, err)
			}
		})
	}
	var writing sync.WaitGroup
	for i := range writers {
		writing.Go(func() {
			if err := s.edit(t.Context(), all[i*3:i*3+3], edits); err != nil {
				t.Error(err)
			}
		})
	}
	writing.Wait()
	s.recorded(t, "paskutine", nil)
	listening.Wait()
	want := make(map[string]string)
	for p, err := range s.store.Walk(t.Context(), "-") {
		must(t, err)
		want[p.GetName()] = p.GetEtag()
	}
	for i, l := range listeners {
		if diff := cmp.Diff(want, l.etags); diff != "" {
			t.Errorf("watcher %d ends with another state: %s", i, diff)
		}
		if l.kinds[mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END] != 1 {
			t.Errorf("watcher %d heard %v", i, l.kinds)
		}
	}
	if stats := s.hub.Stats(); stats.Shared == 0 || stats.TooSlow != 0 {
		t.Errorf("got %+v", stats)
	}
}

// edit changes the credit of photos in turn.
func (s *suite) edit(ctx context.Context, photos []*mediav1.Photo, times int) error {
	for n := range times {
		at := n % len(photos)
		name, err := photo.ParseName("name", photos[at].GetName())
		if err != nil {
			return err
		}
		edit := photo.Edit{Content: &mediav1.Photo{Credit: fmt.Sprint(n)}, Fields: []string{"credit"}, Etag: photos[at].GetEtag()}
		photos[at], err = s.store.Update(ctx, name, edit, "ona", replay.Request{}, time.Now(), func(*mediav1.Photo) error { return nil })
		if err != nil {
			return err
		}
	}
	return nil
}

// One change is encoded once, however many watch, and each hears it with a token
// of its own kind.
func TestWatchersShareEvents(t *testing.T) {
	s := newSuiteOn(t, objects.Server(t), func(c *serverConfig) { c.MaxWatchers = 20 })
	const watchers = 10
	var streams []mediav1.MediaService_WatchPhotosClient
	for range watchers {
		stream, _ := watching(t, s.client(auth.Author), &mediav1.WatchPhotosRequest{Parent: testkit.Site})
		if end := next(t, stream); end.GetKind() != mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END {
			t.Fatalf("got %v", end)
		}
		streams = append(streams, stream)
	}
	for s.hub.Stats().Watchers < watchers { // until all follow
		select {
		case <-time.After(time.Millisecond):
		case <-t.Context().Done():
			t.Fatal(errors.New("the watchers did not come"))
		}
	}
	p := s.recorded(t, "viena", nil)
	for _, stream := range streams {
		m := next(t, stream)
		if m.GetKind() != mediav1.WatchPhotosResponse_KIND_CREATED || m.GetPhoto().GetEtag() != p.GetEtag() || m.GetResumeToken() == "" {
			t.Errorf("got %v", m)
		}
	}
	if stats := s.hub.Stats(); stats.Shared != 1 || stats.Alone != 0 {
		t.Errorf("%d watchers cost %+v", watchers, stats)
	}
}
