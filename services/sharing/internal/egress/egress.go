// Package egress calls the receivers that others have named: a POST to an
// address that an administrator typed in, over connections that lead only to
// where they may.
//
// The rule is about the address that is dialled, at the moment it is dialled:
// what a name resolved to before, or a certificate, or a redirect, changes
// nothing about it. Public addresses are called by https on the configured
// ports; the networks that the operator lists as own also by http and on any
// port; everything else - loopback, private, link-local with the metadata
// services of clouds, shared, mapped, translated and reserved addresses - is
// refused. Redirects are answers and not followed, there is no proxy, no
// cookie, no compression, no connection that is kept, and nothing that a
// receiver says is kept either besides its status.
package egress

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

const (
	// DefaultTimeout bounds a whole call.
	DefaultTimeout = 10 * time.Second
	// maxHeader is how many bytes of header a receiver may answer, interim
	// answers included.
	maxHeader = 16 << 10
	// An answer counts when its header is there. Its body is read so far and
	// so long that a receiver is not cut off in the middle of a short one.
	maxBody  = 64 << 10
	bodyTime = 2 * time.Second
)

// Config says where calls may lead. The zero value allows https to port 443 of
// public addresses.
type Config struct {
	// Own are networks that may be called although they are not public.
	Own []netip.Prefix
	// Ports are those of public addresses; 443 when empty.
	Ports []uint16
	// Timeout bounds a whole call; 0 means DefaultTimeout.
	Timeout time.Duration
	// UserAgent is sent with each call.
	UserAgent string
	// Roots are the authorities that certificates are checked with; nil means
	// those of the system.
	Roots *x509.CertPool
	// Resolver finds addresses of names; nil means that of the system.
	Resolver *net.Resolver
}

// Client calls receivers. It is safe for concurrent use and keeps no
// connections.
type Client struct {
	own     []netip.Prefix
	ports   []uint16
	literal guard
	secure  *http.Transport
	plain   *http.Transport
	timeout time.Duration
	agent   string
}

// New returns a Client. It fails when a network of Config.Own cannot be one.
func New(c Config) (*Client, error) {
	if err := CheckOwn(c.Own); err != nil {
		return nil, err
	}
	if len(c.Ports) == 0 {
		c.Ports = []uint16{443}
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	secure, plain := newGuard(c.Own, c.Ports), guard{own: c.Own}
	return &Client{
		own: c.Own, ports: c.Ports, literal: secure, timeout: c.Timeout, agent: c.UserAgent,
		secure: transport(c, secure), plain: transport(c, plain),
	}, nil
}

// transport returns one that dials what g allows and nothing else.
func transport(c Config, g guard) *http.Transport {
	d := &dialer{
		tcp: &net.Dialer{Timeout: c.Timeout, KeepAlive: -1, Resolver: c.Resolver, Control: g.control},
		tls: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots},
	}
	// HTTP/1.1 only: one request on one connection needs no more, and leaves
	// a receiver fewer ways to keep us busy.
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            d.plain,
		DialTLSContext:         d.secure,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		Protocols:              &protocols,
	}
}

// Answer is what a receiver said.
type Answer struct {
	// Status is the HTTP status, any from 200 to 999.
	Status int
	// RetryAfter is how long the receiver asks to be left alone (RFC 9110,
	// section 10.2.3), at most a day; 0 when it does not say.
	RetryAfter time.Duration
}

// Post sends body to an address that ParseURI has returned, and returns the
// answer whatever its status. It fails with an *Error, after at most the
// timeout of the client.
func (c *Client) Post(ctx context.Context, uri string, header http.Header, body []byte) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, uri, bytes.NewReader(body))
	if err != nil {
		return Answer{}, &Error{Class: ClassForbidden, Err: err}
	}
	maps.Copy(req.Header, header)
	req.Header.Set("User-Agent", c.agent)
	resp, err := c.transport(req.URL).RoundTrip(req)
	if err != nil {
		return Answer{}, classify(ctx, err)
	}
	defer resp.Body.Close()
	answer := Answer{Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header, time.Now())}
	enough := time.AfterFunc(bodyTime, cancel)
	defer enough.Stop()
	// The status is what counts, so a body that breaks off is as good as any.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody))
	return answer, nil
}

func (c *Client) transport(u *url.URL) *http.Transport {
	if u.Scheme == "https" {
		return c.secure
	}
	return c.plain
}

// CheckOwn returns what is wrong with a list of own networks: those that hold
// link-local addresses, where clouds keep the keys of a machine, or multicast
// ones, and those so wide that they hold half the Internet.
func CheckOwn(own []netip.Prefix) error {
	var problems []error
	for _, p := range own {
		switch {
		case !p.IsValid() || p != p.Masked() || p.Addr().Is4In6():
			problems = append(problems, fmt.Errorf("%s: write a network as 192.168.10.0/24 or fd00:1::/64", p))
		case p.Addr().Is4() && p.Bits() < 8, p.Addr().Is6() && p.Bits() < 7:
			problems = append(problems, fmt.Errorf("%s is too wide; name the networks of your own receivers", p))
		default:
			for _, never := range neverOwn() {
				if p.Overlaps(never) {
					problems = append(problems, fmt.Errorf("%s overlaps %s, which is never called", p, never))
				}
			}
		}
	}
	return errors.Join(problems...)
}
