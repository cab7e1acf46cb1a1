// Package server answers the calls of SharingService: it reads what is
// published, hands it to targets, preview or syndication, and sends what they
// make.
package server

import (
	"context"
	"log/slog"

	"github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/page"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/preview"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// Reader reads what is published. Errors are of internal/fault.
type Reader interface {
	// Article returns a published article.
	Article(ctx context.Context, name string) (published.Article, error)
}

// Cards finds social cards.
type Cards interface {
	// Card returns the card of an article; false when there is none now.
	Card(ctx context.Context, article published.Article) (published.Image, bool)
}

// Server implements sharingv1.SharingServiceServer. It is safe for concurrent
// use.
type Server struct {
	sharingv1.UnimplementedSharingServiceServer

	Config
}

// Config is what a server is made of.
type Config struct {
	// Reader reads articles, and Cards their social cards.
	Reader Reader
	Cards  Cards
	// Working reads drafts, and Tools look at previews and make what is printed.
	Working WorkingReader
	Tools   Tools
	// Store keeps links, counts, webhooks and rows of articles.
	Store *store.Store
	// ShortLinks finds what share sheets pass on; nil while there are none.
	ShortLinks ShortLinks
	// PublicURI is the origin of addresses on sites that have none of their own.
	PublicURI string
	// Sealer seals page and resume tokens.
	Sealer *page.Sealer
	// Hub tells watchers what happens to links, of whom there may be MaxWatchers.
	Hub         *hub.Hub
	MaxWatchers int64
	// Stopping is closed when the service begins to stop, so that watchers are
	// sent away at once instead of keeping it waiting.
	Stopping <-chan struct{}
	// Addresses knows where webhooks may be sent to.
	Addresses webhook.Addresses
	// Documents makes feeds and sitemaps.
	Documents *documents.Maker
	Log       *slog.Logger
}

// New returns a server.
func New(c Config) *Server { return &Server{Config: c} }

// RenderPreview implements the method of the contract.
func (s *Server) RenderPreview(ctx context.Context, req *sharingv1.RenderPreviewRequest) (*sharingv1.RenderPreviewResponse, error) {
	article, err := s.previewed(ctx, req.GetArticle(), false)
	if err != nil {
		return nil, err
	}
	room := preview.Room{Width: req.GetMaxWidth(), Height: req.GetMaxHeight()}
	if s.Tools.previews == nil || room != (preview.Room{}) {
		return preview.Render(article, room)
	}
	return s.Tools.previews.render(article)
}

// languageOf returns the language of an article.
func languageOf(article published.Article) *lang.Language {
	if words, ok := lang.For(article.Language()); ok {
		return words
	}
	return lang.Default()
}
