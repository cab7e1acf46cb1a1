package server

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// from returns the context of a call from an address, through proxies.
func from(address string, forwarded ...string) context.Context {
	ctx := peer.NewContext(context.Background(), &peer.Peer{Addr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(address), 4000))})
	return metadata.NewIncomingContext(ctx, metadata.MD{headerForwarded: forwarded})
}

func TestPrefix(t *testing.T) {
	limits := WatchLimits{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}}
	for _, c := range []struct {
		name, address, forwarded, want string
	}{
		{"IPv4", "192.0.2.77", "", "192.0.2.0/24"},
		{"IPv6", "2001:db8:1:2::3", "", "2001:db8:1::/48"},
		{"IPv4 in IPv6", "::ffff:192.0.2.77", "", "192.0.2.0/24"},
		{"a stranger who claims to be another", "192.0.2.77", "198.51.100.1", "192.0.2.0/24"},
		{"a proxy", "127.0.0.1", "198.51.100.1", "198.51.100.0/24"},
		{"two proxies", "127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.0/24"},
		{"a stranger's claim through a proxy", "127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.0/24"},
		{"a proxy that says nonsense", "127.0.0.1", "unknown", "127.0.0.0/24"},
		{"a proxy that says nothing", "127.0.0.1", "", "127.0.0.0/24"},
	} {
		if got := prefixOf(limits.caller(from(c.address, c.forwarded))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if got := prefixOf(WatchLimits{}.caller(from("127.0.0.1", "203.0.113.9, 198.51.100.1"))); got != "198.51.100.0/24" {
		t.Errorf("the gateway beside us, when no proxy is trusted: got %s", got)
	}
	if got := prefixOf(limits.caller(context.Background())); got != "unknown" {
		t.Errorf("no address: got %s", got)
	}
}

func TestEnter(t *testing.T) {
	w := newWatchers(WatchLimits{PerPrefix: 2, Total: 3}.withDefaults())
	enter := func(ctx context.Context) func() {
		leave, err := w.enter(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return leave
	}
	leave := enter(from("192.0.2.1"))
	enter(from("192.0.2.2"))
	_, err := w.enter(from("192.0.2.3"))
	testkit.WantReason(t, err, faultv1.Reason_REASON_TOO_MANY_WATCHERS)
	enter(from("198.51.100.1"))
	_, err = w.enter(from("203.0.113.1"))
	testkit.WantReason(t, err, faultv1.Reason_REASON_TOO_MANY_WATCHERS)
	enter(auth.WithPrincipal(from("192.0.2.3"), auth.Principal{ID: "ona@example.lt"}))
	leave()
	enter(from("192.0.2.3"))
	if len(w.byPrefix) != 2 || w.total != 3 {
		t.Errorf("got %v, %d in all", w.byPrefix, w.total)
	}
}
