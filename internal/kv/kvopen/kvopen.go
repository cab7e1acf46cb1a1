// Package kvopen opens a kv.Store by its URL, so that services need not know
// the backends.
package kvopen

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// ErrURL means that a store URL cannot be understood; the message says why.
var ErrURL = errors.New("kvopen: the store must be given as bolt:///absolute/path")

// Open opens the store at rawURL, which is "bolt:///absolute/path" for one
// bbolt file, and reports what that did. Errors are ErrURL and those of the
// backend.
func Open(rawURL string, o kv.Options) (kv.Store, kv.Opened, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, kv.Opened{}, fmt.Errorf("%w: %w", ErrURL, err)
	}
	if u.Scheme != "bolt" {
		return nil, kv.Opened{}, fmt.Errorf("%w: unknown scheme %q", ErrURL, u.Scheme)
	}
	switch {
	case u.Host != "" || u.User != nil || u.Opaque != "":
		return nil, kv.Opened{}, fmt.Errorf("%w: three slashes come before the path", ErrURL)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, kv.Opened{}, fmt.Errorf("%w: write ? and # in a path as %%3F and %%23", ErrURL)
	case !filepath.IsAbs(u.Path) || filepath.Clean(u.Path) == "/":
		return nil, kv.Opened{}, fmt.Errorf("%w: %q names no file", ErrURL, u.Path)
	}
	s, err := boltkv.Open(filepath.Clean(u.Path), o)
	if err != nil {
		return nil, kv.Opened{}, err
	}
	return s, s.Opened(), nil
}

// Beside returns the path beside the file of a store that is named like it but
// for its end: "/var/lib/media-index" for a store "bolt:///var/lib/media.db" and
// the end "-index". It is empty for a store that is no file.
func Beside(rawURL, end string) string {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "bolt" {
		return ""
	}
	return strings.TrimSuffix(u.Path, filepath.Ext(u.Path)) + end
}
