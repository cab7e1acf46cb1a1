package site

import (
	"io"
	"net/http"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// serveFeed answers with the RSS of the newest articles in a language.
func (s *Site) serveFeed(w http.ResponseWriter, r *http.Request, site *articlev1.Site, code string) {
	feed, err := s.sharing.RenderFeed(reply.Anonymous(r.Context(), r), &sharingv1.RenderFeedRequest{
		Site: site.GetName(), LanguageCode: code,
	})
	if err != nil {
		s.failWith(w, r, site, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/rss+xml; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=60, must-revalidate")
	if feed.GetEtag() == "" {
		reply.Bytes(w, r, feed.GetDocument())
		return
	}
	reply.Validated(w, r, feed.GetEtag(), feed.GetDocument())
}

// serveRobots answers what machines may read: the pages, not the API.
func (s *Site) serveRobots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, "User-agent: *\nDisallow: /v1/\nDisallow: /upload/\n") // the client may be gone
}
