package site

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/shortcode"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// errNotOurs says that no public article is known at an address.
var errNotOurs = errors.New("no article of ours stands at the address")

// addressed returns the name of the public article that an absolute address
// leads to: that of its page, now or before, its short address, or one by its
// id. It fails with errNotOurs or as the services do. The address is compared
// with those of the sites and never opened.
func (s *Site) addressed(ctx context.Context, r *http.Request, address *url.URL) (string, error) {
	site, err := s.siteAt(ctx, r, address)
	if err != nil {
		return "", err
	}
	path := address.EscapedPath()
	if segment, ok := cutFold(path, "/s/"); ok {
		return s.linked(ctx, segment)
	}
	if id, ok := strings.CutPrefix(path, "/-/articles/"); ok {
		return site.GetName() + "/articles/" + id, nil
	}
	if address.RawQuery != "" && len(path)+1+len(address.RawQuery) <= maxAddress {
		path += "?" + strings.ToValidUTF8(address.RawQuery, "\uFFFD")
	}
	if path == "" || path[0] != '/' {
		return "", errNotOurs
	}
	found, err := s.articles.ResolvePath(ctx, &articlev1.ResolvePathRequest{Site: site.GetName(), Path: path})
	if err != nil {
		return "", err
	}
	switch found.GetResolution() {
	case articlev1.ResolvePathResponse_RESOLUTION_FOUND, articlev1.ResolvePathResponse_RESOLUTION_MOVED:
		return found.GetArticle(), nil
	case articlev1.ResolvePathResponse_RESOLUTION_GONE, articlev1.ResolvePathResponse_RESOLUTION_UNSPECIFIED:
	}
	return "", errNotOurs
}

// linked returns the article that a short address leads to.
func (s *Site) linked(ctx context.Context, segment string) (string, error) {
	typed, ok := shortcode.Parse(segment)
	if !ok || typed.Kind == shortcode.KindOther {
		return "", errNotOurs
	}
	link, err := s.sharing.ResolveShareLink(ctx, &sharingv1.ResolveShareLinkRequest{Name: "sites/-/shareLinks/" + typed.ID})
	if err != nil {
		return "", err
	}
	if link.GetState() != sharingv1.ResolveShareLinkResponse_STATE_FOUND {
		return "", errNotOurs
	}
	return link.GetShareLink().GetArticle(), nil
}

// siteAt returns the site that has the host of an address: one of its hosts, or
// that of its base_uri with the same port, or the host that r was sent to.
func (s *Site) siteAt(ctx context.Context, r *http.Request, address *url.URL) (*articlev1.Site, error) {
	if strings.EqualFold(address.Host, r.Host) {
		site, err := s.sites.find(ctx, r)
		if !errors.Is(err, errNoSite) {
			return site, err
		}
	}
	sites, err := s.sites.list(ctx, r)
	if err != nil {
		return nil, err
	}
	host := strings.TrimSuffix(strings.ToLower(address.Hostname()), ".")
	for _, site := range sites {
		base, err := url.Parse(site.GetBaseUri())
		if err == nil && base.Host != "" && strings.EqualFold(base.Hostname(), host) && portOf(base) == portOf(address) {
			return site, nil
		}
		if slices.Contains(site.GetHosts(), host) && isWebPort(address) {
			return site, nil
		}
	}
	return nil, errNotOurs
}

// portOf returns the port of an address, that of its scheme when it names none.
func portOf(address *url.URL) string {
	if port := address.Port(); port != "" {
		return port
	}
	if address.Scheme == "http" {
		return "80"
	}
	return "443"
}

// isWebPort reports whether an address has the port of http or https.
func isWebPort(address *url.URL) bool {
	return slices.Contains([]string{"80", "443"}, portOf(address)) && net.ParseIP(address.Hostname()) == nil
}

// cutFold is strings.CutPrefix for a prefix in lower case, whatever the case of
// its ASCII letters in text.
func cutFold(text, prefix string) (string, bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return text, false
	}
	return text[len(prefix):], true
}
