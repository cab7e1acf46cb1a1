package egress

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// maxURI is how many bytes an address may have.
const maxURI = 1000

// ParseURI returns the address of a receiver as it is called: a name of other
// than ASCII letters in its IDNA form, what else is not ASCII percent-encoded.
// Its errors say what to do. Only https is taken, without user, password and
// fragment, http too where the operator has own networks; an address in numbers
// that would not be called is refused now rather than with each call.
func (c *Client) ParseURI(text string) (string, error) {
	if len(text) > maxURI {
		return "", fmt.Errorf("it has %d bytes; at most %d are allowed", len(text), maxURI)
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", errors.New("it is not an address; write one such as https://example.org/hooks")
	case u.Scheme == "http" && len(c.own) == 0, u.Scheme != "https" && u.Scheme != "http":
		return "", errors.New("use https; http is for networks that the operator has allowed")
	case u.Opaque != "" || u.Hostname() == "":
		return "", errors.New("it names no host; write one such as https://example.org/hooks")
	case u.User != nil:
		return "", errors.New("leave out the user and password; what is sent is signed instead")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return "", errors.New("leave out the fragment (#...); it is never sent")
	}
	if u.Host, err = c.host(u); err != nil {
		return "", err
	}
	ready := u.String()
	if strings.ContainsFunc(ready, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errors.New("it has spaces or letters that cannot be sent; percent-encode them")
	}
	if len(ready) > maxURI {
		return "", fmt.Errorf("encoded it has %d bytes; at most %d are allowed", len(ready), maxURI)
	}
	return ready, nil
}

// host returns host and port of an address as they are called.
func (c *Client) host(u *url.URL) (string, error) {
	port := uint64(443)
	if u.Scheme == "http" {
		port = 80
	}
	if text := u.Port(); text != "" || strings.HasSuffix(u.Host, ":") {
		var err error
		if port, err = strconv.ParseUint(text, 10, 16); err != nil || port == 0 {
			return "", errors.New("its port is not a number from 1 to 65535")
		}
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
		if err := c.literal.check(netip.AddrPortFrom(addr, uint16(port))); err != nil {
			return "", errors.New("this address or port is not called; use a public one, or ask the operator to allow the network")
		}
		return u.Host, nil
	}
	if len(c.own) == 0 && !slices.Contains(c.ports, uint16(port)) {
		return "", fmt.Errorf("port %d is not called; use the standard one", port)
	}
	names := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
	name, err := names.ToASCII(u.Hostname())
	if err != nil || name == "" {
		return "", errors.New("its host name is not valid")
	}
	if u.Port() != "" {
		name += ":" + strconv.FormatUint(port, 10)
	}
	return name, nil
}

// retryAfter reads Retry-After: seconds, or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 24 * time.Hour
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(most, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(most, max(0, at.Sub(now)))
	}
	return 0
}
