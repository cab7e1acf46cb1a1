package site

import (
	"html/template"
	"net/url"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// safeURL returns uri if a page may lead there: https, http, mailto, tel, a
// path of this site or a place on the page. All else - javascript: for one - is
// refused, whatever the services have let through.
func safeURL(uri string) (template.URL, bool) {
	if strings.HasPrefix(uri, "#") {
		return template.URL(uri), true //nolint:gosec // a fragment; escaped again by the template
	}
	if isLocal(uri) {
		return template.URL(uri), true //nolint:gosec // a path of this site
	}
	u, err := url.Parse(uri)
	if err != nil {
		return "", false
	}
	switch u.Scheme {
	case "https", "http":
		if u.Host == "" {
			return "", false
		}
	case "mailto", "tel":
	default:
		return "", false
	}
	return template.URL(uri), true //nolint:gosec // its scheme was checked
}

// linkURL returns where a link of an article of the site leads.
func linkURL(site *articlev1.Site, link *articlev1.Link) (template.URL, bool) {
	if name := link.GetResource(); name != "" {
		id, ok := strings.CutPrefix(name, site.GetName()+"/articles/")
		if !ok {
			return "", false
		}
		return safeURL("/-/articles/" + url.PathEscape(id))
	}
	return safeURL(link.GetUri())
}

// mediaURL returns the address of a rendition if it is one of ours, so that a
// page never loads a picture from anywhere else.
func mediaURL(uri string) (string, bool) {
	if !strings.HasPrefix(uri, "/media/") || !isLocal(uri) || strings.ContainsAny(uri, " ,\"'<>") {
		return "", false
	}
	return uri, true
}

// hostName returns the host of an address for people to read; "" when it has
// none.
func hostName(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
