package shortlinks

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway/internal/chain"
	"github.com/skaitykla/skaitykla/gateway/internal/clicks"
	"github.com/skaitykla/skaitykla/gateway/internal/sharefeed"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	"github.com/skaitykla/skaitykla/internal/testkit"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// table is a sharing service with one link.
type table struct {
	sharingv1.UnimplementedSharingServiceServer
	code string
}

func (s *table) WatchShareLinks(_ *sharingv1.WatchShareLinksRequest, stream grpc.ServerStreamingServer[sharingv1.WatchShareLinksResponse]) error {
	link := &sharingv1.ShareLink{
		Name: "sites/biblioteka/shareLinks/" + s.code, Article: "sites/biblioteka/articles/kelione", State: sharingv1.ShareLink_STATE_ACTIVE,
		Uri: "https://naujienos.biblioteka.example/s/" + s.code,
	}
	for _, m := range []*sharingv1.WatchShareLinksResponse{
		{
			Kind: sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT, Name: link.GetName(), Site: "sites/biblioteka", ShareLink: link,
			Uri: "https://naujienos.biblioteka.example/kelione",
		},
		{Kind: sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT_END},
	} {
		if err := stream.Send(m); err != nil {
			return err
		}
	}
	<-stream.Context().Done()
	return stream.Context().Err()
}

// BenchmarkServe opens a link behind the chain, without a network.
func BenchmarkServe(b *testing.B) {
	code, err := shortcode.NewCode(zeros{})
	if err != nil {
		b.Fatal(err)
	}
	server := testkit.Quiet(b).Serve(rpc.Config{}, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, &table{code: code})
	})
	quiet := slog.New(slog.DiscardHandler)
	feed, err := sharefeed.New(sharefeed.Config{Reader: server.As(auth.Anonymous), Watcher: server.As(auth.Service), Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go feed.Run(ctx)
	for live := false; !live; _, live = feed.Generation("sites/biblioteka") {
		if _, _, err := feed.Find(ctx, code); err == nil {
			break
		}
	}
	h := New(Config{
		Links: feed, Counter: clicks.NewCounter(nil, quiet), Bursts: clicks.NewBursts(clicks.DefaultLimits(), time.Now()),
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	log := slog.New(slog.NewTextHandler(nothing{}, nil))
	for _, c := range []struct {
		name    string
		handler http.Handler
	}{
		{"shortlinks", h},
		{"chain", chain.New(chain.Config{Log: log, MaxInFlight: 1024, TrustedProxies: h.TrustedProxies}, h)},
		{"chain-alone", chain.New(chain.Config{Log: log, MaxInFlight: 1024, TrustedProxies: h.TrustedProxies}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/s/"+code+".f", http.NoBody)
			r.RemoteAddr = "127.0.0.1:5"
			r.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36")
			r.Header.Set("Accept-Language", "lt-LT,lt;q=0.9,en;q=0.8")
			r.Header.Set("Referer", "https://l.facebook.com/")
			r.Header.Set("X-Forwarded-For", "203.0.113.7")
			b.ReportAllocs()
			for b.Loop() {
				w := &answer{header: make(http.Header)}
				c.handler.ServeHTTP(w, r)
				if w.status != http.StatusFound && c.name != "chain-alone" {
					b.Fatal(w.status)
				}
			}
		})
	}
}

type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return len(p), nil }

type nothing struct{}

func (nothing) Write(p []byte) (int, error) { return len(p), nil }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
