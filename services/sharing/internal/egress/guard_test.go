package egress

import (
	"errors"
	"net/netip"
	"testing"
)

// TestGuard has an address of every kind that a name can lead to.
func TestGuard(t *testing.T) {
	own := []netip.Prefix{netip.MustParsePrefix("192.168.10.0/24"), netip.MustParsePrefix("fd00:1::/64")}
	public, plain := newGuard(own, []uint16{443}), guard{own: own}
	tests := []struct {
		name, network, address string
		https, http            bool
	}{
		{"public", "tcp4", "8.8.8.8:443", true, false},
		{"public, version 6", "tcp6", "[2001:4860:4860::8888]:443", true, false},
		{"public, other port", "tcp4", "8.8.8.8:22", false, false},
		{"own", "tcp4", "192.168.10.5:443", true, true},
		{"own, any port", "tcp4", "192.168.10.5:8080", true, true},
		{"own, version 6", "tcp6", "[fd00:1::5]:80", true, true},
		{"own as mapped", "tcp6", "[::ffff:192.168.10.5]:80", true, true},
		{"neighbor of own", "tcp4", "192.168.11.5:443", false, false},
		{"loopback", "tcp4", "127.0.0.1:443", false, false},
		{"all of loopback", "tcp4", "127.8.9.10:443", false, false},
		{"loopback, version 6", "tcp6", "[::1]:443", false, false},
		{"this network", "tcp4", "0.0.0.0:443", false, false},
		{"unspecified", "tcp6", "[::]:443", false, false},
		{"private 10", "tcp4", "10.0.0.1:443", false, false},
		{"private 172", "tcp4", "172.31.255.255:443", false, false},
		{"private 192", "tcp4", "192.168.1.1:443", false, false},
		{"shared (CGNAT)", "tcp4", "100.64.0.1:443", false, false},
		{"link-local, metadata of clouds", "tcp4", "169.254.169.254:443", false, false},
		{"metadata of clouds, version 6", "tcp6", "[fd00:ec2::254]:443", false, false},
		{"link-local, version 6", "tcp6", "[fe80::1%eth0]:443", false, false},
		{"site-local", "tcp6", "[fec0::1]:443", false, false},
		{"unique local", "tcp6", "[fd12::1]:443", false, false},
		{"mapped", "tcp6", "[::ffff:127.0.0.1]:443", false, false},
		{"compatible", "tcp6", "[::127.0.0.1]:443", false, false},
		{"NAT64", "tcp6", "[64:ff9b::7f00:1]:443", false, false},
		{"local NAT64", "tcp6", "[64:ff9b:1::7f00:1]:443", false, false},
		{"6to4", "tcp6", "[2002:7f00:1::]:443", false, false},
		{"Teredo", "tcp6", "[2001:0:7f00:1::]:443", false, false},
		{"documentation", "tcp4", "203.0.113.7:443", false, false},
		{"documentation, version 6", "tcp6", "[2001:db8::1]:443", false, false},
		{"benchmarks", "tcp4", "198.18.0.1:443", false, false},
		{"multicast", "tcp4", "224.0.0.1:443", false, false},
		{"multicast, version 6", "tcp6", "[ff02::1]:443", false, false},
		{"broadcast", "tcp4", "255.255.255.255:443", false, false},
		{"other network", "udp4", "8.8.8.8:443", false, false},
		{"no address", "tcp4", "example.org:443", false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for g, want := range map[*guard]bool{&public: test.https, &plain: test.http} {
				err := g.control(test.network, test.address, nil)
				_, typed := errors.AsType[*ForbiddenError](err)
				if (err == nil) != want || err != nil && !typed {
					t.Errorf("control(%s) = %v, want allowed %t", test.address, err, want)
				}
			}
		})
	}
}

func TestCheckOwn(t *testing.T) {
	for text, want := range map[string]bool{
		"192.168.10.0/24": true, "10.0.0.0/8": true, "fd00::/8": true, "fc00::/7": true, "127.0.0.1/32": true, "64:ff9b::/96": true,
		"0.0.0.0/0": false, "128.0.0.0/1": false, "::/0": false, "2000::/3": false, "192.168.10.1/24": false,
		"169.254.169.254/32": false, "169.0.0.0/8": false, "fe80::/10": false, "ff02::/16": false, "::ffff:10.0.0.0/104": false,
	} {
		if err := CheckOwn([]netip.Prefix{netip.MustParsePrefix(text)}); (err == nil) != want {
			t.Errorf("CheckOwn(%s) = %v, want allowed %t", text, err, want)
		}
	}
	if CheckOwn([]netip.Prefix{{}}) == nil {
		t.Error("no network is taken for one")
	}
}
