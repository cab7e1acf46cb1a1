package server_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/minio"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	find "github.com/skaitykla/skaitykla/internal/search"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
	photohub "github.com/skaitykla/skaitykla/services/media/internal/hub"
	"github.com/skaitykla/skaitykla/services/media/internal/ladder"
	"github.com/skaitykla/skaitykla/services/media/internal/operations"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/search"
	"github.com/skaitykla/skaitykla/services/media/internal/server"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/store/storetest"
)

// objects is one MinIO for all tests; each has a bucket of its own.
var objects miniotest.Shared

// The test binary is also the worker that decodes photos.
func TestMain(m *testing.M) {
	if exit, handled := pixels.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	code := m.Run()
	objects.Close()
	os.Exit(code)
}

// suite is a media service behind the production chain.
type suite struct {
	*testkit.Server
	kv      kv.Store
	store   *store.Store
	finder  *find.Search
	hub     *hub.Hub
	objects *blobs.Store
	spool   string

	unusedAge time.Duration // of purge
}

// newSuite starts a service on the shared MinIO, in a bucket of its own.
func newSuite(tb testing.TB) *suite {
	tb.Helper()
	return newSuiteOn(tb, objects.Server(tb), nil)
}

// newSuiteOn starts a service on the given object store. change may adjust its
// configuration.
func newSuiteOn(tb testing.TB, s3 *minio.Server, change func(*server.Config)) *suite {
	tb.Helper()
	return newSuiteWith(tb, blobs.Config{
		Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "t-" + photo.NewID(),
	}, change)
}

// newSuiteWith starts a service that reaches its objects as configured.
func newSuiteWith(tb testing.TB, where blobs.Config, change func(*server.Config)) *suite {
	tb.Helper()
	records, err := boltkv.Open(filepath.Join(tb.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(tb, err)
	tb.Cleanup(func() { must(tb, records.Close()) })
	bucket, err := blobs.Open(where)
	must(tb, err)
	sealer, err := page.NewSealer(make([]byte, page.KeySize))
	must(tb, err)

	s := &suite{kv: records, store: store.New(records), objects: bucket, spool: tb.TempDir()}
	log := testkit.Log(tb)
	limits := pixels.DefaultLimits()
	limits.Bytes = maxBytes
	maker := ladder.NewMaker(pixels.New(pixels.Config{Concurrency: 2, Limits: limits, Logger: log}), bucket)
	keeper, err := cards.New(cards.Config{Records: s.store, Objects: bucket, Log: log})
	must(tb, err)
	s.finder, err = search.Open(tb.Context(), s.store, tb.TempDir(), log)
	must(tb, err)
	tb.Cleanup(s.finder.Close)
	s.hub = photohub.New(s.store, hub.Limits{})
	config := server.Config{
		Store: s.store, Finder: s.finder, Hub: s.hub, Objects: bucket, Maker: maker, Cards: keeper,
		Queue: ladder.NewQueue(ladder.QueueConfig{
			Maker: maker, Objects: bucket, Records: s.store, SpoolDir: s.spool, MaxBytes: maxBytes, Log: log,
		}),
		Signer: photo.NewSigner([]byte("key")), Sealer: sealer, SpoolDir: s.spool, MaxBytes: maxBytes,
		MaxUploads: 8, UploadTimeout: time.Minute, MaxWatchers: 2, Log: log,
	}
	config.MaxOperations, config.Operations = 2, operations.New(operations.Config{
		Records: s.store, Objects: bucket, Cards: keeper, Enqueued: config.Queue.Wake, Log: log,
	})
	if change != nil {
		change(&config)
	}
	media := server.New(config)
	tb.Cleanup(media.Close)
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	var queue sync.WaitGroup
	queue.Go(func() { config.Queue.Run(ctx) })
	queue.Go(func() { s.finder.Run(ctx) })
	queue.Go(func() { config.Operations.Run(ctx) })
	tb.Cleanup(func() { cancel(); queue.Wait() })
	kit := testkit.New
	if _, measured := tb.(*testing.B); measured {
		kit = testkit.Quiet
	}
	s.Server = kit(tb).Serve(rpc.Config{}, func(r grpc.ServiceRegistrar) {
		mediav1.RegisterMediaServiceServer(r, media)
	})
	return s
}

// maxBytes is the upload limit in tests.
const maxBytes = 8 << 20

// client returns a client that calls in the role.
func (s *suite) client(role auth.Role) mediav1.MediaServiceClient {
	return mediav1.NewMediaServiceClient(s.As(role))
}

// publish makes a photo public as an article that uses it does.
func (s *suite) publish(tb testing.TB, name string) {
	tb.Helper()
	parsed, err := photo.ParseName("name", name)
	must(tb, err)
	storetest.Use(tb, s.store, time.Now(), testkit.Site+"/articles/naujiena", true, parsed)
}

// unpublish takes the article of publish away from readers.
func (s *suite) unpublish(t *testing.T) {
	t.Helper()
	storetest.Use(t, s.store, time.Now(), testkit.Site+"/articles/naujiena", false)
}

// follow says that the article feed was read to the end of a snapshot.
func (s *suite) follow(t *testing.T) {
	t.Helper()
	must(t, s.store.SetResumeToken(t.Context(), store.Following{Holder: storetest.Holder, Token: "token"}, time.Now()))
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
