package door

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

// TestSources wants a source of the contract for each suffix, and no other.
func TestSources(t *testing.T) {
	known := sources()
	for id := range shortcode.Sources() {
		if known[id] == sharingv1.ShareSource_SHARE_SOURCE_UNSPECIFIED {
			t.Errorf("%q has a suffix and is not counted", id)
		}
		delete(known, id)
	}
	if len(known) > 0 {
		t.Errorf("without a suffix: %v", known)
	}
}

func TestVisitor(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"direct", "203.0.113.7:5", nil, "203.0.113.7"},
		{"mapped", "[::ffff:203.0.113.7]:5", nil, "203.0.113.7"},
		{"through a proxy", "10.0.0.1:5", []string{"203.0.113.7"}, "203.0.113.7"},
		{"through two", "10.0.0.1:5", []string{"203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		{"in two headers", "10.0.0.1:5", []string{"203.0.113.7", "10.0.0.2"}, "203.0.113.7"},
		{"with a lie before", "10.0.0.1:5", []string{"198.51.100.9, 203.0.113.7"}, "203.0.113.7"},
		{"of IPv6", "[2001:db8::1]:5", []string{"2a00::7"}, "2a00::7"},
		{"with a zone", "10.0.0.1:5", []string{"fe80::1%eth0"}, "fe80::1"},
		{"garbage", "10.0.0.1:5", []string{"<script>"}, "10.0.0.1"},
		{"garbage before", "10.0.0.1:5", []string{"<script>, 10.0.0.2"}, "10.0.0.2"},
		{"from nobody who is trusted", "203.0.113.7:5", []string{"198.51.100.9"}, "203.0.113.7"},
		{"no address", "@", nil, "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := visitor(r, trusted).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

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
	d := New(Config{
		Links: feed, Counter: clicks.NewCounter(nil, quiet), Bursts: clicks.NewBursts(clicks.DefaultLimits(), time.Now()),
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	log := slog.New(slog.NewTextHandler(nothing{}, nil))
	for _, c := range []struct {
		name    string
		handler http.Handler
	}{
		{"door", d},
		{"chain", chain.New(chain.Config{Log: log, MaxInFlight: 1024, TrustedProxies: d.TrustedProxies}, d)},
		{"chain-alone", chain.New(chain.Config{Log: log, MaxInFlight: 1024, TrustedProxies: d.TrustedProxies}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))},
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
