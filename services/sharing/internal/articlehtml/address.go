package articlehtml

import (
	"net/url"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// target returns where a link leads, as an address that means the same in
// every program; false when it leads nowhere we would send a reader.
func (w *writer) target(link *articlev1.Link) (string, bool) {
	if link == nil {
		return "", false
	}
	site := w.article.Site
	if name := link.GetResource(); name != "" {
		id, ok := strings.CutPrefix(name, site.Resource.GetName()+"/articles/")
		if !ok {
			return "", false
		}
		return site.Absolute("/-/articles/" + url.PathEscape(id)), true
	}
	return w.address(link.GetUri())
}

// address returns the absolute form of a URI of an article; false for schemes
// other than https, http, mailto and tel.
func (w *writer) address(uri string) (string, bool) {
	if uri != clean(uri) || strings.ContainsAny(uri, " \\\n\u00a0") {
		return "", false
	}
	if strings.HasPrefix(uri, "#") {
		return w.article.URI() + uri, true
	}
	u, err := url.Parse(uri)
	switch {
	case err != nil:
		return "", false
	case u.Scheme == "" && strings.HasPrefix(uri, "/") && !strings.HasPrefix(uri, "//"):
		return w.article.Site.Absolute(uri), true
	case u.Scheme == "https", u.Scheme == "http":
		return uri, u.Host != ""
	case u.Scheme == "mailto", u.Scheme == "tel":
		return uri, true
	}
	return "", false
}

// host returns the host of an address for people to read.
func host(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
