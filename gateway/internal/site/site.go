// Package site is the reference web site: server-rendered pages of a library's
// news for people. It is an example client of the suite - it calls the services
// as an anonymous reader over the same connections as REST - and a usable site.
//
// Pages need no script (those of previews and of the share sheet only save a
// paste), set no cookie and load nothing from anybody else; the
// Content-Security-Policy of every page makes sure of it. Everything that comes
// from a service is treated as hostile: texts are escaped, addresses checked
// against a list of schemes, ready-made elements parsed and written anew.
//
// The site is found by the Host header. A page whose article service is away
// answers 503; without the sharing service it only lacks its share links.
package site

import (
	"context"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"path"
	"time"

	"google.golang.org/grpc"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const (
	// pageTimeout limits everything that one page asks of the services.
	pageTimeout = 10 * time.Second
	// extraTimeout limits what a page can do without.
	extraTimeout = 2 * time.Second
)

// Config is what the site needs; all of it is required.
type Config struct {
	// Log gets what a page had to do without.
	Log *slog.Logger
	// Article and Sharing are connections to the services.
	Article, Sharing grpc.ClientConnInterface
	// Documents are what programs read of a site.
	Documents Documents
}

// Documents serves what programs read of a site, such as feeds.
type Documents interface {
	// Serve answers r when its address is that of a document of the site, and
	// reports whether it is; with an error nothing was answered.
	Serve(w http.ResponseWriter, r *http.Request, site *articlev1.Site) (bool, error)
}

// Site serves the pages of all sites of the suite. It is safe for concurrent
// use.
type Site struct {
	log       *slog.Logger
	articles  articlev1.ArticleServiceClient
	sharing   sharingv1.SharingServiceClient
	sites     *directory
	documents Documents
	templates *template.Template
	assets    assets
	icons     *icons
}

// New returns the site. The error is about the files in the binary and cannot
// come up in a tested one.
func New(config Config) (*Site, error) {
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	templates, err := parseTemplates()
	if err != nil {
		return nil, fmt.Errorf("parse page templates: %w", err)
	}
	articles := articlev1.NewArticleServiceClient(config.Article)
	return &Site{
		log:       config.Log,
		articles:  articles,
		sharing:   sharingv1.NewSharingServiceClient(config.Sharing),
		sites:     newDirectory(articles),
		documents: config.Documents,
		templates: templates,
		assets:    files,
		icons:     &icons{known: map[string]template.HTML{}},
	}, nil
}

// Register puts the pages into mux, where they take every address that nothing
// else takes.
func (s *Site) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/{version}/{file}", s.serveAsset)
	mux.HandleFunc("GET /-/articles/{article}", s.serveArticleByID)
	s.registerPreview(mux)
	s.registerPrintKit(mux)
	s.registerOEmbed(mux)
	mux.HandleFunc("/", s.servePage)
}

// servePage answers a document for programs, a front page, or whatever ResolvePath finds at the
// address.
func (s *Site) servePage(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		s.fail(w, r, nil, http.StatusMethodNotAllowed)
		return
	}
	site, ok := s.siteOf(w, r)
	if !ok {
		return
	}
	// Documents are sent as they are and have limits of their own.
	if served, err := s.documents.Serve(w, r, site); err != nil {
		s.failPart(w, r, site, err, documentsAway)
		return
	} else if served {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), pageTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	directory, file := path.Split(r.URL.Path)
	code, known := frontLanguage(site, directory)
	switch {
	case known && file == "":
		if !s.frontIsElsewhere(w, r, site) {
			s.serveFront(w, r, site, code)
		}
	default:
		if to, ok := frontMoved(site, r.URL.Path); ok {
			s.redirect(w, r, site, to, http.StatusMovedPermanently)
			return
		}
		s.serveAddress(w, r, site)
	}
}
