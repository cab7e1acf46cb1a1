package shortlinks

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// visitor returns the address of whoever sent r: the last one in
// X-Forwarded-For that is not of a trusted proxy, else that of the connection.
// Only a proxy that is trusted itself can have left that header, see package
// chain. The zero address is for what cannot be read.
func visitor(r *http.Request, trusted []netip.Prefix) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	visitor := at.Addr().Unmap()
	if len(trusted) == 0 || !within(visitor, trusted) {
		return visitor
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, text := range slices.Backward(forwarded) {
		addr, err := netip.ParseAddr(strings.TrimSpace(text))
		if err != nil {
			return visitor
		}
		visitor = addr.Unmap().WithZone("")
		if !within(visitor, trusted) {
			return visitor
		}
	}
	return visitor
}

func within(addr netip.Addr, prefixes []netip.Prefix) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(addr) })
}
