package site

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// siteOf returns the site of r, or answers r and returns false.
func (s *Site) siteOf(w http.ResponseWriter, r *http.Request) (*articlev1.Site, bool) {
	site, err := s.sites.find(r.Context(), r)
	switch {
	case err == nil:
		return site, true
	case errors.Is(err, errNoSite):
		s.fail(w, r, nil, http.StatusMisdirectedRequest)
	default:
		s.failWith(w, r, nil, err)
	}
	return nil, false
}

// maxAddress is the longest address that can be asked for, in bytes.
const maxAddress = 2000

// resolve asks what stands at the address of r. Addresses of older systems may
// have their query only.
func (s *Site) resolve(r *http.Request, site *articlev1.Site) (*articlev1.ResolvePathResponse, error) {
	address := r.URL.EscapedPath()
	if query := r.URL.RawQuery; query != "" && len(address)+1+len(query) <= maxAddress {
		address += "?" + strings.ToValidUTF8(query, "\uFFFD")
	}
	return s.articles.ResolvePath(reply.Anonymous(r.Context(), r), &articlev1.ResolvePathRequest{
		Site: site.GetName(), Path: address,
	})
}

// serveAddress answers what stands at an address other than a front page.
func (s *Site) serveAddress(w http.ResponseWriter, r *http.Request, site *articlev1.Site) {
	found, err := s.resolve(r, site)
	if err != nil {
		s.failWith(w, r, site, err)
		return
	}
	s.serveFound(w, r, site, found)
}

// frontIsElsewhere answers a front page whose query was the address of an
// article on an older system, such as /?p=123, and reports whether it was.
func (s *Site) frontIsElsewhere(w http.ResponseWriter, r *http.Request, site *articlev1.Site) bool {
	foreign := false
	for name := range r.URL.Query() {
		if name != pageParam && name != beforeParam {
			foreign = true
		}
	}
	if !foreign {
		return false
	}
	found, err := s.resolve(r, site)
	if err != nil {
		return false // the page is there, whatever the query
	}
	s.serveFound(w, r, site, found)
	return true
}

func (s *Site) serveFound(w http.ResponseWriter, r *http.Request, site *articlev1.Site, found *articlev1.ResolvePathResponse) {
	switch found.GetResolution() {
	case articlev1.ResolvePathResponse_RESOLUTION_FOUND:
		s.serveArticle(w, r, site, found.GetArticle())
	case articlev1.ResolvePathResponse_RESOLUTION_MOVED:
		s.redirect(w, r, site, found.GetPath(), http.StatusMovedPermanently)
	case articlev1.ResolvePathResponse_RESOLUTION_GONE:
		s.fail(w, r, site, http.StatusGone)
	case articlev1.ResolvePathResponse_RESOLUTION_UNSPECIFIED:
		s.fail(w, r, site, http.StatusNotFound)
	default:
		s.fail(w, r, site, http.StatusNotFound)
	}
}

// serveArticleByID sends a link that names an article to where it now stands.
func (s *Site) serveArticleByID(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pageTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	site, ok := s.siteOf(w, r)
	if !ok {
		return
	}
	article, err := s.articles.GetArticle(reply.Anonymous(ctx, r), &articlev1.GetArticleRequest{
		Name: site.GetName() + "/articles/" + strings.ToValidUTF8(r.PathValue("article"), "\uFFFD"),
	})
	if err != nil {
		s.failWith(w, r, site, err)
		return
	}
	s.redirect(w, r, site, article.GetPath(), http.StatusFound)
}

// redirect sends the reader to another address of the same site, never
// elsewhere.
func (s *Site) redirect(w http.ResponseWriter, r *http.Request, site *articlev1.Site, path string, code int) {
	if !isLocal(path) {
		s.log.ErrorContext(r.Context(), "an article has an address that is not a path", slog.String("address", path))
		s.fail(w, r, site, http.StatusNotFound)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=0, must-revalidate")
	w.Header().Set("Location", path)
	w.WriteHeader(code)
}

// isLocal reports whether path is a reference on the same host: browsers read
// "//host" and "/\host" as another one.
func isLocal(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n\t")
}

// failWith answers with the page for an error of a service.
func (s *Site) failWith(w http.ResponseWriter, r *http.Request, site *articlev1.Site, err error) {
	s.failPart(w, r, site, err, "")
}

// failPart is failWith for a part of the site that may be away alone: part is
// the key of the texts that say so then.
func (s *Site) failPart(w http.ResponseWriter, r *http.Request, site *articlev1.Site, err error, part string) {
	code := codeOf(err)
	if code >= http.StatusInternalServerError {
		s.log.WarnContext(r.Context(), "page failed", slog.String("path", reply.LogPath(r)), slog.Any("error", err))
	}
	key := failureKey(code)
	if code == http.StatusServiceUnavailable && part != "" {
		key = part
	}
	s.failAs(w, r, site, code, key)
}

// codeOf returns the HTTP status of a page for what a service answered.
func codeOf(err error) int {
	switch status.Code(err) { //nolint:exhaustive // all else is a defect
	case codes.NotFound, codes.InvalidArgument:
		if reply.Reason(status.Convert(err)) == faultv1.Reason_REASON_RESOURCE_GONE {
			return http.StatusGone
		}
		return http.StatusNotFound
	case codes.Unavailable, codes.DeadlineExceeded, codes.ResourceExhausted, codes.Canceled:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
