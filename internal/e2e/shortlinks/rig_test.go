package shortlinks_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing"
)

// rig is a gateway before a sharing service before a newsroom.
type rig struct {
	tb       testing.TB
	kit      *testkit.Kit
	newsroom *newsroom
	store    string
	gateway  string // its address, once it is started
	articles string // the newsroom's
	sharing  net.Listener
	stop     map[string]func()
}

// newRig starts all but the gateway.
func newRig(tb testing.TB, articles int) *rig {
	tb.Helper()
	r := &rig{
		tb: tb, kit: testkit.Quiet(tb), newsroom: newNewsroom(articles),
		store: "bolt://" + filepath.Join(tb.TempDir(), "sharing.db"), stop: make(map[string]func()),
	}
	r.articles = r.serveNewsroom()
	r.sharing = listen(tb)
	r.startSharing(r.sharing)
	return r
}

// startGateway starts a gateway that writes its log into w, and waits until it
// follows the links.
func (r *rig) startGateway(w io.Writer) {
	r.tb.Helper()
	l := listen(r.tb)
	r.gateway = l.Addr().String()
	waiting := &waiter{Writer: w, followed: make(chan struct{})}
	r.run("gateway", func(ctx context.Context) error {
		return gateway.Run(ctx, gateway.Config{
			ArticleAddress: r.articles, MediaAddress: r.articles, SharingAddress: r.sharing.Addr().String(),
			CallTimeout: 5 * time.Second, MaxBody: 1 << 20, MaxUpload: 1 << 20, MaxInFlight: 1024, Grace: 5 * time.Second,
			TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
			Tokens:         token(r.kit.Token(testkit.PrincipalOf(auth.Service))),
			Log:            slog.New(slog.NewTextHandler(waiting, nil)), Listener: l,
		})
	})
	select {
	case <-waiting.followed:
	case <-time.After(time.Minute):
		r.tb.Fatal("the gateway does not follow the links")
	}
}

// waiter is a log that says when links are followed.
type waiter struct {
	io.Writer
	followed chan struct{}
	done     bool // of the handler's lock
}

// Write implements io.Writer.
func (w *waiter) Write(line []byte) (int, error) {
	if !w.done && bytes.Contains(line, []byte("the feed of share links is followed")) {
		w.done = true
		close(w.followed)
	}
	return w.Writer.Write(line)
}

type token string

// Token implements rpc.TokenSource.
func (t token) Token(context.Context) (string, error) { return string(t), nil }

func (r *rig) serveNewsroom() string {
	r.tb.Helper()
	server, err := rpc.NewServer(rpc.Config{Log: quiet(), Verifier: r.kit.Verifier()}, func(s grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(s, r.newsroom)
	})
	must(r.tb, err)
	l := listen(r.tb)
	r.run("article", func(ctx context.Context) error { return server.Serve(ctx, l) })
	stop := r.stop["article"]
	r.stop["article"] = func() { r.newsroom.stop(); stop() }
	return l.Addr().String()
}

func (r *rig) startSharing(l net.Listener) {
	r.run("sharing", func(ctx context.Context) error {
		return sharing.Run(ctx, sharing.Config{
			Config: host.Config{Log: quiet(), Listener: l, Verifier: r.kit.Verifier()}, Store: r.store,
			ArticleAddress: r.articles, MediaAddress: r.articles, ArticleTimeout: 3 * time.Second, MediaTimeout: time.Second,
			CacheBytes: 1 << 20, MaxWatchers: 100,
		})
	})
}

// run keeps something going until the test ends, or stop[name] is called.
func (r *rig) run(name string, serve func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := serve(ctx); err != nil {
			r.tb.Errorf("%s ended with: %v", name, err)
		}
	}()
	r.stop[name] = sync.OnceFunc(func() { cancel(); <-ended })
	r.tb.Cleanup(func() { r.stop[name]() })
}

// as returns a client of the sharing service that calls as a role.
func (r *rig) as(role auth.Role) sharingv1.SharingServiceClient {
	r.tb.Helper()
	target := rpc.Target{Address: r.sharing.Addr().String()}
	if role != auth.Anonymous {
		target.Tokens = token(r.kit.Token(testkit.PrincipalOf(role)))
	}
	conn, err := rpc.Dial(target)
	must(r.tb, err)
	r.tb.Cleanup(func() { _ = conn.Close() })
	return sharingv1.NewSharingServiceClient(conn)
}

// codes waits until every article has a link, and returns their ids.
func (r *rig) codes() []string {
	r.tb.Helper()
	ctx, cancel := context.WithTimeout(r.tb.Context(), 20*time.Minute)
	defer cancel()
	stream, err := r.as(auth.Service).WatchShareLinks(ctx, &sharingv1.WatchShareLinksRequest{Parent: "sites/-"})
	must(r.tb, err)
	found := make(map[string]struct{}, r.newsroom.articles)
	for len(found) < r.newsroom.articles {
		m, err := stream.Recv()
		must(r.tb, err)
		if m.GetShareLink() != nil {
			found[idOf(m.GetName())] = struct{}{}
		}
	}
	codes := make([]string, 0, len(found))
	for code := range found {
		codes = append(codes, code)
	}
	return codes
}

func listen(tb testing.TB) net.Listener {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(tb, err)
	return l
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
