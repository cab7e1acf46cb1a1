// Package feeds_test tries feeds and sitemaps from the article service to the
// web: the real article and sharing services and the gateway, over loopback,
// without photographs.
package feeds_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/article"
	"github.com/skaitykla/skaitykla/services/sharing"
)

const library = testkit.Site

// rig is a newsroom with a library, open to readers.
type rig struct {
	testing.TB

	kit      *testkit.Kit
	articles articlev1.ArticleServiceClient
	webhooks sharingv1.SharingServiceClient
	base     string // of the gateway
}

// newRig starts the services and returns when the gateway follows what changes.
func newRig(tb testing.TB, log io.Writer) *rig {
	tb.Helper()
	r := &rig{TB: tb, kit: testkit.Quiet(tb)}
	dir := tb.TempDir()
	listeners := [3]net.Listener{}
	for i := range listeners {
		l, err := run.Listen(tb.Context(), "127.0.0.1:0")
		r.must(err)
		listeners[i] = l
	}
	addresses := [3]string{listeners[0].Addr().String(), listeners[1].Addr().String(), listeners[2].Addr().String()}
	env := map[string]string{
		"SKAITYKLA_ARTICLE_ADDR": addresses[0], "SKAITYKLA_SHARING_ADDR": addresses[1],
		"SKAITYKLA_ARTICLE_STORE": "bolt://" + filepath.Join(dir, "article.db"),
		"SKAITYKLA_SHARING_STORE": "bolt://" + filepath.Join(dir, "sharing.db"),
	}
	getenv := func(name string) string { return env[name] }
	news, err := run.Load[article.Config](getenv)
	r.must(err)
	shares, err := run.Load[sharing.Config](getenv)
	r.must(err)
	doors, err := run.Load[gateway.Config](getenv)
	r.must(err)
	own := fixed(r.kit.Token(testkit.PrincipalOf(auth.Service)))
	news.Tokens, doors.Tokens = own, own
	for i, config := range []*host.Config{&news.Config, &shares.Config} {
		config.Log, config.Verifier, config.Listener = slog.New(slog.DiscardHandler), r.kit.Verifier(), listeners[i]
	}
	waiting := &waiter{Writer: log, followed: make(chan struct{})}
	doors.Log, doors.Listener = slog.New(slog.NewTextHandler(waiting, nil)), listeners[2]
	r.run(func(ctx context.Context) error { return article.Run(ctx, news) })
	r.run(func(ctx context.Context) error { return sharing.Run(ctx, shares) })
	r.run(func(ctx context.Context) error { return gateway.Run(ctx, doors) })
	r.base = "http://" + addresses[2]
	r.articles = articlev1.NewArticleServiceClient(r.dial(addresses[0], auth.Operator))
	r.webhooks = sharingv1.NewSharingServiceClient(r.dial(addresses[1], auth.Admin))
	r.openLibrary()
	select {
	case <-waiting.followed:
	case <-time.After(time.Minute):
		tb.Fatal("the gateway does not follow what changes")
	}
	return r
}

// waiter is a log that says when changes are followed.
type waiter struct {
	io.Writer

	followed chan struct{}
	done     atomic.Bool
}

// Write implements io.Writer.
func (w *waiter) Write(line []byte) (int, error) {
	if !w.done.Load() && bytes.Contains(line, []byte("the feed of share links is followed")) && w.done.CompareAndSwap(false, true) {
		close(w.followed)
	}
	return w.Writer.Write(line)
}

type fixed string

// Token implements rpc.TokenSource.
func (f fixed) Token(context.Context) (string, error) { return string(f), nil }

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// run keeps a service going until the test ends.
func (r *rig) run(serve func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx) }()
	r.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			r.Errorf("a service ended with: %v", err)
		}
	})
}

func (r *rig) dial(address string, role auth.Role) *grpc.ClientConn {
	r.Helper()
	conn, err := rpc.Dial(rpc.Target{Address: address, Tokens: fixed(r.kit.Token(testkit.PrincipalOf(role)))})
	r.must(err)
	r.Cleanup(func() { r.must(conn.Close()) })
	return conn
}

// openLibrary makes the site, and waits for the services.
func (r *rig) openLibrary() {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	defer cancel()
	_, err := r.articles.CreateSite(ctx, &articlev1.CreateSiteRequest{SiteId: strings.TrimPrefix(library, "sites/"), Site: &articlev1.Site{
		Title: "Bibliotekos naujienos", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en"}, TimeZone: "Europe/Vilnius",
		BaseUri: "https://biblioteka.example", Hosts: []string{"biblioteka.example"},
	}}, grpc.WaitForReady(true))
	r.must(err)
}

// answer is an answer of the gateway without its body.
type answer struct {
	status int
	header http.Header
}

// get asks the gateway for an address with headers given as pairs.
func (r *rig) get(path string, headers ...string) (answer, string) {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.base+path, nil)
	r.must(err)
	req.Host = "biblioteka.example"
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(req)
	r.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	r.must(err)
	return answer{resp.StatusCode, resp.Header}, string(body)
}
