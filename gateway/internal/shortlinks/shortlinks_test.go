package shortlinks

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/skaitykla/skaitykla/internal/shortcode"
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
