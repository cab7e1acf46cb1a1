package feeds

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// closed are the parts of a site that no machine needs to walk through: the API
// and what is meant for one reader. Short links and photographs stay open, for
// previews are made of them.
const closed = `User-agent: *
Disallow: /v1/
Disallow: /upload/
Disallow: /preview/
`

// serveRobots answers what machines may read (RFC 9309), and where they find
// what there is.
func serveRobots(w http.ResponseWriter, r *http.Request, site *articlev1.Site) {
	base := cmp.Or(site.GetBaseUri(), origin(r))
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("X-Content-Type-Options", "nosniff")
	reply.Bytes(w, r, []byte(closed+"\nSitemap: "+base+"/sitemap.xml\nSitemap: "+base+"/news-sitemap.xml\n"))
}

// origin returns scheme and host under which the reader found the site.
func origin(r *http.Request) string {
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
