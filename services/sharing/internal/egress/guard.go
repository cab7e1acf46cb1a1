package egress

import (
	"fmt"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

// guard decides about addresses that are about to be dialled.
type guard struct {
	own []netip.Prefix
	// public decides about addresses that are not own; nil refuses them.
	public *ssrf.Guardian
}

// newGuard returns one that allows own networks and the given ports of public
// addresses.
func newGuard(own []netip.Prefix, ports []uint16) guard {
	return guard{own: own, public: ssrf.New(ssrf.WithPorts(ports...))}
}

// neverOwn are networks that no operator has receivers in.
func neverOwn() []netip.Prefix {
	return []netip.Prefix{
		netip.PrefixFrom(netip.AddrFrom4([4]byte{169, 254, 0, 0}), 16),
		netip.PrefixFrom(netip.AddrFrom4([4]byte{224, 0, 0, 0}), 3),
		netip.PrefixFrom(netip.AddrFrom16([16]byte{0xfe, 0x80}), 10),
		netip.PrefixFrom(netip.AddrFrom16([16]byte{0xff}), 8),
	}
}

// control has the form of net.Dialer.Control: it is called with the address of
// each connection after the name was resolved and before anything is sent.
func (g guard) control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return &ForbiddenError{Address: address}
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &ForbiddenError{Address: address}
	}
	return g.check(to)
}

// check returns a *ForbiddenError for what must not be dialled.
func (g guard) check(to netip.AddrPort) error {
	addr := to.Addr().Unmap().WithZone("")
	if slices.ContainsFunc(g.own, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return nil
	}
	if g.public == nil || g.public.SafeAddrPort(netip.AddrPortFrom(addr, to.Port())) != nil {
		return &ForbiddenError{Address: to.String(), Plain: g.public == nil}
	}
	return nil
}

// ForbiddenError says that a name led to an address that is not called.
type ForbiddenError struct {
	// Address is the address and port. It goes to the log of the operator
	// only: to others it would tell how the network inside looks.
	Address string
	// Plain says that it would have been allowed by https at the most.
	Plain bool
}

func (e *ForbiddenError) Error() string {
	if e.Plain {
		return fmt.Sprintf("%s is in no network of the operator's own, and others are called by https only", e.Address)
	}
	return fmt.Sprintf("%s is neither public with a port that is allowed nor in a network of the operator's own", e.Address)
}
