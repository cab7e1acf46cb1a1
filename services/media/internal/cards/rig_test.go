package cards_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

const site = "sites/biblioteka"

var objects miniotest.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	objects.Close()
	os.Exit(code)
}

// feed is an article service of one site that sends what a test tells it to. It
// stands in for the real one, which another service may not import;
// internal/e2e runs both.
type feed struct {
	articlev1.UnimplementedArticleServiceServer

	site   atomic.Pointer[articlev1.Site]
	events chan *articlev1.WatchArticlesResponse
}

func (f *feed) WatchArticles(_ *articlev1.WatchArticlesRequest, stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	for {
		select {
		case event := <-f.events:
			if err := stream.Send(event); err != nil {
				return err
			}
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
}

func (f *feed) GetSite(context.Context, *articlev1.GetSiteRequest) (*articlev1.Site, error) {
	return f.site.Load(), nil
}

// rig is a store, a bucket and an article service for keepers.
type rig struct {
	*feed

	t       *testing.T
	store   *store.Store
	objects *blobs.Store
	keeper  *cards.Keeper
}

func newRig(t *testing.T) *rig {
	t.Helper()
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	s3 := objects.Server(t)
	bucket, err := blobs.Open(blobs.Config{
		Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "cards-" + uuid.NewString(),
	})
	must(t, err)
	r := &rig{feed: &feed{events: make(chan *articlev1.WatchArticlesResponse)}, t: t, store: store.New(records), objects: bucket}
	r.site.Store(&articlev1.Site{Name: site, Title: "Biblioteka"})
	return r
}

// run runs a keeper until stop is called or the test ends.
func (r *rig) run() (stop func()) {
	r.t.Helper()
	server := testkit.Start(r.t, func(s grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(s, r.feed) })
	keeper, err := cards.New(cards.Config{
		Records: r.store, Objects: r.objects, Articles: articlev1.NewArticleServiceClient(server.As(auth.Anonymous)),
		SiteEvery: 50 * time.Millisecond, Log: testkit.Log(r.t),
	})
	must(r.t, err)
	r.keeper = keeper
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.t.Context()))
	var running sync.WaitGroup
	running.Go(func() { keeper.Run(ctx) })
	stop = func() { cancel(); running.Wait() }
	r.t.Cleanup(stop)
	return stop
}

func articleName(id string) string { return site + "/articles/" + id }

func photoName(id string) string { return named(id).String() }

func article(id, title, cover string) *articlev1.Article {
	a := &articlev1.Article{Name: articleName(id), Title: title, LanguageCode: "lt"}
	if cover != "" {
		a.Cover = &articlev1.PhotoPlacement{Photo: photoName(cover)}
	}
	return a
}

func (r *rig) send(event *articlev1.WatchArticlesResponse) {
	r.t.Helper()
	select {
	case r.events <- event:
	case <-time.After(deadline):
		r.t.Fatal("nobody follows the articles")
	}
}

func (r *rig) publish(id, title, cover string) {
	r.t.Helper()
	r.send(&articlev1.WatchArticlesResponse{
		Kind: articlev1.WatchArticlesResponse_KIND_UPDATED, Name: articleName(id), Article: article(id, title, cover), ResumeToken: "t",
	})
}

func (r *rig) unpublish(id string) {
	r.t.Helper()
	r.send(&articlev1.WatchArticlesResponse{Kind: articlev1.WatchArticlesResponse_KIND_DELETED, Name: articleName(id), ResumeToken: "t"})
}

func (r *rig) snapshot(articles ...*articlev1.Article) {
	r.t.Helper()
	for _, a := range articles {
		r.send(&articlev1.WatchArticlesResponse{Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT, Name: a.GetName(), Article: a})
	}
	r.send(&articlev1.WatchArticlesResponse{Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END, ResumeToken: "t"})
}

// photo stores a photo with one rendition.
func (r *rig) photo(id string, focal *mediav1.Photo_FocalPoint) {
	r.t.Helper()
	now := time.Now()
	p, err := photo.New(named(id), nil, photo.Facts{SHA256: r.sha(id)}, "ona", now)
	must(r.t, err)
	p.Renditions, p.FocalPoint = r.renditions(id), focal
	_, err = r.store.Create(r.t.Context(), p, replay.Request{ID: id}, now)
	must(r.t, err)
	data := reds(r.t)
	key := blobs.Rendition(r.sha(id), "r1", "1200.jpg")
	must(r.t, r.objects.Put(r.t.Context(), key, bytes.NewReader(data), int64(len(data)), "image/jpeg"))
}

// sha is of no real original: nothing here reads one.
func (r *rig) sha(string) string { return strings.Repeat("a", 64) }

func (r *rig) renditions(id string) []*mediav1.Rendition {
	address := photo.Address{Name: named(id), Generation: "r1", Width: 1200, Format: mediav1.Rendition_FORMAT_JPEG}
	return []*mediav1.Rendition{{Format: mediav1.Rendition_FORMAT_JPEG, Width: 1200, Height: 630, Uri: address.String()}}
}

// withdraw takes a photo away, restore brings it back.
func (r *rig) withdraw(id string) {
	r.t.Helper()
	r.remove(id, mediav1.WatchPhotosResponse_KIND_WITHDRAWN, func(p *mediav1.Photo) (*mediav1.Photo, error) {
		return photo.Withdraw(p, "Prašymas", time.Hour, time.Now())
	})
}

func (r *rig) restore(id string) {
	r.t.Helper()
	r.remove(id, mediav1.WatchPhotosResponse_KIND_UPDATED, func(p *mediav1.Photo) (*mediav1.Photo, error) {
		return photo.Restore(p, time.Now())
	})
}

func (r *rig) remove(id string, kind mediav1.WatchPhotosResponse_Kind, change func(*mediav1.Photo) (*mediav1.Photo, error)) {
	r.t.Helper()
	_, err := r.store.Remove(r.t.Context(), named(id), store.Removal{
		Kind: kind, Change: change, Permit: func(*mediav1.Photo) error { return nil },
	}, time.Now())
	must(r.t, err)
}

// await waits until the card of an article is drawn as another generation than
// before, and off the queue.
func (r *rig) await(id, before string) *recordv1.DrawnCard {
	r.t.Helper()
	var drawn *recordv1.DrawnCard
	r.until("drawn: "+id, func() bool {
		card, err := r.store.Card(r.t.Context(), articleName(id))
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return false
		}
		must(r.t, err)
		drawn = card.GetDrawn()
		return drawn != nil && drawn.GetGeneration() != before && !r.queued(id)
	})
	return drawn
}

func (r *rig) awaitGone(id string) {
	r.t.Helper()
	r.until("gone: "+id, func() bool {
		_, err := r.store.Card(r.t.Context(), articleName(id))
		return fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	})
}

func (r *rig) awaitQueued(id string) {
	r.t.Helper()
	r.until("queued: "+id, func() bool { return r.queued(id) })
}

func (r *rig) queued(id string) bool {
	r.t.Helper()
	jobs, err := r.store.CardQueue(r.t.Context(), "", 100)
	must(r.t, err)
	for _, job := range jobs {
		if job.Article == articleName(id) {
			return true
		}
	}
	return false
}

func (r *rig) until(what string, done func() bool) {
	r.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(deadline)
	for !done() {
		select {
		case <-tick.C:
		case <-limit:
			r.t.Fatalf("not %s", what)
		}
	}
}

// object reads the object of a card.
func (r *rig) object(id, generation string) []byte {
	r.t.Helper()
	var file bytes.Buffer
	must(r.t, r.objects.Fetch(r.t.Context(), blobs.Card(articleName(id), generation), &file))
	return file.Bytes()
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
