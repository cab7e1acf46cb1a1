package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/card"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

type cardStream = grpc.ServerStreamingServer[mediav1.ReadSocialCardResponse]

// GetSocialCard implements the contract.
func (s *Server) GetSocialCard(ctx context.Context, req *mediav1.GetSocialCardRequest) (*mediav1.SocialCard, error) {
	article, drawn, err := s.card(ctx, req.GetName())
	if err != nil {
		return nil, err
	}
	site, id, _ := strings.Cut(strings.TrimPrefix(article, "sites/"), "/articles/")
	return &mediav1.SocialCard{
		Name: req.GetName(), Article: article,
		Uri:      fmt.Sprintf("/media/%s/-/%s/%s.jpg", site, id, drawn.GetGeneration()),
		MimeType: "image/jpeg", Width: card.Width, Height: card.Height, SizeBytes: drawn.GetSizeBytes(),
		Alt: drawn.GetAlt(), Generation: drawn.GetGeneration(), UpdateTime: drawn.GetDrawTime(),
	}, nil
}

// ReadSocialCard implements the contract. A card whose bytes are gone from the
// object store is drawn again.
func (s *Server) ReadSocialCard(req *mediav1.ReadSocialCardRequest, stream cardStream) error {
	ctx := stream.Context()
	article, drawn, err := s.card(ctx, req.GetName())
	if err != nil {
		return err
	}
	if req.GetGeneration() != "" && req.GetGeneration() != drawn.GetGeneration() {
		return cardNotFound(req.GetName())
	}
	body, object, err := s.Objects.Get(ctx, blobs.Card(article, drawn.GetGeneration()), req.GetReadOffset(), req.GetReadLimit())
	if errors.Is(err, blobs.ErrNotFound) {
		return errors.Join(s.redraw(ctx, article), cardNotFound(req.GetName()))
	}
	if err != nil {
		return err
	}
	head := &mediav1.RenditionHead{MimeType: "image/jpeg", SizeBytes: object.Size, Etag: object.ETag, Published: true}
	return errors.Join(s.send(stream, &mediav1.ReadSocialCardResponse{Head: head}, body), body.Close())
}

func (s *Server) redraw(ctx context.Context, article string) error {
	if err := s.Store.LoseCard(ctx, article); err != nil {
		return err
	}
	s.Cards.Wake()
	return nil
}

// card returns the article of a card and what is drawn of it. A card with a
// photo that may not be shown any more is not found, until it is drawn without
// it.
func (s *Server) card(ctx context.Context, name string) (article string, drawn *recordv1.DrawnCard, err error) {
	article = strings.Replace(name, "/socialCards/", "/articles/", 1)
	record, err := s.Store.Card(ctx, article)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) || err == nil && record.GetDrawn() == nil {
		return "", nil, cardNotFound(name)
	}
	if err != nil {
		return "", nil, err
	}
	for _, shown := range record.GetDrawn().GetPhotos() {
		parsed, err := photo.ParseName("photo", shown)
		if err != nil {
			return "", nil, err
		}
		p, err := s.Store.Get(ctx, parsed)
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) || err == nil && !cards.Showable(p, now()) {
			return "", nil, cardNotFound(name)
		}
		if err != nil {
			return "", nil, err
		}
	}
	return article, record.GetDrawn(), nil
}

// cardNotFound is the answer for a card of an article that is not public, and
// for one that is not drawn yet.
func cardNotFound(name string) error { return fault.NotFound(name).With("name", name) }
