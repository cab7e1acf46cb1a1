package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"
)

// source is a file or an address that is read again and again.
type source struct {
	location string
	client   *http.Client
}

func newSource(location string) (source, error) {
	s := source{location: location, client: &http.Client{
		Timeout: 5 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}}
	if !s.remote() {
		return s, nil
	}
	u, err := url.Parse(location)
	if err != nil {
		return s, fmt.Errorf("address %q: %w", location, err)
	}
	ip, _ := netip.ParseAddr(u.Hostname())
	if u.Scheme != "https" && !ip.IsLoopback() {
		return s, fmt.Errorf("address %q: use https, or a file; whoever changes what it answers decides who may come in", location)
	}
	return s, nil
}

func (s source) remote() bool {
	return strings.HasPrefix(s.location, "https://") || strings.HasPrefix(s.location, "http://")
}

// read returns the content; an error that is fs.ErrNotExist when there is none
// yet.
func (s source) read(ctx context.Context) ([]byte, error) {
	if !s.remote() {
		f, err := os.Open(s.location)
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		defer f.Close()
		return readLimited(f)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.location, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.location, err)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return readLimited(resp.Body)
	case http.StatusNotFound:
		return nil, fmt.Errorf("read %s: %w", s.location, fs.ErrNotExist)
	}
	return nil, fmt.Errorf("read %s: answered %s", s.location, resp.Status)
}

func readLimited(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if len(text) > maxFile {
		return nil, errors.New("read: larger than 4 MiB")
	}
	return text, nil
}
