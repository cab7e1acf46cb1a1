package article_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

const working = articlev1.ArticleView_ARTICLE_VIEW_WORKING

// suite is the service over a real store, with a small media service beside it,
// both behind the production chain.
type suite struct {
	t      testing.TB
	media  *media
	db     kv.Store
	parts  *article.Parts
	server *testkit.Server
	kit    *testkit.Kit
	stop   func()
	index  func() // keeps the search index up; without it there is none

	admin, editor, author, anonymous articlev1.ArticleServiceClient
}

// start starts the service on the store in a folder and follows the feeds.
func start(tb testing.TB, dir string, change ...func(*article.Config)) *suite {
	tb.Helper()
	return startWith(tb, dir, newMedia(), change...)
}

// startWith is start beside a media service that was there before.
func startWith(tb testing.TB, dir string, photos *media, change ...func(*article.Config)) *suite {
	tb.Helper()
	return startOn(tb, filepath.Join(dir, "article.db"), kv.LogLimits{}, photos, change...)
}

// startOn is startWith on a file whose change log is limited.
func startOn(tb testing.TB, file string, limits kv.LogLimits, photos *media, change ...func(*article.Config)) *suite {
	tb.Helper()
	db, err := boltkv.Open(file, kv.Options{Format: store.Format(), Heartbeat: 50 * time.Millisecond, Log: limits})
	if err != nil {
		tb.Fatal(err)
	}
	s := &suite{t: tb, kit: testkit.New(tb), media: photos, db: db}
	beside := s.kit.Serve(rpc.Config{}, func(r grpc.ServiceRegistrar) { mediav1.RegisterMediaServiceServer(r, s.media) })
	config := article.Config{Config: host.Config{Log: testkit.Log(tb)}, MaxWatchers: 2000, MaxWatchersPerAddress: 2000, Heartbeat: 100 * time.Millisecond}
	config.IndexDir = filepath.Join(filepath.Dir(file), "index")
	for _, f := range change {
		f(&config)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.parts, err = article.Assemble(ctx, store.New(db), mediav1.NewMediaServiceClient(beside.As(auth.Service)), config)
	if err != nil {
		tb.Fatal(err)
	}
	var follower sync.WaitGroup
	follower.Go(func() { s.parts.Follower.Run(ctx) })
	s.index = func() { follower.Go(func() { s.parts.Search.Run(ctx) }) }
	var once sync.Once
	s.stop = func() {
		once.Do(func() {
			cancel()
			follower.Wait()
			s.parts.Search.Close()
			if err := db.Close(); err != nil {
				tb.Error(err)
			}
		})
	}
	tb.Cleanup(s.stop)
	s.server = s.kit.Serve(rpc.Config{}, func(r grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(r, s.parts.Server) })
	// Registered last, so that watchers are gone before the server waits.
	tb.Cleanup(cancel)
	s.admin, s.editor = s.as(auth.Admin), s.as(auth.Editor)
	s.author, s.anonymous = s.as(auth.Author), s.as(auth.Anonymous)
	return s
}

// newSuite is start in a new folder, with the site of the principals.
func newSuite(tb testing.TB, change ...func(*article.Config)) *suite {
	tb.Helper()
	s := start(tb, tb.TempDir(), change...)
	s.site("biblioteka")
	return s
}

func (s *suite) as(role auth.Role) articlev1.ArticleServiceClient {
	return articlev1.NewArticleServiceClient(s.server.As(role))
}

func (s *suite) site(id string) {
	s.t.Helper()
	_, err := s.as(auth.Operator).CreateSite(s.t.Context(), &articlev1.CreateSiteRequest{SiteId: id, Site: newSite()})
	if err != nil {
		s.t.Fatal(err)
	}
}

func newSite() *articlev1.Site {
	return &articlev1.Site{
		Title: "Vilkaviškio biblioteka", DefaultLanguageCode: "lt",
		LanguageCodes: []string{"lt", "en", "da"}, TimeZone: "Europe/Vilnius",
	}
}

// create makes a draft with the title, changed by the functions.
func (s *suite) create(title string, change ...func(*articlev1.Article)) *articlev1.Article {
	s.t.Helper()
	a := &articlev1.Article{Title: title}
	for _, f := range change {
		f(a)
	}
	created, err := s.editor.CreateArticle(s.t.Context(), &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: a})
	return must(s.t, created, err)
}

// publish publishes what was read.
func (s *suite) publish(a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	published, err := s.editor.PublishArticle(s.t.Context(), &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	return must(s.t, published, err)
}

func must[T any](tb testing.TB, v T, err error) T {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func text(s string) *articlev1.RichText {
	return &articlev1.RichText{Spans: []*articlev1.Span{{Text: s}}}
}

func paragraph(id, s string) *articlev1.Block {
	return &articlev1.Block{Id: id, Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: text(s)}}}
}

func figure(id, photo string) *articlev1.Block {
	return &articlev1.Block{Id: id, Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{
		Placement: &articlev1.PhotoPlacement{Photo: photo},
	}}}
}

type photo = mediav1.Photo

// media is a media service of records in memory, with a feed.
type media struct {
	mediav1.UnimplementedMediaServiceServer

	mu      sync.Mutex
	away    bool
	photos  map[string]*mediav1.Photo
	log     []told
	changed chan struct{}
}

// told is an event of the feed.
type told struct {
	kind mediav1.WatchPhotosResponse_Kind
	name string
}

func newMedia() *media {
	return &media{photos: make(map[string]*mediav1.Photo), changed: make(chan struct{})}
}

// put stores a photo of the test site and tells watchers.
func (m *media) put(id string, change ...func(*mediav1.Photo)) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := testkit.Site + "/photos/" + id
	p := &mediav1.Photo{
		Name: name, Filename: id + ".jpg", Width: 4000, Height: 3000, Color: "#336699", Placeholder: []byte{1, 2, 3},
		Alts:     map[string]string{"lt": "Moteris skaito knygą prie lango, ant palangės miega katė " + id},
		Captions: map[string]string{"lt": "Skaitykla", "en": "The reading room"}, Credit: "Ona Petraitė",
		Rights: &mediav1.Rights{Cleared: true},
		Renditions: []*mediav1.Rendition{{
			Format: mediav1.Rendition_FORMAT_JPEG, Width: 320, Height: 240, SizeBytes: 12345,
			Uri: "/media/" + id + "/320.jpg?expires=1&signature=abc",
		}},
	}
	for _, f := range change {
		f(p)
	}
	m.photos[name] = p
	m.tell(mediav1.WatchPhotosResponse_KIND_UPDATED, name)
	return name
}

// end changes a photo, or removes it when change is nil, and tells watchers by
// the given kind.
func (m *media) end(kind mediav1.WatchPhotosResponse_Kind, name string, change func(*mediav1.Photo)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if change == nil {
		delete(m.photos, name)
	} else {
		p := proto.CloneOf(m.photos[name])
		change(p)
		m.photos[name] = p
	}
	m.tell(kind, name)
}

// tell adds to the feed; the lock is held.
func (m *media) tell(kind mediav1.WatchPhotosResponse_Kind, name string) {
	m.log = append(m.log, told{kind, name})
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *media) setAway(away bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = away
}

func (m *media) BatchGetPhotos(_ context.Context, req *mediav1.BatchGetPhotosRequest) (*mediav1.BatchGetPhotosResponse, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return nil, fault.Unavailable(nil, 122, "away")
	}
	resp := &mediav1.BatchGetPhotosResponse{}
	for _, name := range req.GetNames() {
		p := m.photos[name]
		if p == nil {
			return nil, fault.NotFound(name).With("name", name)
		}
		resp.Photos = append(resp.Photos, proto.CloneOf(p))
	}
	return resp, nil
}

func (m *media) WatchPhotos(req *mediav1.WatchPhotosRequest, stream grpc.ServerStreamingServer[mediav1.WatchPhotosResponse]) error {
	at := 0
	if _, err := fmt.Sscanf(req.GetResumeToken(), "t%d", &at); err != nil && req.GetResumeToken() != "" {
		return fault.New(6, "bad token")
	}
	if req.GetResumeToken() == "" {
		if err := stream.Send(&mediav1.WatchPhotosResponse{Kind: mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END, ResumeToken: "t0"}); err != nil {
			return err
		}
	}
	for {
		m.mu.Lock()
		fresh, changed := m.log[min(at, len(m.log)):], m.changed
		m.mu.Unlock()
		for _, event := range fresh {
			at++
			if err := stream.Send(&mediav1.WatchPhotosResponse{
				Kind: event.kind, Name: event.name, ResumeToken: fmt.Sprintf("t%d", at),
			}); err != nil {
				return err
			}
		}
		select {
		case <-changed:
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
}

// violations returns the fields that a failure names.
func violations(e *fault.Error) string {
	var fields []string
	for _, v := range fault.Violations(e) {
		fields = append(fields, v.Field)
	}
	return strings.Join(fields, " ")
}
