// Package socialcards asks the media service for the social cards of articles,
// as anybody may. A card only makes a preview nicer, so whatever goes wrong is
// the same as there being none.
package socialcards

import (
	"context"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/rpc"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// Client is what is called of the media service.
type Client interface {
	GetSocialCard(ctx context.Context, in *mediav1.GetSocialCardRequest, opts ...grpc.CallOption) (*mediav1.SocialCard, error)
}

// Reader reads social cards. It is safe for concurrent use.
type Reader struct {
	// Client is a connection that adds no token.
	Client Client
	// Timeout is for one call.
	Timeout time.Duration
}

// Card returns the card of a published article; false when there is none, or
// none that can be had in time.
func (r Reader) Card(ctx context.Context, article published.Article) (published.Image, bool) {
	if id := rpc.RequestID(ctx); id != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, rpc.HeaderRequestID, id)
	}
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	name := strings.Replace(article.Resource.GetName(), "/articles/", "/socialCards/", 1)
	card, err := r.Client.GetSocialCard(ctx, &mediav1.GetSocialCardRequest{Name: name})
	if err != nil || card.GetUri() == "" {
		return published.Image{}, false
	}
	return published.Image{
		URI: article.Site.Absolute(card.GetUri()), MIMEType: card.GetMimeType(),
		Width: card.GetWidth(), Height: card.GetHeight(), Size: card.GetSizeBytes(), Alt: card.GetAlt(),
	}, true
}
