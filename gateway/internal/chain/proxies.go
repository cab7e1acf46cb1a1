package chain

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const (
	forwardedProto = "X-Forwarded-Proto"
	authorization  = "Authorization"
)

// proxies removes what only a proxy of ours may say from the requests of
// everybody else.
func proxies(trusted []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !within(peer(r), trusted) {
			for name := range r.Header {
				if strings.HasPrefix(name, "X-Forwarded-") || name == "Forwarded" || name == "X-Real-Ip" {
					r.Header.Del(name)
				}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// guard refuses bearer tokens that anybody on the way could have read, and what
// cannot be a token, which would be lost on its way to the services and leave
// an anonymous call.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.ContainsFunc(r.Header.Values(authorization), func(s string) bool { return !reply.Printable(s) }) {
			reply.Error(w, r, fault.New(faultv1.Reason_REASON_TOKEN_INVALID,
				"send one header: Authorization: Bearer <token>"))
			return
		}
		if r.Header.Get(authorization) != "" && !confidential(r) {
			reply.Error(w, r, fault.New(faultv1.Reason_REASON_INSECURE_TRANSPORT,
				"a token came over an unencrypted connection from another machine; use https, and replace the token"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// confidential reports whether r came over TLS, to us or to a trusted proxy, or
// from this machine. A proxy on this machine must say which it was.
func confidential(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	if proto := r.Header.Get(forwardedProto); proto != "" {
		return strings.EqualFold(proto, "https")
	}
	return peer(r).IsLoopback()
}

// peer returns the address at the other end of the connection; the zero
// address when there is none.
func peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

func within(addr netip.Addr, prefixes []netip.Prefix) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
}
