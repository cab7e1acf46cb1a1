package server

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// headerForwarded names the machines a call came through.
const headerForwarded = "x-forwarded-for"

// WatchLimits bound the watchers without a token, and say how often an idle
// watcher hears something. A zero field means the default.
type WatchLimits struct {
	PerPrefix int           // from one /24 or /48; default 20
	Total     int           // in all; default 2,000
	Heartbeat time.Duration // default 5 s; never more than 10 s
	// TrustedProxies may say in x-forwarded-for whom they speak for, and so may
	// this machine, where the gateway stands.
	TrustedProxies []netip.Prefix
}

func (l WatchLimits) withDefaults() WatchLimits {
	if l.PerPrefix <= 0 {
		l.PerPrefix = 20
	}
	if l.Total <= 0 {
		l.Total = 2000
	}
	if l.Heartbeat <= 0 {
		l.Heartbeat = 5 * time.Second
	}
	l.Heartbeat = min(l.Heartbeat, 10*time.Second)
	return l
}

// watchers counts the watchers without a token.
type watchers struct {
	limits WatchLimits

	mu       sync.Mutex
	total    int
	byPrefix map[string]int
}

func newWatchers(limits WatchLimits) *watchers {
	return &watchers{limits: limits, byPrefix: make(map[string]int)}
}

// enter lets a watcher in, who calls leave at the end, or fails with
// TOO_MANY_WATCHERS. Those with a token are not counted.
func (w *watchers) enter(ctx context.Context) (leave func(), err error) {
	if !auth.FromContext(ctx).Anonymous() {
		return func() {}, nil
	}
	prefix := prefixOf(w.limits.caller(ctx))
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.total >= w.limits.Total || w.byPrefix[prefix] >= w.limits.PerPrefix {
		return nil, fault.New(faultv1.Reason_REASON_TOO_MANY_WATCHERS,
			"too many watchers without a token; close some, or watch with a token").RetryAfter(30 * time.Second)
	}
	w.total++
	w.byPrefix[prefix]++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.total--
		if w.byPrefix[prefix]--; w.byPrefix[prefix] == 0 {
			delete(w.byPrefix, prefix)
		}
	}, nil
}

// caller returns the address a call comes from: that of the connection, or, as
// long as those are trusted proxies, what they say.
func (l WatchLimits) caller(ctx context.Context) netip.Addr {
	addr := peerAddr(ctx)
	hops := strings.Split(strings.Join(metadata.ValueFromIncomingContext(ctx, headerForwarded), ","), ",")
	for i := len(hops) - 1; i >= 0 && l.trusts(addr); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = next.Unmap()
	}
	return addr
}

func (l WatchLimits) trusts(addr netip.Addr) bool {
	if addr.IsLoopback() {
		return true
	}
	for _, p := range l.TrustedProxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

func peerAddr(ctx context.Context) netip.Addr {
	p, ok := peer.FromContext(ctx)
	if !ok || p.Addr == nil {
		return netip.Addr{}
	}
	host, _, err := net.SplitHostPort(p.Addr.String())
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}

// prefixOf returns the network that counts as one caller.
func prefixOf(addr netip.Addr) string {
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	prefix, err := addr.Prefix(bits)
	if err != nil || !prefix.IsValid() {
		return "unknown"
	}
	return prefix.String()
}
