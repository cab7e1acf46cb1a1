package article_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article"
)

// TestRun runs the service as a binary does, twice on one store, without a
// media service anywhere, and asks for what was written in between.
func TestRun(t *testing.T) {
	kit := testkit.New(t)
	dir := t.TempDir()
	var made *articlev1.Article
	for life := range 2 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, listener, err)
		config, err := run.Load[article.Config](func(name string) string {
			return map[string]string{
				"SKAITYKLA_ARTICLE_STORE": "bolt://" + filepath.Join(dir, "article.db"),
				"SKAITYKLA_MEDIA_ADDR":    "127.0.0.1:1",
			}[name]
		})
		must(t, config, err)
		config.Log, config.Listener, config.Verifier = testkit.Log(t), listener, kit.Verifier()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		began := time.Now()
		go func() { ended <- article.Run(ctx, config) }()
		conn, err := rpc.Dial(rpc.Target{Address: listener.Addr().String(), Tokens: fixedToken(kit.Token(testkit.PrincipalOf(auth.Operator)))})
		must(t, conn, err)
		client := articlev1.NewArticleServiceClient(conn)
		health, err := healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{Service: "skaitykla.article.v1.ArticleService"})
		if must(t, health, err); health.GetStatus() != healthv1.HealthCheckResponse_SERVING {
			t.Errorf("got %v", health)
		}
		t.Logf("ready after %s", time.Since(began))
		if life == 0 {
			_, err = client.CreateSite(ctx, &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: newSite()})
			if err != nil {
				t.Fatal(err)
			}
			made, err = client.CreateArticle(ctx, &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{Title: "Pirma"}})
			must(t, made, err)
			_, err = client.PublishArticle(ctx, &articlev1.PublishArticleRequest{Name: made.GetName(), Etag: made.GetEtag()})
			if err != nil {
				t.Fatal(err)
			}
		}
		got, err := client.GetArticle(ctx, &articlev1.GetArticleRequest{Name: made.GetName()})
		if must(t, got, err); got.GetTitle() != "Pirma" {
			t.Errorf("life %d: got %v", life, got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("life %d ended with %v", life, err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestStartRefuses tells everything that is wrong with a configuration.
func TestStartRefuses(t *testing.T) {
	var log bytes.Buffer
	err := article.Start(t.Context(), func(name string) string {
		return map[string]string{"SKAITYKLA_TRUSTED_PROXIES": "nonsense", "SKAITYKLA_ARTICLE_SWEEP_EVERY": "x"}[name]
	}, &log)
	if _, ok := errors.AsType[*run.ConfigError](err); !ok {
		t.Fatalf("got %v", err)
	}
	for _, name := range []string{"SKAITYKLA_ARTICLE_STORE", "TrustedProxies", "SweepEvery"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not told in %q", name, err)
		}
	}
	config := article.Config{MaxWatchers: 1, MaxWatchersPerAddress: 1, Heartbeat: time.Minute, SweepEvery: time.Minute}
	if err := config.Check(); err == nil || !strings.Contains(err.Error(), "HEARTBEAT") {
		t.Errorf("got %v", err)
	}
}

// TestDamagedStore leaves a file that is no store as it is.
func TestDamagedStore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "article.db")
	if err := os.WriteFile(file, []byte("not a store"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := article.Run(t.Context(), article.Config{Store: "bolt://" + file, Config: host.Config{Log: testkit.Log(t)}, SweepEvery: time.Minute})
	if err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
}

// TestLargest publishes an article at the limits: nearly 256 KiB of text, and
// 500 photos with all their sizes.
func TestLargest(t *testing.T) {
	s := newSuite(t)
	gallery := &articlev1.Gallery{}
	for i := range 500 {
		gallery.Placements = append(gallery.Placements, &articlev1.PhotoPlacement{Photo: s.media.put(fmt.Sprintf("nuotrauka-%d", i), func(p *photo) {
			p.Alts = map[string]string{"lt": fmt.Sprintf("Moteris skaito %d knygą prie lango", i)}
			for range 11 {
				p.Renditions = append(p.Renditions, p.GetRenditions()[0])
			}
		})})
	}
	a := s.create("Didžiausia", func(a *articlev1.Article) {
		fill(a, 200<<10)
		a.Blocks = append(a.Blocks, &articlev1.Block{Id: "g", Content: &articlev1.Block_Gallery{Gallery: gallery}})
	})
	s.publish(a)
	got, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	must(t, got, err)
	placements := got.GetBlocks()[len(got.GetBlocks())-1].GetGallery().GetPlacements()
	if len(placements) != 500 || len(placements[499].GetPlaced().GetRenditions()) != 12 {
		t.Errorf("got %d photos", len(placements))
	}
}

// TestSeveralUnknownPhotos names each of them at once.
func TestSeveralUnknownPhotos(t *testing.T) {
	s := newSuite(t)
	known := s.media.put("langas")
	_, err := s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{
		Title: "T", Cover: &articlev1.PhotoPlacement{Photo: testkit.Site + "/photos/pirma"},
		Blocks: []*articlev1.Block{figure("a", known), figure("b", testkit.Site+"/photos/antra")},
	}})
	e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_PHOTO_UNKNOWN)
	if got := violations(&e); got != "article.cover.photo article.blocks[1].figure.placement.photo" {
		t.Errorf("got %s", got)
	}
}
