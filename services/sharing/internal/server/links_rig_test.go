package server_test

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	watching "github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
	"github.com/skaitykla/skaitykla/services/sharing/internal/hub"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// linkSuite is a sharing server over a store of its own, without an article
// service: what it knows is what it was told.
type linkSuite struct {
	store  *store.Store
	server *testkit.Server
	follow store.Following
}

func startLinks(t *testing.T) *linkSuite {
	t.Helper()
	return startLinksLogging(t, testkit.Log(t))
}

func startLinksLogging(t *testing.T, log *slog.Logger) *linkSuite {
	t.Helper()
	addresses, err := egress.New(egress.Config{})
	must(t, err)
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "sharing.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	s := &linkSuite{store: store.New(records), follow: store.Following{Holder: "test"}}
	must(t, s.store.Follow(t.Context(), "test", time.Now()))
	must(t, s.store.CompleteSnapshot(t.Context(), s.follow, time.Now()))
	sealer, err := page.NewSealer(make([]byte, page.KeySize))
	must(t, err)
	stopping := make(chan struct{})
	s.server = testkit.Start(t, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, server.New(server.Config{
			Cards: noCards{}, Store: s.store, PublicURI: publicURI, Sealer: sealer,
			Hub: hub.New(s.store, watching.Limits{}, publicURI), MaxWatchers: 2, Stopping: stopping, Addresses: addresses, Log: log,
		}))
	})
	t.Cleanup(func() { close(stopping) })
	s.sites(t, sharingtest.Site())
	return s
}

func (s *linkSuite) as(role auth.Role) sharingv1.SharingServiceClient {
	return sharingv1.NewSharingServiceClient(s.server.As(role))
}

// sites tells what all sites are.
func (s *linkSuite) sites(t *testing.T, sites ...*articlev1.Site) {
	t.Helper()
	_, err := s.store.LearnSites(t.Context(), sites, time.Now())
	must(t, err)
}

// publish tells that an article is public, and returns its code.
func (s *linkSuite) publish(t *testing.T, a *articlev1.Article) string {
	t.Helper()
	s.learn(t, a.GetName(), a)
	name, err := published.ParseName("name", a.GetName())
	must(t, err)
	code, err := s.store.Code(t.Context(), name, a.GetUid())
	must(t, err)
	return code
}

// withdraw tells that readers do not see an article any more.
func (s *linkSuite) withdraw(t *testing.T, a *articlev1.Article) {
	t.Helper()
	s.learn(t, a.GetName(), nil)
}

func (s *linkSuite) learn(t *testing.T, text string, a *articlev1.Article) {
	t.Helper()
	name, err := published.ParseName("name", text)
	must(t, err)
	_, err = s.store.Learn(t.Context(), s.follow, store.Event{Name: name, Article: a}, time.Now())
	must(t, err)
}

// piece is an article of the site.
func piece(id string, tags ...string) *articlev1.Article {
	return pieceOf(sharingtest.SiteName, id, tags...)
}

func pieceOf(site, id string, tags ...string) *articlev1.Article {
	now := timestamppb.Now()
	return &articlev1.Article{
		Name: site + "/articles/" + id, Uid: "uid-of-" + id, LanguageCode: "lt", Title: "Straipsnis „" + id + "“",
		Path: "/" + id, Tags: tags, PublishTime: now, FirstPublicTime: now, UpdateTime: now, PublishedRevision: 1,
	}
}

// words adds words of an editor.
func (s *linkSuite) words(t *testing.T, id string, a *articlev1.Article) *sharingv1.ShareLink {
	t.Helper()
	link, err := s.as(auth.Editor).CreateShareLink(t.Context(), &sharingv1.CreateShareLinkRequest{
		Parent: sharingtest.SiteName, ShareLinkId: id, ShareLink: &sharingv1.ShareLink{Article: a.GetName(), Note: "Plakatas"},
	})
	must(t, err)
	return link
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
